"""The subcommands, run in this process with the fake model."""

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.cli import main
from app.commands import opening
from app.journal.words import keeping
from app.query import Query
from app.records.database import Database
from app.records.tables import VERSION_TABLE
from app.settings import settings
from ingest.embed import load_model
from ingest.settings import environment, shipped
from ingest.store import Store
from tests.app.candidates import candidate
from tests.app.conftest import Run
from tests.app.texts import SHEETS, publish, write
from tests.fakes import FakeModel
from tests.fakes.chat_server import ChatServer

# What `ask --json` and `search --json` promise to those who read them; more keys may come.
REPLY = {
    "id", "question", "outcome", "mode", "confidence", "text", "statements", "citations",
    "suggestions", "release", "elapsed_ms",
}  # fmt: skip
CITATION = {"number", "passage", "quote", "start", "end", "source"}
SOURCE = {"id", "title", "publisher", "date", "url", "kind"}
PASSAGE = {"passage", "text", "start", "end", "score", "heading", "source"}


@pytest.fixture
def batch(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def batch(content: str | bytes) -> Path:
        file = tmp_path / "questions.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return batch


def lines(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_ask_prints_the_answer_with_its_sources(run: Run, built: Path) -> None:
    code, out, err = run("ask", "Qui peut signer la charte ?", "--store", built)

    assert (code, err) == (0, "")
    assert out.splitlines()[:4] == [
        "D'après « La charte d’alliance », CITEGO, décembre 2019 :",
        "« Toute collectivité peut signer la charte. » [1]",
        "",
        "[1] « La charte d’alliance », CITEGO, décembre 2019",
    ]


def test_ask_json_prints_the_object_that_is_promised(run: Run, built: Path) -> None:
    code, out, _ = run("ask", "Qui peut signer la charte ?", "--json", "--store", built)
    shown = json.loads(out)

    assert code == 0
    assert shown.keys() >= REPLY
    assert (shown["id"], shown["outcome"], shown["mode"]) == (None, "answered", "quoted")
    assert shown["statements"] == [
        {"text": "Toute collectivité peut signer la charte.", "citations": [1], "supported": True}
    ]
    [citation] = shown["citations"]
    assert citation.keys() >= CITATION
    assert citation["source"].keys() >= SOURCE | {"path"}
    assert citation["source"]["kind"] == "charte"


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("gratin ?", "declined"),
        ("Qui a imprimé la charte en 2019 ?", "not_found"),
        ("", "declined"),
    ],
)
def test_ask_exits_with_0_when_there_is_no_answer(
    run: Run, built: Path, question: str, outcome: str
) -> None:
    code, out, _ = run("ask", question, "--json", "--store", built)

    assert (code, json.loads(out)["outcome"]) == (0, outcome)
    assert json.loads(out).keys() >= REPLY


def test_search_json_prints_the_object_that_is_promised(run: Run, built: Path) -> None:
    code, out, _ = run("search", "Qui peut signer ?", "-k", "3", "--json", "--store", built)
    shown = json.loads(out)

    assert code == 0
    assert shown.keys() >= {"id", "question", "passages", "release", "elapsed_ms"}
    assert len(shown["passages"]) == 3
    first = shown["passages"][0]
    assert first.keys() >= PASSAGE
    assert first["source"].keys() >= SOURCE | {"path"}
    assert first["heading"] == ["Qui peut signer la charte ?"]
    assert first["end"] - first["start"] == len(first["text"])


def test_search_prints_passages_for_a_person(run: Run, built: Path) -> None:
    _, out, _ = run("search", "Qui peut signer ?", "-k", "1", "--store", built)

    assert out.startswith("1. La charte d’alliance › Qui peut signer la charte ?  (")
    assert out.endswith("La signature est gratuite et ne crée aucune obligation.\n")


def test_a_batch_prints_a_line_a_question_with_its_id_as_given(
    run: Run, built: Path, batch: Callable[[str], Path]
) -> None:
    file = batch(
        'id,question,note\n007,Qui peut signer la charte ?,x\n1e3,"Merci, au revoir"\n,gratin ?\n'
    )
    code, out, err = run("ask", "--batch", file, "--store", built)

    assert (code, err) == (0, "")
    assert [(r["id"], r["outcome"], r["question"]) for r in lines(out)] == [
        ("007", "answered", "Qui peut signer la charte ?"),
        ("1e3", "declined", "Merci, au revoir"),
        ("", "declined", "gratin ?"),
    ]


