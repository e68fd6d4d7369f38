from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.faq.imports.reader import read_faq
from app.faq.imports.row import BadRow, Reading, Row, UnreadableFaq
from tests.faq.imports.files import LINKED, MICRODATA, UNFOLDING, linked, page


def read(text: str) -> Reading:
    return read_faq(text.encode(), "html")


def test_linked_data_gives_the_questions_and_their_answers_as_markdown() -> None:
    head = '<link rel="canonical" href="https://ville.fr/faq/">\n'
    found = read(linked(head=head))
    assert found.rows == (
        Row("ligne 2, question 1", "Qui peut\u00a0signer ?",
            "Toute **commune**, [selon la charte](https://ville.fr/charte)."),
        Row("ligne 2, question 2", "Combien ?", "Rien.\n\nVraiment rien."),
    )  # fmt: skip


@pytest.mark.parametrize(
    "wrap",
    [
        lambda data: [data],
        lambda data: {"@graph": [{"@type": "WebPage"}, data]},
        lambda data: {**data, "@type": ["WebPage", "https://schema.org/FAQPage"]},
        lambda data: {**data, "mainEntity": data["mainEntity"][0]},
    ],
)
def test_linked_data_is_found_however_it_is_nested(wrap: Callable[[dict[str, Any]], Any]) -> None:
    data = json.dumps(wrap(json.loads(LINKED)))
    assert read(linked(data)).rows[0].question == "Qui peut\u00a0signer ?"


def test_an_address_that_is_not_whole_is_only_text() -> None:
    assert read(linked()).rows[0].answer == "Toute **commune**, selon la charte."


def test_a_question_of_linked_data_without_name_or_answer_is_told() -> None:
    questions = [
        {"@type": "Question", "name": "  "},
        {"@type": "Question", "name": "Qui ?", "acceptedAnswer": {"text": "<script>x</script>"}},
        {"@type": "Question", "name": "Où ?", "acceptedAnswer": [{"text": "Ici."}, {"text": "Là"}]},
        {"@type": "Question", "name": ["?"], "acceptedAnswer": "Ici."},
    ]
    found = read(linked(json.dumps({"@type": "FAQPage", "mainEntity": questions})))
    assert [row.answer for row in found.rows] == ["Ici."]
    assert [bad.place[-10:] for bad in found.bad] == ["question 1", "question 2", "question 4"]


def test_linked_data_that_is_no_json_is_told_and_the_other_forms_are_looked_at() -> None:
    found = read(page(UNFOLDING, '<script type="application/ld+json">{"Question"</script>'))
    assert found.bad[0].why == "Les données JSON-LD ne sont pas du JSON valide."
    assert len(found.rows) == 2


def test_line_breaks_in_json_are_forgiven_and_other_scripts_are_not_looked_at() -> None:
    data = '{"@type":"Question","name":"Qui\n?","acceptedAnswer":{"text":"Vous.\nOui."}}'
    other = '<script type="application/ld+json">{"@type":"Organization"}</script><script>x</script>'
    [row] = read(linked(data, other)).rows
    assert (row.question, row.answer) == ("Qui ?", "Vous. Oui.")


def test_microdata_gives_what_is_of_the_question_itself() -> None:
    [row] = read(page(MICRODATA)).rows
    assert (row.question, row.answer) == (
        "Qui peut signer ?", "Toute commune.\n\n- le maire ;\n- le conseil.",
    )  # fmt: skip


def test_blocks_that_unfold_have_the_heading_above_for_a_theme() -> None:
    first, second = read(page(UNFOLDING)).rows
    assert (first.question, first.theme) == ("Qui peut signer ?", "La charte")
    assert first.answer == "Toute commune.\n\nEt même vous."
    assert (second.question, second.answer, second.theme) == ("Où ?", "À Privas.", "L'agence")


def test_a_block_that_holds_others_is_their_theme() -> None:
    inner = "<details><summary>Où ?</summary>Ici.</details><details>Rien</details>"
    found = read(page(f"<details><summary>Lieux</summary>{inner}</details>"))
    assert [(row.question, row.theme) for row in found.rows] == [("Où ?", "Lieux")]
    assert found.bad == (BadRow("ligne 1", "Le bloc à déplier n'a pas de titre (« summary »)."),)


@pytest.mark.parametrize("body", ["", "<p>Bonjour</p>", "<dl><dt>Qui ?</dt><dd>Vous</dd></dl>"])
def test_a_page_without_a_faq_is_refused(body: str) -> None:
    with pytest.raises(UnreadableFaq, match="Aucune FAQ"):
        read(page(body))
