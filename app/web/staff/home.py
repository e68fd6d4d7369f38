"""``/staff/``: where one arrives after logging in."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.staff.person import Person
from app.web.markup import escape
from app.web.staff import frame, words
from app.web.staff.gate import person_of


def add_home(app: FastAPI) -> None:
    """Add ``GET /staff/``, and ``/staff`` that leads there."""

    @app.api_route("/staff", methods=["GET", "HEAD"], include_in_schema=False)
    def moved() -> Response:
        return RedirectResponse("staff/", 303)

    @app.api_route("/staff/", methods=["GET", "HEAD"], include_in_schema=False)
    def home(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        pages = getattr(request.app.state, "staff_pages", frame.PAGES)[1:]
        up = frame.up_from(request)
        items = "".join(
            f'<li><a href="{up}{at[1:]}">{escape(label)}</a></li>' for at, label in pages
        )
        body = f"<h1>Bonjour, {escape(person.name)}</h1>"
        body += f'<ul class="ch-list">{items}</ul>' if items else ""
        return frame.page(request, words.SPACE, body)