def test_a_row_that_follows_another_is_understood_after_it(
    run: Run, built: Path, batch: Callable[[str], Path]
) -> None:
    file = batch(
        "id,question,follows\na,L’adhésion est-elle gratuite ?,\nb,Et elle coûte combien ?,a\n"
        "c,Et elle coûte combien ?,nulle-part\n"
    )
    _, out, err = run("ask", "--batch", file, "--store", built)
    _, followed, alone = lines(out)

    assert followed["citations"][0]["heading"] == ["Combien coûte l’adhésion ?"]
    assert followed["question"] == alone["question"] == "Et elle coûte combien ?"
    assert alone["confidence"] != followed["confidence"]
    assert err == "« follows: nulle-part » : aucune ligne d'avant n'a cet id.\n"


@pytest.mark.parametrize(
    "content",
    [
        "question\nQui peut signer la charte ?\n".encode("utf-8-sig"),
        b"question\r\nQui peut signer la charte ?\r\n",
        b"question\rQui peut signer la charte ?\r",
        b"question\n\n\nQui peut signer la charte ?",
        b'"question"\n"Qui peut\nsigner la charte ?"\n',
        "question\nQui peut\u2028signer la charte\x85?\n".encode(),
        b"question\nQui peut signer\x0cla charte ?,trop,de,cases\n",
    ],
    ids=["BOM", "CRLF", "CR", "blank lines", "quoted newline", "separators", "more cells"],
)
@pytest.mark.parametrize("from_stdin", [False, True])
def test_a_batch_is_read_however_it_was_written(
    run: Run,
    built: Path,
    batch: Callable[[bytes], Path],
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    from_stdin: bool,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="ascii"))
    code, out, _ = run("ask", "--batch", "-" if from_stdin else batch(content), "--store", built)
    [shown] = lines(out)

    assert (code, shown["outcome"], shown["id"]) == (0, "answered", None)
    assert shown["citations"][0]["quote"] == "Toute collectivité peut signer la charte."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "n'a pas de colonne « question »."),
        (b"id,Question\n1,Qui ?\n", "n'a pas de colonne « question »."),
        ("question\nQui a signé ?\n".encode("latin-1"), "ce n'est pas un tableau CSV en UTF-8."),
        (b'question\n"' + b"x" * 200_000, "ce n'est pas un tableau CSV en UTF-8."),
    ],
    ids=["empty", "no column", "Latin-1", "a cell too long"],
)
def test_a_batch_that_cannot_be_read_is_refused(
    run: Run, built: Path, batch: Callable[[bytes], Path], content: bytes, message: str
) -> None:
    file = batch(content)
    code, out, err = run("search", "--batch", file, "--store", built)

    assert (code, out) == (2, "")
    assert err.startswith(f"Le fichier « {file} » ") and err.endswith(f"{message}\n")


def test_a_batch_file_that_does_not_exist_is_named(run: Run, built: Path) -> None:
    code, _, err = run("ask", "--batch", "nulle-part.csv", "--store", built)

    assert code == 2
    assert err.startswith("Le fichier « nulle-part.csv » ne peut pas être lu : ")


def test_a_batch_with_no_row_prints_nothing(
    run: Run, built: Path, batch: Callable[[str], Path]
) -> None:
    assert run("ask", "--batch", batch("id,question\n"), "--store", built) == (0, "", "")


def test_search_takes_a_batch_too(run: Run, built: Path, batch: Callable[[str], Path]) -> None:
    file = batch("id,question\n1,Qui peut signer ?\n2,C’est quoi un PCAET ?\n")
    _, out, _ = run("search", "--batch", file, "-k", "1", "--store", built)

    assert [(r["id"], r["passages"][0]["heading"]) for r in lines(out)] == [
        ("1", ["Qui peut signer la charte ?"]),
        ("2", ["PCAET"]),
    ]


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", [(), ("Qui ?", "--batch", "f.csv")])
def test_one_question_or_one_file_is_asked_for(
    run: Run, built: Path, command: str, question: tuple[str, ...]
) -> None:
    assert run(command, *question, "--store", built) == (
        2, "", "Donnez une question, ou un fichier avec --batch (l'un des deux).\n"
    )  # fmt: skip


