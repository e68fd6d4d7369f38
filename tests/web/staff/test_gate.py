"""Who gets through: nobody without a session, no change without a token of it."""

from __future__ import annotations

import re
from html import unescape
from typing import Annotated
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.testclient import TestClient

from app.records.database import Database
from app.staff.person import Person
from app.staff.sessions import Sessions
from app.web.shield import Shield
from app.web.staff import frame, words
from app.web.staff.cookies import Cookies
from app.web.staff.gate import Gate, Inside, changed, install, person_of
from app.web.staff.login import inside
from tests.web.staff.people import ADDRESS, COOKIE, OURS, csrf, logged_in, visitor


@pytest.fixture
def app(base: Database) -> FastAPI:
    """An application with a page, a change, and one mounted."""
    app = FastAPI()
    gate = Gate(Sessions(base), Cookies(""))
    install(app, gate)

    @app.get("/staff/fiches")
    def entries(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return frame.page(request, f"Fiches de <{person.name}>", "<h1>Fiches</h1>")

    @app.post("/staff/fiches")
    async def save(
        form: Annotated[FormData, Depends(changed)], person: Annotated[Person, Depends(person_of)]
    ) -> PlainTextResponse:
        return PlainTextResponse(f"{person.name} : {form['text']}")

    app.router.routes.append(Mount("/staff/tableau", Inside(PlainTextResponse("tableau"), gate)))
    return app


@pytest.fixture
def ana(app: FastAPI, base: Database) -> TestClient:
    """A redactor's browser."""
    return logged_in(app, base)


def test_a_page_shows_who_is_logged_in_and_the_way_out(ana: TestClient) -> None:
    response = ana.get("/staff/fiches")
    assert response.status_code == 200
    assert "Ana (rédaction)" in response.text and words.LOGOUT in response.text
    assert '<a href="../staff/fiches" aria-current="page">' in response.text
    assert response.text.count("aria-current") == 1
    assert "<Ana>" not in response.text and "&lt;Ana&gt;" in response.text
    assert "<script" not in response.text


def test_who_is_not_logged_in_is_led_to_the_login_page_and_back(app: FastAPI) -> None:
    response = visitor(app).get("/staff/fiches?theme=eau&page=2")
    assert response.status_code == 303
    assert response.headers["location"] == (
        "../staff/login?next=%2Fstaff%2Ffiches%3Ftheme%3Deau%26page%3D2"
    )


def test_a_link_on_another_site_opens_the_page_by_a_second_step(
    app: FastAPI, ana: TestClient
) -> None:
    """The cookie is not sent when another site leads here."""
    response = visitor(app).get("/staff/fiches?a=b%22", headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 200
    assert 'content="0;url=../staff/fiches?a=b%22"' in response.text
    assert 'href="../staff/fiches?a=b%22"' in response.text


@pytest.mark.parametrize("token", ["", "faux", "é", "a" * 10_000])
def test_a_cookie_that_is_no_session_s_opens_nothing(app: FastAPI, token: str) -> None:
    client = visitor(app)
    cookie = f"{COOKIE}={token}".encode()
    response = client.get("/staff/fiches", headers=[(b"cookie", cookie)])  # type: ignore[arg-type]
    assert response.status_code == 303


def test_a_change_of_our_own_page_with_its_token_is_made(ana: TestClient) -> None:
    response = ana.post("/staff/fiches", data={"csrf": csrf(ana, "/staff/fiches"), "text": "né"})
    assert (response.status_code, response.text) == (200, "Ana : né")


def test_files_come_with_the_token_too(ana: TestClient) -> None:
    data = {"csrf": csrf(ana, "/staff/fiches"), "text": "a"}
    sent = ana.post("/staff/fiches", data=data, files={"file": ("a.csv", b"q", "text/csv")})
    assert sent.text == "Ana : a"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-site"},
        {"origin": ADDRESS, "sec-fetch-site": "cross-site"},
        {"origin": ADDRESS, "sec-fetch-site": "same-site"},
        {"origin": ADDRESS, "sec-fetch-site": "none"},
        {"origin": "https://evil.example"},
        {"origin": "https://chartiste.test.evil.example"},
        {"origin": "http://chartiste.test:80"},
        {"origin": "null"},
        {},
    ],
)
def test_a_change_from_elsewhere_is_refused_even_with_the_token(
    ana: TestClient, headers: dict[str, str]
) -> None:
    token = csrf(ana, "/staff/fiches")
    for name in OURS:
        del ana.headers[name]
    response = ana.post("/staff/fiches", data={"csrf": token, "text": "x"}, headers=headers)
    assert response.status_code == 403 and words.FOREIGN in response.text.replace("&#x27;", "'")


