"""The journal, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from app.journal.entry import Filter, JournalEntry, Opinion, entry_of
from app.journal.journal import Journal
from app.records.database import Database
from app.records.tables import Verdict
from ingest.errors import RecordsError
from tests.app.journal.replies import NOON, NOT_FOUND, Clock, entry, reply


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(database: Database, clock: Clock) -> Journal:
    return Journal(database, 7, clock)


def ids(found: Iterable[JournalEntry]) -> list[str]:
    return [one.id for one in found]


def test_a_reply_is_kept_masked_and_read_again(journal: Journal) -> None:
    asked = reply("Mon mail est jean@exemple.fr, qui signe ?", NOT_FOUND)
    journal.keep([entry_of(asked, "n1", NOON)])
    [kept] = journal.rows()
    assert (kept.id, kept.at, kept.outcome, kept.mode) == ("n1", NOON, "not_found", None)
    assert kept.question == "Mon mail est [e-mail], qui signe ?"
    assert kept.passages == ("p9",) and kept.verdict is None


def test_an_opinion_joins_its_reply_and_its_reason_is_masked(journal: Journal) -> None:
    journal.keep([entry(1), Opinion("n00001", "up", "")])
    said = "  Écrivez-moi\x1b[2J\n : jean@exemple.fr "
    journal.keep([Opinion("n00001", "down", said)])
    [kept] = journal.rows()
    assert (kept.verdict, kept.reason) == ("down", "Écrivez-moi [2J : [e-mail]")


def test_an_opinion_on_nothing_changes_nothing(journal: Journal) -> None:
    journal.keep([entry(1), Opinion("inconnu", "down", "non")])
    assert [one.verdict for one in journal.rows()] == [None]


def test_a_batch_is_kept_whole_or_not_at_all(journal: Journal) -> None:
    journal.keep([entry(1), Opinion("n00001", "up", ""), entry(2)])
    assert [(one.id, one.verdict) for one in journal.rows()] == [
        ("n00002", None), ("n00001", "up"),
    ]  # fmt: skip
    with pytest.raises(IntegrityError):
        journal.keep([entry(3), entry(1)])
    assert ids(journal.rows()) == ["n00002", "n00001"]


def test_what_is_older_than_its_days_is_purged(journal: Journal, clock: Clock) -> None:
    journal.keep([entry(1, NOON - timedelta(days=6)), entry(2)])
    clock.move(days=1.5)
    assert journal.purge() == 1 and ids(journal.rows()) == ["n00002"]
    assert journal.purge() == 0


def test_what_is_older_than_its_days_is_never_read_even_before_it_is_purged(
    journal: Journal, clock: Clock
) -> None:
    journal.keep([entry(1)])
    clock.move(days=7, seconds=1)
    long_ago = Filter(since=NOON - timedelta(days=90))
    assert journal.rows(long_ago) == [] and journal.count(long_ago) == 0
    assert list(journal.export(long_ago)) == []


def test_a_journal_that_is_off_keeps_what_it_had_for_thirty_days_at_most(
    database: Database, clock: Clock
) -> None:
    off = Journal(database, 0, clock)
    off.keep([entry(1)])
    clock.move(days=29)
    assert off.purge() == 0 and len(off.rows()) == 1
    clock.move(days=1, seconds=1)
    assert off.purge() == 1


def test_lines_before_a_day_or_all_lines_are_erased(journal: Journal) -> None:
    journal.keep([entry(n, NOON - timedelta(days=n)) for n in range(4)])
    assert journal.erase(before=NOON - timedelta(days=1)) == 2
    assert ids(journal.rows()) == ["n00000", "n00001"]
    assert journal.erase(all=True) == 2 and journal.count() == 0
    with pytest.raises(ValueError, match="erase what"):
        journal.erase()


def test_lines_come_the_newest_first_page_by_page(journal: Journal) -> None:
    journal.keep([entry(n, NOON - timedelta(minutes=n)) for n in range(5)])
    assert ids(journal.rows(limit=2)) == ["n00000", "n00001"]
    assert ids(journal.rows(limit=2, offset=4)) == ["n00004"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"outcomes": ("answered",)}, {1, 2}),
        ({"outcomes": ("not_found", "declined")}, {3}),
        ({"modes": ("faq",)}, {2}),
        ({"since": NOON - timedelta(hours=2)}, {1, 2}),
        ({"text": "HORAIRES"}, {3}),
        ({"text": "Été"}, {2}),
        ({"text": "été"}, {2}),
        ({"text": "ÉTÉ"}, {2}),
        ({"text": "100 %"}, {1}),
        ({"text": "%"}, {1}),
        ({"text": "_"}, set()),
        ({"outcomes": ("answered",), "text": "100"}, {1}),
    ],
)
def test_a_filter_means_the_lines_for_which_all_of_it_holds(
    journal: Journal, wanted: dict[str, Any], found: set[int]
) -> None:
    journal.keep(
        [
            entry(1, question="Une aide à 100 % ?"),
            entry(2, question="Et l'Été ?", mode="faq", verdict="down"),
            entry(3, NOON - timedelta(hours=3), question="Quels horaires ?", outcome="not_found"),
        ]
    )
    kept = journal.rows(Filter(**wanted))
    assert {int(one.id[1:]) for one in kept} == found
    assert journal.count(Filter(**wanted)) == len(found)


def test_an_export_has_every_line_once_the_oldest_first(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.journal.journal._PAGE", 3)
    # Several lines of one moment stand on two pages.
    journal.keep([entry(n, NOON - timedelta(minutes=n // 5)) for n in range(11)])
    exported = list(journal.export())
    assert len(exported) == 11 == len({one["id"] for one in exported})
    assert [one["at"] for one in exported] == sorted(one["at"] for one in exported)


@pytest.mark.parametrize("verdict", ["up", "down"])
def test_verdicts_are_those_of_the_table(journal: Journal, verdict: Verdict) -> None:
    journal.keep([entry(1, verdict=verdict)])
    assert journal.rows()[0].verdict == verdict


def test_what_is_erased_is_no_longer_in_the_files(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'base.db'}")
    journal = Journal(database, 7, Clock())
    journal.prepare()
    journal.keep([entry(n, question=f"canari{n} " * 40) for n in range(50)])
    database.close()  # what was written is now in the file itself
    assert b"canari" in (tmp_path / "base.db").read_bytes()
    assert journal.erase(all=True) == 50
    database.close()
    left = [file.name for file in tmp_path.iterdir() if b"canari" in file.read_bytes()]
    assert left == []


def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="n'existe pas"):
        Journal(Database(f"sqlite:///{tmp_path / 'base.db'}"), 7).rows()
