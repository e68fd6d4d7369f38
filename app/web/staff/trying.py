"""``/staff/essayer``: a phrasing is tried, to see which entry would answer, and why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from app.assistant import Assistant
from app.faq.additions import addition
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.likeness import Likeness
from app.faq.matching import Match, proposed
from app.faq.rules import may_write
from app.intent import folded
from app.settings import QUESTION_LIMIT
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import forms, frame, words
from app.web.staff.gate import person_of

Tried = tuple[Entry, Match]  # an entry near a phrasing, and how near

TITLE = "Essayer une question"
INTRO = (
    "Écrivez une question comme un citoyen la poserait : la page dit quelle fiche publiée y "
    "répondrait, avec quelle certitude, ou pourquoi aucune n'y répond, et lesquelles seraient "
    "proposées au citoyen. Rien n'est noté au journal."
)
BY_WORDS = (
    "Les fiches ne sont pas encore calibrées pour le modèle de vecteurs de ce serveur : seuls les "
    "mots sont comparés. La personne qui administre le serveur peut lancer « chartiste faq "
    "calibrate », puis redémarrer le service."
)
NONE = "Aucune fiche n'est publiée : il n'y a rien à essayer."
NO_ENTRY = "Aucune fiche ne répondrait : l'assistant chercherait dans les sources."
ADD = "Ajouter cette formulation"
WOULD_BE_PROPOSED = "serait proposée sous la réponse"


def add_trying(
    app: FastAPI, entries: Entries, assistant: Assistant, likeness: Callable[[], Likeness]
) -> None:
    """Add the page; ``likeness`` is what was fitted for the model in use."""

    @app.api_route("/staff/essayer", methods=["GET", "HEAD"], include_in_schema=False)
    def trying(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        question = " ".join(request.query_params.get("q", "").split())[:QUESTION_LIMIT]
        shown = _found(_tried(question), question, person) if question else ""
        box = forms.text_field("q", "Question", question, most=QUESTION_LIMIT)
        by_words = f"<p>{escape(BY_WORDS)}</p>" if likeness().view is None else ""
        body = (
            f"<h1>{TITLE}</h1><p>{escape(INTRO)}</p>{by_words}"
            f'<form method="get" action="essayer" class="ch-filters">{box}'
            f"<button>Essayer</button></form>{shown}"
        )
        return frame.page(request, TITLE, body)

    def _tried(question: str) -> list[Tried]:
        matches = assistant.nearest_entries(question)
        found = ((entries.get(match.entry), match) for match in matches)
        return [(entry, match) for entry, match in found if entry is not None]


def _found(tried: Sequence[Tried], question: str, person: Person) -> str:
    if not tried:
        return f'<p role="status">{NONE}</p>'
    entry, match = tried[0]
    told = (
        f"La fiche « {entry.edit.question} » répondrait, sûre à {percent(match.probability)}."
        if match.answers
        else f"{NO_ENTRY} {_nearest(entry, match)}"
    )
    led = {one.entry for one in proposed([match for _, match in tried])}
    # Where one answers it, it would be a phrasing of two entries.
    more = "" if match.answers else urlencode({words.FORMULATION: question})
    items = "".join(
        _line(near, one, near.id in led, more if _may_take(near, question, person) else "")
        for near, one in tried
    )
    return (
        f'<section aria-labelledby="resultat"><h2 id="resultat">Résultat</h2>'
        f'<p class="ch-done" role="status">{escape(told)}</p>'
        f'<h2>Les fiches les plus proches</h2><ol class="ch-list">{items}</ol></section>'
    )


def _may_take(entry: Entry, question: str, person: Person) -> bool:
    """Whether a person may add a question to an entry, which has it not."""
    return may_write(entry, person) and bool(addition(entry, question))


def _nearest(entry: Entry, match: Match) -> str:
    """Why not even the nearest entry answers."""
    return f"La fiche la plus proche, « {entry.edit.question} », n'y répond pas ({match.why_not})."


def _line(entry: Entry, match: Match, is_proposed: bool, more: str) -> str:
    """An entry that is near; ``more`` is the query of its address that adds what was tried."""
    edit = entry.edit
    verdict = "répondrait" if match.answers else f"ne répondrait pas : {match.why_not}"
    if is_proposed:
        verdict = f"{WOULD_BE_PROPOSED} ; {verdict}"
    same = folded(match.phrasing) == folded(edit.question)
    through = "" if same else f" par sa formulation « {match.phrasing} »"
    at = f"fiches/{attribute(entry.id)}"
    hidden = f'<span class="ch-invisible">{escape(f" à la fiche « {edit.question} »")}</span>'
    way = f' <a href="{at}?{attribute(more)}#fiche">{ADD}{hidden}</a>' if more else ""
    return (
        f'<li><a href="{at}">{escape(edit.question)}</a>'
        f'<span class="ch-meta">{escape(verdict)} ({percent(match.probability)}){escape(through)}'
        f"</span>{way}</li>"
    )


def percent(probability: float) -> str:
    """« 42 % », cut and not rounded, so that what is below a threshold never looks equal to it."""
    return f"{int(probability * 100)}\u00a0%"
