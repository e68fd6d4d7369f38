"""``/staff/questions``: what is asked, in groups, and what to make of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from app.faq.additions import additions
from app.faq.bulk import entry_for, make_draft
from app.faq.drafts import Answers, presentable, unmasked
from app.faq.entries import Entries
from app.faq.entry import Entry
from app.faq.phrasings import by_words, words_of
from app.faq.rules import may_write
from app.faq.survey import State, Step, Surveyor
from app.faq.topics import Count, Result, Topic, Window, counted, phrasings, results_of
from app.faq.wanted import TEXT_LIMIT, Wanted
from app.journal.words import DECLINED, RESULT, RESULTS, said
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import forms, frame, progress, words
from app.web.staff.gate import Refused, changed, person_of

TITLE = "Ce qui est demandé"
INTRO = (
    "Les questions du journal, réunies quand elles demandent la même chose. Celles qui restent "
    "sans réponse viennent d'abord."
)
PROPOSED = (
    "Un groupe est une proposition : une fiche en prend les questions comme autres formulations, "
    "et répondra à qui les pose. Lisez-les avant de la publier."
)
OFF = (
    "Le journal n'est pas tenu, et il est vide : il n'y a rien à montrer. La personne qui "
    "s'occupe du serveur peut l'ouvrir avec CHARTISTE_JOURNAL_DAYS."
)
NOTHING = "Aucune question ne correspond à ces critères."
EMPTY = "Le journal ne contient encore aucune question."
GONE = (
    "Ce groupe n'est plus là : les groupes ont été refaits, ou ses questions effacées. Retournez à "
    "la liste."
)
DRAFT, MISSING, REDO = "Préparer une fiche", "Source manquante", "Refaire les groupes"
ANOTHER = "Préparer une autre fiche"
ANYWAY = "En faire une fiche malgré tout"
NOT_FOR_US = "L'assistant décline ces questions : elles ne demandent en général aucune fiche."
BEYOND = "Cherché dans les sources malgré une fiche"
PERIODS = {7: "7 derniers jours", 14: "14 derniers jours", 30: "30 derniers jours"}
PERIOD = 14
_STEPS: dict[Step, str] = {
    "reading": "Lecture du journal",
    "vectors": "Comparaison des questions",
    "grouping": "Regroupement des questions",
}
_SHOWN = 50  # questions of a group


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is made of; ``kept`` is for how many days the journal keeps questions."""

    surveyor: Surveyor
    entries: Entries
    wanted: Wanted
    answers: Answers
    days: int
    kept: int

    def window(self, days: int = 30, begun: datetime | None = None) -> Window:
        """The last days, of a journal whose oldest question was asked then."""
        return Window(datetime.now(UTC), days, self.kept, begun)

    def find(self, key: str) -> Topic | None:
        """The group of a key, while it is there."""
        survey = self.surveyor.look().survey
        return survey.topic(key) if survey else None

    def topic(self, key: str) -> Topic:
        """The group of a key.

        Raises:
            Refused: it is not there any more.
        """
        topic = self.find(key)
        if topic is None:
            raise Refused(GONE, 404, "Groupe introuvable")
        return topic


@dataclass(frozen=True, slots=True)
class Shown:
    """What an address asks to be shown."""

    days: int
    result: Result | None
    page: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Shown:
        """What a query asks, with what is usual for what it does not say."""
        days = next((n for n in PERIODS if str(n) == query.get("periode")), PERIOD)
        result = next((name for name in get_args(Result) if name == query.get("resultat")), None)
        return cls(days, result, query.get("page", ""))

    def as_query(self) -> dict[str, str]:
        """The query that asks the same, but for the page."""
        return {"periode": str(self.days), "resultat": self.result or ""}


@dataclass(frozen=True, slots=True)
class Page:
    """What each group of a page is shown with: ``known`` are the entries by their words."""

    request: Request
    person: Person
    known: Mapping[str, Entry]
    window: Window


