"""``/staff/``: what waits to be done, and where to do it."""

from __future__ import annotations

from app.faq.wanted import Wanted
from app.web.staff import home
from tests.faq.edits import edit
from tests.web.staff.desk import ANA, PAUL, Desk, Shown


def links(page: Shown) -> dict[str, str]:
    return {link.text_content(): link.get("href") for link in page.all("main a")}


def test_nothing_to_do_shows_the_pages_alone(desk: Desk) -> None:
    page = Shown.at(desk.ana, "/staff/")
    assert "Bonjour, Ana" in page.text and "À faire" not in page.text
    assert {"Fiches", "Ce qui est demandé"} <= set(links(page))


def test_what_waits_is_counted_and_leads_there(desk: Desk) -> None:
    desk.entries._anchor = None
    first, second, third = (desk.entries.create(edit(f"Qui signe {n} ?"), ANA) for n in range(3))
    desk.entries.submit(first.id, first.version, ANA)
    published = desk.entries.publish(second.id, second.version, PAUL)
    desk.entries.review(second.id, published.version, PAUL, "Le prix a changé.")
    notes = [Wanted(desk.base).add(f"Les tarifs de {year}", [], ANA) for year in (2026, 2027, 2028)]
    Wanted(desk.base).mark(notes[0].id, notes[0].text, done=True)
    page = Shown.at(desk.paul, "/staff/")
    found = links(page)
    assert list(found)[:4] == [
        "1 fiche à revoir", "1 fiche à valider", "1 fiche en brouillon", "2 sources à trouver",
    ]  # fmt: skip
    assert home.NOT_YOURS not in page.text
    shown = Shown.at(desk.paul, f"/staff/{found['1 fiche à revoir'].removeprefix('../staff/')}")
    assert second.edit.question in shown.text and third.edit.question not in shown.text


def test_a_redactor_is_told_whose_turn_it_is(desk: Desk) -> None:
    desk.entries._anchor = None
    first, _ = (desk.entries.create(edit(f"Qui signe {n} ?"), ANA) for n in range(2))
    desk.entries.submit(first.id, first.version, ANA)
    page = Shown.at(desk.ana, "/staff/")
    mine, other = page.all("main h2")[:2]
    assert (mine.text, other.text) == (home.TO_DO, home.NOT_YOURS)
    lists = [one.text_content() for one in page.all("main ul")[:2]]
    assert lists == ["1 fiche en brouillon", "1 fiche à valider"]


def test_the_page_s_title_says_each_thing_once(desk: Desk) -> None:
    (title,) = Shown.at(desk.ana, "/staff/").all("title")
    assert title.text == "Accueil – Espace de l'équipe – Chartiste"
