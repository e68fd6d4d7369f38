"""Every sentence of an answer that is not a quotation, in French and in English.

``{agency}`` and ``{contact}`` come from the settings. The quotation itself stays in the language
of its source; what surrounds it is in the language of the question where that is written here,
else in English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answers import Reason
from app.expectation import Kind
from app.missing import Missing
from ingest.documents import Source

_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
# Of a whole date, and of a month with its year.
_DATES = {
    "de": ("{day}. {month} {year}", "{month} {year}"),
    "es": ("{day} de {month} de {year}", "{month} de {year}"),
}
_DATE = ("{day} {month} {year}", "{month} {year}")

Said = tuple[str, ...]  # in the order of the languages, the first two at least
_LANGUAGES = ("fr", "en", "de", "es", "ar")

_DECLINED: dict[Reason, Said] = {
    "greeting": (
        "Bonjour ! Posez-moi une question sur la charte, l'alliance ou {agency} : "
        "je réponds en citant les sources.",
        "Hello! Ask me a question about the charter, the alliance or {agency}: "
        "I answer by quoting the sources.",
    ),
    "thanks": ("Avec plaisir ! Bonne journée.", "You are welcome! Have a good day."),
    "about": (
        "Je suis un assistant automatique, pas une personne. Je cherche dans les sources de "
        "{agency} et je cite les passages qui répondent ; quand les sources ne disent rien, "
        "je le dis.",
        "I am an automatic assistant, not a person. I search the sources of {agency} and quote "
        "the passages that answer; when the sources say nothing, I say so.",
    ),
    "empty": (
        "Je n'ai pas reconnu de question : écrivez-la en quelques mots.",
        "I could not find a question: please write it in a few words.",
    ),
    "off_topic": (
        "Cette question ne semble pas porter sur ce que traitent mes sources : la charte, "
        "l'alliance et {agency}. Si je l'ai mal comprise, posez-la autrement.",
        "This question does not seem to be about what my sources deal with: the charter, the "
        "alliance and {agency}. If I misunderstood, please put it another way.",
        "Diese Frage scheint nicht zum Thema meiner Quellen zu gehören: die Charta, das Bündnis "
        "und {agency}. Falls ich sie falsch verstanden habe, formulieren Sie sie bitte anders.",
        "Esta pregunta no parece tratar de lo que abordan mis fuentes: la carta, la alianza y "
        "{agency}. Si la he entendido mal, formúlela de otra manera.",
        "لا يبدو أن هذا السؤال يتعلق بموضوع مصادري: الميثاق والتحالف و{agency}. "
        "إن أسأت الفهم فأعد صياغته من فضلك.",
    ),
    "out_of_scope": (
        "Je ne peux pas vous aider sur ce point : je réponds seulement à partir des sources "
        "sur la charte, l'alliance et {agency}.",
        "I cannot help with this: I only answer from the sources about the charter, the "
        "alliance and {agency}.",
    ),
    "advice": (
        "Je ne donne pas de conseil personnel (travaux, aides, droit, choix d'une entreprise). "
        "Pour un logement, adressez-vous à France Rénov' (france-renov.gouv.fr) ; pour une "
        "question de droit, à une permanence juridique.",
        "I do not give personal advice (works, grants, law, choice of a company). For housing, "
        "turn to France Rénov' (france-renov.gouv.fr); for a legal question, to a legal "
        "advice service.",
    ),
    "orders": (
        "Je ne suis pas d'instructions de ce genre : je réponds seulement à des questions, "
        "à partir des sources et en les citant.",
        "I do not follow instructions of this kind: I only answer questions, from the sources "
        "and quoting them.",
    ),
    "persons": (
        "Je ne porte pas de jugement sur les personnes et je ne donne rien de leur vie privée : "
        "je peux seulement citer ce que disent les sources.",
        "I do not judge people and give nothing of their private life: I can only quote what "
        "the sources say.",
    ),
}
_CONTACT = (
    "Vous pouvez aussi vous adresser à {agency} : {contact}.",
    "You may also turn to {agency}: {contact}.",
    "Sie können sich auch an {agency} wenden: {contact}.",
    "También puede dirigirse a {agency}: {contact}.",
    "يمكنك أيضا التواصل مع {agency}: {contact}.",
)
_NOT_FOUND = (
    "Je n'ai pas trouvé de réponse sûre dans les sources.",
    "I found no sure answer in the sources.",
    "Ich habe in den Quellen keine sichere Antwort gefunden.",
    "No he encontrado una respuesta segura en las fuentes.",
    "لم أجد جوابا مؤكدا في المصادر.",
)
_LACKING = (
    "Il semble y manquer : {what}.",
    "What seems to be missing: {what}.",
    "Es scheint zu fehlen: {what}.",
    "Parece faltar: {what}.",
    "يبدو أن الناقص: {what}.",
)
_KINDS: dict[Kind, Said] = {
    "date": ("une date", "a date", "ein Datum", "una fecha", "تاريخ"),
    "number": ("un nombre", "a number", "eine Zahl", "un número", "عدد"),
    "reason": ("une raison", "a reason", "ein Grund", "una razón", "سبب"),
}
_NEAR = (
    "Ces passages sont les plus proches de la question :",
    "These passages are the nearest to the question:",
    "Diese Passagen stehen der Frage am nächsten:",
    "Estos pasajes son los más cercanos a la pregunta:",
    "هذه المقاطع هي الأقرب إلى السؤال:",
)
_LEAD = (
    "D'après {sources} :",
    "According to {sources}:",
    "Laut {sources}:",
    "Según {sources}:",
    "بحسب {sources}:",
)
_UNSURE = (
    "Une réponse possible, à vérifier, d'après {sources} :",
    "A possible answer, to be checked, according to {sources}:",
    "Eine mögliche Antwort, zu prüfen, laut {sources}:",
    "Una respuesta posible, por comprobar, según {sources}:",
    "جواب محتمل يحتاج إلى تحقق، بحسب {sources}:",
)
_SHEET = (
    "la fiche « {title} » (résumé d'un document public : {details})",
    "the sheet « {title} » (summary of a public document: {details})",
    "dem Blatt « {title} » (Zusammenfassung eines öffentlichen Dokuments: {details})",
    "la ficha « {title} » (resumen de un documento público: {details})",
    "البطاقة « {title} » (ملخص وثيقة عامة: {details})",
)
_AND = (" et ", " and ", " und ", " y ", " و")

# Why a sentence of a model is not shown as supported, by the kind of its fault.
_FAULTS: dict[str, Said] = {
    "marker": ("elle ne cite aucun passage", "it cites no passage"),
    "figure": ("un nombre ou une date n'y est pas", "a number or a date is not in the passage"),
    "name": ("un nom n'y est pas", "a name is not in the passage"),
    "words": ("des mots n'y sont pas", "some words are not in the passage"),
    "negation": ("la négation n'est pas la même", "the negation is not the same"),
    "modality": (
        "l'engagement (peut, doit, recommande) n'est pas le même",
        "the commitment (may, must, recommends) is not the same",
    ),
    "quantity": ("la quantité n'est pas la même", "the quantity is not the same"),
    "order": (
        "un nom ou un nombre est pris pour un autre",
        "one name or number stands for another",
    ),
    "link": ("elle contient une adresse ou du code", "it holds an address or code"),
    "empty": ("elle ne dit rien", "it says nothing"),
}
_FAULT = ("Non confirmé par les sources : {why}.", "Not confirmed by the sources: {why}.")
_FAULT_AT = (
    "Non confirmé par les sources : {why} (« {words} »).",
    "Not confirmed by the sources: {why} (“{words}”).",
)
_INSTEAD: dict[str, Said] = {
    "unwritten": (
        "Le modèle de langue n'a pas répondu : voici les passages eux-mêmes.",
        "The language model did not answer: here are the passages themselves.",
    ),
    "unanswered": (
        "Le modèle de langue n'a pas trouvé de réponse dans les passages : les voici.",
        "The language model found no answer in the passages: here they are.",
    ),
    "unconfirmed": (
        "Ce que le modèle de langue a écrit n'est pas assez confirmé par les sources : voici les "
        "passages eux-mêmes.",
        "What the language model wrote is not confirmed enough by the sources: here are the "
        "passages themselves.",
    ),
}
_PARTLY = (
    "Une partie de la question reste sans réponse dans ces passages.",
    "A part of the question is not answered in these passages.",
)

VALIDATED = (  # an entry of the FAQ
    "Réponse à « {question} », validée le {date} par {by}.",
    "Answer to “{question}”, validated on {date} by {by}.",
)

_IN_SOURCES = (  # what an entry of the FAQ does not answer, asked again
    "Chercher dans les sources : {question}",
    "Search the sources: {question}",
)

EXAMPLES = (
    "Qu'est-ce que la Fabrique des transitions ?",
    "Pourquoi l'ALEC07 a-t-elle rejoint la Fabrique des transitions ?",
    "Quels sont les quatre objectifs de la charte ?",
    "Qui peut signer la charte ?",
    "C'est quoi un PCAET ?",
)


_ASKS_SOURCES = re.compile(
    "|".join(rf"(?:{said.partition(':')[0].strip()}\s*:\s*)+" for said in _IN_SOURCES),
    re.IGNORECASE,
)


class Wording:
    """The sentences of one agency."""

    def __init__(self, agency: str, contact: str) -> None:
        self._agency = agency
        self._contact = contact

    def declined(self, reason: Reason, language: str) -> str:
        """Why there is no answer, and where to turn when a contact is set."""
        if language not in _LANGUAGES[: len(_DECLINED[reason])]:
            language = "en"  # the contact too
        said = [_of(_DECLINED[reason], language)]
        if self._contact and reason in {"off_topic", "out_of_scope", "advice"}:
            said.append(_of(_CONTACT, language))
        return self._filled(" ".join(said))

    def not_found(self, language: str, lacking: Missing, near: bool) -> str:
        """That the sources do not answer, what they lack, and where to turn.

        ``near`` when passages that may help follow.
        """
        what = [_of(_KINDS[kind], language) for kind in lacking.kinds]
        what += [f"«\u00a0{word}\u00a0»" for word in lacking.words]
        said = [_of(_NOT_FOUND, language)]
        if what:
            said.append(_of(_LACKING, language).replace("{what}", ", ".join(what)))
        if self._contact:
            said.append(_of(_CONTACT, language))
        if near:
            said.append(_of(_NEAR, language))
        return self._filled(" ".join(said))

    def _filled(self, text: str) -> str:
        return text.replace("{agency}", self._agency).replace("{contact}", self._contact)


def lead(sources: Sequence[Source], language: str, sure: bool = True) -> str:
    """« D'après « Titre » (éditeur, décembre 2019) : », with a word of caution unless ``sure``."""
    said = _LEAD if sure else _UNSURE
    named = [named_source(source, language) for source in dict.fromkeys(sources)]
    return _of(said, language).replace("{sources}", _of(_AND, language).join(named))


