from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.answers import Search
from app.assistant import Assistant
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.exports.formats import format_named
from app.faq.imports.intake import ImportReport, Intake, Taken
from app.faq.imports.reader import read_faq
from app.faq.imports.row import BadRow, Kind, Reading, Row
from app.staff.person import Person
from ingest.documents import Passage
from tests.faq.edits import ANA, PAUL

Take = Callable[..., ImportReport]

SIGN = "Toute collectivité peut signer la charte."
ASKED = Row("ligne 2", "Qui peut signer ?", SIGN, ("Puis-je signer ?",), "Charte")


@pytest.fixture
def take(entries: Entries, assistant: Assistant) -> Take:
    """Takes rows in; returns what became of them."""

    def take(*rows: Row, who: Person = PAUL, **options: bool) -> ImportReport:
        return Intake(entries, who, assistant, **options).take(Reading(rows, ()), "faq.csv")

    return take


def entry_of(entries: Entries, taken: Taken) -> Entry:
    assert taken.entry is not None
    entry = entries.get(taken.entry)
    assert entry is not None
    return entry


def results(report: ImportReport) -> list[str]:
    return [one.result for one in report.taken]


def test_a_question_becomes_a_draft_with_proposed_citations(take: Take, entries: Entries) -> None:
    [taken] = take(ASKED).taken
    entry = entry_of(entries, taken)
    assert (taken.result, taken.citations, taken.lacking) == ("created", 1, ())
    assert (entry.status, entry.author, entry.edit.theme) == ("draft", "Paul", "Charte")
    assert entry.edit.answer == f"{SIGN} [1]" and entry.edit.citations[0].quote == SIGN
    assert entries.history(entry.id)[0].why == "Importée de faq.csv."
    assert entries.comments(entry.id) == []


def test_what_no_source_says_is_a_draft_with_a_note(take: Take, entries: Entries) -> None:
    [taken] = take(replace(ASKED, answer="La piscine ouvre à dix heures.")).taken
    entry = entry_of(entries, taken)
    assert (entry.status, entry.edit.citations) == ("draft", ())
    [comment] = entries.comments(entry.id)
    assert comment.text.startswith("Sans appui dans les sources :\n« La piscine ouvre à dix ")


def test_nothing_is_imported_twice(take: Take, entries: Entries) -> None:
    report = take(ASKED, replace(ASKED, place="ligne 3", question="QUI PEUT SIGNER"))
    assert results(report) == ["created", "skipped"]
    assert report.taken[1].why == "Cette question est déjà dans le fichier (ligne 2)."
    again = take(ASKED, Row("ligne 3", "puis je signer", "Oui."))
    assert results(again) == ["skipped", "skipped"]
    assert again.taken[0].why == "Une fiche répond déjà à cette question."
    told = "Cette question est déjà une autre formulation de « Qui peut signer ? »."
    assert again.taken[1].why == told
    assert len(entries.find()) == 1


def test_an_entry_is_brought_up_to_date_when_that_is_asked_for(
    take: Take, entries: Entries
) -> None:
    [made] = take(ASKED).taken
    new = replace(ASKED, answer="La signature est gratuite.", variants=(), theme="Signature")
    assert results(take(new)) == ["skipped"]
    [taken] = take(new, updates=True).taken
    edit = entry_of(entries, made).edit
    assert (taken.result, taken.entry) == ("updated", made.entry)
    assert (edit.theme, edit.variants) == ("Signature", ("Puis-je signer ?",))
    assert edit.answer == "La signature est gratuite. [1]"
    assert edit.citations[0].quote == "La signature est gratuite et ne crée aucune obligation."
    assert results(take(new, updates=True)) == ["same"]


def test_an_answer_that_stays_keeps_its_citations(take: Take, entries: Entries) -> None:
    [made] = take(ASKED).taken
    before = entry_of(entries, made).edit
    take(replace(ASKED, theme="Autre"), updates=True)
    after = entry_of(entries, made).edit
    assert (after.answer, after.citations) == (before.answer, before.citations)
    take(replace(ASKED, answer=f"{SIGN} [1] La charte se signe."), updates=True)
    assert entry_of(entries, made).edit.citations == before.citations


