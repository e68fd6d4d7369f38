from dataclasses import replace
from typing import get_args

import pytest

from app.answers import Reason
from app.missing import Missing
from app.verify.verdicts import FaultKind
from app.wording import (
    EXAMPLES,
    Wording,
    fault_said,
    in_sources,
    lead,
    named_source,
    of_sources,
    partly,
    quoted_instead,
    shown_date,
)
from ingest.documents import Source

WORDING = Wording("l'ALEC07", "04 75 00 00 00")
CHARTER = Source(title="La charte", publisher="CITEGO", date="2019-12")
NOTICE = Source(title="Un avis")


@pytest.mark.parametrize("language", ["fr", "en", "de"])
@pytest.mark.parametrize(
    "question", ["Qui signe ?", "Chercher dans les sources", "{question}", "ß"]
)
def test_what_is_asked_of_the_sources_alone_is_read_again(question: str, language: str) -> None:
    asked = in_sources(question, language)
    assert asked.startswith("Chercher" if language == "fr" else "Search")
    assert of_sources(asked) == of_sources(asked.upper().replace(question.upper(), question))
    assert of_sources(asked) == question


@pytest.mark.parametrize(
    "text",
    ["chercher dans les sources: Qui ?", "Search the sources : Qui ?",
     "Chercher dans les sources\u00a0: Chercher dans les sources : Qui ?"],
)  # fmt: skip
def test_the_sources_are_asked_however_the_colon_is_typed(text: str) -> None:
    assert of_sources(text) == "Qui ?"


@pytest.mark.parametrize("text", ["", "Qui signe ?", "Chercher dans les sources :", "Search"])
def test_any_other_text_is_not_of_the_sources_alone(text: str) -> None:
    assert of_sources(text) == ""


@pytest.mark.parametrize("language", ["fr", "en", "de", "it"])
@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_is_worded_for_the_agency(reason: Reason, language: str) -> None:
    text = WORDING.declined(reason, language)

    assert text.endswith(".")
    assert "{" not in text
    translated = language == "fr" or (language == "de" and reason == "off_topic")
    assert (text == WORDING.declined(reason, "en")) is not translated
    assert (text == WORDING.declined(reason, "fr")) is (language == "fr")


def test_the_agency_is_named_in_a_greeting() -> None:
    assert WORDING.declined("greeting", "fr") == (
        "Bonjour ! Posez-moi une question sur la charte, l'alliance ou l'ALEC07 : "
        "je réponds en citant les sources."
    )


@pytest.mark.parametrize("reason", get_args(Reason))
def test_the_contact_is_given_to_those_whom_the_agency_can_help(reason: Reason) -> None:
    given = "04 75 00 00 00" in WORDING.declined(reason, "fr")

    assert given is (reason in {"off_topic", "out_of_scope", "advice"})
    assert "vous adresser à l'" not in Wording("l'ALEC07", "").declined(reason, "fr")


def test_what_is_not_found_is_said_with_what_is_missing_and_the_contact() -> None:
    assert WORDING.not_found("fr", Missing(("date",), ("coûté",)), near=True) == (
        "Je n'ai pas trouvé de réponse sûre dans les sources. "
        "Il semble y manquer : une date, «\u00a0coûté\u00a0». "
        "Vous pouvez aussi vous adresser à l'ALEC07 : 04 75 00 00 00. "
        "Ces passages sont les plus proches de la question :"
    )
    assert Wording("l'agence", "").not_found("en", Missing(), near=False) == (
        "I found no sure answer in the sources."
    )


@pytest.mark.parametrize(
    ("language", "start"),
    [("de", "Laut"), ("es", "Según"), ("ar", "بحسب"), ("it", "According"), ("en", "According")],
)
def test_the_lead_is_in_the_language_of_the_question_or_in_english(
    language: str, start: str
) -> None:
    assert lead([CHARTER], language).startswith(start)
    assert "« La charte »" in lead([CHARTER], language)


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "ar"])
def test_an_answer_that_is_not_sure_says_so_in_every_language(language: str) -> None:
    unsure = lead([CHARTER], language, sure=False)

    assert unsure != lead([CHARTER], language)
    assert "{" not in unsure
    assert "{" not in WORDING.not_found(
        language, Missing(("date", "number", "reason"), ("mot",)), near=True
    )


def test_dates_are_written_as_in_the_language() -> None:
    assert shown_date("2020-02-01", "de") == "1. Februar 2020"
    assert shown_date("2019-12", "es") == "diciembre de 2019"
    assert shown_date("2020-02-01", "ar") == "1 فبراير 2020"


def test_an_agency_named_with_braces_is_written_as_it_is() -> None:
    assert "l'agence {0} {contact" in Wording("l'agence {0} {contact", "").declined("about", "fr")


@pytest.mark.parametrize(
    ("date", "french", "english"),
    [
        (None, "", ""),
        ("2019", "2019", "2019"),
        ("2019-12", "décembre 2019", "December 2019"),
        ("2020-02-12", "12 février 2020", "12 February 2020"),
        ("2020-03-01", "1er mars 2020", "1 March 2020"),
        ("2020-13", "2020", "2020"),
    ],
)
def test_a_partial_date_is_shown_as_far_as_it_is_known(
    date: str | None, french: str, english: str
) -> None:
    assert shown_date(date) == french
    assert shown_date(date, "en") == english


def test_a_source_is_named_by_what_is_known_of_it() -> None:
    assert named_source(CHARTER, "fr") == "« La charte », CITEGO, décembre 2019"
    assert named_source(replace(CHARTER, publisher=None), "en") == "« La charte », December 2019"
    assert named_source(NOTICE, "fr") == "« Un avis »"


def test_the_lead_names_each_source_once() -> None:
    assert lead([NOTICE, CHARTER, NOTICE], "fr") == (
        "D'après « Un avis » et « La charte », CITEGO, décembre 2019 :"
    )
    assert lead([NOTICE], "en") == "According to « Un avis »:"


@pytest.mark.parametrize("language", ["fr", "en", "de"])
@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_fault_of_a_sentence_is_worded(kind: FaultKind, language: str) -> None:
    bare, shown = fault_said(kind, "", language), fault_said(kind, "12 {words}", language)

    assert bare.endswith(".") and "{" not in bare
    assert "12 {words}" in shown and shown.startswith(bare[:-1])
    assert (bare == fault_said(kind, "", "fr")) is (language == "fr")


@pytest.mark.parametrize("outcome", ["unwritten", "unanswered", "unconfirmed"])
def test_every_reason_to_quote_instead_is_worded(outcome: str) -> None:
    assert quoted_instead("fr", outcome) != quoted_instead("en", outcome)
    assert quoted_instead("de", outcome) == quoted_instead("en", outcome)
    assert partly("fr") != partly("en") == partly("ar")


def test_the_examples_are_questions() -> None:
    assert len(set(EXAMPLES)) == len(EXAMPLES) >= 3
    assert all(example.endswith(" ?") for example in EXAMPLES)
