"""Statements built from passages: what the rules make of a sentence, and what a pair holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench import statements
from tests.bench.rules import alter, forms, oppose, restate, voice
from tests.bench.rules.names import Names
from tests.bench.rules.numerals import roman, spelled
from tests.bench.rules.place import Place, Rule

PASSAGES = (
    "Le pont de Vals a été construit par l'ingénieur Paul Mercier en 1874. Il mesure 120 mètres."
    " Cependant, les camions ne peuvent pas le traverser.",
    "Le maire de Privas peut fermer le pont en hiver. En 1902, une crue emporta deux arches.",
    "La halle de Joyeuse date du XVIe siècle. Tous les marchands de la vallée y vendent leurs"
    " fromages le mercredi. Environ 300 personnes y viennent chaque semaine.",
    "L'école de Largentière accueille 45 élèves, dont une trentaine d'internes. Elle a été fondée"
    " par Jeanne Roux le 12 février 1920.",
    "Le moulin de Rochemaure fut vendu à Lyon par Luc Brun. Son propriétaire est resté à Paris.",
    "La forêt de Païolive couvre plus de 1 500 hectares. Elle est protégée depuis 1990.",
)


def versions(rule: Rule, text: str, passage: str = "", after: str = "") -> list[str]:
    return list(rule(Place(text, passage or text, after)))


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (restate.verbatim, "Il pleut.", "Il pleut."),
        (
            restate.clause_order,
            "En 1995, la mairie a acheté le moulin.",
            "La mairie a acheté le moulin en 1995.",
        ),
        (
            restate.clause_order,
            "La mairie a acheté le moulin en mars 1995.",
            "En mars 1995, la mairie a acheté le moulin.",
        ),
        (restate.function_words, "Il ferme car il neige.", None),
        (restate.function_words, "Il ferme, car il neige.", "Il ferme, parce qu'il neige."),
        (restate.function_words, "Cependant, il reste.", "Toutefois, il reste."),
        (restate.shortened, "Le pont (dit de bois) est fermé.", "Le pont est fermé."),
        (
            restate.shortened,
            "Le pont est fermé aux camions, qui passent par Aubenas.",
            "Le pont est fermé aux camions.",
        ),
        (restate.attributed, "Il pleut.", "Selon le texte, il pleut."),
        (restate.attributed, "Il pleut.", "Le texte indique qu'il pleut."),
        (restate.attributed, "Privas est une ville.", None),
        (
            voice.voice,
            "Le pont a été construit par les Romains en 1200.",
            "Les Romains ont construit le pont en 1200.",
        ),
        (voice.voice, "Elle fut fondée par Jeanne Roux.", "Jeanne Roux la fonda."),
        (voice.voice, "Elle est dirigée par la mairie.", "La mairie la dirige."),
        (
            voice.voice,
            "Le roi a fondé la ville en 1200.",
            "La ville a été fondée par le roi en 1200.",
        ),
        (voice.voice, "Il est marqué par le fait que tout change.", None),
        (forms.dates, "Né le 12 février 1920.", "Né le 12/02/1920."),
        (forms.dates, "Né le 12 février 1920.", "Né le 1920-02-12."),
        (forms.dates, "Né le 12 février 1920.", "Né le 12 février de l'année 1920."),
        (forms.amounts, "Elle couvre 1 500 hectares.", "Elle couvre 1500 hectares."),
        (forms.amounts, "Elle couvre 1 500 hectares.", "Elle couvre mille cinq cents hectares."),
        (forms.amounts, "Il a deux arches.", "Il a 2 arches."),
        (forms.amounts, "Il a 3 arches.", "Il a trois arches."),
        (forms.amounts, "Il est né en 1920.", None),
        (forms.percents, "Soit 25 % du total.", "Soit 25 pour cent du total."),
        (forms.centuries, "Elle date du XVIe siècle.", "Elle date du 16e siècle."),
        (forms.centuries, "Elle date du XVIe siècle.", "Elle date du seizième siècle."),
        (forms.ordinals, "C'est la première école.", "C'est la 1re école."),
    ],
)  # fmt: skip
def test_a_sentence_is_restated(rule: Rule, text: str, expected: str | None) -> None:
    found = versions(rule, text)
    assert expected in found if expected else found == []


def test_two_sentences_are_merged() -> None:
    assert versions(restate.merged, "Il pleut.", after="Le pont est fermé.") == [
        "Il pleut ; le pont est fermé.",
        "Il pleut et le pont est fermé.",
    ]
    assert versions(restate.merged, "Il pleut.", after="Privas dort.") == []


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [
        (alter.numbers, "Il mesure 120 mètres.", "Il mesure 220 mètres."),
        (alter.numbers, "Il a deux arches.", "Il a trois arches."),
        (alter.numbers, "Fondée en 1874.", None),
        (alter.dates, "Fondée en 1874.", "Fondée en 1864."),
        (alter.dates, "Né le 12 février 1920.", "Né le 22 février 1920."),
        (alter.dates, "Né le 12 février 1920.", "Né le 12 mars 1920."),
        (alter.dates, "Elle date du XVIe siècle.", "Elle date du XVe siècle."),
        (oppose.negation, "Le pont est fermé.", "Le pont n'est pas fermé."),
        (oppose.negation, "Le pont n'est pas fermé.", None),
        (oppose.affirmation, "Le pont n'est pas fermé.", "Le pont est fermé."),
        (oppose.affirmation, "Ce n'est pas un pont.", "C'est un pont."),
        (oppose.affirmation, "Ils ne peuvent pas passer.", "Ils peuvent passer."),
        (oppose.modality, "Le maire peut fermer le pont.", "Le maire doit fermer le pont."),
        (oppose.modality, "La charte recommande le vélo.", "La charte impose le vélo."),
        (oppose.modality, "Il serait mort.", "Il est mort."),
        (oppose.quantity, "Tous les marchands viennent.", "Certains marchands viennent."),
        (oppose.quantity, "Il y a plus de 20 ponts.", "Il y a moins de 20 ponts."),
        (oppose.quantity, "Environ 300 personnes.", "Exactement 300 personnes."),
        (oppose.quantity, "Une trentaine d'élèves.", "Exactement 30 élèves."),
        (oppose.opposite, "Il est fermé au nord.", "Il est fermé au sud."),
        (alter.invented, "Il pleut.", "Il pleut, grâce au soutien de la région."),
    ],
)  # fmt: skip
def test_one_thing_is_changed(rule: Rule, text: str, expected: str | None) -> None:
    found = versions(rule, text)
    assert expected in found if expected else found == []


def test_a_number_changed_is_none_of_the_passage() -> None:
    passage = "Il a deux arches. L'autre pont en a trois, et 4 piles."
    found = versions(alter.numbers, "Il a deux arches.", passage)
    assert found == ["Il a vingt arches."]
    assert versions(alter.dates, "Fondée en 1874.", "Fondée en 1874, fermée en 1864.").count(
        "Fondée en 1864."
    ) == 0  # fmt: skip


def test_a_number_may_be_borrowed_from_the_passage() -> None:
    passage = "Il mesure 120 mètres. Le pont voisin en mesure 95."
    found = versions(alter.borrowed_numbers, "Il mesure 120 mètres.", passage)
    assert found == ["Il mesure 95 mètres."]


def test_two_figures_are_exchanged_but_not_the_ends_of_a_range() -> None:
    text = "Il mesure 120 mètres et le pont voisin en mesure 95."
    [changed] = versions(alter.exchanged_numbers, text)
    assert changed == "Il mesure 95 mètres et le pont voisin en mesure 120."
    assert versions(alter.exchanged_numbers, "Il compte entre 20 et 30 élèves.") == []


def test_names_are_replaced_borrowed_and_exchanged() -> None:
    names = Names(PASSAGES)
    text = PASSAGES[1].split(". ")[0] + "."
    replaced = list(names.replaced(Place(text, PASSAGES[1])))
    assert replaced and all(one != text and "Privas" not in one for one in replaced)
    text = "Luc Brun est vendu à Lyon par le maire de Paris."
    exchanged = list(names.exchanged(Place(text, text)))
    assert exchanged == ["Luc Brun est vendu à Paris par le maire de Lyon."]
    passage = f"{text} Jean Faure est venu. Il est né de Marc Aurèle."
    borrowed = list(names.borrowed(Place(text, passage)))
    assert "Marc Aurèle est vendu à Lyon par le maire de Paris." in borrowed


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zéro"), (17, "dix-sept"), (21, "vingt et un"), (71, "soixante et onze"),
        (80, "quatre-vingts"), (81, "quatre-vingt-un"), (99, "quatre-vingt-dix-neuf"),
        (100, "cent"), (200, "deux cents"), (201, "deux cent un"), (1500, "mille cinq cents"),
        (3000, "trois mille"), (80_000, "quatre-vingt mille"), (200_000, "deux cent mille"),
        (2_000_001, "deux millions un"),
    ],
)  # fmt: skip
def test_numbers_are_spelled(number: int, words: str) -> None:
    assert spelled(number) == words


def test_roman_digits() -> None:
    assert [roman(number) for number in (4, 9, 14, 19, 21)] == ["IV", "IX", "XIV", "XIX", "XXI"]


def test_there_are_enough_invented_clauses_with_and_without_figures() -> None:
    clauses = alter.clauses()
    assert len(set(clauses)) == len(clauses) >= 40
    bare = [clause for clause in clauses if not any(sign.isdigit() for sign in clause)]
    assert len(bare) >= 20


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The passages as a SQuAD-like file of two articles; each answer is in a first sentence."""
    articles: list[dict[str, object]] = []
    for number in (0, 3):
        paragraphs = [
            {
                "context": text,
                "qas": [{"question": "?", "answers": [{"text": "pont", "answer_start": 3}]}],
            }
            for text in PASSAGES[number : number + 3]
        ]
        articles.append({"title": f"Article {number}", "paragraphs": paragraphs})
    path = tmp_path / "articles.json"
    path.write_text(json.dumps({"data": articles}), encoding="utf-8")
    return path


