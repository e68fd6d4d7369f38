"""``chartiste eval``, run in this process with the fake model."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.calibration import load_calibration, own_file, save_calibration
from app.chat.unavailable import ModelUnavailable
from app.commands import evaluation
from app.evaluate import statistics
from ingest.store import Store
from tests.app.calibrations import CALIBRATION
from tests.app.evaluate.made import ARTICLES, Scripted, saved
from tests.fakes import FakeModel
from tests.fakes.chat_server import ChatServer
from tests.fakes.reading import read

Run = Callable[..., tuple[int, str, str]]

GOLDEN = """\
id,question,expected,source,key_terms,follows
1,Qui peut signer la charte ?,answered,charte.md,collectivité,
2,Combien coûte l’adhésion annuelle ?,answered,charte.md,mille euros,
3,gratin ?,not_found,,,
4,Merci,declined,,,
"""
MISSED = "id,question\n" + "".join(f"{number},gratin {number} ?\n" for number in range(20))

TRUE = "Toute collectivité peut signer la charte [1]."
FALSE = "Le maire de Lyon a signé en 1999 [1]."


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
    assert "« fake-space »), et le modèle réglé est" in err and "« autre »" in err


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


def scripted(monkeypatch: pytest.MonkeyPatch, *answers: str | ModelUnavailable) -> Scripted:
    """The model of the settings is one that gives these answers."""
    model = Scripted(*answers)
    model.name = "scripted"  # type: ignore[attr-defined]
    monkeypatch.setattr(evaluation, "load_chat_model", lambda settings: model)
    return model


def test_what_a_model_answers_is_measured_on_the_same_questions(
    run: Run, built: Path, golden: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, f"{TRUE} {FALSE}", ModelUnavailable("timeout"))
    before = shown(run, golden, "--store", built)
    code, out, err = run(golden, "--generated", "--store", built, "--json")
    result = json.loads(out)
    figures = result["figures"]

    assert code == 0 and "Réponses du modèle de langue : 4/4\n" in err
    assert err.endswith(f"1 question(s) : {ModelUnavailable('timeout')}\n")
    assert result["generated"]["fates"] == {
        "generated": 1, "unwritten": 1, "declined": 2
    }  # fmt: skip
    assert (figures["generated_answered"]["value"], figures["generated_answered"]["cases"]) == (
        0.25, 4,
    )  # fmt: skip
    assert figures["generated_supported"]["value"] == 0.5
    assert figures["generated_said"]["value"] == 1.0
    assert figures["generated_tokens"]["value"] == len(f"{TRUE} {FALSE}".split())
    assert values(before).items() <= values(result).items()
    assert result["failures"] == before["failures"] and "generated" not in before


def test_the_table_and_the_page_have_the_figures_of_the_model_after_the_others(
    run: Run, built: Path, golden: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, TRUE, FALSE)
    page = tmp_path / "page.html"
    code, out, _ = run(golden, "--generated", "--html", page, "--store", built)
    lines = out.splitlines()

    assert (code, lines[0].endswith("modèle fake, réponses de scripted")) == (0, True)
    names = [line[:40].strip() for line in lines[2:]]
    assert names.index("latence p95 (ms)") < names.index("réponse écrite par le modèle")
    assert {"phrases confirmées", "première phrase p95 (ms)", "jetons par question"} <= set(names)
    assert "écartées : nom" in names or "écartées : nombre ou date" in names
    assert "phrases confirmées" in page.read_text(encoding="utf-8")


def test_articles_are_asked_of_the_model_with_the_calibration_of_the_store(
    run: Run, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, *["Le boulanger pétrit la pâte à pain avant l’aube [1]."] * 9)

    def asked(threshold: float) -> tuple[float, set[str]]:
        """The share answered of what has an answer, and what became of it with the model."""
        regime = replace(CALIBRATION.lexical, threshold=threshold)
        known = replace(CALIBRATION, space=FakeModel.space, lexical=regime)
        save_calibration(replace(known, french=None, foreign=None), store.folder)
        result = shown(run, saved(tmp_path), "--generated", "--store", store.folder)
        return result["figures"]["answered"]["value"], set(result["generated"]["fates"])

    assert asked(0.0) == (1.0, {"generated"})
    assert asked(1.0) == (0.0, {"not_found"})


def test_without_a_model_the_setting_that_lacks_is_named_before_anything_is_asked(
    run: Run, built: Path, golden: Path
) -> None:
    code, out, err = run(golden, "--generated", "--store", built)

    assert (code, out) == (2, "")
    assert err == "--generated mesure un modèle de langue : réglez CHARTISTE_MODEL.\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A language model's server, set in the environment, that repeats its first passage."""
    pytest.importorskip("langchain_openai")

    def repeat(asked: Any) -> str:
        sentence = read(asked.prompt).passages[0].text.partition(".")[0]
        return f"{sentence} [1]."

    with ChatServer(repeat) as server:
        monkeypatch.setenv("CHARTISTE_MODEL", "openai:faux")
        monkeypatch.setenv("CHARTISTE_MODEL_URL", server.url())
        monkeypatch.setenv("CHARTISTE_MODEL_KEY", "essai")
        yield server


def test_a_server_is_asked_each_question_that_the_sources_answer(
    run: Run, store: Store, golden: Path, server: ChatServer
) -> None:
    result = shown(run, golden, "--generated", "--limit", 4, "--store", store.folder)

    assert result["generated"]["model"] == "openai:faux"
    assert result["generated"]["fates"]["generated"] == len(server.asked) == 2
    assert result["generated"]["tokens"] > 20 and result["generated"]["silences"] == {}
    first = result["figures"]["generated_first_p50"]
    assert first["cases"] == 2 and 0 < first["value"] <= result["figures"]["generated_p95"]["value"]
