"""ONNX Runtime: a graph opened on the processor or a GPU. The library enters here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ingest.errors import ModelError

_PROVIDERS = {"cuda": "CUDAExecutionProvider", "mps": "CoreMLExecutionProvider"}


def open_graph(graph: Path, device: str = "cpu", threads: int | None = None) -> Any:
    """A session of ONNX Runtime; several threads may run it together.

    One run uses ``threads`` of the processor, as many as there are cores unless said otherwise.

    Raises:
        ModelError: the library or the device is missing.
        Exception: the graph cannot be opened; the library raises many kinds.
    """
    try:
        import onnxruntime
    except ImportError as error:
        raise missing("onnxruntime") from error
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or cores()
    # An idle thread that spins takes a core from the others: questions come one at a time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # What a run took is given back: kept, 2,000 tokens together held 100 MB for good.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    providers = _providers(device, onnxruntime.get_available_providers())
    return onnxruntime.InferenceSession(str(graph), options, providers=providers)


def missing(library: str) -> ModelError:
    """What is said of a library that is not installed."""
    return ModelError(f"{library} n'est pas installé : pip install {library}.")


def _providers(device: str, available: list[str]) -> list[str]:
    """What runs the graph, the first that can: a GPU when there is one and ``auto`` lets it."""
    processor = "CPUExecutionProvider"
    if device == "auto":
        return [one for one in (_PROVIDERS["cuda"], processor) if one in available]
    wanted = _PROVIDERS.get(device, processor)
    if wanted not in available:
        raise ModelError(
            f"CHARTISTE_EMBEDDING_DEVICE vaut « {device} », qu'ONNX Runtime ne trouve pas sur "
            "cette machine : écrivez « auto » ou « cpu », ou installez onnxruntime-gpu."
        )
    return list(dict.fromkeys([wanted, processor]))


def cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
