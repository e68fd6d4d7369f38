"""Models in ONNX, run by ONNX Runtime and tokenizers alone: neither torch nor transformers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from ingest.engines.base import QUESTION_READ, BatchedModel, unit_vectors
from ingest.engines.choice import ONNX
from ingest.engines.description import Description, describe, space_of
from ingest.engines.failure import require_place, unopened
from ingest.engines.runtime import missing, open_graph
from ingest.errors import ModelError

# The first that is there is taken: the weights as they are, then the same in half precision
# or rewritten for speed, then fewer bits.
FULL = (
    "onnx/model.onnx", "model.onnx", "onnx/model_O3.onnx", "onnx/model_O2.onnx",
    "onnx/model_O1.onnx", "onnx/model_O4.onnx", "onnx/model_fp16.onnx",
)  # fmt: skip
QUANTISED = (
    "onnx/model_quantized.onnx", "model_quantized.onnx", "onnx/model_int8.onnx",
    "onnx/model_uint8.onnx", "onnx/model_quint8_avx2.onnx", "onnx/model_qint8_avx512.onnx",
    "onnx/model_qint8_avx512_vnni.onnx", "onnx/model_qint8_arm64.onnx",
)  # fmt: skip
_FILES = ["*.json", "*_Pooling/config.json"]


class OnnxModel(BatchedModel):
    """A model of the hub or of a folder that was exported to ONNX.

    Its space is that of the same model through sentence-transformers, so that a machine with a
    GPU may ingest what a small server serves; an export in fewer bits has its own.

    Raises:
        ModelError: a library, the model, its graph or the device is missing.
    """

    def __init__(self, place: str, device: str = "auto") -> None:
        found = require_place(place)
        folder, graph = _located(found)
        self.name = ONNX + place
        self.space = _space(found, folder, graph)
        self._read = describe(folder, found)
        self._tokenizer = _tokenizer(folder, found, self._read)
        self._session = _session(folder / graph, found, device)
        self._inputs = {one.name: one.type for one in self._session.get_inputs()}
        self._output = _output(self._session, found)
        self.dimension = int(self._vectors(["essai"]).shape[1])

    def embed_query(self, text: str) -> list[float]:
        rows = self._vectors([self._read.prompts.query + text[:QUESTION_READ]])
        [vector] = unit_vectors(rows, 1, self.dimension, self.name).tolist()
        return list(vector)

    def embed_batch(self, texts: list[str]) -> Any:
        return self._vectors([self._read.prompts.document + text for text in texts])

    def _vectors(self, texts: list[str]) -> np.ndarray:
        """One row a text, of any length."""
        if self._read.lower:
            texts = [text.lower() for text in texts]
        encoded = self._tokenizer.encode_batch(texts)
        mask = np.array([one.attention_mask for one in encoded], dtype=np.int64)
        given = {
            "input_ids": np.array([one.ids for one in encoded], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.array([one.type_ids for one in encoded], dtype=np.int64),
            "position_ids": np.broadcast_to(np.arange(mask.shape[1]), mask.shape),
        }
        feed = {
            name: given[name].astype(np.int32 if "int32" in kind else np.int64)
            for name, kind in self._inputs.items()
        }
        [hidden] = self._session.run([self._output], feed)
        return _pooled(np.asarray(hidden, dtype=np.float32), mask, self._read)


def _pooled(hidden: np.ndarray, mask: np.ndarray, read: Description) -> np.ndarray:
    """Token vectors (texts, tokens, dimension) reduced to one a text; (texts, dimension) as is."""
    if hidden.ndim == 2:
        return hidden
    if read.pooling == "cls":
        first: np.ndarray = hidden[:, 0]
        return first
    weights = mask[..., np.newaxis].astype(np.float32)
    mean: np.ndarray = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    return mean


def _space(place: str, folder: Path, graph: str) -> str:
    space = space_of(place, folder / graph)
    return space if graph in FULL else f"{space}+{Path(graph).stem}"


def _located(place: str) -> tuple[Path, str]:
    """The model's folder, downloaded if need be, and the graph in it.

    A hub model that is here is not looked for again: an index wants the weights it was built with.
    """
    ways = [_here] if os.path.isdir(place) else [_kept, _downloaded]
    for way in ways:
        for graph in (*FULL, *QUANTISED):
            folder = way(place, graph)
            if folder is not None and (folder / graph).is_file():
                return folder, graph
    raise ModelError(
        f"Le modèle « {place} » n'a pas de graphe ONNX ({FULL[0]}) : écrivez son nom sans "
        "« onnx: » (avec pip install 'chartiste[models]'), ou exportez-le."
    )


def _here(place: str, graph: str) -> Path:
    return Path(place)


def _kept(name: str, graph: str) -> Path | None:
    """The folder of a hub model that was downloaded whole, or None."""
    try:
        return _snapshot(name, graph, local=True)
    except (OSError, ValueError):
        return None


def _downloaded(name: str, graph: str) -> Path:
    """The folder of a hub model, downloaded with that graph where it has one."""
    try:
        return _snapshot(name, graph, local=False)
    except ModelError:
        raise
    except Exception as error:  # the library raises many kinds
        raise unopened(name, error) from error


def _snapshot(name: str, graph: str, local: bool) -> Path:
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise missing("huggingface-hub") from error
    wanted = [*_FILES, graph, f"{graph}_data"]
    return Path(snapshot_download(name, allow_patterns=wanted, local_files_only=local))


def _tokenizer(folder: Path, place: str, read: Description) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise missing("tokenizers") from error
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        tokenizer.enable_truncation(read.length)
        token = tokenizer.id_to_token(read.padding)
        tokenizer.enable_padding(pad_id=read.padding, pad_token=token or "[PAD]")
    except Exception as error:  # the library raises bare exceptions
        raise unopened(place, error) from error
    return tokenizer


def _session(graph: Path, place: str, device: str) -> Any:
    try:
        return open_graph(graph, device)
    except ModelError:
        raise
    except Exception as error:  # the library raises many kinds
        raise unopened(place, error) from error


def _output(session: Any, place: str) -> str:
    """The name of the token vectors, else of the vectors of whole texts."""
    known = {"input_ids", "attention_mask", "token_type_ids", "position_ids"}
    if unknown := sorted({one.name for one in session.get_inputs()} - known):
        raise ModelError(f"Le graphe de « {place} » demande une entrée inconnue : {unknown[0]}.")
    by_rank = {len(one.shape): one.name for one in reversed(session.get_outputs())}
    if not (name := by_rank.get(3) or by_rank.get(2)):
        raise ModelError(f"Le graphe de « {place} » ne rend pas de vecteurs de texte.")
    return str(name)
