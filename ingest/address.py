"""Which addresses may be asked, how one is spelled, and where the name of its host leads.

Addresses are read strictly: what two programs could read in two ways is refused, so that what is
checked here is what is asked.
"""

from __future__ import annotations

import dataclasses
import re
import socket
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import quote

import idna

from ingest.documents import legible
from ingest.errors import FetchError
from ingest.networks import Address, reach

MAX_LENGTH = 2_048  # the sitemap protocol's own limit
DEFAULT_PORTS = {"http": 80, "https": 443}
WEB_PORTS = frozenset(DEFAULT_PORTS.values())

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_IN_PATH = _UNRESERVED | frozenset("!$&'()*+,;=:@/")
_IN_QUERY = _IN_PATH | frozenset("?")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"})

_URL = re.compile(r"(https?)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=:)")
_HOST_AND_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PIECE = re.compile(r"%[0-9A-Fa-f]{2}|.")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is allowed of one host; ``private`` lets its name lead into one's own network."""

    private: bool = False
    ports: frozenset[int] = WEB_PORTS


@dataclass(frozen=True, slots=True)
class Access:
    """The hosts that may be asked, by their canonical name, and nothing else may."""

    rules: Mapping[str, Rule]

    @classmethod
    def of(cls, *hosts: str, private: bool = False, ports: Iterable[int] = WEB_PORTS) -> Access:
        """One rule for some hosts; add several with ``|``.

        Raises:
            FetchError: one is not the name of a host.
        """
        rule = Rule(private, frozenset(ports))
        return cls({canonical_host(host): rule for host in hosts})

    def __or__(self, other: Access) -> Access:
        """Both; a host named in both is allowed what either allows."""
        rules = dict(self.rules)
        for host, rule in other.rules.items():
            known = rules.get(host, rule)
            rules[host] = Rule(known.private or rule.private, known.ports | rule.ports)
        return Access(rules)

    def rule(self, host: str) -> Rule | None:
        """The rule of a host, or of the same name with or without ``www.``."""
        bare = host.removeprefix("www.")
        return self.rules.get(host) or self.rules.get(bare) or self.rules.get(f"www.{bare}")


