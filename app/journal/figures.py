"""Numbers that lead to a person: of a phone, an account, a card, a meter, a file, a car.

A number with one digit wrong, lost or too many is as personal as the right one: check digits only
name what a number is, and its length decides. Figures of a question (years, sums, thresholds,
dates, articles) are known by their form and by the unit that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from app.journal.seen import PUBLIC, Found

# What may stand between two digits of one number.
_S = r"[ \t.\-_/*()]{0,3}+"
_FRENCH = r"[1-79]"  # numbers in 08 belong to services, never to a person

# ISO 13616: how long the accounts of each country are.
_LENGTHS = dict(
    FR=27, MC=27, BE=16, CH=21, DE=22, LU=20, ES=24, IT=27, PT=25, NL=18, GB=22, IE=22, AT=20,
    PL=28, RO=24, MA=28, TN=24, DZ=26, SE=24, DK=18, NO=15, FI=18, GR=27, CZ=24, SK=24, HU=28,
    HR=21, SI=19, BG=22, LT=20, LV=21, EE=20, MT=31, CY=28, LI=21, AD=24, SM=27, IS=26, TR=26,
)  # fmt: skip

_HEAD = re.compile(rf"(?i)(?<![A-Z0-9])({'|'.join(_LENGTHS)})(\s?)\d{_S}\d")
_SPACED_HEAD = re.compile(r"(?i)(?<![A-Z0-9])(F) (R) \d \d(?= )")
_PIECE = re.compile(r"[ \t.\-_/\n]{0,3}+([A-Za-z0-9]{1,34})")
_RIB = re.compile(rf"(?<!\w)\d{{5}}{_S}\d{{5}}{_S}[0-9A-Za-z]{{11}}{_S}\d\d(?!\w)")

_CARD = re.compile(r"(?<!\d)\d(?:[ .\-]{0,2}+\d){15}(?!\d)")
_AMEX = re.compile(rf"(?<!\d)3{_S}[47](?:{_S}\d){{13}}(?!\d)")
_NIR = re.compile(
    rf"(?<!\d)[1-478](?:{_S}\d){{4}}{_S}(?:\d{_S}\d|2{_S}[abAB])(?:{_S}\d){{6}}"
    rf"(?:(?:{_S}\d){{2}})?(?!\d)"
)
_CORSICAN = re.compile(rf"(?<!\d)[12](?:{_S}\d){{3,4}}{_S}2{_S}[abAB](?:{_S}\d){{5,9}}(?!\d)")

_ZERO = r"(?:(?<!\d)0|(?<!\w)[oO])"
# Five pairs of digits, alone: no part of a longer number.
_PAIRS = re.compile(r"(?<!\d)(?<!\d[ .\-])0[1-79]([ .\-])\d\d(?:\1\d\d){3}(?!\1?\d)")
_PHONES = (
    re.compile(rf"\+{_S}33{_S}(?:0{_S})?{_FRENCH}(?:{_S}\d){{7,9}}(?!\d)"),
    re.compile(rf"(?<!\d)(?:00{_S})?33{_S}(?:0{_S})?{_FRENCH}(?:{_S}\d){{8}}(?!\d)"),
    re.compile(rf"\+{_S}(?!33|0)\d(?:{_S}\d){{6,14}}(?!\d)"),
    re.compile(rf"(?<!\d)00{_S}(?!33|0)\d(?:{_S}\d){{8,13}}(?!\d)"),
    re.compile(rf"(?<!\d)0{_FRENCH}(?:[,;:\n ]{{1,2}}+\d\d){{4}}(?!\d)"),
    re.compile(rf"{_ZERO}{_S}[1-79lI](?:{_S}[\doOlI]){{8}}(?![\doOlI])"),
    re.compile(rf"(?<!\d)0{_S}{_FRENCH}(?:{_S}\d){{7,9}}(?!\d)"),
)
_RUN = re.compile(r"(?<![\w,])\d(?:[ \t.\-_*]{0,3}+\d){8,39}(?!\d)")
_GLUED = re.compile(r"(?<=[a-z:])\d{9,34}(?!\d)")

_PCE = re.compile(r"(?i)(?<!\w)GI[ -]?\d{3}[ -]?\d{3}(?!\d)")
_DPE = re.compile(r"(?i)(?<!\w)\d{4}[ -]?[ENVT][ -]?\d{7}[ -]?[A-Z](?!\w)")
_COORDINATES = re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,9}[,; ]{1,2}-?\d{1,3}\.\d{4,9}(?!\d)")

_DASHED_PLATE = re.compile(
    r"(?i)(?<![\w-])[A-Z]{2}(?:[-.] ?\d{3}[ .-]{0,2}|[ .-]{0,2}\d{3} ?[-.] ?)[A-Z]{2}(?![\w-])"
)
_PLATE = re.compile(
    r"(?<![\w-])(?:([A-Z]{2}) (\d{3}) ([A-Z]{2})|[A-Za-z]{2}\d{3}[A-Za-z]{2})(?!\w)"
)
_OLD_PLATE = re.compile(
    r"(?i)(?<![\w-])\d{2,4}([ -])([A-HJ-NP-TV-Z]{2,3})\1(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])(?![\w-])"
)
_CAR = re.compile(r"(?i)immatricul|plaque|carte grise")
_NOT_PLATES = frozenset(
    "de le la en et ce se ne me te sa ma ta es as eu km kw kg kwh mwh gwh mw cm mm db va ht ttc "
    "nf iso dpe pac m2 m3 gw tw mg ml cl hl kv ma min nov dec jan mai ans eur ppm".split()
)

_YEAR = r"(?:19|20)\d\d"
_MONEY_OR_UNIT = (
    r"(?:€|%|euros?|eur|k€|m€|md€|[kmgt]?wh?c?|kva|m2|m3|litres?|tonnes?|kg|t|km|ha|hectares?|"
    r"habitants?|personnes?|foyers?|menages?|logements?|milliards?|millions?|dollars?|francs?|"
    r"d'euros)"
)
_UNIT_NEXT = re.compile(rf"(?i) ?{_MONEY_OR_UNIT}(?![\w])")
_PUBLIC_FIGURES = (
    re.compile(
        r"(?i)(?<!\w)(?:loi|decret|ordonnance|arrete|directive|reglement|article|norme|circulaire|fiche)s?"
        r" ?(?:n°|no|numero|l\.?|r\.?|d\.?|ue)? ?\d{1,4}[-/]\d{1,5}(?:-\d{1,3})?(?!\d)"
    ),
    re.compile(rf"(?<![\d.])(?<!\d[ -]){_YEAR}(?:[ ,;/-]{{1,3}}+{_YEAR}){{1,20}}(?![\d]|[ -]\d)"),
    re.compile(rf"(?<![\d./-])[0-3]?\d([/.-])[01]?\d\1{_YEAR}(?!\d)"),
    re.compile(rf"(?<![\d-]){_YEAR}-[01]\d-[0-3]\d(?!\d)"),
    re.compile(r"(?<!\d)[0-2]?\d(?: ?h ?|:)[0-5]\d(?!\d)"),
)
_THOUSANDS = re.compile(r"(?:\d{1,3}(?:[ .]\d{3}){1,3}(?:[ -]{1,3}+|$)){1,12}+$")

_NUMBER_WORD = (
    r"(?:zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|"
    r"quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|"
    r"cent|et|plus|double|oh|one|two|three|four|five|seven|eight|nine|ten|eleven|twelve)"
)
_SPOKEN = re.compile(
    rf"(?i)(?<!\w)(?:{_NUMBER_WORD}|0\d?)"
    rf"(?:[ ,.\-]{{1,3}}+(?:{_NUMBER_WORD}|\d{{1,2}})){{4,30}}(?!\w)"
)
_WORDS_OF_NUMBERS = re.compile(r"(?i)[a-z]{2,10}")

_NUMBER_SIGN = r"(?: ?(?:n°|no|num\.?|numero))?"
# What names a number, how many digits are enough after it, and what it is.
_NAMED = (
    (
        re.compile(r"(?i)(?<![a-z])(?:secu(?:rite)?(?: sociale)?|nir|n°? ?ss|carte vitale|ssn"
                   r"|social security)(?![a-z])"),
        5, "[numéro de sécurité sociale]",
    ),
    (
        re.compile(r"(?i)(?<![a-z])(?:pdl|prm|pce|linky|gazpar|compteur|point de (?:livraison|"
                   r"comptage)|meter)(?![a-z])"),
        6, "[numéro de compteur]",
    ),
    (re.compile(r"(?i)(?<![a-z])(?:iban|rib|bban|sort code|account number)(?![a-z])"), 8, "[IBAN]"),
    (
        re.compile(r"(?i)(?<![a-z])(?:tel\.?|telephone|portable|mobile|gsm|phone|joindre|whatsapp|"
                   r"appele[rz]|appelez-moi|rappele[rz]|rappel|rappelez-moi|call|fax|fixe)(?![a-z])"),
        7, "[téléphone]",
    ),
    (re.compile(r"(?i)(?<![a-z])(?:carte bancaire|carte bleue|cb|visa|mastercard)(?![a-z])"), 8,
     "[carte bancaire]"),
    (re.compile(r"(?i)(?<![a-z])(?:cvv|cvc|cryptogramme)(?![a-z])"), 3, "[carte bancaire]"),
    (
        re.compile(
            rf"(?i)(?<![a-z])(?:(?:numero|n°|identifiant|reference|ref\.?)(?: (?:de|du|mon|ma|d'))?"
            rf" ?(?:fiscal|client|dossier|contrat|allocataire|abonne|adherent|membre|"
            rf"commande|facture|"
            rf"devis|avis|demande|caf|permis|etranger|identite)e?|"
            rf"mon (?:numero|n°|identifiant|matricule)(?: [a-z']{{1,12}}){{0,3}}|"
            rf"(?:identifiant|matricule)(?: [a-z']{{1,12}}){{0,2}}|allocataire(?: caf)?|spi|"
            rf"(?:dossier|contrat|client|reference|ref\.?|facture|devis){_NUMBER_SIGN}|passeport|"
            rf"passport|carte d'identite|cni|permis de conduire|titre de sejour)(?![a-z])"
        ),
        5, "[numéro]",
    ),
)  # fmt: skip
_FILLER = re.compile(r"[^\d\n?!;\ue000-\ue002]{0,30}?(?<![A-Za-z0-9])([A-Za-z]{0,5}-?)(?=\d)")
_NAMED_PIECE = re.compile(r"[ \t.\-_/]{0,2}+([A-Za-z]{0,2}\d[A-Za-z0-9]{0,33})")
_PASSWORD = re.compile(
    r"(?i)(?<!\w)(?:mot de passe|mdp|password|passwd|digicode|code d'acces|code wifi)(?: \w{1,12})?"
    r" ?(?:est|c'est|is|[:=])[ \"']{0,2}([^\s\"',;]{4,60})"
)


def accounts(text: str) -> Iterator[Found]:
    """International and French account numbers."""
    for head in [*_HEAD.finditer(text), *_SPACED_HEAD.finditer(text)]:
        end, signs = _account_end(text, head)
        usual = _LENGTHS[re.sub(r"\W", "", text[head.start() : head.end()])[:2].upper()]
        glued = (
            head[2] == ""
            or " " in head[0][:2]
            or "iban" in text[max(0, head.start() - 40) : head.start()].lower()
        )
        if signs >= 12 and (glued or abs(signs - usual) <= 1):
            yield Found(head.start(), end, "[IBAN]")
    for rib in _RIB.finditer(text):
        yield Found(rib.start(), rib.end(), "[IBAN]")


def _account_end(text: str, head: re.Match[str]) -> tuple[int, int]:
    """Where an account number ends that begins so, and how many letters and digits it has."""
    end, signs, first = head.end(), 4, True
    while signs < 34 and (piece := _PIECE.match(text, end)):
        word = piece[1]
        letters = word.isalpha() and (
            (first and len(word) == 4 and word.isupper())
            or (len(word) == 1 and text[piece.end() + 1 : piece.end() + 2].isdigit())
        )
        if not letters and not any(sign.isdigit() for sign in word):
            break
        end, signs, first = piece.end(), signs + len(word), False
    return end, signs


def paired_phones(text: str) -> Iterator[Found]:
    """Phone numbers in pairs of digits, before another rule takes a part of one."""
    for phone in _PAIRS.finditer(without_figures(text)):
        yield Found(phone.start(), phone.end(), "[téléphone]")


def long_numbers(text: str) -> Iterator[Found]:
    """Numbers of cards and of social security."""
    public = without_figures(text)
    for card in _AMEX.finditer(public):
        if is_luhn(card[0]) and not is_nir(card[0]):
            yield Found(card.start(), card.end(), "[carte bancaire]")
    for pattern, mark in (
        (_CORSICAN, "[numéro de sécurité sociale]"),
        (_NIR, "[numéro de sécurité sociale]"),
        (_CARD, "[carte bancaire]"),
    ):
        for number in pattern.finditer(public):
            if not is_quantity(number[0], public[number.end() : number.end() + 14]):
                yield Found(number.start(), number.end(), mark)


def named_numbers(text: str) -> Iterator[Found]:
    """Numbers that the words before them name, passwords too."""
    public = without_figures(text)
    for name, least, mark in _NAMED:
        for cue in name.finditer(public):
            found = _after(public, cue.end(), least, mark)
            if found and not _is_service(public, found):
                yield found
    for password in _PASSWORD.finditer(text):
        if any(not sign.isalpha() and sign not in "-'.?!" for sign in password[1]):
            yield Found(password.start(1), password.end(1), "[mot de passe]")


def _after(text: str, at: int, least: int, mark: str) -> Found | None:
    """The first number after a place, if it has digits enough and is no quantity."""
    if not (filler := _FILLER.match(text, at)):
        return None
    end = start = filler.end(1) - len(filler[1])
    end = filler.end()
    while end - start < 60 and (piece := _NAMED_PIECE.match(text, end)):
        end = piece.end()
    number = text[start:end]
    if sum(sign.isdigit() for sign in number) < least:
        return None
    if is_quantity(number, text[end : end + 14], short=True):
        return None
    phone = mark == "[numéro]" and re.fullmatch(r"0[1-79]\d{8}", re.sub(r"\W", "", number))
    return Found(start, end, "[téléphone]" if phone else mark)


def _is_service(text: str, found: Found) -> bool:
    digits = re.sub(r"\D", "", text[found.start : found.end])
    return digits.startswith("08") or digits.startswith("338")


def phones(text: str) -> Iterator[Found]:
    """Phone numbers, in digits and in words."""
    public = without_figures(text)
    for pattern in _PHONES:
        for number in pattern.finditer(public):
            sure = sum(sign.isdigit() for sign in number[0]) >= 7
            if sure and not re.match(r"0[.,]\d{5}", number[0]):
                yield Found(number.start(), number.end(), "[téléphone]")
    for spoken in _SPOKEN.finditer(public):
        words = [word.lower() for word in _WORDS_OF_NUMBERS.findall(spoken[0])]
        first = spoken[0].lower().startswith(("zero", "plus", "oh", "0"))
        if (first and len(words) >= 2) or len(words) >= 9:
            yield Found(spoken.start(), spoken.end(), "[téléphone]")


def meters_and_files(text: str) -> Iterator[Found]:
    """Meters by their form, certificates of dwellings, coordinates, and any other long number."""
    public = without_figures(text)
    for pattern, mark in (
        (_PCE, "[numéro de compteur]"), (_DPE, "[numéro]"), (_COORDINATES, "[adresse]"),
        (_GLUED, "[numéro]"),
    ):  # fmt: skip
        for number in pattern.finditer(public):
            yield Found(number.start(), number.end(), mark)
    for run in _RUN.finditer(public):
        digits = re.sub(r"\D", "", run[0])
        if digits[:2] != "08" and not is_quantity(run[0], public[run.end() : run.end() + 14]):
            meter = len(digits) == 14
            yield Found(run.start(), run.end(), "[numéro de compteur]" if meter else "[numéro]")


def plates(text: str) -> Iterator[Found]:
    """Licence plates of today's form and of the one before."""
    for plate in _DASHED_PLATE.finditer(text):
        yield Found(plate.start(), plate.end(), "[plaque]")
    for plate in [*_PLATE.finditer(text), *_OLD_PLATE.finditer(text)]:
        words = [word.lower() for word in re.findall(r"[A-Za-z]{2,3}", plate[0])]
        before = text[max(0, plate.start() - 40) : plate.start()]
        if _CAR.search(before) or not _NOT_PLATES.intersection(words):
            yield Found(plate.start(), plate.end(), "[plaque]")


