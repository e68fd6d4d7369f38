"""One contract for a folder and for a real server, then what can go wrong in each."""

from __future__ import annotations

import base64
import contextlib
import gc
import itertools
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from hypothesis import given
from hypothesis import strategies as st
from langchain_chroma import Chroma

from ingest import vectors
from ingest.errors import ReleaseDamaged, StoreError, VectorsUnreachable
from ingest.vectors import COLLECTION, Matrix, Place, Vectors, VectorWriter, collections, drop
from tests.fakes import FakeModel
from tests.ingest.servers import ChromaServer, always, free_port, proxy, serving, silent

TEXTS = {"a": "La charte engage ses signataires.", "b": "Isoler un toit.", "c": "Le climat change."}
MODEL = FakeModel()
_numbers = itertools.count()


def write(place: Place, texts: dict[str, str] = TEXTS) -> Place:
    rows = np.array(MODEL.embed_documents(list(texts.values())), np.float32)
    with VectorWriter(place, MODEL.dimension, len(texts)) as writer:
        writer.add(list(texts), rows, list(texts.values()))
    return place


def unit(count: int, dimension: int = 16) -> Matrix:
    rows = np.random.default_rng(0).standard_normal((count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


def in_server(server: ChromaServer) -> Place:
    return Place(f"chartiste-{next(_numbers)}", url=server.url)


@pytest.fixture(params=["folder", "server"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "folder":
        return Place(COLLECTION, folder=tmp_path / "vectors")
    return in_server(request.getfixturevalue("server"))


@pytest.fixture
def opened(place: Place) -> Iterator[Vectors]:
    found = Vectors(write(place))
    yield found
    found.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(Place(COLLECTION, folder=tmp_path / "vectors"))
    return tmp_path / "vectors"


def open_folder(folder: Path) -> Vectors:
    return Vectors(Place(COLLECTION, folder=folder))


# The contract.


def test_every_vector_is_there_under_its_id(opened: Vectors) -> None:
    opened.probe(MODEL.dimension)
    assert len(opened) == 3
    assert opened.holds([["a", "b"], ["c"]])


@pytest.mark.parametrize("others", ["", "ab", "abd", "abcd"])
def test_other_ids_are_not_those_it_holds(opened: Vectors, others: str) -> None:
    assert not opened.holds([[id] for id in others])
    assert others == "" or not opened.holds([list(others)])


def test_a_text_is_nearest_to_itself_with_a_cosine_of_one(opened: Vectors) -> None:
    for id, text in TEXTS.items():
        [(nearest, cosine)] = opened.nearest(MODEL.embed_query(text), 1)
        assert nearest == id
        assert cosine == pytest.approx(1.0, abs=1e-5)


def test_the_nearest_come_first_and_no_more_than_there_are(opened: Vectors) -> None:
    found = opened.nearest(MODEL.embed_query("un toit isolé"), 50)
    assert found[0][0] == "b"
    assert sorted((cosine for _, cosine in found), reverse=True) == [cosine for _, cosine in found]
    assert len(found) == 3


@pytest.mark.parametrize("call", [7, 250])
def test_vectors_may_come_in_calls_of_any_size(
    place: Place, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_REQUEST", 100 * 16 * 4)
    rows, ids = unit(250), [f"v{number}" for number in range(250)]
    with VectorWriter(place, 16, 250) as writer:
        for start in range(0, 250, call):
            part = slice(start, start + call)
            writer.add(ids[part], rows[part], ids[part])
    opened = Vectors(place)
    assert opened.holds([ids[:99], ids[99:]])
    assert [opened.nearest(row.tolist(), 1)[0][0] for row in rows] == ids
    opened.close()


@given(st.integers(0, 50_000), st.sampled_from([1, 2, 3, 7, 50, 682, 5_461]))
def test_the_last_batch_puts_the_whole_index_on_disk(count: int, largest: int) -> None:
    sizes, threshold = vectors.batches(count, largest)
    assert sum(sizes) == count and max(sizes, default=0) <= largest
    waiting = syncs = 0
    for size in sizes:
        waiting += size
        if waiting >= threshold:
            waiting, syncs = 0, syncs + 1
    assert waiting == 0
    assert len(sizes) >= largest or syncs <= 16


def test_all_vectors_are_in_the_index_and_none_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_REQUEST", 50 * 16 * 4)
    monkeypatch.setattr(vectors, "_SYNCS", 3)
    rows, ids = unit(1_234), [f"v{number}" for number in range(1_234)]
    with VectorWriter(Place(COLLECTION, folder=tmp_path), 16, len(ids)) as writer:
        writer.add(ids, rows, ids)
    [lengths] = tmp_path.glob("*/length.bin")
    assert lengths.stat().st_size == 4 * len(ids)
    with contextlib.closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database:
        [(waiting,)] = database.execute("SELECT count(*) FROM embeddings_queue")
    assert waiting <= 1  # Chroma leaves the last one, which is in the index
    opened = open_folder(tmp_path)
    assert [opened.nearest(row.tolist(), 1)[0][0] for row in rows[::100]] == ids[::100]
    opened.close()
    open_folder(tmp_path).close()  # what it has opened is as it was sealed


@pytest.mark.parametrize("promised", [1, 3])
def test_more_or_fewer_vectors_than_promised_are_a_mistake(place: Place, promised: int) -> None:
    with (
        pytest.raises(ValueError, match=f"more or less than {promised} vectors"),
        VectorWriter(place, 16, promised) as writer,
    ):
        writer.add(["v0", "v1"], unit(2), ["", ""])


def test_what_the_caller_does_with_its_rows_afterwards_changes_nothing(place: Place) -> None:
    rows = unit(2)
    with VectorWriter(place, 16, 2) as writer:
        writer.add(["v0", "v1"], rows, ["", ""])
        kept = rows.copy()
        rows[:] = 0
    opened = Vectors(place)
    assert [opened.nearest(row.tolist(), 1)[0][0] for row in kept] == ["v0", "v1"]
    opened.close()


def test_a_leftover_of_the_same_name_is_dropped(place: Place) -> None:
    write(place, {"vieux": "Un ancien texte.", "a": "Un autre."})
    opened = Vectors(write(place))
    assert opened.holds([["a", "b"], ["c"]])
    opened.close()


def test_a_collection_without_vectors_is_sound(place: Place) -> None:
    with VectorWriter(place, 16, 0):
        pass
    opened = Vectors(place)
    opened.probe(16)
    assert (len(opened), opened.holds([])) == (0, True)
    opened.close()


def test_a_dropped_collection_is_gone_and_may_be_dropped_again(place: Place) -> None:
    write(place)
    drop(place)
    drop(place)
    with pytest.raises(ReleaseDamaged):
        Vectors(place).probe(MODEL.dimension)
    opened = Vectors(write(place))
    assert len(opened) == 3
    opened.close()


def test_shapes_that_do_not_agree_are_refused(place: Place) -> None:
    with pytest.raises(ValueError, match="2 ids"), VectorWriter(place, 16, 2) as writer:
        writer.add(["a", "b"], unit(3), ["", ""])


def test_several_threads_may_ask_at_once(opened: Vectors) -> None:
    found: list[tuple[str, str]] = []

    def ask() -> None:
        for id, text in TEXTS.items():
            found.append((id, opened.nearest(MODEL.embed_query(text), 1)[0][0]))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 24
    assert all(asked == answered for asked, answered in found)


def test_langchain_opens_the_collection_and_finds_passages_in_it(
    place: Place, server: ChromaServer
) -> None:
    write(place)
    settings = Settings(anonymized_telemetry=False)
    if place.folder is not None:
        client = chromadb.PersistentClient(place.folder, settings=settings)
    else:
        client = chromadb.HttpClient("127.0.0.1", server.port, settings=settings)
    store = Chroma(collection_name=place.collection, client=client, embedding_function=MODEL)
    [document] = store.similarity_search("le climat change", k=1)
    assert (document.id, document.page_content) == ("c", "Le climat change.")
    assert len(store.get()["documents"]) == 3
    retriever = store.as_retriever(search_kwargs={"k": 2})
    assert retriever.invoke("isoler un toit")[0].page_content == "Isoler un toit."
    if place.folder is not None:
        client.close()  # type: ignore[attr-defined]
    else:
        _close_clients()


def _close_clients() -> None:
    """Close what an HTTP client of ``chromadb`` leaves open."""
    for system in list(SharedSystemClient._identifier_to_system.values()):
        for component in system._instances.values():
            if session := getattr(component, "_session", None):
                session.close()
    SharedSystemClient.clear_system_cache()


def test_the_index_is_knit_closer_when_many_vectors_come() -> None:
    few, many = (vectors._configuration(count, 1)["hnsw"] for count in (20_000, 20_001))
    assert few is not None and many is not None
    assert (few["max_neighbors"], many["max_neighbors"]) == (16, 32)
    assert few["ef_search"] == many["ef_search"] == 400


def test_the_ten_nearest_are_those_of_brute_force(tmp_path: Path) -> None:
    place, rows = Place(COLLECTION, folder=tmp_path / "v"), unit(3_000, 64)
    ids = [str(number) for number in range(len(rows))]
    with VectorWriter(place, 64, len(ids)) as writer:
        writer.add(ids, rows, ids)
    opened = Vectors(place)
    found = 0
    for row in rows[:100]:
        exact = {str(number) for number in np.argsort(-rows @ row)[:10]}
        found += len(exact & {id for id, _ in opened.nearest(row.tolist(), 10)})
    opened.close()
    assert found >= 990


# In a folder: damage.


def test_a_folder_can_be_opened_again_after_it_was_closed_and_moved(
    folder: Path, tmp_path: Path
) -> None:
    open_folder(folder).close()
    opened = open_folder(folder.rename(tmp_path / "ailleurs"))
    assert len(opened) == 3
    opened.close()


def test_two_may_read_one_folder_and_closing_twice_is_nothing(folder: Path) -> None:
    one, other = open_folder(folder), open_folder(folder)
    one.close()
    one.close()
    assert len(other) == 3
    other.close()


def test_reading_changes_none_of_the_sealed_files(folder: Path) -> None:
    for _ in range(3):
        opened = open_folder(folder)
        opened.probe(MODEL.dimension)
        opened.close()


def test_a_missing_folder_is_damage_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(ReleaseDamaged, match="Les vecteurs de la version ne peuvent pas"):
        open_folder(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()


def test_a_collection_of_another_name_is_damage(folder: Path) -> None:
    with pytest.raises(ReleaseDamaged, match="« autre » des vecteurs n'existe pas"):
        Vectors(Place("autre", folder=folder))


def test_what_an_interrupted_writer_leaves_cannot_be_opened(tmp_path: Path) -> None:
    place = Place(COLLECTION, folder=tmp_path / "v")
    with pytest.raises(KeyboardInterrupt), VectorWriter(place, 16, 4) as writer:
        writer.add(["a", "b"], unit(2), ["", ""])
        raise KeyboardInterrupt
    with pytest.raises(ReleaseDamaged, match=r"seal\.json a changé"):
        Vectors(place)


def _cut(file: Path, at: int) -> None:
    os.truncate(file, at)


def _flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.write_bytes(data)


def _places(size: int) -> list[int]:
    return sorted({0, 8, 20, 40, 60, 90, size // 4, size // 2, 3 * size // 4, size - 1} - {size})


@pytest.mark.parametrize("damage", [_cut, _flip])
@pytest.mark.parametrize(
    "name", ["data_level0.bin", "header.bin", "length.bin", "index_metadata.pickle"]
)
def test_a_damaged_index_is_found_before_chroma_reads_it(
    folder: Path, tmp_path: Path, name: str, damage: Callable[[Path, int], None]
) -> None:
    [file] = folder.glob(f"*/{name}")
    size = file.stat().st_size
    for at in [place for place in _places(size) if place < size]:
        copy = tmp_path / f"copy{at}"
        shutil.copytree(folder, copy)
        damage(copy / file.relative_to(folder), at)
        with pytest.raises(ReleaseDamaged, match=f"{name} a changé"):
            open_folder(copy)


def test_each_missing_file_is_damage(folder: Path, tmp_path: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) >= 6
    for number, file in enumerate(files):
        copy = shutil.copytree(folder, tmp_path / str(number))
        (copy / file.relative_to(folder)).unlink()
        with pytest.raises(ReleaseDamaged):
            open_folder(copy)


@pytest.mark.parametrize("damage", [_cut, _flip])
def test_a_damaged_database_is_damage_or_changes_no_answer(
    folder: Path, tmp_path: Path, damage: Callable[[Path, int], None]
) -> None:
    size = (folder / "chroma.sqlite3").stat().st_size
    outcomes = set()
    for at in [place for place in _places(size) if place < size]:
        copy = shutil.copytree(folder, tmp_path / f"copy{at}")
        damage(copy / "chroma.sqlite3", at)
        outcomes.add(_answers(copy))
    assert "damaged" in outcomes
    assert outcomes <= {"damaged", "right"}


def _answers(folder: Path) -> str:
    try:
        opened = open_folder(folder)
    except ReleaseDamaged:
        return "damaged"
    try:
        opened.probe(MODEL.dimension)
        right = all(
            opened.nearest(MODEL.embed_query(text), 1)[0][0] == id for id, text in TEXTS.items()
        )
        return "right" if right else "wrong"
    except ReleaseDamaged:
        return "damaged"
    finally:
        opened.close()


def test_a_panic_of_rust_is_damage_and_an_interrupt_is_not() -> None:
    panic = type("PanicException", (BaseException,), {})
    place = Place(COLLECTION, folder=Path("v"))
    with pytest.raises(ReleaseDamaged, match="PanicException"):
        with vectors._told(place, vectors._unreadable):
            raise panic
    with pytest.raises(KeyboardInterrupt), vectors._told(place, vectors._unreadable):
        raise KeyboardInterrupt


def test_a_folder_that_cannot_be_written_is_said_in_french(tmp_path: Path) -> None:
    (tmp_path / "fichier").touch()
    place = Place(COLLECTION, folder=tmp_path / "fichier" / "v")
    with pytest.raises(StoreError) as error, VectorWriter(place, 16, 1):
        pass
    assert str(error.value).startswith("Les vecteurs")


# In a server.


def test_a_server_names_only_the_collections_of_chartiste(server: ChromaServer) -> None:
    place = write(in_server(server))
    write(Place("autre-chose", url=server.url))
    names = collections(server.url)
    assert place.collection in names
    assert "autre-chose" not in names


def test_a_collection_that_a_server_lacks_is_damage(server: ChromaServer) -> None:
    opened = Vectors(Place("chartiste-absente", url=server.url))
    for question in (
        lambda: opened.holds([]),
        lambda: opened.probe(16),
        lambda: opened.nearest([1.0], 1),
    ):
        with pytest.raises(ReleaseDamaged, match="« chartiste-absente » des vecteurs n'existe pas"):
            question()
    opened.close()


def test_a_collection_that_was_restored_under_another_id_is_found_by_its_name(
    server: ChromaServer,
) -> None:
    place = write(in_server(server))
    opened = Vectors(place)
    assert len(opened) == 3
    write(place, {"d": "Un texte rétabli."})
    assert opened.holds([["d"]])
    opened.close()


def test_a_server_that_dies_and_comes_back_is_found_again_by_the_same_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_REST", 0.2)
    server = ChromaServer(tmp_path)
    server.start()
    place = write(in_server(server))
    opened = Vectors(place)
    question = MODEL.embed_query("Isoler un toit.")
    assert opened.nearest(question, 1)[0][0] == "b"
    server.kill()
    for sentence in ("la connexion est refusée", "il ne répondait pas à l'instant"):
        started = time.perf_counter()
        with pytest.raises(VectorsUnreachable, match=sentence):
            opened.nearest(question, 1)
        assert time.perf_counter() - started < 5
    server.start()
    time.sleep(0.2)
    assert opened.nearest(question, 1)[0][0] == "b"
    server.kill()
    opened.close()


def test_vectors_opened_while_the_server_is_away_answer_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_REST", 0.0)
    server = ChromaServer(tmp_path)
    opened = Vectors(Place("chartiste-tard", url=server.url))
    with pytest.raises(VectorsUnreachable):
        opened.probe(MODEL.dimension)
    server.start()
    write(Place("chartiste-tard", url=server.url))
    opened.probe(MODEL.dimension)
    assert opened.holds([list(TEXTS)])
    server.kill()
    opened.close()


def refusal(url: str) -> str:
    """What is said of a server by all that ask one; each at once."""
    said = set()
    place = Place("chartiste-1", url=url)
    opened = Vectors(place)
    asked = (
        lambda: opened.nearest([1.0], 1),
        lambda: collections(url),
        lambda: drop(place),
        lambda: VectorWriter(place, 16, 1).__enter__(),
    )
    for ask in asked:
        started = time.perf_counter()
        with pytest.raises(VectorsUnreachable) as error:
            ask()
        assert time.perf_counter() - started < 5
        said.add(str(error.value))
    opened.close()
    [sentence] = said
    return sentence


def test_a_server_that_is_not_there_is_said_with_its_address() -> None:
    url = f"http://nom:secret@127.0.0.1:{free_port()}"
    assert refusal(url) == (
        f"Le serveur Chroma http://{url.partition('@')[2]} ne peut pas être utilisé "
        "(la connexion est refusée) : vérifiez qu'il est lancé et que son adresse est la bonne."
    )


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert vectors._QUICK <= 1.5
    monkeypatch.setattr(vectors, "_QUICK", 0.3)
    with silent() as host:
        assert "(il ne répond pas à temps)" in refusal(f"http://{host}")


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, b"<h1>Bienvenue</h1>", "ce qui répond n'est pas un serveur Chroma"),
        (200, b"3", "ce qui répond n'est pas un serveur Chroma"),
        (404, b"<h1>404</h1>", "ce qui répond n'est pas un serveur Chroma"),
        (301, b"", "ce qui répond n'est pas un serveur Chroma"),
        (401, b"", "le nom ou le mot de passe n'est pas accepté"),
        (403, b"{}", "le nom ou le mot de passe n'est pas accepté"),
        (502, b"<h1>Bad gateway</h1>", "il répond par l'erreur 502"),
        (503, b"", "il répond par l'erreur 503"),
    ],
)
def test_what_answers_and_is_no_chroma_is_said(status: int, body: bytes, sentence: str) -> None:
    with serving(always(status, body)) as host:
        assert f"({sentence})" in refusal(f"http://{host}")


def test_a_name_that_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "(son nom n'est pas connu)" in refusal("http://chroma.invalid:8000")


def test_a_prefix_and_a_password_reach_a_server_behind_a_proxy(server: ChromaServer) -> None:
    password = base64.b64encode(b"nom:mot de passe").decode()
    with serving(proxy(server.port, "/chroma", password)) as host:
        place = Place("chartiste-proxy", url=f"http://nom:mot%20de%20passe@{host}/chroma")
        opened = Vectors(write(place))
        assert opened.holds([list(TEXTS)])
        opened.close()
        assert "chartiste-proxy" in collections(str(place.url))
        with pytest.raises(VectorsUnreachable, match="le nom ou le mot de passe"):
            collections(f"http://nom:autre@{host}/chroma")


def test_a_proxy_of_the_environment_does_not_see_the_questions(
    server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    opened = Vectors(write(in_server(server)))
    assert len(opened) == 3
    opened.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, pem = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", pem],
        check=True, capture_output=True,
    )  # fmt: skip
    return key, pem


def test_https_is_checked_against_the_certificates_of_the_system(
    server: ChromaServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, pem = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    with serving(proxy(server.port), context) as host:
        place = Place("chartiste-tls", url=f"https://{host}")
        with pytest.raises(VectorsUnreachable, match="son certificat n'est pas reconnu"):
            write(place)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        opened = Vectors(write(place))
        assert opened.holds([list(TEXTS)])
        opened.close()


@pytest.mark.slow
def test_vectors_of_a_large_model_are_not_too_much_for_one_request(server: ChromaServer) -> None:
    place, rows = in_server(server), unit(6_000, 3_072)
    ids = [str(number) for number in range(len(rows))]
    with VectorWriter(place, 3_072, len(ids)) as writer:
        writer.add(ids, rows, ids)
    opened = Vectors(place)
    assert opened.holds([ids])
    opened.close()


def test_a_read_only_folder_is_read_whole_and_left_as_it_is(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch := tmp_path / "temporaire"))
    scratch.mkdir()
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*")}
    opened = open_folder(folder)
    opened.probe(MODEL.dimension)
    assert opened.holds([list(TEXTS)])
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*")} == before
    opened.close()
    assert list(scratch.iterdir()) == []


# No leak.


def _held() -> tuple[int, int, int]:
    """Open files, threads and what Chroma keeps of its clients in this process."""
    gc.collect()
    files = len(os.listdir("/proc/self/fd"))
    threads = len(os.listdir("/proc/self/task"))
    return files, threads, len(SharedSystemClient._identifier_to_system)


def _read_once(place: Place) -> None:
    opened = Vectors(place)
    opened.probe(MODEL.dimension)
    assert opened.nearest(MODEL.embed_query("Isoler un toit."), 1)[0][0] == "b"
    opened.close()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts in /proc")
def test_fifty_switches_hold_no_file_no_thread_and_no_client(place: Place, tmp_path: Path) -> None:
    write(place)
    places = [place] * 50
    if place.folder is not None:
        places = [
            Place(COLLECTION, folder=shutil.copytree(place.folder, tmp_path / f"release{number}"))
            for number in range(50)
        ]
    for warm in places[:5]:
        _read_once(warm)
    before = _held()
    for one in places:
        _read_once(one)
    time.sleep(0.1)
    assert all(now <= then for now, then in zip(_held(), before, strict=True))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts in /proc")
def test_openings_that_fail_hold_nothing(folder: Path) -> None:
    (folder / "chroma.sqlite3").write_bytes(b"\xff" * 4096)
    away = Place("chartiste-1", url=f"http://127.0.0.1:{free_port()}")

    def fail() -> None:
        with pytest.raises(ReleaseDamaged):
            open_folder(folder)
        with pytest.raises(VectorsUnreachable):
            drop(away)

    for _ in range(5):
        fail()
    before = _held()
    for _ in range(30):
        fail()
    time.sleep(0.1)
    assert all(now <= then for now, then in zip(_held(), before, strict=True))


SWITCHES = """
import sys
import tempfile
from pathlib import Path
from ingest.vectors import Place, Vectors

for switch in range(151):
    opened = Vectors(Place("passages", folder=Path(sys.argv[1])))
    opened.probe(384)
    opened.close()
    if switch in (50, 150):
        print(Path("/proc/self/statm").read_text().split()[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="reads /proc")
def test_memory_stays_bounded_over_a_hundred_switches(tmp_path: Path) -> None:
    rows = unit(5_000, 384)
    ids = [str(number) for number in range(len(rows))]
    with VectorWriter(Place(COLLECTION, folder=tmp_path), 384, len(ids)) as writer:
        writer.add(ids, rows, ids)
    command = [sys.executable, "-c", SWITCHES, str(tmp_path)]
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    growth = (int(pages[1]) - int(pages[0])) * os.sysconf("SC_PAGE_SIZE")
    assert growth < 10 * rows.nbytes  # a hundred times that was loaded; what is free comes late
