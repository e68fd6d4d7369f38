"""Every change of the workspace: none from elsewhere, none without a session and its token."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.records.tables import CommentRow, EntryRow, HistoryRow, MissingRow, TaskRow
from app.web.staff import words
from tests.faq.edits import edit
from tests.web.staff.desk import ANA, Desk
from tests.web.staff.people import OURS, csrf, visitor

CHANGES = {
    "/staff/questions": {"faire": "source", "groupe": "x"},
    "/staff/manquantes": {"texte": "Les tarifs"},
    "/staff/fiches/nouvelle": {"faire": "enregistrer", "question": "Qui peut signer ?"},
    "/staff/fiches/ID": {"faire": "enregistrer", "version": "1", "question": "Changée ?"},
    "/staff/fiches/ID/statut": {"faire": "archiver", "version": "1"},
    "/staff/fiches/ID/commentaire": {"commentaire": "Bien."},
    "/staff/travaux": {"faire": "verifier"},
    "/staff/travaux/1": {},
}


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest, desk: Desk) -> tuple[str, dict[str, str]]:
    """An address and a form, over one entry."""
    desk.entries._anchor = None
    entry = desk.entries.create(edit(), ANA)
    path = str(request.param)
    return path.replace("ID", entry.id), CHANGES[path]


def written(desk: Desk) -> list[int]:
    """How many rows there are of what can be changed."""
    tables = (EntryRow, HistoryRow, CommentRow, MissingRow, TaskRow)
    with desk.base.read() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_nothing_is_changed_without_a_session_and_what_was_written_is_shown(
    desk: Desk, change: tuple[str, dict[str, str]]
) -> None:
    path, form = change
    before = written(desk)
    answer = visitor(desk.app).post(path, data={"csrf": csrf(desk.paul), **form})
    assert answer.status_code == 403 and words.ENDED in answer.text
    shown = [text for name, text in form.items() if name in words.FIELDS]
    assert all(text in answer.text for text in shown) and written(desk) == before


@pytest.mark.parametrize("token", [None, "", "faux", "FOREIGN"])
def test_nothing_is_changed_without_the_token_of_the_session(
    desk: Desk, change: tuple[str, dict[str, str]], token: str | None
) -> None:
    path, form = change
    before = written(desk)
    sent = {} if token is None else {"csrf": token.replace("FOREIGN", csrf(desk.ana))}
    answer = desk.paul.post(path, data={**form, **sent})
    assert answer.status_code == 403 and words.STALE in answer.text.replace("&#x27;", "'")
    assert written(desk) == before


@pytest.mark.parametrize(
    "headers", [{"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {}]
)
def test_nothing_is_changed_from_elsewhere(
    desk: Desk, change: tuple[str, dict[str, str]], headers: dict[str, str]
) -> None:
    path, form = change
    before, token = written(desk), csrf(desk.paul)
    for name in OURS:
        del desk.paul.headers[name]
    answer = desk.paul.post(path, data={"csrf": token, **form}, headers=headers)
    assert answer.status_code == 403 and written(desk) == before


def test_no_page_changes_anything_when_it_is_only_opened(
    desk: Desk, change: tuple[str, dict[str, str]]
) -> None:
    path, form = change
    before = written(desk)
    assert desk.paul.get(path, params=form).status_code in (200, 404, 405)
    assert written(desk) == before


@pytest.mark.parametrize(
    "path", ["questions", "manquantes", "fiches", "fiches/nouvelle", "essayer", "travaux"]
)
def test_every_page_is_behind_the_gate_and_in_french(desk: Desk, path: str) -> None:
    assert visitor(desk.app).get(f"/staff/{path}").status_code == 303
    answer = desk.ana.get(f"/staff/{path}")
    assert answer.status_code == 200 and '<html lang="fr">' in answer.text
    assert answer.text.count("<h1>") == 1
