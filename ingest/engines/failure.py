"""Why a model of the hub or of a folder cannot be opened, said in French."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ingest.engines.choice import is_folder
from ingest.errors import ModelError

_NETWORK = {"LocalEntryNotFoundError", "ConnectError", "ConnectionError", "ConnectTimeout"}


def unopened(place: str, error: BaseException) -> ModelError:
    """What to do about a library's error on opening ``place``; the library's own words are kept
    for the log (``__cause__``)."""
    return ModelError(f"Le modèle « {place} » {_why(place, error)}")


def require_place(place: str, setting: str = "CHARTISTE_EMBEDDING") -> str:
    """The place that ``setting`` names, with ``~`` replaced.

    Raises:
        ModelError: it is a folder that does not exist.
    """
    found = os.path.expanduser(place)
    if is_folder(found) and not os.path.isdir(found):
        raise ModelError(f"Le dossier « {found} » n'existe pas : vérifiez {setting}.")
    return found


def _why(place: str, error: BaseException) -> str:
    kinds = {type(one).__name__ for one in _causes(error)}
    if "trust_remote_code" in str(error):
        return (
            "demande d'exécuter du code de son auteur, ce que Chartiste ne fait pas : "
            "choisissez-en un autre."
        )
    if os.path.isdir(place):
        return (
            f"ne peut pas être chargé ({type(error).__name__}) : vérifiez que son dossier est "
            "complet."
        )
    if "GatedRepoError" in kinds:
        return (
            "demande l'accord de son auteur : acceptez ses conditions sur le hub, puis donnez "
            "votre jeton dans HF_TOKEN."
        )
    if "RepositoryNotFoundError" in kinds:
        return (
            "n'existe pas sur le hub, ou il est privé : vérifiez son nom, ou donnez votre jeton "
            "dans HF_TOKEN."
        )
    if _is_offline():
        return (
            "n'est pas sur cette machine, et HF_HUB_OFFLINE interdit de le télécharger : "
            "retirez cette variable, ou copiez-y le modèle et donnez son dossier."
        )
    if kinds & _NETWORK:
        return (
            "n'est pas sur cette machine et ne peut pas être téléchargé : vérifiez l'accès au "
            "réseau, ou copiez-y le modèle et donnez son dossier."
        )
    return (
        f"ne peut pas être chargé ({type(error).__name__}). "
        "Vérifiez son nom, ou le dossier, ou l'accès au réseau."
    )


def _is_offline() -> bool:
    given = {
        os.environ.get(name, "").upper() for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    }
    return bool(given & {"1", "ON", "YES", "TRUE"})


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those that it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
