"""What the tables hold, the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from app.records.database import Database
from app.records.tables import (
    FAQ_COUNTER,
    AccountRow,
    AttemptRow,
    Base,
    CitationRow,
    CommentRow,
    CounterRow,
    EntryRow,
    HistoryRow,
    JournalRow,
    MissingRow,
    SessionRow,
    TaskRow,
    folded,
    writable,
)

NOON = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def account(name: str, subject: str | None = None) -> AccountRow:
    return AccountRow(name=name, role="redactor", created=NOON, subject=subject)


def entry(key: str = "a") -> EntryRow:
    return EntryRow(
        id=key, question="Qui signe ?", variants=["Qui peut signer ?"], author="Ana",
        created=NOON, changed=NOON,
    )  # fmt: skip


def citation(number: int, quote: str = "Toute collectivité") -> CitationRow:
    return CitationRow(
        number=number, passage="p1", start=0, end=len(quote), quote=quote,
        source={"title": "La charte"}, heading=["Signer"], release="r1",
    )  # fmt: skip


def journal(question: str, **values: object) -> JournalRow:
    return JournalRow(
        id=question, at=NOON, question=question, outcome="answered", sources=["s1"], passages=[],
        language="fr", elapsed_ms=1.5, **values,
    )  # fmt: skip


def everything() -> list[Base]:
    """One row of each table."""
    whole = entry()
    whole.citations = [citation(1)]
    whole.history = [
        HistoryRow(version=1, at=NOON, who="Ana", action="created", snapshot={"answer": "Élus"})
    ]
    whole.comments = [CommentRow(at=NOON, who="Ana", text="À relire")]
    ana = account("Ana")
    session = SessionRow(token_hash="h", account=ana, csrf="c", created=NOON, seen=NOON,
                         expires=NOON)  # fmt: skip
    return [
        whole, ana, session, journal("Qui ?", verdict="up"),
        AttemptRow(key="account:ana", failures=1, until=NOON),
        MissingRow(at=NOON, who="Ana", text="Les tarifs", questions=["Combien ?"]),
        TaskRow(kind="verifier", who="Ana", begun=NOON, seen=NOON, report=[]),
        CounterRow(name="other"),
    ]  # fmt: skip


def test_each_table_takes_a_row_and_gives_it_back(database: Database) -> None:
    with database.begin() as session:
        session.add_all(everything())

    with database.read() as session:
        found = session.get_one(EntryRow, "a")
        assert (found.variants, found.status, found.version) == (["Qui peut signer ?"], "draft", 1)
        assert (found.published, found.validator, found.why) == (None, None, "")
        [cited] = found.citations
        assert (cited.quote, cited.state, cited.found) == ("Toute collectivité", "alive", None)
        assert (cited.source, cited.heading) == ({"title": "La charte"}, ["Signer"])
        assert [(one.snapshot, one.why) for one in found.history] == [({"answer": "Élus"}, "")]
        assert [one.text for one in found.comments] == ["À relire"]
        assert session.get_one(SessionRow, "h").account.name == "Ana"
        for table in Base.metadata.sorted_tables:
            assert session.execute(select(table)).first(), table.name


def test_the_counter_of_the_faq_is_there_from_the_start(database: Database) -> None:
    with database.read() as session:
        assert session.get_one(CounterRow, FAQ_COUNTER).value == 0


def test_times_come_back_in_utc_whatever_their_zone(database: Database) -> None:
    paris = timezone(timedelta(hours=2))
    with database.begin() as session:
        session.add(AttemptRow(key="k", failures=0, until=NOON.astimezone(paris)))
    with database.read() as session:
        until = session.get_one(AttemptRow, "k").until
        assert (until, until.tzinfo) == (NOON, UTC)
        late = select(AttemptRow.key).where(AttemptRow.until > NOON - timedelta(microseconds=1))
        assert session.scalars(late).all() == ["k"]
        assert not session.scalars(select(AttemptRow).where(AttemptRow.until > NOON)).all()


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a time without a zone"), database.begin() as session:
        session.add(AttemptRow(key="k", failures=0, until=NOON.replace(tzinfo=None)))


def test_any_text_can_be_written_and_keeps_its_length(database: Database) -> None:
    strange = "a\0b\ud800c\U0001f600é"
    with database.begin() as session:
        session.add(journal("q", reason=strange, mode=None))
        session.get_one(JournalRow, "q").sources = [strange]
    with database.read() as session:
        row = session.get_one(JournalRow, "q")
        assert row.reason == "a�b�c\U0001f600é"
        assert len(row.reason) == len(strange)
        assert row.sources == ["a\0b�c\U0001f600é"]  # JSON can say a zero byte
        assert session.scalars(select(JournalRow.id).where(JournalRow.reason == strange)).all()


def test_two_names_that_read_alike_are_one(database: Database) -> None:
    assert folded("É\u200alise ") == folded("e\u0301 LISE") and writable("é") == "é"
    with database.begin() as session:
        session.add(account("Élise"))
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(account("e\u0301LISE"))


@pytest.mark.parametrize("column", ["role", "status", "state", "verdict"])
def test_a_word_that_is_none_of_a_list_is_refused(database: Database, column: str) -> None:
    rows: dict[str, Base] = {
        "role": account("Ana"), "status": entry(), "verdict": journal("q"),
    }  # fmt: skip
    whole = entry("b")
    whole.citations = [citation(1)]
    row = rows.get(column, whole.citations[0])
    setattr(row, column, "none")
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(whole if column == "state" else row)


def test_what_belongs_to_nothing_is_refused_and_goes_with_what_it_belongs_to(
    database: Database,
) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(SessionRow(token_hash="h", account_id=9, csrf="c", created=NOON, seen=NOON,
                               expires=NOON))  # fmt: skip
    with database.begin() as session:
        session.add_all(everything())
    with database.begin() as session:
        session.delete(session.get_one(EntryRow, "a"))
        session.delete(session.scalars(select(AccountRow)).one())
    with database.read() as session:
        for kind in (CitationRow, HistoryRow, CommentRow, SessionRow):
            assert session.scalars(select(kind)).all() == []


def test_new_citations_take_the_place_of_the_old(database: Database) -> None:
    with database.begin() as session:
        whole = entry()
        whole.citations = [citation(1), citation(2)]
        session.add(whole)
    with database.begin() as session:
        session.get_one(EntryRow, "a").citations = [citation(1, "Un autre passage")]
    with database.read() as session:
        [only] = session.get_one(EntryRow, "a").citations
        assert (only.number, only.quote) == (1, "Un autre passage")
