"""From a document to passages: whole sentences of one section, about 300 to 800 characters.

Sentences are packed in reading order. A passage closes at the end of a paragraph once it is long
enough, or before the sentence that would make it too long. A paragraph that is longer than a
passage is seen through windows of whole sentences that overlap, of about one length. A list stays
with the sentence that introduces it as long as it fits.

No passage is longer than ``LONGEST``: what has no sentence marks (a table, text taken from a PDF)
is cut at a newline, else after a semicolon or a comma, else at a space, else anywhere, and each
part is then a sentence like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ingest.documents import Block, Document, Passage, Sentence, content_id
from ingest.sentences import split_sentences

SHORTEST = 300  # characters: below, a paragraph is joined to the next one of its section
LONGEST = 800  # characters: above, a paragraph is cut between two sentences, a sentence inside

# Where a sentence that is too long is cut, the best places first; « 1,5 » is parted late.
_CUTS = tuple(
    map(
        re.compile,
        (r"(?=[\n\r])", r"(?<=;)|(?<=,)(?!\d)", r"(?=[^\S\u00a0\u202f])", r"(?<=,)|(?=\s)"),
    )
)
_NOT_BLANK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence and whether a paragraph or list ends with it."""

    sentence: Sentence
    closes: bool


def split(document: Document) -> list[Passage]:
    """The passages of a document, in reading order, each with its sentences."""
    passages: list[Passage] = []
    seen: Counter[str] = Counter()
    for heading, blocks in document.sections():
        for group in _pack(list(_pieces(document.text, blocks))):
            passages.append(_passage(document, heading, group, seen))
    return passages


def _pieces(text: str, blocks: list[Block]) -> Iterator[_Piece]:
    for index, block in enumerate(blocks):
        spans = [
            part
            for start, end in split_sentences(text, block.start, block.end)
            for part in _parts(text, start, end)
        ]
        followed_by_item = index + 1 < len(blocks) and blocks[index + 1].kind == "item"
        for position, (start, end) in enumerate(spans):
            last = position == len(spans) - 1
            sentence = Sentence(start, end, text[start:end], block.kind == "item", block.page)
            yield _Piece(sentence, last and not followed_by_item)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or the trimmed parts of one that is longer than a passage."""
    while end - start > LONGEST:
        cut = _cut(text, start)
        yield start, start + len(text[start:cut].rstrip())
        following = _NOT_BLANK.search(text, cut, end)
        if following is None:
            return
        start = following.start()
    yield start, end


def _cut(text: str, start: int) -> int:
    furthest = start + LONGEST
    for pattern in _CUTS:
        places = [place.start() for place in pattern.finditer(text, start + 1, furthest + 1)]
        if fitting := [place for place in places if place <= furthest]:
            return fitting[-1]
    return furthest


def _length(pieces: Iterable[_Piece]) -> int:
    run = list(pieces)
    return run[-1].sentence.end - run[0].sentence.start if run else 0


def _pack(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    run: list[_Piece] = []
    for paragraph in _paragraphs(pieces):
        if run and _length(run + paragraph) > LONGEST:
            yield from _balanced(run)
            run = []
        run = run + paragraph
        if _length(run) >= SHORTEST:
            yield from _balanced(run)
            run = []
    if run:
        yield from _balanced(run)


def _paragraphs(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    paragraph: list[_Piece] = []
    for piece in pieces:
        paragraph.append(piece)
        if piece.closes:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _balanced(run: list[_Piece]) -> Iterator[list[_Piece]]:
    """The run, or windows on it when it is longer than a passage.

    It is cut into as few parts as fit, of about the same length; each is then widened on both
    sides as far as fits, so that what stands near a cut is found with what surrounds it.
    """
    covered = 0
    for first, last in _ranges(run):
        window_first, window_last = _widened(run, first, last)
        if window_last > covered:  # two parts may widen to the same window
            yield run[window_first:window_last]
            covered = window_last


def _ranges(run: list[_Piece]) -> Iterator[tuple[int, int]]:
    """The parts of a run as ranges of pieces, the end not included."""
    total = _length(run)
    target = total / -(-total // LONGEST)
    first = 0
    for last in range(1, len(run)):
        longer = _length(run[first : last + 1])
        if longer > LONGEST or abs(longer - target) > abs(_length(run[first:last]) - target):
            yield first, last
            first = last
    yield first, len(run)


def _widened(run: list[_Piece], first: int, last: int) -> tuple[int, int]:
    """The range with its neighbours, one before and one after in turn, while they fit."""
    grown = True
    while grown:
        grown = False
        if first and _length(run[first - 1 : last]) <= LONGEST:
            first, grown = first - 1, True
        if last < len(run) and _length(run[first : last + 1]) <= LONGEST:
            last, grown = last + 1, True
    return first, last


def _passage(
    document: Document, heading: tuple[str, ...], group: list[_Piece], seen: Counter[str]
) -> Passage:
    start, end = group[0].sentence.start, group[-1].sentence.end
    text = document.text[start:end]
    first = document.first_heading  # as a rule the title: an id does not depend on it
    base = content_id("passage", document.id, *(one for one in heading if one != first), text)
    seen[base] += 1
    return Passage(
        id=base if seen[base] == 1 else content_id(base, str(seen[base])),
        source_id=document.id,
        title=document.source.title,
        heading=heading,
        start=start,
        end=end,
        text=text,
        sentences=tuple(piece.sentence for piece in group),
    )
