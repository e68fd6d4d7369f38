"""Names of people that a message introduces, signs with, or gives beside an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.journal.names import is_capital, is_full_name, person_end, words_at
from app.journal.seen import CONTACT, FIRST_PERSON, Found
from app.journal.vocabulary import any_of, is_common, is_given

_TITLE = (
    r"(?:m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|mrs\.?|ms\.?|miss|dr\.?|docteur|"
    r"maitre|m(?=\.? (?-i:[A-Z])))(?![^\W\d_])(?: (?:veuve|vve)(?!\w))?"
)
_COUPLE = r"(?:m\.?|mr|monsieur) (?:et|ou|&) (?:mme|madame|mrs)\.?"

# After these a name follows, with a capital or without.
_SELF = any_of(
    r"""j(?:e|')? ?m ?'? ?ap{1,2}el{1,2}e?s?(?! pas)|moi j'?ap{1,2}el{1,2}e|moi,? je m'appelle
    appele[rz][ -]moi|on m'appelle|moi,? c(?:'?est|')?|nous nous appelons|on s'appelle
    je me (?:nomme|prenomme|presente)|je soussignee?|mon identite|a l'attention de
    (?:mon|le) (?:pre)?nom(?: de famille| d'usage| de naissance| complet)?(?: est| ?:| c'est| =)
    mon nom et (?:mon )?prenom(?: est| ?:| c'est| =|)
    mon (?:nom|prenom)(?= (?-i:[A-Z]))|prenom(?= (?-i:[A-Z]))
    (?:il|elle|qui|lequel) s'appelle
    my (?:full |first |last )?name(?: is|'s)|i am called|i'm called|call me"""
)
_INTRODUCED = re.compile(rf"(?i)(?<!\w){_SELF}[ ,:]{{1,3}}(?:{_COUPLE} |{_TITLE} ?)?")

# After these it does when a title stands before it.
_SOMEONE_S = any_of(
    """je suis|je reste|nous sommes|c'est|ici|moi|signe|chez|de la part de|au nom de|dossier(?: de)?
    voisine?|bailleur|proprietaire|locataire|medecin|conseillere?|compagnon|mari|femme|pere|mere
    rappele[rz]|appele[rz]|contacter|joindre|this is|i am|i'm
    (?:rendez-vous|rdv|aide|visite|devis|facture|courrier|demande|prime) (?:pour|de|chez)
    (?:logement|maison|appartement) (?:pour|de|chez)"""
)
_TITLED = re.compile(rf"(?i)(?<!\w){_SOMEONE_S}[ ,:]{{1,2}}(?:l[ea] )?{_TITLE} ?")

# After these it does when it is a given name, or two words with capitals.
_BEARER = any_of(
    """je suis|ici|moi,?|de la part d[e']|aux? noms? de|signee?|this is|i am|i'm
    titulaire|beneficiaire|demandeur|contact|facture de|compte de|dossier de
    rappele[rz]|appele[rz]|contacte[rz]|joindre|prevene[rz]|se nomme|envoye par|transfere par
    ^(?:(?:allo|bonjour|bonsoir|salut|hello|coucou|hi)[ ,!]{0,3})?(?:c'est|ici|moi c'est|je suis)
    (?:de|from|expediteur|destinataire|interlocuteur|proprietaire|locataire|occupant|client) ?:
    (?:assuree?|emprunteur|demandeuse) ?:"""
)
_NAMED = re.compile(rf"(?i)(?<!\w){_BEARER}[ ,:]{{1,2}}")
_RELATIVE = any_of(
    """mari|femme|epoux|epouse|conjointe?|compagnon|compagne|fils|fille|enfants?|pere|mere|papa
    maman|parents|frere|soeur|oncle|tante|cousine?|neveu|niece|grand-?(?:pere|mere)
    beau-?(?:pere|frere|fils)|belle-?(?:mere|soeur|fille)|amie?s?|voisine?s?|locataires?
    proprietaires?|proprio|bailleur|bailleresse|colocataire|coloc|collegue|associee?|medecin
    docteur|assistante sociale|artisan|plombier|chauffagiste|husband|wife|son|daughter
    neighbou?r|father|mother|landlord|landlady|tenant|brother|sister|partner"""
)
_KIN = re.compile(
    rf"(?i)(?<!\w)(?:mon|ma|mes|notre|nos|son|sa|my|our) (?:ex-)?{_RELATIVE}"
    rf"[ ,:(]{{1,3}}({_COUPLE} |{_TITLE} ?)?"
)
_IN_THE_NAME = re.compile(
    r"(?i)(?<!\w)(?:rdv|rendez-vous|dossier|compte|contrat|bail|facture)[^.?!\n]{0,20}? au nom de "
    r"(?=(?-i:[A-Z]))"
)
_KIN_CALLED = re.compile(
    r"(?i)(?<!\w)(?:il|elle|qui|(?:mon|ma|my) [a-z-]{2,14}(?: [a-z]{2,10})?)"
    r" (?:s'appelle|se nomme|is called) (?=[A-Za-z])"
)
_AND = re.compile(r"(?i),? (?:et|and) ")
_FAMILY = re.compile(r"(?i)(?<!\w)famille (?=(?-i:[A-Z]))")
_MAIDEN = re.compile(r"(?i)(?:mme|madame|[\ue000\ue001])[^.?!\n]{0,30}? nee (?=(?-i:[A-Z]))")
_PAIR = re.compile(rf"(?i)(?<!\w){_COUPLE} ")

# A message that begins with a name, and goes on about its bearer.
_FIRST_WORDS = re.compile(
    rf"(?i)^(?:(?:bonjour|bonsoir|salut|hello|hi|dear sir)[ ,.!]{{0,3}})?({_TITLE} ?)?"
)
_AFTER_FIRST = re.compile(r" ?(?:\n|[(:\ue000\ue001]|[,-] ?(?:[a-z]|[A-Z]'|Je |[\d\ue000\ue001]))")

# Forms and tables: « nom : Dupont », `"lastName": "Dupont"`.
_FIELD = any_of(
    r"""prenoms?|nom|name|first[_ ]?name|last[_ ]?name|full_?name|surname|identite|usager
    nom (?:de famille|d'usage|de jeune fille|de naissance|marital|d'epouse|complet|du [a-z]{4,14})
    nom de l'(?:occupant|allocataire|usager|assure)e?|nom(?: et |_| )prenom|noms?/prenoms?
    demandeur|beneficiaire|signataire|signe|titulaire"""
)
_KEY = re.compile(rf"(?i)[\"'<(]?(?<![\w-]){_FIELD}[\"')]? {{0,2}}[:=>] {{0,2}}[\"']?")
_TWO_KEYS = re.compile(r"(?i)(?<!\w)nom ([^\W\d_]{2,25}) prenom ([^\W\d_]{2,25})(?!\w)")

# Ends of letters.
_REGARDS = any_of(
    """cordial(?:e)?ment|cdt|cdlt|crdt|cordlt|bien a vous|bien a toi|respectueusement
    amicalement votre
    amicalement|sincerement|amities|bises|cordiales salutations
    salutations (?:distinguees|cordiales|respectueuses)|salutations
    sentiments (?:distingues|les meilleurs)
    (?:best |kind |warm )?regards|sincerely|yours(?: sincerely| faithfully| truly)?
    best wishes|all the best|cheers"""
)
_CLOSING = re.compile(
    rf"(?i)(?<!\w){_REGARDS}[ ,.;:!\n\t-]{{1,6}}(?:--? ?)?(?:{_TITLE} ?|{_COUPLE} )?"
)
_MERCI = any_of(
    """merci(?: d'avance| par avance)? (?:de|pour) (?:votre|vos|la) [a-z]{3,12}
    merci(?: beaucoup| bien| a vous| a toi| a tous| encore)?(?: d'avance| par avance)?
    bonne (?:journee|soiree|fin de journee|reception)|a bientot|a vous lire
    dans l'attente(?: de (?:votre|vos) [a-z]{3,12})?|thanks|thank you|many thanks"""
)
_THANKS = re.compile(rf"(?i)(?<!\w){_MERCI}[ ,.;:!\n\t-]{{1,6}}(?:{_TITLE} ?)?")
_LAST = re.compile(
    r"[\n.!?(-] {0,3}([A-Z][^\W\d_]{1,15} et (?=[A-Z]))?"
    r"((?:[^\W\d_]{1,25}+\.?[ -]){1,3}[^\W\d_]{2,25}+)\)?[ .\n]{0,3}$"
)
_LINE = re.compile(
    r"(?<![^\n])[ \t-]{0,4}((?:[^\W\d_]{1,25}+\.?[ '-]{1,2}){0,3}[^\W\d_]{2,25}+)"
    r"[ ,.\t]{0,3}(?![^\n])"
)
_SIGNED = re.compile(rf"(?i)[\n.!?] {{0,3}}{_TITLE} ?([^\W\d_].{{0,60}})$")
_LINE_END = re.compile(r"[ .,!\t]{0,4}(?:\n|$|[\ue000-\ue002]|\d|\+|tel|mail)")

# Names in a message that speaks of the one who writes.
_WITH = re.compile(
    r"(?i)(?<!\w)(?:avec|chez|par|pour|vue?|voir|eue?|rencontre[rz]?|demande[rz]|with) "
)
_TWO_WORDS = r"(?<![^\W\d_])([^\W\d_]{2,20}+)[ -]([^\W\d_]{2,25}+)"
_AT_THE_CONTACT = (
    re.compile(rf"{_TWO_WORDS}[ ,:;(<\n-]{{1,3}}{CONTACT}"),
    re.compile(rf"{CONTACT}[ ,:;)>\n-]{{1,3}}{_TWO_WORDS}"),
)
_ON_THE_PHONE = re.compile(
    r"(?: (?:a l'appareil|au telephone|au bout du fil|here|speaking)|,? je (?:vous|t'))"
)
# « demande faite par Lucas Perrotin », « un certain Lucas Perrotin »: not « écrit par », of a text.
_DONE_BY = re.compile(
    r"(?i)(?<!\w)(?<!ecrit )(?<!ecrite )(?<!signe )(?<!signee )(?<!cree )(?<!fonde )(?<!fondee )"
    r"(?:par|pour|avec|une? certaine?|s'appelle|signee?|nommee?|dite?) "
)
# A name that is asked about: « Jean Jaurès a-t-il … », « …, c'est qui ».
_ASKED_ABOUT = re.compile(
    r"(?i)-(?:t-)?(?:ils?|elles?)(?!\w)|(?<!\w)(?:qui|quel|quelle|son|sa|ses|who|his|her)(?!\w)"
)
_WORD_START = re.compile(r"(?<![\w'.-])[A-Z]")
_TITLE_ALONE = re.compile(rf"(?i)(?<!\w){_TITLE} ?")


def persons(text: str) -> Iterator[Found]:
    """Names that the message introduces, signs with, or gives beside an address or a number."""
    for start, end in [*_introduced(text), *_signed(text), *_of_those_who_write(text)]:
        if end > start:
            yield Found(start, end, "[nom]")


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    for cue in [*_INTRODUCED.finditer(text), *_TITLED.finditer(text), *_PAIR.finditer(text)]:
        yield cue.end(), person_end(text, cue.end(), most=5)
    for cue in _INTRODUCED.finditer(text):
        end = person_end(text, cue.end())
        if end > cue.end() and text[end : end + 2] == ", " and text[end + 2 : end + 3].isupper():
            yield end + 2, person_end(text, end + 2, lower=0)
    for cue in _NAMED.finditer(text):
        yield cue.end(), _sure_end(text, cue.end())
    for cue in (
        *_FAMILY.finditer(text),
        *_MAIDEN.finditer(text),
        *_KIN_CALLED.finditer(text),
        *_IN_THE_NAME.finditer(text),
    ):
        yield cue.end(), person_end(text, cue.end(), lower=1)
    if first := _FIRST_WORDS.match(text):
        end = person_end(text, first.end(), lower=0)
        name = text[first.end() : end]
        if _AFTER_FIRST.match(text, end) and (first[1] or _is_bearer_s(name, text[end:])):
            yield first.end(), end
    for cue in _KIN.finditer(text):
        end = person_end(text, cue.end()) if cue[1] else _kin_end(text, cue.end())
        yield cue.end(), end
        if end > cue.end() and (other := _AND.match(text, end)):
            yield other.end(), person_end(text, other.end(), lower=0)
    for cue in _KEY.finditer(text):
        yield cue.end(), person_end(text, cue.end())
    for cue in _TWO_KEYS.finditer(text):
        yield from (cue.span(1), cue.span(2))


def _is_bearer_s(name: str, rest: str) -> bool:
    """Whether it is a full name, of somebody that the rest does not ask about."""
    asked = _ASKED_ABOUT.search(rest) and not FIRST_PERSON.search(rest)
    return is_full_name(name) and not asked


def _sure_end(text: str, at: int) -> int:
    """Where a name ends that has a given name in it, or two words with capitals."""
    words = words_at(text, at, 3)
    end = person_end(text, at, lower=2 if words and is_given(words[0].text) else 0)
    name = words_at(text[at:end], 0)
    if len(name) == 1:
        return end if is_given(name[0].text) and is_capital(name[0].text) else at
    return end


def _kin_end(text: str, at: int) -> int:
    """Where the name of a relative ends: words with capitals, or a given name without."""
    end = person_end(text, at, lower=0)
    name = words_at(text[at:end], 0)
    if not name:
        first = words_at(text, at, 1)
        given = first and is_given(first[0].text) and not is_common(first[0].text)
        return person_end(text, at) if given else at
    return end


def _signed(text: str) -> Iterator[tuple[int, int]]:
    for closing in _CLOSING.finditer(text):
        end = person_end(text, closing.end(), lower=3)
        capital = text[closing.end() : closing.end() + 1].isupper()
        if capital or _LINE_END.match(text, end):
            yield closing.end(), end
    for thanks in _THANKS.finditer(text):
        end = person_end(text, thanks.end(), lower=2)
        names = words_at(text[thanks.end() : end], 0)
        capital = len(names) > 1 and all(is_capital(word.text) for word in names)
        known = capital or any(is_given(word.text) for word in names)
        if names and known and _LINE_END.match(text, end):
            yield thanks.end(), end
    if (last := _LAST.search(text)) and is_full_name(last[2]):
        yield last.start(1 if last[1] else 2), last.end(2)
    if signed := _SIGNED.search(text):
        end = person_end(text, signed.start(1))
        if _LINE_END.match(text, end):
            yield signed.start(1), end
    yield from _alone_on_a_line(text)
    for start, end in _full_names(text):
        if _ON_THE_PHONE.match(text, end) or _is_done_by(text, start):
            yield start, end


def _is_done_by(text: str, start: int) -> bool:
    """Whether what stands before a name says that somebody of this name does or has something."""
    cues = list(_DONE_BY.finditer(text, max(0, start - 16), start))
    return bool(cues) and cues[-1].end() == start


def _alone_on_a_line(text: str) -> Iterator[tuple[int, int]]:
    """Names that are a line of their own, of several."""
    if "\n" in text.strip():
        for line in _LINE.finditer(text):
            words = words_at(line[1], 0)
            given = any(is_given(word.text) for word in words)
            if given and person_end(text, line.start(1)) >= line.end(1):
                yield line.span(1)


def _full_names(text: str) -> Iterator[tuple[int, int]]:
    """Each given name with the name that follows it, or that it follows, all with capitals."""
    at = 0
    for start in _WORD_START.finditer(text):
        if start.start() >= at:
            end = person_end(text, start.start(), lower=0)
            if end > start.start() and is_full_name(text[start.start() : end]):
                yield start.start(), end
                at = end


def _of_those_who_write(text: str) -> Iterator[tuple[int, int]]:
    """Names in a message that speaks of the one who writes, or says how to reach someone."""
    if CONTACT in text or FIRST_PERSON.search(text):
        yield from _full_names(text)
        for cue in _WITH.finditer(text):
            yield cue.end(), _sure_end(text, cue.end())
        for title in _TITLE_ALONE.finditer(text):
            yield title.end(), person_end(text, title.end(), lower=0)
    if CONTACT in text:
        for pattern in _AT_THE_CONTACT:
            for pair in pattern.finditer(text):
                if is_given(pair[1]) and not is_common(pair[1]) and not is_common(pair[2]):
                    yield pair.start(1), pair.end(2)
        for start in _WORD_START.finditer(text):
            for word in words_at(text, start.start(), 1):
                if is_given(word.text) and not is_common(word.text):
                    yield word.start, word.end
