"""``chartiste serve``."""

from __future__ import annotations

from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from app import console, logs
from app.assistant import Assistant
from app.commands.opening import open_answering, open_model, open_writer
from app.settings import Settings
from app.wording import Wording
from ingest.embed import EmbeddingModel
from ingest.settings import shipped
from ingest.store import Store

if TYPE_CHECKING:
    from app.records.database import Database


def serve(options: Namespace, settings: Settings) -> None:
    """Serve the page and the API; build the starter release first when there is none."""
    from app.journal.opening import open_recording
    from app.records.opening import open_database
    from app.server import create_app, run

    logs.install(settings.log)
    writer = open_writer(settings)  # what is missing for it is told now, not to a citizen
    model = open_model(settings)
    store = _built(settings, model)
    database = open_database(settings)
    recording = open_recording(settings, database)
    faq = None if database is None else open_answering(settings, model, database)
    wording = Wording(settings.agency, settings.contact)
    assistant = Assistant(store, model, wording, writer, faq=faq)
    try:
        assistant.release()  # an index that cannot be served is told now, not to a citizen
        if faq is not None:
            faq.begin()
        app = create_app(assistant, settings, database, recording)
        with _following(database, assistant):
            run(app, settings, lambda url: console.say(f"Chartiste est prêt : {url}"))
    finally:
        recording.close()
        assistant.close()
        if database:
            database.close()


def _built(settings: Settings, model: EmbeddingModel) -> Store:
    """The store; built from the starter sheets when it holds nothing."""
    store = Store.of(settings.ingest)
    if store.current() is None and not store.ids():
        from ingest.job import ingest as build

        console.tell("Première mise en route : indexation des fiches fournies.")
        with console.Steps() as steps:
            report = build([shipped("data", "corpus")], settings.ingest, model, steps)
        console.tell(console.shown_report(report))
    return store


def _following(database: Database | None, assistant: Assistant) -> AbstractContextManager[object]:
    """Has the entries of the FAQ follow each release that is served, where there are any."""
    if database is None:
        return nullcontext()
    from app.faq.entries import Entries
    from app.faq.following import Follower

    return Follower(Entries(database), assistant)
