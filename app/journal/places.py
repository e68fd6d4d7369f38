"""Postal addresses: what is on a letter, or what follows « j'habite »."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.journal.names import is_capital, street_end, town_end, words_at
from app.journal.seen import CONTACT, FIRST_PERSON, Found
from app.journal.vocabulary import folded, is_function

_STREET = (
    r"(?:rue|r(?=\.)|avenue|av|ave|boulevard|boulevar|bd|bld|bvd|blvd|chemin|chem|chm|che|ch|chaussee|corniche|descente|sente|impasse|imp|"
    r"allees?|quai|square|sq|ruelle|faubourg|fbg|fg|esplanade|promenade|lotissement|lot|hameau|"
    r"montee|sentier|traverse|route|rte|venelle|rond-point|rond point|parvis|clos|lieu-dit|"
    r"lieu dit|lieudit|residence|resid|res|calade|mas)"
)
_WIDE = (
    r"(?:place|pl|cours|passage|pass|cite|voie|mail|cote|villa|"
    r"quartier|domaine|cour|pont|port|ferme|moulin)"
)
_NEED_A_CAPITAL = (
    "quartier",
    "domaine",
    "villa",
    "cour",
    "pont",
    "port",
    "ferme",
    "moulin",
    "cote",
)
_KIND_FIRST = r"(?:(?:grande?|haute|basse|vieille|vieux|petite?|ancienne?)[ -])"
_NUMBER = (
    r"(?<![\w,.-])(?:n° ?)?\d{1,4}(?:(?: ?[-/] ?| et | ?, ?)\d{1,4})?"
    r"(?: ?(?:bis|ter|quater|[a-d](?![a-z])))?"
)
_NUMBERED = re.compile(
    rf"(?i){_NUMBER} ?[,.]? {{0,2}}(?:(?:de la|du|de l') )?{_KIND_FIRST}?"
    rf"(?:({_STREET})|({_WIDE}))\b\.? {{0,2}}"
)
_BARE_STREET = re.compile(
    r"(?i)(?<![\w-])(?:rue|avenue|boulevard|chemin|impasse|allee|quai|route|hameau|lotissement|residence|"
    r"lieu-dit|montee|faubourg|mas|quartier|ruelle|rte|bd|av\.|ch\.) {1,2}"
)
_BOX = re.compile(
    r"(?<!\w)(?:BP|B\.P\.|CS|boîte postale|boite postale) ?(?:n° ?)?\d{1,6}(?=[ ,]{1,3}\d{5}(?!\d))"
)
_OLD_STREET = re.compile(
    rf"(?i){_NUMBER} ?[,.]? {{0,2}}(?:{_KIND_FIRST}(?:rue|place|route)|grand'? ?rue)(?!\w)"
)
_LIVING = (
    r"(?:j ?'?habit(?:e|ons|ais)|nous habitons|on habite|habitant(?:e|s)?|je vis|je loge|je reside|"
    r"je demeure|demeurant|domiciliee?s?|residant|situee?s?|sise?|logee?s?|(?:mon |notre |l')?"
    r"adresse(?: postale)?(?: ?[\"']? ?[:=]| est| c'est|,)|chez (?:moi|nous|mes parents)|"
    r"(?:ma|notre) (?:maison|residence)|mon (?:logement|appartement|studio|immeuble)|i live|"
    r"my address is|living|(?:maison|logement|appartement|studio|terrain|immeuble|bien|chantier|"
    r"batiment|copropriete|copro)"
    r"(?: situee?)?|j'ai achete|je suis|on est|nous sommes)"
)
_AT_HOME = re.compile(
    rf"(?i)(?<!\w){_LIVING}(?: est| se trouve| is)?(?: situee?)?[ ,:\"']{{0,4}}"
    rf"(?:(?:au|a|a la|a l'|dans|dans la|dans le|sur|le|la|l'|en|chez|at|on|in) ?){{0,2}}"
    rf"(?:({_STREET})|({_WIDE}))\b\.? {{0,2}}"
)
_NAMED_PLACE = re.compile(
    rf"(?i)(?<!\w){_LIVING}(?: est)?[ ,:\"']{{1,4}}"
    rf"(?:au |a |le |la |les |l'|dans )?(?=[^\W\d_])"
)
_ALONE = re.compile(r"(?i)(?<!\w)(?:lieu-dit|lieu dit|lieudit)[ :\"']{1,3}")
_HOUSING = re.compile(r"(?i)(?<!\w)(?:residence|hlm|immeuble|batiment|tour)[ :]{1,2}")
_KEY = re.compile(
    r"(?i)[\"']?(?<!\w)(?:adresse|address|street|rue|domicile)[\"']? ?[:=>;] ?"
    r"([\"']?)(?=[^\n\"'<>{}]{0,80}\d)"
)
_VALUE = re.compile(r"[^\n\"'<>{};\ue000-\ue002?!]{3,100}")

_MORE = re.compile(
    r"(?i)[ ,;.\n-]{0,3}"
    r"(?:(?:bat(?:iment)?|bt|appt?|appartement|apt|esc(?:alier)?|porte|etage|hall|"
    r"chambre|studio|residence|bp|cs|lot|entree|flat|apartment)\b[ .:]{0,2}(?:n° ?)?"
    r"(?:[a-z]?\d{1,4}[a-z]?|[a-z])"
    r"(?!\w)|\d{1,2}(?:er|e|eme|nd|st|th|rd) (?:etage|floor))"
)
_BEFORE = re.compile(
    r"(?i)(?:(?:bat(?:iment)?|appt?|appartement|apt|esc(?:alier)?|porte|flat|lot|"
    r"chambre|studio)\b[ .:]{0,2}"
    r"(?:n° ?)?(?:[a-z]?\d{1,4}[a-z]?|[a-z])[ ,]{1,3}|\d{1,2}(?:er|e|eme) etage[ ,]{1,3}){1,3}$"
)
_CODE = re.compile(
    r"(?i)[ ,;.\n(-]{0,4}(?:f-)?(?:(?:0[1-9]|[1-8]\d|9[0-8]) ?\d{3})(?!\d)\)?[ ,\n-]{0,3}"
)
# « 4 Le Bourg », « Les Hauts de Vogüé, villa 12 »: a number or an article, then capitals.
_NAME = (
    r"[A-Z][^\W\d_]{1,25}+"
    r"(?:[ '-](?:(?:de|du|des|la|le|les|l|d)[ '])?(?:l')?[A-Z][^\W\d_]{1,25}+){0,4}+"
)
_PARTS = re.compile(
    rf"(?<![\w'-])(?:\d{{1,4}}(?: ?(?:bis|ter))?,? {{0,2}}(?:les? |la |l')?{_NAME}|"
    rf"(?:L[ea]s? |L')[A-Z][^\W\d_]{{1,25}}+(?: {_NAME}| (?:de|du|des) (?:la )?{_NAME})?)"
    r"((?:, ?[a-z]{3,10}\.? [A-Z]?\d{0,3}){0,2})$"
)
_ENGLISH = re.compile(
    r"(?<![\w,.])\d{1,4}[a-zA-Z]?,? (?:[A-Z][a-z'-]{1,20} ){1,3}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|"
    r"Ln|Drive|Dr|Close|Court|Ct|Way|Terrace|Gardens|Square|Crescent|Place|Hill)\b"
)
_ENGLISH_CODE = re.compile(
    r"[, \n]{1,3}(?:[A-Z][a-z-]{1,20},? ){0,2}[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}(?!\w)"
)
_PARCEL = re.compile(
    r"(?i)(?<!\w)(?:parcelle|cadastree?|section)(?: cadastrale| cadastree?)?"
    r"(?: section| n°|,| numero)?"
    r" ((?-i:[A-Z]{1,2}) ?(?:n° ?|numero )?\d{1,4})(?!\w)"
)


def addresses(text: str) -> Iterator[Found]:
    """Postal addresses, with the code and the town that belong to them."""
    for head in _NUMBERED.finditer(text):
        if (end := _street(text, head)) > head.end():
            yield _whole(text, head.start(), end)
    for head in _AT_HOME.finditer(text):
        if (end := _street(text, head, at_home=True)) > head.end():
            yield _whole(text, head.start(1 if head[1] else 2), end)
    for home in _NAMED_PLACE.finditer(text):
        if (ends := _place_and_code(text, home.end())) is not None:
            yield Found(home.end(), ends, "[adresse]")
    speaks_of_itself = CONTACT in text or bool(FIRST_PERSON.search(text))
    for street in _BARE_STREET.finditer(text):
        end = street_end(text, street.end(), capital_only=True)
        if end > street.end() and (speaks_of_itself or _CODE.match(text, end)):
            yield _whole(text, street.start(), end)
    for box in _BOX.finditer(text):
        yield Found(box.start(), _with_code(text, box.end()), "[adresse]")
    for old in _OLD_STREET.finditer(text):
        yield _whole(text, old.start(), old.end())
    yield from _before_code(text)
    yield from _by_their_form(text)


def _street(text: str, head: re.Match[str], at_home: bool = False) -> int:
    """Where the street ends; where its kind does when it has no name.

    « 3 cours d'eau » is no street: kinds that are also common words need a capital or a code.
    """
    wide = bool(head[2])
    end = street_end(text, head.end(), capital_only=wide and folded(head[2]) not in ("place", "pl"))
    if wide and end == head.end() and not (at_home and folded(head[2]) in _NEED_A_CAPITAL):
        end = street_end(text, head.end())
        if not (_CODE.match(text, end) or at_home):
            return head.end()
    first = words_at(text, head.end(), 1)
    is_plural = bool(head[1]) and folded(head[1]) in ("rues", "allees") and not first
    return head.end() if is_plural else end


def _whole(text: str, start: int, end: int) -> Found:
    """The address with what stands before the street, and what comes after it."""
    before = _BEFORE.search(text, max(0, start - 60), start)
    start = before.start() if before else start
    for _ in range(3):
        if more := _MORE.match(text, end):
            end = more.end()
    return Found(start, _with_code(text, end), "[adresse]")


def _with_code(text: str, end: int) -> int:
    if not (code := _CODE.match(text, end)):
        return end
    town = town_end(text, code.end())
    return town if town > code.end() else code.start() + len(code[0].rstrip(" ,\n-"))


def _place_and_code(text: str, at: int) -> int | None:
    """Where « Le Village, 07140 Les Vans » ends: a place of its own before the code of the town."""
    words = words_at(text, at, 5)
    if not words or not is_capital(words[0].text) or is_function(words[-1].text):
        return None
    end = words[-1].end
    code = _CODE.match(text, end)
    if code and ("," in code[0] or "\n" in code[0]) and town_end(text, code.end()) > code.end():
        return _with_code(text, end)
    return None


def _before_code(text: str) -> Iterator[Found]:
    """What stands before the code and the town: « Les Hauts, villa 12, 07200 Vogüé »."""
    for code in _CODE.finditer(text):
        start = code.start()
        if town_end(text, code.end()) > code.end():
            before = _PARTS.search(text, max(0, start - 100), start)
            if before and (before[1] or code[0][0] in ",\n" or before[0][0].isdigit()):
                yield Found(before.start(), _with_code(text, start), "[adresse]")


def _by_their_form(text: str) -> Iterator[Found]:
    for place in _ALONE.finditer(text):
        if (end := street_end(text, place.end())) > place.end():
            yield _whole(text, place.start(), end)
    for housing in _HOUSING.finditer(text):
        end = street_end(text, housing.end(), capital_only=True)
        if end > housing.end() and (_MORE.match(text, end) or _CODE.match(text, end)):
            yield _whole(text, housing.start(), end)
    for key in _KEY.finditer(text):
        if value := _VALUE.match(text, key.end()):
            yield Found(value.start(), value.end(), "[adresse]")
    for street in _ENGLISH.finditer(text):
        code = _ENGLISH_CODE.match(text, street.end())
        yield Found(street.start(), code.end() if code else street.end(), "[adresse]")
    for parcel in _PARCEL.finditer(text):
        yield Found(parcel.start(1), parcel.end(1), "[adresse]")
