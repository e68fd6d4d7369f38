from __future__ import annotations

import math
from pathlib import Path

import pytest

from ingest.documents import Source
from ingest.errors import ReleaseDamaged
from ingest.lexicon import Lexicon, build_lexicon
from ingest.parse.markdown import parse_markdown
from ingest.split import split

SHEET = """# La charte

## Signer

Toute collectivité peut signer. La signature est gratuite.

## Gouvernance

Le conseil de l'ALEC07 se réunit à Privas.

## Énergie

Le conseil isole les toits, les toits et les murs.
"""
PASSAGES = split(parse_markdown(SHEET, Source(title="sheet")))
SIGN, BOARD, ENERGY = (passage.id for passage in PASSAGES)
BOTH = {"title": 1.0, "text": 1.0}


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    build_lexicon(tmp_path / "lexicon", [(p.id, p.context, p.text) for p in PASSAGES])
    return Lexicon(tmp_path / "lexicon")


def found(lexicon: Lexicon, words: str, boosts: dict[str, float] = BOTH) -> list[str]:
    return [id for id, _ in lexicon.search(lexicon.analysis.terms(words), 10, boosts)]


def test_it_holds_every_passage(lexicon: Lexicon) -> None:
    assert len(lexicon) == 3
    assert lexicon.holds([[SIGN, BOARD], [ENERGY]])


@pytest.mark.parametrize("others", [[], [SIGN], [SIGN, BOARD, "absent"]], ids=len)
def test_other_passages_are_not_those_it_holds(lexicon: Lexicon, others: list[str]) -> None:
    assert not lexicon.holds([others])
    assert not lexicon.holds([[SIGN, BOARD, ENERGY], ["absent"]])


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("les signatures gratuites", [SIGN]),
        ("ALEC", [BOARD]),
        ("alec07", [BOARD]),
        ("energie", [ENERGY]),
        ("pompe à chaleur", []),
    ],
)
def test_a_passage_is_found_by_its_words_whatever_their_form(
    lexicon: Lexicon, words: str, ids: list[str]
) -> None:
    assert found(lexicon, words) == ids


def test_only_the_fields_that_are_asked_for_are_searched(lexicon: Lexicon) -> None:
    assert found(lexicon, "gouvernance", {"title": 1.0}) == [BOARD]
    assert found(lexicon, "gouvernance", {"text": 1.0}) == []


def test_a_boost_multiplies_the_score(lexicon: Lexicon) -> None:
    [(_, one)] = lexicon.search(["priv"], 1, {"text": 1.0})
    [(_, thrice)] = lexicon.search(["priv"], 1, {"text": 3.0})
    assert thrice == pytest.approx(3 * one)


def test_the_best_come_first_and_no_more_than_asked(lexicon: Lexicon) -> None:
    hits = lexicon.search(lexicon.analysis.terms("le conseil et les toits"), 10, BOTH)
    assert [id for id, _ in hits] == [ENERGY, BOARD]
    assert hits[0][1] > hits[1][1] > 0
    assert lexicon.search(lexicon.analysis.terms("conseil toits"), 1, BOTH) == hits[:1]


def test_a_term_counts_once_however_often_it_is_asked(lexicon: Lexicon) -> None:
    assert lexicon.search(["toit", "toit"], 5, BOTH) == lexicon.search(["toit"], 5, BOTH)


def test_no_term_finds_nothing(lexicon: Lexicon) -> None:
    assert lexicon.search([], 5, BOTH) == []


def test_the_frequency_of_a_term_counts_passages(lexicon: Lexicon) -> None:
    assert [lexicon.frequency(term) for term in ("conseil", "toit", "chart", "absent")] == [
        2, 1, 3, 0,
    ]  # fmt: skip


def test_idf_is_that_of_bm25(lexicon: Lexicon) -> None:
    assert lexicon.idf("conseil") == pytest.approx(math.log(1 + (3 - 2 + 0.5) / (2 + 0.5)))
    assert lexicon.idf("toit") == pytest.approx(math.log(1 + (3 - 1 + 0.5) / (1 + 0.5)))
    assert lexicon.idf("chart") < lexicon.idf("conseil") < lexicon.idf("toit")


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    build_lexicon(tmp_path / "vide", [])
    lexicon = Lexicon(tmp_path / "vide")
    assert (len(lexicon), lexicon.holds([]), lexicon.search(["chart"], 5, BOTH)) == (0, True, [])


def test_a_missing_index_is_damage(tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamaged, match="L'index lexical de la version ne peut pas être lu"):
        Lexicon(tmp_path / "absent")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff" * 100])
def test_an_index_that_cannot_be_understood_is_damage(tmp_path: Path, content: bytes) -> None:
    build_lexicon(tmp_path / "lexicon", [(p.id, p.context, p.text) for p in PASSAGES])
    (tmp_path / "lexicon" / "meta.json").write_bytes(content)
    with pytest.raises(ReleaseDamaged):
        Lexicon(tmp_path / "lexicon")
