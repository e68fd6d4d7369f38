"""``/staff/travaux``: work on many entries at once, how far it is, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.staff.person import Person
from app.staff.tasks import AnotherTask, Finding, State, Task, Tasks
from app.staff.worker import Worker
from app.web.markup import attribute, escape
from app.web.staff import forms, frame, progress, words
from app.web.staff.gate import Refused, changed, person_of

TITLE = "Travaux"
INTRO = (
    "Ce qui se fait sur beaucoup de fiches à la fois. Un seul travail à la fois ; ce qui est fait "
    "reste fait, même si le serveur redémarre."
)
STOPPING = "Le travail s'arrête après la fiche en cours."


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name, and what it does."""

    name: str
    told: str


KINDS = {
    "brouillons": Kind(
        "Préparer les vingt plus grands groupes",
        "Un brouillon pour chacun des vingt plus grands groupes de questions qui n'ont pas encore "
        "de fiche ; salutations et questions hors sujet n'en sont pas.",
    ),
    "verifier": Kind(
        "Vérifier toutes les fiches",
        "Chaque phrase de chaque fiche est comparée à ses citations dans la version des sources "
        "en service. Rien n'est modifié.",
    ),
}
STATES: dict[State, str] = {
    "running": "en cours",
    "done": "terminé",
    "stopped": "arrêté",
    "failed": "arrêté par une erreur",
    "interrupted": "interrompu par un arrêt du serveur",
}


def add_work(app: FastAPI, tasks: Tasks, worker: Worker) -> None:
    """Add the page of all work, and that of one."""

    @app.api_route("/staff/travaux", methods=["GET", "HEAD"], include_in_schema=False)
    def all_work(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        return _all(request, tasks)

    @app.api_route("/staff/travaux/{id}", methods=["GET", "HEAD"], include_in_schema=False)
    def one(
        request: Request, id: str, person: Annotated[Person, Depends(person_of)]
    ) -> HTMLResponse:
        task = _task(tasks, id)
        at_work = progress.head(request) if task.state == "running" else ""
        return frame.page(request, _name(task), _one(request, task), head=at_work)

    @app.post("/staff/travaux", include_in_schema=False)
    def begin(
        request: Request,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        kind, after = str(form.get("faire", "")), str(form.get("suite", ""))
        before = _task(tasks, after) if after else None
        if kind not in KINDS or (before and before.kind != kind):
            raise Refused(words.UNREADABLE, 400)
        try:
            task = worker.begin(kind, person, before)
        except AnotherTask as error:
            return _all(request, tasks, str(error), 409)
        return frame.going(request, f"/staff/travaux/{task.id}")

    @app.post("/staff/travaux/{id}", include_in_schema=False)
    def stop(
        request: Request,
        id: str,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        task = _task(tasks, id)
        tasks.stop(task.id)
        return frame.going(request, f"/staff/travaux/{task.id}")


def _task(tasks: Tasks, id: str) -> Task:
    """A task.

    Raises:
        Refused: there is none of that id.
    """
    task = tasks.get(int(id[:9])) if id.isascii() and id.isdigit() else None
    if task is None:
        raise Refused("Ce travail n'existe pas, ou n'existe plus.", 404, "Travail introuvable")
    return task


def _name(task: Task) -> str:
    return KINDS[task.kind].name if task.kind in KINDS else task.kind


def _all(request: Request, tasks: Tasks, fault: str = "", status: int = 200) -> HTMLResponse:
    recent = tasks.recent()
    busy = next((task for task in recent if task.state == "running"), None)
    kinds = "".join(_kind(request, value, kind) for value, kind in KINDS.items())
    now = (
        f'<p class="ch-done"><a href="travaux/{busy.id}">{escape(_name(busy))}</a> : en cours.</p>'
        if busy
        else ""
    )
    done = "".join(_line(task) for task in recent)
    listed = f'<h2>Derniers travaux</h2><ul class="ch-list">{done}</ul>' if done else ""
    alert = forms.alert([fault]) if fault else ""
    body = f"<h1>{TITLE}</h1><p>{escape(INTRO)}</p>{alert}{now}{kinds}{listed}"
    return frame.page(request, TITLE, body, status=status)


def _kind(request: Request, value: str, kind: Kind) -> str:
    begin = forms.button("Commencer", value, told=f": {kind.name}")
    return (
        f'<section class="ch-block" aria-labelledby="{value}"><h2 id="{value}">'
        f"{escape(kind.name)}</h2><p>{escape(kind.told)}</p>"
        f"{forms.post_form(request, 'travaux', begin)}</section>"
    )


def _line(task: Task) -> str:
    return (
        f'<li><a href="travaux/{task.id}">{escape(_name(task))}</a><span class="ch-meta">'
        f"{STATES[task.state]}, {task.done} sur {task.total} · {escape(task.who)}, "
        f"{forms.moment(task.begun)}</span></li>"
    )


def _one(request: Request, task: Task) -> str:
    back = '<p><a href="../travaux">Tous les travaux</a></p>'
    head = f"{back}<h1>{escape(_name(task))}</h1>"
    fault = forms.alert([task.fault]) if task.fault else ""
    told = (
        progress.bar("Fait", task.done, task.total, _stop(request, task))
        if task.state == "running"
        else _ended(request, task)
    )
    by = f'<p class="ch-meta">{escape(task.who)}, {forms.moment(task.begun)}</p>'
    return f"{head}{by}{fault}{told}{_report(task)}"


def _stop(request: Request, task: Task) -> str:
    if task.stopping:
        return f"<p>{STOPPING}</p>"
    stop = forms.button("Arrêter", "arreter", quiet=True)
    return forms.post_form(request, str(task.id), stop)


def _ended(request: Request, task: Task) -> str:
    told = f"Travail {STATES[task.state]} : {task.done} sur {task.total}."
    again = ""
    if task.can_go_on and task.kind in KINDS:
        inner = frame.hidden("suite", str(task.id)) + frame.hidden("faire", task.kind)
        again = forms.post_form(request, "../travaux", inner + forms.button("Reprendre"))
    return f'<p class="ch-done" role="status">{told}</p>{again}'


def _report(task: Task) -> str:
    """What was found: first what somebody should look at."""
    wrong = [one for one in task.findings if not one.is_fine]
    fine = [one for one in task.findings if one.is_fine]
    shown = ""
    for title, found in (("À regarder", wrong), ("En ordre", fine)):
        if found:
            items = "".join(_finding(one) for one in found)
            shown += f'<h2>{title} ({len(found)})</h2><ul class="ch-list">{items}</ul>'
    return shown


def _finding(one: Finding) -> str:
    label = escape(one.label)
    shown = f'<a href="../fiches/{attribute(one.entry)}">{label}</a>' if one.entry else label
    return f'<li>{shown}<span class="ch-meta">{escape(one.said)}</span></li>'
