from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.engines.failure import require_place, unopened
from ingest.errors import ModelError


class GatedRepoError(OSError): ...


class RepositoryNotFoundError(OSError): ...


class ConnectError(OSError): ...


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.delenv("TRANSFORMERS_OFFLINE", raising=False)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (GatedRepoError(), "demande l'accord de son auteur : acceptez ses conditions"),
        (RepositoryNotFoundError(), "n'existe pas sur le hub, ou il est privé"),
        (ConnectError(), "ne peut pas être téléchargé : vérifiez l'accès au réseau"),
        (ValueError("set trust_remote_code=True"), "du code de son auteur, ce que Chartiste ne"),
        (ValueError("autre"), r"ne peut pas être chargé \(ValueError\)"),
    ],
)
def test_each_cause_has_its_way_out(error: Exception, said: str) -> None:
    assert unopened("a/m", error).args[0].startswith("Le modèle « a/m » ")
    with pytest.raises(ModelError, match=said):
        raise unopened("a/m", error)


def test_the_cause_is_looked_for_behind_the_error() -> None:
    error = OSError("introuvable")
    error.__cause__ = RuntimeError()
    error.__cause__.__context__ = RepositoryNotFoundError()
    assert "n'existe pas sur le hub" in str(unopened("a/m", error))


def test_a_folder_that_is_not_complete_is_said_so(tmp_path: Path) -> None:
    assert "vérifiez que son dossier est complet" in str(unopened(str(tmp_path), OSError()))


@pytest.mark.parametrize("value", ["1", "true", "ON"])
def test_what_forbids_the_download_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", value)
    assert "HF_HUB_OFFLINE interdit de le télécharger" in str(unopened("a/m", ConnectError()))


def test_a_place_is_found_from_the_home_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modele").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert require_place("~/modele") == os.path.join(tmp_path, "modele")
    assert require_place("a/m") == "a/m"
    with pytest.raises(ModelError, match=r"« \./absent » n'existe pas : vérifiez CHARTISTE_EMBEDD"):
        require_place("./absent")
