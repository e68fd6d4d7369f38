"""One's own account: out everywhere, and another password."""

from __future__ import annotations

from html import unescape

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.records.database import Database
from app.staff.accounts import Accounts
from app.web.staff import words
from tests.staff.fakes import PASSWORD, Counted, refuse_all
from tests.web.staff.people import csrf, logged_in, visitor
from tests.web.staff.test_login import app, hashing, log_in

__all__ = ["app", "hashing"]

PATH = "/staff/compte/mot-de-passe"
NEW = "un autre mot de passe bien long"


@pytest.fixture
def browser(app: FastAPI) -> TestClient:
    """Ana's browser."""
    opened = visitor(app)
    assert log_in(opened).status_code == 303
    return opened


def change(browser: TestClient, **fields: str) -> tuple[int, str]:
    sent = {
        "csrf": csrf(browser), "password": PASSWORD, "new-password": NEW, "new-password-again": NEW,
    } | {name.replace("_", "-"): value for name, value in fields.items()}  # fmt: skip
    response = browser.post(PATH, data=sent)
    return response.status_code, unescape(response.text)


def test_everywhere_is_everywhere(app: FastAPI, browser: TestClient) -> None:
    others = [visitor(app) for _ in range(2)]
    for other in others:
        log_in(other)
    response = browser.post("/staff/compte/partout", data={"csrf": csrf(browser)})
    assert response.headers["location"] == "../../staff/login?dit=partout"
    for client in (browser, *others):
        assert client.get("/staff/").status_code == 303
    assert log_in(browser).status_code == 303


def test_a_new_password_ends_all_sessions(app: FastAPI, browser: TestClient) -> None:
    other = visitor(app)
    log_in(other)
    assert change(browser)[0] == 303
    for client in (browser, other):
        assert client.get("/staff/compte").status_code == 303
    assert log_in(browser).status_code == 403
    assert log_in(browser, NEW).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "faux"}, words.WRONG_CURRENT),
        ({"new_password_again": "autre chose de long"}, words.NOT_TWICE),
        ({"new_password": "court", "new_password_again": "court"}, "moins de 12"),
        ({"new_password": "motdepasse2026", "new_password_again": "motdepasse2026"}, "courants"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    browser: TestClient, fields: dict[str, str], sentence: str
) -> None:
    status, page = change(browser, **fields)
    assert status == 403 and sentence in page and 'role="alert"' in page
    assert page.count('aria-describedby="erreur') == 1 and PASSWORD not in page
    assert browser.get("/staff/").status_code == 200


def test_whoever_finds_an_open_session_cannot_guess_the_password(
    browser: TestClient, hashing: Counted
) -> None:
    hashing.verified = 0
    told = [change(browser, password=f"faux {number}")[1] for number in range(10)]
    assert hashing.verified == 6 and "Trop d'essais" in told[-1]


def test_a_new_password_needs_the_session_s_token(browser: TestClient, hashing: Counted) -> None:
    hashing.verified = 0
    assert change(browser, csrf="faux")[0] == 403
    assert hashing.verified == 0 and browser.get("/staff/").status_code == 200


def test_who_enters_by_single_sign_on_has_no_password_to_change(
    app: FastAPI, base: Database
) -> None:
    zoe = logged_in(app, base, "Zoé")
    page = zoe.get("/staff/compte")
    assert words.NO_PASSWORD in unescape(page.text) and "new-password" not in page.text
    assert change(zoe)[0] == 403
    assert not next(
        one for one in Accounts(base, Counted()).all() if one.name == "Zoé"
    ).has_password


def test_the_page_helps_who_fills_it(browser: TestClient) -> None:
    page = browser.get("/staff/compte").text
    assert page.count('autocomplete="new-password"') == 2 and 'minlength="12"' in page
    assert (
        'aria-describedby="regle"' in page
        and page.count("<label for=") == 3
        and 'aria-current="page"' in page
    )
    assert "<script" not in page


def test_a_busy_server_is_no_wrong_password(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as busy:
        refuse_all(busy)
        for _ in range(10):
            status, told = change(browser)
            assert status == 403 and words.BUSY in told
    assert change(browser)[0] == 303