def add_questions(app: FastAPI, asked: Asked) -> None:
    """Add ``/staff/questions``, its drafts and its notes."""

    @app.api_route("/staff/questions", methods=["GET", "HEAD"], include_in_schema=False)
    def questions(request: Request, person: Annotated[Person, Depends(person_of)]) -> HTMLResponse:
        state = asked.surveyor.look()
        shown = Shown.of(request.query_params)
        at_work = progress.head(request) if state.progress else ""
        return frame.page(request, TITLE, _body(request, person, asked, state, shown), head=at_work)

    @app.post("/staff/questions", include_in_schema=False)
    def act(
        request: Request,
        form: Annotated[FormData, Depends(changed)],
        person: Annotated[Person, Depends(person_of)],
    ) -> Response:
        match str(form.get("faire", "")):
            case "regrouper":
                asked.surveyor.look(anew=True)
                return frame.going(request, "/staff/questions")
            case "source":
                return frame.going(request, _note(asked, str(form.get("groupe", "")), person))
            case _:
                return frame.going(request, _draft(asked, str(form.get("groupe", "")), person))


def _draft(asked: Asked, key: str, person: Person) -> str:
    """The page of the draft that is made of a group, or of the entry that it has."""
    topic = asked.topic(key)
    if known := by_words(asked.entries.find()).get(words_of(topic.typical)):
        return f"/staff/fiches/{known.id}?fait=existe"
    entry = make_draft(topic, person, asked.entries, asked.answers)
    told = "prete" if entry.edit.answer else "vide"
    return f"/staff/fiches/{entry.id}?fait={told}"


def _note(asked: Asked, key: str, person: Person) -> str:
    topic = asked.topic(key)
    asked_so = [text for text, _ in phrasings(topic)]
    questions = unmasked(asked_so) or asked_so[:1]
    text = f"Aucune source ne répond à : {presentable(questions)}"
    want = asked.wanted.add(text[:TEXT_LIMIT], questions, person)
    return f"/staff/manquantes?fait=ajoutee#note-{want.id}"


def _body(request: Request, person: Person, asked: Asked, state: State, shown: Shown) -> str:
    parts = [f"<h1>{TITLE}</h1><p>{escape(INTRO)}</p>"]
    if state.fault:
        parts.append(forms.alert([state.fault]))
    if state.progress:
        step, far = _STEPS[state.progress.step], state.progress
        parts.append(progress.bar(step, far.done, far.total))
    if state.survey is None:
        return "".join(parts) + ("" if state.progress else _redo(request, ""))
    if not state.survey.size:
        return "".join(parts) + f"<p>{escape(EMPTY if asked.days else OFF)}</p>"
    window = asked.window(shown.days, state.survey.oldest)
    counts = counted(state.survey.topics, window, shown.result)
    number = forms.page_number(shown.page, len(counts))
    known = by_words(asked.entries.find())
    parts += [f'<p class="ch-hint">{PROPOSED}</p>', _filters(shown), _told(counts, shown)]
    page = Page(request, person, known, window)
    parts += [_group(page, count) for count in forms.of_page(counts, number)]
    parts.append(forms.pager(number, len(counts), shown.as_query(), "des groupes"))
    made = f"Groupes faits le {forms.moment(state.survey.at)}, sur {state.survey.size} questions."
    return "".join(parts) + ("" if state.progress else _redo(request, made))


def _redo(request: Request, made: str) -> str:
    again = forms.button(REDO, "regrouper", quiet=True)
    shown = f'<p class="ch-meta">{made}</p>' if made else ""
    return f'<div class="ch-after">{shown}{forms.post_form(request, "questions", again)}</div>'


def _filters(shown: Shown) -> str:
    days = forms.choice(
        "periode", "Période", {str(n): label for n, label in PERIODS.items()}, str(shown.days)
    )
    results = {"": "tous", **said(RESULTS)}
    kind = forms.choice("resultat", RESULT, results, shown.result or "")
    return (
        '<form method="get" action="questions" class="ch-filters" aria-label="Filtres">'
        f"{days}{kind}<button>Filtrer</button></form>"
        f'<p class="ch-hint">{escape(DECLINED)}</p>'
    )


def _told(counts: list[Count], shown: Shown) -> str:
    if not counts:
        return f"<p>{NOTHING}</p>"
    asked = sum(count.size for count in counts)
    unanswered = sum(count.size for count in counts if count.is_unanswered)
    told = f"{forms.plural(asked, 'question')} en {forms.plural(len(counts), 'groupe')}"
    if unanswered and shown.result is None:
        told += f", dont {unanswered} dans des groupes sans réponse"
    return f'<p class="ch-count">{told}.</p>'


