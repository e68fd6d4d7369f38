"""Files of labelled questions: what is read, what is refused, and whose word counts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.evaluate.labelled import read_labelled, read_lines, read_near_misses
from ingest.errors import SettingsError
from tests.fakes import FakeModel

OWN = "\ufeffquestion,intent,note\nOuvert le lundi ?,accueil/horaires,à garder\nMidi ?,,\n"


def written(folder: Path, text: str | bytes, name: str = "questions.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_file_of_two_columns_is_enough(tmp_path: Path) -> None:
    first, second = read_labelled([written(tmp_path, OWN)], FakeModel())
    assert (first.question, first.intent) == ("Ouvert le lundi ?", "accueil/horaires")
    assert (first.kind, first.half, first.topic) == ("plain", "dev", "accueil")
    assert not first.is_held_out
    assert second.intent == "" and second.topic == "Midi ?"
    assert np.allclose(first.vector, FakeModel().embed_query("Ouvert le lundi ?"))


def test_what_two_files_have_is_as_the_last_one_has_it(tmp_path: Path) -> None:
    shipped = written(
        tmp_path, "question,intent,kind,half\nouvert le Lundi ?,autre,long,held-out\n", "a.csv"
    )
    rows = read_labelled([shipped, written(tmp_path, OWN)], FakeModel())
    assert [(row.question, row.intent, row.half) for row in rows] == [
        ("Ouvert le lundi ?", "accueil/horaires", "dev"), ("Midi ?", "", "dev")
    ]  # fmt: skip
    [alone] = read_labelled([shipped], FakeModel())
    assert alone.is_held_out and alone.kind == "long"


def test_reading_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read_labelled([written(tmp_path, OWN)], FakeModel(), lambda *step: told.append(step))
    assert told == [("Questions lues", 1, 2), ("Questions lues", 2, 2)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("question;intent\nOù ?;x\n", "n'a pas de colonne « question »"),
        ("question,theme\nOù ?,x\n", "n'a pas de colonne « intent »"),
        ("", "n'a pas de colonne « question »"),
        ("question,intent\nOù ?,x\n  ,x\n", "n'a pas de question à la ligne 3"),
        (b"question,intent\nO\xf9 ?,x\n", "ce n'est pas un tableau CSV en UTF-8"),
        ('question,intent\n"Où ?,x\n', "ce n'est pas un tableau CSV en UTF-8"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError, match=said) as error:
        read_lines(file)
    assert str(file) in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ne peut pas être lu"):
        read_lines(tmp_path / "absent.csv")


def test_near_misses_name_what_they_are_near(tmp_path: Path) -> None:
    file = written(tmp_path, "question,near,half\nOuvert à Lyon ?,accueil/horaires,held-out\n")
    [found] = read_near_misses(file, FakeModel())
    assert (found.near, found.row.intent, found.row.is_held_out) == ("accueil/horaires", "", True)
    with pytest.raises(SettingsError, match="« near »"):
        read_near_misses(written(tmp_path, OWN), FakeModel())
