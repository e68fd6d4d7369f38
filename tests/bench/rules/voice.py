"""Active and passive voice, where the agreement is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.rules.place import PRONOUNS, Place, capitalised, first_word, lowered

# Of verbs that are not conjugated by rule: present, imperfect and simple past, one and many.
_IRREGULAR = {
    "écrit": "écrit écrivent écrivait écrivaient écrivit écrivirent",
    "décrit": "décrit décrivent décrivait décrivaient décrivit décrivirent",
    "construit": "construit construisent construisait construisaient construisit construisirent",
    "produit": "produit produisent produisait produisaient produisit produisirent",
    "détruit": "détruit détruisent détruisait détruisaient détruisit détruisirent",
    "conçu": "conçoit conçoivent concevait concevaient conçut conçurent",
    "élu": "élit élisent élisait élisaient élut élurent",
    "battu": "bat battent battait battaient battit battirent",
    "découvert": "découvre découvrent découvrait découvraient découvrit découvrirent",
    "repris": "reprend reprennent reprenait reprenaient reprit reprirent",
    "soutenu": "soutient soutiennent soutenait soutenaient soutint soutinrent",
    "surpris": "surprend surprennent surprenait surprenaient surprit surprirent",
    "recueilli": "recueille recueillent recueillait recueillaient recueillit recueillirent",
    "suivi": "suit suivent suivait suivaient suivit suivirent",
}
_ENDINGS = ("e", "ent", "ait", "aient", "a", "èrent")
_PERFECT = 6
_BE = {"est": 0, "sont": 0, "était": 2, "étaient": 2, "fut": 4, "furent": 4, "a été": _PERFECT,
       "ont été": _PERFECT}  # fmt: skip
# Whose stem changes before a silent ending: « célébré » makes « célèbre », « jeté » « jette ».
_CHANGING = re.compile(r"(?:[eé][^aeiouéèê]|é[^aeiouéèê]{2}|y)$")
_PARTICIPLE = rf"(?:{'|'.join(_IRREGULAR)}|[a-zéèêçô]{{3,}}é)"
_FRONT = r"(?P<front>(?:En|Le|Au|Cependant|Depuis|Enfin|Ensuite|Dès)\b[^,]{0,28}, )?"
_TAIL = (
    r"(?P<tail>,? (?:en|le \d|après|au|dans|lors|sous|à (?!la\b)|pendant|depuis) ?[^;:()]{2,80}?)?"
)
_PASSIVE = re.compile(
    rf"^{_FRONT}(?P<subject>[^,;:.()]{{2,90}}?) (?P<be>{'|'.join(_BE)}) "
    rf"(?P<adverb>(?:\w+ment|ensuite|aussi|alors) )?(?P<verb>{_PARTICIPLE})(?P<agreed>e?s?) par "
    r"(?P<agent>(?:l['’]|les |la |le |un |une |des |certains |plusieurs |[A-ZÉ])[^,;:.()]{2,60}?)"
    rf"{_TAIL}\.$"
)
_ACTIVE = re.compile(
    rf"^{_FRONT}(?P<agent>[^,;:.()]{{2,80}}?) a (?P<verb>{_PARTICIPLE}) "
    r"(?P<object>(?:le|la|un|une) [^,;:.()]{3,60}?)(?P<tail> en \d{4})?\.$"
)
_CLAUSE = re.compile(
    r"\b(?:qui|que|dont|où|car|pour|afin|lorsque|selon|suite|depuis|dans|lors|comme|puis|à|au|sur"
    r"|sous|contre|est|sont|dit|avec|en|ses|son|sa|leurs?|plus|biais|intermédiaire|fait|rapport"
    r"|ne|mais|journées|celui|celle|et)\b|qu['’]|\d|\bn['’]"
)
_RELATIVE = re.compile(
    r"\b(?:qui|que|dont|où|car|lorsque|comme|puis|est|sont|ne|mais|par)\b|qu['’]|n['’]"
)
_CLITIC = re.compile(r"(?:^|\s)(?:lui|leur|nous|vous|se|en|y|ne|où|qui|dont|que)$|['’]$")


def voice(place: Place) -> Iterator[str]:
    """A passive sentence as an active one, or the reverse."""
    found = _PASSIVE.match(place.text)
    if found and not _CLAUSE.search(found["agent"]) and not _RELATIVE.search(found["subject"]):
        yield from _active(found)
    found = _ACTIVE.match(place.text)
    if found and not _CLAUSE.search(found["object"]) and not _RELATIVE.search(found["agent"]):
        yield from _passive(found)


def _forms(verb: str) -> list[str] | None:
    """The six forms of a verb by its participle, None where they are not sure."""
    if verb in _IRREGULAR:
        return _IRREGULAR[verb].split()
    stem = verb[:-1]
    if _CHANGING.search(stem) or not verb.endswith("é"):
        return None
    return [_soft(stem, ending) + ending for ending in _ENDINGS]


def _soft(stem: str, ending: str) -> str:
    """« plaça », « mangea »: the stem as it is written before an a."""
    if ending.startswith("a") and stem.endswith("c"):
        return f"{stem[:-1]}ç"
    return f"{stem}e" if ending.startswith("a") and stem.endswith("g") else stem


def _active(found: re.Match[str]) -> Iterator[str]:
    subject, agent, forms = found["subject"], found["agent"], _forms(found["verb"])
    many, tense = _is_plural(agent), _BE[found["be"]]
    adverb = f" {found['adverb'].strip()}" if found["adverb"] else ""
    tail, front = found["tail"] or "", found["front"] or ""
    if tense == _PERFECT:
        verb = ("ont" if many else "a") + f"{adverb} {found['verb']}"
    elif forms:
        verb = forms[tense + many] + adverb
    else:
        return
    if first_word(subject) in PRONOUNS:
        clitic = _clitic(subject, verb)
        agreed = found["agreed"] if tense == _PERFECT else ""
        if clitic and " " not in subject:
            yield _said(front, agent, f"{clitic}{verb}{agreed}{tail}")
    elif inside := lowered(subject) or _name(subject):
        yield _said(front, agent, f"{verb} {inside}{tail}")


def _said(front: str, subject: str, rest: str) -> str:
    return f"{front}{subject if front else capitalised(subject)} {rest}."


def _clitic(subject: str, verb: str) -> str | None:
    """« Il » and « Elle » as objects; None of another pronoun."""
    one = {"il": "le ", "elle": "la ", "ils": "les ", "elles": "les "}.get(subject.lower())
    return "l'" if one in ("le ", "la ") and verb[0] in "aeéèêiou" else one


def _passive(found: re.Match[str]) -> Iterator[str]:
    front = found["front"] or ""
    agent = found["agent"] if front else lowered(found["agent"]) or _name(found["agent"])
    if agent is None or first_word(agent) in PRONOUNS or _CLITIC.search(agent):
        return
    feminine = found["object"].startswith(("la ", "une "))
    agreed = found["verb"] + ("e" if feminine else "")
    yield _said(front, found["object"], f"a été {agreed} par {agent}{found['tail'] or ''}")


def _is_plural(phrase: str) -> bool:
    return phrase.startswith(("les ", "des ", "ses ", "certains ", "plusieurs "))


def _name(phrase: str) -> str | None:
    """The phrase where it is a proper name of two or more words, which keeps its capital."""
    words = phrase.split()
    proper = len(words) > 1 and all(word[:1].isupper() for word in words)
    return phrase if proper else None