def test_an_answer_that_stays_is_held_against_what_it_cites(take: Take, entries: Entries) -> None:
    alone = replace(ASKED, answer="La piscine ouvre à dix heures.")
    [made] = take(alone).taken
    [taken] = take(replace(alone, theme="Autre"), updates=True).taken
    assert (taken.result, entry_of(entries, made).edit.theme) == ("updated", "Autre")
    [lacking] = taken.lacking
    assert lacking.startswith("« La piscine ouvre à dix heures. » : ")
    [made] = take(replace(ASKED, question="Qui signe ?", variants=())).taken
    [taken] = take(replace(ASKED, question="Qui signe ?", theme="Autre"), updates=True).taken
    assert (taken.result, taken.lacking) == ("updated", ())


@pytest.mark.parametrize("is_trial", [False, True])
def test_a_bad_row_hides_no_good_one_of_its_question(take: Take, is_trial: bool) -> None:
    rows = replace(ASKED, answer="a" * 4_001), replace(ASKED, place="ligne 3")
    report = take(*rows, replace(ASKED, place="ligne 4"), is_trial=is_trial)
    assert results(report) == ["bad", "created", "skipped"]
    assert report.taken[2].why == "Cette question est déjà dans le fichier (ligne 3)."


@pytest.mark.parametrize("is_trial", [False, True])
def test_a_variant_that_an_update_adds_gets_no_entry_of_its_own(
    take: Take, entries: Entries, is_trial: bool
) -> None:
    take(ASKED)
    rows = replace(ASKED, variants=("Moi ?",)), Row("ligne 3", "moi", SIGN)
    report = take(*rows, updates=True, is_trial=is_trial)
    assert results(report) == ["updated", "skipped"] and len(entries.find()) == 1
    assert report.taken[1].why == "Cette question est déjà dans le fichier (ligne 2)."


def test_a_changed_answer_is_held_against_the_citations_that_it_names(
    take: Take, entries: Entries
) -> None:
    [made] = take(replace(ASKED, answer=f"{SIGN}\n\nLa signature est gratuite.")).taken
    before = entry_of(entries, made)
    assert before.edit.answer == f"{SIGN} [1]\n\nLa signature est gratuite. [2]"
    wrong = "Toute collectivité peut signer avant 2031. [1]"
    [taken] = take(replace(ASKED, answer=wrong), updates=True).taken
    after = entry_of(entries, made)
    assert after.edit.citations == before.edit.citations[:1], "what it names no more goes"
    [lacking] = taken.lacking
    assert lacking.startswith("« Toute collectivité peut signer avant 2031. » : ")
    assert entries.comments(after.id)[-1].text.endswith(lacking)
    [taken] = take(replace(ASKED, answer=f"{SIGN} [1] [7]"), updates=True).taken
    assert (taken.citations, taken.lacking) == (1, ()), "those of another file are searched anew"


def test_an_empty_cell_empties_nothing(take: Take, entries: Entries) -> None:
    [made] = take(ASKED).taken
    before = entry_of(entries, made)
    assert results(take(replace(ASKED, variants=(), theme=""), updates=True)) == ["same"]
    take(replace(ASKED, variants=("Moi ?",), theme=""), updates=True)
    assert entry_of(entries, made).edit == replace(before.edit, variants=("Moi ?",))


@pytest.mark.parametrize("updates", [False, True])
def test_what_is_archived_stays_so_and_is_not_made_again(
    take: Take, entries: Entries, updates: bool
) -> None:
    [made] = take(ASKED).taken
    archived = entries.archive(entry_of(entries, made).id, 1, PAUL)
    variant = Row("ligne 3", "Puis-je signer ?", "Oui.")
    report = take(replace(ASKED, variants=(), answer="Non."), variant, updates=updates)
    assert results(report) == ["skipped", "skipped"] and entries.find() == [archived]
    assert {one.why for one in report.taken} == {
        "La fiche archivée « Qui peut signer ? » pose déjà cette question : rétablissez-la pour "
        "la reprendre."
    }


def test_a_variant_of_the_file_is_no_question_of_its_own(take: Take, entries: Entries) -> None:
    report = take(ASKED, Row("ligne 3", "Puis je signer", SIGN))
    assert results(report) == ["created", "skipped"] and len(entries.find()) == 1
    assert report.taken[1].why.endswith("(ligne 2).")


