"""A question as it comes from outside: measured first, then cleaned."""

from __future__ import annotations

from app.assistant import cleaned
from app.settings import QUESTION_LIMIT
from app.web import texts


class BadQuestion(ValueError):
    """A question that cannot be asked; ``str()`` is the French sentence that says why."""


def clean_question(text: str) -> str:
    """The question composed, stripped, without control and direction characters.

    Raises:
        BadQuestion: it is too long (checked before anything else) or empty.
    """
    if len(text) > QUESTION_LIMIT:
        raise BadQuestion(texts.LONG_QUESTION.fr)
    question = cleaned(text)
    if not question:
        raise BadQuestion(texts.EMPTY_QUESTION.fr)
    return question
