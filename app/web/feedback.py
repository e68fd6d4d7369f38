"""``POST /api/v1/feedback``: a thumb up or down, counted in the log.

A reason may come with it. The log never has it: a journal that an agency switches on is the only
place where it is kept, masked, with the question that it is about.
"""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from app.journal.recording import Recording
from app.web.api import problems_of

logger = logging.getLogger("chartiste.web")
REASON_LIMIT = 300  # characters

ReleaseId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}\z")]
JournalId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,64}\z")]


class FeedbackIn(BaseModel):
    """What a visitor thinks of an answer. Only ``journal`` says which question was asked."""

    thumb: Literal["up", "down"]
    outcome: Literal["answered", "not_found", "declined"] = Field(
        description="Celui de la réponse."
    )
    release: ReleaseId = Field(description="Celle de la réponse.")
    reason: str | None = Field(
        default=None,
        max_length=REASON_LIMIT,
        description="Facultatif, 300 caractères au plus, sans donnée personnelle.",
    )
    journal: JournalId | None = Field(
        default=None, description="Celui de la réponse, quand elle en a un."
    )


def add_feedback(app: FastAPI, recording: Recording) -> None:
    """Add the door; it answers 204 and logs one line without the visitor's words.

    Whether the journal knows the reply is not told: an id is nobody's business.
    """

    @app.post(
        "/api/v1/feedback",
        status_code=204,
        response_class=Response,
        responses=problems_of(413, 415, 422),
        summary="Donner un avis sur une réponse",
    )
    async def feedback(given: FeedbackIn) -> Response:
        logger.info(
            "feedback thumb=%s outcome=%s release=%s reason=%s",
            given.thumb,
            given.outcome,
            given.release,
            "yes" if given.reason and given.reason.strip() else "no",
        )
        if given.journal:
            recording.opinion(given.journal, given.thumb, given.reason or "")
        return Response(status_code=204)
