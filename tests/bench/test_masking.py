"""What counts as masked: no word of a secret is left."""

from __future__ import annotations

from tests.bench import masking
from tests.bench.masking import Message


def test_a_secret_is_left_when_one_of_its_words_is() -> None:
    message = Message(
        "ici Jean Dupont, 06 39 98 12 34", ("Jean Dupont", "06 39 98 12 34"), "name", "1"
    )
    assert message.left("ici [nom], [téléphone]") == ()
    assert message.left("ici [nom] Dupont, [téléphone]") == ("Jean Dupont",)
    assert message.left(message.text) == message.secrets


def test_a_word_that_is_said_elsewhere_too_is_not_one_that_is_left() -> None:
    message = Message("la rue de Jean, 12 rue du Pont", ("12 rue du Pont",), "address", "1")
    assert message.left("la rue de Jean, [adresse]") == ()
    assert message.left("la rue de Jean, [adresse] Pont") == ("12 rue du Pont",)


def test_words_masked_besides_are_counted() -> None:
    message = Message("ici Jean, bonjour", ("Jean",), "name", "1")
    assert message.lost("ici [nom], bonjour") == (0, 2)
    assert message.lost("[nom], bonjour") == (1, 2)


def test_every_secret_is_a_part_of_its_message() -> None:
    every = masking.messages()
    assert sum(map(len, (masking.messages(one) for one in masking.ROUNDS))) == len(every) >= 240
    assert [one for one in every if not all(part in one.text for part in one.secrets)] == []
    assert len(masking.ordinary()) >= 150 and len(masking.golden()) > 1_000


def test_the_table_has_each_kind_and_the_sum() -> None:
    lines = list(masking.table("1"))
    assert lines[0].split()[0] == "email" and lines[-1].startswith("golden altered")
    assert any(line.startswith("all") for line in lines)
