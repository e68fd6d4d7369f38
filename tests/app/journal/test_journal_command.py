"""``chartiste journal``, run in this process."""

from __future__ import annotations

import csv
import io
import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import main
from app.journal.entry import Opinion
from app.journal.journal import Journal
from app.journal.words import keeping
from app.records.database import Database
from tests.app.conftest import Run
from tests.app.journal.replies import entry

NOW = datetime.now(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose journal has three lines, of today, of three and of twenty days ago."""
    folder = tmp_path / "store"
    with opened(folder) as database:
        journal = Journal(database, 30)
        journal.prepare()
        journal.keep(
            [
                entry(1, NOW, question="Qui peut signer ?"),
                entry(2, NOW - timedelta(days=3), question="=1+1 ; « été »", outcome="not_found"),
                entry(3, NOW - timedelta(days=20), question="Quand ?", outcome="declined"),
                Opinion("n00002", "down", "+ clair"),
            ]
        )
    return folder


def opened(folder: Path) -> closing[Database]:
    return closing(Database(f"sqlite:///{folder / 'chartiste.db'}"))


def size(folder: Path) -> int:
    with opened(folder) as database:
        return Journal(database, 30).size()


def test_show_says_what_came_of_the_last_questions(run: Run, store: Path) -> None:
    code, out, err = run("journal", "show", "--store", store, "-n", "2")
    first, second, opinion = out.splitlines()
    assert (code, err) == (0, f"2 sur 3 lignes. {keeping(0)}\n")
    assert first.endswith("répondue      Qui peut signer ?")
    assert "sans réponse  =1+1 ; « été »" in second
    assert opinion == "    avis défavorable : + clair"


def test_show_says_whether_the_journal_is_kept(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert json.loads(run("journal", "show", "--store", store, "--json")[1])["days"] == 0
    monkeypatch.setenv("CHARTISTE_JOURNAL_DAYS", "25")
    assert run("journal", "show", "--store", store)[2] == f"3 sur 3 lignes. {keeping(25)}\n"
    assert json.loads(run("journal", "show", "--store", store, "--json")[1])["days"] == 25


def test_show_as_json_has_whole_lines(run: Run, store: Path) -> None:
    code, out, _ = run("journal", "show", "--store", store, "--json", "--outcome", "not_found")
    told = json.loads(out)
    assert code == 0 and told["count"] == 1
    assert told["entries"][0]["verdict"] == "down" and told["entries"][0]["sources"] == ["s1"]


def test_what_is_older_than_the_setting_is_not_shown(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_JOURNAL_DAYS", "7")
    _, out, _ = run("journal", "show", "--store", store, "--json")
    assert [one["id"] for one in json.loads(out)["entries"]] == ["n00001", "n00002"]


def test_an_export_is_one_object_a_line_the_oldest_first(run: Run, store: Path) -> None:
    code, out, err = run("journal", "export", "--store", store)
    assert code == 0 and err.endswith("export : 3/3\n")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["n00003", "n00002", "n00001"]


def test_an_export_may_be_a_part_of_it(run: Run, store: Path) -> None:
    day = (NOW - timedelta(days=5)).astimezone().date().isoformat()
    _, out, _ = run("journal", "export", "--store", store, "--since", day, "--text", "SIGNER")
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["n00001"]


def test_a_table_opens_in_a_spreadsheet_and_computes_nothing(
    run: Run, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "journal.csv"
    code, out, _ = run("journal", "export", file, "--store", store)
    assert (code, out) == (0, f"3 lignes dans « {file} ».\n")
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and file.stat().st_mode & 0o777 == 0o600
    text = file.read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["question"] for row in rows] == ["Quand ?", "'=1+1 ; « été »", "Qui peut signer ?"]
    assert rows[1]["reason"] == "'+ clair" and rows[1]["sources"] == "s1"
    assert {file.name for file in tmp_path.iterdir()} == {"store", "journal.csv"}


def test_the_format_may_be_said(run: Run, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "journal.txt"
    _, out, _ = run("journal", "export", file, "--format", "csv", "--json", "--store", store)
    assert json.loads(out) == {"file": str(file), "lines": 3}
    assert file.read_text(encoding="utf-8-sig").startswith("id;at;question;")


def test_a_file_that_cannot_be_written_is_told(run: Run, store: Path, tmp_path: Path) -> None:
    code, _, err = run("journal", "export", tmp_path / "absent" / "journal.csv", "--store", store)
    assert code == 2 and "ne peut pas être écrit : " in err and "Traceback" not in err
    code, _, err = run("journal", "export", store / "chartiste.db" / "a.csv", "--store", store)
    assert code == 2 and "ne peut pas être écrit : " in err


def test_an_erasure_asks_first(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("non\n"))
    code, out, err = run("journal", "erase", "--all", "--store", store)
    assert (code, out) == (0, "Rien n'est effacé.\n") and "3 lignes à effacer" in err
    assert size(store) == 3
    monkeypatch.setattr(sys, "stdin", Terminal("Oui\n"))
    assert run("journal", "erase", "--all", "--store", store)[:2] == (0, "3 lignes effacées.\n")
    assert size(store) == 0


def test_an_erasure_that_nobody_confirms_is_refused(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("oui\n"))
    code, _, err = run("journal", "erase", "--all", "--store", store)
    assert code == 2 and "--yes" in err and size(store) == 3


def test_lines_before_a_day_are_erased_without_asking_when_told_so(run: Run, store: Path) -> None:
    day = (NOW - timedelta(days=2)).astimezone().date().isoformat()
    code, out, _ = run("journal", "erase", "--before", day, "--yes", "--json", "--store", store)
    assert (code, json.loads(out)) == (0, {"erased": 2}) and size(store) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["erase"], "il manque l'un de : --before --all"),
        (["erase", "--before", "hier"], "un jour comme 2026-11-30"),
        (["erase", "--before", "2026-01-01", "--all"], "ne vont pas ensemble"),
        (["show", "-n", "0"], "entre 1 et 1000"),
        (["show", "--outcome", "rien"], "« rien » n'existe pas"),
        ([], "ACTION"),
        (["lire"], "« lire » n'existe pas"),
    ],
)
def test_what_cannot_be_asked_is_told_in_french(
    capsys: pytest.CaptureFixture[str], wrong: list[str], told: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["journal", *wrong])
    err = capsys.readouterr().err
    assert told in err and "usage" not in err and "argument" not in err


def test_a_purge_erases_what_is_older_than_the_setting(
    run: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_JOURNAL_DAYS", "2")
    assert run("journal", "purge", "--store", store)[:2] == (0, "2 lignes effacées.\n")
    assert run("journal", "purge", "--store", store)[:2] == (0, "0 ligne effacée.\n")


@pytest.mark.parametrize("action", [["show"], ["export"], ["erase", "--all"], ["purge"]])
def test_without_a_database_there_is_no_journal_and_none_is_made(
    run: Run, tmp_path: Path, action: list[str]
) -> None:
    code, _, err = run("journal", *action, "--store", tmp_path / "store")
    assert code == 5 and "CHARTISTE_JOURNAL_DAYS" in err
    assert list(tmp_path.iterdir()) == []


class Terminal(io.StringIO):
    """What a person types."""

    def isatty(self) -> bool:
        return True
