"""What a model's folder says of itself: its prompts, its pooling, what it reads, its space.

A model of the hub is the same folder, downloaded. The files are those of sentence-transformers;
one that is missing means what that library takes it to mean.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.errors import ModelError

# Published E5 models, and no "instruct" one: those want a sentence before the question.
_E5 = re.compile(r"(?:^|[^a-z0-9])e5(?:[^a-z0-9]|$)")
_CACHED = re.compile(r"models--([^/\\]+)[/\\]snapshots[/\\][^/\\]+$")
_SAMPLE = 1 << 20  # bytes
_READ = {"Transformer", "Pooling", "Normalize"}

Pooling = Literal["mean", "cls"]


@dataclass(frozen=True, slots=True)
class Prompts:
    """What goes before a question, and before a text to be found."""

    query: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """How texts become vectors: ``length`` is in tokens, ``lower`` means to lower case first."""

    prompts: Prompts
    pooling: Pooling
    length: int
    lower: bool
    padding: int


def prompts(configured: Mapping[str, Any], name: str) -> Prompts:
    """The prompts of a model's own configuration, else those of its family.

    E5 models were trained with ``query: `` and ``passage: ``, and most say so in words alone.
    """
    query = configured.get("query") or ""
    document = next(filter(None, map(configured.get, ("document", "passage", "corpus"))), "")
    if not query and not document and is_e5(name):
        return Prompts("query: ", "passage: ")
    return Prompts(str(query), str(document))


def is_e5(name: str) -> bool:
    """Whether a hub name, a folder or a served name is that of an E5 model with prefixes."""
    last = os.path.basename(repository(name).rstrip("/\\")).lower()
    return bool(_E5.search(last)) and "instruct" not in last


def repository(place: str) -> str:
    """The hub name of a folder of the hub's cache; any other place as it is."""
    cached = _CACHED.search(place.rstrip("/\\"))
    return cached[1].replace("--", "/", 1) if cached else place


def space_of(place: str, graph: Path | None = None) -> str:
    """The vector space of a model: its hub name, or a name made from what its folder holds.

    The latter is the same wherever the folder lies. It depends on the configuration of each
    module and on samples of the weights; on those of ``graph`` where there are no others.
    """
    folder = Path(place)
    if not folder.is_dir() or repository(place) != place:
        return repository(place)
    digest = hashlib.sha256()
    for path in _telling(folder, graph):
        digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size};".encode())
        for sample in _samples(path):
            digest.update(sample)
    return f"{folder.absolute().name}@{digest.hexdigest()[:8]}"


def _telling(folder: Path, graph: Path | None) -> list[Path]:
    """The files that tell one model from another, in a fixed order."""
    files = sorted(folder.rglob("*"))
    configurations = [file for file in files if file.name in ("config.json", "modules.json")]
    weights = [
        file for file in files
        if file.suffix == ".safetensors" or file.name == "pytorch_model.bin"
    ]  # fmt: skip
    if not weights and graph is not None:
        weights = [file for file in files if file.name.startswith(graph.name)]
    return sorted([*configurations, *weights])


def _samples(path: Path) -> Iterator[bytes]:
    """A small file, or the first, middle and last megabytes: gigabytes would take too long."""
    size = path.stat().st_size
    if path.suffix == ".json":
        yield path.read_bytes()
        return
    with path.open("rb") as file:
        for place in (0, (size - _SAMPLE) // 2, size - _SAMPLE):
            file.seek(max(place, 0))
            yield file.read(_SAMPLE)


def describe(folder: Path, name: str) -> Description:
    """How the model of a folder makes vectors, for an engine that does it by itself.

    Raises:
        ModelError: a file is not JSON, or the model has a step that only its own library does.
    """
    config = _read(folder, "config.json")
    bert = _read(folder, "sentence_bert_config.json")
    found = prompts(_read(folder, "config_sentence_transformers.json").get("prompts") or {}, name)
    pooling_folder = _check_modules(folder, name)
    pooling = _read(folder, f"{pooling_folder}/config.json")
    if pooling.get("include_prompt", True) is False and found != Prompts():
        raise _unread(name, "exclut ses consignes de la moyenne")
    return Description(
        prompts=found,
        pooling=_pooling(pooling, name),
        length=_length(config, bert, _read(folder, "tokenizer_config.json")),
        lower=bool(bert.get("do_lower_case")),
        padding=int(config.get("pad_token_id") or 0),
    )


def _read(folder: Path, file: str) -> dict[str, Any]:
    """A JSON object, empty when there is no such file."""
    try:
        value = json.loads((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(
            f"Le fichier {file} du modèle « {folder} » ne peut pas être lu : copiez-le de nouveau."
        ) from error
    return value if isinstance(value, dict) else {"list": value}


def _check_modules(folder: Path, name: str) -> str:
    """The folder of the pooling's configuration."""
    modules = _read(folder, "modules.json").get("list", [])
    kinds = {str(module["type"]).rpartition(".")[2]: module.get("path", "") for module in modules}
    if unknown := sorted(kinds.keys() - _READ):
        raise _unread(name, f"a une étape « {unknown[0]} »")
    return str(kinds.get("Pooling", "1_Pooling"))


def _pooling(config: Mapping[str, Any], name: str) -> Pooling:
    mode = config.get("pooling_mode")
    modes = [mode] if isinstance(mode, str) else list(mode or [])
    modes += [key for key, on in config.items() if key.startswith("pooling_mode_") and on is True]
    match modes:
        case [] | ["mean"] | ["pooling_mode_mean_tokens"]:
            return "mean"
        case ["cls"] | ["pooling_mode_cls_token"]:
            return "cls"
        case _:
            raise _unread(name, "ne réduit ses vecteurs ni par moyenne ni par premier jeton")


def _length(config: Mapping[str, Any], bert: Mapping[str, Any], tokens: Mapping[str, Any]) -> int:
    """How many tokens are read: what the model says, or the least that its parts allow."""
    if given := bert.get("max_seq_length"):
        return int(given)
    limits = [config.get("max_position_embeddings"), tokens.get("model_max_length")]
    return int(min((n for n in limits if isinstance(n, int | float) and n > 0), default=512))


def _unread(name: str, why: str) -> ModelError:
    return ModelError(
        f"Le modèle « {name} » {why} : « onnx: » ne sait pas le faire. Écrivez son nom sans "
        "« onnx: » (avec pip install 'chartiste[models]')."
    )
