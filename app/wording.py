"""Every sentence of an answer that is not a quotation, in French and in English.

``{agency}`` and ``{contact}`` come from the settings. The quotation itself stays in the language
of its source; what surrounds it is in French for a French question, in English for any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.answers import Reason
from ingest.documents import Source

_MONTHS = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
)
_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)

_DECLINED: dict[Reason, tuple[str, str]] = {
    "greeting": (
        "Bonjour ! Posez-moi une question sur la charte, l'alliance ou {agency} : "
        "je réponds en citant les sources.",
        "Hello! Ask me a question about the charter, the alliance or {agency}: "
        "I answer by quoting the sources.",
    ),
    "thanks": ("Avec plaisir ! Bonne journée.", "You are welcome! Have a good day."),
    "about": (
        "Je suis un assistant automatique, pas une personne. Je cherche dans les sources de "
        "{agency} et je cite les passages qui répondent ; quand les sources ne disent rien, "
        "je le dis.",
        "I am an automatic assistant, not a person. I search the sources of {agency} and quote "
        "the passages that answer; when the sources say nothing, I say so.",
    ),
    "empty": (
        "Je n'ai pas reconnu de question : écrivez-la en quelques mots.",
        "I could not find a question: please write it in a few words.",
    ),
    "out_of_scope": (
        "Je ne peux pas vous aider sur ce point : je réponds seulement à partir des sources "
        "sur la charte, l'alliance et {agency}.",
        "I cannot help with this: I only answer from the sources about the charter, the "
        "alliance and {agency}.",
    ),
    "advice": (
        "Je ne donne pas de conseil personnel (travaux, aides, droit, choix d'une entreprise). "
        "Pour un logement, adressez-vous à France Rénov' (france-renov.gouv.fr) ; pour une "
        "question de droit, à une permanence juridique.",
        "I do not give personal advice (works, grants, law, choice of a company). For housing, "
        "turn to France Rénov' (france-renov.gouv.fr); for a legal question, to a legal "
        "advice service.",
    ),
    "orders": (
        "Je ne suis pas d'instructions de ce genre : je réponds seulement à des questions, "
        "à partir des sources et en les citant.",
        "I do not follow instructions of this kind: I only answer questions, from the sources "
        "and quoting them.",
    ),
    "persons": (
        "Je ne porte pas de jugement sur les personnes et je ne donne rien de leur vie privée : "
        "je peux seulement citer ce que disent les sources.",
        "I do not judge people and give nothing of their private life: I can only quote what "
        "the sources say.",
    ),
}
_CONTACT = (" Vous pouvez aussi vous adresser à {agency} : {contact}.",
            " You may also turn to {agency}: {contact}.")  # fmt: skip

_NOT_FOUND = (
    "Les sources ne répondent pas à cette question.",
    "The sources do not answer this question.",
)
_NEAR = (
    "Je n'ai pas trouvé de réponse sûre dans les sources. Ces passages s'en approchent :",
    "I found no sure answer in the sources. These passages come near:",
)
_LEAD = ("D'après {sources} :", "According to {sources}:")
_SHEET = (
    "la fiche « {title} » (résumé d'un document public : {details})",
    "the sheet « {title} » (summary of a public document: {details})",
)
_AND = (" et ", " and ")

EXAMPLES = (
    "Qu'est-ce que la Fabrique des transitions ?",
    "Pourquoi l'ALEC07 a-t-elle rejoint la Fabrique des transitions ?",
    "Quels sont les quatre objectifs de la charte ?",
    "Qui peut signer la charte ?",
    "C'est quoi un PCAET ?",
)


class Wording:
    """The sentences of one agency."""

    def __init__(self, agency: str, contact: str) -> None:
        self._agency = agency
        self._contact = contact

    def declined(self, reason: Reason, language: str) -> str:
        """Why there is no answer, and where to turn when a contact is set."""
        text = _of(_DECLINED[reason], language)
        if self._contact and reason in {"out_of_scope", "advice"}:
            text += _of(_CONTACT, language)
        return self._filled(text)

    def not_found(self, language: str, near: bool) -> str:
        """That the sources do not answer; ``near`` when passages that may help follow."""
        if near:
            return _of(_NEAR, language)
        contact = _of(_CONTACT, language) if self._contact else ""
        return self._filled(_of(_NOT_FOUND, language) + contact)

    def _filled(self, text: str) -> str:
        return text.replace("{agency}", self._agency).replace("{contact}", self._contact)


def lead(sources: Sequence[Source], language: str) -> str:
    """« D'après « Titre » (éditeur, décembre 2019) : »."""
    named = [named_source(source, language) for source in dict.fromkeys(sources)]
    return _of(_LEAD, language).replace("{sources}", _of(_AND, language).join(named))


def named_source(source: Source, language: str) -> str:
    """A source as a sentence names it: title, then publisher and date where known.

    A sheet that sums up a public document says so: its words are not that publisher's.
    """
    details = ", ".join(filter(None, (source.publisher, shown_date(source.date, language))))
    if source.originals and details:
        return _of(_SHEET, language).format(title=source.title, details=details)
    return ", ".join(filter(None, (f"« {source.title} »", details)))


def shown_date(date: str | None, language: str = "fr") -> str:
    """``2019-12`` as « décembre 2019 », ``2020-02-12`` as « 12 février 2020 »; empty for None."""
    if not date:
        return ""
    year, *rest = date.split("-")
    months = _MONTHS if language == "fr" else _ENGLISH_MONTHS
    if not rest or not 1 <= int(rest[0]) <= 12:
        return year
    month = months[int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    day = int(rest[1])
    shown = "1er" if day == 1 and language == "fr" else str(day)
    return f"{shown} {month} {year}"


def _of(pair: tuple[str, str], language: str) -> str:
    return pair[0] if language == "fr" else pair[1]
