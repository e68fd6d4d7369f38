"""``/staff/sso``: in by the agency's single sign-on.

The way there begins with a form, whose origin says at which address this server is known, and
ends on a page that opens the next one by itself: cookies for our pages alone are not sent along a
redirection that another site began.
"""

from __future__ import annotations

import base64
import json
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.web.markup import escape
from app.web.staff import frame, words
from app.web.staff.cookies import is_own_machine
from app.web.staff.doors import Doors
from app.web.staff.frame import CSRF, bounce, hidden
from app.web.staff.gate import Refused, is_same, written
from app.web.staff.login import BEFORE, form_before, inside

if TYPE_CHECKING:
    from app.staff.oidc import Flow, Identity, Provider

logger = logging.getLogger("chartiste.web")
FLOW = "chartiste-sso"  # the cookie that remembers a log-in while the person is elsewhere
_SECONDS = 600  # that they have for it
_BACK = "/staff/sso/retour"


@dataclass(frozen=True, slots=True)
class _Begun:
    """What the cookie holds: the flow, and the page to go to."""

    flow: Flow
    next: str


def add_sso(app: FastAPI, doors: Doors, provider: Provider) -> None:
    """Add the way to the provider, and the way back."""

    @app.post("/staff/sso", include_in_schema=False)
    def begin(request: Request, form: Annotated[FormData, Depends(form_before)]) -> Response:
        return _begun(request, form, doors, provider)

    @app.get(_BACK, include_in_schema=False)
    def back(request: Request, code: str = "", state: str = "", iss: str = "") -> Response:
        begun = _read(doors.cookies.read(request, FLOW))
        if begun is None or not is_same(state, begun.flow.state):
            raise Refused(words.SSO_LOST)
        answer = _come_back(request, doors, provider, begun, code, iss)
        doors.cookies.forget(answer, FLOW)
        return answer


def sso_form(token: str, next: str) -> str:
    """The button on the login page."""
    return (
        f'<form class="ch-form" method="post" action="sso"><p>{words.SSO_OR}</p>'
        f"{hidden(CSRF, token)}{hidden('next', next)}"
        f'<button class="ch-quiet">{words.SSO}</button></form>'
    )


def _begun(request: Request, form: FormData, doors: Doors, provider: Provider) -> Response:
    from app.staff.oidc import SsoError

    origin = request.headers.get("origin", "null")
    if origin == "null":
        raise Refused(words.SSO_ORIGIN)
    try:
        address, flow = provider.begin(f"{origin}{doors.cookies.prefix}{_BACK}")
    except SsoError as error:
        return _failed(request, error)
    response = bounce(request, address)
    begun = _written(_Begun(flow, inside(written(form, "next"))))
    tried = is_own_machine(origin)
    doors.cookies.write(response, FLOW, begun, tried, same_site="lax", seconds=_SECONDS)
    return response


def _come_back(
    request: Request, doors: Doors, provider: Provider, begun: _Begun, code: str, issuer: str
) -> Response:
    """The page after the provider's: inside, or why not."""
    from app.staff.oidc import SsoError

    if not code:  # the person, or the provider, said no
        return _page(request, words.REFUSED, f"<p>{words.SSO_REFUSED}</p>", 403)
    try:
        identity = provider.finish(begun.flow, code, issuer)
    except SsoError as error:
        return _failed(request, error)
    proof = doors.accounts.identified(identity.subject, identity.email)
    response = bounce(request, frame.up_from(request) + begun.next[1:])
    tried = is_own_machine(begun.flow.redirect)
    if proof is None or not doors.enter(request, proof, response, tried):
        return _unknown(request, identity)
    doors.cookies.forget(response, BEFORE)
    return response


def _unknown(request: Request, identity: Identity) -> Response:
    command = escape(f'chartiste staff add "Prénom Nom" --subject {identity.number}')
    body = f'<p>{words.UNKNOWN_HOW}</p><p><code class="ch-command">{command}</code></p>'
    return _page(request, words.UNKNOWN, body, 403)


def _failed(request: Request, error: Exception) -> Response:
    logger.error("%s", error, exc_info=error)
    return _page(request, words.REFUSED, f"<p>{escape(str(error))}</p>", 502)


def _page(request: Request, title: str, body: str, status: int) -> Response:
    login = f'<p><a class="ch-button" href="{frame.up_from(request)}staff/login">{words.LOG_IN}</a>'
    return frame.page(request, title, f"<h1>{title}</h1>{body}{login}</p>", status=status)


def _written(begun: _Begun) -> str:
    said = json.dumps({**asdict(begun.flow), "next": begun.next}).encode()
    return base64.urlsafe_b64encode(said).decode().rstrip("=")


def _read(cookie: str) -> _Begun | None:
    """What the cookie holds; None when it is absent, or not as we write it."""
    from app.staff.oidc import Flow

    try:
        said = json.loads(base64.urlsafe_b64decode(cookie + "=" * (-len(cookie) % 4)))
        next = said.pop("next")
        if not all(isinstance(value, str) for value in (next, *said.values())):
            return None
        return _Begun(Flow(**said), inside(next))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
