"""A build that is interrupted at any step is taken up there, and nothing is computed twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import build as build_module
from ingest.build import Build
from ingest.errors import ReleaseDamaged
from ingest.job import ingest
from ingest.release import open_current, verify
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import CHARTER, STATUTES, write

STEPS = ["_passages", "_lexicon", "_vectors", "_publish"]


class Killed(BaseException):
    """What no step is ready for, like a power cut."""


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return IngestSettings(store=tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path, settings: IngestSettings, model: FakeModel) -> Callable[[], Report]:
    write(tmp_path / "fiches", {"charte.md": CHARTER, "statuts.txt": STATUTES})
    return lambda: ingest([tmp_path / "fiches"], settings, model)


def interrupt(monkeypatch: pytest.MonkeyPatch, step: str, after: bool) -> list[str]:
    """Make one step raise, before or after its work; the list of the steps that were begun."""
    begun: list[str] = []
    for name in STEPS:
        monkeypatch.setattr(Build, name, _watched(getattr(Build, name), name, begun, step, after))
    return begun


def _watched(
    method: Callable[..., None], name: str, begun: list[str], step: str, after: bool
) -> Callable[..., None]:
    def watched(*args: object) -> None:
        begun.append(name)
        if name == step and not after:
            raise Killed
        method(*args)
        if name == step:
            raise Killed

    return watched


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_what_was_done_before_an_interruption_is_not_done_again(
    run: Callable[[], Report], settings: IngestSettings, model: FakeModel,
    monkeypatch: pytest.MonkeyPatch, step: str, after: bool,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        interrupt(patch, step, after)
        with pytest.raises(Killed):
            run()
    computed = len(model.texts)
    begun = interrupt(monkeypatch, "none", False)
    report = run()
    store = Store(settings.store)
    assert report.release == store.current()
    assert verify(store.path(report.release)).passages == report.passages == 3
    assert store.ids() == [report.release]
    assert not store.building.exists() and not (store.folder / "building.json").exists()
    assert len(model.texts) == len(set(model.texts)) == max(computed, len(model.texts))
    if (step, after) == ("_publish", True):
        assert begun == []  # it was in service already
    else:  # a step counts as done once it is synced to disk
        assert begun == STEPS[STEPS.index(step) :]


def test_other_documents_throw_an_interrupted_build_away(
    run: Callable[[], Report], settings: IngestSettings, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        interrupt(patch, "_vectors", False)
        with pytest.raises(Killed):
            run()
    write(tmp_path / "fiches", {"note.txt": "Une note."})
    assert run().documents == 3
    release = open_current(Store(settings.store))
    assert len(release.table.sources()) == 3
    release.close()


def test_a_release_that_was_not_switched_to_is_taken_into_service(
    run: Callable[[], Report], settings: IngestSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Store, "switch", killed)
        with pytest.raises(Killed):
            run()
    store = Store(settings.store)
    [waiting] = store.ids()
    assert store.current() is None
    report = run()
    assert (report.release, report.embedded, store.current()) == (waiting, 0, waiting)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"id": "x"}', '{"done": 3}'])
def test_a_state_that_cannot_be_read_means_a_new_build(
    run: Callable[[], Report], settings: IngestSettings, monkeypatch: pytest.MonkeyPatch,
    content: str,
) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        interrupt(patch, "_vectors", False)
        with pytest.raises(Killed):
            run()
    (settings.store / "building.json").write_text(content)
    assert run().documents == 2


def test_a_build_that_does_not_pass_is_not_taken_up_again(
    run: Callable[[], Report], settings: IngestSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(build_module, "hashes", lambda folder: {"passages.sqlite": "0"})
        with pytest.raises(ReleaseDamaged, match=r"passages\.sqlite a changé"):
            run()
    assert not Store(settings.store).building.exists()
    assert run().documents == 2


def test_each_step_that_is_done_is_written_down(
    run: Callable[[], Report], settings: IngestSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, "_publish", False)
    with pytest.raises(Killed):
        run()
    state = json.loads((settings.store / "building.json").read_text())
    assert state["done"] == ["passages", "lexicon", "vectors"]
    assert state["id"].endswith(state["content"][:8])
