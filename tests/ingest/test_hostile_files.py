"""A whole ingestion of files made to harm: each is told in one line, and the good ones are served.

None may hold the run up: what is not refused at sight is ended by the parser's limits.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ingest import machines
from ingest.job import ingest
from ingest.parse.pool import Limits, Pool
from ingest.release import open_current, verify
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.fakes import FakeModel
from tests.ingest.pdfs import paragraph, pdf
from tests.ingest.site import Reply, Site, serve
from tests.ingest.test_parse_office import open_file, saved, word_file, zipped
from tests.ingest.texts import CHARTER, STATUTES, write

LIMITS = Limits(seconds=8, memory=120_000_000, processes=2)

BOMB = "bien plus qu'il n'y paraît"
ENTITY = "contient une DOCTYPE ou une entité XML"
DAMAGED = "est endommagé ou incomplet"
ENDED = r"demande plus de mémoire|dure plus de|ne peut pas être analysé"
_ENTITIES = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
LAUGHS = f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY a0 'ha'>{_ENTITIES}]><a>&a11;</a>"


def office(file: bytes, part: str, text: bytes) -> bytes:
    """A file of an office suite with one of its parts replaced."""
    with zipfile.ZipFile(io.BytesIO(file)) as container:
        parts = {name: container.read(name) for name in container.namelist()}
    return zipped({**parts, part: text})


def docx(text: str | bytes) -> bytes:
    content = text if isinstance(text, bytes) else text.encode()
    return office(saved(word_file()), "word/document.xml", content)


def odt(text: str) -> bytes:
    return office(saved(open_file()), "content.xml", text.encode())


def liar() -> bytes:
    """A zip bomb whose headers say that it is small."""
    data = docx(b"\0" * 20_000_000)
    true, said = (20_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert data.count(true) == 2
    return data.replace(true, said)


def pdf_bomb(content: bytes) -> bytes:
    """A PDF whose page inflates a thousandfold."""
    packed = zlib.compress(content, 9).hex()
    stream = (
        f"<< /Filter [/ASCIIHexDecode /FlateDecode] /Length {len(packed)} >>\n"
        f"stream\n{packed}\nendstream"
    )
    return pdf([""], page="/Contents 7 0 R", extra=[stream])


def nested(opened: str, closed: str, depth: int, inner: str = "Un but.") -> str:
    return opened * depth + inner + closed * depth


def hostile() -> dict[str, tuple[bytes | str, str]]:
    """Files by their names, each with what is said of it."""
    return {
        "bombe.docx": (docx(b"\0" * 20_000_000), BOMB),
        "menteur.docx": (liar(), f"{BOMB}|{DAMAGED}"),
        "entites.docx": (docx(LAUGHS), ENTITY),
        "entites.odt": (odt(LAUGHS), ENTITY),
        "profond.docx": (docx(nested("<a>", "</a>", 100_000)), f"{DAMAGED}|{BOMB}|{ENDED}"),
        "profond.odt": (odt(nested("<a>", "</a>", 100_000)), f"{DAMAGED}|{BOMB}|{ENDED}"),
        "profond.html": (nested("<div>", "</div>", 300_000), "imbriquée trop profondément"),
        "texte.pdf": (pdf_bomb(b"BT /F1 9 Tf (x) Tj ET\n" * 2_500_000), ENDED),
        "traits.pdf": (pdf_bomb(b"0 0 m 9 9 l S\n" * 2_500_000), ENDED),
        "vide.pdf": (pdf_bomb(b" " * 120_000_000), f"{ENDED}|ne contient pas de texte"),
    }  # fmt: skip


@pytest.fixture
def site() -> Iterator[Site]:
    with serve() as site:
        yield site


@pytest.fixture(autouse=True)
def soon_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "Pool", partial(Pool, LIMITS))


def test_each_is_told_in_one_line_and_the_good_ones_are_served(tmp_path: Path, site: Site) -> None:
    bad = hostile()
    good = {
        "charte.md": CHARTER, "statuts.txt": STATUTES, "note.docx": saved(word_file()),
        "lettre.pdf": pdf([paragraph(["La commune isole ses toits avant l'hiver."])]),
    }  # fmt: skip
    write(tmp_path / "fiches", {**{name: data for name, (data, _) in bad.items()}, **good})
    site.replies["/bombe"] = Reply(b"a" * 30_000_000)
    listed = "".join(
        f"[[source]]\n{entry}\nallow_private = true\n"
        for entry in (f'url = "{site.url}/bombe"', f'url = "{site.url}/p/horaires"')
    )
    write(tmp_path, {"sources.toml": f"delay = 0\n{listed}"})
    settings = IngestSettings(store=tmp_path / "store")
    report = ingest([tmp_path / "fiches"], settings, FakeModel(), sources=tmp_path / "sources.toml")
    told = {Path(entry.path).name: entry.reason for entry in report.skipped}
    assert told.keys() == bad.keys() | {"bombe"}
    assert len(told) == len(report.skipped) and all(entry.failed for entry in report.skipped)
    for name, (_, reason) in bad.items():
        assert re.search(reason, told[name]), f"{name}: {told[name]}"
    assert "se décompressent plus de 100 fois" in told["bombe"]
    assert not [reason for reason in told.values() if "\n" in reason]
    store = Store.of(settings)
    assert verify(store.path(report.release)).documents == len(good) + 1
    release = open_current(store)
    names = {Path(source.path).name for source in release.table.sources() if source.path}
    release.close()
    assert names == good.keys()