def fault_said(kind: str, words: str, language: str) -> str:
    """Why a sentence that a model wrote is not confirmed; ``words`` are those that show it."""
    said = _of(_FAULT_AT if words else _FAULT, language)
    return said.replace("{why}", _of(_FAULTS[kind], language)).replace("{words}", words)


def validated_said(question: str, date: str, by: str, language: str) -> str:
    """That an entry of the FAQ answers, to which question, and when the agency validated it."""
    said = _of(VALIDATED, language).replace("{date}", shown_date(date, language))
    return said.replace("{by}", by).replace("{question}", question)


def in_sources(question: str, language: str) -> str:
    """The question as it is asked of the sources alone, whatever the FAQ has on it."""
    return _of(_IN_SOURCES, language).replace("{question}", question)


def of_sources(text: str) -> str:
    """The question that is asked of the sources alone; empty when the text asks for nothing else
    than an answer.
    """
    asked = _ASKS_SOURCES.match(text)
    return text[asked.end() :].strip() if asked else ""


def quoted_instead(language: str, outcome: str) -> str:
    """Why passages are quoted where a model was to write.

    ``outcome`` is ``unwritten`` (nothing came), ``unanswered`` (it said that they do not answer)
    or ``unconfirmed`` (what it wrote is not what they say).
    """
    return _of(_INSTEAD[outcome], language)


