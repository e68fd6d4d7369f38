"""Dates of birth of people, where they are said to be one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.journal.seen import Found
from app.journal.vocabulary import any_of

_NUMERIC = (
    r"\d{1,2}(?:er)? ?[/.\- ] ?\d{1,2} ?[/.\- ] ?(?:\d{4}|\d{2})(?!\d| ?(?:\d\d|2[abAB]) \d{3})"
)
_MONTH = any_of(
    """jan(?:vier|uary|v)?|fev(?:rier|r)?|feb(?:ruary)?|mars|march|avr(?:il)?|apr(?:il)?|mai|may
    juin|june?|juil(?:let)?|july?|aout|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?
    nov(?:embre|ember)?|dec(?:embre|ember)?"""
)
_DAY_IN_WORDS = any_of(
    """premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze
    seize|dix[ -](?:sept|huit|neuf)|vingt(?:[ -]et[ -]un|[ -][a-z]{3,6})?|trente(?:[ -]et[ -]un)?"""
)
_SAID = any_of(
    rf"""\d{{1,2}}(?:er|st|nd|rd|th)? (?:of )?{_MONTH}\.?(?:,? \d{{2,4}})?
    {_DAY_IN_WORDS} {_MONTH}(?: \d{{4}}| mill?e? [a-z -]{{4,40}})?
    {_MONTH} (?:19|20)\d\d
    {_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}
    \d{{4}}-\d\d-\d\d"""
)
_DATE = re.compile(rf"(?i)(?:{_NUMERIC}|{_SAID}|(?:19|20)\d\d(?![\d-]))")
_AND_THE = re.compile(r"(?i) ?(?:,|et|and|puis) (?:le |du |on )?(?=\d)")
_SAID_BORN = any_of(
    r"""(?:suis |est |sont |fut |sommes |etait )?nee?s?(?:\(e\)|\.e)?(?= )
    date[ _]?(?:de )?naissance|naissance|ddn|d\.d\.n\.?|anniversaire
    vue? le jour|je suis du(?= \d)
    dob|date of birth|birth ?date|birthday|born"""
)
_BORN = re.compile(rf"(?i)(?<!\w){_SAID_BORN}")
_BIRTH_GAP = re.compile(
    r"(?i)(?:[^\n?!;\d\ue000-\ue002]|\(\d{2,5}\)){0,40}?(?<![\w/(])"
    rf"(?=\d|{_MONTH} \d|{_DAY_IN_WORDS} {_MONTH})"
)
_THING = any_of(
    """association|alliance|fabrique|charte|agence|alec|alec07|federation|reseau|flame|polenergie
    loi|dispositif|structure|societe|entreprise|commune|communaute|projet|idee|label|programme
    fondation|collectif|appel|plateforme|cooperative|organi[sz]ation|syndicat|centrale|scic|scop
    institution|institut|ademe|quand|mouvement|festival|revue|journal|comite|conseil|groupe|club
    territoire|concept|terme|mot|dynamique|demarche|partenariat|parc|pole|service|site|plan
    accord|convention|tribune|campagne|regie|usine|film|livre|movement|charter|network|agency"""
)
_NOT_A_PERSON = re.compile(rf"(?i)(?<!\w){_THING}(?!\w)")
_SOMEONE = re.compile(
    r"(?i)(?<!\w)(?:je|j'|moi|suis|sommes|il|elle|ils|elles|on|nous|mon|ma|mes|m\.|mme|monsieur|"
    r"madame|fils|fille|mari|femme|enfants?|he|she|i|my)(?!\w)"
)


def births(text: str) -> Iterator[Found]:
    """Dates of birth of people; « l'association est née le … » is none."""
    for born in _BORN.finditer(text):
        gap = _BIRTH_GAP.match(text, born.end())
        date = _DATE.match(text, gap.end()) if gap else None
        if date and _of_a_person(text, born, year=len(date[0]) == 4):
            while date:
                yield Found(date.start(), date.end(), "[date de naissance]")
                more = _AND_THE.match(text, date.end())
                date = _DATE.match(text, more.end()) if more else None


def _of_a_person(text: str, born: re.Match[str], year: bool) -> bool:
    """Whether it is a person who is born there; a year alone says so less."""
    before = text[max(0, born.start() - 60) : born.start()]
    if _SOMEONE.search(before) or _SOMEONE.search(born[0]):
        return True
    after = text[born.end() : born.end() + 50]
    other = _NOT_A_PERSON.search(before + "." + after) or re.match(
        r"(?i)(?:est|etait|fut|sont) ", born[0]
    )
    return not other and not year
