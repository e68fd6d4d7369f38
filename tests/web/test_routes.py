"""All that the server answers to, with what is allowed there, against a snapshot.

A route that is new, or allows something else, fails here until ``routes.txt`` says so too:
``python -m tests.web.test_routes`` prints what it should hold.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount
from starlette.testclient import TestClient

from app.records.database import Database
from app.server import create_app
from app.settings import Settings, settings
from app.staff.provider import OidcSettings
from app.web import guard
from app.web.policies import POLICIES, policy_of
from app.web.staff import words
from app.web.staff.gate import Inside
from tests.web.conftest import DOCUMENT, FakeAssistant

SNAPSHOT = Path(__file__).with_name("routes.txt")
VILLE = "https://www.ville.fr"
_COLUMNS = ("route", "who", "read by", "framed by", "policy", "body", "rate")
_ENDLESS = ("/gradio_api/heartbeat/", "/gradio_api/queue/data")


def example(path: str) -> str:
    """An address of a route."""
    path = path.replace("{id}", DOCUMENT.id) if path.startswith("/sources") else path
    return re.sub(r"\{[^}]*\}", "x", path)


def routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """The methods and path of each route of ours, and of Gradio's that the Gate opens."""
    for route in app.router.routes:
        if not isinstance(route, Mount):
            yield from _methods(route)
            continue
        for inner in _gate(route)._app.routes:  # type: ignore[attr-defined]
            for methods, path in _methods(inner):
                if guard._OPEN.match(example(path)):
                    yield methods, route.path + path


def _gate(route: Mount) -> guard.Gate:
    """The gate of what is mounted, which the staff's own stands before, below ``/staff``."""
    app: Any = route.app
    if route.path.startswith("/staff"):
        assert isinstance(app, Inside), "a mount of the staff's that lets everyone in"
        app = app._app._app
    else:
        assert route.path == ""
    assert isinstance(app, guard.Gate), "a mount without a gate"
    return app


def _methods(route: BaseRoute) -> Iterator[tuple[str, str]]:
    """The methods and path of a route; those of all its routes for a router in a router."""
    named: Any = route
    if hasattr(named, "path"):
        yield ",".join(sorted(getattr(named, "methods", None) or ["*"])), named.path
    else:
        for inner in named.original_router.routes:
            yield from _methods(inner)


def described(client: TestClient, methods: str, path: str) -> str:
    """One line of the snapshot, as the server itself answers."""
    policy = policy_of(example(path))
    row = (
        f"{methods} {path}",
        _who(client, methods, path) if policy.private else "everyone",
        "allowed sites" if policy.shared else "own pages",
        "allowed sites" if policy.framed else "nobody",
        _policy(client, methods, path),
        f"{policy.body // 1024} kB" if "POST" in methods else "none",
        policy.rate,
    )
    return " | ".join(row)


def _policy(client: TestClient, methods: str, path: str) -> str:
    if path.startswith(_ENDLESS):
        return "data"
    response = client.request(methods.partition(",")[0], example(path), json={})
    assert response.status_code < 500, path
    return "page" if "script-src" in response.headers["content-security-policy"] else "data"


def _who(client: TestClient, methods: str, path: str) -> str:
    """Whether it sends away who is not logged in, with a form of our own pages too."""
    method = methods.partition(",")[0]
    headers = {"sec-fetch-site": "same-origin"}
    response = client.request(method, example(path), headers=headers, follow_redirects=False)
    led = "login?" in response.headers.get("location", "")
    return "staff" if led or words.ENDED in response.text else "everyone"


@contextmanager
def whole(configured: Settings) -> Iterator[FastAPI]:
    """The application with all that settings can add to it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/base.db")
        database.migrate()
        oidc = OidcSettings("https://sso.invalid", "chartiste", "secret")
        settings = replace(configured, oidc=oidc)
        yield create_app(FakeAssistant(), settings, database)  # type: ignore[arg-type]
        database.close()


def snapshot(configured: Settings) -> str:
    """The whole table."""
    with whole(configured) as app:
        client = TestClient(app, raise_server_exceptions=False)
        rows = sorted({described(client, *route) for route in routes(app)})
    return "\n".join((" | ".join(_COLUMNS), *rows)) + "\n"


def test_the_routes_are_those_of_the_snapshot(configured: Settings) -> None:
    assert snapshot(configured).splitlines() == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_a_new_route_is_seen(configured: Settings) -> None:
    app = create_app(FakeAssistant(), configured)  # type: ignore[arg-type]
    before = set(routes(app))
    app.add_api_route("/api/v1/nouveau", lambda: "", methods=["GET"])
    assert set(routes(app)) - before == {("GET", "/api/v1/nouveau")}


def test_the_table_is_what_the_server_does(configured: Settings) -> None:
    with whole(configured) as app:
        _check_refusals(app)


def _check_refusals(app: FastAPI) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    for methods, path in routes(app):
        if path.startswith(_ENDLESS):
            continue
        asked = {"origin": VILLE, "access-control-request-method": methods.partition(",")[0]}
        assert client.options(example(path), headers=asked).status_code == 403, path
        if "POST" in methods:
            body = b"x" * (policy_of(example(path)).body + 1)
            json = {"content-type": "application/json"}
            assert client.post(example(path), content=body, headers=json).status_code == 413, path


def test_no_policy_hides_another() -> None:
    for policy in POLICIES:
        assert policy_of(policy.path.replace("{rest}", "a/b").replace("{id}", "a")) is policy


def test_an_address_that_nobody_thought_of_is_closed() -> None:
    for path in ("/nouveau", "/widgets.js", "/widget", "/api", "/sources/a/b", "/\n", "", "//"):
        policy = policy_of(path)
        assert not (policy.shared or policy.framed or policy.embedded), path
        assert policy.rate == "page", path


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(snapshot(settings({}, Path(folder))), end="")
