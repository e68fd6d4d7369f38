"""What ``CHARTISTE_MODEL`` and its companions may say, and what they mean.

::

    mistralai:mistral-small-latest          Mistral's own service
    openai:gpt-4.1-mini                     OpenAI's own service
    openai:albert-large                     with CHARTISTE_MODEL_URL: any compatible server
    ollama:gemma3:4b                        an Ollama server, that of this machine by default
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Literal
from urllib.parse import urlsplit

from ingest.settings import whole_numbers

Provider = Literal["openai", "mistralai", "ollama"]

ADDRESSES: dict[str, str] = {
    "openai": "https://api.openai.com/v1",
    "mistralai": "https://api.mistral.ai/v1",
    "ollama": "http://127.0.0.1:11434",
}
_ASK_FOR_A_KEY = {"openai", "mistralai"}  # at their own address
_FORM = (
    "écrivez « openai: », « mistralai: » ou « ollama: » et le nom du modèle, comme "
    "« mistralai:mistral-small-latest »"
)
_YES_OR_NO = {"oui": True, "yes": True, "1": True, "non": False, "no": False, "0": False}
_BOUNDS = {
    "model_first_token_seconds": (1, 60),
    "model_seconds": (2, 120),
    "model_output_tokens": (50, 8_000),
    "model_daily_tokens": (0, 10**12),
}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The language model, when there is one. Each ``help`` is what the docs say of the setting."""

    model: str = field(
        default="",
        metadata={
            "help": "The language model that writes answers: `mistralai:NAME`, `openai:NAME` or "
            "`ollama:NAME`; without it, answers are quotations."
        },
    )
    model_url: str = field(
        default="",
        metadata={
            "help": "Address of the model's server, when it is not the provider's own: any "
            "OpenAI-compatible server for `openai:`."
        },
    )
    model_key: str = field(
        default="", repr=False, metadata={"help": "The key that the model's server asks for."}
    )
    model_first_token_seconds: int = field(
        default=8, metadata={"help": "Longest wait for the model's first words, retries included."}
    )
    model_seconds: int = field(
        default=15, metadata={"help": "Longest time for the model's whole answer."}
    )
    model_output_tokens: int = field(
        default=700, metadata={"help": "Longest answer asked of the model, in tokens."}
    )
    model_daily_tokens: int = field(
        default=2_000_000,
        metadata={
            "help": "Tokens a day (UTC), asked and written, after which answers are quotations; "
            "`0`: no limit."
        },
    )

    model_show_unsupported: bool = field(
        default=False,
        metadata={
            "help": "`oui`: what the model wrote and no passage says is shown too, struck, with "
            "the reason. For staff who try a model, not for citizens."
        },
    )

    @property
    def provider(self) -> str:
        """What stands before the first colon of ``model``."""
        return self.model.partition(":")[0]

    @property
    def name(self) -> str:
        """The model's name, as its server knows it."""
        return self.model.partition(":")[2]

    @property
    def address(self) -> str:
        """The address that is asked, without a slash at its end."""
        return self.model_url or ADDRESSES[self.provider]


def model_settings(env: Mapping[str, str]) -> tuple[ModelSettings, list[str]]:
    """The settings of the language model, and a French line for each that is wrong.

    No line shows the key. What is wrong has its default in the settings.
    """
    texts = {name: env.get(_variable(name), "").strip() for name in ("model", "model_url")}
    numbers, problems = whole_numbers(env, {_variable(n): b for n, b in _BOUNDS.items()})
    shown = env.get(_variable("model_show_unsupported"), "non").strip().lower()
    read = ModelSettings(
        model=texts["model"],
        model_url=texts["model_url"].rstrip("/"),
        model_key=env.get(_variable("model_key"), ""),
        model_show_unsupported=_YES_OR_NO.get(shown, False),
        **{name: numbers[_variable(name)] for name in _BOUNDS if _variable(name) in numbers},
    )
    if shown not in _YES_OR_NO:
        problems.append(f"{_variable('model_show_unsupported')} vaut « {shown} » : oui ou non.")
    problems += [*_unknown_names(env), *_problems(read)]
    return read, problems


def _variable(name: str) -> str:
    return f"CHARTISTE_{name.upper()}"


def _unknown_names(env: Mapping[str, str]) -> Iterator[str]:
    """A budget whose name is mistyped would be none."""
    known = {_variable(one.name) for one in fields(ModelSettings)}
    for name in sorted(env):
        if name.startswith("CHARTISTE_MODEL") and name not in known:
            yield f"{name} n'existe pas : les réglages du modèle sont {', '.join(sorted(known))}."


def _problems(read: ModelSettings) -> Iterator[str]:
    if not read.model:
        if read.model_url:
            yield f"CHARTISTE_MODEL_URL est donné sans modèle : dans CHARTISTE_MODEL, {_FORM}."
        return
    if not read.name.strip() or read.provider not in ADDRESSES or not read.model.isprintable():
        yield f"CHARTISTE_MODEL vaut « {read.model} » : {_FORM}."
        return
    yield from _address_problems(read)
    if not all("!" <= sign <= "~" for sign in read.model_key):
        yield "CHARTISTE_MODEL_KEY n'est pas une clé : elle n'a ni espace, ni accent."
    if read.provider in _ASK_FOR_A_KEY and not (read.model_key or read.model_url):
        yield f"CHARTISTE_MODEL_KEY manque : {read.address} demande une clé."
    if read.model_first_token_seconds > read.model_seconds:
        yield (
            "CHARTISTE_MODEL_FIRST_TOKEN_SECONDS dépasse CHARTISTE_MODEL_SECONDS : les premiers "
            "mots viennent avant la fin."
        )


def _address_problems(read: ModelSettings) -> Iterator[str]:
    """What is wrong with the address; it is not shown when it may hold a password."""
    url = read.model_url
    if not url:
        return
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0
    except ValueError:
        bad = True
    if "@" in url or "?" in url or "#" in url:
        yield (
            "CHARTISTE_MODEL_URL ne porte ni nom, ni mot de passe, ni « ? », ni « # » : mettez la "
            "clé dans CHARTISTE_MODEL_KEY."
        )
    elif bad or any(sign.isspace() for sign in url):
        yield (
            f"CHARTISTE_MODEL_URL vaut « {url} » : écrivez une adresse entière, comme "
            "« https://serveur.exemple/v1 »."
        )
