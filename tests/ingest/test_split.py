from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given

from ingest.documents import Document, Passage, Sentence, Source
from ingest.parse.markdown import parse_markdown
from ingest.split import LONGEST, SHORTEST, split
from tests.ingest.texts import TEXTS, text_document, without_blanks

SHORT = "La charte engage ses signataires à agir. "  # 41 characters
LONG_SENTENCE = "Les " + "territoires " * 80 + "agissent."


SOURCE = Source(title="charte", name="charte.md")


def markdown(text: str) -> Document:
    """The document of a sheet that is called « Charte »."""
    return parse_markdown(f"# Charte\n\n{text}", SOURCE)


def sentences(passages: list[Passage]) -> list[Sentence]:
    """Each sentence once, in order: passages may overlap."""
    return sorted({s for passage in passages for s in passage.sentences}, key=lambda s: s.start)


def texts(document: Document) -> list[str]:
    return [passage.text for passage in split(document)]


def test_a_short_document_is_one_passage_with_its_sentences() -> None:
    [passage] = split(text_document("La charte engage. Elle rassemble."))
    assert passage.text == "La charte engage. Elle rassemble."
    assert [sentence.text for sentence in passage.sentences] == [
        "La charte engage.", "Elle rassemble.",
    ]  # fmt: skip
    assert (passage.start, passage.end, passage.title) == (0, 33, "Charte")


def test_the_lengths_are_those_the_documentation_gives() -> None:
    assert (SHORTEST, LONGEST) == (300, 800)


def test_short_paragraphs_of_a_section_are_joined() -> None:
    assert texts(text_document("Un début.\n\nUne fin.")) == ["Un début.\n\nUne fin."]


def test_a_passage_closes_at_the_end_of_a_paragraph_that_is_long_enough() -> None:
    paragraph = (SHORT * 8).strip()
    assert SHORTEST <= len(paragraph) <= LONGEST
    assert texts(text_document(f"{paragraph}\n\nLa suite est courte.")) == [
        paragraph, "La suite est courte.",
    ]  # fmt: skip


def test_a_passage_never_crosses_a_heading() -> None:
    passages = split(markdown("# But\n\nAgir.\n\n# Moyens\n\nSigner."))
    assert [(passage.heading, passage.text) for passage in passages] == [
        (("But",), "Agir."), (("Moyens",), "Signer."),
    ]  # fmt: skip


def test_a_long_paragraph_is_seen_through_windows_of_whole_sentences_that_overlap() -> None:
    sentences = [f"La phrase numéro {number:02} du même paragraphe." for number in range(24)]
    text = " ".join(sentences)  # 1,007 characters: two windows
    first, last = texts(text_document(text))
    assert text.startswith(first)
    assert text.endswith(last)
    assert LONGEST - 50 < min(len(first), len(last)) <= max(len(first), len(last)) <= LONGEST
    assert sentences[11] in first
    assert sentences[12] in last


def test_no_two_windows_are_the_same() -> None:
    sentences = ["Elle " + "x" * (length - 6) + "." for length in (400, 384, 410, 420)]
    passages = split(text_document(" ".join(sentences)))
    spans = [(passage.start, passage.end) for passage in passages]
    assert len(set(spans)) == len(spans) == 3


def test_windows_on_a_very_long_paragraph_cover_it_without_a_gap() -> None:
    document = text_document((SHORT * 100).strip())
    passages = split(document)
    assert all(one.end > other.start for one, other in pairwise(passages))
    assert (passages[0].start, passages[-1].end) == (0, len(document.text))
    assert len(passages) == 6  # 4,100 characters in parts of at most 800, each then widened


def test_a_sentence_longer_than_a_passage_is_cut_at_a_space() -> None:
    assert len(LONG_SENTENCE) > LONGEST
    before, start, rest = texts(text_document(f"Avant. {LONG_SENTENCE} Après."))
    assert (before, f"{start} {rest}") == ("Avant.", f"{LONG_SENTENCE} Après.")
    assert LONGEST - len("territoires ") < len(start) <= LONGEST


@pytest.mark.parametrize(
    ("unit", "ends"),
    [
        ("a; b, c d\n", "d"), ("a; b, c d", ","), ("un;deux 1,5 ", ";"), ("1,2 3,4 ", "34"),
        ("1,2,3,4,", ","), ("\u00a01\u00a0000", "10"), ("abcd", "d"),
    ],
    ids=["newline", "comma", "semicolon", "space", "figures", "no-break", "nothing"],
)  # fmt: skip
def test_a_sentence_that_is_too_long_is_cut_at_the_best_place(unit: str, ends: str) -> None:
    *parts, _ = texts(text_document(unit * 1_000))
    assert len(parts) >= 4
    assert [part for part in parts if part[-1] not in ends or len(part) < 700] == []


