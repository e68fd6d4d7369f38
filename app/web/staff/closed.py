"""What ``/staff/`` says where there is no database: how to make the first account."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.web.markup import escape
from app.web.markup import page as plain_page
from app.web.staff import words


def add_closed(app: FastAPI) -> None:
    """Add the page; nothing of a database is imported."""

    @app.api_route("/staff", methods=["GET", "HEAD"], include_in_schema=False)
    def moved() -> Response:
        return RedirectResponse("staff/", 303)

    @app.api_route("/staff/", methods=["GET", "HEAD"], include_in_schema=False)
    def closed() -> HTMLResponse:
        return HTMLResponse(plain_page(words.CLOSED, how_to_begin(words.CLOSED_RESTART), 1))


def how_to_begin(after: str) -> str:
    """The page's words: the command that makes the first account, and what to do ``after``."""
    command = f'<p><code class="ch-command">{escape(words.FIRST_ACCOUNT)}</code></p>'
    return f"<h1>{words.CLOSED}</h1><p>{words.CLOSED_HOW}</p>{command}<p>{after}</p>"
