"""A desk: the staff's pages over a real release of four sheets, with two people at work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import lxml.html
from fastapi import FastAPI
from httpx import Response
from starlette.testclient import TestClient

from app.assistant import Assistant
from app.faq.anchors import Anchors
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.journal.journal import Journal
from app.records.database import Database
from app.settings import Settings
from app.staff.person import Person
from app.web import problems
from app.web.staff.workspace import add_staff
from tests.web.staff.people import logged_in

ANA, PAUL = Person("Ana", "redactor"), Person("Paul", "validator")


@dataclass(frozen=True)
class Desk:
    """The application, what is behind it, and the browsers of Ana who writes and Paul who
    validates.
    """

    app: FastAPI
    base: Database
    assistant: Assistant
    journal: Journal
    entries: Entries
    ana: TestClient
    paul: TestClient

    @classmethod
    def over(cls, base: Database, assistant: Assistant, settings: Settings) -> Desk:
        app = FastAPI()
        problems.install(app)
        add_staff(app, base, assistant, settings)
        entries = Entries(base, anchor=Anchors(assistant))
        journal = Journal(base, settings.journal_days)
        ana = logged_in(app, base)
        return cls(app, base, assistant, journal, entries, ana,
                   logged_in(app, base, "Paul", "validator"))  # fmt: skip

    def entry(self, id: str) -> Entry:
        found = self.entries.get(id)
        assert found is not None
        return found


@dataclass
class Shown:
    """A page as a browser has it: its forms can be sent as they stand, or with other values."""

    client: TestClient
    path: str
    response: Response

    @classmethod
    def at(cls, client: TestClient, path: str) -> Shown:
        return cls(client, path, client.get(path))

    @property
    def text(self) -> str:
        """All that is written, white space folded."""
        return " ".join(self.tree.text_content().split())

    @property
    def tree(self) -> Any:
        return lxml.html.fromstring(self.response.text)

    def all(self, query: str) -> list[Any]:
        found: list[Any] = self.tree.cssselect(query)
        return found

    def send(
        self, button: str, *others: tuple[str, str], inside: str = "main", **fields: str
    ) -> Shown:
        """Press the first button whose label begins so, with other values in its form."""
        pressed, form = self._button(button, inside)
        values = [(name, value.removeprefix("\n")) for name, value in form.form_values()]
        values = [one for one in values if one[0] not in fields]
        values += [*fields.items(), *others]
        if name := pressed.get("name"):
            values.append((name, pressed.get("value", "")))
        to = pressed.get("formaction") or form.get("action") or self.path
        address = urljoin(self.path, to).partition("#")[0]
        if form.get("method") == "get":
            return Shown.at(self.client, f"{address}?{urlencode(values)}")
        sent: dict[str, list[str]] = {}
        for name, value in values:
            sent.setdefault(name, []).append(value)
        answer = self.client.post(address, data=sent)
        return self._followed(address, answer)

    def _button(self, label: str, inside: str) -> tuple[Any, Any]:
        for button in self.all(f"{inside} button"):
            if " ".join(button.text_content().split()).startswith(label):
                form = next(one for one in button.iterancestors() if one.tag == "form")
                return button, form
        raise AssertionError(f"no button « {label} » in: {self.text[:600]}")

    def _followed(self, path: str, answer: Response) -> Shown:
        if answer.status_code != 303:
            return Shown(self.client, path, answer)
        to = urljoin(path, answer.headers["location"]).partition("#")[0]
        return Shown.at(self.client, to)

    @property
    def entry_id(self) -> str:
        """The id of the entry whose page it is."""
        found = re.fullmatch(r"/staff/fiches/([0-9a-f]{16})", urlsplit(self.path).path)
        assert found, self.path
        return found[1]
