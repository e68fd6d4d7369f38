"""Long passwords are taken, whatever they are made of; the first ones to be tried are not."""

from __future__ import annotations

import pytest

from app.staff.passwords import LONGEST, SHORTEST, fault_of

NAME = "Ana Lefèvre-Martin"
GOOD = [
    "cinq mots qui se suivent", "cheval-pile-agrafe", "Kx7!mQ2vLp9#", "le chat de la voisine",
    "🐈🌳⛵🍐🏔🚲🐈🌳⛵🍐🏔🚲",
    "人工知能は電気羊の夢を見るか", "a" * 100 + "bcdef", "motdepasse de ma grand-mère",
    "correct horse battery staple", "Une charte, 12 signataires",
]  # fmt: skip
COMMON = [
    "motdepasse12", "Motdepasse2026!", "M0t de p@sse 1", "mot-de-passe-123", "MOTDEPASSE!!!!",
    "azertyuiop123", "Azertyuiop12!", "qwertyuiop12", "123456789012", "000000000000",
    "121212121212", "abababababab", "aaaaaaaaaaaa", "            ", "password1234",
    "P@ssw0rd2026", "Passw0rd!!!!", "azertyuiopqs", "mlkjhgfdsqpo", "abcdefghijklm",
    "chartiste2026", "Chartiste!!!!!", "administrateur", "Bienvenue2026", "1a2z3e4r5t6y",
    "1q2w3e4r5t6y", "987654321098", "jetaime12345", "20262026-2026", "!!2026passwd!!",
]  # fmt: skip


@pytest.mark.parametrize("password", GOOD)
def test_a_long_password_is_taken(password: str) -> None:
    assert fault_of(password, NAME) is None


@pytest.mark.parametrize("password", COMMON)
def test_a_common_password_is_refused(password: str) -> None:
    assert "parmi les plus courants" in (fault_of(password, NAME) or "")


@pytest.mark.parametrize(
    "password",
    ["Ana Lefèvre-Martin", "analefevremartin", "ana lefevre martin 2026", "ANALEFÈVREMARTIN!"],
)
def test_the_name_is_no_password(password: str) -> None:
    assert "ressemble au nom" in (fault_of(password, NAME) or "")


def test_it_has_a_least_and_a_greatest_length() -> None:
    good = "Kx7!mQ2vLp9#"
    assert len(good) == SHORTEST and fault_of(good, NAME) is None
    assert "moins de 12 caractères" in (fault_of(good[:-1], NAME) or "")
    long = good * 30
    assert fault_of(long[:LONGEST], NAME) is None
    assert "dépasse 256" in (fault_of(long[: LONGEST + 1], NAME) or "")


def test_the_advice_is_no_password_either() -> None:
    assert "par exemple quatre mots tirés au hasard" in (fault_of("a" * 12, NAME) or "")
    assert fault_of("quatre mots tirés au hasard", NAME)


def test_a_sentence_never_shows_the_password() -> None:
    for password in (*COMMON, "Kx7!mQ2vLp9", "x" * 300):
        assert password not in (fault_of(password, NAME) or "")
