"""The list of entries: by status, theme and text."""

from __future__ import annotations

import pytest

from app.web.staff import entries
from tests.faq.edits import cited, edit
from tests.web.staff.desk import ANA, PAUL, Desk, Shown


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Three entries: a draft on signing, a published one on prices, an archived one."""
    store = desk.entries
    store._anchor = None
    store.create(edit("Qui peut signer ?", theme="Charte"), ANA)
    price = store.create(edit("Combien coûte l'adhésion ?", theme="Prix"), ANA)
    store.publish(price.id, 1, PAUL)
    old = store.create(edit("Où est la gare ?", theme=""), ANA)
    store.archive(old.id, 1, PAUL)
    return desk


def titles(page: Shown) -> list[str]:
    return [one.text for one in page.all(".ch-list a")]


def test_all_are_listed_the_last_changed_first_with_their_status(filled: Desk) -> None:
    page = Shown.at(filled.ana, "/staff/fiches")
    assert titles(page) == ["Où est la gare ?", "Combien coûte l'adhésion ?", "Qui peut signer ?"]
    badges = [one.text for one in page.all(".ch-badge")]
    assert badges == ["archivée", "publiée", "brouillon"]
    options = [one.text for one in page.all("#statut option")]
    assert options == ["tous (3)", "brouillon (1)", "à valider (0)", "publiée (1)", "à revoir (0)",
                       "archivée (1)"]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?statut=published", ["Combien coûte l'adhésion ?"]),
        ("?theme=Charte", ["Qui peut signer ?"]),
        ("?texte=ADHESION", ["Combien coûte l'adhésion ?"]),
        ("?texte=signer&theme=Prix", ["Combien coûte l'adhésion ?"]),
        ("?statut=review", []),
        ("?statut=inconnu&page=x", ["Où est la gare ?", "Combien coûte l'adhésion ?",
                                    "Qui peut signer ?"]),
    ],
)  # fmt: skip
def test_filters_go_together(filled: Desk, query: str, found: list[str]) -> None:
    page = Shown.at(filled.ana, f"/staff/fiches{query}")
    assert titles(page) == found
    assert (entries.NOTHING in page.text) == (not found)


def test_filters_are_a_plain_form_that_remembers(filled: Desk) -> None:
    page = Shown.at(filled.ana, "/staff/fiches")
    page = page.send("Filtrer", statut="draft", texte='signer"><b>')
    assert page.all("#statut option[selected]")[0].get("value") == "draft"
    assert page.all("#texte")[0].get("value") == 'signer"><b>' and not page.all("main b")


def test_why_an_entry_is_to_be_mended_is_in_the_list(filled: Desk) -> None:
    (entry,) = filled.entries.find({"published"})
    lost = [cited(state="gone")]
    filled.entries.follow(entry.id, entry.version, lost, "La source a disparu.")
    page = Shown.at(filled.ana, "/staff/fiches?statut=review")
    assert page.all(".ch-reason-why")[0].text == "La source a disparu."


def test_without_an_entry_the_page_says_where_to_begin(desk: Desk) -> None:
    page = Shown.at(desk.ana, "/staff/fiches")
    assert entries.EMPTY in page.text
    assert page.all("main .ch-button")[0].get("href") == "fiches/nouvelle"


def test_many_are_on_several_pages(desk: Desk) -> None:
    desk.entries._anchor = None
    for number in range(23):
        desk.entries.create(edit(f"Question {number} ?"), ANA)
    page = Shown.at(desk.ana, "/staff/fiches?theme=Charte")
    assert len(titles(page)) == 20 and "23 fiches." in page.text
    after = page.all(".ch-pager a")[0].get("href")
    assert "theme=Charte" in after and "page=2" in after
    assert len(titles(Shown.at(desk.ana, f"/staff/fiches{after}"))) == 3
