"""What may be written of an entry, and what may become of it; pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.faq.entry import Action, Edit, Entry, Status
from app.faq.faults import InvalidEdit, NotAllowed
from app.faq.phrasings import words_of
from app.staff.person import Person

QUESTION_LENGTHS = (3, 300)  # characters
ANSWER_LIMIT = 4_000
THEME_LIMIT = 80
VARIANTS_LIMIT = 30
CITATIONS_LIMIT = 20
WHY_LIMIT = 1_000
COMMENT_LIMIT = 2_000

STATUSES: dict[Status, str] = {
    "draft": "brouillon",
    "submitted": "à valider",
    "published": "publiée",
    "review": "à revoir",
    "archived": "archivée",
}
_SEVERAL: dict[Status, str] = {
    "draft": "brouillons",
    "published": "publiées",
    "archived": "archivées",
}
OPEN: tuple[Status, ...] = ("draft", "submitted", "published", "review")  # not archived
# What each action may be done to, and what the entry becomes; None is what it was.
_WAYS: dict[Action, tuple[frozenset[Status], Status | None]] = {
    "save": (frozenset({"draft", "submitted", "review", "published"}), None),
    "submit": (frozenset({"draft", "review"}), "submitted"),
    "publish": (frozenset({"draft", "submitted", "review"}), "published"),
    "send_back": (frozenset({"submitted"}), "draft"),
    "review": (frozenset({"published"}), "review"),
    "archive": (frozenset({"draft", "submitted", "review", "published"}), "archived"),
    "restore": (frozenset({"archived"}), "draft"),
}
_NAMES: dict[Action, str] = {
    "save": "modifier une fiche publiée",
    "publish": "publier une fiche",
    "send_back": "renvoyer une fiche à qui l'a écrite",
    "review": "mettre une fiche à revoir",
    "archive": "archiver une fiche",
    "restore": "rétablir une fiche",
}
_NOT_FROM = {
    "save": "Rétablissez cette fiche avant de la modifier : elle est archivée.",
    "submit": "Cette fiche ne peut pas être soumise : son statut est « {status} ».",
    "publish": "Cette fiche ne peut pas être publiée : son statut est « {status} ».",
    "send_back": "Cette fiche ne peut pas être renvoyée : son statut est « {status} ».",
    "review": "Seule une fiche publiée peut être mise à revoir : son statut est « {status} ».",
    "archive": "Cette fiche est déjà archivée.",
    "restore": "Seule une fiche archivée peut être rétablie : son statut est « {status} ».",
}
_NEEDS_WHY = frozenset[Action]({"send_back", "review"})


def tidied(edit: Edit) -> Edit:
    """The edit composed (NFC), without needless white space, control signs or empty variants.

    A variant that is the same question as another phrasing is left out. Quotations stay as they
    are.
    """
    question = one_line(edit.question)
    said = {words_of(question): question}
    for variant in filter(None, map(one_line, edit.variants)):
        said.setdefault(words_of(variant), variant)
    return replace(
        edit,
        question=question,
        variants=tuple(said.values())[1:],
        answer=_paragraphs(edit.answer),
        theme=one_line(edit.theme),
    )


def one_line(text: str) -> str:
    """The text on one line, composed, without control signs."""
    return " ".join(_legible(text).split())


def _paragraphs(text: str) -> str:
    lines = [line.rstrip() for line in _legible(text).split("\n")]
    return "\n".join(lines).strip()


def _legible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = (c for c in composed if c == "\u200d" or unicodedata.category(c) != "Cf")
    return "".join(
        c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs", "Co"} else " " for c in shown
    )


def counted(count: int, status: Status) -> str:
    """« 1 publiée », « 2 publiées », « 2 à valider »: entries of a status."""
    several = _SEVERAL.get(status, STATUSES[status])
    return f"{count} {several if count > 1 else STATUSES[status]}"


def thousands(number: int) -> str:
    """« 4 000 », with the narrow space of French, which does not break."""
    return f"{number:,}".replace(",", "\u202f")


def require_valid(edit: Edit) -> None:
    """Refuse what is too long or has nothing to say.

    Raises:
        InvalidEdit: with a French line for each rule that is broken.
    """
    if faults := list(broken(edit)):
        raise InvalidEdit(faults)


def broken(edit: Edit) -> Iterator[str]:
    """A French sentence for each rule that what is written breaks."""
    yield from _lengths(edit)
    yield from _citations(edit)


def _lengths(edit: Edit) -> Iterator[str]:
    least, most = QUESTION_LENGTHS
    if not least <= len(edit.question) <= most:
        yield f"La question a de {least} à {most} caractères ({thousands(len(edit.question))} ici)."
    if len(edit.variants) > VARIANTS_LIMIT:
        yield (
            f"Une fiche a {VARIANTS_LIMIT} autres formulations au plus ({len(edit.variants)} ici)."
        )
    for variant in edit.variants:
        if not least <= len(variant) <= most:
            yield (
                f"Une formulation a de {least} à {most} caractères : « {variant[:40]} » en a "
                f"{thousands(len(variant))}."
            )
    if len(edit.answer) > ANSWER_LIMIT:
        over = len(edit.answer) - ANSWER_LIMIT
        yield (
            f"La réponse a {thousands(ANSWER_LIMIT)} caractères au plus "
            f"({thousands(len(edit.answer))} ici) : {thousands(over)} de trop."
        )
    if len(edit.theme) > THEME_LIMIT:
        yield f"Le thème a {THEME_LIMIT} caractères au plus ({thousands(len(edit.theme))} ici)."


def _citations(edit: Edit) -> Iterator[str]:
    numbers = [one.number for one in edit.citations]
    if len(numbers) > CITATIONS_LIMIT:
        yield f"Une fiche a {CITATIONS_LIMIT} citations au plus ({len(numbers)} ici)."
    if len(set(numbers)) < len(numbers) or any(not 1 <= number <= 999 for number in numbers):
        yield "Chaque citation a son propre numéro, à partir de 1."
    for one in edit.citations:
        if not one.quote.strip() or one.end - one.start != len(one.quote) or one.start < 0:
            yield f"La citation [{one.number}] n'a pas la longueur de son passage."


def require_complete(edit: Edit) -> None:
    """Refuse what cannot be shown to citizens.

    Raises:
        InvalidEdit: there is no answer, no citation, one that is not in its source any more, or
            the answer names one that is not there.
    """
    if faults := list(lacking(edit)):
        raise InvalidEdit(faults)


def lacking(edit: Edit) -> Iterator[str]:
    """A French sentence for each thing without which it cannot be shown to citizens."""
    if not edit.answer:
        yield "La réponse est vide."
    if not edit.citations:
        yield "La fiche ne cite aucune source : ajoutez au moins une citation."
    for one in edit.citations:
        if one.state != "alive":
            yield f"La citation [{one.number}] n'est plus dans sa source : remplacez-la."
    yield from unknown_marks(edit)


def unknown_marks(edit: Edit) -> Iterator[str]:
    """A French sentence for each number of the answer that is no citation's."""
    numbers = {one.number for one in edit.citations}
    for number in edit.markers:
        if number not in numbers:
            yield f"La réponse renvoie à [{number}], qui n'est pas une citation de la fiche."