def test_ingest_says_what_it_did(run: Run, tmp_path: Path) -> None:
    sheets = write(tmp_path / "fiches", {**SHEETS, "vieux.doc": "?"})
    code, out, err = run("ingest", sheets, "--store", "s")
    current = Store(tmp_path / "s").current()

    assert code == 3
    assert out.splitlines()[0] == f"Version {current} en service."
    assert "4 documents, 10 passages, 24 phrases ; 32 vecteurs calculés, 2 repris." in out
    assert out.splitlines()[-2:] == [
        "Sources en échec (1) :",
        f"- {sheets / 'vieux.doc'} : L'ancien format « .doc » n'est pas pris en charge : "
        "enregistrez-le en .docx ou .pdf.",
    ]
    assert "Calcul des vecteurs : 32/32" in err


def test_ingest_json_prints_the_report_and_progress_stays_on_stderr(
    run: Run, tmp_path: Path
) -> None:
    sheets = write(tmp_path / "fiches", SHEETS)
    first = json.loads(run("ingest", sheets, "--store", "s", "--json")[1])
    second = json.loads(run("ingest", sheets, "--store", "s", "--json")[1])

    assert first.keys() >= {
        "release", "changed", "read", "skipped", "documents", "passages", "sentences",
        "embedded", "reused", "removed", "seconds",
    }  # fmt: skip
    assert (first["changed"], first["embedded"], first["documents"]) == (True, 32, 4)
    assert (second["changed"], second["embedded"]) == (False, 0)
    assert first["release"] == second["release"]


def test_releases_are_listed_with_a_star_before_the_one_in_service(run: Run, store: Store) -> None:
    first = store.current()
    second = publish(store.folder, {"charte.md": SHEETS["charte.md"]}).release
    _, out, _ = run("releases", "--store", store.folder)
    shown = json.loads(run("releases", "--json", "--store", store.folder)[1])

    assert out.splitlines() == [
        f"* {second}  1 documents, 4 passages, modèle fake",
        f"  {first}  4 documents, 10 passages, modèle fake",
    ]
    assert shown["current"] == second
    assert [(r["id"], r["current"]) for r in shown["releases"]] == [(second, True), (first, False)]


def test_a_damaged_release_is_told_and_the_others_are_listed(run: Run, store: Store) -> None:
    first = store.current()
    assert first is not None
    second = publish(store.folder, {"charte.md": SHEETS["charte.md"]}).release
    (store.path(first) / "manifest.json").unlink()
    code, out, err = run("releases", "--store", store.folder)

    assert code == 0
    assert out.startswith(f"* {second}")
    assert f"Le manifeste de la version « {first} » est absent ou abîmé." in err