def test_each_part_of_a_sentence_is_quoted_apart() -> None:
    for passage in split(text_document("mot " * 2_000)):
        [sentence] = passage.sentences
        assert sentence.text == passage.text == passage.text.strip()


@pytest.mark.parametrize(
    "unit", ["x", ",", "a,", "\n\u00a0a", "mot ", "a\n" + "b" * 799, " " * 900 + "a"]
)
def test_a_long_text_without_sentence_marks_is_split_in_linear_time(unit: str) -> None:
    document = text_document(unit * (500_000 // len(unit)))
    began = time.perf_counter()
    assert all(len(passage.text) <= LONGEST for passage in split(document))
    assert time.perf_counter() - began < 20


def test_ids_do_not_depend_on_the_title() -> None:
    named, renamed = (
        parse_markdown(f"---\ntitle: {title}\n---\n# Charte\n\nAgir.\n\n## But\n\nSigner.", SOURCE)
        for title in ("Charte", "La charte d'alliance")
    )
    assert [p.id for p in split(named)] == [p.id for p in split(renamed)]
    assert split(named)[0].title != split(renamed)[0].title


def test_a_list_stays_with_the_sentence_that_introduces_it() -> None:
    introduction = (SHORT * 8).strip()
    [passage] = split(markdown(f"{introduction}\n\n- agir\n- signer\n\nAilleurs."))[:1]
    assert passage.text == f"{introduction}\n\n• agir\n• signer"
    assert [sentence.item for sentence in passage.sentences] == [False] * 8 + [True, True]


def test_the_same_words_under_the_same_heading_get_two_ids() -> None:
    paragraph = (SHORT * 8).strip()
    one, other = split(text_document(f"{paragraph}\n\n{paragraph}"))
    assert one.text == other.text
    assert one.id != other.id


def test_a_passage_keeps_its_id_when_another_part_of_its_document_changes() -> None:
    before = split(markdown("# But\n\nAgir.\n\n# Moyens\n\nSigner."))
    after = split(markdown("# But\n\nAgir autrement, et longtemps.\n\n# Moyens\n\nSigner."))
    assert before[1].id == after[1].id
    assert before[1].start != after[1].start
    assert before[0].id != after[0].id


def test_a_passage_has_another_id_under_another_heading() -> None:
    [one], [other] = split(markdown("# But\n\nAgir.")), split(markdown("# Moyens\n\nAgir."))
    assert one.id != other.id


def test_a_document_of_headings_alone_has_no_passage() -> None:
    assert split(markdown("# But\n\n## Moyens")) == []


@given(TEXTS)
def test_every_character_that_is_not_blank_nor_a_heading_is_quoted_in_order(text: str) -> None:
    for document in (text_document(text), markdown(text.replace("---", ""))):
        expected = "".join(
            without_blanks(document.text[block.start : block.end])
            for block in document.blocks
            if block.kind != "heading"
        )
        quoted = sentences(split(document))
        assert "".join(without_blanks(sentence.text) for sentence in quoted) == expected


@given(TEXTS)
def test_offsets_of_passages_and_sentences_give_their_text(text: str) -> None:
    document = text_document(text * 4)
    for passage in split(document):
        place = passage.start
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        for sentence in passage.sentences:
            assert document.text[sentence.start : sentence.end] == sentence.text
            assert place <= sentence.start < sentence.end
            place = sentence.end


@given(TEXTS)
def test_no_passage_is_longer_than_the_longest(text: str) -> None:
    for document in (text_document(text * 12), markdown(text * 12)):
        assert [passage for passage in split(document) if len(passage.text) > LONGEST] == []


@given(TEXTS)
def test_ids_are_those_of_the_content_and_never_collide(text: str) -> None:
    passages = split(text_document(text + "\n\n" + text))
    assert passages == split(text_document(text + "\n\n" + text))
    assert len({passage.id for passage in passages}) == len(passages)


def test_a_list_of_thousands_of_items_is_cut_into_passages() -> None:
    passages = split(text_document("Voici :\n" + "- agir vite\n" * 5_000))
    assert max(len(passage.text) for passage in passages) <= LONGEST
    assert len(sentences(passages)) == 5_001
