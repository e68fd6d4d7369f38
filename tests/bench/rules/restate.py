"""Rules that change the words or their order, and not what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.bench.rules.numerals import MONTHS
from tests.bench.rules.place import (
    Place,
    balanced,
    capitalised,
    first_word,
    lowered,
    swapped,
    swaps,
    that,
)

# Function words that may stand for each other, between word boundaries.
_SAME = swaps(
    (r"\bcependant\b", "toutefois"),
    (r"\btoutefois\b", "cependant"),
    (r"\bnéanmoins\b", "toutefois"),
    (r"(?<!c~est )\bparce que\b", "car"),
    (r"(?<!est )\bparce qu~(?=ils? |elles? |on )", "car "),
    (r"(?<=, )car (?=ils |elles |il |elle |on )", "parce qu'"),
    (r"(?<=, )car (?=la |le |les |l['’]|ce |ces |cette |son |sa |ses )", "parce que "),
    (r"\bafin de (?!la |l['’]|leur )", "pour "),
    (r"\bafin d~", "pour "),
    (r"\bafin que\b", "pour que"),
    (r"(?<=, )pour (?=(?:permettre|faire|devenir|obtenir|créer|prendre|mettre|gagner|protéger) )",
     "afin de "),
    (r",? ainsi que (?=(?:le|la|les|des|du|un|une|son|sa|ses|ceux|celles|celui|celle) )", " et "),
    (r"\bdans (?:lequel|laquelle|lesquels|lesquelles) ", "où "),
    (r"\blorsque\b", "quand"),
    (r"\blorsqu~(?=ils? |elles? |on )", "quand "),
    (r"\bégalement\b", "aussi"),
    (r"\bnotamment\b", "en particulier"),
    (r"\ben particulier\b", "notamment"),
    (r"\btandis qu(?=e |['’])", "alors qu"),
    (r"(?<!c['’]est )(?<!et )\balors qu(?=e )", "tandis qu"),
    (r"\benviron (?=\d)", "à peu près "),
    (r"\bde nombreu(?:x|ses) (?![aeiouyhéèêâîô])", "beaucoup de "),
    (r"\ben raison (?=de |du |des |d['’])", "à cause "),
    (r"\bà cause (?=de |du |des |d['’])", "en raison "),
    (r"\bmalgré le ", "en dépit du "),
    (r"\bmalgré les ", "en dépit des "),
    (r"\bmalgré (?=la |l['’]|ce |cette |ces |son |sa |ses )", "en dépit de "),
    (r"\bau cours de (?=la |l['’]|cette |ces |son |sa |ses )", "pendant "),
    (r"\bau cours du ", "pendant le "),
    (r"\bau cours des ", "pendant les "),
    (r"\bdurant (?=la |le |les |l['’]|cette )", "pendant "),
    (r"\bà l~intérieur du ", "dans le "),
    (r"\bà l~intérieur de (?=la |l['’])", "dans "),
    (r"\bactuellement\b", "aujourd'hui"),
    (r"(?<!d['’])\baujourd~hui\b", "actuellement"),
    (r"\bcela\b(?= (?:permet|signifie|explique|montre|entraîne))", "ceci"),
    (r"\bpar la suite\b", "ensuite"),
    (r"\ben outre\b", "de plus"),
    (r"\bde plus, ", "en outre, "),
    (r"\bpuisqu(?=e |['’])", "étant donné qu"),
    (r"\bvers la fin d(?=e |u |es |['’])", "à la fin ou presque d"),
    (r"\blors (?=de la |du |des )", "au moment "),
)  # fmt: skip

_DATED = (
    rf"(?:en (?:(?:{'|'.join(MONTHS)}) )?\d{{4}}|le (?:\d{{1,2}}|1er) (?:{'|'.join(MONTHS)})"
    rf"(?: \d{{4}})?|à la fin du [XVI]+e siècle|au (?:début du )?[XVI]+e siècle)"
)
_CIRCUMSTANCE = (
    r"(?:En|Au|Dès|À|Depuis|Durant|Pendant|Dans|Sous|Lors d(?:e la|u|es))\b"
    r"(?! (?:effet|revanche|outre|fait|particulier|contraire|général|somme|réalité|théorie|tant"
    r"|total|cela|plus|partie|moins|côté|autre|fond|\w+ant)\b)[^,;:()]{3,45}"
)
_FRONTED = re.compile(rf"^({_CIRCUMSTANCE}), ([^,;:()]+)\.$")
_TRAILING = re.compile(rf"^([^,;:]+?) ({_DATED})\.$")
_HANGING = re.compile(r"\b(?:depuis|dès|vers|avant|après|partir|jusque|entre|et|de|du|l['’]année)$")
# With another clause, the complement could be read as that clause's own.
_OTHER_CLAUSE = re.compile(
    r"(?<![-\w])(?:qui|que|qu['’]\w+|dont|où|mais|car|quand|lorsque|et|ou|pour|afin|après|avant"
    r"|fois|ne|n['’]\w+|chaque|toujours|leur|\w+ant|\d{4})(?![-\w])"
)
_ASIDE = re.compile(r" \((?![^)]*\bou\b)[^()]{3,80}\)")
_SUBORDINATE = re.compile(
    r", (?:ce qui|ce que|qui|dont|où|tandis que|alors que|notamment|grâce à|c['’]est-à-dire"
    r"|parmi lesquel(?:le)?s|en particulier|comme)\b[^,;:()«»]{12,}\.$"
)
_VERB = re.compile(
    r"\b(?:est|sont|était|étaient|fut|furent|a|ont|avait|avaient|sera|seront|devient|peut|doit"
    r"|\w+èrent|\w+aient|épouse|forme|constitue|annonce|remporte|gagne|joue|publie|compte|obtient"
    r"|possède|permet|reçoit|compte|comprend|se \w+(?:e|ent|it|a))\b"
)
_BARRED = re.compile(r"\b(?:si|sauf|excepté|ni|sans|ne|moins|seul\w*)\b|\bn['’]|\?")
_OPENINGS = (
    "Selon le texte, {}",
    "D'après le texte, {}",
    "Comme le dit le texte, {}",
    "Selon les sources, {}",
)
_JOINING = frozenset({"cependant", "toutefois", "mais", "car", "ainsi", "puis", "enfin", "or"})


def verbatim(place: Place) -> Iterator[str]:
    """The sentence itself."""
    yield place.text


def clause_order(place: Place) -> Iterator[str]:
    """« En 1995, … » moved to the end, or from there to the front."""
    if found := _FRONTED.match(place.text):
        when, rest = found.groups()
        if _is_simple(rest) and not re.match(r"(?:ce|c['’]|ont|est|sont|a|fut|se|s['’]|y)\b", rest):
            yield f"{capitalised(rest)} {when[0].lower()}{when[1:]}."
    if found := _TRAILING.match(place.text):
        rest, when = found.groups()
        opened = lowered(rest)
        if opened and _is_simple(rest) and not _HANGING.search(rest):
            yield f"{capitalised(when)}, {opened}."


def _is_simple(clause: str) -> bool:
    """Whether it is one short clause, to which alone a complement can belong."""
    return bool(not _OTHER_CLAUSE.search(clause) and _VERB.search(clause) and len(clause) < 160)


def function_words(place: Place) -> Iterator[str]:
    """One word of grammar for another that means the same."""
    yield from swapped(place.text, _SAME)


def merged(place: Place) -> Iterator[str]:
    """The sentence and the one after it, as one."""
    second = lowered(place.after) if place.after and balanced(place.after) else None
    if second is None or not place.text.endswith(".") or len(place.text + second) > 420:
        return
    yield f"{place.body} ; {second}"
    if first_word(place.after) not in _JOINING and len(place.text + second) < 260:
        yield f"{place.body} et {second}"


def shortened(place: Place) -> Iterator[str]:
    """The sentence without the subordinate that ends it, or without what is in brackets."""
    for aside in _ASIDE.finditer(place.text):
        yield place.text[: aside.start()] + place.text[aside.end() :]
    found = _SUBORDINATE.search(place.text)
    if found is None:
        return
    rest = place.text[: found.start()]
    alone = not re.search(r", (?:qui|dont|où|né|fils|fille|que) [^,]*$", rest)
    if alone and balanced(rest) and _VERB.search(rest) and not _BARRED.search(rest):
        yield f"{rest}."


def attributed(place: Place) -> Iterator[str]:
    """The sentence, said to be what the text says."""
    inside = lowered(place.text)
    if inside is None or first_word(place.text) in ("selon", "ainsi", "de", "sur"):
        return
    for opening in _OPENINGS:
        yield opening.format(inside)
    if re.match(r"(?:le|la|les|il|elle|ils|elles|un|une|l|ce|cette|ces) ?", inside):
        yield f"Le texte indique {that(inside)}"
