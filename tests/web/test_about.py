"""The pages that say what the assistant is: true to the settings, in French and in English."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app.server import create_app
from app.settings import Settings
from app.web import notices
from app.web.about import PAGES, about_page, accessibility_page, privacy_page
from app.web.markup import INFORMATION
from app.web.notices import Section
from app.web.texts import Text
from tests.web.conftest import FakeAssistant


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_whole_in_both_languages(client: TestClient, path: str) -> None:
    for query, language, other in (("", "fr", "en"), ("?lang=en", "en", "fr")):
        response = client.get(path + query)
        assert response.status_code == 200 and f'<html lang="{language}">' in response.text
        assert response.text.count("<h1>") == 1 and "{" not in response.text
        assert f'href="?lang={other}" lang="{other}"' in response.text
        assert "<script" not in response.text and "<style" not in response.text
    assert client.head(path).status_code == 200


def test_each_page_leads_to_all_others_and_keeps_the_language(client: TestClient) -> None:
    for path, _ in INFORMATION:
        assert f'href="./{path}"' in client.get("/a-propos").text
        assert f'href="./{path}?lang=en"' in client.get("/a-propos?lang=en").text
        assert client.get(f"/{path}").status_code == 200
        assert f'href="../{path}"' in client.get("/sources/inconnue").text


@pytest.mark.parametrize("lang", ["de", "", "EN", '"><script>alert(1)</script>'])
def test_any_other_language_is_french(client: TestClient, lang: str) -> None:
    page = client.get("/a-propos", params={"lang": lang}).text
    assert '<html lang="fr">' in page and "<script" not in page


def test_who_writes_the_answers_and_where_the_question_goes(configured: Settings) -> None:
    assert "Aucun modèle de langue n'écrit" in unescape(about_page(configured, "fr"))
    assert "envoyée à aucun autre service" in unescape(privacy_page(configured, "fr"))
    model = replace(configured.model, model="openai:petit", model_url="https://ia.exemple.fr/v1")
    ingest = replace(configured.ingest, embedding="https://vecteurs.exemple.fr/v1#e5")
    asking = replace(configured, model=model, ingest=ingest)
    about, privacy = (unescape(make(asking, "fr")) for make in (about_page, privacy_page))
    assert "un modèle de langue (openai:petit)" in about and "Aucun modèle" not in about
    assert "serveur du modèle de langue : ia.exemple.fr." in privacy
    assert "au serveur vecteurs.exemple.fr." in privacy and "aucun autre service" not in privacy


def test_the_declaration_is_that_of_the_settings(configured: Settings) -> None:
    draft = unescape(accessibility_page(configured, "fr"))
    assert "est non conforme" in draft and "Aucun audit" in draft and "Défenseur" in draft
    assert "L'agence s'engage" in draft and "Aucun contact n'est encore indiqué." in draft
    audited = replace(
        configured,
        agency="l'ALEC07 <b>",
        contact="04 75 00 00 00",
        accessibility="partiellement",
        accessibility_audit="Audit du 3 mars 2027 : 82 %.",
    )
    page = accessibility_page(audited, "fr")
    assert "est partiellement conforme" in page and "82 %" in page and "Aucun audit" not in page
    assert "04 75 00 00 00" in page and "<b>" not in page


def test_notices_are_all_in_both_languages() -> None:
    found = vars(notices).values()
    texts = [value for value in found if isinstance(value, Text)]
    for section in (value for value in found if isinstance(value, Section)):
        texts += [section.title, *section.paragraphs]
    assert len(texts) > 20 and all(text.fr.strip() and text.en.strip() for text in texts)


def test_the_agency_s_look_is_served(configured: Settings, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    look = replace(configured, agency="l'ALEC07", logo=logo, color="#000091")
    client = TestClient(create_app(FakeAssistant(), look))  # type: ignore[arg-type]
    image = client.get("/assets/logo")
    assert image.headers["content-type"] == "image/svg+xml"
    assert "default-src 'none'" in image.headers["content-security-policy"]
    assert "--ch-green: #000091" in client.get("/assets/chartiste.css").text
    page = client.get("/").text
    assert "Proposé par l" in page and "assets/logo" in page


def test_without_a_look_there_is_no_logo_and_no_agency(client: TestClient) -> None:
    assert client.get("/assets/logo").status_code == 404
    assert "Proposé par" not in client.get("/").text


def test_a_file_that_did_not_change_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/assets/chartiste.css")
    again = client.get("/assets/chartiste.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
