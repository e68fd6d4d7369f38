"""The dashboard as HTML: the figures, the plots each with its table, and the release in service.

One block without a line break, which Gradio's Markdown shows as it is; what is not ours (titles of
sources, what an ingestion says) goes through :func:`app.web.markup.escape_markdown`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.faq.rules import thousands
from app.journal.numbers import MODES, Numbers, share
from app.journal.words import DECLINED, OUTCOMES, said
from app.web.markup import escape_markdown
from app.web.staff import charts
from app.web.staff.charts import Series
from ingest.report import Kept, Report

OUTCOME_NAMES = {name: text.capitalize() for name, text in said(OUTCOMES).items()}
MODE_NAMES = {
    "quoted": "Citées mot pour mot",
    "generated": "Rédigées puis vérifiées",
    "faq": "Fiches de la FAQ",
}
TITLE = "Tableau de bord"
OFF = (
    "Le journal est arrêté : aucune question n'est gardée. Pour le mettre en marche, donnez à "
    "CHARTISTE_JOURNAL_DAYS un nombre de jours, de 1 à 30 ; la page le dira aux visiteurs."
)
NOTHING = "Aucune question pour cette période et ces choix."
NOT_KEPT = "Le compte rendu de la dernière ingestion n'est pas gardé."
DOWN = "La base de données ne répond pas : réessayez dans un instant."
_SKIPPED = 50  # sources in failure that are named


@dataclass(frozen=True, slots=True)
class Served:
    """The release in service, and what its last ingestion reported, where that is known."""

    release: str
    documents: int
    kept: Kept | None = None


def shown(numbers: Numbers, titles: Mapping[str, str]) -> str:
    """The numbers of a period; ``titles`` are those of the sources by their ids."""
    if not numbers.total:
        return f'<p class="ch-note">{NOTHING}</p>'
    return (
        _figures(numbers)
        + '<div class="ch-board">'
        + _asked(numbers)
        + _spent(numbers)
        + _modes(numbers)
        + _sources(numbers, titles)
        + "</div>"
    )


def told(numbers: Numbers, period: str) -> str:
    """What is announced when the figures changed."""
    return f"{period} : {_count(numbers.total, 'question')}."


def served(now: Served | None) -> str:
    """The release in service and what its last ingestion did."""
    title = "<h2>Version en service</h2>"
    if now is None:
        return f"{title}<p>Aucune version ne peut être lue.</p>"
    facts = [
        ("Version", now.release),
        ("Documents", thousands(now.documents)),
        *_ingested(now.kept),
    ]
    after = _after(now.kept.report, now.release) if now.kept else f"<p>{NOT_KEPT}</p>"
    return f'<section class="ch-served">{title}{_facts(facts)}{after}</section>'


def percent(part: float | None) -> str:
    """« 12,3 % », or a dash where there is nothing to share."""
    return "–" if part is None else f"{part * 100:.1f}\u00a0%".replace(".", ",")


def duration(ms: float | None) -> str:
    """« 12 ms », « 1,2 s »."""
    if ms is None:
        return "–"
    return f"{ms:.0f}\u00a0ms" if ms < 1_000 else f"{ms / 1_000:.1f}\u00a0s".replace(".", ",")


def _count(count: int, noun: str) -> str:
    return f"{thousands(count)} {noun}{'s' if count > 1 else ''}"


def _figures(numbers: Numbers) -> str:
    outcomes, total = numbers.outcomes, numbers.total
    facts = [("Questions", thousands(total))]
    facts += [
        (name, f"{thousands(outcomes[key])} ({percent(share(outcomes[key], total))})")
        for key, name in OUTCOME_NAMES.items()
    ]
    opinions = numbers.up + numbers.down
    approved = f"{thousands(numbers.up)} sur {thousands(opinions)} ({percent(numbers.approval)})"
    facts += [
        ("Part sans réponse, hors déclinées", percent(numbers.refusal)),
        ("Avis favorables", approved if opinions else "aucun avis"),
        ("Durée médiane", duration(numbers.p50)),
        ("Durée de 95 % des réponses", f"≤ {duration(numbers.p95)}"),
    ]
    told = f'<p class="ch-hint">{DECLINED}</p>'
    return f'<h2 class="ch-invisible">Chiffres</h2>{_facts(facts)}{told}'


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f"<div><dt>{escape_markdown(name)}</dt><dd>{escape_markdown(value)}</dd></div>"
        for name, value in facts
    )
    return f'<dl class="ch-facts">{items}</dl>'


def _asked(numbers: Numbers) -> str:
    days = [_short(day.day) for day in numbers.days]
    series = [
        Series(OUTCOME_NAMES[key], [day.outcomes.get(key, 0) for day in numbers.days])
        for key in OUTCOMES
    ]
    most = max(numbers.days, key=lambda day: day.total)
    described = (
        f"Colonnes des questions par jour. Le plus : {_count(most.total, 'question')} le "
        f"{_short(most.day)}. Le tableau qui suit donne chaque jour."
    )
    rows = [
        [
            _short(day.day),
            thousands(day.total),
            *(thousands(day.outcomes.get(k, 0)) for k in OUTCOMES),
        ]
        for day in reversed(numbers.days)
    ]
    head = ["Jour", "Questions", *OUTCOME_NAMES.values()]
    plot = charts.image(charts.columns(days, series), described)
    return _figure("Questions par jour", plot, head, rows)


def _spent(numbers: Numbers) -> str:
    days = [_short(day.day) for day in numbers.days]
    series = [
        Series("médiane (ms)", [day.p50 for day in numbers.days]),
        Series("95 % (ms)", [day.p95 for day in numbers.days]),
    ]
    described = (
        f"Courbes de la durée des réponses par jour. Sur toute la période, la moitié prend "
        f"{duration(numbers.p50)} au plus, et 95 % {duration(numbers.p95)} au plus. Le tableau qui "
        "suit donne chaque jour."
    )
    rows = [
        [_short(day.day), duration(day.p50), duration(day.p95)]
        for day in reversed(numbers.days)
        if day.p50 is not None
    ]
    plot = charts.image(charts.lines(days, series), described)
    return _figure("Durée des réponses", plot, ["Jour", "Médiane", "95 %"], rows)


def _figure(title: str, plot: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A plot and its table, which is folded."""
    table = _table(f"{title} : le détail", head, rows)
    return (
        f'<section class="ch-figure"><h2>{title}</h2>{plot}'
        f"<details><summary>{title} : le tableau</summary>{table}</details></section>"
    )


