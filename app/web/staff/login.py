"""``/staff/login`` and ``/staff/logout``: in by name and password, and out."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator, Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.staff.accounts import NAME_LIMIT
from app.staff.hashing import TooManyLogins
from app.web.markup import attribute
from app.web.staff import frame, words
from app.web.staff.closed import how_to_begin
from app.web.staff.cookies import Cookies, is_open_http, is_tried
from app.web.staff.doors import HOME, Doors
from app.web.staff.frame import CSRF, hidden
from app.web.staff.gate import (
    SESSION,
    Gate,
    Refused,
    changed,
    form_of_ours,
    is_same,
    login_of,
    written,
)

BEFORE = "chartiste-before"  # the cookie that the form of the login page must know
# A page of ours, written plainly; not those that let in and out.
_INSIDE = re.compile(r"/staff/(?!login|logout|sso)[\w\-.~/%=&?+,:;@!$'()*]*", re.ASCII)
_UPWARDS = re.compile(r"//|\.\.|%2e|%2f|%5c|%0|%1", re.IGNORECASE)

Beside = Callable[[str, str], str]  # from the token and the next page, HTML beside the form


def add_login(app: FastAPI, doors: Doors, beside: Beside = lambda token, next: "") -> None:
    """Add the login page and the way out; ``beside`` is HTML for other ways in."""
    _add_page(app, doors, beside)

    @app.post("/staff/login", include_in_schema=False)
    def enter(request: Request, form: Annotated[FormData, Depends(form_before)]) -> Response:
        answer = _entered(request, form, doors)
        if isinstance(answer, Response):
            doors.cookies.forget(answer, BEFORE)
            return answer
        status, sentence, headers = answer
        token, next = written(form, CSRF), inside(written(form, "next"))
        body = login_form(token, next, written(form, "name"), sentence) + beside(token, next)
        title = words.ERROR + words.LOGIN
        return frame.page(request, title, body, status=status, headers=headers)

    @app.post("/staff/logout", include_in_schema=False)
    def leave(request: Request, form: Annotated[FormData, Depends(changed)]) -> Response:
        doors.sessions.close(login_of(request))
        return left(request, doors.cookies, "sortie")


def _add_page(app: FastAPI, doors: Doors, beside: Beside) -> None:
    cookies = doors.cookies

    @app.api_route("/staff/login", methods=["GET", "HEAD"], include_in_schema=False)
    def shown(request: Request, next: str = HOME, dit: str = "") -> Response:
        if doors.sessions.find(cookies.read(request, SESSION)):
            return frame.going(request, inside(next))
        if doors.accounts.are_none():
            body = how_to_begin(words.CLOSED_RELOAD)
            return frame.page(request, words.CLOSED, body)
        token = cookies.read(request, BEFORE) or secrets.token_urlsafe(32)
        told = frame.done(words.DONE.get(dit, ""))
        body = login_form(token, inside(next), told=told) + beside(token, inside(next))
        response = frame.page(request, words.LOGIN, body)
        cookies.write(response, BEFORE, token, is_tried(request))
        return response


async def form_before(request: Request) -> AsyncIterator[FormData]:
    """A dependency: the form that somebody sends before there is a session.

    Its token is that of a cookie which only this browser has had from us, so that another site
    makes nobody log in as somebody else.

    Raises:
        Refused: it comes from elsewhere, without the token, or over plain http.
    """
    gate: Gate = request.app.state.gate
    async with form_of_ours(request) as form:
        if is_open_http(request.headers.get("origin", "")):
            raise Refused(words.OPEN_HTTP)
        before = gate.cookies.read(request, BEFORE)
        if not (before and is_same(form.get(CSRF), before)):
            raise Refused(words.NO_COOKIE)
        yield form


def inside(next: str) -> str:
    """The page to go to after logging in: one of ours, whatever the address asked for."""
    return next if _INSIDE.fullmatch(next) and not _UPWARDS.search(next) else HOME


def left(request: Request, cookies: Cookies, why: str) -> Response:
    """The way to the login page, which says ``why``; the browser's session is forgotten."""
    response = frame.going(request, f"/staff/login?dit={why}")
    cookies.forget(response, SESSION)
    return response


Refusal = tuple[int, str, dict[str, str]]  # the status, the sentence, headers


def _entered(request: Request, form: FormData, doors: Doors) -> Response | Refusal:
    """The response that opens a session, or why there is none.

    The try is counted before the password is looked at; one that is refused looks at nothing.
    """
    name = written(form, "name")
    attempt = doors.attempt(request, name)
    if wait := doors.throttle.begin(attempt):
        told = words.TOO_MANY.replace("{wait}", words.wait_of(wait))
        return 429, told, {"Retry-After": str(wait)}
    try:
        proof = doors.accounts.verified(name, written(form, "password"))
    except TooManyLogins:
        doors.throttle.given_up(attempt)
        return 429, words.BUSY, {"Retry-After": "5"}
    answer = frame.going(request, inside(written(form, "next")))
    if proof is None or not doors.enter(request, proof, answer, is_tried(request)):
        return 403, words.WRONG, {}
    doors.throttle.succeeded(attempt)
    return answer


def login_form(token: str, next: str, name: str = "", fault: str = "", told: str = "") -> str:
    """The form, with what went wrong; the password is never sent back."""
    first, second = ("", " autofocus") if name else (" autofocus", "")
    written_name = f' value="{attribute(name[:NAME_LIMIT])}"'
    return (
        f"<h1>{words.LOGIN}</h1>{told}{frame.alert(fault)}"
        f'<form class="ch-form" method="post" action="login">'
        f"{hidden(CSRF, token)}{hidden('next', next)}"
        f"{_field('name', words.NAME, 'username', fault, written_name + first)}"
        f"{_field('password', words.PASSWORD, 'current-password', fault, second)}"
        f"<button>{words.LOG_IN}</button></form>"
    )


def _field(name: str, label: str, filled: str, fault: str, more: str) -> str:
    kind = "password" if name == "password" else "text"
    wrong = ' aria-invalid="true" aria-describedby="erreur"' if fault else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="{kind}"'
        f' required autocomplete="{filled}" autocapitalize="none" spellcheck="false"{more}{wrong}>'
    )
