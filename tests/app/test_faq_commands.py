"""``chartiste faq``, in this process with the fake model."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.faq.entries import Entries
from app.faq.entry import Entry
from app.records.database import Database
from app.records.place import FILE
from ingest.store import Store
from tests.app.conftest import Run
from tests.faq.edits import PAUL, edit

TABLE = (
    "question;réponse;thème\n"
    "Qui peut signer la charte ?;Toute collectivité peut signer la charte.;Charte\n"
    "Où est la piscine ?;Au centre du village.;Sport\n"
    "Combien ?;\n"
    "qui peut signer la charte;Personne.;Charte\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "faq.csv"
    file.write_text(TABLE, encoding="cp1252")
    return file


def entries_of(store: Store) -> list[Entry]:
    database = Database(f"sqlite:///{store.folder / FILE}")
    found = Entries(database).find()
    database.close()
    return found


@pytest.fixture
def published(store: Store) -> Iterator[Store]:
    """A store with one published entry and one draft."""
    database = Database(f"sqlite:///{store.folder / FILE}")
    database.migrate()
    entries = Entries(database)
    made = entries.create(edit(), PAUL)
    entries.publish(made.id, 1, PAUL)
    entries.create(edit("Combien ?"), PAUL)
    yield store
    database.close()


def test_a_table_becomes_drafts_and_bad_lines_are_told(run: Run, store: Store, table: Path) -> None:
    code, out, err = run("faq", "import", table, "--store", store.folder)
    assert code == 2 and "Questions importées : 3/3" in err
    assert out.splitlines() == [
        "2 brouillons créés · 1 question laissée de côté · 1 ligne en erreur",
        "Sans appui dans les sources, pour tout ou partie (1) :",
        "- ligne 3, « Où est la piscine ? » : 1 phrase",
        "Laissées de côté (1) :",
        "- ligne 5, « qui peut signer la charte » : Cette question est déjà dans le fichier "
        "(ligne 2).",
        "Lignes en erreur (1) :",
        "- ligne 4 : La question « Combien ? » n'a pas de réponse.",
    ]
    assert {entry.status for entry in entries_of(store)} == {"draft"}
    [first, second] = sorted(entries_of(store), key=lambda entry: entry.created)
    assert first.edit.answer == "Toute collectivité peut signer la charte. [1]"
    assert (second.edit.citations, second.author) == ((), "import")


def test_what_is_there_is_skipped_or_updated(run: Run, store: Store, table: Path) -> None:
    run("faq", "import", table, "--store", store.folder)
    code, out, _ = run("faq", "import", table, "--store", store.folder, "--json")
    assert code == 2
    report = json.loads(out)
    assert (report["created"], report["skipped"], report["bad"]) == (0, 3, 1)
    table.write_text("question;réponse\nOù est la piscine ?;Au nord.\n", encoding="utf-8")
    code, out, _ = run("faq", "import", table, "--store", store.folder, "--update")
    assert (code, out.splitlines()[0]) == (0, "1 fiche mise à jour")


def test_published_entries_that_a_file_withdraws_are_told(
    run: Run, published: Store, table: Path
) -> None:
    table.write_text("question;réponse\nQui peut signer ?;Au nord.\n", encoding="utf-8")
    code, out, _ = run("faq", "import", table, "--store", published.folder, "--update")
    assert code == 0 and out.splitlines()[:3] == [
        "1 fiche mise à jour",
        "Retirées de la FAQ, à relire avant de publier (1) :",
        "- ligne 2, « Qui peut signer ? »",
    ]


def test_a_trial_writes_nothing_not_even_a_database(run: Run, store: Store, table: Path) -> None:
    code, out, _ = run("faq", "import", table, "--store", store.folder, "--dry-run")
    assert code == 2
    assert out.splitlines()[0] == "Essai : rien n'est enregistré."
    assert out.splitlines()[1].startswith("2 brouillons créés")
    assert not (store.folder / FILE).exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("faq.docx", b"PK", "n'est pas d'une forme connue"),
        ("faq.csv", b"a;b\n1;2\n", "nommer ses colonnes"),
        ("faq.html", b"<p>Bonjour</p>", "Aucune FAQ n'est reconnue"),
        ("faq.md", b"Bonjour", "aucun titre"),
    ],
)
def test_a_file_that_is_no_faq_is_one_sentence(
    run: Run, store: Store, tmp_path: Path, name: str, content: bytes, why: str
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = run("faq", "import", tmp_path / name, "--store", store.folder)
    assert (code, out) == (2, "") and why in err and len(err.splitlines()) == 1
    assert not (store.folder / FILE).exists()


def test_an_absent_or_too_large_file_is_one_sentence(
    run: Run, store: Store, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, err = run("faq", "import", "absent.csv", "--store", store.folder)
    assert (code, err) == (2, "Le fichier « absent.csv » ne peut pas être lu : il n'existe pas.\n")
    monkeypatch.setenv("CHARTISTE_MAX_FILE_BYTES", "1000")
    table.write_text("x" * 1_001)
    code, _, err = run("faq", "import", table, "--store", store.folder)
    assert code == 2 and "plus de 1000 octets (CHARTISTE_MAX_FILE_BYTES)" in err


def test_an_import_needs_a_release(run: Run, tmp_path: Path, table: Path) -> None:
    code, _, err = run("faq", "import", table, "--store", tmp_path / "vide")
    assert code == 5 and "chartiste ingest" in err


@pytest.mark.parametrize("suffix", ["md", "html", "csv", "xlsx", "docx", "json"])
def test_published_entries_are_exported_by_the_file_s_name(
    run: Run, published: Store, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"faq.{suffix}"
    file.write_text("avant")
    code, out, err = run("faq", "export", file, "--store", published.folder)
    assert (code, err) == (0, "") and out.startswith(f"1 fiche dans « {file} »")
    assert file.read_bytes() != b"avant"
    assert [one.name for one in tmp_path.glob(".faq*")] == []


def test_other_statuses_are_exported_on_demand(run: Run, published: Store, tmp_path: Path) -> None:
    def questions(*statuses: str) -> list[str]:
        file = tmp_path / "faq"
        asked = [word for status in statuses for word in ("--status", status)]
        code, out, _ = run(
            "faq", "export", file, "--format", "xlsx", "--json", "--store", published.folder, *asked
        )
        told = json.loads(out)
        assert (code, told["format"], told["file"]) == (0, "xlsx", str(file))
        rows = load_workbook(io.BytesIO(file.read_bytes()))["Foire aux questions"].values
        found = [str(row[0]) for row in rows][1:]
        assert told["entries"] == len(found)
        return found

    assert questions() == ["Qui peut signer ?"]
    assert questions("draft") == ["Combien ?"]
    assert questions("draft", "published") == questions("all") == ["Qui peut signer ?", "Combien ?"]
    assert questions("archived") == []


def test_an_export_goes_to_the_output(published: Store) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "faq", "export", "-", "--format", "json",
         "--store", str(published.folder)],
        capture_output=True, check=True,
    )  # fmt: skip
    assert [one["question"] for one in json.loads(done.stdout)["entries"]] == ["Qui peut signer ?"]


def test_an_export_that_cannot_be_made_is_one_sentence(
    run: Run, published: Store, store: Store, tmp_path: Path
) -> None:
    store_option = ("--store", published.folder)
    code, _, err = run("faq", "export", "faq.pdf", *store_option)
    assert code == 2 and err.startswith("Le nom « faq.pdf » ne dit pas le format")
    code, _, err = run("faq", "export", tmp_path / "absent" / "faq.md", *store_option)
    assert code == 2 and err.endswith("ne peut pas être écrit : il n'existe pas.\n")
    code, _, err = run("faq", "export", "faq.md", "--store", tmp_path / "vide")
    assert code == 5 and err.startswith("Il n'y a pas encore de fiches")
    assert not (tmp_path / "vide").exists() and not (tmp_path / "faq.md").exists()


def test_the_formats_and_statuses_of_the_arguments_are_those_there_are() -> None:
    from app.arguments import faq
    from app.faq.exports.formats import FORMATS
    from app.faq.rules import STATUSES

    assert [one.name for one in FORMATS] == list(faq._FORMATS)
    assert [*STATUSES, "all"] == list(faq._STATUSES)