def _modes(numbers: Numbers) -> str:
    counted = [(MODE_NAMES[key], numbers.modes.get(key, 0)) for key in MODES]
    return _bars("Sortes de réponses", ("Sorte", "Réponses"), counted)


def _sources(numbers: Numbers, titles: Mapping[str, str]) -> str:
    gone = "Source qui n'est plus dans la version en service"
    counted = [(titles.get(id, gone), count) for id, count in numbers.sources]
    return _bars("Sources les plus citées", ("Source", "Réponses"), counted)


def _bars(title: str, head: tuple[str, str], counted: Sequence[tuple[str, int]]) -> str:
    """A table whose numbers have a bar as long as they are."""
    most = max((count for _, count in counted), default=0)
    if not most:
        return f'<section class="ch-figure"><h2>{title}</h2><p>Aucune réponse.</p></section>'
    rows = "".join(
        f'<tr><th scope="row">{escape_markdown(name)}</th><td>{thousands(count)}'
        f'<div class="ch-length" style="width: {count / most:.1%}"></div></td></tr>'
        for name, count in counted
    )
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    return (
        f'<section class="ch-figure"><h2>{title}</h2><table class="ch-bars">'
        f'<caption class="ch-invisible">{title}</caption><thead><tr>{columns}</tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    columns = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    return (
        f'<table class="ch-table"><caption class="ch-invisible">{caption}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    )


def _short(day: date) -> str:
    return f"{day:%d/%m}"


def _ingested(kept: Kept | None) -> list[tuple[str, str]]:
    """What the last ingestion did, in figures."""
    if kept is None:
        return []
    report, at = kept.report, kept.at.astimezone()
    return [
        ("Dernière ingestion", f"{at:%d/%m/%Y, %H:%M}"),
        ("Ce qu'elle a trouvé", "du nouveau" if report.changed else "rien de nouveau"),
        ("Passages", thousands(report.passages)),
        ("Durée de l'ingestion", duration(sum(report.seconds.values()) * 1_000)),
        ("Sources en échec", thousands(report.failures)),
        ("Documents disparus", thousands(len(report.gone))),
    ]


def _after(report: Report, release: str) -> str:
    """What it names: another release than the one in service, what failed, what is gone."""
    other = ""
    if report.release != release:
        other = (
            "<p>La dernière ingestion avait mis en service la version "
            f"{escape_markdown(report.release)} : ce n'est plus celle-ci.</p>"
        )
    failed = [f"{one.path} : {one.reason}" for one in report.skipped if one.failed]
    lists = _listed("Sources en échec", failed) + _listed("Documents disparus", report.gone)
    return other + lists


def _listed(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    items = "".join(f"<li>{escape_markdown(line)}</li>" for line in lines[:_SKIPPED])
    more = len(lines) - _SKIPPED
    items += f"<li>et {_count(more, 'autre')}</li>" if more > 0 else ""
    return f"<details><summary>{title} ({len(lines)})</summary><ul>{items}</ul></details>"
