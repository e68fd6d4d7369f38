"""What the rules of masking rest on: the text they see, check digits, where names end."""

from __future__ import annotations

import pytest

from app.journal.births import births
from app.journal.figures import is_luhn, is_nir, is_quantity
from app.journal.names import is_full_name, person_end, street_end, town_end
from app.journal.seen import CONTACT, OTHER, Found, covered, seen
from app.journal.vocabulary import any_of, is_common, is_given


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("Élève n°2", "Eleve n°2"),
        ("０６\u00a039", "06 39"),
        ("٠٦", "06"),
        ("0️⃣6️⃣", "06"),
        ("a\u200bb\u00adc", "abc"),
        ("l’été – ici", "l'ete - ici"),
        ("jean%40example.org, 5 % 40", "jean@example.org, 5 % 40"),
        ("[nom] et [e-mail] [autre]", f"{OTHER} et {CONTACT} [autre]"),
        ("\ue000", ""),
    ],
)
def test_a_message_is_seen_in_its_plain_form(message: str, text: str) -> None:
    assert seen(message).text == text


def test_what_is_found_is_led_back_to_the_message_with_its_accents() -> None:
    message = "a\u200b e\u0301te\u0301 [nom]!"
    view = seen(message)
    start = view.text.index("ete")
    where = view.origin(Found(start, start + 3, "[nom]"))
    assert message[where.start : where.end] == "e\u0301te\u0301"
    mark = view.origin(Found(view.text.index(OTHER), view.text.index(OTHER) + 1, "[nom]"))
    assert message[mark.start : mark.end] == "[nom]"


def test_what_was_found_is_out_of_sight_at_the_same_places() -> None:
    text = covered("abcdef", [Found(3, 5, "[nom]"), Found(0, 2, "[e-mail]"), Found(1, 2, "[nom]")])
    assert text == f"{CONTACT * 2}c{OTHER * 2}f"


def test_check_digits() -> None:
    assert is_luhn("4242 4242 4242 4242") and not is_luhn("4242 4242 4242 4241")
    assert is_nir("255081416802538") and not is_nir("255081416802539")
    assert is_nir("1 85 05 2A 004 000 " + f"{97 - 1850519004000 % 97:02}")
    assert not is_nir("12") and not is_nir("A" * 15)


@pytest.mark.parametrize(
    ("number", "after", "expected"),
    [
        ("1 200 000 000", " euros", True),
        ("1 500 2 000 3 000", "", True),
        ("1 2 3 4 5 6 7 8 9", "", True),
        ("1000000000", "", True),
        ("123456789", " kWh", True),
        ("99 123 456 789 012", "", False),
        ("0639981234", "", False),
        ("1 85 05 07 019 000 12", " de", False),
    ],
)
def test_a_quantity_is_known_by_its_form_and_its_unit(
    number: str, after: str, expected: bool
) -> None:
    assert is_quantity(number, after) is expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jean Dupont et moi", "Jean Dupont"),
        ("jean dupont et moi", "jean dupont"),
        ("Jean-Luc de La Tour, ici", "Jean-Luc de La Tour"),
        ("J. Dupont", "J. Dupont"),
        ("JEAN DUPONT JE VEUX", "JEAN DUPONT"),
        ("Aicha N'Diaye", "Aicha N'Diaye"),
        ("locataire", ""),
        ("12", ""),
    ],
)
def test_a_name_ends_where_a_common_word_begins(text: str, name: str) -> None:
    assert text[: person_end(text, 0)] == name


def test_a_full_name_has_a_given_name_and_capitals() -> None:
    assert is_full_name("Jean Dupont") and is_full_name("DUPONT Jean")
    assert not is_full_name("jean dupont") and not is_full_name("Jean")
    assert not is_full_name("Grand Est")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("des Lilas 07200", "des Lilas"),
        ("du 8 mai 1945 a Privas", "du 8 mai 1945"),
        ("des cerisiers et le proprio", "des cerisiers"),
        ("du Moulin a Vent, peut-on", "du Moulin a Vent"),
        ("de la", ""),
    ],
)
def test_a_street_s_name_keeps_its_small_words(text: str, name: str) -> None:
    assert text[: street_end(text, 0)] == name


def test_a_town_s_name_has_its_article_and_its_cedex() -> None:
    for text in ("Le Teil", "Vals-les-Bains", "Privas cedex 9", "aubenas"):
        assert text[: town_end(f"{text} quelles aides", 0)] == text
    assert town_end("est-elle signataire", 0) == 0


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Je suis né le 1er mars 1950", 1),
        ("nés le 3 mai 2012 et le 9 juin 2015", 2),
        ("la charte est née le 1er mars 2019", 0),
        ("né en 2020, le réseau grandit", 0),
        ("je suis née en 1970", 1),
    ],
)
def test_births_are_those_of_people(text: str, count: int) -> None:
    assert len(list(births(seen(text).text))) == count


def test_words_that_are_given_names_or_end_one() -> None:
    assert is_given("Léa") and is_given("Marie-Claude") and not is_given("Saint-Jean-le-Centenier")
    assert is_common("Locataire") and is_common("j'habite") and not is_common("Dupont")
    assert any_of("a|b\n  c d\n") == "(?:a|b|c d)"
