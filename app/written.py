"""What a language model writes, as statements: each with its markers, as soon as it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.sentences import split_sentences

LONGEST = 1_000  # characters of one statement; what goes on longer is no sentence
_MOST_MARKERS = 12
_THOUGHTS = ("think", "thinking", "reasoning")
_OPENING = re.compile(f"<({'|'.join(_THOUGHTS)})>", re.IGNORECASE)
_CLOSINGS = {tag: re.compile(f"</{tag}>", re.IGNORECASE) for tag in _THOUGHTS}
_TAG_BEGUN = re.compile(r"</?[a-z]{0,9}\Z", re.IGNORECASE)
_UNFINISHED = re.compile(r"[\[【［][^\]\n]{0,60}\Z")
_TAIL = 80  # characters at the end in which a tag or a marker may be cut
_END = re.compile(r"[.!?…\n\]】］]")
_BRACKETS = str.maketrans({"【": "[", "】": "]", "［": "[", "］": "]"})
_MARKER = r"\[\^?(?:\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)(?:†[^\]\n]{0,40})?\]"
_MARKERS = re.compile(rf"\s*{_MARKER}")
_LEADING = re.compile(rf"(?:\s*{_MARKER})+\s*")
_NUMBERS = re.compile(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?")
# Markers, then the end of a sentence: nothing that follows can be part of it.
_ENDED = re.compile(rf"{_MARKER}\s*[.!?…]")
_ORNAMENT = re.compile(r"^\s*(?:(?:#{1,6}|[-*•–>]|\d{1,2}[.)])\s+)+|\*\*|__|`{1,3}")
_CLOSERS = '»”")].!?…,; \u00a0\u202f\t'
_ENDS = (".", "!", "?", "…", "»", "”", ")", ";")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence as the model wrote it, without its markers, and the numbers they name."""

    text: str
    markers: tuple[int, ...]

    @property
    def is_opening(self) -> bool:
        """Whether it only announces what follows."""
        return self.text.endswith(":")

    @property
    def is_whole(self) -> bool:
        """Whether it ends as a sentence does, or is cited: a model may be cut in the middle."""
        return bool(self.markers) or self.text.endswith(_ENDS)


def without_thoughts(text: str) -> str:
    """The text without the reasoning that some models write before their answer."""
    return "".join(_thoughtless([text]))


def statements(deltas: Iterable[str]) -> Iterator[Written]:
    """The statements of a text that comes in pieces, the same however it is cut.

    A sentence comes out when what follows cannot be part of it any more: at once where its
    markers stand before its full stop. Reasoning between ``<think>`` tags is left out.
    """
    pending, may_end = "", False
    for delta in _thoughtless(deltas):
        pending += delta.translate(_BRACKETS)
        may_end = may_end or bool(_END.search(delta))
        if may_end and not _UNFINISHED.search(pending[-_TAIL:]):
            end = _complete(pending, 0)
            yield from _sentences(pending[:end])
            pending = pending[end:]
            may_end = bool(_END.search(pending))
    yield from _sentences(pending)


def _thoughtless(deltas: Iterable[str]) -> Iterator[str]:
    """The pieces without the reasoning between tags, which may be cut anywhere."""
    pending, tag = "", ""
    for delta in deltas:
        pending += delta
        while found := (_CLOSINGS[tag] if tag else _OPENING).search(pending):
            if not tag:
                yield pending[: found.start()]
            tag = "" if tag else found[1].lower()
            pending = pending[found.end() :]
        begun = _TAG_BEGUN.search(pending[-_TAIL:])
        ready = len(pending) - len(begun.group() if begun else "")
        if not tag:
            yield pending[:ready]
        pending = pending[ready:]
    if not tag:
        yield pending


def _complete(text: str, start: int) -> int:
    """The end of what is whole of ``text[start:]``."""
    end = text.rfind("\n", start) + 1 or start
    for match in _ENDED.finditer(text, end):
        end = match.end()
    for begin, stop in reversed(list(split_sentences(text, end, len(text)))[1:]):
        own = _LEADING.match(text, begin)  # markers of the sentence before
        begin = own.end() if own else begin
        if _LETTER.search(text, begin, stop):
            return begin
    return end


def _sentences(chunk: str) -> Iterator[Written]:
    for line in chunk.split("\n"):
        start = 0
        for match in (*_ENDED.finditer(line), None):
            end = match.end() if match else len(line)
            yield from _of_segment(line[start:end])
            start = end


def _of_segment(segment: str) -> Iterator[Written]:
    """The sentences of what no end of a sentence with markers parts."""
    lead = _LEADING.match(segment)  # they stand after a sentence that had ended
    segment = segment[lead.end() if lead else 0 :]
    pieces = [segment[begin:end] for begin, end in split_sentences(segment, 0, len(segment))]
    for n, piece in enumerate(pieces):
        following = _LEADING.match(pieces[n + 1]) if n + 1 < len(pieces) else None
        lead = _LEADING.match(piece) if n else None
        own = piece[lead.end() if lead else 0 :] + (following.group() if following else "")
        if found := _written(own):
            yield found


def _written(piece: str) -> Written | None:
    """A sentence without its markers and ornaments; None where no word is left."""
    text = _ORNAMENT.sub("", _MARKERS.sub("", piece)).lstrip(_CLOSERS)
    text = " ".join(text.split())
    if not _LETTER.search(text):
        return None
    numbers = [n for match in _MARKERS.finditer(piece) for n in _named(match.group())]
    return Written(text, tuple(dict.fromkeys(numbers))[:_MOST_MARKERS])


def _named(marker: str) -> Iterator[int]:
    """The numbers of a marker: « [2] », « [1, 3] », « [1-3] »."""
    for match in _NUMBERS.finditer(marker.partition("†")[0]):
        first, last = int(match[1]), int(match[2] or match[1])
        yield from range(first, min(last, first + _MOST_MARKERS) + 1)
