"""The settings of the assistant and its server, on top of :mod:`ingest.settings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.chat.choice import ModelSettings, model_settings
from ingest.engines.choice import is_model
from ingest.settings import IngestSettings, ingest_settings, whole_numbers

PORT = 7860
QUESTION_LIMIT = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Settings:
    """What the commands and the server need. Each field's ``help`` is what the docs say of it."""

    ingest: IngestSettings
    host: str = field(default="127.0.0.1", metadata={"help": "Address the server listens on."})
    port: int = field(default=PORT, metadata={"help": "Port the server listens on."})
    root_path: str = field(
        default="", metadata={"help": "Prefix that a proxy strips, for example `/assistant`."}
    )
    agency: str = field(
        default="l'agence",
        metadata={"help": "Name of the agency, as it reads in a sentence: « l'ALEC07 »."},
    )
    contact: str = field(
        default="", metadata={"help": "Where to turn, shown when the sources do not answer."}
    )
    prompts: Path | None = field(
        default=None,
        metadata={"help": "Folder of prompts of your own, in place of the shipped ones."},
    )
    nli: str = field(
        default="",
        metadata={
            "help": "A model of natural language inference, by its hub name or its folder, that is "
            "asked of what the language model wrote in other words than the passages'."
        },
    )
    nli_threshold: int = field(
        default=90,
        metadata={"help": "Least probability, in percent, from which that model's word is taken."},
    )
    model: ModelSettings = field(default_factory=ModelSettings)


def settings(env: Mapping[str, str], store: Path | None = None) -> Settings:
    """The settings read from ``CHARTISTE_*``, the ``--store`` option first.

    Raises:
        SettingsError: one or more values are wrong.
    """
    numbers, problems = whole_numbers(
        env, {"CHARTISTE_PORT": (0, 65_535), "CHARTISTE_NLI_THRESHOLD": (50, 100)}
    )
    root_path = env.get("CHARTISTE_ROOT_PATH", "").rstrip("/")
    if root_path and not root_path.startswith("/"):
        problems.append(f"CHARTISTE_ROOT_PATH vaut « {root_path} » : il commence par « / ».")
    nli = env.get("CHARTISTE_NLI", "").strip()
    if nli and not is_model(nli):
        problems.append(
            f"CHARTISTE_NLI vaut « {nli} » : écrivez un nom du hub (« auteur/modèle ») ou un "
            "dossier (« ./modèle »)."
        )
    model, wrong = model_settings(env)
    problems += wrong
    return Settings(
        ingest=ingest_settings(env, store, problems),
        host=env.get("CHARTISTE_HOST", "127.0.0.1"),
        port=numbers.get("CHARTISTE_PORT", PORT),
        root_path=root_path,
        agency=env.get("CHARTISTE_AGENCY", "l'agence"),
        contact=env.get("CHARTISTE_CONTACT", ""),
        prompts=Path(env["CHARTISTE_PROMPTS"]).expanduser() if "CHARTISTE_PROMPTS" in env else None,
        nli=nli,
        nli_threshold=numbers.get("CHARTISTE_NLI_THRESHOLD", 90),
        model=model,
    )
