"""A fake assistant that can be told what to answer, and a real one on a tiny release."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.answers import (
    Answer,
    Citation,
    NotFound,
    Outcome,
    Piece,
    Ranked,
    Reply,
    Search,
    Statement,
    Validated,
)
from app.assistant import Assistant
from app.server import create_app, listen
from app.settings import Settings, settings
from app.web.citizen import Mounted
from app.wording import Wording
from ingest.documents import Block, Document, Original, Passage, Sentence, Source
from ingest.job import ingest
from ingest.store import Store
from tests.fakes import FakeModel
from tests.fakes.chat_server import ChatServer
from tests.fakes.writers import writer_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

TEXT = (
    "La charte\n\nElle date de 2019. Elle a été signée par des villes.\n\n"
    "Objectifs\n\nIl y en a deux :\n\n• apprendre ensemble\n• agir\n\nSignature\n\nOn peut signer."
)
_BLOCKS = (
    ("heading", "La charte", 1),
    ("paragraph", "Elle date de 2019. Elle a été signée par des villes.", 0),
    ("heading", "Objectifs", 2),
    ("paragraph", "Il y en a deux :", 0),
    ("item", "apprendre ensemble", 0),
    ("item", "agir", 0),
    ("heading", "Signature", 2),
    ("paragraph", "On peut signer.", 0),
)
SOURCE = Source(
    "La charte", "CITEGO", "Une autrice", "2019-12", "https://citego.org/charte", kind="charte",
    path="/chemin/secret/charte.md", name="charte.md",
)  # fmt: skip
SHEET = Source(
    "Fiche <b>ALEC</b>", url="javascript:alert(1)", date="2020", path="/chemin/secret/alec.md",
    originals=(Original("L'original", "ALEC", "https://alec.fr/a"), Original("Autre")),
)  # fmt: skip


def blocks_of(text: str, parts: tuple[tuple[str, str, int], ...]) -> tuple[Block, ...]:
    """Blocks found in reading order."""
    found: list[Block] = []
    for kind, part, level in parts:
        start = text.index(part, found[-1].end if found else 0)
        found.append(Block(kind, start, start + len(part), level))  # type: ignore[arg-type]
    return tuple(found)


DOCUMENT = Document(SOURCE, TEXT, blocks_of(TEXT, _BLOCKS))
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(2)) ![i](https://evil.example/i.png)"
SHEET_DOCUMENT = Document(SHEET, HOSTILE, (Block("paragraph", 0, len(HOSTILE)),))


def passage(document: Document, quote: str) -> Passage:
    """A passage of a document that has only that text."""
    start = document.text.index(quote)
    sentences = tuple(
        Sentence(start + found.start(), start + found.end(), found[0])
        for found in re.finditer(r"[^.\s][^.]*\.?", quote)
    )
    return Passage("p1", document.id, document.source.title, ("Objectifs",), start,
                   start + len(quote), quote, sentences)  # fmt: skip


def citation(document: Document, quote: str, number: int = 1) -> Citation:
    """A citation of a document, with its true offsets."""
    start = document.text.index(quote)
    return Citation(number, "p1", quote, start, start + len(quote), ("Objectifs",), document.source)


QUOTE = "Elle date de 2019."
WHOLE = passage(DOCUMENT, "Elle date de 2019. Elle a été signée par des villes.")
ANSWER = Answer(
    f"D'après « La charte » :\n« {QUOTE} » [1]",
    (Statement(QUOTE, (1,)),),
    (citation(DOCUMENT, QUOTE),),
    0.9,
    suggestions=("Qui a signé ?",),
)
WRITTEN = replace(
    ANSWER,
    text="D'après « La charte » :\nElle date de 2019. [1] On peut signer. [2]",
    statements=(Statement(QUOTE, (1,)), Statement("On peut signer.", (2,))),
    citations=(citation(DOCUMENT, QUOTE), citation(DOCUMENT, "On peut signer.", 2)),
    mode="generated",
)
FROM_FAQ = replace(
    WRITTEN,
    text="Elle date de 2019. [1]\n- On peut signer. [2]\n- Voyez le site (https://alec.fr/a)",
    mode="faq",
    suggestions=(),
    validated=Validated(
        "e1", "De quand date la charte ?", "2026-03-12", "l'ALEC07",
        "Elle **date** de 2019. [1]\n\n- On peut signer. [2]\n- Voyez [le site](https://alec.fr/a)",
    ),
)  # fmt: skip
PIECES = tuple(
    Piece(statement, (cited,))
    for statement, cited in zip(WRITTEN.statements, WRITTEN.citations, strict=True)
)
NOT_FOUND = NotFound("Les sources ne répondent pas.", (citation(DOCUMENT, "agir"),), 0.2)


@dataclass
class FakeAssistant:
    """Answers ``outcome``, or raises ``error``; remembers what was asked and which were read.

    ``pieces`` come before the outcome, or before ``late``, which is raised in its place.

    ``searched`` is what it says that it searched for, the question itself when it is None;
    ``readers`` are set when nobody reads any more.
    """

    outcome: Outcome = ANSWER
    pieces: tuple[Piece, ...] = ()
    error: Exception | None = None
    late: Exception | None = None
    is_degraded: bool = False
    searched: str | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    limits: list[int] = field(default_factory=list)
    read: list[tuple[str, ...]] = field(default_factory=list)
    readers: list[threading.Event] = field(default_factory=list)

    def ask(self, question: str, id: str | None = None, previous: str | None = None) -> Reply:
        *_, reply = self.stream(question, id, previous)
        assert isinstance(reply, Reply)
        return reply

    def stream(
        self,
        question: str,
        id: str | None = None,
        previous: str | None = None,
        left: threading.Event | None = None,
    ) -> Iterator[Piece | Reply]:
        self.asked.append((question, previous))
        self.readers += [left] if left else []
        self._fail()
        yield from self.pieces
        if self.late:
            raise self.late
        searched = question if self.searched is None else self.searched
        yield Reply(question, self.outcome, "20261123-202502-76ed564c", 12.34, id, searched)

    def search(self, question: str, limit: int = 5) -> Search:
        self.asked.append((question, None))
        self.limits.append(limit)
        self._fail()
        found = (Ranked(passage(DOCUMENT, QUOTE), SOURCE, 1.5),)
        return Search(question, found, "20261123-202502-76ed564c", 3.21)

    def document(self, source_id: str) -> Document | None:
        self._fail()
        return {d.id: d for d in (DOCUMENT, SHEET_DOCUMENT)}.get(source_id)

    def passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        self.read.append(tuple(ids))
        return {WHOLE.id: WHOLE} if WHOLE.id in self.read[-1] else {}

    def count(self) -> int:
        self._fail()
        return 2

    def sources(self) -> list[Source]:
        self._fail()
        return [SOURCE, SHEET]

    def release(self) -> str:
        self._fail()
        return "20261123-202502-76ed564c"

    def thresholds(self) -> tuple[float, float]:
        self._fail()
        return 0.73, 0.97

    def degraded(self) -> bool:
        self._fail()
        return self.is_degraded

    def examples(self) -> tuple[str, ...]:
        return ("Qui peut signer ?", "Quand ?")

    def close(self) -> None:
        pass

    def _fail(self) -> None:
        if self.error:
            raise self.error


@pytest.fixture(scope="session")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a store of their own and nothing else set."""
    return settings({}, tmp_path_factory.mktemp("store"))


