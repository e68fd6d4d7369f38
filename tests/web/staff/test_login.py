"""Logging in and out, as a browser does it, and as somebody who attacks it would."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from http.cookies import SimpleCookie

import pytest
from fastapi import FastAPI
from httpx2 import Response
from sqlalchemy import select
from starlette.testclient import TestClient

from app.records.database import Database
from app.records.tables import AttemptRow, SessionRow
from app.server import create_app
from app.settings import Settings
from app.staff.accounts import Accounts
from app.web.policies import BODY, policy_of
from app.web.staff import words
from app.web.staff.login import inside
from tests.staff.fakes import PASSWORD, Counted, refuse_all
from tests.web.conftest import FakeAssistant
from tests.web.staff.people import COOKIE, OURS, csrf, visitor

OUTSIDE = ("203.0.113.5", 4321)


@pytest.fixture
def hashing() -> Counted:
    """What the workspace hashes with, in these tests."""
    return Counted()


@pytest.fixture
def app(
    without_gradio: None,
    configured: Settings,
    base: Database,
    hashing: Counted,
    monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:
    """The application, with the account of Ana."""
    monkeypatch.setattr("app.web.staff.workspace.Hashing", lambda: hashing)
    Accounts(base, hashing).add("Ana", "validator", PASSWORD)
    hashing.verified = hashing.made = 0
    return create_app(FakeAssistant(), configured, base)  # type: ignore[arg-type]


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    return visitor(app)


def log_in(
    client: TestClient, password: str = PASSWORD, name: str = "Ana", **fields: str
) -> Response:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/staff/login").text)
    sent = {"csrf": token[1] if token else "", "name": name, "password": password}
    return client.post("/staff/login", data=sent | fields)


def cookies(response: Response) -> SimpleCookie:
    found = SimpleCookie()
    for header in response.headers.get_list("set-cookie"):
        found.load(header)
    return found


def text(response: Response) -> str:
    return unescape(response.text)


def test_the_right_password_opens_a_session_and_the_page_that_was_asked_for(
    browser: TestClient,
) -> None:
    response = log_in(browser, next="/staff/compte?a=b")
    assert (response.status_code, response.headers["location"]) == (303, "../staff/compte?a=b")
    page = browser.get("/staff/compte")
    assert page.status_code == 200 and "Ana (validation)" in page.text
    again = browser.get("/staff/login?next=/staff/compte")
    assert (again.status_code, again.headers["location"]) == (303, "../staff/compte")


def test_the_page_can_be_used_without_seeing_it(browser: TestClient) -> None:
    page = browser.get("/staff/login").text
    assert '<label for="name">' in page and 'autocomplete="username"' in page
    assert '<label for="password">' in page and 'autocomplete="current-password"' in page
    assert "<script" not in page and '<html lang="fr">' in page
    wrong = log_in(browser, "faux")
    assert wrong.status_code == 403
    assert f'id="erreur" role="alert">{words.WRONG}</p>' in text(wrong)
    assert wrong.text.count('aria-describedby="erreur"') == 2
    assert "<title>Erreur : Connexion" in wrong.text and 'value="Ana"' in wrong.text
    assert "faux" not in wrong.text


def test_the_session_s_cookie_is_for_this_site_s_own_pages_alone(browser: TestClient) -> None:
    cookie = cookies(log_in(browser))[COOKIE]
    assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "strict"
    assert cookie["path"] == "/" and not cookie["domain"]
    assert not cookie["max-age"] and not cookie["expires"]  # gone with the browser
    assert len(cookie.value) == 43


def test_the_other_cookies_are_too(browser: TestClient) -> None:
    before = cookies(browser.get("/staff/login"))
    known = cookies(log_in(browser))["__Host-chartiste-browser"]
    for cookie in (before["__Host-chartiste-before"], known):
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "strict"
    assert int(known["max-age"]) == timedelta(days=180).total_seconds()


def test_below_a_prefix_cookies_are_sent_there_alone(
    app: FastAPI, configured: Settings, base: Database
) -> None:
    settings = replace(configured, root_path="/assistant")
    app = create_app(FakeAssistant(), settings, base)  # type: ignore[arg-type]
    client = TestClient(
        app, "https://chartiste.test", root_path="/assistant", follow_redirects=False
    )
    client.headers.update(OURS)
    page = client.get("/assistant/staff/login")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token
    sent = {"csrf": token[1], "name": "Ana", "password": PASSWORD}
    response = client.post("/assistant/staff/login", data=sent)
    cookie = cookies(response)["__Secure-chartiste"]
    assert cookie["path"] == "/assistant" and cookie["secure"] and cookie["httponly"]
    assert response.headers["location"] == "../staff/"
    assert client.get("/assistant/staff/").status_code == 200
    assert all(one["path"] == "/assistant" for one in cookies(response).values())


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1:7860", "[::1]:7860"])
def test_who_tries_it_on_the_machine_itself_needs_no_https(app: FastAPI, host: str) -> None:
    client = TestClient(app, f"http://{host}", follow_redirects=False)
    client.headers.update({"origin": f"http://{host}", "sec-fetch-site": "same-origin"})
    cookie = cookies(log_in(client))["chartiste"]
    assert not cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "strict"
    client.cookies.set("chartiste", cookie.value)  # its jar does not know [::1] and localhost
    assert client.get("/staff/compte").status_code == 200


def test_a_proxy_that_hides_the_address_changes_nothing(app: FastAPI) -> None:
    """The browser says https in its origin, whatever the request looks like here."""
    client = TestClient(app, "http://127.0.0.1:7860", follow_redirects=False)
    sent = {"csrf": csrf(client, "/staff/login"), "name": "Ana", "password": PASSWORD}
    headers = {"origin": "https://www.ville.fr", "sec-fetch-site": "same-origin"}
    response = client.post("/staff/login", data=sent, headers=headers)
    assert response.status_code == 303 and cookies(response)[COOKIE]["secure"]


def test_plain_http_from_another_machine_is_refused_before_anything_is_looked_at(
    app: FastAPI, hashing: Counted
) -> None:
    client = TestClient(app, "http://192.168.1.5:7860", follow_redirects=False)
    client.headers.update({"origin": "http://192.168.1.5:7860", "accept": "text/html"})
    response = log_in(client)
    assert response.status_code == 403 and words.OPEN_HTTP in text(response)
    assert hashing.verified == 0 and COOKIE not in cookies(response)


# Guessing


def test_twenty_wrong_passwords_are_slowed_down_and_the_right_one_then_too(
    app: FastAPI, hashing: Counted
) -> None:
    client = visitor(app)
    answers = [log_in(client, f"faux {number}") for number in range(20)]
    assert [answer.status_code for answer in answers] == [403] * 6 + [429] * 14
    assert hashing.verified == 6  # the others were not looked at
    right = log_in(client)
    assert right.status_code == 429 and hashing.verified == 6
    assert 1 <= int(right.headers["retry-after"]) <= 5
    assert "Trop d'essais" in text(right) and COOKIE not in cookies(right)


def test_a_name_that_nobody_has_is_slowed_down_alike(app: FastAPI, hashing: Counted) -> None:
    """Neither the work nor the pages tell whether an account exists."""
    seen = []
    for name in ("Ana", "Personne"):
        client = visitor(app)
        hashing.verified = 0
        answers = [log_in(client, "faux", name) for _ in range(8)]
        shown = [
            re.sub(r'name="csrf" value="[^"]+"|[45] secondes', "", answer.text).replace(name, "")
            for answer in answers
        ]
        seen.append(([answer.status_code for answer in answers], shown, hashing.verified))
    assert seen[0] == seen[1]


def test_the_wait_ends_and_the_right_password_enters(app: FastAPI, base: Database) -> None:
    client = visitor(app)
    for _ in range(7):
        last = log_in(client, "faux")
    assert last.status_code == 429
    with base.begin() as session:
        for row in session.scalars(select(AttemptRow)):
            row.until -= timedelta(minutes=1)
    assert log_in(client).status_code == 303


def test_a_stranger_does_not_keep_the_person_out(app: FastAPI) -> None:
    own, stranger = visitor(app), visitor(app)
    assert log_in(own).status_code == 303
    own.post("/staff/logout", data={"csrf": csrf(own)})
    for _ in range(10):
        blocked = log_in(stranger, "faux")
    assert blocked.status_code == 429
    assert log_in(own).status_code == 303
    assert log_in(visitor(app)).status_code == 429  # from a browser that it does not know


def test_an_address_that_tries_many_names_waits(app: FastAPI) -> None:
    client = TestClient(app, "https://chartiste.test", client=OUTSIDE, follow_redirects=False)
    client.headers.update(OURS)
    tried = [log_in(client, "faux", f"nom {number}").status_code for number in range(23)]
    assert tried == [403] * 21 + [429] * 2


def test_an_address_that_is_a_proxy_s_own_keeps_nobody_waiting(app: FastAPI) -> None:
    client = TestClient(
        app, "https://chartiste.test", client=("127.0.0.1", 1), follow_redirects=False
    )
    client.headers.update(OURS)
    tried = {log_in(client, "faux", f"nom {number}").status_code for number in range(23)}
    assert tried == {403}


def test_too_many_at_once_are_told_so(
    app: FastAPI, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        refuse_all(busy)
        for _ in range(10):
            response = log_in(browser)
            assert response.status_code == 429 and words.BUSY in text(response)
    assert log_in(browser).status_code == 303, "nothing was wrong with these passwords"


# Forged, fixed, replayed


def test_a_session_that_was_there_before_is_not_taken_over(
    browser: TestClient, base: Database
) -> None:
    browser.cookies.set(COOKIE, "choisi-par-un-autre")
    fixed = log_in(browser)
    assert cookies(fixed)[COOKIE].value != "choisi-par-un-autre"
    first = cookies(fixed)[COOKIE].value
    browser.cookies.set(COOKIE, first)
    browser.get("/staff/login")
    second = browser.post(
        "/staff/login",
        data={"csrf": "x" * 43, "name": "Ana", "password": PASSWORD},
        headers={"cookie": f"__Host-chartiste-before={'x' * 43}; {COOKIE}={first}"},
    )
    assert cookies(second)[COOKIE].value != first
    with base.read() as session:
        assert len(session.scalars(select(SessionRow)).all()) == 1  # the first is closed


def test_a_session_that_was_left_cannot_be_replayed(app: FastAPI, browser: TestClient) -> None:
    token = cookies(log_in(browser))[COOKIE].value
    page_token = csrf(browser)
    assert browser.get("/staff/").status_code == 200
    out = browser.post("/staff/logout", data={"csrf": page_token})
    assert (out.status_code, out.headers["location"]) == (303, "../staff/login?dit=sortie")
    assert words.DONE["sortie"] in browser.get("/staff/login?dit=sortie").text
    thief = visitor(app)
    thief.cookies.set(COOKIE, token)
    assert thief.get("/staff/").status_code == 303
    replayed = thief.post("/staff/compte/partout", data={"csrf": page_token})
    assert replayed.status_code == 403 and words.ENDED in replayed.text


def test_leaving_needs_the_token_too(browser: TestClient) -> None:
    log_in(browser)
    assert browser.get("/staff/logout").status_code in (404, 405)
    assert browser.post("/staff/logout").status_code == 403
    assert browser.get("/staff/").status_code == 200


@pytest.mark.parametrize("token", ["", "faux", "é"])
def test_another_site_cannot_log_anybody_in(
    browser: TestClient, hashing: Counted, token: str
) -> None:
    browser.get("/staff/login")
    sent = {"csrf": token, "name": "Ana", "password": PASSWORD}
    response = browser.post("/staff/login", data=sent)
    assert response.status_code == 403 and words.NO_COOKIE in text(response)
    for origin in ("https://evil.example", "null"):
        headers = {"origin": origin, "sec-fetch-site": "cross-site"}
        assert browser.post("/staff/login", data=sent, headers=headers).status_code == 403
    assert hashing.verified == 0


def test_an_empty_cookie_is_no_token(app: FastAPI) -> None:
    client = visitor(app)
    sent = {"csrf": "", "name": "Ana", "password": PASSWORD}
    headers = {"cookie": "__Host-chartiste-before="}
    assert client.post("/staff/login", data=sent, headers=headers).status_code == 403


def test_two_pages_opened_together_both_work(browser: TestClient) -> None:
    first, second = (csrf(browser, "/staff/login") for _ in range(2))
    assert first == second
    sent = {"csrf": first, "name": "Ana", "password": PASSWORD}
    assert browser.post("/staff/login", data=sent).status_code == 303


@pytest.mark.parametrize("path", ["/staff/importer", "/staff/compte/mot-de-passe"])
def test_long_bodies_are_read_of_the_staff_alone(
    browser: TestClient, app: FastAPI, path: str
) -> None:
    """Else strangers would fill the memory."""
    for size, strangers, own in (
        (BODY, {403, 404, 405}, {403, 404, 405}),
        (BODY + 1, {413}, {403, 404, 405}),
        (policy_of(path).body, {413}, {403, 404, 405}),
        (policy_of(path).body + 1, {413}, {413}),
    ):
        body = b"a=" + b"x" * (size - 2)
        kind = {"content-type": "application/x-www-form-urlencoded"}
        assert visitor(app).post(path, content=body, headers=kind).status_code in strangers, size
        log_in(browser)
        assert browser.post(path, content=body, headers=kind).status_code in own, size


# Where it leads


@pytest.mark.parametrize(
    "next",
    ["/staff/", "/staff/fiches/a1?b=c&d=%C3%A9", "/staff/questions?depuis=2026-03-01T00:00"],
)
def test_a_page_of_ours_is_gone_to(next: str) -> None:
    assert inside(next) == next


@pytest.mark.parametrize(
    "next",
    [
        "", "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "/staff", "/sources", "/", "javascript:alert(1)", "/staff//evil.example",
        "/staff/\\evil.example", "/staff/../../evil", "/staff/..%2f..", "/staff/%2e%2e/a",
        "/staff/%2E%2E/a", "/staff/.%2e/", "/staff/%5cevil", "/staff/a\r\nSet-Cookie: a=b",
        "/staff/a%0d%0aSet-Cookie:%20a=b", "/staff/a\n", "/staff/a\0", "/staff/login",
        "/staff/login?next=/staff/", "/staff/logout", "/staff/sso", "/staff/é",
        '/staff/"><script>', "/staff/a b", "/staff/#a", "https:/staff/", " /staff/",
        "/STAFF/", "/staff/a\u2028",
    ],
)  # fmt: skip
def test_nothing_else_is(browser: TestClient, next: str) -> None:
    assert inside(next) == "/staff/"
    response = log_in(browser, next=next)
    assert response.headers["location"] == "../staff/"
    assert "a=b" not in str(response.headers)


def test_what_an_address_says_is_escaped(browser: TestClient) -> None:
    page = browser.get("/staff/login", params={"next": '"><script>1', "dit": "<b>"})
    assert "<script" not in page.text and "<b>" not in page.text
    wrong = log_in(browser, "faux", name='"><script>1')
    assert "<script" not in wrong.text


def test_without_an_account_the_page_says_how_to_make_one(
    workspace: FastAPI, base: Database
) -> None:
    page = visitor(workspace).get("/staff/login")
    assert 'chartiste staff add "Prénom Nom" --role validator' in text(page)
    assert "<form" not in page.text
    assert visitor(workspace).get("/staff/").status_code == 303


def test_without_a_database_too_and_nothing_of_one_is_imported(client: TestClient) -> None:
    page = client.get("/staff/", headers={"accept": "text/html"})
    assert page.status_code == 200 and "chartiste staff add" in text(page)
    assert "Redémarrez" in text(page)
    assert page.headers["cache-control"] == "no-store"
    moved = client.get("/staff", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (303, "staff/")
