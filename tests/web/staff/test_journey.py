"""From what citizens ask to a published answer that stays true: the whole way, by keyboard.

Three hundred questions are asked, a group without answer and one with an answer become drafts, one
is published and answers a citizen who asks in other words; its source changes, it is reviewed,
mended and published again. The server, its accounts and its ingests are those of the command.

``CHARTISTE_TEST_SCREENSHOTS=FOLDER`` keeps a picture of each page, at 1280 and 360 pixels.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app.web.staff import words
from tests.app.texts import SHEETS, write
from tests.web.chromium import chromium_opened
from tests.web.staff.hands import PICTURES, Hands

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LIST = Path("tests/data/asked.txt")
COMMAND = [sys.executable, "-m", "app.cli"]
PASSWORD = "une longue phrase de passe 7"
PRICE = "Combien coûte l'adhésion à la charte ?"
HOURS = "Quels sont les horaires d'ouverture de l'agence ?"
IN_OTHER_WORDS = "Quel est le tarif annuel de l'adhésion ?"
SAID, DEARER = "cinquante euros", "soixante-dix euros"
FALSE = "Elle donne droit à un vélo électrique."


def blocks() -> list[list[str]]:
    """The questions: those that ask the same together, then those that nobody else asks."""
    parts = [part.splitlines() for part in LIST.read_text(encoding="utf-8").strip().split("\n\n")]
    return [*parts[:-1], *([one] for one in parts[-1])]


@dataclass(frozen=True)
class Site:
    """A server at work, its folders, and how its commands are run."""

    address: str
    sheets: Path
    store: Path

    def run(self, *arguments: str, said: str = "") -> None:
        """Run a command to its end."""
        done = subprocess.run(
            [*COMMAND, *arguments, "--store", str(self.store)], input=said, text=True,
            capture_output=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def ingest(self) -> None:
        """Make a release of the sheets."""
        self.run("ingest", str(self.sheets))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The command's own server over four sheets, with a journal and two accounts."""
    home = tmp_path_factory.mktemp("site")
    write(home / "fiches", SHEETS)
    site = Site("", home / "fiches", home / "store")
    site.ingest()
    for name, role in (("Ana", "redactor"), ("Paul", "validator")):
        site.run("staff", "add", name, "--role", role, said=f"{PASSWORD}\n")
    set_ = {**os.environ, "CHARTISTE_JOURNAL_DAYS": "30", "CHARTISTE_AGENCY": "l'ALEC07"}
    log = (home / "log.txt").open("w")
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--store", str(site.store)], env=set_, text=True,
        stdout=subprocess.PIPE, stderr=log,
    )  # fmt: skip
    try:
        yield Site(_address(server), site.sheets, site.store)
    finally:
        server.terminate()
        server.wait(30)
        server.stdout.close()  # type: ignore[union-attr]
        log.close()
    assert "Traceback" not in (home / "log.txt").read_text()


