import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator

import pytest

from app import shelf as shelf_module
from app.answers import Answer
from app.assistant import Assistant
from app.calibration import load_calibration
from app.shelf import Shelf
from app.wording import Wording
from ingest.errors import ModelMismatch, NoRelease, ReleaseDamaged
from ingest.release import Release
from ingest.store import Store
from tests.app.calibrations import CALIBRATION
from tests.app.citations import check
from tests.app.texts import SHEETS, publish
from tests.fakes import FakeModel

Opened = Callable[[Store], Assistant]
SPACE = FakeModel.space
SIGNERS = "Toute collectivité peut signer la charte."


def edition(number: int) -> dict[str, str]:
    """The sheets, of which one names the edition."""
    return {**SHEETS, "avis.txt": f"Avis\n\nLe facteur apporte l’édition numéro {number}.\n"}


def damage(store: Store) -> str:
    """Empty the manifest of the release in service; returns the release's id."""
    current = store.current()
    assert current is not None
    (store.path(current) / "manifest.json").write_text("{}")
    return current


def test_a_store_without_a_release_lends_nothing(store: Store) -> None:
    empty = Shelf(Store(store.folder / "ailleurs"), SPACE)

    with pytest.raises(NoRelease, match="lancez chartiste ingest"), empty.borrow():
        pass


def test_the_next_question_is_answered_from_the_new_release(store: Store, opened: Opened) -> None:
    assistant = opened(store)
    before = assistant.ask("Qui apporte l’édition ?")
    published = publish(store.folder, edition(2)).release
    after = assistant.ask("Qui apporte l’édition ?")

    assert not isinstance(before.outcome, Answer)
    assert isinstance(after.outcome, Answer)
    assert "« Le facteur apporte l’édition numéro 2. » [1]" in after.outcome.text
    assert before.release != after.release == published == assistant.release()


def test_a_calibration_that_is_given_stands_in_for_that_of_the_store(store: Store) -> None:
    for given, expected in ((CALIBRATION, CALIBRATION), (None, load_calibration(SPACE))):
        shelf = Shelf(store, SPACE, calibration=given)
        with shelf.borrow() as volume:
            assert volume.calibration == expected
        shelf.close()
    assert load_calibration(SPACE) != CALIBRATION


def test_a_release_is_kept_open_until_its_last_reader_gives_it_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(store, SPACE)
    closed: list[str] = []
    with shelf.borrow() as first, shelf.borrow() as second:
        assert first is second
        monkeypatch.setattr(type(first.release), "close", lambda release: closed.append(release.id))
        old = first.release
        publish(store.folder, edition(2))
        with shelf.borrow() as third:
            assert third.release.id != old.id
        assert old.id not in closed
        assert len(second.release.table.sources()) == len(SHEETS)
    assert closed.count(old.id) == 1

    monkeypatch.undo()
    old.close()
    shelf.close()


def test_no_question_is_refused_while_releases_are_published(store: Store, opened: Opened) -> None:
    assistant, done = opened(store), threading.Event()
    failures: list[BaseException] = []
    seen: set[str] = set()

    def ask() -> None:
        try:
            while not done.is_set():
                reply = assistant.ask("Qui peut signer la charte ?")
                assert isinstance(reply.outcome, Answer)
                assert (
                    reply.outcome.citations[0].quote == "Toute collectivité peut signer la charte."
                )
                seen.add(reply.release)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    try:
        published = [publish(store.folder, edition(n), kept=2).release for n in range(3)]
    finally:
        done.set()
        for thread in threads:
            thread.join()

    assert failures == []
    assert len(seen) >= 2
    assert assistant.release() == published[-1]


