"""``POST /api/v1/feedback``: a thumb up or down, counted in the log and kept nowhere.

A reason may come with it. It is checked like any text from outside, and is not written anywhere:
a journal that an agency switches on is the only place where a visitor's words may be kept.
"""

from __future__ import annotations

import logging
from typing import Annotated, Literal

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel, Field, StringConstraints

from app.web.api import problems_of

logger = logging.getLogger("chartiste.web")
REASON_LIMIT = 300  # characters

ReleaseId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{1,64}\z")]


class FeedbackIn(BaseModel):
    """What a visitor thinks of an answer. Nothing in it says which question was asked."""

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


def add_feedback(app: FastAPI) -> None:
    """Add the door; it answers 204 and logs one line without the visitor's words."""

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
        return Response(status_code=204)
