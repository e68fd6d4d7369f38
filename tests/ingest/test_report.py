"""What is kept of the last ingestion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.gather import Skipped
from ingest.job import ingest
from ingest.report import Report, keep_report, kept_report
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.texts import CHARTER, write

REPORT = Report(
    release="20261120-080000-76ed564c",
    changed=True,
    read=("charte.md",),
    skipped=(Skipped("é.pdf", "illisible"), Skipped("b.md", "déjà lu", "same")),
    documents=1,
    passages=2,
    sentences=3,
    embedded=4,
    reused=1,
    removed=("20261119-080000-76ed564c",),
    gone=("Une fiche",),
    seconds={"lecture": 0.5},
)


def test_a_report_is_read_as_it_was_kept_but_for_the_names_of_what_was_read(
    tmp_path: Path,
) -> None:
    file, before = tmp_path / "report.json", datetime.now(UTC)
    keep_report(file, REPORT)
    kept = kept_report(file)
    assert kept is not None and kept.report == replace(REPORT, read=())
    assert before <= kept.at <= datetime.now(UTC)
    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"at": "hier"}', '{"at": "2026-11-20T08:00:00+00:00"}', "null"]
)
def test_what_is_no_report_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    assert kept_report(tmp_path / "report.json") is None
    assert kept_report(tmp_path / "absent.json") is None


def test_a_report_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    keep_report(tmp_path / "absent" / "report.json", REPORT)
    assert list(tmp_path.iterdir()) == []


def test_each_ingestion_keeps_its_report_in_the_store(tmp_path: Path) -> None:
    sheets = write(tmp_path / "fiches", {"charte.md": CHARTER})
    settings = IngestSettings(store=tmp_path / "store")
    first = ingest([sheets], settings, FakeModel())
    file = Store(settings.store).report
    kept = kept_report(file)
    assert kept is not None and kept.report == replace(first, read=())
    ingest([sheets], settings, FakeModel())
    again = kept_report(file)
    assert again is not None and not again.report.changed and again.at > kept.at
