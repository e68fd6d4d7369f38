"""What the command prints: progress on stderr, results on stdout, French sentences for errors."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.answers import Reply, Search
from app.faq.imports import words
from app.wording import named_source, validated_said
from ingest.documents import legible
from ingest.release import Manifest

if TYPE_CHECKING:
    # They bring the fetcher or the database, which a question does not need.
    from app.faq.imports.intake import ImportReport, Taken
    from ingest.forecast import Forecast
    from ingest.gather import Skipped
    from ingest.report import Report

# Some readers take these for the end of a line; JSON has all the other ones escaped already.
_LINE_ENDS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}
_STATES = {
    "failed": "Sources en échec",
    "kept": "Pages gardées telles qu'elles étaient",
    "gone": "Pages disparues",
    "ignored": "Fichiers laissés de côté",
    "same": "Textes déjà lus",
}
_EVERY = 5.0  # seconds between two lines of progress when stderr is not a terminal


def never_fail_on_letters() -> None:
    """Write ``?`` for what the encoding of a terminal or of a pipe does not hold."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """A line on stdout."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def say_json(value: Mapping[str, Any], indent: int | None = 2) -> None:
    """An object on stdout; on one line when ``indent`` is None."""
    say(as_json(value, indent))


def as_json(value: Mapping[str, Any], indent: int | None = None) -> str:
    """An object as JSON that no reader parts elsewhere than at its own lines."""
    return json.dumps(value, ensure_ascii=False, indent=indent).translate(_LINE_ENDS)


