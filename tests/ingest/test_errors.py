from __future__ import annotations

import pytest

from ingest import errors
from ingest.errors import ChartisteError, StoreError


@pytest.mark.parametrize(
    ("name", "exit_code"),
    [
        ("SettingsError", 2), ("SourceError", 3), ("NothingToIngest", 3), ("ModelError", 4),
        ("StoreError", 5), ("StoreLocked", 5), ("NoRelease", 5), ("ReleaseDamaged", 5),
        ("ModelMismatch", 5),
    ],
)  # fmt: skip
def test_each_error_ends_the_command_with_its_own_code(name: str, exit_code: int) -> None:
    assert getattr(errors, name)("phrase").exit_code == exit_code


def test_what_is_shown_of_an_error_is_its_sentence() -> None:
    assert str(StoreError("Le dossier est plein.")) == "Le dossier est plein."


def test_the_tree_in_the_docstring_names_every_error() -> None:
    drawn = errors.__doc__ or ""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    named = [kind.__name__ for kind in kinds if issubclass(kind, ChartisteError)]
    assert len(named) == 10
    assert [name for name in named if f"{name} " not in drawn] == []