@pytest.fixture
def without_gradio(monkeypatch: pytest.MonkeyPatch) -> None:
    """Applications are made without the pages of Gradio, which take most of a second each."""
    monkeypatch.setattr("app.web.citizen.mount", _mount_nothing)
    monkeypatch.setattr("app.web.staff.workspace.add_dashboard", lambda *_: lambda: None)


def _mount_nothing(app: FastAPI, *_: object) -> Mounted:
    app.mount("/", Starlette(routes=[Route("/", lambda _: PlainTextResponse(""))]))
    return Mounted(lambda: None, lambda html: html)


@pytest.fixture(scope="session")
def shared(configured: Settings) -> tuple[FakeAssistant, FastAPI]:
    fake = FakeAssistant()
    return fake, create_app(fake, configured)  # type: ignore[arg-type]


@pytest.fixture
def fake(shared: tuple[FakeAssistant, FastAPI]) -> Iterator[FakeAssistant]:
    """The fake behind ``client``, as new for each test, and for those that take it as it is."""
    assistant = shared[0]
    assistant.__init__()  # type: ignore[misc]
    yield assistant
    assistant.__init__()  # type: ignore[misc]


@pytest.fixture
def client(shared: tuple[FakeAssistant, FastAPI], fake: FakeAssistant) -> TestClient:
    """A client of the whole application over ``fake``."""
    return TestClient(shared[1], raise_server_exceptions=False)