class Steps:
    """A progress bar a step on a terminal, a line now and then elsewhere."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._bar = (
            Progress(
                TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
                TimeRemainingColumn(), console=console, transient=False,
            )
            if console.is_terminal
            else None
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}
        self._told: dict[str, float] = {}

    def __enter__(self) -> Steps:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """How much of a step is done."""
        if not total:
            return
        if self._bar is None:
            self._tell(step, done, total)
            return
        if step not in self._tasks:
            self._tasks[step] = self._bar.add_task(step, total=total)
        self._bar.update(self._tasks[step], completed=done, total=total)

    def _tell(self, step: str, done: int, total: int) -> None:
        now = time.monotonic()
        if done == total or now - self._told.get(step, -_EVERY) >= _EVERY:
            self._told[step] = now
            tell(f"{step} : {done}/{total}")


def shown_reply(reply: Reply) -> str:
    """A reply for a terminal: the text and how it came about, the sources under their numbers."""
    outcome = reply.outcome
    lines = [outcome.text]
    if note := getattr(outcome, "note", ""):
        lines += ["", note]
    if known := getattr(outcome, "validated", None):
        lines[:0] = [validated_said(known.question, known.date, known.by, "fr"), ""]
    citations = getattr(outcome, "citations", ())
    if citations:
        lines.append("")
    for citation in citations:
        page = f", p. {citation.page}" if citation.page else ""
        lines.append(f"[{citation.number}] {named_source(citation.source, 'fr')}{page}")
        if getattr(outcome, "mode", "") != "quoted":  # the text does not hold these words
            lines.append(f"    « {' '.join(citation.quote.split())} »")
        lines += [f"    {url}" for url in (citation.source.url, *citation.source.copies) if url]
    if outcome.suggestions:
        lines += ["", "Vous pouvez aussi demander :"]
        lines += [f"- {suggestion}" for suggestion in outcome.suggestions]
    return "\n".join(lines)


def shown_search(search: Search) -> str:
    """Ranked passages for a terminal."""
    if not search.found:
        return "Aucun passage trouvé."
    blocks = []
    for number, entry in enumerate(search.found, start=1):
        where = " › ".join((entry.source.title, *entry.passage.heading))
        text = " ".join(entry.passage.text.split())
        blocks.append(f"{number}. {where}  ({entry.score:.3f})\n   {text}")
    return "\n\n".join(blocks)


def shown_report(report: Report) -> str:
    """What an ingestion did, in a few lines."""
    lines = []
    if report.changed:
        lines.append(f"Version {report.release} en service.")
    else:
        lines.append(f"Rien n'a changé : la version {report.release} reste en service.")
    lines.append(
        f"{report.documents} documents, {report.passages} passages, {report.sentences} phrases ; "
        f"{report.embedded} vecteurs calculés, {report.reused} repris."
    )
    if report.changed:
        steps = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in report.seconds.items())
        lines.append(f"Temps : {steps}.")
    if report.gone:
        lines.append(f"{len(report.gone)} documents de la version d'avant n'y sont plus :")
        lines += [f"- {title}" for title in report.gone]
    return "\n".join(lines + _skipped(report.skipped))


def shown_forecast(forecast: Forecast) -> str:
    """What an ingestion would do, in a few lines."""
    lines = ["Essai : rien n'est écrit."]
    if forecast.fetch:
        lines.append(f"Adresses qui seraient demandées ({len(forecast.fetch)}) :")
        lines += [f"- {address}" for address in forecast.fetch]
    lines.append(
        f"{forecast.documents} documents déjà lisibles, {forecast.passages} passages, "
        f"{forecast.sentences} phrases ; {forecast.to_embed} vecteurs à calculer, "
        f"{forecast.reused} repris."
    )
    return "\n".join(lines + _skipped(forecast.skipped))


def _skipped(skipped: Sequence[Skipped]) -> list[str]:
    """What was not read as it should, by what became of it."""
    lines = []
    for state, title in _STATES.items():
        entries = [entry for entry in skipped if entry.state == state]
        if entries:
            lines.append(f"{title} ({len(entries)}) :")
            lines += [f"- {entry.path} : {entry.reason}" for entry in entries]
    return lines


def shown_import(report: ImportReport) -> str:
    """What became of the questions of a file, in a few lines; what is to be done about them."""
    lines = [f"{words.TRIAL}."] if report.is_trial else []
    lines.append(" · ".join(_counted(report.counts)) or "Rien à importer.")
    for title, told in (
        (words.WITHDRAWN, list(map(_located, report.withdrawn))),
        (words.LACKING, _unsupported(report)),
        (words.SKIPPED, [_placed(one) for one in report.of("skipped")]),
        (words.BAD, [_placed(one) for one in report.of("bad")]),
    ):
        if told:
            lines += [f"{title} ({len(told)}) :", *(f"- {line}" for line in told)]
    return "\n".join(lines)


_COUNTS = {
    "created": ("brouillon créé", "brouillons créés"),
    "updated": ("fiche mise à jour", "fiches mises à jour"),
    "same": ("fiche identique", "fiches identiques"),
    "skipped": ("question laissée de côté", "questions laissées de côté"),
    "bad": ("ligne en erreur", "lignes en erreur"),
}


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    for result, names in _COUNTS.items():
        if count := counts[result]:
            yield f"{count} {names[count > 1]}"


def _unsupported(report: ImportReport) -> list[str]:
    return [
        f"{_located(one)} : {len(one.lacking)} phrase{'s' if len(one.lacking) > 1 else ''}"
        for one in report.of("created", "updated")
        if one.lacking
    ]


def _placed(one: Taken) -> str:
    return f"{_located(one)} : {' '.join(one.why.split())}"


def _located(one: Taken) -> str:
    return f"{one.place}, {_named(one.question)}" if one.question else one.place


def _named(question: str) -> str:
    said = legible(" ".join(question.split()))
    return f"« {said if len(said) <= 80 else said[:79] + '…'} »"


def shown_releases(manifests: list[Manifest], current: str | None) -> str:
    """The releases, the newest first; a star marks the one in service."""
    return "\n".join(
        f"{'*' if manifest.id == current else ' '} {manifest.id}  {manifest.documents} documents, "
        f"{manifest.passages} passages, modèle {manifest.model}"
        for manifest in manifests
    )