def test_a_published_entry_that_a_file_changes_is_to_be_read_again(
    take: Take, entries: Entries
) -> None:
    [made] = take(ASKED).taken
    published = entries.publish(entry_of(entries, made).id, 1, PAUL)
    assert results(take(ASKED, updates=True)) == ["same"]
    assert entry_of(entries, made) == published
    assert take(replace(ASKED, theme="Autre"), updates=True, is_trial=True).withdrawn
    assert entry_of(entries, made) == published
    [taken] = take(replace(ASKED, answer="La signature est gratuite."), updates=True).withdrawn
    assert (taken.place, taken.result) == ("ligne 2", "updated")
    changed = entry_of(entries, made)
    assert changed.status == "review" and "à relire" in changed.why
    actions = [change.action for change in entries.history(entry_of(entries, made).id)]
    assert actions == ["create", "publish", "review"]


def test_a_redactor_s_file_changes_no_published_entry_and_the_rest_goes_on(
    take: Take, entries: Entries
) -> None:
    [made] = take(ASKED).taken
    published = entries.publish(entry_of(entries, made).id, 1, PAUL)
    other = Row("ligne 3", "Combien ?", "L’adhésion annuelle coûte cinquante euros.")
    rows = (replace(ASKED, answer="Non."), other)
    trial = take(*rows, who=ANA, updates=True, is_trial=True)
    report = take(*rows, who=ANA, updates=True)
    assert results(trial) == results(report) == ["bad", "created"]
    assert trial.taken[0] == report.taken[0] and not report.withdrawn
    assert report.taken[0].why.startswith("Seule une personne qui valide peut")
    assert entry_of(entries, made) == published


def test_what_breaks_a_rule_is_told_and_the_rest_goes_on(take: Take, entries: Entries) -> None:
    long = replace(ASKED, question="Q" * 301)
    report = take(replace(ASKED, answer="a" * 4_001), long, Row("ligne 4", "Où ?", "À Privas."))
    assert results(report) == ["bad", "bad", "created"]
    assert "4\u202f000 caractères au plus (4\u202f001 ici)" in report.taken[0].why
    assert "de 3 à 300 caractères (301 ici)" in report.taken[1].why


def test_a_trial_tells_the_same_and_writes_nothing(take: Take, entries: Entries) -> None:
    rows = (ASKED, Row("ligne 3", "Où ?", "À la mer."), Row("ligne 4", "Q", "a"))
    trial = take(*rows, is_trial=True)
    assert entries.find() == [] and trial.is_trial
    real = take(*rows)
    assert [replace(one, entry=None) for one in real.taken] == list(trial.taken)


class Nowhere:
    """Sources that say nothing."""

    def search(self, question: str, limit: int) -> Search:
        return Search(question, (), "r1", 0.0)

    def document(self, id: str) -> None:
        return None

    def passages_of(self, document: str) -> list[Passage]:
        return []


def test_the_report_counts_and_keeps_the_bad_rows_of_the_file(entries: Entries) -> None:
    reading = Reading((ASKED,), (BadRow("ligne 9", "La question est vide."),))
    steps: list[tuple[str, int, int]] = []

    intake = Intake(entries, PAUL, Nowhere())
    report = intake.take(reading, "faq.csv", lambda *step: steps.append(step))
    assert report.counts == {"created": 1, "updated": 0, "same": 0, "skipped": 0, "bad": 1}
    assert steps == [("Questions importées", 1, 1)]
    shown = json.loads(json.dumps(report.as_json()))
    assert shown["rows"][0] == {
        "place": "ligne 9", "result": "bad", "question": "", "why": "La question est vide.",
        "entry": None, "citations": 0, "lacking": [], "withdrawn": False,
    }  # fmt: skip
    assert (shown["file"], shown["dry_run"], shown["created"]) == ("faq.csv", False, 1)


@pytest.mark.parametrize(("name", "kind"), [("csv", "csv"), ("markdown", "markdown")])
def test_what_is_exported_and_imported_again_changes_nothing(
    take: Take, entries: Entries, name: str, kind: Kind
) -> None:
    take(
        ASKED, Row("ligne 3", "Combien ?", "L’adhésion coûte **cinquante** euros.\n\n- oui\n- non")
    )
    before = entries.find()
    format = format_named(name)
    assert format is not None
    data = format.made(before, "l'agence")
    report = take(*read_faq(data, kind).rows, updates=True)
    assert results(report) == ["same", "same"] and entries.find() == before
