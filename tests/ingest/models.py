"""Tiny models in real formats, and a hub and servers of vectors on loopback."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WORDS = ("[PAD]", "[UNK]", "charte", "climat", "air", "query", "passage", ":", "essai")
# A word's vector: no two have the same direction.
TABLE = [[float(n), 1.0, float(n * n)] for n in range(len(WORDS))]


def write_json(folder: Path, files: Mapping[str, object]) -> Path:
    for name, value in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value), encoding="utf-8")
    return folder


def onnx_model(folder: Path, graph: str = "onnx/model.onnx", **options: Any) -> Path:
    """A model whose tokens are words and whose token vectors are rows of ``TABLE``."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(folder, {"config.json": {"pad_token_id": 0, "max_position_embeddings": 6}})
    write_graph(folder / graph, **options)
    return folder


def write_graph(
    path: Path,
    inputs: tuple[str, ...] = ("input_ids", "attention_mask", "token_type_ids"),
    kind: str = "INT64",
    rank: int = 3,
) -> None:
    """A graph that looks token vectors up; of rank 2, it gives that of the first token."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper, save

    steps = [helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])]
    shape: list[str | int] = ["texts", "tokens", 3]
    if rank == 2:
        steps[0].output[0] = "all"
        steps.append(helper.make_node("Gather", ["all", "zero"], ["last_hidden_state"], axis=1))
        shape = ["texts", 3]
    constants = [
        numpy_helper.from_array(np.array(TABLE, dtype=np.float32), "table"),
        numpy_helper.from_array(np.array(0), "zero"),
    ]
    integer = getattr(TensorProto, kind)
    given = [helper.make_tensor_value_info(name, integer, ["texts", "tokens"]) for name in inputs]
    result = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, shape)
    graph = helper.make_graph(steps, "tiny", given, [result], constants)
    path.parent.mkdir(parents=True, exist_ok=True)
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """A server on loopback that answers what ``answer`` says, and keeps what it was asked."""

    url: str
    answer: Callable[[Request], Answer]
    asked: list[Request] = field(default_factory=list)


def as_json(value: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


@contextlib.contextmanager
def serving(answer: Callable[[Request], Answer], port: int = 0) -> Iterator[Server]:
    """A server for the time of a block, on a free port or on a given one."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(
                self.command, self.path, dict(self.headers), json.loads(body) if body else None
            )
            server.asked.append(request)
            status, headers, content = server.answer(request)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = _do

        def log_message(self, *args: Any) -> None: ...

    http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    http.daemon_threads = True
    server = Server(f"http://127.0.0.1:{http.server_address[1]}", answer)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


def hub(models: Mapping[str, Path]) -> Callable[[Request], Answer]:
    """What the hub answers about models that lie in folders."""

    def answer(request: Request) -> Answer:
        path = request.path.partition("?")[0].lstrip("/")
        for name, folder in models.items():
            if path.startswith(f"api/models/{name}"):
                if "/tree/" in path:
                    return as_json([_entry(file, folder) for file in sorted(folder.rglob("*"))])
                return as_json({"id": name, "sha": "c" * 40, "private": False})
            if path.startswith(f"{name}/resolve/"):
                file = folder / path.removeprefix(f"{name}/resolve/").partition("/")[2]
                return _file(file.read_bytes()) if file.is_file() else _absent("EntryNotFound")
        return _absent("RepoNotFound")

    return answer


def _entry(file: Path, folder: Path) -> dict[str, object]:
    kind = "directory" if file.is_dir() else "file"
    place = file.relative_to(folder).as_posix()
    return {"type": kind, "path": place, "oid": "0" * 40, "size": file.stat().st_size}


def _file(content: bytes) -> Answer:
    mark = hashlib.sha256(content).hexdigest()
    return 200, {"ETag": f'"{mark}"', "X-Repo-Commit": "c" * 40}, content


def _absent(code: str) -> Answer:
    return 404, {"X-Error-Code": code, "X-Error-Message": "absent"}, b""
