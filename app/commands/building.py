"""``chartiste ingest``."""

from __future__ import annotations

from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from app import console
from app.commands.following import accepting, follow_release, shown_followed
from app.commands.opening import model_opener, open_model
from app.settings import Settings
from ingest.embed import EmbeddingModel, takes_gpu
from ingest.settings import shipped

if TYPE_CHECKING:
    from ingest.forecast import Forecast
    from ingest.machines import Machines
    from ingest.report import Report


def ingest(options: Namespace, settings: Settings) -> None:
    """Build a release from files, folders and addresses; without any, from the starter sheets.

    Raises:
        SystemExit: with code 3, after the report, when a release is up and some sources failed;
            with code 2 when ``--check-faq`` refuses it and ``--json`` tells why.
    """
    from app.faq.faults import EntriesWouldLose

    model = open_model(settings)
    try:
        done = _done(options, settings, model)
    except EntriesWouldLose as error:
        if not options.json:
            raise
        console.say_json({"refused": True, "entries": list(error.losing)})
        raise SystemExit(error.exit_code) from error
    faq = None if options.dry_run else follow_release(settings, lambda: model)
    _tell(done, faq, options.json)
    if any(entry.failed for entry in done.skipped):
        raise SystemExit(3)


def _done(options: Namespace, settings: Settings, model: EmbeddingModel) -> Report | Forecast:
    from ingest.forecast import forecast
    from ingest.job import ingest as run

    places = options.places or ([] if options.sources else [shipped("data", "corpus")])
    with (
        console.Steps() as steps,
        accepting(options, settings, model, steps) as accept,
        _machines(options, settings) as machines,
    ):
        if options.dry_run:
            return forecast(places, settings.ingest, model, steps, options.sources, machines)
        return run(places, settings.ingest, model, steps, options.sources, machines, accept)


def _tell(done: Report | Forecast, faq: dict[str, Any] | None, as_json: bool) -> None:
    from ingest.report import Report

    if as_json:
        console.say_json(done.as_json() | ({"faq": faq} if faq else {}))
    elif isinstance(done, Report):
        console.say(console.shown_report(done))
        if faq and (told := shown_followed(faq)):
            console.say(told)
    else:
        console.say(console.shown_forecast(done))


def _machines(options: Namespace, settings: Settings) -> AbstractContextManager[Machines]:
    """Who parses and embeds, by ``--engine``.

    Raises:
        ClusterError: when it is entered: Ray is missing, or its cluster does not answer.
    """
    if options.engine == "ray":
        from ingest.cluster.crew import Cluster

        chosen = settings.ingest
        return Cluster(model_opener(settings), takes_gpu(chosen.embedding, chosen.embedding_device))
    from ingest.machines import ALONE

    return nullcontext(ALONE)
