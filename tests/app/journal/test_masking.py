"""Personal data out of a message, and everything else left as it was."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.journal.masking import masked
from app.journal.seen import MARKS
from tests.bench import masking as bench

RECALL, ALTERED = 0.98, 0.02
_MARK = re.compile("|".join(map(re.escape, MARKS)))
_PIECES = [
    "je m'appelle ", "Jean", " Dupont", "12 rue des Lilas", " 07200 Aubenas", "06 39 98 12 34",
    "jean@example.org", " arobase ", " point ", "né le ", "12/03/1958", "\n", ", ", "Cordialement",
    "FR76 3000", "4242 4242 4242 4242", "1 85 05", "SS-123-AB", "[nom]", "[e-mail]", "[", "]",
    "%40", "Mme ", "\u200b", "é", "e\u0301", "０６", "203.0.113.4", "https://example.org/~jean",
    "je suis ",
]  # fmt: skip
texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_PIECES), max_size=14).map("".join),
    st.text(alphabet="0123456789 .-/+@[]éaAJF'\n", max_size=120),
    st.sampled_from(bench.messages()).map(lambda message: message.text),
)


def test_the_personal_data_of_the_list_are_masked() -> None:
    counts = bench.recalls(bench.messages()).values()
    gone, total = (sum(count[place] for count in counts) for place in (0, 1))
    assert total >= 240
    assert gone >= RECALL * total


@pytest.mark.parametrize("questions", [bench.golden(), bench.ordinary()], ids=["golden", "tricky"])
def test_ordinary_questions_are_left_as_they_are(questions: list[str]) -> None:
    assert len(questions) >= 150
    changed = bench.altered(questions)
    assert len(changed) <= ALTERED * len(questions), changed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Écrivez à jean@example.org.", "Écrivez à [e-mail]."),
        ("jean point dupont arobase example point org", "[e-mail]"),
        ("Rappel au 06 39 98 12 34 ?", "Rappel au [téléphone] ?"),
        ("au zéro six trente-neuf quatre-vingt-dix-huit douze dix", "au [téléphone]"),
        ("carte 4242 4242 4242 4242", "carte [carte bancaire]"),
        ("DE93 9999 9999 0532 0130 00 ?", "[IBAN] ?"),
        ("2 85 05 07 019 000 12", "[numéro de sécurité sociale]"),
        ("Je suis né le 12/03/1958.", "Je suis né le [date de naissance]."),
        ("Ma SS-123-AB roule-t-elle ?", "Ma [plaque] roule-t-elle ?"),
        ("PRM 99123456789012", "PRM [numéro de compteur]"),
        ("DPE 2407E9912345K", "DPE [numéro]"),
        ("http://jean:secret@example.org/a b", "[lien] b"),
        ("suivez @jean_dupont07", "suivez [compte]"),
        ("depuis 203.0.113.45", "depuis [adresse IP]"),
        ("mot de passe : Soleil2024!", "mot de passe : [mot de passe]"),
        ("12 rue des Lilas 07200 Aubenas", "[adresse]"),
        ("J'habite rue des Lilas, et vous ?", "J'habite [adresse], et vous ?"),
        ("Je m'appelle Jean Dupont, bonjour.", "Je m'appelle [nom], bonjour."),
        ("Une question. Cordialement, Jean Dupont", "Une question. Cordialement, [nom]"),
    ],
)
def test_each_kind_has_its_mark(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "07200 Aubenas est-elle signataire ?",
        "le 3919, le 17 ou le 0 808 800 700 ?",
        "article L. 211-5-1 et loi n° 2021-1104 du 22 août 2021",
        "1 200 000 000 euros, 12 500 kWh et 5,5 % en 2019, 2020, 2021",
        "70 110 180 250 330 420",
        "Qui est Pierre Calame ? Et M. Caron ?",
        "L'association est née le 12 février 2020.",
        "Je m'appelle pas, et je suis locataire",
        "Merci d'avance. Cordialement",
        "https://alec07.org/articles",
        "",
    ],
)
def test_what_is_no_one_s_stays(text: str) -> None:
    assert masked(text) == text


def test_a_number_with_one_digit_wrong_lost_or_too_many_is_masked_all_the_same() -> None:
    account, person = "FR7630006000011234567890189", "285050701900012"
    for number in (account, person):
        for at in range(4, len(number)):
            other = str((int(number[at]) + 1) % 10)
            for wrong in (number[:at] + other + number[at + 1 :], number[:at] + number[at + 1 :]):
                assert wrong not in masked(f"voici {wrong} merci")
            more = number[:at] + other + number[at:]
            assert more not in masked(f"voici {more} merci")


def test_a_value_of_json_is_masked_and_the_json_still_reads() -> None:
    message = json.dumps({"nom": "Dupont", "tel": "0639981234", "q": ["aides ?"]})
    assert json.loads(masked(message)) == {"nom": "[nom]", "tel": "[téléphone]", "q": ["aides ?"]}


def test_each_line_keeps_its_place() -> None:
    message = (
        "Bonjour,\nJean Dupont\n12 rue du Pont\n07110 Largentière\n06 39 98 33 44\nQui signe ?"
    )
    assert masked(message) == "Bonjour,\n[nom]\n[adresse]\n[téléphone]\nQui signe ?"


def test_names_are_looked_for_more_closely_beside_a_contact() -> None:
    assert masked("Les aides d'Isabelle Mercier ?") == "Les aides d'Isabelle Mercier ?"
    assert (
        masked("Les aides d'Isabelle Mercier, 06 39 98 64 64") == "Les aides d'[nom], [téléphone]"
    )
    assert masked("Les aides d'Isabelle Mercier, [téléphone]") == "Les aides d'[nom], [téléphone]"


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Isabelle Mercier, conseillère, puis-je signer ?", "[nom], conseillère, puis-je signer ?"),
        ("Isabelle Mercier, maire, a-t-elle signé ?", "Isabelle Mercier, maire, a-t-elle signé ?"),
        ("Demande faite par Lucas Perrin, merci", "Demande faite par [nom], merci"),
        ("Un article écrit par Lucas Perrin ?", "Un article écrit par Lucas Perrin ?"),
        ("L'artisan, un certain Lucas Perrin, est parti", "L'artisan, un certain [nom], est parti"),
        ("Qui aide ? Claude et Nicole Bayle", "Qui aide ? [nom]"),
        ("Mes fils Jules et Nathan veulent venir", "Mes fils [nom] et [nom] veulent venir"),
        ("Le rdv est au nom de Brunel svp", "Le rdv est au nom de [nom] svp"),
        ("C'est Sandrine, le ballon est froid", "C'est [nom], le ballon est froid"),
        ("C'est surtout le ballon", "C'est surtout le ballon"),
    ],
)
def test_names_are_known_by_what_is_said_around_them(message: str, kept: str) -> None:
    assert masked(message) == kept


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Mas, chemin de Combelle, 07120 Ruoms ?", "Mas, [adresse] ?"),
        ("Le chemin de Combelle est-il éclairé ?", "Le chemin de Combelle est-il éclairé ?"),
        ("Écrire à : BP 214, 07002 Privas cedex", "Écrire à : [adresse]"),
        ("La BP 214 chauffe-t-elle ?", "La BP 214 chauffe-t-elle ?"),
    ],
)
def test_a_code_makes_an_address(message: str, kept: str) -> None:
    assert masked(message) == kept


def test_a_social_security_number_is_no_date_of_birth() -> None:
    said = "je suis née en Corse, mon numéro est le 2 81 07 2A 004 123 56"
    assert masked(said).endswith("est le [numéro de sécurité sociale]")
    assert masked("je suis née le 2 07 1981") == "je suis née le [date de naissance]"


@pytest.mark.parametrize("message", bench.messages(), ids=lambda message: message.kind)
def test_masking_the_list_twice_changes_no_more(message: bench.Message) -> None:
    assert masked(masked(message.text)) == masked(message.text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_masking_twice_changes_no_more(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_what_is_not_masked_is_unchanged_and_in_its_order(text: str) -> None:
    at = 0
    pieces = _MARK.split(masked(text))
    for piece in pieces:
        found = text.find(piece, at)
        assert found >= at, piece
        at = found + len(piece)
    assert text.startswith(pieces[0]) and text.endswith(pieces[-1])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from([" ", ".", "-", "", " \u200b", "/"]))
def test_a_phone_number_is_masked_whatever_parts_its_pairs(one: int, two: int, sign: str) -> None:
    number = sign.join(["06", "39", "98", f"{one:02}", f"{two:02}"])
    assert masked(f"mon numéro : {number} merci") == "mon numéro : [téléphone] merci"
