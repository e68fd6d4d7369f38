"""An evaluation as a table, as JSON and as a page with plots."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.evaluate.calibrate import Fitted
from app.evaluate.figures import Named, failures
from app.evaluate.measure import ASKED, Measured
from app.evaluate.statistics import refusal_curve, reliability
from app.evaluate.written import WrittenCase
from app.evaluate.written_report import written_as_html, written_as_json
from app.wording import named_source
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BINS = 30
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{border-bottom:1px solid #ccc;padding:.3rem .8rem;"
    "text-align:left;vertical-align:top}td.n{text-align:right}img{max-width:100%}"
)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured on which file and release.

    ``written`` is what became of the cases with the language model ``writer``, where one was asked.
    """

    file: str
    release: str
    model: str
    figures: tuple[Named, ...]
    measured: tuple[Measured, ...]
    writer: str = ""
    written: tuple[WrittenCase, ...] = ()

    @property
    def models(self) -> str:
        """The models that were asked, in French."""
        return f"modèle {self.model}" + (f", réponses de {self.writer}" if self.writer else "")


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The object that ``eval --json`` prints."""
    shown = {
        "file": evaluation.file,
        "release": evaluation.release,
        "model": evaluation.model,
        "figures": {key: asdict(value) for key, _, value in evaluation.figures},
        "failures": [_failure(entry) for entry in failures(evaluation.measured)],
    }
    if evaluation.writer:
        shown["generated"] = written_as_json(evaluation.writer, evaluation.written)
    return shown


def _failure(entry: Measured) -> dict[str, Any]:
    return {
        "id": entry.case.id,
        "question": entry.case.question,
        "group": entry.group,
        "answerable": entry.answerable,
        "answered": entry.answered,
        "declined": entry.declined,
        "probability": round(entry.probability, 4),
        "found": [
            {"source": citation.source.title, "quote": citation.quote}
            for citation in entry.citations
        ],
    }


def as_text(evaluation: Evaluation) -> str:
    """A table for a terminal."""
    lines = [
        f"{evaluation.file} — version {evaluation.release}, {evaluation.models}",
        f"{'':40}{'valeur':>9}{'cas':>7}   intervalle à 95 %",
    ]
    for _, name, value in evaluation.figures:
        low, high = _number(value.low), _number(value.high)
        lines.append(f"{name:40}{_number(value.value):>9}{value.cases:>7}   {low} à {high}")
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.1f}" if abs(value) > 2 else f"{value:.3f}"


def fitted_as_text(fitted: Fitted) -> str:
    """What a calibration is worth on cases it was not fitted on."""
    lines = ["Validation croisée par source :"]
    lines += [f"{name:40}{_number(value):>9}{cases:>7}" for name, value, cases in fitted.crossed]
    return "\n".join(lines)


def as_html(evaluations: Sequence[Evaluation]) -> str:
    """A page that stands alone: for each file the table, three plots, and what went wrong.

    Raises:
        SettingsError: matplotlib is not installed.
    """
    return (
        '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Évaluation</title>'
        f"<style>{_STYLE}</style>{''.join(map(_section, evaluations))}</html>"
    )


def _section(evaluation: Evaluation) -> str:
    escape = html.escape
    rows = "".join(
        f"<tr><td>{escape(name)}<td class=n>{_number(value.value)}<td class=n>{value.cases}"
        f"<td class=n>{_number(value.low)} à {_number(value.high)}"
        for _, name, value in evaluation.figures
    )
    plots = "".join(
        f'<h2>{escape(title)}</h2><img alt="{escape(title)}" src="data:image/png;base64,{data}">'
        for title, data in _plots(evaluation)
    )
    wrong = "".join(_wrong(entry) for entry in failures(evaluation.measured))
    return (
        f"<h1>Évaluation de {escape(evaluation.file)}</h1>"
        f"<p>Version {escape(evaluation.release)}, {escape(evaluation.models)}."
        f"<table><tr><th>mesure<th>valeur<th>cas<th>intervalle à 95 %{rows}</table>{plots}"
        f"<h2>Ce qui s'est mal passé</h2><table><tr><th>question<th>ce qui a été trouvé{wrong}"
        f"</table>{written_as_html(evaluation.written)}"
    )


def _wrong(entry: Measured) -> str:
    escape = html.escape
    kind = "répondue à tort" if not entry.answerable else (
        "mal répondue" if entry.answered else "sans réponse"
    )  # fmt: skip
    quotes = "<br>".join(
        f"« {escape(c.quote)} » — {escape(named_source(c.source, 'fr'))}" for c in entry.citations
    )
    return (
        f"<tr><td>{escape(entry.case.question)}<br><small>{kind}, {escape(entry.group)}, "
        f"probabilité {entry.probability:.2f}</small><td>{quotes}"
    )


def _plots(evaluation: Evaluation) -> list[tuple[str, str]]:
    measured, written = evaluation.measured, evaluation.written
    asked = [m for m in measured if m.group == ASKED]
    plots: list[tuple[str, Callable[[Axes], None]]] = [
        ("Exactitude selon la part de refus", lambda axes: _refusals(axes, asked)),
        ("Diagramme de fiabilité", lambda axes: _reliabilities(axes, measured)),
        ("Latence (ms)", lambda axes: _latencies(axes, asked)),
    ]
    if written:
        plots.append(("Temps du modèle de langue (ms)", lambda axes: _writing(axes, written)))
    return [(title, _png(draw)) for title, draw in plots]


def _refusals(axes: Axes, asked: Sequence[Measured]) -> None:
    right = [float(bool(m.quoted)) for m in asked]
    points = refusal_curve(_array([m.probability for m in asked]), _array(right))
    axes.plot([x for x, _ in points], [y for _, y in points], marker=".")
    axes.set(xlabel="part refusée", ylabel="part juste des réponses", ylim=(0, 1.02))


def _reliabilities(axes: Axes, measured: Sequence[Measured]) -> None:
    labels = _array([float(m.answerable) for m in measured])
    points = reliability(_array([m.probability for m in measured]), labels)
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.scatter([x for x, _, _ in points], [y for _, y, _ in points],
                 s=[10 + n / 4 for *_, n in points])  # fmt: skip
    axes.set(xlabel="probabilité annoncée", ylabel="part de questions à réponse")


def _latencies(axes: Axes, asked: Sequence[Measured]) -> None:
    axes.hist([m.milliseconds for m in asked], bins=_BINS)
    axes.set(xlabel="millisecondes", ylabel="questions")


def _writing(axes: Axes, written: Sequence[WrittenCase]) -> None:
    firsts = [case.first for case in written if case.first is not None]
    wholes = [case.milliseconds for case in written if case.tally]
    axes.hist([firsts, wholes], bins=_BINS, label=["première phrase", "réponse entière"])
    axes.set(xlabel="millisecondes", ylabel="questions")
    axes.legend()


def _array(values: Sequence[float]) -> Any:
    return np.asarray(values, dtype=float)


def _png(draw: Callable[[Axes], None]) -> str:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise SettingsError(
            "matplotlib n'est pas installé : pip install 'chartiste[eval]'."
        ) from error
    figure = Figure(figsize=(7, 4), layout="constrained")
    draw(figure.subplots())
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
