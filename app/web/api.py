"""``/api/v1`` and the two health addresses. Handlers are synchronous: FastAPI threads them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field

from app.answers import Reply, as_json, search_as_json
from app.assistant import Assistant
from app.journal.recording import Recording
from app.settings import QUESTION_LIMIT
from app.web import texts
from app.web.problems import MEDIA_TYPE, Problem
from app.web.question import BadQuestion, clean_question
from ingest.documents import Kind

_ID_LIMIT = 200  # characters


class QuestionIn(BaseModel):
    """A question, what was asked before it, and an id that comes back with the answer."""

    question: str = Field(description="2 000 caractères au plus.", examples=["Qui peut signer ?"])
    id: str | None = Field(
        default=None, max_length=_ID_LIMIT, description="Revient tel quel avec la réponse."
    )
    previous: str | None = Field(
        default=None,
        max_length=QUESTION_LIMIT,
        description="La question précédente de la conversation, pour comprendre « Et quand ? ».",
        examples=["Qui peut signer la charte ?"],
    )


class OriginalOut(BaseModel):
    """A public document that a sheet sums up."""

    title: str
    publisher: str | None
    url: str | None


class SourceOut(BaseModel):
    """What is cited. There is no path of the server's disk in it."""

    id: str
    title: str
    publisher: str | None
    author: str | None
    date: str | None = Field(description="AAAA, AAAA-MM ou AAAA-MM-JJ.")
    url: str | None
    language: str
    kind: Kind
    originals: list[OriginalOut]
    copies: list[str] = Field(description="D'autres adresses du même texte.")


class CitationOut(BaseModel):
    """``quote`` stands at ``start:end`` (code points) of the source's text."""

    number: int
    passage: str
    quote: str
    start: int
    end: int
    heading: list[str]
    page: int | None = Field(description="Page du document, s'il en a.")
    source: SourceOut


class StatementOut(BaseModel):
    """A sentence of the answer, and the citations that support it."""

    text: str
    citations: list[int]
    supported: bool
    reason: str | None = Field(default=None, description="Pourquoi rien ne la confirme.")


class ValidatedOut(BaseModel):
    """The entry of the FAQ that the answer is."""

    entry: str
    question: str = Field(description="La question à laquelle la fiche répond.")
    date: str = Field(description="Le jour où l'agence l'a validée, AAAA-MM-JJ.")
    by: str = Field(description="L'agence.")
    markdown: str = Field(description="La réponse : gras, listes et liens ; [1] est une citation.")


class AnswerOut(BaseModel):
    """The reply to a question, whatever its outcome."""

    id: str | None
    question: str
    outcome: Literal["answered", "not_found", "declined"]
    mode: Literal["quoted", "generated", "faq"]
    confidence: float
    text: str
    statements: list[StatementOut]
    citations: list[CitationOut]
    suggestions: list[str]
    asked: str = Field(description="Ce qui a été cherché ; à rendre dans `previous` ensuite.")
    release: str
    elapsed_ms: float
    journal: str | None = Field(
        default=None,
        description="À rendre avec un avis ; absent quand rien n'est gardé de la question.",
    )
    note: str | None = Field(
        default=None, description="Pourquoi une citation tient lieu de réponse rédigée."
    )
    validated: ValidatedOut | None = Field(
        default=None, description="La fiche de la FAQ qui répond, quand `mode` vaut `faq`."
    )


class PassageOut(BaseModel):
    """A passage, best first; ``score`` compares passages of one question only."""

    passage: str
    text: str
    start: int
    end: int
    score: float
    heading: list[str]
    page: int | None
    source: SourceOut


class SearchOut(BaseModel):
    """The passages found for a question."""

    id: str | None
    question: str
    passages: list[PassageOut]
    release: str
    elapsed_ms: float


class Health(BaseModel):
    """``release`` and ``degraded`` only when a release can be read."""

    status: Literal["ok"] = "ok"
    release: str | None = None
    degraded: bool | None = Field(default=None, description="Vrai quand les vecteurs manquent.")


def problems_of(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a door, for its description."""
    return {
        status: {
            "description": texts.PROBLEMS[status].fr,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "model": Problem,
        }
        for status in statuses
    }


def recorded_as_json(reply: Reply, recording: Recording) -> dict[str, Any]:
    """The object of a reply, with the id under which the journal keeps it, if it does."""
    shown = as_json(reply)
    id = recording.reply(reply)
    return {**shown, "journal": id} if id else shown


def add_api(app: FastAPI, assistant: Assistant, recording: Recording) -> None:
    """Add the JSON doors over ``assistant``; ``recording`` is told each reply."""

    @app.post(
        "/api/v1/ask",
        response_model=AnswerOut,
        response_model_exclude_unset=True,
        responses=problems_of(403, 413, 415, 422, 429, 500, 503),
        summary="Poser une question",
    )
    def ask(asked: QuestionIn) -> Any:
        question = clean_question(asked.question)
        return recorded_as_json(assistant.ask(question, asked.id, asked.previous), recording)

    @app.get(
        "/api/v1/search",
        response_model=SearchOut,
        responses=problems_of(403, 422, 429, 500, 503),
        summary="Chercher des passages",
    )
    def search(
        q: Annotated[str | None, Query(description="La question.")] = None,
        k: Annotated[int, Query(ge=1, le=50, description="Combien de passages.")] = 5,
        question: Annotated[str | None, Query(description="Autre nom de `q`.")] = None,
    ) -> Any:
        given = q if q is not None else question
        if given is None:
            raise BadQuestion(texts.filled(texts.MISSING, field="q"))
        cleaned = clean_question(given)
        return search_as_json(assistant.search(cleaned, k))

    _add_health(app, assistant)


def _add_health(app: FastAPI, assistant: Assistant) -> None:
    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz", summary="Le processus vit")
    async def healthz() -> Health:
        return Health()

    @app.head("/readyz", include_in_schema=False)
    @app.get("/readyz", responses=problems_of(503), summary="Les questions ont une réponse")
    def readyz() -> Health:
        return Health(release=assistant.release(), degraded=assistant.degraded())