def partly(language: str) -> str:
    """That a part of the question is not answered."""
    return _of(_PARTLY, language)


def in_guillemets(quote: str) -> str:
    """The quotation between guillemets, those it holds becoming English ones."""
    inner = quote.replace("«\u00a0", "“").replace("« ", "“").replace("«", "“")
    inner = inner.replace("\u00a0»", "”").replace(" »", "”").replace("»", "”")
    return f"« {inner} »"


def named_source(source: Source, language: str) -> str:
    """A source as a sentence names it: title, then publisher and date where known.

    A sheet that sums up a public document says so: its words are not that publisher's.
    """
    details = ", ".join(filter(None, (source.publisher, shown_date(source.date, language))))
    if source.originals and details:
        return _of(_SHEET, language).format(title=source.title, details=details)
    return ", ".join(filter(None, (f"« {source.title} »", details)))


def shown_date(date: str | None, language: str = "fr") -> str:
    """``2019-12`` as « décembre 2019 », ``2020-02-12`` as « 12 février 2020 »; empty for None."""
    if not date:
        return ""
    year, *rest = date.split("-")
    if not rest or not 1 <= int(rest[0]) <= 12:
        return year
    spoken = language if language in _MONTHS else "en"
    whole, partial = _DATES.get(spoken, _DATE)
    month = _MONTHS[spoken].split()[int(rest[0]) - 1]
    if len(rest) == 1:
        return partial.format(month=month, year=year)
    day = "1er" if int(rest[1]) == 1 and spoken == "fr" else str(int(rest[1]))
    return whole.format(day=day, month=month, year=year)


def _of(said: Said, language: str) -> str:
    """What is said in that language, in English where it is not written in it."""
    known = dict(zip(_LANGUAGES, said, strict=False))
    return known.get(language, said[1])
