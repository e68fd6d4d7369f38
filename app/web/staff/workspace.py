"""The staff's workspace: its gate and all its pages, over one database."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI

from app.assistant import Assistant
from app.faq.anchors import Anchors
from app.faq.bulk import Drafting, Verifying
from app.faq.entries import Entries
from app.faq.likeness import Likeness, load_likeness
from app.faq.survey import Surveyor
from app.faq.wanted import Wanted
from app.journal.journal import Journal
from app.journal.recording import LONGEST
from app.records.database import Database
from app.settings import Settings
from app.staff.accounts import Accounts
from app.staff.hashing import Hashing
from app.staff.secret import server_secret
from app.staff.sessions import Sessions
from app.staff.tasks import Tasks
from app.staff.throttle import Throttle
from app.staff.worker import Items, Worker
from app.web.staff import frame, gate
from app.web.staff.account import add_account
from app.web.staff.cookies import Cookies
from app.web.staff.dashboard import add_dashboard
from app.web.staff.doors import Doors
from app.web.staff.editor import Editor
from app.web.staff.editor_doors import add_editor
from app.web.staff.entries import add_entries
from app.web.staff.exchange import add_exchange
from app.web.staff.history import add_history
from app.web.staff.home import add_home
from app.web.staff.login import add_login
from app.web.staff.missing import add_missing
from app.web.staff.questions import Asked, add_questions
from app.web.staff.sso import add_sso, sso_form
from app.web.staff.trying import add_trying
from app.web.staff.work import add_work


def add_staff(app: FastAPI, database: Database, assistant: Assistant, settings: Settings) -> None:
    """Add everything below ``/staff/``.

    Raises:
        RecordsError: the secret of the store can be neither read nor made.
    """
    doors = _doors(database, settings)
    door = gate.Gate(doors.sessions, doors.cookies)
    gate.install(app, door)
    _add_doors(app, doors, settings)
    add_account(app, doors)
    _add_faq(app, database, assistant, settings)
    app.state.end_board = add_dashboard(app, door, database, assistant, settings)
    there = {getattr(route, "path", "") for route in app.router.routes}
    app.state.staff_pages = tuple(one for one in frame.PAGES if one[0] in there)


def _add_doors(app: FastAPI, doors: Doors, settings: Settings) -> None:
    """The pages by which one comes in."""
    if settings.oidc.is_set:
        from app.staff.oidc import Provider  # it brings libraries that nobody else needs

        add_sso(app, doors, Provider(settings.oidc))
        add_login(app, doors, beside=sso_form)
    else:
        add_login(app, doors)


def _add_faq(app: FastAPI, database: Database, assistant: Assistant, settings: Settings) -> None:
    """The pages of what is asked and of the entries, and the threads that work behind them."""

    @cache
    def likeness() -> Likeness:
        return load_likeness(assistant.space(), settings.ingest.store)

    entries = Entries(database, anchor=Anchors(assistant))
    surveyor = Surveyor(Journal(database, settings.journal_days), assistant, likeness)
    wanted, tasks = Wanted(database), Tasks(database)
    days = settings.journal_days
    asked = Asked(surveyor, entries, wanted, assistant, days, days or LONGEST)
    kinds: dict[str, Items] = {
        "brouillons": Drafting(surveyor, entries, assistant, asked.window),
        "verifier": Verifying(entries, assistant),
    }
    worker = Worker(tasks, kinds)
    add_home(app, entries, wanted)
    add_questions(app, asked)
    add_missing(app, wanted)
    add_entries(app, entries)
    add_history(app, entries)
    add_editor(app, Editor(entries, assistant, settings.agency), asked.find)
    add_trying(app, entries, assistant, likeness)
    add_exchange(app, entries, assistant, settings)
    add_work(app, tasks, worker)

    def end() -> None:
        worker.close()
        surveyor.close()

    app.state.end_work = end


def _doors(database: Database, settings: Settings) -> Doors:
    return Doors(
        Accounts(database, Hashing()),
        Sessions(database),
        Throttle(database, server_secret(settings.ingest.store)),
        Cookies(settings.root_path),
        counts_own=bool(settings.proxy) or settings.rate_per_minute is not None,
    )
