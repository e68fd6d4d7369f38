"""The settings of the assistant and its server, on top of :mod:`ingest.settings`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.allowed import read_networks, read_origins
from app.chat.choice import ModelSettings, model_settings
from app.colours import fault_of
from app.records.address import read_database_url
from app.staff.provider import OidcSettings, oidc_settings
from ingest.engines.choice import is_model
from ingest.settings import IngestSettings, ingest_settings, whole_numbers

PORT = 7860
QUESTION_LIMIT = 2_000  # characters
RATE, RATE_TOTAL = 60, 6_000  # questions a minute: two cores answer about 3,000
LOGS = ("errors", "json")
NO_AGENCY = "l'agence"  # what it is called when it has no name
LOGO_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
_LOGO_LIMIT = 200_000  # bytes
_COMPLIANCE = ("non", "partiellement", "totalement")
_NUMBERS = {  # the settings that are numbers, with the least and the most that they take
    "CHARTISTE_PORT": (0, 65_535),
    "CHARTISTE_NLI_THRESHOLD": (50, 100),
    "CHARTISTE_RATE_PER_MINUTE": (0, 10**6),
    "CHARTISTE_RATE_TOTAL_PER_MINUTE": (0, 10**6),
    "CHARTISTE_JOURNAL_DAYS": (0, 30),
}


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
        default=NO_AGENCY,
        metadata={"help": "Name of the agency, as it reads in a sentence: « l'ALEC07 »."},
    )
    contact: str = field(
        default="", metadata={"help": "Where to turn, shown when the sources do not answer."}
    )
    widget_origins: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "Origins of the sites whose pages may hold the widget, for example "
            "`https://www.ville.fr`; without any, no other site may."
        },
    )
    proxy: tuple[str, ...] = field(
        default=(),
        metadata={
            "help": "IP addresses or networks of the proxies in front, for example `127.0.0.1`: "
            "of nobody else is `X-Forwarded-For` believed."
        },
    )
    rate_per_minute: int | None = field(
        default=None,
        metadata={
            "help": "Questions a minute from one address (an IPv6 /64), then a polite 429. Only "
            "when it is set does it hold for this machine's own addresses too; `0`: no limit."
        },
    )
    rate_total_per_minute: int = field(
        default=RATE_TOTAL,
        metadata={"help": "Questions a minute from all addresses together; `0`: no limit."},
    )
    log: str = field(
        default="errors",
        metadata={
            "help": "`errors`: what goes wrong; `json`: each request too. One JSON object a line "
            "on the error output, without addresses and questions."
        },
    )
    logo: Path | None = field(
        default=None,
        metadata={"help": "File of the agency's logo (SVG, PNG, JPEG or WebP, 200 kB at most)."},
    )
    color: str = field(
        default="",
        metadata={"help": "The agency's colour, dark enough to be read on white: `#1d5c47`."},
    )
    accessibility: str = field(
        default="non",
        metadata={
            "help": "What the audit found: `non`, `partiellement` or `totalement` (conforme); the "
            "last two need `CHARTISTE_ACCESSIBILITY_AUDIT`."
        },
    )
    accessibility_audit: str = field(
        default="",
        metadata={"help": "Who audited the pages, when and with what result, in a sentence."},
    )
    database_url: str = field(
        default="",
        repr=False,
        metadata={
            "help": "The database of the staff's workspace: `sqlite:///FILE`, or "
            "`postgresql://USER:PASSWORD@SERVER/BASE`, one of its own (`pip install "
            "'chartiste[postgres]'`; `?sslmode=verify-full` makes sure of the server); without "
            "it, the file `chartiste.db` of the store."
        },
    )
    journal_days: int = field(
        default=0,
        metadata={
            "help": "How many days (1 to 30) the questions are kept for the staff, personal data "
            "masked, and then deleted; `0`: the journal is off, nothing is kept. The pages say so."
        },
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
    oidc: OidcSettings = field(default_factory=OidcSettings)


def settings(env: Mapping[str, str], store: Path | None = None) -> Settings:
    """The settings read from ``CHARTISTE_*``, the ``--store`` option first.

    Raises:
        SettingsError: one or more values are wrong.
    """
    numbers, problems = whole_numbers(env, _NUMBERS)
    root_path = env.get("CHARTISTE_ROOT_PATH", "").rstrip("/")
    nli, log = env.get("CHARTISTE_NLI", "").strip(), env.get("CHARTISTE_LOG", LOGS[0]).strip()
    problems += [*_server_problems(root_path, nli, log), *_look_problems(env)]
    model, wrong = model_settings(env)
    origins, bad_origins = read_origins(env, "CHARTISTE_WIDGET_ORIGINS")
    proxy, bad_proxies = read_networks(env, "CHARTISTE_PROXY")
    database, bad_database = read_database_url(env)
    oidc, bad_oidc = oidc_settings(env)
    problems += [*wrong, *bad_origins, *bad_proxies, *bad_database, *bad_oidc]
    return Settings(
        ingest=ingest_settings(env, store, problems),
        host=env.get("CHARTISTE_HOST", "127.0.0.1"),
        port=numbers.get("CHARTISTE_PORT", PORT),
        root_path=root_path,
        agency=env.get("CHARTISTE_AGENCY", NO_AGENCY),
        contact=env.get("CHARTISTE_CONTACT", ""),
        widget_origins=origins,
        proxy=proxy,
        rate_per_minute=numbers.get("CHARTISTE_RATE_PER_MINUTE"),
        rate_total_per_minute=numbers.get("CHARTISTE_RATE_TOTAL_PER_MINUTE", RATE_TOTAL),
        log=log,
        logo=_path(env, "CHARTISTE_LOGO"),
        color=env.get("CHARTISTE_COLOR", "").lower(),
        accessibility=env.get("CHARTISTE_ACCESSIBILITY") or "non",
        accessibility_audit=env.get("CHARTISTE_ACCESSIBILITY_AUDIT", ""),
        database_url=database,
        journal_days=numbers.get("CHARTISTE_JOURNAL_DAYS", 0),
        prompts=_path(env, "CHARTISTE_PROMPTS"),
        nli=nli,
        nli_threshold=numbers.get("CHARTISTE_NLI_THRESHOLD", 90),
        model=model,
        oidc=oidc,
    )


def _path(env: Mapping[str, str], name: str) -> Path | None:
    """The path that a setting names, None where it is not set."""
    return Path(env[name]).expanduser() if env.get(name) else None


def _server_problems(root_path: str, nli: str, log: str) -> Iterator[str]:
    """What is wrong with the prefix, the model of inference and the log."""
    if root_path and not root_path.startswith("/"):
        yield f"CHARTISTE_ROOT_PATH vaut « {root_path} » : il commence par « / »."
    if nli and not is_model(nli):
        yield (
            f"CHARTISTE_NLI vaut « {nli} » : écrivez un nom du hub (« auteur/modèle ») ou un "
            "dossier (« ./modèle »)."
        )
    if log not in LOGS:
        yield f"CHARTISTE_LOG vaut « {log} » : écrivez {' ou '.join(LOGS)}."


def _look_problems(env: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the colour, the logo and the declaration of accessibility."""
    color = env.get("CHARTISTE_COLOR", "")
    if color and (fault := fault_of(color)):
        yield f"CHARTISTE_COLOR vaut « {color} » : {fault}."
    if env.get("CHARTISTE_LOGO"):
        yield from _logo_problems(Path(env["CHARTISTE_LOGO"]).expanduser())
    found = env.get("CHARTISTE_ACCESSIBILITY") or "non"
    if found not in _COMPLIANCE:
        choices = ", ".join(f"« {choice} »" for choice in _COMPLIANCE)
        yield f"CHARTISTE_ACCESSIBILITY vaut « {found} » : écrivez {choices}."
    elif found != "non" and not env.get("CHARTISTE_ACCESSIBILITY_AUDIT"):
        yield (
            f"CHARTISTE_ACCESSIBILITY vaut « {found} » : dites dans CHARTISTE_ACCESSIBILITY_AUDIT "
            "qui l'a constaté et quand."
        )


def _logo_problems(file: Path) -> Iterator[str]:
    if file.suffix.lower() not in LOGO_TYPES:
        yield f"CHARTISTE_LOGO vaut « {file} » : donnez un fichier SVG, PNG, JPEG ou WebP."
    elif not file.is_file():
        yield f"CHARTISTE_LOGO vaut « {file} » : ce fichier n'existe pas."
    elif file.stat().st_size > _LOGO_LIMIT:
        yield f"CHARTISTE_LOGO vaut « {file} » : ce fichier dépasse {_LOGO_LIMIT // 1000} ko."
