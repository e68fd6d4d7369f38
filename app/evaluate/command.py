"""``chartiste eval``: figures on questions whose answers are known, and calibrations of them."""

from __future__ import annotations

import random
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app import console
from app.assistant import Assistant
from app.calibration import Calibration, load_calibration, save_calibration
from app.chat.unavailable import REASONS, ModelUnavailable
from app.evaluate.author import Author
from app.evaluate.calibrate import Fitted, calibrate
from app.evaluate.cases import Case, read_cases
from app.evaluate.figures import figures
from app.evaluate.measure import Examiner, measure
from app.evaluate.report import Evaluation, as_html, as_json, as_text, fitted_as_text
from app.evaluate.written import write
from app.evaluate.written_figures import written_figures
from app.evaluate.written_report import silences
from app.settings import Settings
from app.wording import Wording
from ingest.documents import Document, content_id
from ingest.embed import EmbeddingModel
from ingest.errors import SettingsError, reason
from ingest.release import open_current
from ingest.settings import IngestSettings
from ingest.store import Store, in_french

Step = Callable[[str, int, int], None]

PUBLISHED = "FAQ publiée"  # what the published entries are called among files


def evaluate(
    options: Namespace,
    settings: Settings,
    model: EmbeddingModel,
    author: Author | None = None,
    published: Sequence[Case] = (),
) -> None:
    """Measure the answers to the questions of each file, and those of a language model if given.

    ``published`` are the questions of the FAQ, asked as those of a file. Fits a calibration when
    asked to.

    Raises:
        SettingsError: a file cannot be read, or there are too few questions to calibrate.
    """
    calibration = load_calibration(model.space, settings.ingest.store)
    read = [(file.name, *_read(file, options)) for file in options.files]
    if published:
        read.append((PUBLISHED, _drawn(list(published), options), []))
    off_topic = _off_topic(options)
    evaluations = []
    with console.Steps() as steps:
        for name, cases, documents in read:
            store = release_store(documents, settings.ingest, model, steps)
            evaluation = _evaluation(
                name, cases, off_topic, options, calibration, model, steps, store
            )
            if author:
                wording = Wording(settings.agency, settings.contact)
                asked = Assistant(store, model, wording, author.writer, calibration)
                with closing(asked):
                    evaluation = _with_written(evaluation, cases, asked, author, options, steps)
            evaluations.append(evaluation)
    _show(evaluations, options)
    if options.calibrate:
        rows = [row for evaluation in evaluations for row in evaluation.measured]
        fitted = calibrate(rows, calibration, [name for name, _, _ in read])
        _keep(fitted, settings.ingest.store)


def _read(file: Path, options: Namespace) -> tuple[list[Case], list[Document]]:
    cases, documents = read_cases(file)
    return _drawn(cases, options), documents


def _drawn(cases: list[Case], options: Namespace) -> list[Case]:
    if options.limit and options.limit < len(cases):
        return random.Random(options.seed).sample(cases, options.limit)
    return cases


def _evaluation(
    name: str,
    cases: list[Case],
    off_topic: list[str],
    options: Namespace,
    calibration: Calibration,
    model: EmbeddingModel,
    steps: console.Steps,
    store: Store,
) -> Evaluation:
    release = open_current(store)
    try:
        release.require_space(model.space, model.name)
        if options.calibrate and release.vectors is None:
            raise SettingsError("Sans vecteurs, rien ne se calibre : relancez chartiste ingest.")
        examiner = Examiner(release, model, calibration, thorough=options.calibrate)
        measured = measure(cases, off_topic, examiner, steps)
    finally:
        release.close()
    found = tuple(figures(measured, options.seed))
    return Evaluation(name, release.id, model.name, found, tuple(measured))


def _with_written(
    evaluation: Evaluation,
    cases: list[Case],
    assistant: Assistant,
    author: Author,
    options: Namespace,
    steps: console.Steps,
) -> Evaluation:
    """The evaluation with what the author makes of the same cases."""
    written = write(cases, assistant, author.meter, steps)
    return replace(
        evaluation,
        figures=(*evaluation.figures, *written_figures(written, options.seed)),
        writer=author.name,
        written=tuple(written),
    )


def release_store(
    documents: list[Document], settings: IngestSettings, model: EmbeddingModel, steps: Step
) -> Store:
    """The store to ask: that of the settings, or one of its own for a file with documents."""
    if not documents:
        return Store.of(settings)
    from ingest.job import ingest_documents

    digest = content_id(model.space, *(document.text for document in documents))
    folder = settings.store / "evaluation" / digest
    ingest_documents(documents, replace(settings, store=folder), model, steps)
    return Store(folder)


def _off_topic(options: Namespace) -> list[str]:
    lines: list[str] = []
    for file in options.off_topic or ():
        try:
            lines += file.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"Le fichier « {file} » ne peut pas être lu : {reason(error)}."
            ) from error
    return [line.strip() for line in lines if line.strip()]


def _show(evaluations: list[Evaluation], options: Namespace) -> None:
    if options.html:
        with in_french(options.html):
            options.html.write_text(as_html(evaluations), encoding="utf-8")
        console.tell(f"Rapport écrit dans « {options.html} ».")
    if options.json:
        shown = [as_json(evaluation) for evaluation in evaluations]
        console.say_json(shown[0] if len(shown) == 1 else {"evaluations": shown})
    else:
        console.say("\n\n".join(map(as_text, evaluations)))
    _tell_silences(evaluations)


def _tell_silences(evaluations: list[Evaluation]) -> None:
    """Say for which reasons the language model was silent: its figures are then not its own."""
    for evaluation in evaluations:
        counts = silences(evaluation.written)
        for why in (known for known in REASONS if counts[known]):
            console.tell(f"{counts[why]} question(s) : {ModelUnavailable(why)}")


def _keep(fitted: Fitted, store: Path) -> None:
    with in_french(store):
        file = save_calibration(fitted.calibration, store)
    console.tell(
        f"{fitted_as_text(fitted)}\nCalibrage écrit dans « {file} » : "
        "il sert dès la prochaine version ou le prochain démarrage."
    )
