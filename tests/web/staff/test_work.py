"""Work on many entries at once: begun, watched, stopped, gone on with."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.faq.bulk import Verifying
from app.records.tables import TaskRow
from app.staff import worker
from app.staff.tasks import SILENCE, Finding, Tasks
from app.web.staff import work
from tests.faq.asked import QUESTIONS, journal_line
from tests.faq.edits import edit
from tests.web.staff.desk import ANA, Desk, Shown
from tests.web.staff.people import csrf


def ended(page: Shown) -> Shown:
    """The page of a task once it has ended."""
    for _ in range(500):
        page = Shown.at(page.client, page.path)
        if not page.all("#avancement"):
            return page
        threading.Event().wait(0.02)
    raise AssertionError(page.text)


def begun(desk: Desk, which: int) -> Shown:
    kind = list(work.KINDS)[which]
    return Shown.at(desk.ana, "/staff/travaux").send("Commencer", inside=f"section:has(#{kind})")


def test_all_entries_are_verified_and_those_to_look_at_come_first(desk: Desk) -> None:
    desk.entries._anchor = None
    desk.entries.create(edit("Où se garer ?", "", (), ()), ANA)
    page = ended(begun(desk, 1))
    assert "Travail terminé : 1 sur 1." in page.text
    assert page.all("h2")[0].text == "À regarder (1)"
    (line,) = page.all(".ch-list li")
    assert "La réponse est vide." in line.text_content()
    (entry,) = desk.entries.find()
    assert line.cssselect("a")[0].get("href") == f"../fiches/{entry.id}"
    listed = Shown.at(desk.ana, "/staff/travaux")
    assert "Vérifier toutes les fiches" in listed.all(".ch-list a")[0].text
    assert "terminé, 1 sur 1" in listed.text


def test_drafts_are_made_of_the_largest_groups(desk: Desk) -> None:
    now = datetime.now(UTC) - timedelta(hours=1)
    desk.journal.keep([journal_line(n, text, at=now) for n, text in enumerate(QUESTIONS)])
    page = ended(begun(desk, 0))
    assert "Travail terminé : 3 sur 3." in page.text
    assert [one.text for one in page.all("h2")] == ["À regarder (1)", "En ordre (2)"]
    assert len(desk.entries.find({"draft"})) == 3
    again = ended(begun(desk, 0))
    assert "Travail terminé : 0 sur 0." in again.text and len(desk.entries.find()) == 3


@pytest.fixture
def held(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Two entries to verify, whose verification waits for this."""
    desk.entries._anchor = None
    for question in ("Où se garer ?", "Quand partir ?"):
        desk.entries.create(edit(question, "", (), ()), ANA)
    gate, verify = threading.Event(), Verifying._verify

    def slow(self: Verifying, entry: object) -> Finding:
        assert gate.wait(10)
        return verify(self, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(Verifying, "_verify", slow)
    monkeypatch.setattr(worker, "_WRITTEN", 0.0)  # it is asked to stop after each
    return gate


def test_work_is_watched_and_there_is_one_at_a_time(desk: Desk, held: threading.Event) -> None:
    page = begun(desk, 1)
    assert page.all("#avancement[role=status]") and page.all("progress")
    assert page.all("noscript meta[http-equiv=refresh]")
    refused = begun(desk, 0)
    assert refused.response.status_code == 409 and "déjà en cours" in refused.text
    assert refused.all(".ch-done a")[0].get("href").startswith("travaux/")
    held.set()
    assert "2 sur 2" in ended(page).text


def test_work_is_stopped_and_gone_on_with(desk: Desk, held: threading.Event) -> None:
    page = begun(desk, 1)
    page = page.send("Arrêter")
    assert work.STOPPING in page.text
    held.set()
    page = ended(page)
    assert "Travail arrêté : 1 sur 2." in page.text, "what was being done is done"
    page = ended(page.send("Reprendre"))
    assert "Travail terminé : 2 sur 2." in page.text and len(page.all(".ch-list li")) == 2


def test_what_a_server_left_when_it_was_killed_is_there_after_its_restart(desk: Desk) -> None:
    task = Tasks(desk.base).begin("verifier", ANA)
    Tasks(desk.base).tell(task.id, 7, [Finding("a", "Où se garer ?", "La réponse est vide.")])
    with desk.base.begin() as session:
        row = session.get(TaskRow, task.id)
        assert row is not None
        row.seen = datetime.now(UTC) - 2 * SILENCE
    page = Shown.at(desk.paul, f"/staff/travaux/{task.id}")
    assert "Travail interrompu par un arrêt du serveur : 1 sur 7." in page.text
    assert "Où se garer ?" in page.text
    page = ended(page.send("Reprendre"))
    assert "Travail terminé : 1 sur 1." in page.text


@pytest.mark.parametrize(
    "sent", [{"faire": "effacer"}, {}, {"faire": "brouillons", "suite": "SUITE"}]
)
def test_work_that_does_not_exist_is_refused(desk: Desk, sent: dict[str, str]) -> None:
    task = Tasks(desk.base).begin("verifier", ANA)
    Tasks(desk.base).end(task.id, "stopped", [])
    values = {name: str(task.id) if text == "SUITE" else text for name, text in sent.items()}
    answer = desk.ana.post("/staff/travaux", data={"csrf": csrf(desk.ana), **values})
    assert answer.status_code == 400 and len(Tasks(desk.base).recent()) == 1


@pytest.mark.parametrize("id", ["0", "77", "x", "²", "9" * 40])
def test_a_task_that_is_not_there_is_told(desk: Desk, id: str) -> None:
    assert Shown.at(desk.ana, f"/staff/travaux/{id}").response.status_code == 404
    answer = desk.ana.post(f"/staff/travaux/{id}", data={"csrf": csrf(desk.ana)})
    assert answer.status_code == 404 and "Travail introuvable" in answer.text
