import pytest

from app.chat.choice import ModelSettings
from app.settings import settings
from ingest.errors import SettingsError


def read(**values: str) -> ModelSettings:
    return settings({f"CHARTISTE_{name}": value for name, value in values.items()}).model


def refused(**values: str) -> list[str]:
    """The lines of the refusal."""
    with pytest.raises(SettingsError) as error:
        read(**values)
    return str(error.value).splitlines()[1:]


def test_there_is_no_model_by_default() -> None:
    assert read() == ModelSettings()
    assert not read().model


def test_a_model_of_a_provider_needs_its_key_alone() -> None:
    chosen = read(MODEL="mistralai:mistral-small-latest", MODEL_KEY="k")
    assert (chosen.provider, chosen.name) == ("mistralai", "mistral-small-latest")
    assert chosen.address == "https://api.mistral.ai/v1"
    assert (chosen.model_first_token_seconds, chosen.model_seconds) == (8, 15)


def test_a_model_of_a_compatible_server_may_need_no_key() -> None:
    chosen = read(MODEL="openai:org/m:tag", MODEL_URL="http://127.0.0.1:8080/v1/")
    assert (chosen.name, chosen.address) == ("org/m:tag", "http://127.0.0.1:8080/v1")


def test_ollama_is_that_of_this_machine_unless_said_otherwise() -> None:
    assert read(MODEL="ollama:gemma3:4b").address == "http://127.0.0.1:11434"
    assert read(MODEL="ollama:gemma3:4b").name == "gemma3:4b"
    assert read(MODEL="ollama:m", MODEL_URL="http://ollama:11434").address == "http://ollama:11434"


def test_every_limit_is_read() -> None:
    chosen = read(
        MODEL="ollama:m", MODEL_FIRST_TOKEN_SECONDS="3", MODEL_SECONDS="9",
        MODEL_OUTPUT_TOKENS="200", MODEL_DAILY_TOKENS="0",
    )  # fmt: skip
    assert (chosen.model_first_token_seconds, chosen.model_seconds) == (3, 9)
    assert (chosen.model_output_tokens, chosen.model_daily_tokens) == (200, 0)


@pytest.mark.parametrize(
    ("said", "shown"), [("oui", True), (" OUI ", True), ("1", True), ("non", False), ("0", False)]
)
def test_what_no_passage_says_is_shown_where_it_is_asked_for(said: str, shown: bool) -> None:
    assert read(MODEL="ollama:m", MODEL_SHOW_UNSUPPORTED=said).model_show_unsupported is shown
    assert not read(MODEL="ollama:m").model_show_unsupported


@pytest.mark.parametrize("model", ["mistral", "gpt-4", "openai:", "openai: ", "anthropic:x", ":x"])
def test_a_model_without_a_known_provider_or_a_name_is_refused(model: str) -> None:
    [line] = refused(MODEL=model, MODEL_KEY="k")
    assert line.startswith(f"- CHARTISTE_MODEL vaut « {model.strip()} » : écrivez « openai: »")


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"MODEL": "openai:m"}, "- CHARTISTE_MODEL_KEY manque : https://api.openai.com/v1 demande"),
        ({"MODEL": "openai:m", "MODEL_KEY": "é canari"}, "- CHARTISTE_MODEL_KEY n'est pas une clé"),
        ({"MODEL_URL": "http://a/v1"}, "- CHARTISTE_MODEL_URL est donné sans modèle"),
        ({"MODEL": "ollama:m", "MODEL_SECONDS": "0"}, "- CHARTISTE_MODEL_SECONDS vaut « 0 »"),
        (
            {"MODEL": "ollama:m", "MODEL_FIRST_TOKEN_SECONDS": "9", "MODEL_SECONDS": "5"},
            "- CHARTISTE_MODEL_FIRST_TOKEN_SECONDS dépasse CHARTISTE_MODEL_SECONDS",
        ),
        (
            {"MODEL": "ollama:m", "MODEL_SHOW_UNSUPPORTED": "peut-être"},
            "- CHARTISTE_MODEL_SHOW_UNSUPPORTED vaut « peut-être » : oui ou non.",
        ),
        (
            {"MODEL": "ollama:m", "MODEL_DAYLY_TOKENS": "5"},
            "- CHARTISTE_MODEL_DAYLY_TOKENS n'existe pas : les réglages du modèle sont",
        ),
    ],
)
def test_what_is_wrong_is_told(values: dict[str, str], line: str) -> None:
    [told] = refused(**values)
    assert told.startswith(line)
    assert "canari" not in told


@pytest.mark.parametrize(
    "url", ["serveur/v1", "ftp://a/v1", "http://", "http://a:x/", "http://a b"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    [line] = refused(MODEL="openai:m", MODEL_URL=url)
    assert line.startswith(f"- CHARTISTE_MODEL_URL vaut « {url.rstrip('/')} »")


@pytest.mark.parametrize(
    "url", ["http://u:canari@a/v1", "http://a/v1?key=canari", "http://a#canari"]
)
def test_an_address_that_may_hold_a_secret_is_not_shown(url: str) -> None:
    [line] = refused(MODEL="openai:m", MODEL_URL=url)
    assert line.startswith("- CHARTISTE_MODEL_URL ne porte ni nom, ni mot de passe")
    assert "canari" not in line


def test_the_key_is_not_in_the_repr() -> None:
    assert "canari" not in repr(
        settings({"CHARTISTE_MODEL": "openai:m", "CHARTISTE_MODEL_KEY": "canari"})
    )
