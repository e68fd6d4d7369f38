"""The staff's workspace: its gate and all its pages, over one database."""

from __future__ import annotations

from fastapi import FastAPI

from app.assistant import Assistant
from app.records.database import Database
from app.settings import Settings
from app.staff.sessions import Sessions
from app.web.staff import frame, gate
from app.web.staff.cookies import Cookies
from app.web.staff.dashboard import add_dashboard
from app.web.staff.home import add_home


def add_staff(app: FastAPI, database: Database, assistant: Assistant, settings: Settings) -> None:
    """Add everything below ``/staff/``."""
    sessions = Sessions(database)
    door = gate.Gate(sessions, Cookies(settings.root_path))
    gate.install(app, door)
    add_home(app)
    app.state.end_board = add_dashboard(app, door, database, assistant, settings)
    there = {getattr(route, "path", "") for route in app.router.routes}
    app.state.staff_pages = tuple(one for one in frame.PAGES if one[0] in there)
