"""What becomes of entries when the texts they cite change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.faq.entries import Entries
from app.faq.entry import Cited, Entry
from app.faq.library import ReleaseLibrary
from app.faq.nearest import proposal
from app.faq.staleness import Followed, follow, look, look_at_all
from app.records.database import Database
from tests.app.texts import CHARTER, SHEETS, publish
from tests.faq.edits import ANA, PAUL, Clock, edit
from tests.faq.libraries import (
    ASSEMBLY,
    PRICE,
    SEAT,
    SIGN,
    current,
    draft,
    library,
    published,
    quotes,
    with_charter,
    without,
)
from tests.faq.test_entries import is_consistent

DEARER = "L’adhésion annuelle coûte soixante euros."


@pytest.fixture
def entries(database: Database) -> Entries:
    return Entries(database, Clock())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def first(folder: Path) -> Iterator[ReleaseLibrary]:
    with library(folder, SHEETS) as opened:
        yield opened


def after(entries: Entries, folder: Path, sheets: dict[str, str]) -> Followed:
    """What comes of following a new release of these sheets."""
    with library(folder, sheets) as opened:
        return follow(entries, opened)


def now(entries: Entries, entry: Entry) -> Entry:
    found = entries.get(entry.id)
    assert found
    return found


def text_at(folder: Path, one: Cited) -> str:
    """What stands at a citation's offsets in the release in service."""
    with current(folder) as opened:
        document = opened.document(one.source_id)
        assert document and one.passage in {p.id for p in opened.passages_of(document.id)}
        return document.text[one.start : one.end]


def test_the_same_release_changes_nothing(entries: Entries, first: ReleaseLibrary) -> None:
    entry = published(entries, quotes(first, SIGN, ASSEMBLY))
    assert follow(entries, first) == Followed(first.release(), 1, (), (), {entry.id: 2})
    assert now(entries, entry) == entry


def test_a_quotation_that_moved_is_followed(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, SIGN, PRICE))
    count = entries.counter()
    done = after(entries, folder, with_charter("## Qui peut", "Un préambule.\n\n## Qui peut"))
    assert done.changed == (now(entries, entry),) and done.reviewed == ()
    [changed] = done.changed
    assert (changed.status, changed.version, changed.why) == ("published", 3, "")
    for before, one in zip(entry.edit.citations, changed.edit.citations, strict=True):
        assert one.start > before.start and text_at(folder, one) == one.quote == before.quote
        assert (one.release, one.state) == (done.release, "alive")
    assert entries.counter() > count
    last = entries.history(entry.id)[-1]
    assert (last.who, last.action) == ("ingestion", "follow")
    assert "nouvelle place" in last.why


def test_a_text_that_only_its_lines_changed_is_followed(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, ASSEMBLY))
    flowed = SHEETS["statuts.txt"].replace("générale\r\nchaque", "générale chaque")
    after(entries, folder, {**SHEETS, "statuts.txt": flowed})
    [one] = now(entries, entry).edit.citations
    assert now(entries, entry).status == "published"
    assert text_at(folder, one) == one.quote == ASSEMBLY.replace("\r\n", " ")


def test_a_changed_text_puts_the_entry_in_review_with_both_texts(
    entries: Entries, first: ReleaseLibrary, folder: Path, database: Database
) -> None:
    entry = published(entries, quotes(first, SIGN, PRICE))
    other = published(entries, quotes(first, SEAT), "Où ?")
    count = entries.counter()
    done = after(entries, folder, with_charter("cinquante", "soixante"))

    changed = now(entries, entry)
    assert done.reviewed == done.changed == (changed,) and done.looked == 2
    assert (changed.status, changed.version) == ("review", 3)
    assert changed.why == (
        "Le texte de « La charte d’alliance » a changé : la citation [2] n'y est plus mot pour mot."
    )
    alive, lost = changed.edit.citations
    assert (alive.state, lost.state, lost.quote) == ("alive", "changed", PRICE)
    proposed = proposal(lost)
    assert proposed and (proposed.quote, proposed.number, proposed.state) == (DEARER, 2, "alive")
    assert text_at(folder, proposed) == DEARER and proposed.release == done.release
    assert now(entries, other) == other
    assert entries.published() == [other] and entries.counter() > count
    assert is_consistent(database)


def test_an_entry_is_mended_with_what_is_proposed(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, PRICE))
    after(entries, folder, with_charter("cinquante", "soixante"))
    proposed = proposal(now(entries, entry).edit.citations[0])
    assert proposed
    saved = entries.save(entry.id, 3, edit(citations=[proposed]), ANA)
    assert (saved.status, saved.why) == ("review", now(entries, entry).why)
    again = entries.publish(entry.id, 4, PAUL)
    assert (again.status, again.why) == ("published", "")
    with current(folder) as opened:
        assert follow(entries, opened).changed == ()


