"""The FAQ as files, from the workspace: downloads, an upload, and the report of an import."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi import FastAPI
from httpx2 import Response
from openpyxl import load_workbook
from starlette.testclient import TestClient

from app.assistant import Assistant
from app.faq.entries import Entries
from app.faq.exports.formats import FORMATS, Format
from app.faq.imports import words as imports
from app.faq.imports.intake import ImportReport, Taken
from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from app.web.policies import FILE_BODY
from app.web.staff import exchange, words
from tests.faq.edits import PAUL, edit
from tests.web.staff.people import csrf, logged_in, visitor

PATH = "/staff/export"
TABLE = (
    "question;réponse\n"
    "Qui peut signer la charte ?;Les collectivités peuvent signer la charte.\n"
    "Où est <b>la piscine</b> ?;Au centre du village.\n"
    "Combien ?;\n"
)


@pytest.fixture(scope="module")
def shared_exchange(real: Assistant, configured: Settings, shared_base: Database) -> FastAPI:
    return create_app(real, configured, shared_base)


@pytest.fixture
def app(shared_exchange: FastAPI, base: Database) -> FastAPI:
    """The whole application over two sheets, in whose database nothing is."""
    return shared_exchange


@pytest.fixture
def entries(base: Database) -> Entries:
    return Entries(base)


@pytest.fixture
def ana(app: FastAPI, base: Database) -> Iterator[TestClient]:
    """The browser of a redactor."""
    yield logged_in(app, base)


def send(
    client: TestClient, data: str | bytes = TABLE, name: str = "faq.csv", **options: str
) -> str:
    """Upload a file; returns the text of its report once it is done."""
    response = upload(client, data, name, **options)
    assert response.status_code == 303, response.text
    address = f"{PATH}/{response.headers['location'].rpartition('export/')[2]}"
    for _ in range(100):
        page = unescape(client.get(address).text)
        if words.IMPORTING not in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the import does not end")


def upload(client: TestClient, data: str | bytes, name: str, **options: str) -> Response:
    content = data.encode() if isinstance(data, str) else data
    return client.post(
        PATH, data={"csrf": csrf(client), **options}, files={"file": (name, content, "text/csv")}
    )


# Downloads


@pytest.mark.parametrize("format", FORMATS, ids=lambda one: one.name)
def test_each_format_is_downloaded_under_its_name(
    ana: TestClient, entries: Entries, format: Format
) -> None:
    entries.create(edit(), PAUL)
    response = ana.get(f"{PATH}/faq?format={format.name}&status=draft")
    assert response.status_code == 200
    assert response.content == format.made(entries.find(), "l'agence")
    disposition = f'attachment; filename="{format.file_name}"'
    assert response.headers["content-disposition"] == disposition
    assert response.headers["content-type"].startswith(format.media_type)
    assert response.headers["cache-control"] == "no-store"
    assert "sandbox" in response.headers["content-security-policy"] or format.name == "html"


def test_entries_are_chosen_by_status(ana: TestClient, entries: Entries) -> None:
    made = entries.create(edit(), PAUL)
    entries.publish(made.id, 1, PAUL)
    entries.create(edit("Combien ?"), PAUL)

    def questions(query: str) -> list[str]:
        data = json.loads(ana.get(f"{PATH}/faq?format=json&{query}").content)
        return [one["question"] for one in data["entries"]]

    assert questions("status=published") == ["Qui peut signer ?"]
    assert questions("status=draft&status=published") == ["Qui peut signer ?", "Combien ?"]
    assert questions("status=archived") == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("", words.NO_FORMAT),
        ("format=pdf&status=draft", words.NO_FORMAT),
        ("format=csv&status=draft&status=secret", words.NO_FORMAT),
        ("format=csv", words.NO_STATUS),
    ],
)
def test_what_cannot_be_downloaded_is_said_on_the_page(
    ana: TestClient, query: str, told: str
) -> None:
    response = ana.get(f"{PATH}/faq?{query}")
    page = unescape(response.text)
    assert response.status_code == 422 and told in page and "<title>Erreur" in page
    assert 'role="alert"' in page and '<fieldset aria-describedby="erreur">' in page
    assert "aria-invalid" not in page, "the upload is not what is wrong"
    assert ana.get(f"{PATH}/faq?format=csv&status=draft").status_code == 200


def test_what_was_chosen_stays_chosen(ana: TestClient) -> None:
    page = ana.get(f"{PATH}/faq?format=xlsx").text
    assert '<option value="xlsx" selected>' in page
    assert not re.search(r'name="status" value="\w+" checked', page)
    for options in ({}, {"update": "1"}, {"trial": "1"}):
        page = upload(ana, "x", "faq.docx", **options).text
        ticked = re.findall(r'name="(trial|update)" value="1" checked', page)
        assert ticked == list(options)


def test_a_downloaded_spreadsheet_holds_no_formula(ana: TestClient, entries: Entries) -> None:
    entries.create(edit("=1+1 ?", "@SUM(A1)", ("-1 ?",), ()), PAUL)
    data = ana.get(f"{PATH}/faq?format=csv&status=draft").content.decode("utf-8-sig")
    [_, row] = csv.reader(io.StringIO(data, newline=""), delimiter=";")
    assert row[:3] == ["'=1+1 ?", "'-1 ?", "'@SUM(A1)"]
    book = ana.get(f"{PATH}/faq?format=xlsx&status=draft").content
    assert load_workbook(io.BytesIO(book)).worksheets[0]["A2"].value == "'=1+1 ?"


# The page


def test_nobody_gets_in_without_a_session(app: FastAPI) -> None:
    stranger = visitor(app)
    for path in (PATH, f"{PATH}/faq?format=csv&status=draft", f"{PATH}/import/x"):
        response = stranger.get(path)
        assert response.status_code == 303 and "staff/login" in response.headers["location"]
    refused = stranger.post(PATH, files={"file": ("faq.csv", b"x")})
    assert refused.status_code == 403


def test_a_file_without_a_token_or_from_elsewhere_is_refused(
    ana: TestClient, entries: Entries
) -> None:
    file = {"file": ("faq.csv", TABLE.encode())}
    assert ana.post(PATH, data={"csrf": "x"}, files=file).status_code == 403
    token = csrf(ana)
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert ana.post(PATH, data={"csrf": token}, files=file, headers=foreign).status_code == 403
    assert entries.find() == []


def test_the_page_is_in_the_navigation_and_has_a_label_for_each_field(ana: TestClient) -> None:
    page = ana.get(PATH).text
    assert re.search(r'href="[./]*staff/export" aria-current="page"', page)
    fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page)
    assert len(fields) == 9
    assert all(f'<label for="{id}">' in page for id in fields)
    assert page.count("<h1>") == 1 and "<script" not in page


def test_a_file_that_is_not_there_or_of_no_known_kind_is_said(ana: TestClient) -> None:
    response = ana.post(PATH, data={"csrf": csrf(ana)})
    assert response.status_code == 422 and words.NO_FILE in response.text
    response = upload(ana, "x", "faq.docx")
    assert response.status_code == 422 and "n'est pas d'une forme connue" in unescape(response.text)
    assert 'role="alert"' in response.text and 'aria-invalid="true"' in response.text


def test_a_file_that_is_too_large_is_refused(ana: TestClient) -> None:
    response = upload(ana, b"x" * (3 * 1024 * 1024), "<b>faq.csv", update="1")
    assert response.status_code == 413 and 'role="alert"' in response.text
    assert "« <b>faq.csv » fait 3,0 Mo, et 2 Mo au plus sont pris" in unescape(response.text)
    assert "<b>" not in response.text and 'name="update" value="1" checked' in response.text
    response = upload(ana, b"x" * (exchange.FILE_LIMIT + 1), "faq.csv")
    assert response.status_code == 413 and "fait 2,1 Mo" in response.text
    assert upload(ana, b"x" * FILE_BODY, "faq.csv").status_code == 413


def test_the_page_says_which_formats_come_back(ana: TestClient) -> None:
    assert "Un fichier Markdown ou CSV peut être réimporté ici." in ana.get(PATH).text


# Imports


def test_a_file_becomes_drafts_of_who_sent_it(ana: TestClient, entries: Entries) -> None:
    page = send(ana)
    assert (
        words.IMPORTED in page and "Brouillons créés : 2" in page and "Lignes en erreur : 1" in page
    )
    assert "ligne 4 : La question « Combien ? » n'a pas de réponse." in page
    assert "Où est <b>la piscine</b> ?" in page
    drafts = {entry.edit.question: entry for entry in entries.find()}
    first = drafts["Qui peut signer la charte ?"]
    assert (first.status, first.author, len(first.edit.citations)) == ("draft", "Ana", 1)
    assert drafts["Où est <b>la piscine</b> ?"].edit.citations == ()


def test_the_report_shows_the_file_s_words_as_text(ana: TestClient) -> None:
    response = upload(ana, TABLE, "<img src=x>.csv")
    address = f"{PATH}/{response.headers['location'].rpartition('export/')[2]}"
    time.sleep(0.1)
    send(ana, name="autre.csv")  # after the first one
    page = ana.get(address).text
    assert "<img" not in page and "<b>la piscine" not in page and "&lt;img src=x&gt;.csv" in page


def test_a_trial_saves_nothing(ana: TestClient, entries: Entries) -> None:
    page = send(ana, trial="1")
    assert f"<h1>{imports.TRIAL}</h1>" in page
    assert "Brouillons qui seraient créés : 2" in page and "Lignes en erreur : 1" in page
    assert words.IMPORTED not in page
    assert entries.find() == []


def test_a_published_entry_that_a_file_withdraws_is_told(
    app: FastAPI, base: Database, entries: Entries
) -> None:
    entries.publish(entries.create(edit(), PAUL).id, 1, PAUL)
    paul = logged_in(app, base, "Paul", "validator")
    page = send(paul, "question;réponse\nQui peut signer ?;Personne.\n", update="1")
    [entry] = entries.find()
    told = f'<li>ligne 2, « <a href="../../../staff/fiches/{entry.id}">Qui peut signer ?</a> »</li>'
    assert f"{imports.WITHDRAWN} (1)</h2><ul>{told}</ul>" in page and entry.status == "review"


def test_a_second_import_skips_or_updates(ana: TestClient, entries: Entries) -> None:
    send(ana)
    assert "Questions laissées de côté : 2" in send(ana)
    changed = "question;réponse\nOù est <b>la piscine</b> ?;Au nord.\n"
    assert "Fiches mises à jour : 1" in send(ana, changed, update="1")
    assert "Au nord." in {entry.edit.answer for entry in entries.find()}


def test_an_entry_without_a_citation_is_not_said_to_be_supported() -> None:
    def told(citations: int) -> str:
        taken = Taken("ligne 2", "updated", "Où ?", "", "12ab", citations)
        return "".join(exchange._report(ImportReport("faq.csv", False, (taken,)), ""))

    assert f"{words.UNCITED} (1)" in told(0) and words.SUPPORTED not in told(0)
    assert f"{words.SUPPORTED} (1)" in told(1) and words.UNCITED not in told(1)


def test_the_report_leads_to_the_entries(ana: TestClient, entries: Entries) -> None:
    def links(page: str) -> list[str]:
        return re.findall(r'href="\.\./\.\./\.\./staff/fiches/([0-9a-f]{16})"', page)

    send(ana)
    page = send(ana, f"{TABLE}Quand ?;Demain.\n")
    ids = {entry.id for entry in entries.find()}
    assert set(links(page)) == ids and len(ids) == 3, "made now, or there already"
    assert ">Quand ?</a> »" in page
    assert links(send(ana, "question;réponse\nPourquoi ?;Parce que.\n", trial="1")) == []


def test_a_redactor_s_file_changes_nothing_that_is_published(
    ana: TestClient, entries: Entries
) -> None:
    made = entries.create(edit(), PAUL)
    published = entries.publish(made.id, 1, PAUL)
    page = send(ana, "question;réponse\nQui peut signer ?;Personne.\n", update="1")
    assert "Seule une personne qui valide peut" in page and "Lignes en erreur : 1" in page
    assert entries.get(made.id) == published


def test_a_quote_that_is_not_closed_is_said_and_the_rest_is_kept(
    ana: TestClient, entries: Entries
) -> None:
    page = send(ana, 'question;réponse\nCombien ?;Cinq.\nOù ?;"Ici.\nQuand ?;Demain.\n')
    assert "ligne 3 : Un guillemet ouvert sur cette ligne" in page
    assert [entry.edit.question for entry in entries.find()] == ["Combien ?"]


def test_a_file_that_cannot_be_read_is_said(ana: TestClient) -> None:
    page = send(ana, "<p>Bonjour</p>", "faq.html")
    assert 'role="alert"' in page and "Aucune FAQ n'est reconnue" in page


def test_an_import_is_of_who_started_it(ana: TestClient, app: FastAPI, base: Database) -> None:
    response = upload(ana, TABLE, "faq.csv")
    address = f"{PATH}/{response.headers['location'].rpartition('export/')[2]}"
    paul = logged_in(app, base, "Paul", "validator")
    for path in (address, f"{PATH}/import/inconnu"):
        refused = paul.get(path)
        assert refused.status_code == 404 and words.NO_IMPORT in unescape(refused.text)
    assert ana.get(address).status_code == 200


def test_an_import_under_way_says_how_far_it_is(
    ana: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_PATIENCE", 0.0)
    read = exchange.read_apart

    def slow(data: bytes, kind: exchange.Kind) -> object:
        time.sleep(0.5)
        return read(data, kind)

    monkeypatch.setattr(exchange, "read_apart", slow)
    response = upload(ana, TABLE, "faq.csv")
    page = ana.get(f"{PATH}/{response.headers['location'].rpartition('export/')[2]}").text
    assert words.IMPORTING in page and "<progress" in page and words.REFRESH in page
    assert "refresh" not in page.lower()  # it does not reload by itself
    send(ana, name="apres.csv")
