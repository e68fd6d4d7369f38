"""In by the single sign-on of loopback, as a browser goes there and back."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from app.staff.accounts import Accounts, invited
from app.web.staff import words
from tests.fakes.oidc_server import SECRET, OidcServer
from tests.staff.fakes import Counted
from tests.web.conftest import FakeAssistant
from tests.web.staff.people import ADDRESS, COOKIE, csrf, visitor
from tests.web.staff.test_login import cookies, text

FLOW = "__Host-chartiste-sso"
BACK = f"{ADDRESS}/staff/sso/retour"


@pytest.fixture
def server() -> Iterator[OidcServer]:
    with OidcServer() as opened:
        yield opened


@pytest.fixture
def accounts(base: Database) -> Accounts:
    return Accounts(base, Counted())


@pytest.fixture
def app(
    without_gradio: None, configured: Settings, base: Database, server: OidcServer,
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch,
) -> FastAPI:  # fmt: skip
    """The application with the single sign-on, and Ana's account there."""
    monkeypatch.setattr("app.web.staff.workspace.Hashing", Counted)
    accounts.add("Ana", "validator", subject=f"{server.issuer}|42")
    settings = replace(configured, oidc=server.settings())
    return create_app(FakeAssistant(), settings, base)  # type: ignore[arg-type]


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    return visitor(app)


def leave(browser: TestClient, next: str = "/staff/compte") -> Response:
    """The page after the button was pressed."""
    sent = {"csrf": csrf(browser, "/staff/login"), "next": next}
    return browser.post("/staff/sso", data=sent)


def opened_by(page: Response) -> str:
    """The address that a page opens by itself, which its link opens too."""
    found = re.search(r'content="0;url=([^"]+)"', page.text)
    assert found and f'href="{found[1]}"' in page.text
    return unescape(found[1])


def come_back(browser: TestClient, server: OidcServer, page: Response) -> Response:
    """The page that the provider sends the browser back to: another site leads there."""
    back = server.agree(opened_by(page))
    assert back.startswith(f"{BACK}?")
    headers = {"sec-fetch-site": "cross-site", "origin": ""}
    return browser.get(back.removeprefix(ADDRESS), headers=headers)


def test_there_and_back_opens_a_session(browser: TestClient, server: OidcServer) -> None:
    page = leave(browser)
    kept = cookies(page)[FLOW]
    assert kept["secure"] and kept["httponly"] and kept["samesite"] == "lax"
    assert kept["max-age"] == "600" and SECRET not in page.text
    back = come_back(browser, server, page)
    assert back.status_code == 200 and opened_by(back) == "../../staff/compte"
    session = cookies(back)[COOKIE]
    assert session["secure"] and session["httponly"] and session["samesite"] == "strict"
    assert browser.get("/staff/compte").status_code == 200
    assert "Ana (validation)" in browser.get("/staff/").text


def test_the_way_back_works_once(browser: TestClient, server: OidcServer) -> None:
    page = leave(browser)
    back = server.agree(opened_by(page)).removeprefix(ADDRESS)
    assert browser.get(back).status_code == 200
    again = browser.get(back)
    assert again.status_code == 403 and words.SSO_LOST in text(again)


def test_another_browser_s_way_back_is_refused(
    app: FastAPI, browser: TestClient, server: OidcServer
) -> None:
    """Else somebody could make another log in as them."""
    back = server.agree(opened_by(leave(browser))).removeprefix(ADDRESS)
    victim = visitor(app)
    assert victim.get(back).status_code == 403
    leave(victim)
    server.asked.clear()
    refused = victim.get(back)
    assert refused.status_code == 403 and words.SSO_LOST in text(refused)
    assert COOKIE not in cookies(refused) and server.asked == []


@pytest.mark.parametrize(
    "cookie",
    ["", "a", "é", "e30", base64.urlsafe_b64encode(b'"a"').decode(),
     base64.urlsafe_b64encode(json.dumps({"next": "/staff/", "state": ""}).encode()).decode(),
     base64.urlsafe_b64encode(json.dumps(
         {"next": 1, "state": "", "nonce": "", "verifier": "", "redirect": ""}).encode()).decode()],
)  # fmt: skip
def test_a_cookie_that_is_not_ours_is_nothing(app: FastAPI, cookie: str) -> None:
    sent = [(b"cookie", f"{FLOW}={cookie}".encode())]
    path = "/staff/sso/retour?code=a&state="
    response = visitor(app).get(path, headers=sent)  # type: ignore[arg-type]
    assert response.status_code == 403


def test_who_has_no_account_is_told_what_to_ask_for(
    browser: TestClient, server: OidcServer, accounts: Accounts
) -> None:
    server.person = {"sub": "43<b>", "email": "b@ville.fr", "email_verified": True}
    back = come_back(browser, server, leave(browser))
    assert back.status_code == 403 and COOKIE not in cookies(back)
    assert 'chartiste staff add "Prénom Nom" --subject 43<b>' in text(back)
    assert "43<b>" not in back.text
    assert [one.name for one in accounts.all()] == ["Ana"]  # none is made by itself