def test_an_empty_store_lists_nothing_and_creates_nothing(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("releases", "--store", "s")

    assert (code, out) == (
        0,
        f"Aucune version dans « {tmp_path / 's'} » : lancez chartiste ingest.\n",
    )
    assert not (tmp_path / "s").exists()


def test_rollback_returns_to_the_previous_release_or_to_the_one_named(
    run: Run, store: Store
) -> None:
    first = store.current()
    second = publish(store.folder, {"charte.md": SHEETS["charte.md"]}).release

    assert run("rollback", "--store", store.folder) == (
        0, f"Version {first} en service (avant : {second}).\n", ""
    )  # fmt: skip
    assert store.current() == first
    _, out, _ = run("rollback", second, "--json", "--store", store.folder)
    assert json.loads(out) == {"release": second, "previous": first}
    assert store.current() == second


def test_rollback_to_a_damaged_release_changes_nothing(run: Run, store: Store) -> None:
    first = store.current()
    assert first is not None
    second = publish(store.folder, {"charte.md": SHEETS["charte.md"]}).release
    with (store.path(first) / "passages.sqlite").open("ab") as file:
        file.write(b"x")
    code, _, err = run("rollback", "--store", store.folder)

    assert (code, err) == (5, f"Version « {first} » : le fichier passages.sqlite a changé.\n")
    assert store.current() == second


def test_doctor_finds_a_good_store_good(run: Run, built: Path) -> None:
    code, out, _ = run("doctor", "--store", built)
    shown = json.loads(run("doctor", "--json", "--store", built)[1])

    assert code == 0
    assert [line[0] for line in out.splitlines()] == ["✓"] * 6
    assert "✓ Modèle de vecteurs : fake, 64 dimensions, espace fake-space" in out
    assert f"✓ Dossier : {built} (1 version)" in out
    assert shown["ok"] and all(
        check.keys() == {"name", "ok", "detail"} for check in shown["checks"]
    )


def test_doctor_looks_at_the_database_and_the_journal(
    run: Run, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> tuple[int, str]:
        code, out, _ = run("doctor", "--store", built)
        return code, next(line for line in out.splitlines() if "Base de données" in line)

    file = tmp_path / "base.db"
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", f"sqlite:///{file}")
    code, line = told()
    assert code == 1 and line.startswith("✗ Base de données : ") and f"« {file} »" in line
    assert "corrigez CHARTISTE_DATABASE_URL" in line and "staff add" in line
    assert not file.exists()
    monkeypatch.delenv("CHARTISTE_DATABASE_URL")
    assert told() == (0, "✓ Base de données : il n'y en a pas encore : le premier compte ou le "
                         f"journal la fera. {keeping(0)}")  # fmt: skip
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    database.migrate()
    monkeypatch.setenv("CHARTISTE_JOURNAL_DAYS", "30")
    assert told() == (0, f"✓ Base de données : {file}, lisible et à jour. {keeping(30)}")
    with database.begin() as session:
        session.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0000'"))
    database.close()
    code, line = told()
    assert code == 1 and line.startswith("✗") and "n'est pas à jour : redémarrez" in line
    file.write_bytes(b"rien" * 1_000)
    code, line = told()
    assert code == 1 and line.startswith("✗") and "n'est pas une base de données" in line


def test_the_model_is_opened_with_its_key_and_device_and_the_key_is_not_shown(
    run: Run, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("https://serveur.exemple/v1#m", "sk-canari", "cpu")
    for name, value in zip(("", "_KEY", "_DEVICE"), given, strict=True):
        monkeypatch.setenv(f"CHARTISTE_EMBEDDING{name}", value)
    opened: list[tuple[str, ...]] = []

    def load(*settings: str) -> FakeModel:
        opened.append(settings)
        return FakeModel()

    monkeypatch.setattr(opening, "load_model", load)
    said = [run(*command, "--store", built) for command in (["doctor"], ["ask", "La charte ?"])]

    assert set(opened) == {given}
    assert [code for code, *_ in said] == [0, 0]
    assert "canari" not in str(said)


def test_doctor_names_a_server_that_does_not_answer(
    run: Run, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_EMBEDDING", "http://127.0.0.1:9/v1#m")
    monkeypatch.setattr(opening, "load_model", load_model)
    code, out, _ = run("doctor", "--store", built)

    assert code == 1
    assert "✗ Modèle de vecteurs : Le serveur de vecteurs « http://127.0.0.1:9/v1 » est inj" in out


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A language model's server, set in the environment."""
    pytest.importorskip("langchain_openai")
    with ChatServer("Bonjour.") as server:
        monkeypatch.setenv("CHARTISTE_MODEL", "openai:faux")
        monkeypatch.setenv("CHARTISTE_MODEL_URL", server.url())
        monkeypatch.setenv("CHARTISTE_MODEL_KEY", "sk-canari")
        monkeypatch.setenv("CHARTISTE_MODEL_FIRST_TOKEN_SECONDS", "1")
        yield server


def test_doctor_asks_the_language_model_and_says_what_it_got(
    run: Run, store: Store, chat: ChatServer
) -> None:
    code, out, err = run("doctor", "--store", store.folder)

    assert (code, err) == (0, "")
    assert re.search(
        r"^✓ Modèle de langue : openai:faux, premiers mots en \d\.\d s, réponse entière en "
        r"\d\.\d s, 12 jetons$",
        out,
        re.MULTILINE,
    )
    assert [one.headers["Authorization"] for one in chat.asked] == ["Bearer sk-canari"]
    shown = json.loads(run("doctor", "--json", "--store", store.folder)[1])
    assert shown["checks"][-1]["ok"] and "12 jetons" in shown["checks"][-1]["detail"]


WRITES = "Toute collectivité peut signer la charte [1]. La charte date de 1492 [1]."


def test_ask_writes_where_there_is_a_language_model(
    run: Run, built: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store = shutil.copytree(built, tmp_path / "store")  # the budget is kept there
    chat.answer = WRITES
    code, out, err = run("ask", "Qui peut signer la charte ?", "--json", "--store", store)
    shown = json.loads(out)
    assert (code, err, shown["mode"]) == (0, "", "generated")
    assert [one["text"] for one in shown["statements"]] == [
        "Toute collectivité peut signer la charte."
    ]
    monkeypatch.setenv("CHARTISTE_MODEL_SHOW_UNSUPPORTED", "oui")
    shown = json.loads(run("ask", "Qui peut signer ?", "--json", "--store", store)[1])
    assert [one["supported"] for one in shown["statements"]] == [True, False]
    assert "1492" in shown["statements"][1]["reason"]
    chat.answer = "500"
    code, out, err = run("ask", "Qui peut signer la charte ?", "--store", store)
    assert (code, err) == (0, "") and "Le modèle de langue n'a pas répondu" in out


def test_search_asks_nothing_of_a_language_model(run: Run, store: Store, chat: ChatServer) -> None:
    assert run("search", "Qui peut signer ?", "--store", store.folder)[0] == 0
    assert chat.asked == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("401", "refuse l'accès : vérifiez CHARTISTE_MODEL_KEY (401)."),
        ("404", "ne connaît pas ce modèle de langue"),
        ("hang", "n'a pas répondu à temps"),
        ("html", "répond autre chose que du texte"),
        ("refused", "est injoignable"),
        ("dns", "n'existe pas : vérifiez CHARTISTE_MODEL_URL"),
    ],
)
def test_doctor_says_why_the_language_model_fails(
    run: Run, store: Store, chat: ChatServer, monkeypatch: pytest.MonkeyPatch, fault: str, said: str
) -> None:
    monkeypatch.setenv("CHARTISTE_MODEL_URL", chat.url(fault))
    code, out, err = run("doctor", "--store", store.folder)

    assert (code, err) == (1, "")
    assert out.splitlines()[-1].startswith("✗ Modèle de langue : L")
    assert said in out.splitlines()[-1]
    assert "canari" not in out + err


def test_serve_refuses_to_start_without_the_model_s_library(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain.chat_models import base

    base._get_chat_model_creator.cache_clear()  # it may have been found by another test
    monkeypatch.setenv("CHARTISTE_MODEL", "ollama:gemma3:4b")
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)
    code, out, err = run("serve", "--store", tmp_path / "s")

    assert (code, out) == (4, "")
    assert err.splitlines()[-1].endswith("n'est pas installé : pip install 'chartiste[ollama]'.")
    assert not (tmp_path / "s").exists()


def test_serve_refuses_to_start_without_the_model_of_inference(
    run: Run, tmp_path: Path, chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_NLI", "./absent")
    code, out, err = run("serve", "--store", tmp_path / "s")

    assert (code, out) == (4, "")
    assert err == "Le dossier « ./absent » n'existe pas : vérifiez CHARTISTE_NLI.\n"
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize(("percent", "shown"), [("60", 1), ("61", 0)])
def test_the_model_of_inference_is_opened_with_its_device_and_heard_from_its_threshold_on(
    chat: ChatServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, percent: str, shown: int
) -> None:
    opened: list[tuple[str, str]] = []

    class Unsure:
        def __init__(self, place: str, device: str) -> None:
            opened.append((place, device))

        def probability(self, premise: str, hypothesis: str) -> float:
            return 0.6

    monkeypatch.setattr("app.entailment.Entailment", Unsure)
    chat.answer = "La charte engage les communes [1]."
    env = {
        **environment(tmp_path), "CHARTISTE_NLI": "un/modele", "CHARTISTE_EMBEDDING_DEVICE": "cpu",
        "CHARTISTE_NLI_THRESHOLD": percent,
    }  # fmt: skip
    writer = opening.open_writer(settings(env, tmp_path))
    assert writer is not None and opened == [("un/modele", "cpu")]
    found = candidate("La charte lie les communes.", cosines=(0.9,))
    writing = writer.begin(Query("Qui ?", {}, None, "fr"), [found])
    assert writing is not None and len(list(writing)) == shown


def test_a_model_of_inference_is_not_opened_without_a_language_model(tmp_path: Path) -> None:
    assert opening.open_writer(settings({"CHARTISTE_NLI": "./absent"}, tmp_path)) is None


def test_a_wrong_setting_of_the_model_stops_every_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_MODEL", "gpt")
    for command in (["serve"], ["ask", "Qui ?"], ["doctor"]):
        code, _, err = run(*command, "--store", tmp_path)
        assert code == 2
        assert "CHARTISTE_MODEL vaut « gpt » : écrivez « openai: »" in err


def test_prompts_check_reads_them_all(run: Run) -> None:
    code, out, err = run("prompts", "check")
    shown = json.loads(run("prompts", "check", "--json")[1])

    assert (code, err) == (0, "")
    assert [line[0] for line in out.splitlines()] == ["✓"] * 4
    assert shown["ok"] and len(shown["prompts"]) == 4


def test_prompts_check_names_the_line_of_a_mistake(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shipped("prompts", "condense.md").read_text(encoding="utf-8")
    (tmp_path / "condense.md").write_text(text + "{passage}", encoding="utf-8")
    monkeypatch.setenv("CHARTISTE_PROMPTS", str(tmp_path))
    code, _, err = run("prompts", "check")

    assert code == 2
    where = f"{tmp_path / 'condense.md'}, ligne {len(text.splitlines()) + 1}"
    assert err.startswith(f"{where} : « {{passage}} » n'est pas une valeur ({{fence}},")


def test_doctor_says_what_is_wrong_with_an_empty_store_and_exits_with_1(
    run: Run, tmp_path: Path
) -> None:
    code, out, err = run("doctor", "--store", "s")

    assert (code, err) == (1, "")
    assert [line[0] for line in out.splitlines()] == ["✓", "✓", "✓", "✗", "✗", "✓"]
    assert "ne contient pas encore d'index : lancez chartiste ingest" in out
    assert json.loads(run("doctor", "--json", "--store", "s")[1])["ok"] is False


def test_doctor_names_a_damaged_file(run: Run, store: Store) -> None:
    current = store.current()
    assert current is not None
    with (store.path(current) / "passages.sqlite").open("ab") as file:
        file.write(b"x")
    code, out, _ = run("doctor", "--store", store.folder)

    assert code == 1
    assert (
        f"✗ Version en service : Version « {current} » : le fichier passages.sqlite a changé."
        in out
    )


def test_the_golden_file_is_a_batch(run: Run, built: Path, batch: Callable[[str], Path]) -> None:
    golden = Path(__file__).parents[2] / "data" / "golden" / "questions.csv"
    with golden.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    _, out, _ = run("search", "--batch", golden, "-k", "1", "--store", built)

    assert [shown["id"] for shown in lines(out)] == [row["id"] for row in rows]
    assert [shown["question"] for shown in lines(out)] == [row["question"] for row in rows]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_batch_may_be_parted_as_a_spreadsheet_does(
    run: Run, built: Path, batch: Callable[[str], Path], mark: str
) -> None:
    file = batch(f"id{mark}question\n7{mark}Qui peut signer la charte ?\n")

    code, out, _ = run("search", "--batch", file, "-k", "1", "--store", built)

    assert code == 0
    assert [line["id"] for line in lines(out)] == ["7"]


def test_a_question_that_is_too_long_is_told_on_its_line_and_the_others_are_answered(
    run: Run, built: Path, batch: Callable[[str], Path]
) -> None:
    file = batch(f"id,question\n1,{'x' * 2001}\n2,Qui peut signer la charte ?\n")

    code, out, err = run("ask", "--batch", file, "--store", built)

    refused, answered = lines(out)
    assert code == 2
    assert refused["id"] == "1" and "trop longue" in refused["error"]
    assert (answered["id"], answered["outcome"]) == ("2", "answered")
    assert err == "1 question(s) refusée(s) : voyez « error ».\n"


def test_a_rollback_without_a_store_creates_nothing(run: Run, tmp_path: Path) -> None:
    code, _, err = run("rollback", "--store", tmp_path / "vide")

    assert (code, err) == (5, "Il n'y a pas de version plus ancienne à laquelle revenir.\n")
    assert not (tmp_path / "vide").exists()


def test_rows_without_ids_do_not_follow_each_other(
    run: Run, built: Path, batch: Callable[[str], Path]
) -> None:
    file = batch("question\nQui peut signer la charte ?\nEt combien ?\n")
    _, out, _ = run("ask", "--batch", file, "--store", built)
    second = lines(out)[1]
    _, out, _ = run("ask", "--batch", batch("question\nEt combien ?\n"), "--store", built)

    assert second["outcome"] == lines(out)[0]["outcome"]
    assert second["confidence"] == lines(out)[0]["confidence"]


def test_a_garbled_pointer_is_told_and_no_starter_sheet_takes_the_place(
    run: Run, store: Store
) -> None:
    (store.folder / "current").write_text("")

    code, _, err = run("ask", "Qui ?", "--store", store.folder)

    assert code == 5
    assert "choisissez-en une avec chartiste rollback VERSION" in err
    [id] = store.ids()
    assert run("rollback", id, "--store", store.folder)[0] == 0
    assert run("ask", "Qui peut signer la charte ?", "--store", store.folder)[0] == 0


def test_what_is_wrong_with_the_arguments_is_said_in_french(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["asq"])

    assert ended.value.code == 2
    said = "« asq » n'existe pas (COMMANDE). Voyez « chartiste --help ».\n"
    assert capsys.readouterr().err == said
