"""What came of a question, in the words that every page and command has for it."""

from __future__ import annotations

from collections.abc import Mapping

RESULT = "Résultat"
# By outcome: what one question was, and what several were.
OUTCOMES: Mapping[str, tuple[str, str]] = {
    "answered": ("répondue", "répondues"),
    "not_found": ("sans réponse", "sans réponse"),
    "declined": ("déclinée", "déclinées"),
}
# The same where an answer by an entry of the FAQ is one of its own.
RESULTS: Mapping[str, tuple[str, str]] = {
    "not_found": OUTCOMES["not_found"],
    "answered": ("répondue par les sources", "répondues par les sources"),
    "faq": ("répondue par une fiche", "répondues par une fiche"),
    "declined": OUTCOMES["declined"],
}
DECLINED = (
    "Déclinée : hors sujet, conseil personnel, jugement sur une personne, consigne à l'assistant "
    "ou simple salutation."
)


def keeping(days: int) -> str:
    """Whether the journal is kept, for so many days; 0 where it is off."""
    if not days:
        return "Le journal est arrêté : aucune question n'est gardée (CHARTISTE_JOURNAL_DAYS)."
    return f"Le journal est tenu : les questions sont gardées {days} jour{'s' if days > 1 else ''}."


def said(of: Mapping[str, tuple[str, str]], count: int = 2) -> dict[str, str]:
    """The words for so many questions, by result."""
    return {name: words[count > 1] for name, words in of.items()}
