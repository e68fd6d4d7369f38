"""``/staff/export``: the FAQ taken out as a file, and an existing one brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from app.assistant import Assistant
from app.faq.entries import Entries
from app.faq.exports.formats import FORMATS, format_named
from app.faq.imports.apart import read_apart
from app.faq.imports.intake import ImportReport, Intake, Taken
from app.faq.imports.row import Kind, UnreadableFaq, kind_of
from app.faq.rules import STATUSES
from app.settings import Settings
from app.staff.person import Person
from app.web.markup import escape
from app.web.staff import frame, words
from app.web.staff.frame import csrf_field
from app.web.staff.gate import Refused, changed, person_of
from app.web.staff.tasks import Task, Tasks
from ingest.progress import Step

PATH = "/staff/export"
_PATIENCE = 1.0  # seconds that the page of an import waits for its end
_SHOWN = 200  # rows of each kind that a report lists


def add_exchange(app: FastAPI, entries: Entries, assistant: Assistant, settings: Settings) -> None:
    """Add the page, its downloads, its upload and the report of an import."""
    tasks = Tasks[ImportReport]()

    @app.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def page(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return _page(request)

    @app.api_route(f"{PATH}/faq", methods=["GET", "HEAD"], include_in_schema=False)
    def download(
        person: Annotated[Person, Depends(person_of)],
        format: str = "",
        status: Annotated[list[str] | None, Query()] = None,
    ) -> Response:
        return _download(entries, settings.agency, format, status or [])

    @app.post(PATH, include_in_schema=False)
    async def upload(
        request: Request,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return _page(request, words.NO_FILE)
        try:
            kind = kind_of(file.filename)
        except UnreadableFaq as error:
            return _page(request, str(error))
        data, options = await file.read(), ("update" in form, "trial" in form)
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


def _download(entries: Entries, agency: str, format: str, statuses: Sequence[str]) -> Response:
    """The file of the entries of these statuses.

    Raises:
        Refused: the format or a status is none that there is.
    """
    made, wanted = format_named(format), [one for one in STATUSES if one in statuses]
    if made is None or len(wanted) < len(set(statuses)) or not wanted:
        raise Refused(words.NO_FORMAT, 404, words.NOT_FOUND)
    data = made.made(entries.find(wanted), agency)
    headers = {"content-disposition": f'attachment; filename="{made.file_name}"'}
    return Response(data, media_type=made.media_type, headers=headers)


# The pages


def _page(request: Request, fault: str = "") -> HTMLResponse:
    formats = "".join(f'<option value="{one.name}">{escape(one.label)}</option>' for one in FORMATS)
    boxes = "".join(
        _box(f"status-{name}", "status", name, label, name == "published")
        for name, label in STATUSES.items()
    )
    here = f"{frame.up_from(request)}{PATH[1:]}"
    body = (
        f"<h1>{words.EXCHANGE}</h1>{frame.alert(fault)}"
        f"<h2>{words.EXPORT}</h2><p>{words.EXPORT_HOW}</p>"
        f'<form class="ch-form" method="get" action="{here}/faq">'
        f'<label for="format">{words.FORMAT}</label><select id="format" name="format">{formats}'
        f"</select><fieldset><legend>{words.WHICH}</legend>{boxes}</fieldset>"
        f"<button>{words.DOWNLOAD}</button></form>"
        f"<h2>{words.IMPORT}</h2><p>{words.IMPORT_HOW}</p>{_upload(request, here, fault)}"
    )
    title = (words.ERROR if fault else "") + words.EXCHANGE
    return frame.page(request, title, body, status=422 if fault else 200)


def _upload(request: Request, here: str, fault: str) -> str:
    marked = 'aria-invalid="true" aria-describedby="erreur import-how"'
    told = marked if fault else 'aria-describedby="import-how"'
    return (
        f'<form class="ch-form" method="post" enctype="multipart/form-data" action="{here}">'
        f'{csrf_field(request)}<label for="file">{words.FILE}</label>'
        f'<input id="file" name="file" type="file" required accept="{words.ACCEPTED}" {told}>'
        f'<p class="ch-hint" id="import-how">{words.FILE_HOW}</p>'
        f"{_box('trial', 'trial', '1', words.TRIAL, True)}"
        f"{_box('update', 'update', '1', words.UPDATE, False)}"
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
        body = f"<h1>{words.IMPORT}</h1>{frame.alert(task.error)}{back}"
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
    body = f"<h1>{words.IMPORTED}</h1>{''.join(_report(task.result))}{back}"
    return frame.page(request, words.IMPORTED, body)


def _report(report: ImportReport) -> Iterator[str]:
    counted = "".join(
        f"<li>{label} : {report.counts[result]}</li>" for result, label in words.RESULTS.items()
    )
    yield f'<div class="ch-done" role="status"><p>{escape(report.file)}</p><ul>{counted}</ul></div>'
    if report.is_trial:
        yield f"<p><strong>{words.WAS_TRIAL}</strong></p>"
    yield _listed(words.BAD_ROWS, report.of("bad"), _why)
    yield _listed(words.WITHDRAWN, report.withdrawn, lambda one: "")
    lacking = [one for one in report.of("created", "updated") if one.lacking]
    yield _listed(words.LACKING, lacking, _lacking)
    yield _listed(words.SKIPPED, report.of("skipped"), _why)
    made = [one for one in report.of("created", "updated") if not one.lacking]
    yield _listed(words.SUPPORTED, made, lambda one: "")


def _listed(title: str, taken: Sequence[Taken], more: Callable[[Taken], str]) -> str:
    if not taken:
        return ""
    items = "".join(
        f"<li>{escape(one.place)}{_asked(one)}{more(one)}</li>" for one in taken[:_SHOWN]
    )
    rest = len(taken) - _SHOWN
    cut = f"<p>{words.AND_MORE.replace('{count}', str(rest))}</p>" if rest > 0 else ""
    return f"<h2>{title} ({len(taken)})</h2><ul>{items}</ul>{cut}"


def _asked(taken: Taken) -> str:
    return f", « {escape(taken.question)} »" if taken.question else ""


def _why(taken: Taken) -> str:
    return f" : {escape(taken.why)}"


def _lacking(taken: Taken) -> str:
    items = "".join(f"<li>{escape(one)}</li>" for one in taken.lacking)
    return f"<ul>{items}</ul>"
