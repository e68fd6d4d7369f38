"""What an error of a client library means, whichever library it is."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.chat.line import Line, TooLong
from app.chat.unavailable import ModelUnavailable, Reason

# Names of the libraries' own errors, since each library has its classes.
_BY_NAME: dict[str, Reason] = {
    "ConnectTimeout": "timeout",
    "ReadTimeout": "timeout",
    "WriteTimeout": "timeout",
    "PoolTimeout": "timeout",
    "RemoteProtocolError": "cut",
    "ReadError": "cut",
    "WriteError": "cut",
    "ProxyError": "refused",
    "ConnectError": "refused",
    "APIError": "server",  # told in the midst of a stream
}
_LONGEST_WAIT = 86_400.0


def failure_of(error: BaseException, line: Line) -> ModelUnavailable:
    """Why a question over ``line`` failed. Nothing of the error's own words is kept."""
    if line.is_cut:
        return ModelUnavailable("timeout")
    if line.status is not None and line.status != 200:
        return _of_status(line.status, line.retry_after)
    reasons = (reason for one in _causes(error) if (reason := _reason(one)))
    return ModelUnavailable(next(reasons, "nonsense"))


def waited(retry_after: str | None) -> float | None:
    """The seconds that a ``Retry-After`` header asks for; None when there is none to be read."""
    text = (retry_after or "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), _LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    left = (date if date.tzinfo else date.replace(tzinfo=UTC)) - datetime.now(UTC)
    return min(max(0.0, left.total_seconds()), _LONGEST_WAIT)


def _of_status(status: int, retry_after: str | None) -> ModelUnavailable:
    match status:
        case 401 | 403:
            reason: Reason = "auth"
        case 404 | 405 | 410:
            reason = "missing"
        case 429:
            reason = "rate"
        case 408:
            reason = "timeout"
        case code if code >= 500:
            reason = "server"
        case code if 200 < code < 300:
            reason = "nonsense"
        case _:
            reason = "rejected"
    return ModelUnavailable(reason, status=status, wait=waited(retry_after))


def _reason(error: BaseException) -> Reason | None:
    match error:
        case TooLong():
            return "endless"
        case socket.gaierror():
            return "dns"
        case ssl.SSLEOFError():
            return "cut"
        case ssl.SSLError():
            return "tls"
        case TimeoutError():
            return "timeout"
        case ConnectionRefusedError():
            return "refused"
        case ConnectionResetError() | BrokenPipeError():
            return "cut"
    return _BY_NAME.get(type(error).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and those it came from, the deepest first: it is the plainest."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    yield from reversed(chain)
