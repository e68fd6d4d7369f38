"""One request to one checked address: where a connection to another machine is made.

The host's name is resolved once, every address it leads to is checked, and the connection goes to
one of those, so that no second look-up can lead elsewhere. TLS still verifies the host's name.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpx

from ingest.address import Target, public_addresses
from ingest.deadline import Deadline
from ingest.errors import FetchError, SourceError
from ingest.networks import Address

_ADDRESSES = 4  # of one host, tried one after the other


class Unreachable(FetchError):
    """No answer came this time; one may come the next."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer whose body is still to come, in ``pieces`` of at most 64 kB, as it was sent."""

    status: int
    headers: dict[str, str]
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, read: ``data`` is what its reader made of the body."""

    status: int
    headers: dict[str, str]
    data: bytes


Reader = Callable[[Response], bytes]


class Exchange:
    """Makes requests, from several threads at once; keeps no connection and no cookie.

    ``connect`` is the seconds that one connection may take to be made.
    """

    def __init__(self, connect: float, tls: ssl.SSLContext | None, threads: int) -> None:
        self._connect = connect
        self._tls = tls or _certifi()
        self._names = ThreadPoolExecutor(threads, "names")

    def close(self) -> None:
        """Make no request any more."""
        self._names.shutdown(wait=False, cancel_futures=True)

    def ask(
        self, target: Target, headers: dict[str, str], deadline: Deadline, read: Reader
    ) -> Answer:
        """The answer of the first of the host's addresses that takes a connection.

        Raises:
            Unreachable: none does, or the connection was lost.
            FetchError: the host's name leads nowhere that may be asked, the deadline passed, or
                ``read`` refused the answer.
        """
        failure = Unreachable(f"Le nom « {target.host} » ne mène à aucune adresse.")
        for address in self._addresses(target, deadline)[:_ADDRESSES]:
            try:
                return self._send(target, address, headers, deadline, read)
            except Unreachable as error:
                failure = error
        raise failure

    def _addresses(self, target: Target, deadline: Deadline) -> list[Address]:
        found = self._names.submit(public_addresses, target.host, target.port, target.private)
        try:
            return found.result(deadline.left)
        except TimeoutError as error:
            raise _too_slow(target) from error

    def _send(
        self, target: Target, address: Address, headers: dict[str, str], deadline: Deadline,
        read: Reader,
    ) -> Answer:  # fmt: skip
        if deadline.passed:
            raise _too_slow(target)
        answered = False
        with deadline.cutting() as cut:
            request = self._request(target, address, headers, deadline.left, cut)
            try:
                # A transport of its own: no client that follows, remembers or reads on its own.
                with (
                    httpx.HTTPTransport(verify=self._tls, trust_env=False) as transport,
                    closing(transport.handle_request(request)) as answer,
                ):
                    answered = True
                    said = _headers(answer)
                    response = Response(answer.status_code, said, answer.iter_raw())
                    data = read(response)
            except (httpx.HTTPError, SourceError) as error:
                if deadline.passed:
                    raise _too_slow(target) from error
                raise _failure(target, error, answered) from error
        if deadline.passed:  # a cut looks like the end of a body that gave no length
            raise _too_slow(target)
        return Answer(response.status, said, data)

    def _request(
        self,
        target: Target,
        address: Address,
        headers: dict[str, str],
        left: float,
        cut: Callable[[Any], None],
    ) -> httpx.Request:
        """To the address; ``Host`` and TLS still name the host."""
        timeout = httpx.Timeout(left, connect=min(self._connect, left))
        return httpx.Request(
            "GET",
            _at(target, address),
            headers={"Host": target.netloc, "Connection": "close", **headers},
            extensions={
                "timeout": timeout.as_dict(),
                "trace": _tracer(cut),
                "sni_hostname": target.host,
            },
        )


@cache
def _certifi() -> ssl.SSLContext:
    """What trusts certifi's authorities; reading them takes 20 ms, so it is done once."""
    return httpx.create_ssl_context(trust_env=False)


def _at(target: Target, address: Address) -> str:
    host = f"[{address}]" if address.version == 6 else str(address)
    return f"{target.scheme}://{host}:{target.port}{target.path}"


def _tracer(cut: Callable[[Any], None]) -> Callable[[str, dict[str, Any]], None]:
    """Hands the connection over as soon as there is one, before TLS and the first byte."""

    def trace(event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            cut(info["return_value"].get_extra_info("socket"))

    return trace


def _headers(answer: httpx.Response) -> dict[str, str]:
    """The headers by their name in lower case; those of one name are joined by a comma."""
    headers: dict[str, str] = {}
    for raw_name, raw in answer.headers.raw:
        name = raw_name.decode("latin-1").lower()
        try:
            value = raw.decode("utf-8")
        except UnicodeDecodeError:
            value = raw.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _failure(target: Target, error: Exception, answered: bool) -> FetchError:
    """What went wrong, in French; ``Unreachable`` when no answer had begun."""
    for cause in _causes(error):
        match cause:
            case FetchError():
                return cause
            case SourceError():
                return FetchError(str(cause))
            case ssl.SSLCertVerificationError():
                return FetchError(
                    f"Le certificat du site « {target.host} » n'est pas valable "
                    f"({cause.verify_message.rstrip('.')}) : rien n'en est lu."
                )
            case ssl.SSLError():
                return FetchError(f"La connexion chiffrée avec « {target.host} » échoue.")
            case ConnectionRefusedError():
                return Unreachable(f"Le site « {target.host} » refuse la connexion.")
    if answered:
        return FetchError(f"La réponse du site « {target.host} » s'interrompt avant sa fin.")
    match error:
        case httpx.ConnectTimeout():
            return Unreachable(f"Le site « {target.host} » ne répond pas.")
        case httpx.ConnectError():
            return Unreachable(f"Le site « {target.host} » n'est pas joignable.")
        case httpx.RemoteProtocolError():
            return Unreachable(f"Le site « {target.host} » ne répond pas comme un site web.")
        case _:
            return Unreachable(f"La connexion avec le site « {target.host} » a été coupée.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__  # httpcore hides the cause it raises for


def _too_slow(target: Target) -> FetchError:
    return FetchError(
        f"La page de « {target.host} » n'est pas arrivée à temps : elle est abandonnée."
    )
