"""Addresses of mail, profiles and machines, however they are spelled out."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from app.journal.seen import Found
from app.journal.vocabulary import is_common

_WORD = r"[\w+'-]{1,40}+"
_ENDING = r"(?:fr|com|net|org|eu|io|info|me|be|ch|de|uk|gouv|example)"
_DOT = (
    rf"(?:\.| \. ?(?={_ENDING}\b)| ?[\[(] ?(?:point|dot|\.) ?[\])] ?| (?:point|dot|pt) |"
    r" ?, ?(?=(?:fr|com|net)\b))"
)
_JOINT = (
    r"(?:\.| \. | ?[\[(] ?(?:point|dot|tiret|underscore) ?[\])] ?|"
    r" (?:point|dot|pt|tiret(?: du (?:bas|6|8))?|underscore|dash) )"
)
_AT = (
    r"(?:\s{0,2}(?:@|&#64;|[\[({] ?(?:at|chez|ar{1,2}oba[sz]e?|@|a) ?[\])}])\s{0,2}|"
    r" ar{1,2}oba[sz]e? )"
)
_PROVIDER = (
    r"(?:g-?mail|hotmail|outlook|yahoo|orange|wanadoo|free|sfr|laposte|live|icloud|proton|"
    r"protonmail|bbox|neuf|gmx|msn|aol|numericable|tutanota)"
)
_MAILS = (
    re.compile(
        rf"(?i)(?<![\w.+-]){_WORD}(?:{_JOINT}{_WORD}){{0,6}}{_AT}{_WORD}(?:{_DOT}{_WORD}){{0,4}}"
    ),
    re.compile(
        rf"(?i)(?<![\w.+-]){_WORD}(?:{_JOINT}{_WORD}){{0,6}} (?:at|chez|a) {_PROVIDER}"
        rf"(?:{_DOT}{_ENDING}\b){{1,2}}"
    ),
    re.compile(
        rf"(?i)(?<![\w.+-])(?=[a-z-]{{0,30}}+[._\d])[\w.+-]{{3,60}} chez {_WORD}"
        rf"(?:{_DOT}{_ENDING}\b){{1,2}}"
    ),
    re.compile(
        rf"(?i)(?<![\w.+-]){_WORD}(?:{_JOINT}{_WORD}){{0,6}} (?:at|chez) {_WORD}"
        rf"(?: (?:dot|point) {_WORD}){{1,3}}"
    ),
    re.compile(
        rf"(?i)(?<![\w.+/-])(?!www|web|mail)(?=[a-z-]{{0,30}}+[._\d])"
        rf"[\w.+-]{{3,60}} ?{_PROVIDER}\.{_ENDING}\b"
    ),
)
_SPELLED = re.compile(r"(?i) @|@ |arob|arrob|[\[(]")
_WORD_BEFORE = re.compile(r"(?<![\w.])([^\W\d_]{2,20}) $")
# « suivez-moi @nom », « le signe @ dans une adresse »
_NO_MAIL = re.compile(r" @[^\s.]{1,40}$|^[^\s.\d]{1,40} @ [^\s.]{1,40}$")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{2,30}")

_LINK = re.compile(r"(?i)(?<!\w)(?:[a-z]{3,6}://|www\.)[^\s<>\"']{1,400}+")
_SOCIAL = re.compile(
    r"(?i)(?<![\w.])(?:[a-z]{1,4}\.)?(?:facebook|linkedin|instagram|twitter|tiktok|snapchat|pinterest|"
    r"github|gitlab|threads|bsky|x|fb|t|wa)\.(?:com|net|app|me|fr)/[^\s<>\"']{2,200}+"
)
_PERSONAL = re.compile(
    r"(?i)//[^/\s]{1,80}@|/~|/(?:in|u|users?|profile?s?|membres?|members?|people|compte|account|"
    r"perso|mon-[a-z]{3,12})/|/@|[?&;#](?:e-?mail|mail|nom|prenom|name|user(?:name)?|login|tel|phone|"
    r"token|session(?:_?id)?|sid|key|pass(?:word|wd)?|adresse|address)="
)
_SOCIAL_HOST = re.compile(
    r"(?i)^(?:https?://|www\.){0,2}(?:[a-z]{1,4}\.)?(?:facebook|linkedin|instagram|twitter|tiktok|"
    r"snapchat|pinterest|github|gitlab|threads|bsky|x|fb|t|wa)\.(?:com|net|app|me|fr)/."
)

_FOUR = re.compile(r"(?<![\w.])\d{1,3}(?: ?\. ?\d{1,3}){3}(?::\d{1,5})?(?![\w.]\d|\w)")
_NUMBERED = re.compile(
    r"(?i)(?:version|v|article|art\.?|chapitre|section|paragraphe|§|point)\W{0,3}$"
)
_SIX = re.compile(r"(?i)(?<![\w:])[0-9a-f:]{4,39}+(?:%\w{1,10})?(?!\w)")
_HARDWARE = re.compile(r"(?i)(?<![\w:-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])")


def links(text: str) -> Iterator[Found]:
    """Addresses of pages that name a person: a profile, an account, a name among the parameters."""
    for link in [*_LINK.finditer(text), *_SOCIAL.finditer(text)]:
        if _PERSONAL.search(link[0]) or _SOCIAL_HOST.search(link[0]):
            yield Found(link.start(), link.end(), "[lien]")


def mails(text: str) -> Iterator[Found]:
    """Addresses of mail, and names on social networks."""
    for pattern in _MAILS:
        for mail in pattern.finditer(text):
            start = mail.start()
            if _NO_MAIL.search(mail[0]):
                continue
            if _SPELLED.search(mail[0]):
                start = _words_before(text, start)
            yield Found(start, mail.end(), "[e-mail]")
    for handle in _HANDLE.finditer(text):
        yield Found(handle.start(), handle.end(), "[compte]")


def _words_before(text: str, start: int) -> int:
    """Where an address begins that is spelled with spaces: two words before at most."""
    for _ in range(2):
        before = _WORD_BEFORE.search(text, max(0, start - 22), start)
        if not before or is_common(before[1]):
            break
        start = before.start()
    return start


def machines(text: str) -> Iterator[Found]:
    """Internet addresses, and those of network cards."""
    for found in _FOUR.finditer(text):
        parts = [int(part) for part in re.findall(r"\d+", found[0].partition(":")[0])]
        before = text[max(0, found.start() - 14) : found.start()]
        if max(parts) <= 255 and not _NUMBERED.search(before):
            yield Found(found.start(), found.end(), "[adresse IP]")
    for found in _SIX.finditer(text):
        if _is_six(found[0].partition("%")[0]):
            yield Found(found.start(), found.end(), "[adresse IP]")
    for found in _HARDWARE.finditer(text):
        yield Found(found.start(), found.end(), "[adresse IP]")


def _is_six(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text.rstrip(":") if not text.endswith("::") else text)
    except ValueError:
        return False
    return any(sign.isdigit() for sign in text)
