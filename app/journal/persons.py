"""Names of people, where a message says that they are some, and dates of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.journal.names import is_capital, is_full_name, person_end, words_at
from app.journal.seen import CONTACT, FIRST_PERSON, Found
from app.journal.vocabulary import is_common, is_given

_TITLE = (
    r"(?:m\.|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle|mrs\.?|ms\.?|miss|dr\.?|docteur|"
    r"maitre|m(?=\.? (?-i:[A-Z])))(?![^\W\d_])(?: (?:veuve|vve)(?!\w))?"
)
_COUPLE = rf"(?:(?:m\.?|mr|monsieur) (?:et|ou|&) (?:mme|madame|mrs))\.?"

# After these a name follows, with a capital or without.
_INTRODUCED = re.compile(
    rf"(?i)(?<!\w)(?:j(?:e|')? ?m ?'? ?ap{{1,2}}el{{1,2}}e?s?(?! pas)|appele[rz][ -]moi|on m'appelle|moi j'?ap{{1,2}}el{{1,2}}e|je me (?:nomme|prenomme)|je me presente|mon identite|"
    rf"(?:mon|le) (?:nom|prenom)(?: de famille| d'usage| de naissance| complet)?"
    rf"(?: et (?:mon )?prenom)?(?: est| ?: ?| c'est| =)|mon (?:nom|prenom)(?= (?-i:[A-Z]))|je soussignee?|moi c'est|moi,? je m'appelle|"
    rf"my (?:full |first |last )?name(?: is|'s)|i am called|i'm called|call me|"
    rf"(?:il|elle|qui|lequel) s'appelle|a l'attention de|nous nous appelons|on s'appelle)"
    rf"[ ,:]{{1,3}}(?:{_COUPLE} |{_TITLE} ?)?"
)
# After these it does when a title stands before it.
_TITLED = re.compile(
    rf"(?i)(?<!\w)(?:je suis|je reste|nous sommes|c'est|ici|moi|signe|chez|de la part de|au nom de|"
    rf"dossier de|dossier|voisine?|bailleur|proprietaire|locataire|medecin|conseillere?|rappele[rz]|appele[rz]|contacter|joindre|"
    rf"(?:rendez-vous|rdv|aide|visite|devis|facture|courrier|demande|prime|logement|maison|appartement)"
    rf" (?:pour|de|chez)|"
    rf"compagnon|mari|femme|pere|mere|this is|i am|i'm)[ ,:]{{1,2}}(?:l[ea] )?{_TITLE} ?"
)
# After these it does when it is a given name, or two words with capitals.
_NAMED = re.compile(
    r"(?i)(?<!\w)(?:je suis|ici|moi,|moi|de la part de|au nom de|aux noms de|signe|signee|this is|i am|"
    r"i'm|bonjour,? je suis|titulaire|beneficiaire|demandeur|contact|facture de|compte de|dossier de|"
    r"rappele[rz]|appele[rz]|contacte[rz]|joindre|prevene[rz]|se nomme|envoye par|transfere par|"
    r"de la part d[e']|^(?:allo|bonjour|bonsoir|salut|hello|coucou|hi)[ ,!]{0,3}(?:c'est|ici|moi c'est|"
    r"je suis)|(?:de|from|expediteur|destinataire|interlocuteur|proprietaire|locataire|occupant|client|"
    r"assuree?|emprunteur|demandeuse) ?:)"
    r"[ ,:]{1,2}"
)
_KIN = re.compile(
    rf"(?i)(?<!\w)(?:mon|ma|mes|notre|nos|son|sa|my|our) (?:ex-)?(?:mari|femme|epoux|epouse|conjointe?|"
    rf"compagnon|compagne|fils|fille|enfants?|pere|mere|papa|maman|parents|frere|soeur|voisine?s?|"
    rf"amie?s?|oncle|tante|grand-?(?:pere|mere)|beau-?(?:pere|frere|fils)|belle-?(?:mere|soeur|fille)|"
    rf"cousine?|neveu|niece|locataires?|proprietaires?|proprio|bailleur|bailleresse|colocataire|coloc|"
    rf"collegue|associee?|medecin|docteur|assistante sociale|artisan|plombier|chauffagiste|husband|wife|"
    rf"son|daughter|neighbou?r|father|mother|landlord|landlady|tenant|brother|sister|partner)"
    rf"[ ,:(]{{1,3}}({_COUPLE} |{_TITLE} ?)?"
)
_KIN_CALLED = re.compile(
    r"(?i)(?<!\w)(?:il|elle|qui|(?:mon|ma|my) [a-z-]{2,14}(?: [a-z]{2,10})?) (?:s'appelle|se nomme|is called)"
    r" (?=[A-Za-z])"
)
_FAMILY = re.compile(r"(?i)(?<!\w)famille (?=(?-i:[A-Z]))")
_MAIDEN = re.compile(r"(?i)(?:mme|madame|[\ue000\ue001])[^.?!\n]{0,30}? nee (?=(?-i:[A-Z]))")
_FIRST_WORDS = re.compile(rf"(?i)^(?:(?:bonjour|bonsoir|salut|hello|hi|dear sir)[ ,.!]{{0,3}})?({_TITLE} ?)?")
_AFTER_FIRST = re.compile(
    r"(?i) ?(?:\n|[(:\ue000\ue001]|[,-] ?(?:je|j'|nous|mon|ma|mes|notre|dossier|(?:co)?proprietaire|"
    r"locataire|habit\w{1,6}|demeur\w{1,5}|domiciliee?|retraitee?|nee?|agee?|veuf|veuve|i|my)(?!\w)|[,-] ?[\d\ue000\ue001])"
)
_PAIR = re.compile(rf"(?i)(?<!\w){_COUPLE} ")
_KEY = re.compile(
    r"(?i)[\"'<(]?(?<![\w-])(?:nom|prenom|prenoms|name|first_?name|last_?name|full_?name|surname|"
    r"nom (?:de famille|d'usage|de jeune fille|de naissance|marital|d'epouse|complet|du [a-z]{4,14}|"
    r"de l'(?:occupant|allocataire|usager|assure)e?)|identite|nom et prenom|nom prenom|noms?/prenoms?|first name|last name|"
    r"nom_prenom|usager|demandeur|beneficiaire|signataire|signe|titulaire)[\"')]? {0,2}[:=>] {0,2}[\"']?"
)
_TWO_KEYS = re.compile(r"(?i)(?<!\w)nom ([^\W\d_]{2,25}) prenom ([^\W\d_]{2,25})(?!\w)")
_CLOSING = re.compile(
    r"(?i)(?<!\w)(?:cordialement|cordialment|cdt|cdlt|crdt|cordlt|amities|bises|amicalement votre|bien a vous|bien a toi|salutations(?: distinguees|"
    r" cordiales| respectueuses)?|sentiments (?:distingues|les meilleurs)|respectueusement|amicalement|"
    r"sincerement|cordiales salutations|best regards|kind regards|warm regards|regards|sincerely|"
    r"yours(?: sincerely| faithfully| truly)?|best wishes|all the best|cheers)"
    r"[ ,.;:!\n\t-]{1,6}(?:--? ?)?(?:" + _TITLE + r" ?|" + _COUPLE + r" )?"
)
_THANKS = re.compile(
    r"(?i)(?<!\w)(?:merci(?: beaucoup| bien| a vous| a toi| a tous| encore)?(?: d'avance| par avance)?(?: (?:de|pour) (?:votre|vos|la) "
    r"[a-z]{3,12})?|bonne (?:journee|soiree|fin de journee|reception)|a bientot|a vous lire|thanks|"
    r"thank you|many thanks|dans l'attente(?: de (?:votre|vos) [a-z]{3,12})?)[ ,.;:!\n\t-]{1,6}"
    r"(?:" + _TITLE + r" ?)?"
)
_LAST = re.compile(r"[\n.!?(-] {0,3}((?:[^\W\d_]{1,25}+\.?[ -]){1,3}[^\W\d_]{2,25}+)\)?[ .\n]{0,3}$")
_LINE = re.compile(r"(?<![^\n])[ \t-]{0,4}((?:[^\W\d_]{1,25}+[.]?[ '-]{1,2}){0,3}[^\W\d_]{2,25}+)[ ,.\t]{0,3}(?![^\n])")
_SIGNED = re.compile(rf"(?i)[\n.!?] {{0,3}}{_TITLE} ?([^\W\d_].{{0,60}})$")
_LINE_END = re.compile(r"[ .,!\t]{0,4}(?:\n|$|[\ue000-\ue002]|\d|\+|tel|mail)")
_WITH = re.compile(r"(?i)(?<!\w)(?:avec|chez|par|pour|vue?|voir|eue?|rencontre[rz]?|demande[rz]|with) ")
_TWO_WORDS = r"(?<![^\W\d_])([^\W\d_]{2,20}+)[ -]([^\W\d_]{2,25}+)"
_AT_THE_CONTACT = (
    re.compile(rf"{_TWO_WORDS}[ ,:;(<\n-]{{1,3}}{CONTACT}"),
    re.compile(rf"{CONTACT}[ ,:;)>\n-]{{1,3}}{_TWO_WORDS}"),
)
_ON_THE_PHONE = re.compile(r"(?: (?:a l'appareil|au telephone|au bout du fil|here|speaking)|,? je (?:vous|t'))")
_WORD_START = re.compile(r"(?<![\w'.-])[A-Z]")
_TITLE_ALONE = re.compile(rf"(?i)(?<!\w){_TITLE} ?")

_NUMERIC = r"\d{1,2}(?:er)? ?[/.\- ] ?\d{1,2} ?[/.\- ] ?(?:\d{4}|\d{2})(?!\d)"
_MONTH = (
    r"(?:jan(?:vier|uary|v)?|fev(?:rier|r)?|feb(?:ruary)?|mars|march|avr(?:il)?|apr(?:il)?|mai|may|"
    r"juin|june?|juil(?:let)?|july?|aout|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|"
    r"nov(?:embre|ember)?|dec(?:embre|ember)?)\.?"
)
_DAY_IN_WORDS = (
    r"(?:premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"dix[ -](?:sept|huit|neuf)|vingt(?:[ -]et[ -]un|[ -][a-z]{3,6})?|trente(?:[ -]et[ -]un)?)"
)
_SAID = (
    rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? (?:of )?{_MONTH}(?:,? \d{{2,4}})?|"
    rf"{_DAY_IN_WORDS} {_MONTH}(?: \d{{4}}| mill?e? [a-z -]{{4,40}})?|{_MONTH} (?:19|20)\d\d|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d\d-\d\d)"
)
_DATE = re.compile(rf"(?i)(?:{_NUMERIC}|{_SAID}|(?:19|20)\d\d(?![\d-]))")
_AND_THE = re.compile(r"(?i) ?(?:,|et|and|puis) (?:le |du |on )?(?=\d)")
_BORN = re.compile(
    r"(?i)(?<!\w)(?:(?:suis |est |sont |fut |sommes |etait )?nee?s?(?:\(e\)|\.e)?(?= )|date de naissance|"
    r"naissance|ddn|d\.d\.n\.?|dob|date of birth|birth ?date|born|vue? le jour|je suis du(?= \d)|anniversaire|birthday|"
    r"datenaissance|date_naissance)"
)
_BIRTH_GAP = re.compile(r"(?:[^\n?!;\d\ue000-\ue002]|\(\d{2,5}\)){0,40}?(?<![\w/(])(?=\d|(?i:" + _MONTH + r" \d|" + _DAY_IN_WORDS + r" " + _MONTH + r"))")
_NOT_A_PERSON = re.compile(
    r"(?i)(?<!\w)(?:association|alliance|fabrique|charte|agence|alec|alec07|federation|reseau|flame|"
    r"polenergie|loi|dispositif|structure|societe|entreprise|commune|communaute|projet|idee|label|"
    r"programme|fondation|collectif|appel|plateforme|cooperative|organisation|syndicat|centrale|scic|"
    r"institution|ademe|quand|mouvement|festival|revue|journal|institut|comite|conseil|groupe|club|scop|"
    r"territoire|concept|terme|mot|dynamique|demarche|partenariat|parc|pole|service|site|plan|accord|"
    r"convention|tribune|campagne|regie|usine|film|livre|movement|charter|network|agency|organization|organisation)(?!\w)"
)
_SOMEONE = re.compile(
    r"(?i)(?<!\w)(?:je|j'|moi|suis|sommes|il|elle|ils|elles|he|she|on|nous|mon|ma|mes|m\.|mme|monsieur|madame|fils|fille|mari|femme|enfants?|i|my)"
    r"(?!\w)"
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
    other = _NOT_A_PERSON.search(before + "." + after) or re.match(r"(?i)(?:est|etait|fut|sont) ", born[0])
    return not other and not year


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
    for cue in [*_FAMILY.finditer(text), *_MAIDEN.finditer(text), *_KIN_CALLED.finditer(text)]:
        yield cue.end(), person_end(text, cue.end(), lower=1)
    if first := _FIRST_WORDS.match(text):
        end = person_end(text, first.end(), lower=0)
        if _AFTER_FIRST.match(text, end) and (first[1] or is_full_name(text[first.end() : end])):
            yield first.end(), end
    for cue in _KIN.finditer(text):
        yield cue.end(), person_end(text, cue.end()) if cue[1] else _kin_end(text, cue.end())
    for cue in _KEY.finditer(text):
        yield cue.end(), person_end(text, cue.end())
    for cue in _TWO_KEYS.finditer(text):
        yield from (cue.span(1), cue.span(2))


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
    if (last := _LAST.search(text)) and is_full_name(last[1]):
        yield last.span(1)
    if signed := _SIGNED.search(text):
        end = person_end(text, signed.start(1))
        if _LINE_END.match(text, end):
            yield signed.start(1), end
    yield from _alone_on_a_line(text)
    for name in _full_names(text):
        if _ON_THE_PHONE.match(text, name[1]):
            yield name


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