@pytest.fixture
def pairs(file: Path) -> Iterator[list[statements.Pair]]:
    yield statements.build(statements.read_paragraphs(file), each=20)


def test_the_same_seed_builds_the_same_pairs(file: Path, pairs: list[statements.Pair]) -> None:
    paragraphs = statements.read_paragraphs(file)
    assert statements.build(paragraphs, each=20) == pairs
    assert statements.build(paragraphs, each=20, seed=1) != pairs


def test_a_pair_offers_its_passage_and_four_others(pairs: list[statements.Pair]) -> None:
    for pair in pairs:
        assert len(set(pair.offered)) == 5
        assert pair.offered[pair.place] == pair.passage
        assert (pair.mark == pair.place) == (pair.kind != "wrong marker")


def test_what_is_faithful_and_what_is_not(pairs: list[statements.Pair]) -> None:
    for pair in pairs:
        if pair.kind.startswith("claim"):
            assert not pair.faithful
            assert not any(pair.statement in passage for passage in pair.offered)
        elif pair.kind in ("verbatim", "wrong marker"):
            assert pair.faithful and pair.statement in pair.passage
        else:
            assert pair.statement not in pair.passage
            assert pair.origin in pair.passage


def test_what_holds_the_answer_comes_first(file: Path) -> None:
    paragraphs = statements.read_paragraphs(file)
    pairs = statements.build(paragraphs, each=4)
    firsts = {sentence for paragraph in paragraphs for sentence in paragraph.gold}
    assert len(firsts) == 6
    assert all(pair.origin in firsts for pair in pairs if pair.kind == "verbatim")


def test_a_damaged_sentence_is_left_out(tmp_path: Path) -> None:
    texts = ["Le pont de Vals a été construit par la mairie[réf. nécessaire] en 1874.",
             "Le pont de Vals a été construit par la mairie (dit-on en 1874."]  # fmt: skip
    content = {"data": [{"title": "", "paragraphs": [{"context": t, "qas": []} for t in texts]}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert statements.build(statements.read_paragraphs(path)) == []


def test_the_statements_written_by_hand_have_their_passages() -> None:
    pairs = statements.written()
    english = [pair for pair in pairs if pair.kind == "english"]
    assert len(english) >= 50
    assert {pair.faithful for pair in english} == {True, False}
    assert all(pair.offered[pair.mark] == pair.passage for pair in pairs)