def _group(page: Page, count: Count) -> str:
    topic = count.topic
    id = f"groupe-{attribute(topic.key)}"
    badge = '<span class="ch-badge ch-badge-no">Sans réponse</span>' if count.is_unanswered else ""
    actions = _actions(page, topic, count.is_declined)
    return (
        f'<article class="ch-block" aria-labelledby="{id}">'
        f'<h2 id="{id}">{escape(topic.typical)}</h2>{badge}'
        f"{forms.facts(_facts(count, page.window))}{_questions(topic, page.window)}"
        f"{actions}</article>"
    )


def _facts(count: Count, window: Window) -> list[tuple[str, str]]:
    results = _results(count.results)
    facts = [
        ("Taille", forms.plural(count.size, "question")),
        (f"{RESULT}s", escape(results)),
    ]
    if count.beyond:
        facts.append((BEYOND, f"{count.beyond} fois"))
    if compared := trend(count, window):
        facts.append(("Évolution", escape(compared)))
    return facts


def _results(found: Mapping[Result, int]) -> str:
    """« 2 sans réponse, 1 répondue »."""
    counts = {name: found.get(name, 0) for name in get_args(Result)}
    return ", ".join(f"{n} {said(RESULTS, n)[name]}" for name, n in counts.items() if n)


def trend(count: Count, window: Window) -> str:
    """How a topic's size compares with that of the period before; empty while the journal is too
    young to say.
    """
    if not window.may_compare:
        return f"pas de comparaison : le journal garde {window.kept} jours"
    if count.before is None:
        return ""
    if not count.before:
        return "nouveau : personne ne l'avait demandé la période d'avant"
    way = (
        "en hausse" if count.size > count.before
        else "en baisse" if count.size < count.before
        else "stable"
    )  # fmt: skip
    return f"{way} : {count.size} contre {count.before} la période d'avant"


def _questions(topic: Topic, window: Window) -> str:
    """The phrasings of the period, and what came of each."""
    asked = results_of(topic, window.since)
    items = "".join(
        f"<li>{escape(text)} <span>({escape(_results(came))})</span></li>"
        for text, came in islice(asked.items(), _SHOWN)
    )
    more = f"<p>Et {len(asked) - _SHOWN} autres.</p>" if len(asked) > _SHOWN else ""
    label = "Sa question" if len(asked) == 1 else f"Ses {len(asked)} formulations"
    return f"<details><summary>{label}</summary><ul>{items}</ul>{more}</details>"


def _actions(page: Page, topic: Topic, is_declined: bool) -> str:
    """What may be made of a topic; folded where it is declined, as nothing is to be made of it.

    An entry on another of its questions than the typical one is named, and is not all there is.
    """
    told = f": {topic.typical}"
    entry = entry_for(topic, page.known)
    is_own = words_of(topic.typical) in page.known
    shown = [_ways(page, topic, entry, is_own)] if entry else []
    if not is_own:
        label = ANOTHER if entry else DRAFT
        shown.append(forms.button(label, "fiche", told=told, quiet=bool(entry) or is_declined))
    shown.append(forms.button(MISSING, "source", quiet=True, told=told))
    actions = f'<div class="ch-actions">{"".join(shown)}</div>'
    form = forms.post_form(page.request, "questions", frame.hidden("groupe", topic.key) + actions)
    if entry or not is_declined:
        return form
    return f"<details><summary>{ANYWAY}</summary><p>{NOT_FOR_US}</p>{form}</details>"


def _ways(page: Page, topic: Topic, entry: Entry, is_own: bool) -> str:
    """The links to an entry of a topic: as it is, and with what the topic asks in other words."""
    hidden = f' <span class="ch-invisible">{escape(f": {topic.typical}")}</span>'
    name = "sa fiche" if is_own else f"la fiche « {entry.edit.question} »"
    at = f"fiches/{attribute(entry.id)}"
    shown = f'<a class="ch-button" href="{at}">{escape(f"Ouvrir {name}")}{hidden}</a>'
    new = additions(entry, topic, page.known) if may_write(entry, page.person) else ()
    if not new:
        return shown
    more = f"Y ajouter {forms.plural(len(new), 'formulation')}"
    query = urlencode({words.GROUP: topic.key})
    return f'{shown}<a class="ch-button ch-quiet" href="{at}?{query}#fiche">{more}{hidden}</a>'
