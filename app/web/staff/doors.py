"""What logging in needs: the accounts, the sessions, the counts of tries, the cookies."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from app.staff.accounts import Accounts, Proof
from app.staff.sessions import Sessions
from app.staff.throttle import Throttle, Try
from app.web.limits import is_own, visitor_of
from app.web.staff.cookies import Cookies
from app.web.staff.gate import SESSION

BROWSER = "chartiste-browser"  # the mark by which an account knows a browser again
_KNOWN = 180 * 24 * 3_600  # seconds that a browser keeps it
HOME = "/staff/"


@dataclass(frozen=True, slots=True)
class Doors:
    """The stores behind the pages that let people in.

    ``counts_own`` is false where requests come through a proxy that no setting names: they all
    have its address, and a stranger's wrong passwords would keep everybody waiting.
    """

    accounts: Accounts
    sessions: Sessions
    throttle: Throttle
    cookies: Cookies
    counts_own: bool

    def attempt(self, request: Request, name: str) -> Try:
        """The try to log in that this request is."""
        address = visitor_of(request.scope)
        counted = self.counts_own or not is_own(address)
        browser = self.cookies.read(request, BROWSER)
        return self.throttle.login(name, address if counted else None, browser)

    def enter(self, request: Request, proof: Proof, response: Response, tried: bool) -> bool:
        """Open a session in the browser of ``response``; false when the account may not enter.

        Its token is new: whatever a browser sent before is no session's. The one that was open in
        this browser is closed. ``tried`` is :func:`app.web.staff.cookies.is_tried`.
        """
        token = self.sessions.open(proof.account, proof.password_hash)
        if token is None:
            return False
        before = self.sessions.find(self.cookies.read(request, SESSION))
        if before:
            self.sessions.close(before)
        self.cookies.write(response, SESSION, token, tried)
        mark = self.throttle.mark(proof.name)
        self.cookies.write(response, BROWSER, mark, tried, seconds=_KNOWN)
        return True
