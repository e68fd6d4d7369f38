"""``chartiste eval``, run in this process with the fake model."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.calibration import load_calibration, own_file
from app.evaluate import statistics
from ingest.store import Store
from tests.app.evaluate.made import ARTICLES, saved
from tests.fakes import FakeModel

Run = Callable[..., tuple[int, str, str]]

GOLDEN = """\
id,question,expected,source,key_terms,follows
1,Qui peut signer la charte ?,answered,charte.md,collectivité,
2,Combien coûte l’adhésion annuelle ?,answered,charte.md,mille euros,
3,gratin ?,not_found,,,
4,Merci,declined,,,
"""
MISSED = "id,question\n" + "".join(f"{number},gratin {number} ?\n" for number in range(20))


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "RESAMPLES", 20)


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    return write(tmp_path / "questions.csv", GOLDEN)


def write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def shown(run: Run, *arguments: object) -> dict[str, Any]:
    """What ``--json`` prints, once the command has succeeded."""
    code, out, _ = run(*arguments, "--json")
    assert code == 0
    result: dict[str, Any] = json.loads(out)
    return result


def values(result: dict[str, Any]) -> dict[str, float]:
    """The figures that do not depend on how fast the machine is."""
    return {key: figure["value"] for key, figure in result["figures"].items() if key[0] != "p"} | {
        "precision": result["figures"]["precision"]["value"]
    }


def test_a_table_of_figures_is_printed_and_progress_is_told_aside(
    run: Run, built: Path, golden: Path
) -> None:
    code, out, err = run(golden, "--store", built)
    release = Store(built).current()

    assert (code, err) == (0, "Évaluation : 1/4\nÉvaluation : 4/4\n")
    lines = out.splitlines()
    assert lines[0] == f"questions.csv — version {release}, modèle fake"
    assert lines[2].split() == "réponse dans le premier passage 0.500 2 0.000 à 1.000".split()
    assert [line for line in lines if line.startswith("sans réponse : répondues à tort ")]


def test_questions_of_a_table_are_asked_of_the_release_in_service(
    run: Run, built: Path, golden: Path
) -> None:
    result = shown(run, golden, "--store", built)
    found = values(result)

    assert (result["file"], result["release"]) == ("questions.csv", Store(built).current())
    assert result["figures"]["first"] | {"low": 0, "high": 0} == {
        "value": 0.5, "cases": 2, "low": 0, "high": 0
    }  # fmt: skip
    assert (found["answered"], found["right"], found["unanswerable_answered"]) == (1.0, 0.5, 0.0)
    assert found["unanswerable_auroc"] == 1.0
    assert [(failure["id"], failure["answered"]) for failure in result["failures"]] == [
        ("2", True)
    ]  # fmt: skip


def test_articles_are_asked_in_a_store_of_their_own(run: Run, store: Store, tmp_path: Path) -> None:
    before, ids = store.current(), store.ids()
    result = shown(run, saved(tmp_path), "--store", store.folder)

    assert (store.current(), store.ids()) == (before, ids)
    assert result["release"] not in ids
    [folder] = (store.folder / "evaluation").iterdir()
    assert Store(folder).current() == result["release"]
    found = values(result)
    assert (found["quoted"], found["right"], found["removed_answered"]) == (1.0, 1.0, 0.0)
    assert found["removed_auroc"] == 1.0
    assert result["failures"] == []


def test_articles_are_indexed_once_and_other_articles_elsewhere(run: Run, tmp_path: Path) -> None:
    first = run(saved(tmp_path), "--json")
    again = run(saved(tmp_path), "--json")
    other = run(saved(tmp_path, {"data": ARTICLES["data"][:1]}), "--json")

    assert ["Calcul des vecteurs" in err for _, _, err in (first, again, other)] == [
        True, False, True
    ]  # fmt: skip
    ids = [json.loads(out)["release"] for _, out, _ in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]


def test_off_topic_questions_are_asked_too_one_a_line(
    run: Run, built: Path, golden: Path, tmp_path: Path
) -> None:
    questions = "\ufeffQuelle est la capitale du Pérou ?\n\n  Qui peut signer la charte ?  \n"
    result = shown(
        run, golden, "--off-topic", write(tmp_path / "autres.txt", questions), "--store", built
    )

    assert result["figures"]["off_topic_answered"]["cases"] == 2
    assert values(result)["off_topic_answered"] == 0.5
    assert [(f["id"], f["group"], f["question"]) for f in result["failures"]][1:] == [
        ("off-topic 2", "off-topic", "Qui peut signer la charte ?")
    ]


def test_a_limit_draws_questions_that_depend_on_the_seed_alone(
    run: Run, built: Path, tmp_path: Path
) -> None:
    file = write(tmp_path / "manquées.csv", MISSED)

    def drawn(*arguments: object) -> list[str]:
        result = shown(run, file, "--store", built, *arguments)
        assert result["figures"]["answered"]["cases"] == len(result["failures"])
        return [failure["id"] for failure in result["failures"]]

    assert len(set(drawn("--limit", 5))) == 5
    assert drawn("--limit", 5) == drawn("--limit", 5, "--seed", 0)
    assert drawn("--limit", 5, "--seed", 1) == drawn("--limit", 5, "--seed", 1)
    assert drawn("--limit", 5, "--seed", 1) != drawn("--limit", 5)
    assert drawn("--limit", 99) == drawn() == [str(number) for number in range(20)]


def test_a_follow_up_that_is_drawn_without_its_question_still_follows_it(
    run: Run, built: Path, tmp_path: Path
) -> None:
    file = write(
        tmp_path / "suite.csv",
        "id,question,key_terms,follows\na,gratin ?,rien,\n"
        "b,Et elle coûte combien ?,cinquante euros,c\nc,L’adhésion est-elle gratuite ?,rien,\n",
    )
    drawn = shown(run, file, "--limit", 1, "--seed", 7, "--store", built)

    assert (values(drawn)["quoted"], drawn["figures"]["quoted"]["cases"]) == (1.0, 1)


def test_figures_depend_on_the_seed_alone(run: Run, built: Path, golden: Path) -> None:
    first, second = (shown(run, golden, "--store", built) for _ in range(2))

    assert values(first) == values(second)
    assert first["figures"]["first"] == second["figures"]["first"]
    assert first["failures"] == second["failures"]


def test_a_page_is_written_beside_what_is_printed(
    run: Run, built: Path, golden: Path, tmp_path: Path
) -> None:
    code, out, err = run(golden, "--html", tmp_path / "page.html", "--json", "--store", built)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")

    assert code == 0
    assert json.loads(out)["file"] == "questions.csv"
    assert f"Rapport écrit dans « {tmp_path / 'page.html'} »." in err
    assert "<h1>Évaluation de questions.csv</h1>" in page and page.count("<img") == 3
    assert "Combien coûte l’adhésion annuelle ?" in page


@pytest.mark.parametrize("name", ["absent/page.html", "."])
def test_a_page_that_cannot_be_written_is_named(
    run: Run, built: Path, golden: Path, tmp_path: Path, name: str
) -> None:
    code, _, err = run(golden, "--html", tmp_path / name, "--store", built)

    assert code == 5
    assert f"« {tmp_path / name} » ne peut pas être utilisé" in err
    assert "Rapport écrit" not in err and "Traceback" not in err


@pytest.mark.parametrize("name", ["absent.csv", "absent.json"])
def test_a_file_that_does_not_exist_is_named(run: Run, built: Path, name: str) -> None:
    code, out, err = run(name, "--store", built)

    assert (code, out) == (2, "")
    assert err.startswith(f"Le fichier « {name} » ne peut pas être lu : ")


@pytest.mark.parametrize("content", [None, "Où ?".encode("latin-1")])
def test_off_topic_questions_that_cannot_be_read_are_named(
    run: Run, built: Path, golden: Path, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "autres.txt"
    if content:
        file.write_bytes(content)
    code, out, err = run(golden, "--off-topic", file, "--store", built)

    assert (code, out) == (2, "")
    assert f"Le fichier « {file} » ne peut pas être lu : " in err


def test_without_a_release_there_is_nothing_to_ask(run: Run, golden: Path, tmp_path: Path) -> None:
    code, out, err = run(golden, "--store", tmp_path / "vide")

    assert (code, out) == (5, "")
    assert "ne contient pas encore d'index : lancez chartiste ingest" in err
    assert not (tmp_path / "vide").exists()


def test_a_release_of_another_model_is_not_asked(
    run: Run, built: Path, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeModel, "space", "autre")
    code, out, err = run(golden, "--store", built)

    assert (code, out) == (5, "")
    assert "« fake » (espace « fake-space »), et le modèle réglé est « fake » (espace « autre »)" in err


@pytest.mark.parametrize("option", [("--limit", "0"), ("--limit", "x"), ("--seed", "-1")])
def test_an_option_out_of_bounds_is_refused(
    run: Run, golden: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(golden, *option)
    assert "un nombre entre" in capsys.readouterr().err


def test_several_files_are_measured_in_one_run(run: Run, built: Path, golden: Path) -> None:
    other = write(golden.with_name("other.csv"), GOLDEN)
    result = shown(run, golden, other, "--store", built)

    assert [one["file"] for one in result["evaluations"]] == ["questions.csv", "other.csv"]
    assert values(result["evaluations"][0]) == values(result["evaluations"][1])


def test_a_calibration_is_written_into_the_store_and_is_used_from_then_on(
    run: Run, built: Path, tmp_path: Path
) -> None:
    answered = "".join(f"a{n},Qui peut signer la charte ?,answered\n" for n in range(50))
    refused = "".join(f"r{n},gratin {n} ?,not_found\n" for n in range(50))
    file = write(tmp_path / "many.csv", "id,question,expected\n" + answered + refused)
    store = tmp_path / "copy"
    shutil.copytree(built, store)
    code, out, err = run(file, "--store", store, "--calibrate")

    assert (code, "Calibrage écrit dans" in err, "Validation croisée" in err) == (0, True, True)
    calibration = load_calibration(FakeModel.space, store)
    assert calibration.fitted_on == ("many.csv",)
    assert shown(run, file, "--store", store)["figures"]["unanswerable_ece"]["value"] < 0.05
    assert "many.csv" in out


def test_too_few_questions_to_calibrate_are_told_after_the_figures(
    run: Run, built: Path, golden: Path, tmp_path: Path
) -> None:
    code, out, err = run(golden, "--store", built, "--calibrate")

    assert (code, "Trop peu de questions" in err) == (2, True)
    assert "réponse dans la citation" in out
    assert not (built / "calibrations").exists()


def test_a_damaged_calibration_is_told_before_anything_is_asked(
    run: Run, golden: Path, built: Path, tmp_path: Path
) -> None:
    store = tmp_path / "copy"
    shutil.copytree(built, store)
    file = own_file(store, FakeModel.space)
    file.parent.mkdir()
    file.write_text("{", encoding="utf-8")
    code, out, err = run(golden, "--store", store)

    assert (code, out) == (2, "")
    assert "eval --calibrate" in err
