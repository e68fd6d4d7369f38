"""``chartiste faq calibrate``, in this process with the fake model and few questions."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.commands import calibrating, doctor
from app.faq.likeness import load_likeness, own_file, save_likeness
from ingest.embed import E5_SMALL
from ingest.store import Store
from tests.app.conftest import Run
from tests.app.evaluate.alike import SUBJECTS, alike
from tests.app.faq.made import BY_VECTORS

HELD_OUT = ("charte", "facture")  # subjects
NEAR = "question,near,half\n" + "".join(
    f"prix {subject} à Lyon,{subject}/prix,dev\n" for subject in SUBJECTS if subject not in HELD_OUT
)


@pytest.fixture(autouse=True)
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What travels with the project is few questions."""
    golden = tmp_path / "data" / "golden"
    golden.mkdir(parents=True)
    with (golden / "intents.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["question", "intent", "kind", "half"])
        for row in alike():
            half = "held-out" if row.topic in HELD_OUT else "dev"
            out.writerow([row.question, row.intent, row.kind, half])
    (golden / "near-misses.csv").write_text(NEAR, encoding="utf-8")
    monkeypatch.setattr(calibrating, "shipped", tmp_path.joinpath)


def test_what_is_fitted_is_kept_in_the_store_and_serves(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert load_likeness("fake-space", store).view is None
    code, out, err = run("faq", "calibrate", "--store", store)

    assert code == 0, err
    assert out.startswith("16 questions tenues à part, 4 intentions")
    assert "formulations par fiche : répondues par leur fiche" in out
    file = store / "calibrations" / "faq" / "fake-space.json"
    assert f"Calibrage écrit dans « {file} »" in err
    assert "Questions lues : 68/68" in err and "Calibrage : 14/14" in err
    fitted = load_likeness("fake-space", store)
    assert fitted.view is not None
    assert fitted.fitted_on == ("intents.csv", "near-misses.csv")
    assert fitted.heard.questions == 68 - 16


def test_questions_of_one_s_own_are_fitted_on_too(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "les-nôtres.csv"
    own.write_text(
        "question,intent\nOuvert le lundi ?,horaires\nHoraires ?,horaires\nMidi ?,midi\n"
    )
    code, out, _ = run("faq", "calibrate", "--json", "--store", tmp_path / "store", own)

    told = json.loads(out)
    assert code == 0 and told["fitted_on"] == 68 - 16 + 3
    assert set(told["held_out"]) == {"before", "after"}
    assert told["held_out"]["after"]["grouping"]["questions"] == 16
    fitted = load_likeness("fake-space", tmp_path / "store")
    assert fitted.fitted_on == ("intents.csv", "les-nôtres.csv", "near-misses.csv")


def test_a_file_of_another_form_changes_nothing(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "nos.csv"
    own.write_text("sujet\nmidi\n")
    code, _, err = run("faq", "calibrate", "--store", tmp_path / "store", own)

    assert (code, err) == (
        2,
        f"Le fichier « {own} », ligne 1 : il manque une colonne « question » (la première ligne "
        "nomme les colonnes).\n",
    )
    assert not (tmp_path / "store").exists()


def test_what_cannot_be_kept_is_told_before_the_work(run: Run, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("un fichier")
    code, out, err = run("faq", "calibrate", "--store", tmp_path / "store")

    assert (code, out) == (5, "")
    assert "ce n'est pas un dossier" in err and "Questions lues" not in err


def test_doctor_says_what_is_not_fitted(run: Run, store: Store) -> None:
    _, out, _ = run("doctor", "--store", store.folder)
    assert "Restent à calibrer : le refus (chartiste eval --calibrate) et la FAQ (" in out

    save_likeness(BY_VECTORS, own_file(store.folder, "fake-space").parent)
    _, out, _ = run("doctor", "--store", store.folder)
    assert "Restent à calibrer : le refus (chartiste eval --calibrate) ; d'ici là" in out


def test_of_the_built_in_model_all_is_fitted(tmp_path: Path) -> None:
    assert doctor._uncalibrated(E5_SMALL, tmp_path) == ""