def test_who_is_invited_by_a_verified_address_enters(
    browser: TestClient, server: OidcServer, accounts: Accounts
) -> None:
    accounts.add("Bruno", "redactor", subject=invited("Bruno@ville.fr"))
    server.person = {"sub": "7", "email": "bruno@ville.fr", "email_verified": False}
    assert come_back(browser, server, leave(browser)).status_code == 403
    server.person["email_verified"] = True
    assert come_back(browser, server, leave(browser)).status_code == 200
    assert "Bruno (rédaction)" in browser.get("/staff/").text
    other = visitor(browser.app)  # type: ignore[arg-type]
    server.person["sub"] = "8"
    assert come_back(other, server, leave(other)).status_code == 403


def test_a_closed_account_does_not_enter(
    browser: TestClient, server: OidcServer, accounts: Accounts
) -> None:
    accounts.set_disabled("Ana", True)
    back = come_back(browser, server, leave(browser))
    assert back.status_code == 403 and COOKIE not in cookies(back)


@pytest.mark.parametrize("fault", ["nonce", "foreign-key", "token-500", "no-id-token"])
def test_what_cannot_be_believed_is_said_in_a_sentence(
    browser: TestClient, server: OidcServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = leave(browser)
    server.fault = fault
    back = come_back(browser, server, page)
    assert back.status_code == 502 and "authentification unique" in text(back)
    assert COOKIE not in cookies(back) and "Traceback" not in back.text
    assert SECRET not in caplog.text and SECRET not in back.text


def test_a_provider_that_is_down_keeps_nobody_from_the_other_way(
    browser: TestClient, server: OidcServer, accounts: Accounts
) -> None:
    server.fault = "config-404"
    assert leave(browser).status_code == 502
    assert browser.get("/staff/login").status_code == 200


def test_who_says_no_at_the_provider_is_told_so(browser: TestClient, server: OidcServer) -> None:
    begun = opened_by(leave(browser))
    state = re.search(r"state=([\w-]+)", begun)
    assert state
    path = f"/staff/sso/retour?error=access_denied&error_description=<b>&state={state[1]}"
    back = browser.get(path)
    assert back.status_code == 403 and words.SSO_REFUSED in text(back) and "<b>" not in back.text


def test_the_button_is_a_form_of_ours(browser: TestClient, server: OidcServer) -> None:
    page = browser.get("/staff/login?next=/staff/fiches")
    assert words.SSO in text(page) and page.text.count('value="/staff/fiches"') == 2
    assert browser.post("/staff/sso", data={"csrf": "faux"}).status_code == 403
    token = csrf(browser, "/staff/login")
    foreign = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    assert browser.post("/staff/sso", data={"csrf": token}, headers=foreign).status_code == 403
    unsaid = browser.post("/staff/sso", data={"csrf": token}, headers={"origin": "null"})
    assert unsaid.status_code == 403 and words.SSO_ORIGIN in text(unsaid)
    assert server.asked == []


@pytest.mark.parametrize("next", ["https://evil.example", "//evil.example", "/staff/..//a"])
def test_it_leads_to_a_page_of_ours(browser: TestClient, server: OidcServer, next: str) -> None:
    back = come_back(browser, server, leave(browser, next))
    assert opened_by(back) == "../../staff/"


def test_below_a_prefix_the_way_back_is_there(
    configured: Settings, base: Database, server: OidcServer, accounts: Accounts
) -> None:
    accounts.add("Ana", "validator", subject=f"{server.issuer}|42")
    settings = replace(configured, oidc=server.settings(), root_path="/assistant")
    app = create_app(FakeAssistant(), settings, base)  # type: ignore[arg-type]
    client = TestClient(app, ADDRESS, root_path="/assistant", follow_redirects=False)
    client.headers.update({"origin": ADDRESS, "sec-fetch-site": "same-origin"})
    page = client.post(
        "/assistant/staff/sso", data={"csrf": csrf(client, "/assistant/staff/login")}
    )
    back = server.agree(opened_by(page))
    assert back.startswith(f"{ADDRESS}/assistant/staff/sso/retour?")
    answer = client.get(back.removeprefix(ADDRESS))
    assert cookies(answer)["__Secure-chartiste"]["path"] == "/assistant"
    assert opened_by(answer) == "../../staff/"


def test_without_a_single_sign_on_there_is_no_such_way(workspace: FastAPI) -> None:
    assert visitor(workspace).post("/staff/sso").status_code in (404, 405)
    assert visitor(workspace).get("/staff/sso/retour?code=a").status_code == 404