def test_a_browser_that_says_its_origin_alone_is_believed(ana: TestClient) -> None:
    token = csrf(ana, "/staff/fiches")
    del ana.headers["sec-fetch-site"]
    assert ana.post("/staff/fiches", data={"csrf": token, "text": "x"}).status_code == 200


def test_a_change_without_the_session_s_own_token_is_refused(
    app: FastAPI, ana: TestClient, base: Database
) -> None:
    foreign = csrf(logged_in(app, base, "Bruno"), "/staff/fiches")
    own = csrf(ana, "/staff/fiches")
    for token in (None, "", "faux", "é", foreign, own.lower(), own[:-1], f"{own} "):
        sent = {"text": "x"} if token is None else {"text": "x", "csrf": token}
        response = ana.post("/staff/fiches", data=sent)
        assert response.status_code == 403 and "Ana : x" not in response.text, token
    as_file = ana.post("/staff/fiches", data={"text": "x"}, files={"csrf": ("c", b"x")})
    assert as_file.status_code == 403


def test_a_form_that_cannot_be_read_is_said_to_be_so(ana: TestClient) -> None:
    kind = {"content-type": "multipart/form-data; boundary=b"}
    response = ana.post("/staff/fiches", content=b"--b\r\nfaux", headers=kind)
    assert response.status_code in (400, 403)
    without = {"content-type": "multipart/form-data"}
    response = ana.post("/staff/fiches", content=b"x", headers=without)
    assert response.status_code == 400 and words.UNREADABLE in response.text


def test_what_was_written_is_not_lost_when_the_session_is_over(app: FastAPI) -> None:
    data = {"csrf": "secret-token", "reponse": "Une <réponse>", "password": "hunter2hunter2",
            "version": "12345", "citation": "1|kept|1"}  # fmt: skip
    response = visitor(app).post("/staff/fiches", data=data)
    assert response.status_code == 403 and words.ENDED in response.text
    assert "Une &lt;réponse&gt;</textarea>" in response.text
    assert '<label for="reponse">Réponse</label>' in response.text
    assert not any(hidden in response.text for hidden in ("secret-token", "hunter2", "12345"))
    assert words.SENT_CITATIONS not in unescape(response.text)
    added = visitor(app).post("/staff/fiches", data={**data, "citation": "2|new|p"})
    assert words.SENT_CITATIONS in unescape(added.text)


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/staff/fiches", "/staff/fiches"),
        ("/staff/fiches/12ab/statut", "/staff/fiches/12ab"),
        ("/staff/fiches/12ab/commentaire", "/staff/fiches/12ab"),
        ("/staff/compte/partout", "/staff/compte"),
        ("/staff/tableau/gradio_api/queue/join", "/staff/tableau"),
    ],
)
def test_a_form_that_came_too_late_leads_back_to_its_page(
    app: FastAPI, path: str, back: str
) -> None:
    @app.post("/{rest:path}")
    async def any(form: Annotated[FormData, Depends(changed)]) -> PlainTextResponse:
        return PlainTextResponse("")

    page = visitor(app).post(path, data={"reponse": "a"}).text
    (link,) = re.findall(r'class="ch-button" href="([^"]+)"', page)
    way = urlsplit(link)
    assert urljoin(path, way.path) == "/staff/login"
    assert parse_qs(way.query) == {"next": [back]} and inside(back) == back


def test_a_mounted_application_is_behind_the_gate(app: FastAPI, ana: TestClient) -> None:
    assert ana.get("/staff/tableau/").text == "tableau"
    assert ana.post("/staff/tableau/queue").text == "tableau"
    stranger = visitor(app)
    assert stranger.get("/staff/tableau/theme.css").headers["location"] == (
        "../../staff/login?next=%2Fstaff%2Ftableau%2Ftheme.css"
    )
    assert stranger.post("/staff/tableau/queue").status_code == 403
    foreign = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    response = ana.post("/staff/tableau/queue", headers=foreign)
    assert response.status_code == 403 and "tableau</p>" not in response.text


def test_pages_of_the_staff_are_never_framed_nor_kept(ana: TestClient) -> None:
    shielded = TestClient(Shield(ana.app, ["https://www.ville.fr"]), ADDRESS)
    shielded.cookies = ana.cookies
    for path in ("/staff/fiches", "/staff/inconnu", "/staff"):
        headers = shielded.get(path, follow_redirects=False).headers
        assert headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
