import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evaluate.cases import SQUAD, Case, read_cases
from ingest.errors import SettingsError
from tests.app.evaluate.made import ARTICLES, citation, saved

Read = Callable[[str | bytes], list[Case]]
PIECES = st.text("aé🌱ﬁ \n\r.•«»", min_size=1, max_size=12)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The cases of a CSV file of this content, which brings no document."""

    def read(content: str | bytes) -> list[Case]:
        file = tmp_path / "questions.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        cases, documents = read_cases(file)
        assert documents == []
        return cases

    return read


def test_a_question_alone_is_answerable_and_numbered(read: Read) -> None:
    assert read("question\nQui ?\nQuand ?\n") == [
        Case("1", "Qui ?", "", answerable=True),
        Case("2", "Quand ?", "", answerable=True),
    ]


def test_a_golden_row_names_sources_and_terms(read: Read) -> None:
    [case] = read(
        "id,question,kind,expected,source,key_terms,lang,follows\n"
        "G1,Qui ?,who,answered,a.md| b.md,Pierre Calame|| 1802 ,fr,\n"
    )
    assert case == Case(
        "G1", "Qui ?", "who", answerable=True,
        sources=frozenset({"a.md", "b.md"}), terms=("Pierre Calame", "1802"),
    )  # fmt: skip


def test_a_row_with_offsets_is_checked_by_them_and_not_by_terms(read: Read) -> None:
    first, second = read(
        "question,source,start,end,alt_start,alt_end,style,key_terms\n"
        "Qui ?,Fiche,3,9,20,26,court,Julian\nOù ?,Fiche,4,5,,,long,\n"
    )
    assert (first.spans, first.terms, first.kind) == (((3, 9), (20, 26)), (), "court")
    assert second.spans == ((4, 5),)


@pytest.mark.parametrize(
    ("header", "value", "answerable"),
    [
        ("expected", "answered", True), ("expected", "", True), ("expected", "not_found", False),
        ("expected", "declined", False), ("answerable_from", "none", False),
        ("answerable_from", "both", True),
    ],
)  # fmt: skip
def test_a_row_says_whether_it_has_an_answer(
    read: Read, header: str, value: str, answerable: bool
) -> None:
    [case] = read(f"question,{header}\nQui ?,{value}\n")
    assert case.answerable is answerable


def test_a_row_follows_another_by_its_id_or_gives_the_question_before(read: Read) -> None:
    cases = read(
        "id,question,follows,previous\na,Qui ?,,\nb,Et quand ?,a,\nc,Et où ?,,Combien ?\n"
        "d,Et ?,nulle-part,\n"
    )
    assert [case.previous for case in cases] == [None, "Qui ?", "Combien ?", None]


def test_without_ids_nothing_is_followed(read: Read) -> None:
    assert [case.previous for case in read("question,follows\nQui ?,\nQuand ?,\n")] == [None, None]
    assert [case.previous for case in read("id,question\n,Qui ?\n,Quand ?\n")] == [None, None]


@pytest.mark.parametrize(
    "content",
    [
        "question,source\nQui ?,a.md\n".encode("utf-8-sig"),
        b"question,source\r\nQui ?,a.md\r\n",
        b"question,source\n\n\nQui ?,a.md",
        b"question,source\nQui ?,a.md,trop,de,cases\n",
        b'id,"question",source,key_terms,answerable_from\n1,"Qui ?",a.md\n',
    ],
    ids=["BOM", "CRLF", "blank lines", "more cells", "fewer cells"],
)
def test_a_table_is_read_however_it_was_written(read: Read, content: bytes) -> None:
    assert read(content) == [Case("1", "Qui ?", "", True, sources=frozenset({"a.md"}))]


def test_what_other_readers_take_for_the_end_of_a_line_is_not_one(read: Read) -> None:
    [case] = read("question,kind\nQui\u2028peut\x85signer\x0c?,x\n")
    assert (case.question, case.kind) == ("Qui\u2028peut\x85signer\x0c?", "x")


def test_each_answer_of_an_article_stands_at_its_offsets(tmp_path: Path) -> None:
    cases, documents = read_cases(saved(tmp_path))
    texts = {document.source.name: document.text for document in documents}
    shown = {
        case.id: [texts[name][a:b] for name in case.sources for a, b in case.spans]
        for case in cases
    }
    assert shown == {
        "nord": ["le nord"], "lune": ["vingt-sept jours", "vingt-sept"], "pas": [],
        "pain": ["boulanger"],
    }  # fmt: skip
    assert [case.id for case in cases if not case.answerable] == ["pas"]
    assert {case.kind for case in cases} == {SQUAD}


def test_articles_keep_their_titles_and_two_of_one_title_are_two_sources(tmp_path: Path) -> None:
    data = {"data": [*ARTICLES["data"], ARTICLES["data"][1]]}
    cases, documents = read_cases(saved(tmp_path, data))

    assert [d.source.title for d in documents] == ["Le ciel & ses lumières", "Pain", "Pain"]
    assert len({d.source.id for d in documents}) == 3
    assert [[d.source.name for d in documents if c.is_from(d.source)] for c in cases[-2:]] == [
        ["1-Pain"], ["2-Pain"],
    ]  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=40)
@given(articles=st.lists(st.lists(st.tuples(PIECES, PIECES, PIECES), min_size=1), min_size=1))
def test_offsets_hold_whatever_the_paragraphs_are(
    tmp_path_factory: pytest.TempPathFactory, articles: list[list[tuple[str, str, str]]]
) -> None:
    def paragraph(before: str, answer: str, after: str) -> dict[str, Any]:
        found = {"text": answer, "answer_start": len(before)}
        return {
            "context": before + answer + after, "qas": [{"question": "Qui ?", "answers": [found]}]
        }  # fmt: skip

    data = [{"title": "Ici", "paragraphs": [paragraph(*p) for p in ps]} for ps in articles]
    cases, documents = read_cases(saved(tmp_path_factory.getbasetemp(), {"data": data}))
    texts = {document.source.name: document.text for document in documents}
    shown = [texts[name][a:b] for case in cases for name in case.sources for a, b in case.spans]

    assert shown == [answer for paragraphs in articles for _, answer, _ in paragraphs]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""), ("a.csv", b"question\n"), ("a.csv", b"Question\nQui ?\n"),
        ("a.csv", "question\nOù ?\n".encode("latin-1")),
        ("a.csv", b"question,start,end\nQui ?,trois,9\n"),
        ("a.csv", b'question\n"' + b"x" * 200_000),
        ("a.json", b"{"), ("a.json", b"[]"), ("a.json", b'{"data": []}'), ("a.json", b"\xff"),
        ("a.json", b'{"data": [{"title": "T"}]}'), ("a.json", b'{"data": ["T"]}'),
        ("a.JSON", json.dumps({"data": [{"title": "T", "paragraphs": [
            {"context": "C", "qas": [{"question": "Q", "answers": [{"text": "C"}]}]}
        ]}]}).encode()),
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_and_named(
    tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        read_cases(file)
    assert str(refused.value) == (
        f"Le fichier « {file} » ne peut pas être lu : il n'a pas la forme attendue."
    )


@pytest.mark.parametrize("name", ["absent.csv", "absent.json", "."])
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with pytest.raises(SettingsError) as refused:
        read_cases(file)
    assert str(refused.value).startswith(f"Le fichier « {file} » ne peut pas être lu : ")


def test_one_quotation_must_hold_the_whole_span_and_any_of_the_spans_will_do() -> None:
    case = Case("1", "Qui ?", "", True, sources=frozenset({"fiche.md"}), spans=((3, 9), (20, 26)))

    assert case.is_quoted_by((citation("x" * 10),))
    assert case.is_quoted_by((citation("x", start=99), citation("x" * 6, start=20)))
    assert not case.is_quoted_by((citation("x" * 6), citation("x" * 6, start=6)))
    assert not case.is_quoted_by((citation("x" * 10, name="autre.md"),))
    assert not case.is_quoted_by(())


def test_quotations_of_the_right_sources_hold_the_terms_together() -> None:
    case = Case("1", "Qui ?", "", True, sources=frozenset({"Fiche"}), terms=("ÉLUS", "l'alliance"))
    elected, alliance = citation("Les élus votent."), citation("De l’Alliance.")

    assert case.is_quoted_by((elected, alliance))
    assert not case.is_quoted_by((elected,))
    assert not case.is_quoted_by((elected, citation("De l’Alliance.", title="Autre")))


def test_a_quotation_touches_the_answer_when_they_share_a_character() -> None:
    case = Case("1", "Qui ?", "", True, sources=frozenset({"Fiche"}), spans=((3, 9),))

    assert [case.is_overlapped_by(citation("xxx", start)) for start in (0, 1, 8, 9)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not case.is_overlapped_by(citation("xxx", 3, title="Autre"))


def test_a_case_with_neither_source_nor_answer_cannot_be_checked() -> None:
    assert not Case("1", "Qui ?", "", True).is_checkable
    assert not Case("1", "Qui ?", "", False, terms=("élus",)).is_checkable
    assert Case("1", "Qui ?", "", True, sources=frozenset({"Fiche"})).is_checkable


def test_words_of_an_answer_are_said_wherever_they_stand_and_whole() -> None:
    case = Case("1", "Combien ?", SQUAD, answerable=True, answers=("12", "Une douzaine"))

    assert case.is_said_in("Ils sont 12, dit-on.") and case.is_said_in("C'est une  DOUZAINE.")
    assert not case.is_said_in("Depuis 2012, 120 ou 1,2.") and not case.is_said_in("")
    assert replace(case, answers=("l’été (1,5 °C)",)).is_said_in("Dans l'ete (1,5 °C).")


def test_a_text_must_hold_all_terms_and_is_neither_where_nothing_tells() -> None:
    case = Case("1", "Qui ?", "who", answerable=True, terms=("Pierre Calame", "1802"))

    assert case.is_said_in("En 1802, pierre calame.") is True
    assert case.is_said_in("Pierre Calame.") is False
    assert replace(case, terms=(), spans=((1, 2),)).is_said_in("Pierre Calame.") is None
    assert replace(case, answerable=False).is_said_in("Pierre Calame, 1802.") is None


def test_the_answers_of_an_article_are_kept_but_empty_ones(tmp_path: Path) -> None:
    cases, _ = read_cases(saved(tmp_path))

    assert [case.answers for case in cases] == [
        ("le nord",), ("vingt-sept jours", "vingt-sept"), (), ("boulanger",),
    ]  # fmt: skip
    blank = {"context": "Le", "qas": [{"question": "?", "answers": [
        {"text": " ", "answer_start": 0}]}]}  # fmt: skip
    cases, _ = read_cases(saved(tmp_path, {"data": [{"title": "L", "paragraphs": [blank]}]}))
    assert [(case.answers, case.is_sayable) for case in cases] == [((), False)]
