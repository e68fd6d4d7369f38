from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from ingest.cache import CachedEmbeddings, Progress, half_vectors, key_of
from ingest.documents import Document
from ingest.errors import ClusterError, ModelError, SourceError
from ingest.forecast import forecast
from ingest.job import ingest
from ingest.machines import ALONE, OneMachine, Outcomes
from ingest.parse.files import source_of_file
from ingest.parse.pool import Job
from ingest.passages import units
from ingest.progress import silent
from ingest.report import Report
from ingest.settings import IngestSettings
from ingest.split import split
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import CHARTER, STATUTES, write


class Several(OneMachine):
    """Others that embed ahead, on this machine; what they were asked is kept."""

    def __init__(self, fail_after: int | None = None) -> None:
        self.model = FakeModel()
        self.parsed: list[object] = []
        self.asked = 0
        self._fail_after = fail_after

    def parse(self, jobs: Iterable[Job[object]]) -> Outcomes[object]:  # type: ignore[override]
        for tag, outcome in super().parse(jobs):
            self.parsed.append(tag)
            yield tag, outcome

    def embed(
        self, documents: Iterable[Document], embeddings: CachedEmbeddings, told: Progress
    ) -> None:
        self.asked += 1
        space = self.model.space
        passages = [passage for document in documents for passage in split(document)]
        texts = dict.fromkeys(text for passage in passages for _, text in units(passage))
        known = embeddings.keys().tolist()
        new = [text for text in texts if key_of(space, text) not in known]
        for done, text in enumerate(new):
            if done == self._fail_after:
                raise ClusterError("Panne.")
            [half] = half_vectors(self.model, [text])
            embeddings.keep({key_of(space, text): half.tobytes()})
            told(done + 1, 0)


Run = Callable[..., Report]


@pytest.fixture
def settings(tmp_path: Path) -> IngestSettings:
    return IngestSettings(store=tmp_path / "store")


@pytest.fixture
def run(tmp_path: Path, settings: IngestSettings, model: FakeModel) -> Run:
    """Ingests two sheets with some machines, telling a progress."""
    write(tmp_path / "fiches", {"charte.md": CHARTER, "statuts.txt": STATUTES})

    def run(machines: OneMachine, told: list[tuple[str, int, int]] | None = None) -> Report:
        step = silent if told is None else lambda *step: told.append(step)
        return ingest([tmp_path / "fiches"], settings, model, step, machines=machines)

    return run


def test_one_machine_parses_in_the_order_of_the_jobs() -> None:
    jobs = [
        Job(n, text.encode(), "text", source_of_file(Path(f"{n}.txt"), f"{n}.txt"))
        for n, text in enumerate(["Un.", "", "Trois."])
    ]
    outcomes = list(ALONE.parse(jobs))
    assert [tag for tag, _ in outcomes] == [0, 1, 2]
    assert [isinstance(one, SourceError) for _, one in outcomes] == [False, True, False]


def test_what_others_embedded_is_counted_and_not_computed_again(run: Run, model: FakeModel) -> None:
    several, told = Several(), list[tuple[str, int, int]]()
    report = run(several, told)
    assert model.texts == []
    assert len(several.parsed) == 2
    assert (report.embedded, report.reused) == (len(several.model.texts), 10 - report.embedded)
    total = report.embedded
    assert [step for step in told if step[0] == "Calcul des vecteurs"] == [
        *(("Calcul des vecteurs", done, total) for done in range(1, total + 1)),
        ("Calcul des vecteurs", total, total), ("Calcul des vecteurs", total, total),
    ]  # fmt: skip


def test_others_are_not_asked_to_embed_when_no_vector_is_missing(
    run: Run, settings: IngestSettings
) -> None:
    first, several = run(ALONE), Several()
    for release in Store(settings.store).ids():
        (Store(settings.store).path(release) / "manifest.json").unlink()
    second = run(several)
    assert (several.asked, second.embedded, second.reused) == (0, 0, 10)
    assert second.release != first.release


def test_what_others_computed_before_they_stopped_is_kept(
    run: Run, model: FakeModel, settings: IngestSettings
) -> None:
    with pytest.raises(ClusterError, match=r"Panne\."):
        run(Several(fail_after=4))
    assert Store(settings.store).current() is None
    report = run(ALONE)
    assert report.embedded == len(model.texts) == 10 - 4


def test_a_vector_of_another_dimension_is_refused(tmp_path: Path, model: FakeModel) -> None:
    embeddings = CachedEmbeddings(model, tmp_path / "vectors.cache")
    with pytest.raises(ModelError, match="« fake » a rendu des vecteurs inattendus"):
        embeddings.keep({1: b"\0" * 12})
    assert embeddings.keys().tolist() == []
    embeddings.close()


def test_a_forecast_lets_the_same_machines_parse(
    run: Run, tmp_path: Path, settings: IngestSettings, model: FakeModel
) -> None:
    several = Several()
    told = forecast([tmp_path / "fiches"], settings, model, silent, machines=several)
    assert (told.documents, len(several.parsed), several.asked) == (2, 2, 0)
