"""French-aware sentence boundaries, as offsets.

A boundary is a closing mark (``.``, ``!``, ``?``, ``…``, with what closes a quotation behind it)
followed by white space and by something that can open a sentence. It is not one after an
abbreviation (``M.``, ``art. L. 211-5-1``, ``etc.`` before a lower-case word), after an initial
(``J.-F. Caron``), nor inside « guillemets » or parentheses that the sentence has opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Abbreviations after which a capital does not open a sentence.
ABBREVIATIONS = frozenset(
    """
    m mm mr mme mmes mlle mlles dr drs pr prof me mgr st ste sts art al chap cf ex fig hab
    env tél tel vol éd ed p pp n no num réf ref par paragr bd av apr janv févr avr juil sept oct
    nov déc lun mar mer jeu ven sam dim cie ltd inc sté dép dépt arr min max éq approx vs
    """.split()
)
_CLOSING = "»”\"')]’"
# One attempt a run of marks, and no two ways to match it: its time is linear in the text.
_BOUNDARY = re.compile(
    rf"(?<![.!?…])[.!?…]++(?:[ \u00a0\u202f]»|[{re.escape(_CLOSING)}])*(?=\s+(\S.{{0,11}}))"
)
_WORD_BEFORE = re.compile(r"([^\W\d_]+)$")
_LONGEST_ABBREVIATION = 12  # characters looked at before a full stop
_LONGEST_QUOTATION = 600  # a guillemet that is never closed must not swallow the document


def split_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of ``text[start:end]``, trimmed of white space, in order.

    Together they hold every character of the range that is not white space.
    """
    begin = start
    for mark in _BOUNDARY.finditer(text, start, end):
        if not _is_boundary(text, begin, mark):
            continue
        yield from _trimmed(text, begin, mark.end())
        begin = mark.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        offset = start + len(piece) - len(piece.lstrip())
        yield offset, offset + len(stripped)


def _is_boundary(text: str, begin: int, mark: re.Match[str]) -> bool:
    if not _opens_sentence(mark.group(1)):
        return False
    if _is_abbreviation(text, begin, mark):
        return False
    return not _inside_quotation(text[begin : mark.end()])


def _opens_sentence(following: str) -> bool:
    bare = following.lstrip("«“\"'([—–-•* \u00a0\u202f")
    first = (bare or following)[0]
    return not first.islower()


def _is_abbreviation(text: str, begin: int, mark: re.Match[str]) -> bool:
    if mark.group()[0] != "." or mark.group().startswith(".."):
        return False
    begin = max(begin, mark.start() - _LONGEST_ABBREVIATION)
    word = _WORD_BEFORE.search(text, begin, mark.start())
    if not word:
        return False
    if len(word.group()) == 1:  # an initial or « L. 211-5-1 »; « 5 m. » or « plan B. » are rare
        return word.group().isupper() or word.group() in {"p", "n", "m"}
    return word.group().lower() in ABBREVIATIONS


def _inside_quotation(sentence: str) -> bool:
    if len(sentence) > _LONGEST_QUOTATION:
        return False
    return sentence.count("«") > sentence.count("»") or sentence.count("(") > sentence.count(")")
