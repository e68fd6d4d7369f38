"""What the settings say of a single sign-on; nothing of it is asked here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

_PREFIX = "CHARTISTE_"


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """The single sign-on, when there is one. Each ``help`` is what the docs say of the setting."""

    oidc_issuer: str = field(
        default="",
        metadata={
            "help": "The agency's single sign-on (OpenID Connect), by the address that it calls "
            "itself: `https://sso.ville.fr/realms/agents`; without it, staff have passwords alone."
        },
    )
    oidc_client_id: str = field(
        default="", metadata={"help": "The name by which the single sign-on knows this server."}
    )
    oidc_client_secret: str = field(
        default="",
        repr=False,
        metadata={"help": "The secret that it has given this server, for that name."},
    )

    @property
    def is_set(self) -> bool:
        """Whether there is a single sign-on."""
        return bool(self.oidc_issuer)


def oidc_settings(env: Mapping[str, str]) -> tuple[OidcSettings, list[str]]:
    """What ``CHARTISTE_OIDC_*`` say, and a French line for each that is wrong."""
    read = OidcSettings(
        oidc_issuer=env.get(f"{_PREFIX}OIDC_ISSUER", "").strip(),
        oidc_client_id=env.get(f"{_PREFIX}OIDC_CLIENT_ID", "").strip(),
        oidc_client_secret=env.get(f"{_PREFIX}OIDC_CLIENT_SECRET", "").strip(),
    )
    return read, list(_problems(read))


def _problems(read: OidcSettings) -> Iterator[str]:
    given = {
        "OIDC_ISSUER": read.oidc_issuer,
        "OIDC_CLIENT_ID": read.oidc_client_id,
        "OIDC_CLIENT_SECRET": read.oidc_client_secret,
    }
    absent = [_PREFIX + name for name, value in given.items() if not value]
    if absent and len(absent) < len(given):
        yield f"L'authentification unique demande aussi {' et '.join(absent)}."
    for name, value in given.items():
        if not (value.isascii() and value.isprintable()):
            yield f"{_PREFIX}{name} a des signes qui ne s'envoient pas : recopiez-la."
    if read.oidc_issuer and not is_address(read.oidc_issuer):
        yield (
            f"{_PREFIX}OIDC_ISSUER vaut « {read.oidc_issuer} » : écrivez une adresse en https, "
            "comme « https://sso.ville.fr/realms/agents »."
        )


def is_address(text: object, query: bool = False) -> bool:
    """Whether it is an address in https, or in http on this very machine, to try.

    It has no password, no fragment, and no query unless it may have one.
    """
    if not isinstance(text, str) or not text.isprintable() or " " in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or (parts.query and not query) or "#" in text or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