def require_alone(edit: Edit, published: Iterable[Entry]) -> None:
    """Refuse to show citizens a second entry on a question that a published one has.

    Raises:
        InvalidEdit: naming these entries.
    """
    if faults := list(shared(edit, published)):
        raise InvalidEdit(faults)


def shared(edit: Edit, published: Iterable[Entry]) -> Iterator[str]:
    """A French sentence for each published entry that has its question, or of which it has it.

    A variant that two entries share is answered by neither; a question never is shared.
    """
    said = set(map(words_of, edit.phrasings))
    for other in (entry.edit for entry in published):
        asked = edit.question
        if words_of(asked) not in map(words_of, other.phrasings):
            asked = other.question
        if words_of(asked) in said:
            yield (
                f"La fiche publiée « {other.question} » répond déjà à « {asked} » : complétez-la, "
                "ou retirez cette question de l'une des deux."
            )


def may_write(entry: Entry, who: Person) -> bool:
    """Whether a person may change what an entry says, as its status is now."""
    allowed, _ = _WAYS["save"]
    return entry.status in allowed and (who.validates or not _is_reserved(entry, "save"))


def _is_reserved(entry: Entry, action: Action) -> bool:
    """Whether an action is for those alone who validate."""
    return action not in ("save", "submit") or entry.status == "published"


def next_status(entry: Entry, action: Action, who: Person, why: str) -> Status:
    """What an entry becomes by an action.

    Raises:
        NotAllowed: who asks may not, its status does not allow it, or a reason is needed.
    """
    allowed, becomes = _WAYS[action]
    if _is_reserved(entry, action) and not who.validates:
        name = _NAMES.get(action, "le faire")
        raise NotAllowed(f"Seule une personne qui valide peut {name}.")
    if entry.status not in allowed:
        raise NotAllowed(_NOT_FROM[action].replace("{status}", STATUSES[entry.status]))
    if action in _NEEDS_WHY and not why:
        raise NotAllowed("Dites pourquoi, pour la personne qui reprendra la fiche.")
    if len(why) > WHY_LIMIT:
        most, here = thousands(WHY_LIMIT), thousands(len(why))
        raise NotAllowed(f"La raison a {most} caractères au plus ({here} ici).")
    return becomes or entry.status