def _address(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


def hands(browser: Browser) -> Hands:
    """Somebody before a browser of their own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    context.set_default_timeout(60_000)
    return Hands(context.new_page())


def test_there_are_three_hundred_questions_two_fifths_of_them_in_other_words() -> None:
    asked = [question for block in blocks() for question in block]
    assert len(asked) == len(set(asked)) == 300
    assert sum(len(block) - 1 for block in blocks()) == 120


def test_from_a_question_to_an_answer_that_stays_true(site: Site, browser: Browser) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
    citizen, ana, paul = (hands(browser) for _ in range(3))
    everybody_asks(site, citizen)
    logs_in(site, ana, "Ana")
    sees_what_is_asked(ana)
    drafts_the_largest_unanswered(site, ana)
    entry = drafts_the_largest_answered(site, ana)
    is_told_of_an_unsupported_sentence(ana)
    submits(ana)
    logs_in(site, paul, "Paul")
    publishes(site, paul, entry)
    assert f"deux mots : {SAID}" in asks(site, citizen, IN_OTHER_WORDS, "answered-by-the-entry")
    the_source_is_edited(site)
    is_told_of_it_and_mends_the_entry(site, paul, entry)
    assert DEARER in asks(site, citizen, IN_OTHER_WORDS, "answered-by-the-mended-entry")
    reads_the_faq(site, citizen)
    tries_a_phrasing(site, paul)
    verifies_all(site, paul)
    for other in ("/staff/manquantes", "/staff/fiches", f"/staff/fiches/{entry}/historique",
                  "/staff/tableau/", "/staff/"):  # fmt: skip
        paul.page.goto(f"{site.address}{other}")
        expect(paul.page.get_by_role("heading", level=1)).to_be_visible()
        expect(paul.page.locator("#ch-loading")).to_have_count(0)
        paul.see(f"also{other.replace('/', '-')}".rstrip("-"))
    leaves(site, ana)


def everybody_asks(site: Site, citizen: Hands) -> None:
    """One in the page, the others through the API, and all of them are in the journal."""
    first, *others = [question for block in blocks() for question in block]
    asks(site, citizen, first, "answered")

    def ask(question: str) -> str:
        answer = httpx.post(
            f"{site.address}/api/v1/ask", json={"question": question}, timeout=60
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        return str(answer.json()["outcome"])

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(ask, others))
    assert {"answered", "not_found"} <= set(outcomes)


def asks(site: Site, citizen: Hands, question: str, name: str) -> str:
    """A citizen asks on the assistant's page; what it answers."""
    citizen.page.goto(site.address)
    box = citizen.page.get_by_label("Votre question")
    expect(box).to_be_visible()
    citizen.reach(box)
    citizen.page.keyboard.insert_text(question)
    citizen.page.keyboard.press("Enter")
    expect(citizen.page.locator("#q1 .ch-tools")).to_be_visible()
    citizen.see(name)
    return citizen.page.locator("#q1").inner_text()


def logs_in(site: Site, who: Hands, name: str) -> None:
    who.page.goto(f"{site.address}/staff/questions")
    if name == "Ana":
        who.see("login")
    who.write(words.NAME, name)
    who.write(words.PASSWORD, PASSWORD)
    who.press(who.button("Se connecter"))
    expect(who.page.get_by_role("heading", level=1)).to_have_text("Ce qui est demandé")


def groups(page: Page) -> list[str]:
    return page.locator("article h2").all_inner_texts()


def questions_of(page: Page, number: int) -> list[str]:
    """The questions of a group, without what came of them."""
    items = page.locator("article").nth(number).locator("details li")
    return [re.sub(r" \([^()]*\)$", "", text) for text in items.all_text_contents()]


def sees_what_is_asked(ana: Hands) -> None:
    """Groups without answer come first; each is mostly of one thing."""
    expect(ana.page.locator("article").first).to_be_visible(timeout=120_000)
    expect(ana.page.locator("article").first).to_contain_text("Sans réponse")
    ana.toggle(ana.page.locator("article summary"), "Enter")
    ana.see("what-is-asked")
    assert f"{300} questions en" in ana.page.locator(".ch-count").inner_text()
    hours = next(block for block in blocks() if block[0] == HOURS)
    (place,) = [n for n, title in enumerate(groups(ana.page)) if title in hours][:1]
    asked = questions_of(ana.page, place)
    assert place == 0, groups(ana.page)[:3]
    assert len(set(asked) & set(hours)) >= 6 and len(set(asked) - set(hours)) <= 2, asked


def drafts_the_largest_unanswered(site: Site, ana: Hands) -> None:
    """A note for who ingests, then a draft; a passage is cited in it by hand."""
    page = ana.page
    ana.press(ana.button("Source manquante"))
    expect(page.get_by_role("status")).to_contain_text("La note est écrite.")
    ana.see("missing-source")
    page.goto(f"{site.address}/staff/questions")
    ana.press(ana.button("Préparer une fiche"))
    expect(page.get_by_role("status").first).to_contain_text("Les sources n'y répondent pas")
    ana.see("draft-without-answer")
    ana.write("Chercher un passage à citer", "siège de l'ALEC07 à Privas")
    ana.press(ana.button("Chercher"))
    ana.press(ana.button("Citer ce passage"))
    ana.write("Réponse", "Son siège se trouve à Privas. [1]")
    ana.press(ana.button("Enregistrer"))
    expect(page.locator("#verification")).to_contain_text("La phrase est confirmée.")


def drafts_the_largest_answered(site: Site, ana: Hands) -> str:
    """The entry's id. Its answer is the assistant's, its variants what citizens asked."""
    page = ana.page
    page.goto(f"{site.address}/staff/questions")
    ana.choose("Résultat", "répondues par les sources")
    ana.press(ana.button("Filtrer"))
    ana.see("what-is-answered")
    price = next(block for block in blocks() if block[0] == PRICE)
    assert len(set(questions_of(page, 0)) & set(price)) >= 5, questions_of(page, 0)
    ana.press(ana.button("Préparer une fiche"))
    expect(page.get_by_role("status").first).to_contain_text("Le brouillon est prêt")
    ana.see("draft-with-answer")
    expect(page.get_by_label("Réponse", exact=True)).to_have_value(re.compile(SAID))
    return page.url.split("/")[-1].partition("?")[0]


def is_told_of_an_unsupported_sentence(ana: Hands) -> None:
    page = ana.page
    ana.write("Question", PRICE)
    ana.write("Thème", "Adhérer")
    ana.write("Réponse", f"L’adhésion annuelle coûte {SAID}. [1] {FALSE} [1]")
    ana.press(ana.button("Vérifier sans enregistrer"))
    told = page.locator("#verification")
    expect(told).to_contain_text("1 phrase n'est pas confirmée par les citations, sur 2.")
    expect(told.locator(".ch-no")).to_contain_text(FALSE)
    assert len(told.locator(".ch-no .ch-reason").inner_text()) > 10
    ana.see("unsupported-sentence")


def submits(ana: Hands) -> None:
    """The false sentence is taken out; what citizens read is said in the answer's own words."""
    page = ana.page
    ana.write("Réponse", f"L’adhésion annuelle coûte {SAID}. [1]")
    ana.press(ana.button("Enregistrer et soumettre"))
    expect(page.get_by_role("status").first).to_contain_text("soumise à validation")
    ana.toggle(page.locator("summary").filter(has_text="Aperçu"), "Enter")
    ana.see("submitted")
    assert page.locator("main button").filter(has_text="publier").count() == 0


def publishes(site: Site, paul: Hands, entry: str) -> None:
    """Paul finds it among those that wait, adds a word of his own, and publishes."""
    page = paul.page
    page.goto(f"{site.address}/staff/fiches")
    paul.choose("Statut", "à valider")
    paul.press(paul.button("Filtrer"))
    paul.see("entries-that-wait")
    paul.press(page.get_by_role("link", name=PRICE))
    assert page.url.endswith(entry)
    paul.write("Réponse", f"En deux mots : {SAID}. L’adhésion annuelle coûte {SAID}. [1]")
    paul.press(paul.button("Enregistrer et publier"))
    if page.locator("#malgre").count():
        paul.see("unconfirmed")
        paul.toggle(page.locator("#malgre"))
        paul.press(paul.button("Enregistrer et publier"))
    expect(page.get_by_role("status").first).to_contain_text("La fiche est publiée")
    paul.see("published")


def the_source_is_edited(site: Site) -> None:
    file = site.sheets / "charte.md"
    file.write_text(file.read_text().replace(SAID, DEARER))
    site.ingest()


def is_told_of_it_and_mends_the_entry(site: Site, paul: Hands, entry: str) -> None:
    """Both texts are there, the new passage is one key away; the answer is put right."""
    page = paul.page
    for _ in range(60):
        page.goto(f"{site.address}/staff/fiches?statut=review")
        if page.get_by_role("link", name=PRICE).count():
            break
        time.sleep(1)
    paul.see("entries-to-review")
    paul.press(page.get_by_role("link", name=PRICE))
    both = page.locator(".ch-both")
    expect(both.locator("del").first).to_contain_text("cinquante")
    expect(both.locator("ins").first).to_contain_text("soixante-dix")
    paul.see("both-texts")
    paul.press(paul.button("Prendre ce passage comme citation"))
    expect(page.locator(".ch-both")).to_have_count(0)
    expect(page.locator("#verification .ch-no").first).to_contain_text(SAID)
    paul.see("new-citation")
    paul.write("Réponse", f"L’adhésion annuelle coûte {DEARER}. [1]")
    paul.press(paul.button("Enregistrer et publier"))
    expect(page.get_by_role("status").first).to_contain_text("La fiche est publiée")


def reads_the_faq(site: Site, citizen: Hands) -> None:
    """The entry is on the public page, and in its data for search engines."""
    citizen.page.goto(f"{site.address}/faq")
    citizen.see("faq")
    expect(citizen.page.locator("main")).to_contain_text(DEARER)
    (data,) = citizen.page.locator('script[type="application/ld+json"]').all_text_contents()
    shown = json.loads(data)
    assert shown["@context"] == "https://schema.org" and shown["@type"] == "FAQPage"
    (question,) = shown["mainEntity"]
    assert (question["@type"], question["name"]) == ("Question", PRICE)
    assert question["acceptedAnswer"]["@type"] == "Answer"
    assert DEARER in question["acceptedAnswer"]["text"]


def tries_a_phrasing(site: Site, paul: Hands) -> None:
    paul.page.goto(f"{site.address}/staff/essayer")
    paul.write("Question", IN_OTHER_WORDS)
    paul.press(paul.button("Essayer"))
    expect(paul.page.get_by_role("status")).to_contain_text(f"« {PRICE} » répondrait")
    paul.see("tried")


def verifies_all(site: Site, paul: Hands) -> None:
    """All entries are verified at once, then drafts are made of what is asked most."""
    for number, name in ((1, "verified"), (0, "drafted")):
        paul.page.goto(f"{site.address}/staff/travaux")
        if number:
            paul.see("work")
        paul.press(paul.button("Commencer").nth(number))
        expect(paul.page.locator(".ch-done")).to_contain_text("Travail terminé", timeout=180_000)
        paul.see(name)
    drafts = paul.page.locator(".ch-list li")
    assert drafts.count() == 20


def leaves(site: Site, ana: Hands) -> None:
    ana.page.goto(f"{site.address}/staff/")
    ana.press(ana.page.get_by_role("button", name="Déconnexion"))
    ana.page.goto(f"{site.address}/staff/fiches")
    expect(ana.page.get_by_label(words.PASSWORD, exact=True)).to_be_visible()
