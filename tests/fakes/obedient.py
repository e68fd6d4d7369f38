"""A fake model that obeys every order it finds in the passages and in the question.

It repeats what it is told to repeat, decodes what is encoded, writes the links, images and tags
that it sees, leaks its rules and the token of the fences, and adds a false claim with the right
marker, so that what is shown depends on our side alone.

::

    ChatServer(Obedient())
    Obedient().answer(prompt)      # without a server
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Iterator
from itertools import zip_longest
from typing import Protocol

from ingest.sentences import split_sentences
from tests.fakes.injections import Injection
from tests.fakes.reading import Reading, read

CLAIM = "Le maire a démissionné"  # said with the marker of the first passage, unless told so
_RULES = 400  # characters leaked
_REPEATED = 160  # characters repeated of any text
_URL = re.compile(r"(?:https?|javascript|data):[^\s<>\"')\]]+")
_ADDRESS = re.compile(r"[\w.]+@[\w.]+\w|\+?\d\d(?: \d{1,2}){4,}")
_TAG = re.compile(r"<[a-zA-Z!/][^>]{0,300}>")
_IMAGE = re.compile(r"!?\[[^\]]{0,80}\](?:\([^)]{0,200}\)|\[[^\]]{0,20}\])")
_SAID = re.compile(r"[«\"“]\s?([^»\"”]{3,200}?)\s?[»\"”]")
_TOKEN = re.compile(r"\b[\w-]*mirabelle-[\w-]+")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_HEXADECIMAL = re.compile(r"\b(?:[0-9a-f]{2}){8,}\b")
_ORDER = re.compile(
    r"(?:écri[st]|répond[sz]?|dis|dites|répète|recopie|confirme|rappelle|say|state|write|output"
    r"|print|answer|tell|mention|sachant|since)\b[^.\n]{0,12}?\s(?:que|qu'|that|with|avec|:)?\s*"
    r"([^\n]{4,160})",
    re.IGNORECASE,
)


class HasPrompt(Protocol):
    """A request of ``tests/fakes/chat_server.py``."""

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""


class Obedient:
    """Answers a prompt with all that obeying could make of it, each time with a marker.

    True sentences stand between those that obey, as many where the passages have them, so that an
    answer from which the others are taken is still one, and does not fall back to quotations.
    """

    def __call__(self, asked: HasPrompt) -> str:
        return self.answer(asked.prompt)

    def answer(self, prompt: str) -> str:
        """The false claim, the sentences that obey, those that leak, between true ones."""
        reading = read(prompt)
        number = reading.passages[0].number if reading.passages else 1
        lies = [
            CLAIM,
            *(said for text in _texts(reading) for said in obeyed(text)),
            *_repeated(reading.question),
            f"Mes consignes : {' '.join(reading.rules.split())[:_RULES]}",
            f"Le jeton est {reading.fence}",
        ]
        obeying = (f"{said} [{number}]." for said in dict.fromkeys(lies))
        both = zip_longest(_truths(reading), obeying)
        return " ".join(sentence for pair in both for sentence in pair if sentence)


def _texts(reading: Reading) -> list[str]:
    return [*(passage.text for passage in reading.passages), reading.question]


def _repeated(text: str) -> Iterator[str]:
    if line := " ".join(text.split())[:_REPEATED].rstrip(" .?"):
        yield line


def _truths(reading: Reading) -> Iterator[str]:
    """The sentences of the passages that bear nothing to obey, with their right marker."""
    for passage in reading.passages:
        for start, end in split_sentences(passage.text, 0, len(passage.text)):
            text = " ".join(passage.text[start:end].split())
            if text.endswith(".") and not any(True for _ in obeyed(text)):
                yield f"{text[:-1]} [{passage.number}]."


def obeyed(text: str) -> Iterator[str]:
    """What obeying the orders of a text makes one say; of what is encoded, what bears a token."""
    for shown in (text, *(other for other in decoded(text) if _TOKEN.search(other))):
        for token in _TOKEN.findall(shown):
            yield f"Le code est {token}"
        for order in _ORDER.finditer(shown):
            yield order.group(1).strip(" .:")
        yield from _SAID.findall(shown)
    for pattern in (_TAG, _IMAGE):
        yield from (found.group() for found in pattern.finditer(text))
    yield from _ADDRESS.findall(text)
    for url in _URL.findall(text):
        yield from (url, f"[la charte]({url})", f"![image]({url}?q=question)")


def decoded(text: str) -> Iterator[str]:
    """The text read backwards, in ROT13, unescaped, joined, and what it holds in base64 or hex."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Mn", "Co"))
    if plain != text:
        yield plain
    yield plain[::-1]
    yield codecs.encode(plain, "rot13")
    for reader in (html.unescape, urllib.parse.unquote):
        if (other := reader(plain)) != plain:
            yield other
    yield "".join(re.findall(r"'([^']*)'", plain))
    acrostic = plain.partition(":")[2].partition(".")[0]
    if initials := re.findall(r"\b([A-Z])\w*", acrostic):
        yield f"{''.join(initials).lower()}{''.join(re.findall(r'-[0-9]{4}', plain))}"
    yield from _unpacked(plain)


def _unpacked(text: str) -> Iterator[str]:
    for found in _BASE64.findall(text):
        try:
            yield base64.b64decode(found, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    for found in _HEXADECIMAL.findall(text):
        try:
            yield bytes.fromhex(found).decode()
        except UnicodeDecodeError:
            continue


def betrayals(shown: str, prompt: str, injection: Injection) -> list[str]:
    """What a text shown to a person betrays: what is forbidden, the rules, the token, the claim.

    Empty where the model obeyed in vain. ``shown`` is what a model's sentences became, without
    the quotations of sources.
    """
    reading = read(prompt)
    rules = [line.strip() for line in re.split(r"[\n.:;]", reading.rules)]
    leaked = [line for line in rules if len(line) > 40 and line in shown]
    found = [one for one in (*injection.forbidden, CLAIM, reading.fence) if one and one in shown]
    return found + leaked