@pytest.fixture
def opening(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Releases take until this is set to be opened, and no question waits for it."""
    may_end, really = threading.Event(), shelf_module.open_release

    def slow(store: Store, id: str) -> Release:
        assert may_end.wait(30)
        return really(store, id)

    monkeypatch.setattr(shelf_module, "open_release", slow)
    monkeypatch.setattr(shelf_module, "_PATIENCE", 0.0)
    yield may_end
    may_end.set()


def test_the_old_release_answers_while_the_new_one_is_opened(
    store: Store, opened: Opened, opening: threading.Event
) -> None:
    assistant = opened(store)
    old = assistant.release()
    new = publish(store.folder, edition(2)).release
    replies = [assistant.ask("Qui peut signer la charte ?") for _ in range(3)]
    assert [reply.release for reply in replies] == [old] * 3
    [thread] = [one for one in threading.enumerate() if one.name == "shelf"]
    opening.set()
    thread.join()
    assert assistant.ask("Qui peut signer la charte ?").release == new


def test_a_release_that_came_while_another_was_opened_is_served_next(
    store: Store, opened: Opened, opening: threading.Event
) -> None:
    assistant = opened(store)
    assistant.release()
    for number in (2, 3):
        last = publish(store.folder, edition(number)).release
        assistant.release()
    opening.set()
    for _ in range(2):
        while threads := [one for one in threading.enumerate() if one.name == "shelf"]:
            threads[0].join()
        assistant.release()
    assert assistant.release() == last


def test_a_shelf_that_is_closed_while_it_opens_a_release_holds_none(
    store: Store, opened: Opened, opening: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = opened(store)
    old = assistant.release()
    new = publish(store.folder, edition(2)).release
    closed: list[str] = []
    really = Release.close

    def close(release: Release) -> None:
        closed.append(release.id)
        really(release)

    monkeypatch.setattr(Release, "close", close)
    assistant.release()
    threading.Timer(0.2, opening.set).start()
    assistant.close()
    assert closed == [old, new]


def test_a_release_that_cannot_be_opened_for_a_reason_of_its_own_is_told_once(
    store: Store, opened: Opened, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = opened(store)
    old = assistant.release()
    publish(store.folder, edition(2))

    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(shelf_module, "open_release", fail)
    assert [assistant.release() for _ in range(3)] == [old] * 3
    [record] = caplog.records
    assert record.exc_info is not None and "is not served" in record.getMessage()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs Linux's /proc")
def test_switching_leaks_no_file(store: Store, opened: Opened) -> None:
    assistant = opened(store)
    counts: list[int] = []
    first = assistant.release()
    second = publish(store.folder, edition(2)).release
    for number in range(12):
        store.switch(first if number % 2 else second)
        assistant.ask("Qui peut signer la charte ?")
        counts.append(len(os.listdir("/proc/self/fd")))

    # Chroma closes a little later than it is told to; a leak would add one a switch or more.
    assert min(counts[6:]) < min(counts[:6]) + 3


def test_a_damaged_new_release_leaves_the_old_one_serving_and_is_told_once(
    store: Store, opened: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    assistant = opened(store)
    serving = assistant.release()
    publish(store.folder, edition(2))
    refused = damage(store)
    replies = [assistant.ask("Qui peut signer la charte ?") for _ in range(3)]

    assert [reply.release for reply in replies] == [serving] * 3
    assert all(isinstance(reply.outcome, Answer) for reply in replies)
    [record] = caplog.records
    assert (record.levelno, record.name) == (logging.ERROR, "app.shelf")
    assert refused in record.getMessage() and "abîmé" in record.getMessage()


def test_the_release_that_repairs_a_damaged_one_is_served(store: Store, opened: Opened) -> None:
    assistant = opened(store)
    assistant.release()
    publish(store.folder, edition(2))
    damage(store)
    assistant.release()

    assert publish(store.folder, edition(3)).release == assistant.release()


def test_a_damaged_release_that_is_the_only_one_is_refused(store: Store, opened: Opened) -> None:
    damage(store)

    with pytest.raises(ReleaseDamaged, match="chartiste rollback"):
        opened(store).ask("Qui peut signer la charte ?")


@pytest.mark.parametrize("pointer", [None, b"", b"\xff\xfe", b"../../etc"])
def test_a_pointer_that_is_lost_or_garbled_leaves_the_old_release_serving(
    store: Store, opened: Opened, pointer: bytes | None
) -> None:
    assistant = opened(store)
    serving = assistant.release()
    if pointer is None:
        (store.folder / "current").unlink()
    else:
        (store.folder / "current").write_bytes(pointer)

    assert assistant.ask("Qui peut signer la charte ?").release == serving


def test_a_release_of_another_model_is_refused_in_french(store: Store) -> None:
    class OtherModel(FakeModel):
        name = "other"
        space = "other-space"

    assistant = Assistant(store, OtherModel(), Wording("l'agence", ""))
    with pytest.raises(ModelMismatch) as refused:
        assistant.ask("Qui peut signer la charte ?")

    assert str(refused.value) == (
        f"La version {store.current()} a été construite avec le modèle « fake » (espace "
        "« fake-space »), et le modèle réglé est « other » (espace « other-space ») : relancez "
        "chartiste ingest, ou rétablissez CHARTISTE_EMBEDDING=fake"
    )


def test_without_vectors_the_lexicon_answers_alone_and_quotes_as_exactly(
    store: Store, opened: Opened, assistant: Assistant
) -> None:
    current = store.current()
    assert current is not None
    shutil.rmtree(store.path(current) / "vectors")
    lexical = opened(store)

    assert (lexical.degraded(), assistant.degraded()) == (True, False)
    for question in ("Qui peut signer la charte ?", "Qui a voté à l’unanimité ?"):
        alone, whole = lexical.ask(question), assistant.ask(question)
        assert isinstance(alone.outcome, Answer) and isinstance(whole.outcome, Answer)
        assert alone.outcome.citations[0].passage == whole.outcome.citations[0].passage
        check(alone, lexical)


def test_a_closed_assistant_opens_the_release_again_when_asked(
    store: Store, opened: Opened
) -> None:
    assistant = opened(store)
    assistant.close()
    assistant.close()

    assert assistant.release() == store.current()
