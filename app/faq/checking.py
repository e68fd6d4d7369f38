"""Whether an entry's answer is what its citations say, sentence by sentence.

It tells who edits; it forbids nothing: a person may know better than rules on words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.faq.anchors import Place, Texts, place_of
from app.faq.entry import Edit
from app.faq.rules import unknown_marks
from app.faq.statements import statements_of
from app.verify.verdicts import Fault, Span, Supported, Unsupported, Verdict, WrongCitation
from app.verify.verifier import Offered, Verifier
from app.wording import fault_said
from app.written import Written
from ingest.documents import Passage

_ANNOUNCES = frozenset({"empty", "words"})  # faults of what only says that a list follows
_GONE = "Non confirmé par les sources : la citation {numbers} n'est plus dans sa source."
_ELSEWHERE = "La citation {numbers} le dit, et non celle qui est indiquée : changez le numéro."
_WIDER = "Le passage le dit, mais hors des mots cités : élargissez la citation {numbers}."
_UNCITED = "Non confirmé par les sources : la fiche ne cite aucun passage."
_UNUSED = (
    "La citation [{number}] ne sert à aucune phrase : mettez son numéro après celle qu'elle "
    "appuie, ou retirez-la."
)
_REORDERED = "Les mots viennent de la source, dans un autre ordre : relisez."
_ANNOUNCED = "Annonce ce qui suit, sans être vérifiée."


@dataclass(frozen=True, slots=True)
class Verified:
    """A sentence of the answer, and the numbers of the citations that it rests on.

    ``reason`` is why it is not supported, in French, empty where it is; ``caution`` is what to
    look at in one that is. ``better`` are the numbers that would support it.
    """

    text: str
    citations: tuple[int, ...]
    reason: str = ""
    caution: str = ""
    better: tuple[int, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the citations say it."""
        return not self.reason


def verified(edit: Edit, texts: Texts) -> list[Verified]:
    """The sentences of the answer, each checked against what it cites in the release in service.

    Raises:
        StoreError: no release can be read.
    """
    checker = _Checker({one.number: place_of(one, texts) for one in edit.citations})
    return [checker.checked(one) for one in statements_of(edit)]


class _Checker:
    """Checks sentences against the words that are quoted, then against the passages around."""

    def __init__(self, places: Mapping[int, Place | None]) -> None:
        self._places = {number: place for number, place in places.items() if place}
        self._lost = {number for number, place in places.items() if place is None}
        self._quoted = Verifier([Offered(n, _quoted(place)) for n, place in self._places.items()])
        self._whole = Verifier([Offered(n, place.passage) for n, place in self._places.items()])

    def checked(self, said: Written) -> Verified:
        """The verdict on one sentence."""
        known = [number for number in said.markers if number in self._places]
        plain = Verified(said.text, said.markers)
        if not known:
            lost = [number for number in said.markers if number in self._lost]
            return replace(plain, reason=_told(_GONE, lost) if lost else _UNCITED)
        verdict = self._quoted.check(said.text, known)
        if not isinstance(verdict, Supported):
            wider = self._whole.check(said.text, known)
            if isinstance(wider, Supported):
                return self._of_wider(plain, wider)
            if isinstance(verdict, Unsupported) and isinstance(wider, Unsupported):
                verdict = wider  # what stands before the quotation tells what is wrong
        return _of(plain, verdict, said.is_opening)

    def _of_wider(self, plain: Verified, verdict: Supported) -> Verified:
        """One that the passages say: in the words that are quoted, or beside them."""
        outside = sorted({span.number for span in verdict.spans if not self._is_quoted(span)})
        if outside:
            return replace(plain, reason=_told(_WIDER, outside), better=tuple(outside))
        return _of(plain, verdict, False)

    def _is_quoted(self, span: Span) -> bool:
        place = self._places[span.number]
        sentences = place.passage.sentences[span.first : span.last + 1]
        return place.start <= sentences[0].start and sentences[-1].end <= place.end


def _of(plain: Verified, verdict: Verdict, is_opening: bool) -> Verified:
    match verdict:
        case Supported(spans=spans, verbatim=verbatim):
            caution = "" if verbatim else _REORDERED
            return replace(plain, citations=_numbers(spans), caution=caution)
        case WrongCitation(spans=spans):
            numbers = _numbers(spans)
            return replace(plain, reason=_told(_ELSEWHERE, numbers), better=numbers)
        case Unsupported(fault=Fault(kind=kind)) if is_opening and kind in _ANNOUNCES:
            return replace(plain, caution=_ANNOUNCED)
        case Unsupported(fault=fault):
            return replace(plain, reason=fault_said(fault.kind, fault.words, "fr"))


def loose_ends(edit: Edit) -> Iterator[str]:
    """A French sentence for each number of the answer that is no citation's, and for each citation
    on which no sentence rests.
    """
    yield from unknown_marks(edit)
    used = {number for said in statements_of(edit) for number in said.markers}
    for one in edit.citations:
        if one.number not in used:
            yield _UNUSED.replace("{number}", str(one.number))


def _numbers(spans: Sequence[Span]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(span.number for span in spans))


def _told(sentence: str, numbers: Sequence[int]) -> str:
    return sentence.replace("{numbers}", ", ".join(f"[{number}]" for number in numbers))


def _quoted(place: Place) -> Passage:
    """The passage with the quoted sentences alone."""
    passage = place.passage
    kept = tuple(s for s in passage.sentences if place.start <= s.start and s.end <= place.end)
    return replace(passage, start=place.start, end=place.end, text=place.quote, sentences=kept)


def unsupported(sentences: Sequence[Verified]) -> Iterator[Verified]:
    """Those that the citations do not say."""
    return (one for one in sentences if not one.supported)