def test_a_source_that_is_gone_puts_the_entry_in_review(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, SEAT))
    after(entries, folder, {**without("alec07.md"), "agence.md": SHEETS["alec07.md"].replace(
        "url: https://exemple.fr/alec07\n", "")})  # fmt: skip
    changed = now(entries, entry)
    assert changed.status == "review"
    assert changed.why == (
        "La source « L’ALEC07, agence de l’énergie » de la citation [1] n'est plus en service."
    )
    [lost] = changed.edit.citations
    proposed = proposal(lost)
    assert lost.state == "gone" and lost.found and lost.found["likeness"] == 1.0
    assert proposed and proposed.quote == SEAT and proposed.source_id != lost.source_id
    assert text_at(folder, proposed) == SEAT


def test_a_draft_stays_one_and_an_archived_entry_is_left_alone(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    one = draft(entries, quotes(first, PRICE))
    kept = entries.archive(draft(entries, quotes(first, PRICE), "Quoi ?").id, 1, PAUL)
    count = entries.counter()
    done = after(entries, folder, with_charter(PRICE, "Adhérer est gratuit."))
    assert done.changed == (now(entries, one),) and done.reviewed == ()
    changed = now(entries, one)
    assert (changed.status, changed.why) == ("draft", "")
    assert changed.edit.citations[0].state == "changed"
    assert now(entries, kept) == kept and entries.counter() == count


def test_what_is_lost_stays_as_it_is_until_something_changes(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, PRICE))
    dearer = with_charter("cinquante", "soixante")
    after(entries, folder, dearer)
    lost = now(entries, entry)
    other = {**dearer, "glossaire.md": SHEETS["glossaire.md"] + "\nUn mot de plus.\n"}
    assert after(entries, folder, other).changed == ()
    assert now(entries, entry) == lost


def test_a_text_that_comes_back_is_told_and_not_published_again_by_itself(
    entries: Entries, folder: Path
) -> None:
    publish(folder, with_charter("cinquante", "quarante"))
    publish(folder, SHEETS)  # from files that are where it comes back from
    with current(folder) as opened:
        entry = published(entries, quotes(opened, PRICE))
    after(entries, folder, with_charter("cinquante", "soixante"))
    done = after(entries, folder, SHEETS)
    back = now(entries, entry)
    assert done.changed == (back,)
    assert back.status == "review" and "de nouveau dans leurs sources" in back.why
    assert back.edit == entry.edit and back.edit.citations[0].found is None
    assert entries.publish(back.id, back.version, PAUL).status == "published"


def test_a_sentence_that_became_part_of_another_is_no_quotation(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, SIGN))
    denied = "Il est faux que " + SIGN
    after(entries, folder, with_charter(SIGN, denied))
    [lost] = now(entries, entry).edit.citations
    assert lost.state == "changed" and lost.found and lost.found["quote"] == denied


def test_who_saves_meanwhile_loses_nothing(
    entries: Entries, first: ReleaseLibrary, folder: Path, database: Database
) -> None:
    entry = published(entries, quotes(first, PRICE))
    publish(folder, with_charter("cinquante", "soixante"))

    class Slow(Entries):
        """A store in which somebody saves between the look and the writing."""

        is_first = True

        def follow(self, id: str, version: int, *rest: object) -> Entry:
            if self.is_first:
                self.is_first = False
                said = edit("Combien ?", citations=entry.edit.citations)
                entries.save(id, version, said, PAUL)
            return super().follow(id, version, *rest)  # type: ignore[arg-type]

    with current(folder) as opened:
        done = follow(Slow(database, Clock()), opened)
    changed = now(entries, entry)
    assert (changed.edit.question, changed.status) == ("Combien ?", "review")
    assert done.reviewed == (changed,)
    assert [one.action for one in entries.history(entry.id)][-2:] == ["save", "follow"]
    assert is_consistent(database)


def test_a_look_writes_nothing_and_tells_all(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    entry = published(entries, quotes(first, SIGN, PRICE))
    told: list[tuple[str, int, int]] = []
    with library(folder, with_charter("cinquante", "soixante")) as opened:
        [seen] = look_at_all(entries, opened, progress=lambda *step: told.append(step))
    assert now(entries, entry) == entry and not seen.is_true
    shown = seen.as_json()
    assert (shown["status"], shown["question"]) == ("published", "Qui ?")
    assert [one["state"] for one in shown["citations"]] == ["alive", "changed"]
    assert shown["citations"][1]["found"]["quote"] == DEARER
    assert "citation [2]" in shown["why"] == shown["citations"][1]["why"]
    assert told == [("Fiches revues", 1, 1)]


def test_the_words_of_another_place_are_proposed_when_a_source_has_nothing_alike(
    entries: Entries, first: ReleaseLibrary, folder: Path
) -> None:
    [asked] = quotes(first, PRICE)
    moved = "# Les tarifs\n\n## Adhérer\n\n" + PRICE + "\n"
    short = CHARTER.partition("## Combien")[0]
    with library(folder, {**SHEETS, "charte.md": short, "tarifs.md": moved}) as opened:
        seen = look(draft(entries, [asked]), opened)
    [lost] = seen.lost
    assert lost.state == "changed" and lost.found
    assert lost.found["quote"] == PRICE and lost.found["source"]["title"] == "Les tarifs"


def test_nothing_is_proposed_in_place_of_what_is_alive() -> None:
    assert proposal(edit().citations[0]) is None