def without_figures(text: str) -> str:
    """The text with its dates, hours and lists of years out of sight, at the same places."""
    for pattern in _PUBLIC_FIGURES:
        text = pattern.sub(lambda figure: PUBLIC * len(figure[0]), text)
    return text


def is_quantity(number: str, after: str, short: bool = False) -> bool:
    """Whether a number is a sum, a measure or a list of figures, by its form and what follows."""
    groups = [int(group) for group in re.findall(r"\d+", number)]
    ascending = len(groups) >= 4 and all(a < b for a, b in pairwise(groups))
    sequence = ascending and max(groups) < 1000 and not re.search(r"(?<!\d)0\d", number)
    digits = re.sub(r"\D", "", number)
    sized = bool(_THOUSANDS.match(number)) and number[0] != "0" and max_figure(number) <= 12
    thousands = sized and not (short and len(digits) > 6)
    round_number = digits.endswith("00000") and number.isdigit()
    unit = len(digits) <= 12 and bool(_UNIT_NEXT.match(after))
    return sequence or thousands or round_number or unit


def max_figure(number: str) -> int:
    """How many digits the longest figure has, of those that groups of three make up."""
    lengths = [0]
    for group in re.findall(r"\d+", number):
        lengths.append(lengths.pop() + 3 if len(group) == 3 and lengths[-1] else len(group))
    return max(lengths)


def is_luhn(number: str) -> bool:
    """Whether the last digit of a card's number is the one that the others ask for."""
    digits = [int(sign) for sign in reversed(number) if sign.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def is_nir(number: str) -> bool:
    """Whether the key of a social security number is the one that the others ask for."""
    signs = re.sub(r"[^0-9AB]", "", number.upper()).replace("2A", "19").replace("2B", "18")
    return len(signs) == 15 and signs.isdigit() and 97 - int(signs[:13]) % 97 == int(signs[13:])
