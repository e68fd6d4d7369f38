"""Logging in as a browser really does it: its cookies, its policies, the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app.records.database import Database
from app.server import create_app
from app.settings import Settings
from app.staff.accounts import Accounts
from app.web.staff import words
from tests.fakes.oidc_server import OidcServer
from tests.staff.fakes import PASSWORD, Counted
from tests.web.chromium import chromium_opened, overflow
from tests.web.conftest import FakeAssistant, serving

pytestmark = pytest.mark.browser
SLOW = pytest.mark.slow


@dataclass(frozen=True)
class Place:
    """A real server with a workspace, and the single sign-on that it knows."""

    address: str
    sso: OidcServer
    accounts: Accounts


@pytest.fixture(scope="module")
def place(configured: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('base') / 'base.db'}")
    database.migrate()
    patch = pytest.MonkeyPatch()
    patch.setattr("app.web.staff.workspace.Hashing", Counted)
    with OidcServer() as sso:
        sso.host = "localhost"
        accounts = Accounts(database, Counted())
        accounts.add("Ana", "validator", PASSWORD)
        accounts.add("Zoé", "redactor", subject=f"{sso.issuer}|42")
        settings = replace(configured, oidc=sso.settings())
        app = create_app(FakeAssistant(), settings, database)  # type: ignore[arg-type]
        with serving(app) as address:
            yield Place(address, sso, accounts)
    patch.undo()
    database.close()


@pytest.fixture(scope="module")
def browser(place: Place) -> Iterator[Browser]:
    with chromium_opened() as opened:
        yield opened


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def by_keyboard(page: Page, password: str) -> None:
    expect(page.get_by_label("Nom du compte")).to_be_focused()
    page.keyboard.type("Ana")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def check(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert overflow(page) == 0


def test_in_and_out_by_the_keyboard(place: Place, page: Page, context: BrowserContext) -> None:
    page.goto(f"{place.address}/staff/compte")
    assert page.url == f"{place.address}/staff/login?next=%2Fstaff%2Fcompte"
    by_keyboard(page, PASSWORD)
    expect(page.get_by_role("heading", name="Mon compte", level=1)).to_be_visible()
    assert page.url == f"{place.address}/staff/compte"
    kept = {cookie["name"]: cookie for cookie in context.cookies()}
    assert set(kept) == {"chartiste", "chartiste-browser"}
    assert {(one["sameSite"], one["httpOnly"]) for one in kept.values()} == {("Strict", True)}
    assert page.evaluate("document.cookie") == ""
    page.get_by_role("button", name="Déconnexion").press("Enter")
    expect(page.get_by_role("status")).to_have_text(words.DONE["sortie"])
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="Connexion")).to_be_visible()


def test_a_wrong_password_is_read_out(place: Place, page: Page) -> None:
    page.goto(f"{place.address}/staff/login")
    by_keyboard(page, "faux")
    expect(page.get_by_role("alert")).to_have_text(words.WRONG)
    expect(page.get_by_label("Mot de passe")).to_be_focused()
    expect(page.get_by_label("Mot de passe")).to_have_accessible_description(words.WRONG)
    expect(page.get_by_label("Nom du compte")).to_have_value("Ana")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bonjour, Ana")).to_be_visible()


def test_a_link_on_another_site_opens_the_page_that_it_names(
    place: Place, page: Page, context: BrowserContext
) -> None:
    page.goto(f"{place.address}/staff/login")
    by_keyboard(page, PASSWORD)
    expect(page.get_by_role("heading", name="Bonjour, Ana")).to_be_visible()
    link = f'<a href="{place.address}/staff/compte">le compte</a>'
    context.route(
        "http://autre.localhost/", lambda route: route.fulfill(body=link, content_type="text/html")
    )
    page.goto("http://autre.localhost/")
    page.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Mon compte", level=1)).to_be_visible()


def test_another_site_s_form_changes_nothing(
    place: Place, page: Page, context: BrowserContext
) -> None:
    page.goto(f"{place.address}/staff/login")
    by_keyboard(page, PASSWORD)
    expect(page.get_by_role("heading", name="Bonjour, Ana")).to_be_visible()
    form = (
        f'<form method="post" action="{place.address}/staff/compte/partout"><button>Gagner</button>'
    )
    context.route(
        "http://autre.localhost/", lambda route: route.fulfill(body=form, content_type="text/html")
    )
    page.goto("http://autre.localhost/")
    with page.expect_response("**/partout") as answered:
        page.get_by_role("button").click()
    assert answered.value.status == 403
    page.goto(f"{place.address}/staff/")
    expect(page.get_by_role("heading", name="Bonjour, Ana")).to_be_visible()


def test_in_by_the_single_sign_on_of_another_site(
    place: Place, page: Page, context: BrowserContext
) -> None:
    """Its page sends the browser back: a cookie for our pages alone is not sent on that way."""
    page.goto(f"{place.address}/staff/compte")
    page.get_by_role("button", name=words.SSO).press("Enter")
    expect(page.get_by_text("Zoé (rédaction)")).to_be_visible()
    assert page.url == f"{place.address}/staff/compte"
    assert {cookie["name"] for cookie in context.cookies()} == {"chartiste", "chartiste-browser"}
    assert "/auth" in [path for path, _, _ in place.sso.asked]


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(width, scheme, marks=[] if (width, scheme) == (360, "light") else SLOW)
        for width in (1280, 360, 320)
        for scheme in ("light", "dark")
    ],
)
def test_axe_finds_nothing(browser: Browser, place: Place, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = context.new_page()
    page.goto(f"{place.address}/staff/login")
    check(page)
    by_keyboard(page, "faux")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Bonjour, Ana")).to_be_visible()
    check(page)
    page.goto(f"{place.address}/staff/compte")
    check(page)
    context.close()


def test_without_script_everything_is_there(browser: Browser, place: Place) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{place.address}/staff/compte")
    page.get_by_label("Nom du compte").fill("Ana")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name=words.LOG_IN, exact=True).click()
    expect(page.get_by_role("heading", name="Mon compte", level=1)).to_be_visible()
    page.get_by_role("button", name=words.EVERYWHERE).click()
    expect(page.get_by_role("status")).to_have_text(words.DONE["partout"])
    context.close()
