"""Files of labelled questions: what is read, what is refused, and whose word counts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from app.evaluate.labelled import (
    Labelled,
    embedded,
    read_lines,
    read_near_misses,
    read_together,
)
from ingest.errors import SettingsError
from ingest.progress import Step, silent
from tests.fakes import FakeModel

OWN = "\ufeffquestion,intent,note\nOuvert le lundi ?,accueil/horaires,à garder\nMidi ?,,\n"


def written(folder: Path, text: str | bytes, name: str = "questions.csv") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def read(files: list[Path], step: Step = silent) -> list[Labelled]:
    return embedded(read_together(files), FakeModel(), step)


def test_a_file_of_two_columns_is_enough(tmp_path: Path) -> None:
    first, second = read([written(tmp_path, OWN)])
    assert (first.question, first.intent) == ("Ouvert le lundi ?", "accueil/horaires")
    assert (first.kind, first.half, first.topic) == ("plain", "dev", "accueil")
    assert not first.is_held_out
    assert second.intent == "" and second.topic == "Midi ?"
    assert np.allclose(first.vector, FakeModel().embed_query("Ouvert le lundi ?"))


def test_what_two_files_have_is_as_the_last_one_has_it(tmp_path: Path) -> None:
    shipped = written(
        tmp_path, "question,intent,kind,half\nouvert le Lundi ?,autre,long,held-out\n", "a.csv"
    )
    rows = read([shipped, written(tmp_path, OWN)])
    assert [(row.question, row.intent, row.half) for row in rows] == [
        ("Ouvert le lundi ?", "accueil/horaires", "held-out"), ("Midi ?", "", "dev")
    ]  # fmt: skip
    own = written(tmp_path, "question,intent,half\nOuvert le lundi ?,x,dev\n", "b.csv")
    assert not read([shipped, own])[0].is_held_out
    [alone] = read([shipped])
    assert alone.is_held_out and alone.kind == "long"


def test_reading_says_how_far_it_is(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    read([written(tmp_path, OWN)], lambda *step: told.append(step))
    assert told == [("Questions lues", 2, 2)]
    many = "".join(f"Question {n} ?,\n" for n in range(40))
    read(
        [written(tmp_path, "question,intent\n" + many)],
        lambda *step: told.append(step),
    )
    assert [done for _, done, _ in told[1:]] == [16, 32, 40]


@pytest.mark.parametrize(
    "text",
    [
        OWN.replace(",", ";"),
        OWN.replace("question,intent", " Question ,INTENT"),
        "\n" + OWN.removeprefix("\ufeff"),
        OWN.removeprefix("\ufeff").encode("cp1252"),
        OWN.replace("Ouvert le lundi ?", '"Ouvert le lundi ?"'),
    ],
)
def test_a_file_is_read_as_spreadsheets_write_it(tmp_path: Path, text: str | bytes) -> None:
    first, second = read_lines(written(tmp_path, text))
    assert (first["question"], first["intent"]) == ("Ouvert le lundi ?", "accueil/horaires")
    assert (second["question"], second["intent"]) == ("Midi ?", "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme,intent\nOù ?,x\n", "ligne 1 : il manque une colonne « question » "),
        ("question,theme\nOù ?,x\n", "ligne 1 : il manque une colonne « intent » "),
        ("question,intent,intent\nOù ?,x,y\n", "ligne 1 : deux colonnes ont le même nom."),
        ("", "ne contient aucune question."),
        ("question,intent\n", "ne contient aucune question."),
        ("question,intent\nOù ?,x\n  ,x\n", "ligne 3 : la question est vide."),
        ("question,intent\nOù ?\n", "ligne 2 : il manque « intent »."),
        ("question,intent\nBonjour, où ?,x\n", "ligne 2 : La ligne a plus de cellules que de"),
        ('question,intent\n"Où ?,x\nQui ?,y\n', "ligne 2 : Un guillemet ouvert sur cette ligne"),
        ('question,intent\n"Où ?\nQui ?",x\n', "ligne 2 : une question tient sur une ligne"),
        (f"question,intent\n{'a' * 2_001},x\n", "en 2000 caractères au plus."),
        ("question,intent,half\nOù ?,x,test\n", "ligne 2 : « test » n'est pas une valeur de la "),
        ("question,intent,kind\nOù ?,x,autre\n", "« autre » n'est pas une valeur de la colonne"),
        (b"\x00\x01\x02", "ce n'est pas un texte."),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError, match=re.escape(said)) as error:
        read_lines(file)
    assert str(error.value).startswith(f"Le fichier « {file} »")


def test_two_intents_of_one_question_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "question,intent\nOù ?,x\noù ?,x\nOÙ ?,y\n")
    with pytest.raises(SettingsError, match=r"deux intentions à la même question : « OÙ \? »"):
        read([file])


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ne peut pas être lu"):
        read_lines(tmp_path / "absent.csv")


def test_near_misses_name_what_they_are_near(tmp_path: Path) -> None:
    file = written(tmp_path, "question,near,half\nOuvert à Lyon ?,accueil/horaires,held-out\n")
    [found] = read_near_misses(file, FakeModel())
    assert (found.near, found.row.intent, found.row.is_held_out) == ("accueil/horaires", "", True)
    with pytest.raises(SettingsError, match="« near »"):
        read_near_misses(written(tmp_path, OWN), FakeModel())
