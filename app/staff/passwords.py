"""Which passwords are taken: long ones, that are not among the first that anybody would try."""

from __future__ import annotations

import re
import unicodedata

SHORTEST, LONGEST = 12, 256  # characters
_DIFFERENT = 5  # signs at least: « aaaaaaaaaaaa » and « 121212121212 » have fewer

# As typed instead of a letter: « M0t de p@sse ».
_LEET = str.maketrans("0134578@$!€", "oieastbasie")
_COMMON = frozenset(
    """
    abcdefghijkl administrateur administrator administration azerty azertyuiop azertyqwerty
    bienvenue bonjour changeme changemoi charte chartiste chouchou coucou demo doudou france
    iloveyou jetaime letmein loulou marseille monmotdepasse motdepasse motdepassemotdepasse
    newpassword nouveaumotdepasse paris pass passe passpass passw passwd password passwordpassword
    princess quatremotstiresauhasard qwerty qwertyuiop qwertyqwerty root secret secretsecret soleil
    superman temp temporaire test testtest trustno trustnoone utilisateur welcome
    """.split()
)
_ROWS = ("azertyuiopqsdfghjklmwxcvbn", "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz",
         "01234567890123456789", "1234567890azertyuiop", "1234567890qwertyuiop",
         "aqwzsxedcrfvtgbyhnujmik", "1qaz2wsx3edc4rfv5tgb6yhn", "1a2z3e4r5t6y7u8i9o0p",
         "1q2w3e4r5t6y7u8i9o0p")  # fmt: skip


def fault_of(password: str, name: str) -> str | None:
    """Why a password is not taken for the account of ``name``, in French; None when it is."""
    if len(password) < SHORTEST:
        return f"Le mot de passe a moins de {SHORTEST} caractères : choisissez-en un plus long."
    if len(password) > LONGEST:
        return f"Le mot de passe dépasse {LONGEST} caractères : choisissez-en un plus court."
    if _letters(password) == _letters(name) or _plain(password) == _plain(name):
        return "Le mot de passe ressemble au nom du compte : choisissez-en un autre."
    if _is_common(password):
        return (
            "Ce mot de passe est parmi les plus courants : choisissez-en un autre, par exemple "
            "quatre mots tirés au hasard."
        )
    return None


def _is_common(password: str) -> bool:
    plain = _plain(password)
    if len(set(password.casefold())) < _DIFFERENT or plain.isdigit():
        return True
    if plain and any(plain in row or plain in row[::-1] for row in _ROWS):
        return True
    return bool({_letters(password), _letters(_word(password).translate(_LEET))} & _COMMON)


def _word(password: str) -> str:
    """Without the digits and signs that surround it, which people add to be let through."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)


def _plain(text: str) -> str:
    """In lower case, without accents, spaces and punctuation."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if char.isalnum())


def _letters(text: str) -> str:
    """Its letters alone: « Motdepasse2026! » is « motdepasse »."""
    return re.sub(r"[^a-z]", "", _plain(text))