SHEETS = {
    "charte.md": (
        "---\ntitle: La charte\npublisher: CITEGO\ndate: 2019-12\n"
        "url: https://citego.org/charte\nkind: charte\n---\n# La charte\n\n"
        "## Qui peut signer la charte ?\n\n"
        "Les collectivités peuvent signer la charte. Les associations locales le peuvent aussi.\n\n"
        "## Quels objectifs ?\n\nLa charte fixe deux objectifs :\n\n- apprendre ensemble\n"
        "- accompagner les territoires\n"
    ),
    "hostile.md": (
        "---\ntitle: 'Le piège <img src=x onerror=alert(1)>'\n---\n"
        "# Piège\n\n## Que contient le piège ?\n\n"
        "Le piège contient \\<script>alert(1)\\</script> et \\[un lien](https://evil.example) "
        "et \\*\\*du gras\\*\\* et https://evil.example/x.\n"
    ),
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a release of two sheets, with the fake model. Only read."""
    folder, store = tmp_path_factory.mktemp("sheets"), tmp_path_factory.mktemp("release")
    for name, text in SHEETS.items():
        (folder / name).write_text(text, encoding="utf-8")
    ingest([folder], settings({}, store).ingest, FakeModel())
    return store


@pytest.fixture(scope="session")
def real(built: Path) -> Iterator[Assistant]:
    """A real assistant on that release."""
    assistant = Assistant(Store(built), FakeModel(), Wording("l'agence", ""))
    yield assistant
    assistant.close()


@pytest.fixture(scope="session")
def address(real: Assistant, configured: Settings) -> Iterator[str]:
    """The address of a real server over ``real``."""
    with serving(create_app(real, configured)) as address:
        yield address


@contextmanager
def answering_late(assistant: Assistant) -> Iterator[threading.Event]:
    """Inside, answers wait until the event that it gives is set, twenty seconds at most."""
    stream, late = assistant.stream, threading.Event()

    def slow(*asked: Any, **how: Any) -> Iterator[Piece | Reply]:
        late.wait(20)
        yield from stream(*asked, **how)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assistant, "stream", slow)
        yield late


@contextmanager
def serving(app: FastAPI, root_path: str = "") -> Iterator[str]:
    """The address of a real server over ``app``, while in use."""
    with listen("127.0.0.1", 0) as listening:
        config = uvicorn.Config(
            app, log_config=None, proxy_headers=False, root_path=root_path,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        app.state.end_streams()
        server.should_exit = True
        thread.join(10)


@dataclass(frozen=True)
class Written:
    """A real server whose answers a language model writes: that model's server, and its own."""

    chat: ChatServer
    address: str


@pytest.fixture(scope="session")
def written(
    built: Path, configured: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Written]:
    """A real server over the two sheets, and the language model that it asks."""
    pytest.importorskip("langchain_openai")
    with ChatServer() as chat:
        folder = tmp_path_factory.mktemp("budget")
        writer = writer_at(chat.url(), folder)
        assistant = Assistant(Store(built), FakeModel(), Wording("l'agence", ""), writer)
        with serving(create_app(assistant, configured)) as address:
            yield Written(chat, address)
        assistant.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    yield opened
    opened.close()
