"""The real subprocess, on documents that behave and on some that do not."""

from __future__ import annotations

import io
import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse import pool as pool_module
from ingest.parse import worker
from ingest.parse.files import Format
from ingest.parse.pool import Job, Limits, Pool
from ingest.parse.worker import FAILED, TOO_MUCH, answer, receive, send

SOURCE = Source("Note", name="note.txt")


def job(tag: str, text: str | bytes, format: Format = "text") -> Job[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return Job(tag, data, format, SOURCE)


def outcomes(pool: Pool, *jobs: Job[str]) -> list[str]:
    return [
        str(outcome) if isinstance(outcome, SourceError) else outcome.text
        for _, outcome in pool.map(jobs)
    ]


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(Limits(seconds=20, processes=2)) as opened:
        yield opened


def pids(pool: Pool) -> list[int]:
    return [process._process.pid for process in pool._started]


def test_documents_come_in_the_order_of_the_jobs_with_their_tags(pool: Pool) -> None:
    texts = [f"La note {n} 🌱." for n in range(20)]
    found = list(pool.map(job(str(n), text) for n, text in enumerate(texts)))
    assert [tag for tag, _ in found] == [str(n) for n in range(20)]
    assert [outcome.text for _, outcome in found if isinstance(outcome, Document)] == texts
    assert len(pids(pool)) <= 2


def test_a_document_is_the_same_as_if_it_were_parsed_here(pool: Pool) -> None:
    text = "---\ntitle: Charte\nalso:\n- title: Bilan\n---\n# Un\n\n- agir\n- lier\n"
    [(_, outcome)] = pool.map([job("a", text, "markdown")])
    here = answer({"source": SOURCE_JSON, "format": "markdown", "charset": None}, text.encode())
    assert outcome == Document.from_json(here["document"])


SOURCE_JSON = {
    "title": "Note", "publisher": None, "author": None, "date": None, "url": None,
    "language": "fr", "kind": "page", "path": None, "name": "note.txt", "originals": [],
    "copies": [],
}  # fmt: skip


def test_what_cannot_be_read_fails_alone(pool: Pool) -> None:
    assert outcomes(pool, job("a", "Un."), job("b", b"a\0b"), job("c", ""), job("d", "Deux.")) == [
        "Un.",
        "Le fichier contient des octets nuls : ce n'est pas un texte.",
        "Le fichier ne contient pas de texte.",
        "Deux.",
    ]


def test_a_job_that_lasts_too_long_is_ended_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Pool(Limits(seconds=20, processes=1)) as pool:
        assert outcomes(pool, job("a", "Un.")) == ["Un."]
        process = pool._started[0]._process
        os.kill(process.pid, signal.SIGSTOP)  # it hangs
        monkeypatch.setattr(pool._started[0], "_limits", Limits(seconds=0.3))
        assert outcomes(pool, job("b", "Deux."), job("c", "Trois.")) == [
            "L'analyse du document dure plus de 0.3 s : il n'est pas lu.", "Trois.",
        ]  # fmt: skip
        assert process.poll() is not None


def test_a_process_that_dies_is_replaced() -> None:
    with Pool(Limits(processes=1)) as pool:
        outcomes(pool, job("a", "Un."))
        os.kill(pids(pool)[0], signal.SIGKILL)
        time.sleep(0.2)
        assert outcomes(pool, job("b", "Deux.")) == ["Deux."]


def test_a_document_that_wants_too_much_memory_is_refused_and_the_others_are_read() -> None:
    with Pool(Limits(seconds=60, memory=100_000_000, processes=1)) as pool:
        assert outcomes(pool, job("a", b"x " * 60_000_000), job("b", "Deux.")) == [
            TOO_MUCH, "Deux.",
        ]  # fmt: skip


def test_why_a_document_failed_goes_to_the_log_of_who_debugs_and_its_text_does_not(
    pool: Pool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="ingest.parse.pool"):
        assert outcomes(pool, job("a", b"a\0secret"), job("b", "Deux."))[1:] == ["Deux."]
    [record] = caplog.records
    assert record.getMessage() == (
        "note.txt: Le fichier contient des octets nuls : ce n'est pas un texte."
    )


def test_the_cause_of_a_failure_is_its_kind_and_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("le texte du document")

    monkeypatch.setattr(worker, "parse", fail)
    reply = answer({"source": SOURCE_JSON, "format": "text", "charset": None}, b"x")
    assert reply["error"] == FAILED
    assert re.fullmatch(r"KeyError, test_pool\.py:\d+", reply["cause"])


def test_the_processes_end_with_the_pool() -> None:
    with Pool(Limits(processes=2)) as pool:
        outcomes(pool, *(job(str(n), "Un.") for n in range(8)))
        started = [process._process for process in pool._started]
    assert started and all(process.poll() is not None for process in started)


def test_jobs_are_taken_as_they_are_needed() -> None:
    taken = 0

    def jobs() -> Iterator[Job[str]]:
        nonlocal taken
        for n in range(1_000):
            taken += 1
            yield job(str(n), "Un.")

    with Pool(Limits(processes=1)) as pool:
        next(iter(pool.map(jobs())))
        assert taken <= pool_module._AHEAD + 2


@pytest.mark.skipif(not os.path.exists("/proc/self/environ"), reason="needs /proc")
def test_a_parsing_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTISTE_EMBEDDING_KEY", "s3cret")
    with Pool(Limits(processes=1)) as pool:
        outcomes(pool, job("a", "Un."))
        with open(f"/proc/{pids(pool)[0]}/environ", encoding="utf-8") as file:
            assert "s3cret" not in file.read()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_parsing_process_can_write_no_file_and_what_it_prints_is_no_answer() -> None:
    program = (
        "from ingest.parse import worker\n"
        "def parse(*a):\n    print('bruit')\n"
        "    with open('ici', 'w') as file: file.write('x' * 9)\n"
        "worker.parse = parse; worker.main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, "500000000"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=pool_module._PACKAGES,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        send(process.stdin, {"source": SOURCE_JSON, "format": "text", "charset": None}, b"x")  # type: ignore[arg-type]
        reply, _ = receive(process.stdout)  # type: ignore[arg-type]
        assert reply == {"error": FAILED, "cause": "OSError, <string>:4"}
        process.stdin.close()
    (pool_module._PACKAGES / "ici").unlink(missing_ok=True)


def test_a_frame_that_is_cut_or_absurd_is_refused() -> None:
    stream = io.BytesIO()
    send(stream, {"a": "é"}, b"123")
    whole = stream.getvalue()
    assert receive(io.BytesIO(whole)) == ({"a": "é"}, b"123")
    with pytest.raises(EOFError):
        receive(io.BytesIO(whole[:-1]))
    with pytest.raises(ValueError):
        receive(io.BytesIO(b"\xff" * 16))
