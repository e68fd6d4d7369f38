"""``ingest``, ``rollback`` and ``faq check``, and a server that sees a new release."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.assistant import Assistant
from app.commands import following
from app.faq import staleness
from app.faq.entries import Entries
from app.faq.entry import Edit, Entry
from app.faq.following import Follower
from app.faq.library import Library
from app.records.database import Database
from ingest.errors import RecordsError
from ingest.store import Store
from tests.app.conftest import Run
from tests.app.texts import SHEETS, publish, write
from tests.faq.edits import ANA, PAUL, Clock
from tests.faq.libraries import PRICE, SEAT, SIGN, current, draft, published, quotes, with_charter

DEARER = with_charter("cinquante", "soixante")
LOST = "Le texte de « La charte d’alliance » a changé : la citation [1] n'y est plus mot pour mot."


@pytest.fixture
def entries(database: Database, made_url: str, monkeypatch: pytest.MonkeyPatch) -> Entries:
    """The entries of the database that the settings name."""
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", made_url)
    return Entries(database, Clock())


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    return tmp_path / "store-fiches"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish(tmp_path / "store", SHEETS)
    return tmp_path / "store"


@pytest.fixture
def entry(entries: Entries, folder: Path) -> Entry:
    """A published entry that cites what adhering costs."""
    with current(folder) as opened:
        return published(entries, quotes(opened, PRICE), "Combien coûte l'adhésion ?")


def status(entries: Entries, entry: Entry) -> str:
    found = entries.get(entry.id)
    assert found
    return found.status


def test_an_ingest_tells_which_entries_are_to_be_reviewed(
    run: Run, entries: Entries, entry: Entry, folder: Path, sheets: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    write(sheets, DEARER)
    code, out, err = run("ingest", sheets, "--store", folder)
    assert (code, err.count("n'ont pas été revues")) == (0, 0)
    assert [one.message for one in caplog.records if one.levelname != "DEBUG"] == []
    assert out.splitlines()[-3:] == [
        "FAQ, fiches mises à jour d'après leurs sources : 1 sur 1.",
        "À revoir (1) :",
        f"- « Combien coûte l'adhésion ? » : {LOST}",
    ]
    assert status(entries, entry) == "review"
    code, out, _ = run("ingest", sheets, "--store", folder, "--json")
    assert json.loads(out)["faq"] == {"looked": 1, "changed": 0, "reviewed": []}


def test_a_release_without_what_is_cited_is_refused(
    run: Run, entries: Entries, entry: Entry, folder: Path, sheets: Path
) -> None:
    before = Store(folder).current()
    write(sheets, DEARER)
    code, out, err = run("ingest", sheets, "--store", folder, "--check-faq")
    assert (code, out) == (2, "")
    assert err.splitlines()[-3:] == [
        "La nouvelle version n'a pas été mise en service : 1 fiche publiée perdrait sa source.",
        f"- « Combien coûte l'adhésion ? » : {LOST}",
        "Corrigez les sources, ou relancez sans --check-faq.",
    ]
    assert Store(folder).current() == before and Store(folder).ids() == [before]
    assert not Store(folder).building.exists() and status(entries, entry) == "published"

    code, out, _ = run("ingest", sheets, "--store", folder, "--check-faq", "--json")
    told = json.loads(out)
    assert (code, told["refused"], told["entries"][0]["id"]) == (2, True, entry.id)
    assert told["entries"][0]["citations"][0]["found"]["quote"] == (
        "L’adhésion annuelle coûte soixante euros."
    )
    code, _, _ = run("ingest", sheets, "--store", folder)
    assert code == 0 and Store(folder).current() != before


def test_a_release_that_keeps_what_is_cited_is_accepted(
    run: Run, entries: Entries, entry: Entry, folder: Path, sheets: Path
) -> None:
    with current(folder) as opened:
        draft(entries, quotes(opened, SIGN))
    before = Store(folder).current()
    write(sheets, with_charter(SIGN, "Une note.\n\nTout le monde peut signer."))
    code, out, _ = run("ingest", sheets, "--store", folder, "--check-faq")
    assert code == 0 and "sources : 2 sur 2" in out and "À revoir" not in out
    assert Store(folder).current() != before and status(entries, entry) == "published"


def test_a_kept_release_is_checked_too_before_it_serves_again(
    run: Run, entries: Entries, folder: Path, sheets: Path
) -> None:
    publish(folder, DEARER)
    publish(folder, SHEETS)
    with current(folder) as opened:
        published(entries, quotes(opened, PRICE))
    before, kept = Store(folder).current(), Store(folder).ids()
    write(sheets, DEARER)
    assert run("ingest", sheets, "--store", folder, "--check-faq")[0] == 2
    assert Store(folder).current() == before and Store(folder).ids() == kept


def test_two_entries_that_would_lose_their_source_are_told(
    run: Run, entries: Entries, entry: Entry, folder: Path, sheets: Path
) -> None:
    with current(folder) as opened:
        published(entries, quotes(opened, PRICE), "Quel prix ?")
    write(sheets, DEARER)
    _, _, err = run("ingest", sheets, "--store", folder, "--check-faq")
    assert "2 fiches publiées perdraient leur source." in err and "« Quel prix ? »" in err


def test_a_check_without_entries_or_without_a_release_is_told(
    run: Run, folder: Path, sheets: Path, tmp_path: Path
) -> None:
    write(sheets, DEARER)
    assert run("ingest", sheets, "--store", folder, "--check-faq")[0] == 0
    code, _, err = run("ingest", sheets, "--store", folder, "--check-faq", "--dry-run")
    assert code == 2 and "retirez --dry-run" in err
    code, _, err = run("faq", "check", "--store", folder)
    assert (code, err) == (5, "Il n'y a pas encore de fiches : aucune base de données n'a été "
                              "créée.\n")  # fmt: skip
    assert not (folder / "chartiste.db").exists()


def test_a_database_that_is_not_there_stops_a_check_before_anything_is_read(
    run: Run, folder: Path, sheets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", f"sqlite:///{folder}/chartist.db")
    code, out, err = run("ingest", folder / "rien", "--store", folder, "--check-faq")
    assert (code, out, err) == (2, "", f"{following._MISTYPED}\n")
    write(sheets, DEARER)
    assert run("ingest", sheets, "--store", folder)[0] == 0, "only what is asked for is refused"


def test_a_check_tells_how_far_it_is(
    run: Run, entries: Entries, entry: Entry, folder: Path, sheets: Path
) -> None:
    write(sheets, SHEETS)
    told = "Fiches revues : 1/1"
    assert run("ingest", sheets, "--store", folder, "--check-faq")[2].count(told) >= 1
    write(sheets, with_charter(SIGN, "Tout le monde peut signer."))
    assert run("ingest", sheets, "--store", folder, "--check-faq")[2].count(told) == 2
    assert run("rollback", "--store", folder)[2].count(told) == 1


def test_a_database_that_is_down_stops_a_check_and_no_ingest(
    run: Run, folder: Path, sheets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = folder.parent / "broken.db"
    broken.write_text("no database, whatever its name says" * 50)
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", f"sqlite:///{broken}")
    before = Store(folder).current()
    write(sheets, DEARER)
    code, _, err = run("ingest", sheets, "--store", folder, "--check-faq")
    assert code == 2 and "n'est pas une base de données" in err
    assert Store(folder).current() == before
    code, out, err = run("ingest", sheets, "--store", folder)
    assert code == 0 and "en service" in out
    assert "n'ont pas été revues" in err and "faq check --apply" in err


def test_a_rollback_is_followed(
    run: Run, entries: Entries, folder: Path, sheets: Path, tmp_path: Path
) -> None:
    publish(folder, DEARER)
    with current(folder) as opened:
        entry = published(entries, quotes(opened, "L’adhésion annuelle coûte soixante euros."))
    code, out, _ = run("rollback", "--store", folder)
    assert code == 0 and "À revoir (1) :" in out and status(entries, entry) == "review"


def test_the_state_of_all_entries_is_told(
    run: Run, entries: Entries, entry: Entry, folder: Path
) -> None:
    with current(folder) as opened:
        draft(entries, quotes(opened, SEAT), "Où est le siège ?")
    code, out, _ = run("faq", "check", "--store", folder)
    release = Store(folder).current()
    assert (code, out.splitlines()) == (0, [
        f"Version {release} en service : 1 brouillon, 1 publiée.",
        "✓ publiée : « Combien coûte l'adhésion ? »",
        "✓ brouillon : « Où est le siège ? »",
    ])  # fmt: skip


def test_a_draft_that_is_not_written_is_not_said_to_be_in_order(
    run: Run, entries: Entries, folder: Path
) -> None:
    for question, answer, cites in (("Quand ?", "", ()), ("Où donc ?", "Ici.", ())):
        entries.create(Edit(question, (), answer, "", cites), ANA)
    code, out, _ = run("faq", "check", "--store", folder)
    assert code == 0 and "✓" not in out
    lines = out.splitlines()
    assert lines[1:3] == ["– brouillon : « Quand ? »", "– brouillon : « Où donc ? »"]
    assert lines[3].startswith("– : cette fiche n'a pas de réponse")


def test_a_check_tells_what_is_lost_and_writes_it_when_asked(
    run: Run, entries: Entries, entry: Entry, folder: Path
) -> None:
    publish(folder, DEARER)
    code, out, _ = run("faq", "check", "--store", folder)
    assert code == 1
    assert out.splitlines()[1:] == ["✗ publiée : « Combien coûte l'adhésion ? »", f"    {LOST}"]
    assert status(entries, entry) == "published"

    code, out, _ = run("faq", "check", "--store", folder, "--apply", "--json")
    told = json.loads(out)
    assert (code, told["ok"], told["release"]) == (1, False, Store(folder).current())
    [shown] = told["entries"]
    assert (shown["status"], shown["why"]) == ("review", LOST)
    assert status(entries, entry) == "review"


def test_a_server_follows_a_release_once(
    entries: Entries, entry: Entry, folder: Path, opened: Callable[[Store], Assistant]
) -> None:
    follower = Follower(entries, opened(Store(folder)))
    assert follower.look() and not follower.look()
    publish(folder, DEARER)
    assert follower.look() and status(entries, entry) == "review"
    again = entries.get(entry.id)
    assert again and not follower.look()
    assert entries.get(entry.id) == again


def test_what_is_saved_while_a_release_is_put_in_service_is_followed_too(
    entries: Entries, entry: Entry, folder: Path, opened: Callable[[Store], Assistant]
) -> None:
    follower = Follower(entries, opened(Store(folder)))
    with current(folder) as before:
        cited = quotes(before, PRICE, SIGN)
    publish(folder, DEARER)
    assert follower.look() and not follower.look()
    # Their citations were looked for before the switch, and are written after the look.
    made = draft(entries, cited[:1], "Quel prix ?")
    shown = published(entries, cited, "À quel prix ?")
    assert follower.look() and not follower.look()
    found = entries.get(made.id), entries.get(shown.id)
    assert [(one.status, one.edit.citations[0].state) for one in found if one] == [
        ("draft", "changed"), ("review", "changed"),
    ]  # fmt: skip
    entries.comment(made.id, PAUL, "Où est passé le prix ?")
    assert not follower.look(), "nothing that is cited changed"


def test_a_save_makes_a_server_look_at_what_was_saved_alone(
    entries: Entries, entry: Entry, folder: Path, opened: Callable[[Store], Assistant],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    looked: list[str] = []
    real = staleness.look

    def told(entry: Entry, library: Library) -> staleness.Look:
        looked.append(entry.edit.question)
        return real(entry, library)

    monkeypatch.setattr(staleness, "look", told)
    with current(folder) as before:
        cited = quotes(before, PRICE)
    follower = Follower(entries, opened(Store(folder)))
    assert follower.look() and looked == ["Combien coûte l'adhésion ?"]
    made = draft(entries, cited, "Quel prix ?")
    assert follower.look() and looked[1:] == ["Quel prix ?"]
    entries.save(made.id, made.version, replace(made.edit, question="À quel prix ?"), PAUL)
    assert follower.look() and looked[2:] == ["À quel prix ?"]
    assert not follower.look()
    publish(folder, DEARER)
    assert follower.look() and len(looked) == 5, "another release is looked through whole"
    assert status(entries, entry) == "review"


def test_a_server_goes_on_when_the_database_fails_and_follows_later(
    entries: Entries, entry: Entry, folder: Path, opened: Callable[[Store], Assistant],
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    real, failures = entries.find, iter(range(3))

    def failing(*given: object) -> list[Entry]:
        if next(failures, None) is not None:
            raise RecordsError("La base ne répond pas.")
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(entries, "find", failing)
    publish(folder, DEARER)
    with Follower(entries, opened(Store(folder)), every=0.01):
        end = time.monotonic() + 20
        while status(entries, entry) == "published" and time.monotonic() < end:
            time.sleep(0.02)
    assert status(entries, entry) == "review"
    assert [one.message for one in caplog.records].count(
        "the entries could not follow the release: La base ne répond pas."
    ) == 1


def test_archived_entries_are_told_and_hurt_nothing(
    run: Run, entries: Entries, entry: Entry, folder: Path
) -> None:
    entries.archive(entry.id, entry.version, PAUL)
    publish(folder, DEARER)
    code, out, _ = run("faq", "check", "--store", folder)
    assert code == 0 and "! archivée : « Combien" in out


def test_a_draft_that_lost_a_source_waits_and_is_not_said_to_be_in_order(
    run: Run, entries: Entries, folder: Path
) -> None:
    with current(folder) as opened:
        draft(entries, quotes(opened, PRICE))
        draft(entries, quotes(opened, SEAT), "Où est le siège ?")
    publish(folder, DEARER)
    code, out, _ = run("faq", "check", "--store", folder)
    [first, second, told] = [line for line in out.splitlines()[1:] if not line.startswith(" ")]
    assert code == 0 and first.startswith("! brouillon : ") and second.startswith("✓ brouillon : ")
    assert told.startswith("! : une source y manque") and LOST in out


def test_the_command_asks_the_faq_first(
    run: Run, entries: Entries, entry: Entry, folder: Path
) -> None:
    code, out, err = run("ask", "combien coute l'adhesion", "--store", folder)
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        "Réponse à « Combien coûte l'adhésion ? », validée le 12 mars 2026 par l'agence.", "",
        "Toute commune peut signer. [1]",
    ]  # fmt: skip
    _, out, _ = run("ask", "combien coute l'adhesion", "--store", folder, "--json")
    told = json.loads(out)
    assert (told["mode"], told["validated"]["entry"]) == ("faq", entry.id)
    _, out, _ = run("ask", "Où se trouve le siège ?", "--store", folder, "--json")
    assert json.loads(out)["mode"] == "quoted"


def test_a_command_whose_database_fails_answers_without_it(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = folder.parent / "broken.db"
    broken.write_text("no database, whatever its name says" * 50)
    monkeypatch.setenv("CHARTISTE_DATABASE_URL", f"sqlite:///{broken}")
    code, out, err = run("ask", "Qui peut signer la charte ?", "--store", folder)
    assert code == 0 and out.startswith("D'après")
    assert err.startswith("La FAQ ne répond pas : ")


def test_nothing_of_the_database_is_imported_without_one(folder: Path, sheets: Path) -> None:
    script = (
        "import sys\n"
        "from app.commands import opening\n"
        "from tests.fakes import FakeModel\n"
        "opening.load_model = lambda *given: FakeModel()\n"
        "from app.cli import main\n"
        "for given in (['ask', 'Qui peut signer ?'], ['ingest', sys.argv[2]]):\n"
        "    assert main([*given, '--store', sys.argv[1]]) == 0\n"
        "print([n for n in ('sqlalchemy', 'alembic', 'app.faq.entries') if n in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder), str(sheets)],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
