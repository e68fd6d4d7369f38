"""The whole walk by command with the vectors in a real ``chroma run``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.wording import Wording
from ingest.release import open_current
from ingest.store import Store
from ingest.vectors import PREFIX, collections
from tests.app.conftest import Run
from tests.app.texts import SHEETS, write
from tests.fakes import FakeModel
from tests.ingest.servers import ChromaServer

PRICE = "Combien coûte l’adhésion annuelle ?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def store(server: ChromaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Where the settings of the environment put releases and vectors."""
    monkeypatch.setenv("CHARTISTE_CHROMA_URL", server.url)
    monkeypatch.setenv("CHARTISTE_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("CHARTISTE_RELEASES_KEPT", "2")
    return Store(tmp_path / "store", server.url)


def ingest(run: Run, folder: Path, price: str) -> str:
    """The release of the sheets with that price in them."""
    charter = SHEETS["charte.md"].replace("cinquante euros", price)
    sheets = write(folder / "fiches", {**SHEETS, "charte.md": charter})
    code, out, err = run("ingest", sheets, "--json")
    assert code == 0, err
    return str(json.loads(out)["release"])


def answered(run: Run) -> tuple[str, str]:
    """The release that answers what the price is, and the first sentence it quotes."""
    code, out, err = run("ask", PRICE, "--json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert shown["outcome"] == "answered"
    return shown["release"], shown["statements"][0]["text"]


def costs(price: str) -> str:
    return f"L’adhésion annuelle coûte {price}."


def test_ingest_ask_change_ingest_and_roll_back_through_a_server(
    run: Run, store: Store, server: ChromaServer, tmp_path: Path
) -> None:
    first = ingest(run, tmp_path, "cinquante euros")
    assert collections(server.url) == [PREFIX + first]
    assert not (store.path(first) / "vectors").exists()
    assert answered(run) == (first, costs("cinquante euros"))

    second = ingest(run, tmp_path, "soixante euros")
    assert answered(run) == (second, costs("soixante euros"))
    assert collections(server.url) == [PREFIX + first, PREFIX + second]
    release = open_current(store)
    assert release.vectors is not None and release.vectors.holds(release.table.units())
    release.close()

    assert run("rollback")[0] == 0
    assert answered(run) == (first, costs("cinquante euros"))
    assert run("doctor")[0] == 0

    third = ingest(run, tmp_path, "rien")
    assert collections(server.url) == [PREFIX + second, PREFIX + third]
    assert answered(run) == (third, costs("rien"))


def test_an_assistant_that_serves_follows_a_switch_a_roll_back_and_an_outage(
    run: Run, store: Store, server: ChromaServer, tmp_path: Path
) -> None:
    first = ingest(run, tmp_path, "cinquante euros")
    assistant = Assistant(store, FakeModel(), Wording("l'agence", ""))
    served = [assistant.ask(PRICE).release]
    second = ingest(run, tmp_path, "soixante euros")
    served.append(assistant.ask(PRICE).release)
    run("rollback")
    served.append(assistant.ask(PRICE).release)
    assert (served, assistant.degraded()) == ([first, second, first], False)
    server.kill()
    assert assistant.ask(PRICE).release == first and assistant.degraded()
    assistant.close()
    code, _, err = run("ingest", tmp_path / "fiches")
    assert (code, store.current()) == (2, first)
    assert err.splitlines()[-1].startswith(f"Le serveur Chroma {server.url} ne peut pas")
    server.start()
    assert run("ingest", tmp_path / "fiches")[0] == 0
    assert store.current() not in (first, None)
    assert answered(run)[1] == costs("soixante euros")
