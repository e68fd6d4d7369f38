"""``/staff/export``: the FAQ taken out as a file, and an existing one brought in."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.assistant import Assistant
from app.faq.entries import Entries
from app.faq.exports.formats import FORMATS, format_named
from app.faq.imports import words as imports
from app.faq.imports.apart import read_apart
from app.faq.imports.intake import ImportReport, Intake, Taken
from app.faq.imports.row import Kind, UnreadableFaq, kind_of
from app.faq.rules import STATUSES
from app.settings import Settings
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import frame, words
from app.web.staff.frame import csrf_field
from app.web.staff.gate import Refused, changed, person_of
from app.web.staff.tasks import Task, Tasks
from ingest.progress import Step

PATH = "/staff/export"
FILE_LIMIT = 2 * 1024 * 1024  # bytes
_PATIENCE = 1.0  # seconds that the page of an import waits for its end
_SHOWN = 200  # rows of each kind that a report lists


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen in the two forms of the page."""

    format: str = ""
    statuses: tuple[str, ...] = ("published",)
    is_trial: bool = True
    updates: bool = False


_USUAL = Chosen()
More = Callable[[Taken], str]  # what is said of one row besides its place, as HTML


def add_exchange(app: FastAPI, entries: Entries, assistant: Assistant, settings: Settings) -> None:
    """Add the page, its downloads, its upload and the report of an import."""
    _add_imports(app, entries, assistant)

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def page(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return _page(request)

    @app.api_route(f"{PATH}/faq", methods=["GET", "HEAD"], include_in_schema=False)
    def download(
        request: Request,
        person: Annotated[Person, Depends(person_of)],
        format: str = "",
        status: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        chosen = Chosen(format, tuple(status or ()))
        return _download(request, entries, settings.agency, chosen)


def _add_imports(app: FastAPI, entries: Entries, assistant: Assistant) -> None:
    tasks = Tasks[ImportReport]()

    @app.post(PATH, include_in_schema=False)
    async def upload(
        request: Request,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        chosen = Chosen(is_trial="trial" in form, updates="update" in form)
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return _page(request, words.NO_FILE, chosen)
        if (size := file.size or 0) > FILE_LIMIT:
            told = words.LARGE_FILE.replace("{name}", file.filename)
            return _page(request, told.replace("{size}", _megabytes(size)), chosen, 413)
        try:
            kind = kind_of(file.filename)
        except UnreadableFaq as error:
            return _page(request, str(error), chosen)
        data, options = await file.read(), (chosen.updates, chosen.is_trial)
        work = _importing(entries, assistant, person, data, kind, file.filename, options)
        id = await run_in_threadpool(tasks.start, person.name, work)
        return frame.going(request, f"{PATH}/import/{id}")

    @app.api_route(f"{PATH}/import/{{id}}", methods=["GET", "HEAD"], include_in_schema=False)
    def report(
        request: Request, id: str, person: Annotated[Person, Depends(person_of)]
    ) -> HTMLResponse:
        task = tasks.get(id, person.name)
        if task is None:
            raise Refused(words.NO_IMPORT, 404, words.NOT_FOUND)
        task.wait(_PATIENCE)
        return _followed(request, task)


def _importing(
    entries: Entries,
    assistant: Assistant,
    person: Person,
    data: bytes,
    kind: Kind,
    name: str,
    options: tuple[bool, bool],
) -> Callable[[Step], ImportReport]:
    """What an import does; ``options``: whether it updates, and whether it is a trial."""

    def work(step: Step) -> ImportReport:
        reading = read_apart(data, kind)
        return Intake(entries, person, assistant, *options).take(reading, name, step)

    return work


def _download(request: Request, entries: Entries, agency: str, chosen: Chosen) -> Response:
    """The file of the entries of these statuses, or the page that says what to choose."""
    made, wanted = format_named(chosen.format), [one for one in STATUSES if one in chosen.statuses]
    if made is None or len(wanted) < len(set(chosen.statuses)):
        return _page(request, words.NO_FORMAT, chosen, is_export=True)
    if not wanted:
        return _page(request, words.NO_STATUS, chosen, is_export=True)
    data = made.made(entries.find(wanted), agency)
    headers = {"content-disposition": f'attachment; filename="{made.file_name}"'}
    return Response(data, media_type=made.media_type, headers=headers)


def _megabytes(size: int) -> str:
    """« 3,1 », never less than it is."""
    return f"{math.ceil(size * 10 / 1024**2) / 10:.1f}".replace(".", ",")


# The pages


def _page(
    request: Request,
    fault: str = "",
    chosen: Chosen = _USUAL,
    status: int = 422,
    is_export: bool = False,
) -> HTMLResponse:
    """The page, with what is wrong with one of its forms and what was chosen in it."""
    here = f"{frame.up_from(request)}{PATH[1:]}"
    body = (
        f"<h1>{words.EXCHANGE}</h1>{frame.alert(fault, focused=True)}"
        f"<h2>{words.EXPORT}</h2><p>{words.EXPORT_HOW} {_returning()}</p>"
        f"{_wanted(here, chosen, bool(fault) and is_export)}"
        f"<h2>{words.IMPORT}</h2><p>{words.IMPORT_HOW}</p>"
        f"{_upload(request, here, chosen, bool(fault) and not is_export)}"
    )
    title = (words.ERROR if fault else "") + words.EXCHANGE
    return frame.page(request, title, body, status=status if fault else 200)


def _returning() -> str:
    """Which formats may be imported again."""
    names = " ou ".join(escape(one.label) for one in FORMATS if one.returns)
    return words.RETURNS.replace("{formats}", names)


def _wanted(here: str, chosen: Chosen, is_wrong: bool) -> str:
    """The form of a download."""
    formats = "".join(
        f'<option value="{one.name}"{" selected" if one.name == chosen.format else ""}>'
        f"{escape(one.label)}</option>"
        for one in FORMATS
    )
    boxes = "".join(
        _box(f"status-{name}", "status", name, label, name in chosen.statuses)
        for name, label in STATUSES.items()
    )
    told = ' aria-describedby="erreur"' if is_wrong else ""
    return (
        f'<form class="ch-form" method="get" action="{here}/faq">'
        f'<label for="format">{words.FORMAT}</label><select id="format" name="format">{formats}'
        f"</select><fieldset{told}><legend>{words.WHICH}</legend>{boxes}</fieldset>"
        f"<button>{words.DOWNLOAD}</button></form>"
    )


def _upload(request: Request, here: str, chosen: Chosen, is_wrong: bool) -> str:
    marked = 'aria-invalid="true" aria-describedby="erreur import-how"'
    told = marked if is_wrong else 'aria-describedby="import-how"'
    return (
        f'<form class="ch-form" method="post" enctype="multipart/form-data" action="{here}">'
        f'{csrf_field(request)}<label for="file">{words.FILE}</label>'
        f'<input id="file" name="file" type="file" required accept="{words.ACCEPTED}" {told}>'
        f'<p class="ch-hint" id="import-how">{words.FILE_HOW}</p>'
        f"{_box('trial', 'trial', '1', words.TRIAL, chosen.is_trial)}"
        f"{_box('update', 'update', '1', words.UPDATE, chosen.updates)}"
        f"<button>{words.IMPORT}</button></form>"
    )


def _box(id: str, name: str, value: str, label: str, checked: bool) -> str:
    """A box to tick, and what it says."""
    ticked = " checked" if checked else ""
    return (
        f'<p class="ch-box-line"><input type="checkbox" id="{id}" name="{name}" value="{value}"'
        f'{ticked}> <label for="{id}">{escape(label)}</label></p>'
    )


def _followed(request: Request, task: Task[ImportReport]) -> HTMLResponse:
    """How far an import is, or its report."""
    up = frame.up_from(request)
    back = f'<p><a href="{up}{PATH[1:]}">{words.ANOTHER_FILE}</a></p>'
    if task.error:
        body = f"<h1>{words.IMPORT}</h1>{frame.alert(task.error, focused=True)}{back}"
        return frame.page(request, words.ERROR + words.IMPORT, body)
    if task.result is None:
        total = task.total or 1
        body = (
            f"<h1>{words.IMPORTING}</h1>"
            f'<p role="status"><label for="done">{words.DONE_SO_FAR}</label> '
            f'<progress id="done" value="{task.done}" max="{total}"></progress> '
            f"{task.done}/{task.total or '…'}</p>"
            f'<p><a class="ch-button" href="">{words.REFRESH}</a></p><p>{words.GOES_ON}</p>'
        )
        return frame.page(request, words.IMPORTING, body)
    title = imports.TRIAL if task.result.is_trial else words.IMPORTED
    body = f"<h1>{title}</h1>{''.join(_report(task.result, up))}{back}"
    return frame.page(request, title, body)


def _report(report: ImportReport, up: str) -> Iterator[str]:
    """What became of the questions of a file; ``up`` is the way to the assistant's page."""

    def listed(title: str, taken: Sequence[Taken], more: More = lambda one: "") -> str:
        return _listed(title, taken, lambda one: f"{_asked(one, up)}{more(one)}")

    labels = {**words.RESULTS, **(words.TRIED if report.is_trial else {})}
    counted = "".join(
        f"<li>{label} : {report.counts[result]}</li>" for result, label in labels.items()
    )
    yield f'<div class="ch-done" role="status"><p>{escape(report.file)}</p><ul>{counted}</ul></div>'
    yield listed(imports.BAD, report.of("bad"), _why)
    yield listed(imports.WITHDRAWN, report.withdrawn)
    made = report.of("created", "updated")
    yield listed(imports.LACKING, [one for one in made if one.lacking], _lacking)
    yield listed(imports.SKIPPED, report.of("skipped"), _why)
    good = [one for one in made if not one.lacking]
    yield listed(words.UNCITED, [one for one in good if not one.citations])
    yield listed(words.SUPPORTED, [one for one in good if one.citations])
    yield listed(words.SAME, report.of("same"))


def _listed(title: str, taken: Sequence[Taken], shown: More) -> str:
    if not taken:
        return ""
    items = "".join(f"<li>{escape(one.place)}{shown(one)}</li>" for one in taken[:_SHOWN])
    rest = len(taken) - _SHOWN
    cut = f"<p>{words.AND_MORE.replace('{count}', str(rest))}</p>" if rest > 0 else ""
    return f"<h2>{title} ({len(taken)})</h2><ul>{items}</ul>{cut}"


def _asked(taken: Taken, up: str) -> str:
    """The question, which leads to its entry where there is one."""
    if not taken.question:
        return ""
    question = escape(taken.question)
    if taken.entry:
        question = f'<a href="{up}staff/fiches/{attribute(taken.entry)}">{question}</a>'
    return f", « {question} »"


def _why(taken: Taken) -> str:
    return f" : {escape(taken.why)}"


def _lacking(taken: Taken) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in taken.lacking)
    return f"<ul>{items}</ul>"
