"""``/staff/compte``: one's own account: log out everywhere, another password."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.staff.accounts import AccountError
from app.staff.hashing import TooManyLogins
from app.staff.passwords import SHORTEST
from app.staff.person import Person
from app.staff.sessions import Login
from app.web.markup import escape
from app.web.staff import frame, words
from app.web.staff.doors import Doors
from app.web.staff.frame import csrf_field
from app.web.staff.gate import changed, login_of, person_of, written
from app.web.staff.login import left

Fault = tuple[str, str]  # the field and the sentence


def add_account(app: FastAPI, doors: Doors) -> None:
    """Add the page and its two changes."""

    @app.api_route("/staff/compte", methods=["GET", "HEAD"], include_in_schema=False)
    def shown(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return _page(request, person, doors)

    @app.post("/staff/compte/partout", include_in_schema=False)
    def everywhere(request: Request, form: Annotated[FormData, Depends(changed)]) -> Response:
        doors.sessions.close_all(login_of(request).account)
        return left(request, doors.cookies, "partout")

    @app.post("/staff/compte/mot-de-passe", include_in_schema=False)
    def password(request: Request, form: Annotated[FormData, Depends(changed)]) -> Response:
        login = login_of(request)
        try:
            fault = _change(login, form, doors)
        except TooManyLogins:
            fault = ("", words.BUSY)
        if fault:
            return _page(request, login.person, doors, fault)
        return left(request, doors.cookies, "mot-de-passe")


def _change(login: Login, form: FormData, doors: Doors) -> Fault | None:
    """Change the password, which ends all sessions; or the field to correct, and why.

    Raises:
        TooManyLogins: too many passwords are being verified.
    """
    new = written(form, "new-password")
    if new != written(form, "new-password-again"):
        return "new-password-again", words.NOT_TWICE
    attempt = doors.throttle.within(login.key)
    if wait := doors.throttle.begin(attempt):
        return "password", words.TOO_MANY.replace("{wait}", words.wait_of(wait))
    name = login.person.name
    try:
        proof = doors.accounts.verified(name, written(form, "password"))
    except TooManyLogins:
        doors.throttle.given_up(attempt)
        raise
    if proof is None:
        return "password", words.WRONG_CURRENT
    doors.throttle.succeeded(attempt)
    try:
        doors.accounts.set_password(name, new)
    except AccountError as error:
        return "new-password", str(error)
    return None


def _page(request: Request, person: Person, doors: Doors, fault: Fault = ("", "")) -> HTMLResponse:
    account = doors.accounts.get(login_of(request).account)
    has_password = account is not None and account.has_password
    body = (
        f"<h1>{words.ACCOUNT}</h1>{frame.alert(fault[1])}"
        f"<p>{words.NAME} : {escape(person.name)}<br>"
        f"{words.ROLE} : {words.ROLES[person.role]}</p>"
        f"<h2>{words.SESSIONS}</h2><p>{words.SESSIONS_HOW}</p>"
        f'<form method="post" action="{frame.up_from(request)}staff/compte/partout">'
        f'{csrf_field(request)}<button class="ch-quiet">{words.EVERYWHERE}</button></form>'
        f"<h2>{words.CHANGE}</h2>"
    )
    body += _form(request, fault[0]) if has_password else f"<p>{words.NO_PASSWORD}</p>"
    title = (words.ERROR if fault[1] else "") + words.ACCOUNT
    return frame.page(request, title, body, status=403 if fault[1] else 200)


def _form(request: Request, wrong: str) -> str:
    name = login_of(request).person.name
    return (
        f'<p id="regle">{words.CHANGE_HOW}</p>'
        '<form class="ch-form" method="post" '
        f'action="{frame.up_from(request)}staff/compte/mot-de-passe">{csrf_field(request)}'
        # Password managers look for whose password it is.
        f'<input name="name" value="{escape(name)}" autocomplete="username" hidden readonly>'
        f"{_field('password', words.CURRENT, 'current-password', wrong)}"
        f"{_field('new-password', words.NEW, 'new-password', wrong)}"
        f"{_field('new-password-again', words.AGAIN, 'new-password', wrong)}"
        f"<button>{words.CHANGE}</button></form>"
    )


def _field(name: str, label: str, filled: str, wrong: str) -> str:
    marked = ' aria-invalid="true" autofocus' if name == wrong else ""
    told = [id for id, holds in (("erreur", name == wrong), ("regle", name == "new-password"))
            if holds]  # fmt: skip
    marked += f' aria-describedby="{" ".join(told)}"' if told else ""
    least = f' minlength="{SHORTEST}"' if filled == "new-password" else ""
    return (
        f'<label for="{name}">{label}</label><input id="{name}" name="{name}" type="password" '
        f'required autocomplete="{filled}"{least}{marked}>'
    )
