"""Lists of who is allowed, as settings write them: origins of sites, addresses of proxies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network

from ingest.address import normal_url
from ingest.errors import FetchError

_BETWEEN = re.compile(r"[\s,;]+")


def read_origins(env: Mapping[str, str], name: str) -> tuple[tuple[str, ...], list[str]]:
    """The origins that a setting lists, as browsers spell them, and a French line for each bad one.

    ``https://www.Ville.fr:443/`` is read as ``https://www.ville.fr``.
    """
    return _each(env, name, _origin, "il faut l'origine d'un site, comme https://www.ville.fr")


def read_networks(env: Mapping[str, str], name: str) -> tuple[tuple[str, ...], list[str]]:
    """The IP addresses and networks that a setting lists, and a French line for each bad one."""
    return _each(
        env, name, _network, "il faut une adresse IP ou un réseau, comme 127.0.0.1 ou 10.0.0.0/8"
    )


def _each(
    env: Mapping[str, str], name: str, read: Callable[[str], str], wanted: str
) -> tuple[tuple[str, ...], list[str]]:
    values: dict[str, None] = {}
    problems: list[str] = []
    for text in filter(None, _BETWEEN.split(env.get(name, ""))):
        try:
            values[read(text)] = None
        except ValueError:
            problems.append(f"{name} contient « {text} » : {wanted}.")
    return tuple(values), problems


def _origin(text: str) -> str:
    try:
        origin = normal_url(text).removesuffix("/")
    except FetchError as error:
        raise ValueError from error
    if origin.count("/") != 2 or "?" in origin or "#" in text:
        raise ValueError  # a page, not a site
    return origin


def _network(text: str) -> str:
    network = ip_network(text)
    return str(network.network_address) if network.num_addresses == 1 else str(network)
