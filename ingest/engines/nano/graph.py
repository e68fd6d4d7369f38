"""The transformer as an ONNX graph whose weights stay at four bits.

From the sums of the embeddings of words, places and kinds, shape (texts, tokens, 384), and which
tokens count, to the vectors of the tokens. ONNX Runtime multiplies by blocks of four bits
(``MatMulNBits``) in the integers of the processor: 15 ms of processor a question, where the
engine of the wheel took 44 (same machine and run), with the same vectors (cosine 0.9999).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ingest.engines.nano.weights import BLOCK, Blocks, Floats, Weights, unpacked

EMBEDDED, COUNTED, VECTORS = "embedded", "counted", "vectors"
_ONNX, _MICROSOFT = ("", 19), ("com.microsoft", 1)  # sets of operators
_IR = 10
_SMALL = 1_024  # bytes: constants up to there stay in the graph
_INTEGERS = 4  # the "accuracy level" at which what is multiplied is rounded to eight bits


class _Graph:
    """Nodes and constants, gathered one operation at a time; each returns its output's name."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def node(
        self, kind: str, inputs: list[str], output: str, own: bool = True, **rest: object
    ) -> str:
        """``own`` operators are those of ONNX Runtime."""
        domain = _MICROSOFT[0] if own else None
        self.nodes.append(helper.make_node(kind, inputs, output.split(), domain=domain, **rest))
        return output

    def constant(self, name: str, values: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def floats(self, name: str, size: int) -> str:
        return self.constant(name, self.weights.floats(name, size))

    def multiplied(self, x: str, output: str, blocks: Blocks, bias: Floats) -> str:
        """``x`` times a matrix of four bits, plus ``bias``."""
        numbers = unpacked(blocks)
        packed = numbers[..., 0::2] | numbers[..., 1::2] << 4
        rows, columns = len(blocks), blocks.shape[1] * BLOCK
        inputs = [
            x,
            self.constant(f"{output}.w", packed.astype(np.uint8)),
            self.constant(f"{output}.s", blocks["scale"].astype(np.float32).reshape(-1)),
            "", "",  # the zero is 8, in the order of the file
            self.constant(f"{output}.b", bias),
        ]  # fmt: skip
        return self.node(
            "MatMulNBits", inputs, output,
            N=rows, K=columns, bits=4, block_size=BLOCK, accuracy_level=_INTEGERS,
        )  # fmt: skip

    def dense(self, x: str, name: str, rows: int, columns: int) -> str:
        """``x`` through the layer of that name in the file."""
        blocks = self.weights.blocks(f"{name}.w", rows, columns)
        return self.multiplied(x, f"{name}.out", blocks, self.weights.floats(f"{name}.b", rows))

    def added(self, x: str, y: str, name: str, output: str) -> str:
        """``x + y``, normalised."""
        sizes = self.weights.sizes
        scale, shift = (self.floats(f"{name}.{part}", sizes.hidden) for part in "wb")
        inputs = [x, y, scale, shift]
        return self.node("SkipLayerNormalization", inputs, output, epsilon=sizes.epsilon)


def graph(weights: Weights) -> onnx.ModelProto:
    """The whole graph: inputs ``EMBEDDED`` and ``COUNTED``, output ``VECTORS``."""
    building, sizes = _Graph(weights), weights.sizes
    scale, shift = (building.floats(f"emb.ln.{part}", sizes.hidden) for part in "wb")
    x = building.node(
        "LayerNormalization", [EMBEDDED, scale, shift], "x0",
        own=False, axis=-1, epsilon=sizes.epsilon,
    )  # fmt: skip
    for number in range(sizes.layers):
        x = _layer(building, x, number, number == sizes.layers - 1)
    texts = ["texts", "tokens"]
    vectors = helper.make_tensor_value_info
    built = helper.make_graph(
        building.nodes,
        "multilingual-e5-small",
        [
            vectors(EMBEDDED, TensorProto.FLOAT, [*texts, sizes.hidden]),
            vectors(COUNTED, TensorProto.INT32, texts),
        ],
        [vectors(VECTORS, TensorProto.FLOAT, [*texts, sizes.hidden])],
        building.constants,
    )
    operators = [helper.make_opsetid(*one) for one in (_ONNX, _MICROSOFT)]
    return helper.make_model(built, opset_imports=operators, ir_version=_IR)


def _layer(building: _Graph, x: str, number: int, is_last: bool) -> str:
    sizes, name = building.weights.sizes, f"l{number}"
    attended = _attention(building, x, name)
    between = building.added(x, building.dense(attended, f"{name}.ao", sizes.hidden, sizes.hidden),
                             f"{name}.aln", f"{name}.between")  # fmt: skip
    inner = building.dense(between, f"{name}.fi", sizes.inner, sizes.hidden)
    inner = building.node("Gelu", [inner], f"{name}.gelu")
    outer = building.dense(inner, f"{name}.fo", sizes.hidden, sizes.inner)
    return building.added(between, outer, f"{name}.oln", VECTORS if is_last else f"{name}.x")


def _attention(building: _Graph, x: str, name: str) -> str:
    """Queries, keys and values are multiplied as one matrix."""
    weights, hidden = building.weights, building.weights.sizes.hidden
    parts = [f"{name}.{part}" for part in "qkv"]
    blocks = np.concatenate([weights.blocks(f"{part}.w", hidden, hidden) for part in parts])
    bias = np.concatenate([weights.floats(f"{part}.b", hidden) for part in parts])
    together = building.multiplied(x, f"{name}.qkv", blocks, bias)
    building.node("Split", [together], " ".join(parts), own=False, axis=-1, num_outputs=3)
    return building.node(
        "MultiHeadAttention", [*parts, "", COUNTED], f"{name}.attended",
        num_heads=weights.sizes.heads,
    )  # fmt: skip


def save(weights: Weights, file: Path) -> None:
    """Write the graph, and its constants beside it: ONNX Runtime maps those into memory."""
    onnx.save_model(
        graph(weights), str(file),
        save_as_external_data=True, location=f"{file.stem}.bin", size_threshold=_SMALL,
    )  # fmt: skip
