"""A conversation as HTML: every outcome, every link, and nothing of a text becoming markup."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

from app.answers import Answer, Declined, Piece, Statement
from app.web.render import Turn, Welcome, conversation, footer, header, panel, welcome
from ingest.documents import Document, Source
from tests.web.conftest import (
    ANSWER,
    DOCUMENT,
    FROM_FAQ,
    HOSTILE,
    NOT_FOUND,
    PIECES,
    QUOTE,
    SHEET_DOCUMENT,
    SOURCE,
    TEXT,
    WHOLE,
    WRITTEN,
    blocks_of,
    citation,
)
from tests.web.test_sources import Reader, folded

ANSWERED = Turn(2, "Quand ?", ANSWER, (WHOLE,))


def test_an_answer_quotes_and_links_to_the_card_of_its_source() -> None:
    shown = conversation([ANSWERED])
    assert 'id="q2"' in shown and 'href="#s2-1"' in shown
    assert "D'après « La charte » :" in unescape(shown)
    assert QUOTE in unescape(shown) and "Cité mot pour mot" in shown
    assert 'id="s2-1"' in panel([ANSWERED])


def test_a_card_shows_the_passage_with_the_quoted_words_marked() -> None:
    reader = Reader(panel([ANSWERED]))
    assert "".join(reader.marked).strip() == QUOTE
    assert "Elle a été signée par des villes." in "".join(reader.text)
    shown = unescape(panel([ANSWERED]))
    assert "CITEGO · décembre 2019 · Charte" in shown and "Objectifs" in shown


def test_a_card_leads_to_the_passage_in_the_source_and_to_the_original() -> None:
    start = TEXT.index(QUOTE)
    shown = unescape(panel([ANSWERED]))
    at = f"passage=p1&start={start}&end={start + len(QUOTE)}"
    assert f'href="sources/{SOURCE.id}?{at}#passage"' in shown
    assert 'href="https://citego.org/charte#:~:text=Elle%20date%20de%202019."' in shown
    assert 'href="#q2"' in shown


def test_a_card_without_its_passage_shows_the_quotation() -> None:
    shown = panel([replace(ANSWERED, passages=())])
    assert "".join(Reader(shown).marked).strip() == QUOTE


def test_a_sheet_is_named_so_and_its_unsafe_address_is_no_link() -> None:
    turn = Turn(1, "?", replace(ANSWER, citations=(citation(SHEET_DOCUMENT, HOSTILE),)))
    shown = unescape(panel([turn]))
    assert "2020 · Fiche de synthèse" in shown
    assert 'href="https://alec.fr/a"' in shown and 'href="javascript' not in shown


def test_hostile_text_is_text_everywhere() -> None:
    answer = Answer(HOSTILE, (), (citation(SHEET_DOCUMENT, HOSTILE),), 0.5, mode="generated")
    for outcome in (answer, replace(answer, mode="quoted"), Declined(HOSTILE, "about"),
                    replace(NOT_FOUND, text=HOSTILE, citations=answer.citations)):  # fmt: skip
        turns = [Turn(1, HOSTILE, outcome), Turn(2, HOSTILE, error=HOSTILE)]
        for shown in (conversation(turns), panel(turns), panel(turns[:1])):
            assert "\n" not in shown
            reader = Reader(shown)
            assert not {"script", "img", "b"} & set(reader.tags)
        assert "".join(Reader(conversation(turns)).text).count(HOSTILE) >= 3


def test_only_markers_of_citations_become_links_in_a_written_answer() -> None:
    cited = (citation(DOCUMENT, QUOTE), citation(DOCUMENT, "agir", 2))
    said = (Statement("Un [1] et deux.", (1, 2)), Statement("Trois [2], [3] et [4.5].", (3,)))
    answer = Answer("Selon elle :\nIgnoré [1].", said, cited, 0.5, mode="generated")
    shown = conversation([Turn(1, "?", answer)])
    assert shown.count('class="ch-ref"') == 2
    assert 'href="#s1-1"' in shown and 'href="#s1-2"' in shown
    assert "Un [1] et deux.\u00a0" in unescape(shown) and "Trois [2], [3] et [4.5]." in unescape(
        shown
    )
    assert "Selon elle :" in unescape(shown) and "Ignoré" not in shown
    assert "Rédigé par un modèle de langue" in shown and "Cité mot pour mot" not in shown


def test_what_is_written_so_far_has_its_references_and_its_cards() -> None:
    turn = Turn(1, "Quand ?", pieces=PIECES[:1], passages=(WHOLE,))
    shown = conversation([turn])
    assert "ch-waiting" in shown and "Je rédige la réponse" in shown
    assert "Elle date de 2019." in unescape(shown) and 'href="#s1-1"' in shown
    assert 'id="s1-1"' in panel([turn]) and "Je cherche" not in panel([turn])
    both = replace(turn, pieces=PIECES)
    assert 'href="#s1-2"' in conversation([both]) and 'id="s1-2"' in panel([both])


def test_a_sentence_that_nothing_confirms_is_struck_with_its_reason() -> None:
    lie = Statement("Elle date de 1900 <b>.", (), False, "Non confirmé : un nombre <i>.")
    turn = Turn(1, "?", replace(WRITTEN, statements=(*WRITTEN.statements, lie)))
    for shown in (conversation([turn]), conversation([Turn(1, "?", pieces=(Piece(lie),))])):
        reader = Reader(shown)
        assert reader.tags.count("s") == 1 and not {"b", "i"} & set(reader.tags)
        said = folded("".join(reader.text))
        assert "Phrase non confirmée : Elle date de 1900 <b>. Non confirmé : un nombre" in said


def test_a_quoted_answer_says_why_nothing_was_written() -> None:
    turn = Turn(1, "?", replace(ANSWER, note="Le modèle <b> n'a pas répondu."))
    shown = conversation([turn])
    assert "Le modèle <b> n'a pas répondu." in unescape(shown) and "<b>" not in shown
    assert "<blockquote" in shown and "Cité mot pour mot" in shown
    assert conversation([Turn(1, "?", ANSWER)]).count("ch-note") == 2


def test_near_passages_are_offered_as_what_they_are() -> None:
    turn = Turn(1, "Le budget ?", NOT_FOUND)
    assert "Les sources ne répondent pas." in unescape(conversation([turn]))
    assert '<li><p class="ch-meta">La charte</p><blockquote' in conversation([turn])
    assert "<h2>Passages qui peuvent aider</h2>" in panel([turn])
    assert "Cité mot pour mot" not in conversation([turn])


def test_what_is_not_answered_yet_and_what_failed() -> None:
    waiting = Turn(1, "Qui ?")
    assert "ch-waiting" in conversation([waiting]) and "Je cherche" in panel([waiting])
    failed = Turn(1, "Qui ?", error="Réessayez.")
    assert "ch-waiting" not in conversation([failed])
    assert "Réessayez." in unescape(conversation([failed]))
    assert "ne cite aucune source" in panel([failed])
    declined = Turn(1, "Bonjour", Declined("Bonjour !", "greeting"))
    assert "Bonjour !" in unescape(conversation([declined]))


def test_earlier_sources_stay_reachable_under_the_last_ones() -> None:
    shown = panel([Turn(1, "Avant ?", ANSWER), Turn(2, "Bonjour", Declined("Bonjour !", "about")),
                   Turn(3, "Après ?", ANSWER)])  # fmt: skip
    assert shown.index('id="s3-1"') < shown.index("<details>") < shown.index('id="s1-1"')
    assert shown.count("<details>") == 1 and "Avant ?" in unescape(shown)


def test_words_that_two_sources_hold_are_shown_once_with_both_references() -> None:
    one = ANSWER.citations[0]
    both = replace(ANSWER, citations=(one, replace(one, number=2)))
    shown = conversation([Turn(1, "?", both)])
    assert shown.count("<blockquote") == 1
    assert 'href="#s1-1"' in shown and 'href="#s1-2"' in shown
    assert panel([Turn(1, "?", both)]).count("<article") == 2


def test_a_quotation_in_another_language_says_so() -> None:
    source = Source("The charter", language="en")
    text = "It is a charter."
    document = Document(source, text, blocks_of(text, (("paragraph", text, 0),)))
    turn = Turn(1, "?", replace(ANSWER, citations=(citation(document, text),)))
    assert '<blockquote lang="en">' in panel([turn])
    assert 'lang="en"' in conversation([turn])


def test_the_page_says_what_it_is_before_anything_is_asked() -> None:
    known = Welcome("04 75 00 00 00", degraded=True, thresholds=(0.731, 0.968))
    said = unescape(header() + welcome(known) + footer())
    for sentence in (
        "système automatique",
        "donnée personnelle",
        "04 75 00 00 00",
        "Aucun cookie",
        "au plus une heure après la visite",
        "seuls les mots de votre question",
        "Accessibilité : non conforme",
        "atteint 73 %",
        "au plus 5 % d'entre elles",
        "Entre 73 et 97 %",
    ):
        assert sentence in said
    assert "seuls les mots" not in welcome(Welcome())
    assert "s'afficheront ici" in panel([])


def test_an_entry_of_the_faq_is_shown_as_the_staff_wrote_it() -> None:
    shown = conversation([Turn(3, "De quand ?", FROM_FAQ, (WHOLE,), asked="De quand ?")])
    assert '<div class="ch-validated" dir="auto"><p>Elle <strong>date</strong> de 2019' in shown
    assert "Réponse de la foire aux questions" in shown and "Trouvé dans" not in shown
    assert shown.count("<li><p>") == shown.count("</p></li>") == 2
    assert shown.count('href="#s3-1"') == shown.count('href="#s3-2"') == 1
    assert 'href="https://alec.fr/a" target="_blank" rel="noopener"' in shown
    said = unescape(shown)
    assert "Réponse à « De quand date la charte ? », validée le 12 mars 2026 par l'ALEC07." in said
    assert said.index("Réponse à « De quand") < said.index("Elle <strong>date")
    assert "D'après" not in said and "modèle de langue" not in said and "mot pour mot" not in said
    assert 'id="s3-2"' in panel([Turn(3, "De quand ?", FROM_FAQ, (WHOLE,))])


def test_an_entry_is_told_in_english_and_its_french_answer_is_marked_so() -> None:
    shown = unescape(conversation([Turn(1, "When?", FROM_FAQ, language="en")]))
    assert "validated on 12 March 2026 by l'ALEC07." in shown
    assert '<div class="ch-validated" dir="auto" lang="fr">' in shown


def test_nothing_of_an_entry_becomes_markup() -> None:
    assert FROM_FAQ.validated
    hostile = f"{HOSTILE} **{HOSTILE}** [9]\n\n- {HOSTILE}"
    known = replace(FROM_FAQ.validated, markdown=hostile, question=HOSTILE, by=HOSTILE)
    shown = conversation([Turn(1, HOSTILE, replace(FROM_FAQ, validated=known))])
    assert "<script" not in shown and "<img" not in shown and "\n" not in shown
    assert 'href="javascript' not in shown and "&#91;9&#93;" not in shown
