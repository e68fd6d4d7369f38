"""Who gets through: dependencies of the staff's routes, and a door for mounted applications.

::

    @app.get("/staff/fiches")
    def entries(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse: …

    @app.post("/staff/fiches")
    def save(person: …, form: Annotated[FormData, Depends(changed)]) -> Response: …

A change comes from a page of ours (``Sec-Fetch-Site`` or ``Origin`` says so), within a session,
with that session's token.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from app.staff.person import Person
from app.staff.sessions import Login, Sessions
from app.web.markup import escape
from app.web.origins import is_foreign
from app.web.staff import words
from app.web.staff.cookies import Cookies
from app.web.staff.frame import CSRF, LOGIN, bounce, login_at, page, path_at, up_from
from ingest.errors import RecordsError

SESSION = "chartiste"  # the cookie's name, without what its prefix promises
_SAFE = ("GET", "HEAD")
_FIELDS, _FILES = 500, 4
# What follows the address of a page in those of its forms, and of an application within it.
_ACTION = re.compile(r"/(?:statut|commentaire|mot-de-passe|partout|gradio_api/.*)\Z")


class Refused(Exception):
    """A request that is not let through: the status, the title and the sentence of its page."""

    def __init__(self, sentence: str, status: int = 403, title: str = words.REFUSED) -> None:
        super().__init__(sentence)
        self.status = status
        self.title = title


class NotLoggedIn(Exception):
    """Nobody is logged in. ``form`` is what was sent all the same."""

    def __init__(self, form: FormData | None = None) -> None:
        super().__init__()
        self.form = form


@dataclass(frozen=True, slots=True)
class Gate:
    """What the dependencies look sessions up with: ``app.state.gate``."""

    sessions: Sessions
    cookies: Cookies

    def login(self, request: Request) -> Login | None:
        """The session of the request's cookie; remembered for its page."""
        token = self.cookies.read(request, SESSION)
        login = self.sessions.find(token) if token else None
        request.scope[LOGIN] = login
        return login

    def admits(self, request: Request) -> bool:
        """Whether somebody is logged in; nobody is where the database does not say so."""
        try:
            return self.login(request) is not None
        except RecordsError:
            return False


def install(app: FastAPI, gate: Gate) -> None:
    """Have ``app`` know its gate, and answer those who are not let through."""
    app.state.gate = gate
    app.state.admits = gate.admits  # what the guard of long bodies asks
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(NotLoggedIn, _on_not_logged_in)


def login_of(request: Request) -> Login:
    """The session of the request.

    Raises:
        NotLoggedIn: there is none; its page leads to the login page and back.
    """
    gate: Gate = request.app.state.gate
    login = login_at(request) or gate.login(request)
    if login is None:
        raise NotLoggedIn
    return login


def person_of(request: Request) -> Person:
    """Who is logged in.

    Raises:
        NotLoggedIn: nobody.
    """
    return login_of(request).person


async def changed(request: Request) -> AsyncIterator[FormData]:
    """The form of a change, which a page of ours sent within this session.

    Raises:
        NotLoggedIn: nobody is.
        Refused: it comes from elsewhere, has no token of this session, or cannot be read.
    """
    async with form_of_ours(request) as form:
        await _check(request, form)
        yield form


@asynccontextmanager
async def form_of_ours(request: Request) -> AsyncIterator[FormData]:
    """The form that a page of ours sent; its token is still to be looked at.

    Raises:
        Refused: it comes from elsewhere, or cannot be read.
    """
    refuse_foreign(request)
    try:
        form = await request.form(max_files=_FILES, max_fields=_FIELDS)
    except HTTPException as error:
        raise Refused(words.UNREADABLE, 400) from error
    try:
        yield form
    finally:
        await form.close()


def written(form: FormData, name: str) -> str:
    """What was written in a field; empty when it is absent or holds a file."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


async def _check(request: Request, form: FormData) -> None:
    try:
        login = await run_in_threadpool(login_of, request)
    except NotLoggedIn:
        raise NotLoggedIn(form) from None
    if not is_same(form.get(CSRF), login.csrf):
        raise Refused(words.STALE)


def refuse_foreign(request: Request) -> None:
    """Let only a page of ours send a form.

    Raises:
        Refused: another site's page did, or nothing says whose.
    """
    if not _is_ours(request.headers):
        raise Refused(words.FOREIGN)


def _is_ours(headers: Headers) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return "origin" in headers and not is_foreign(headers)


def is_same(given: object, wanted: str) -> bool:
    """Whether two secrets are the same, without telling by the time how much of them is."""
    return isinstance(given, str) and hmac.compare_digest(
        given.encode(errors="replace"), wanted.encode()
    )


class Inside:
    """Lets through to a mounted application only who is logged in, and only from our own pages.

    It is for applications that cannot send the token, such as Gradio's: every request but one that
    opens a page must say that it comes from a page of ours.
    """

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise HTTPException(404)
        request = Request(scope, receive)
        if scope["method"] not in _SAFE:
            refuse_foreign(request)
        if await run_in_threadpool(self._gate.login, request) is None:
            raise NotLoggedIn
        await self._app(scope, receive, send)


async def _on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    body = f"<h1>{escape(error.title)}</h1><p>{escape(str(error))}</p>"
    return page(request, error.title, body, status=error.status)


async def _on_not_logged_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotLoggedIn)
    if request.method not in _SAFE:
        return _ended(request, error.form)
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return bounce(request, _itself(request))
    query = urlencode({"next": _address(request)})
    return RedirectResponse(f"{up_from(request)}staff/login?{query}", 303)


def _address(request: Request) -> str:
    """Which page of ours was asked for: its path below the prefix, and its query."""
    query = request.url.query
    return path_at(request) + (f"?{query}" if query else "")


def _itself(request: Request) -> str:
    return up_from(request) + quote(_address(request)[1:], safe="/?&=%+,;:@!~*'()-._")


def _ended(request: Request, form: FormData | None) -> Response:
    """The page after a form that came too late: what was written in it is there to be copied, and
    the way back to its page, through the log-in.
    """
    query = urlencode({"next": _ACTION.sub("", path_at(request))})
    body = (
        f"<h1>{words.ENDED}</h1><p>{words.ENDED_HOW}</p>"
        f'<p><a class="ch-button" href="{up_from(request)}staff/login?{query}">{words.LOG_IN}</a>'
        f"</p>{_sent(form) if form else ''}"
    )
    return page(request, words.ENDED, body, status=403)


def _sent(form: FormData) -> str:
    """What people wrote in a form, under the names that its page has for it."""
    fields = "".join(
        f'<div class="ch-field"><label for="{name}">{escape(label)}</label>'
        f'<textarea id="{name}" rows="4" readonly>\n{escape(text)}</textarea></div>'
        for name, label in words.FIELDS.items()
        if (text := written(form, name)).strip()
    )
    added = any("|new|" in str(one) for one in form.getlist("citation"))
    lost = f"<p>{words.SENT_CITATIONS}</p>" if added else ""
    return f"<h2>{words.SENT}</h2><p>{words.SENT_HOW}</p>{fields}{lost}" if fields else ""
