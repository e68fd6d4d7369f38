"""The staff's workspace: its gate and all its pages, over one database."""

from __future__ import annotations

from fastapi import FastAPI

from app.assistant import Assistant
from app.faq.anchors import Anchors
from app.faq.entries import Entries
from app.records.database import Database
from app.settings import Settings
from app.staff.accounts import Accounts
from app.staff.hashing import Hashing
from app.staff.secret import server_secret
from app.staff.sessions import Sessions
from app.staff.throttle import Throttle
from app.web.staff import frame, gate
from app.web.staff.account import add_account
from app.web.staff.cookies import Cookies
from app.web.staff.dashboard import add_dashboard
from app.web.staff.doors import Doors
from app.web.staff.exchange import add_exchange
from app.web.staff.home import add_home
from app.web.staff.login import add_login
from app.web.staff.sso import add_sso, sso_form


def add_staff(app: FastAPI, database: Database, assistant: Assistant, settings: Settings) -> None:
    """Add everything below ``/staff/``.

    Raises:
        RecordsError: the secret of the store can be neither read nor made.
    """
    doors = _doors(database, settings)
    door = gate.Gate(doors.sessions, doors.cookies)
    gate.install(app, door)
    if settings.oidc.is_set:
        from app.staff.oidc import Provider  # it brings libraries that nobody else needs

        add_sso(app, doors, Provider(settings.oidc))
        add_login(app, doors, beside=sso_form)
    else:
        add_login(app, doors)
    add_home(app)
    add_account(app, doors)
    add_exchange(app, Entries(database, anchor=Anchors(assistant)), assistant, settings)
    app.state.end_board = add_dashboard(app, door, database, assistant, settings)
    there = {getattr(route, "path", "") for route in app.router.routes}
    app.state.staff_pages = tuple(one for one in frame.PAGES if one[0] in there)


def _doors(database: Database, settings: Settings) -> Doors:
    return Doors(
        Accounts(database, Hashing()),
        Sessions(database),
        Throttle(database, server_secret(settings.ingest.store)),
        Cookies(settings.root_path),
        counts_own=bool(settings.proxy) or settings.rate_per_minute is not None,
    )
