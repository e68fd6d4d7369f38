"""``chartiste eval --faq``: the agency's own FAQ, asked of the release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.evaluate.cases import Case
from app.evaluate.published import cases_of
from app.faq.anchors import Anchors
from app.faq.entries import Entries
from app.faq.entry import Cited
from app.faq.imports.support import supported
from app.records.database import Database
from app.records.place import FILE
from ingest.documents import Source
from ingest.store import Store
from tests.app.conftest import Run
from tests.faq.edits import PAUL, cited, edit
from tests.faq.exports.made import entry

SIGN = "Toute collectivité peut signer la charte."


def test_a_question_and_its_variants_are_to_be_answered_from_what_is_cited() -> None:
    other = cited(2, source={**cited().source, "id": "s2"})
    [first, second] = cases_of([entry(edit=edit(citations=[cited(), other]))])
    sources = frozenset({"s1", "s2"})
    assert first == Case("a1-0", "Qui peut signer ?", "faq", True, sources=sources)
    assert (second.id, second.question) == ("a1-1", "Une commune signe-t-elle ?")
    assert second.kind == "faq (variante)"


def test_a_source_is_known_by_its_id() -> None:
    source = Source("La charte", name="charte.md")
    assert Case("1", "?", "", True, sources=frozenset({source.id})).is_from(source)
    assert not Case("1", "?", "", True, sources=frozenset({"autre"})).is_from(source)


@pytest.mark.parametrize(
    "citations", [(), (cited(state="changed"),), (cited(), cited(2, state="gone"))]
)
def test_an_entry_that_cites_nothing_alive_asks_nothing(citations: tuple[Cited, ...]) -> None:
    assert cases_of([entry(edit=edit(citations=citations))]) == []


@pytest.fixture
def faq(store: Store, assistant: Assistant) -> Entries:
    """The entries of a store; one of them is published and one is a draft."""
    database = Database(f"sqlite:///{store.folder / FILE}")
    database.migrate()
    entries = Entries(database, anchor=Anchors(assistant))
    found = supported("Qui peut signer la charte ?", SIGN, assistant.search)
    made = edit("Qui peut signer la charte ?", found.answer, ("Qui signe la charte ?",),
                found.citations)  # fmt: skip
    entries.publish(entries.create(made, PAUL).id, 1, PAUL)
    entries.create(edit("Combien ?", "Rien.", (), ()), PAUL)
    database.close()
    return entries


def test_the_published_entries_are_asked_beside_files(
    run: Run, store: Store, faq: Entries, tmp_path: Path
) -> None:
    file = tmp_path / "questions.csv"
    file.write_text("question,source\nQui peut signer la charte ?,charte.md\n", encoding="utf-8")
    code, out, _ = run(file, "--faq", "--json", "--store", store.folder)
    first, second = json.loads(out)["evaluations"]
    assert code == 0 and (first["file"], second["file"]) == ("questions.csv", "FAQ publiée")
    found = second["figures"]["first"]
    assert (found["value"], found["cases"]) == (1.0, 2) and second["failures"] == []


def test_an_entry_that_is_not_answered_from_what_it_cites_is_told(
    run: Run, store: Store, faq: Entries
) -> None:
    [published] = faq.published()
    siege = edit("Où se trouve le siège de l’ALEC07 ?", f"{SIGN} [1]", (), published.edit.citations)
    faq.save(published.id, published.version, siege, PAUL)
    code, out, _ = run("--faq", "--json", "--store", store.folder)
    [failure] = json.loads(out)["failures"]
    assert code == 0 and failure["question"] == "Où se trouve le siège de l’ALEC07 ?"
    code, out, _ = run("--faq", "--limit", "1", "--store", store.folder)
    assert code == 0 and "FAQ publiée" in out


def test_without_questions_there_is_one_sentence(run: Run, store: Store) -> None:
    code, _, err = run("--store", store.folder)
    assert (code, err) == (2, "Donnez un fichier de questions, ou --faq.\n")
    code, _, err = run("--faq", "--store", store.folder)
    assert code == 5 and err.startswith("Il n'y a pas encore de fiches")
    database = Database(f"sqlite:///{store.folder / FILE}")
    database.migrate()
    database.close()
    code, _, err = run("--faq", "--store", store.folder)
    assert (code, err) == (2, "Aucune fiche n'est publiée : --faq n'a rien à demander.\n")
