"""``chartiste ingest``."""

from __future__ import annotations

from argparse import Namespace
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from app import console
from app.commands.opening import model_opener, open_model
from app.settings import Settings
from ingest.embed import takes_gpu
from ingest.settings import shipped

if TYPE_CHECKING:
    from ingest.machines import Machines


def ingest(options: Namespace, settings: Settings) -> None:
    """Build a release from files, folders and addresses; without any, from the starter sheets.

    Raises:
        SystemExit: with code 3, after the report, when a release is up and some sources failed.
    """
    from ingest.forecast import forecast
    from ingest.job import ingest as run
    from ingest.report import Report

    places = options.places or ([] if options.sources else [shipped("data", "corpus")])
    walk = forecast if options.dry_run else run
    model = open_model(settings)
    with _machines(options, settings) as machines, console.Steps() as steps:
        done = walk(places, settings.ingest, model, steps, options.sources, machines)
    if options.json:
        console.say_json(done.as_json())
    elif isinstance(done, Report):
        console.say(console.shown_report(done))
    else:
        console.say(console.shown_forecast(done))
    if any(entry.failed for entry in done.skipped):
        raise SystemExit(3)


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
