"""Staff for the tests of pages: an application over a database, and browsers logged in to it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fastapi import FastAPI
from starlette.testclient import TestClient

from app.records.database import Database
from app.records.tables import AccountRow
from app.staff.person import Role
from app.staff.sessions import Sessions
from app.web.staff.gate import SESSION

ADDRESS = "https://chartiste.test"
OURS = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}  # what a browser says of our own pages
COOKIE = f"__Host-{SESSION}"


def account(database: Database, name: str, role: Role = "redactor") -> int:
    """A new account that has no password."""
    row = AccountRow(name=name, role=role, created=datetime.now(UTC))
    with database.begin() as session:
        session.add(row)
    return row.id


def visitor(app: FastAPI) -> TestClient:
    """A browser in which nobody is logged in; it says of its forms that they are ours."""
    opened = TestClient(app, ADDRESS, raise_server_exceptions=False, follow_redirects=False)
    opened.headers.update({"accept": "text/html", **OURS})
    return opened


def logged_in(
    app: FastAPI, database: Database, name: str = "Ana", role: Role = "redactor"
) -> TestClient:
    """A browser in which somebody new is logged in."""
    client = visitor(app)
    token = Sessions(database).open(account(database, name, role), None)
    assert token is not None
    client.cookies.set(COOKIE, token)
    return client


def csrf(client: TestClient, path: str = "/staff/") -> str:
    """The token that the forms of a page send back."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found, "no form with a token"
    return found[1]