@dataclass(frozen=True, slots=True)
class Target:
    """An address, read: ``path`` holds the query too; ``private`` comes from the host's rule."""

    scheme: str
    host: str
    port: int
    path: str
    private: bool = False

    @property
    def netloc(self) -> str:
        """The host, and the port unless it is the scheme's own: what ``Host:`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what one ``robots.txt`` speaks for."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """The canonical spelling of the address."""
        return f"{self.origin}{self.path}"


def normal_url(url: str) -> str:
    """The canonical spelling: two spellings of one address become one, and it stays as it is.

    Raises:
        FetchError: this is not a well-formed web address.
    """
    return _read(url).url


def checked_url(url: str, access: Access) -> Target:
    """The address, read, when ``access`` lets it be asked.

    Raises:
        FetchError: it is not a well-formed web address, or its host or port is not allowed.
    """
    target = _read(url)
    rule = access.rule(target.host)
    if rule is None:
        raise FetchError(
            f"Le site « {target.host} » n'est pas parmi ceux que nomment les sources : "
            "ajoutez-le si vous voulez qu'il soit lu."
        )
    if target.port not in rule.ports:
        raise FetchError(
            f"Le port {target.port} du site « {target.host} » n'est pas autorisé : "
            "ajoutez-le à sa source s'il doit l'être."
        )
    return dataclasses.replace(target, private=rule.private)


def _read(url: str) -> Target:
    if len(url) > MAX_LENGTH:
        raise FetchError(f"L'adresse dépasse {MAX_LENGTH} caractères.")
    if "\\" in url or any(unicodedata.category(sign) in _UNSEEN for sign in url):
        raise _malformed(url, "espaces, barres inverses et caractères invisibles y sont interdits")
    found = _URL.fullmatch(url)
    if found is None:
        scheme = _SCHEME.match(url)
        if scheme and scheme[0].lower() not in DEFAULT_PORTS:
            raise FetchError(
                f"« {legible(scheme[0])}: » n'est pas lu : l'adresse doit commencer par "
                "« https:// » ou « http:// »."
            )
        raise _malformed(url, "elle doit commencer par « https:// » ou « http:// »")
    scheme_name, authority, path, query = found.groups()
    host, port = _host_and_port(authority, url)
    path = _without_dots(_spelled(path, _IN_PATH))
    if query:
        path = f"{path}?{_spelled(query, _IN_QUERY)}"
    scheme_name = scheme_name.lower()
    return Target(scheme_name, host, port or DEFAULT_PORTS[scheme_name], path)


def _host_and_port(authority: str, url: str) -> tuple[str, int | None]:
    if "@" in authority:
        raise _malformed(url, "elle ne doit contenir ni nom d'utilisateur ni mot de passe")
    found = _HOST_AND_PORT.fullmatch(authority)
    if found is None or int(found[2] or 1) > 65_535:
        raise _malformed(url, "son site ou son port est mal écrit")
    return canonical_host(found[1]), int(found[2]) if found[2] else None


def canonical_host(host: str) -> str:
    """The name of a host in lower-case ASCII (IDNA 2008), or its IP address in its usual form.

    Raises:
        FetchError: it is neither, or a number that programs read in several ways.
    """
    if host[:1] + host[-1:] == "[]" or ":" in host:
        try:
            return str(IPv6Address(host[1:-1] if host.endswith("]") else host))
        except ValueError as error:
            raise _no_host(host) from error
    name = unicodedata.normalize("NFC", host).lower()
    if not name.isascii():
        try:
            name = idna.encode(name, strict=True).decode("ascii")
        except UnicodeError as error:
            raise _no_host(host) from error
    labels = name.split(".")
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise _no_host(host)
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(name))
        except ValueError as error:
            raise _no_host(host) from error
    return name


def _spelled(text: str, safe: frozenset[str]) -> str:
    """Percent-encoded where it must be and only there, with capital digits."""
    if safe.issuperset(text):
        return text

    def piece(found: re.Match[str]) -> str:
        if len(found[0]) == 3:
            sign = chr(int(found[0][1:], 16))
            return sign if sign in _UNRESERVED else found[0].upper()
        return found[0] if found[0] in safe else quote(found[0], safe="")

    return _PIECE.sub(piece, text)


def _without_dots(path: str) -> str:
    """The path without its ``.`` and ``..`` (RFC 3986, 5.2.4); ``/`` when it is empty."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def public_addresses(host: str, port: int, allow_private: bool = False) -> list[Address]:
    """The IP addresses a host's name leads to, in the system's order, all of them allowed.

    Raises:
        FetchError: it has none, or one of them is not of the internet; with ``allow_private``
            those of one's own network are allowed too, but never those of ``networks``' tables.
    """
    try:
        addresses = [ip_address(found) for found in look_up(host, port)]
    except (OSError, ValueError) as error:
        raise FetchError(
            f"Le nom « {host} » est inconnu : vérifiez l'adresse et la connexion au réseau."
        ) from error
    for address in addresses:
        match reach(address):
            case "never":
                raise FetchError(
                    f"Le site « {host} » mène à une adresse réservée ({address}) : "
                    "elle n'est jamais demandée."
                )
            case "private" if not allow_private:
                raise FetchError(
                    f"Le site « {host} » mène à un réseau privé ({address}) : "
                    "si ce site est le vôtre, mettez « allow_private = true » à sa source."
                )
    return addresses


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver says of a name: at least one IP address, or ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _malformed(url: str, why: str) -> FetchError:
    return FetchError(f"L'adresse « {legible(url[:200])} » est mal écrite : {why}.")


def _no_host(host: str) -> FetchError:
    return FetchError(f"« {legible(host[:200])} » n'est pas le nom d'un site.")
