"""The server's log: one JSON object a line, without addresses and without questions.

Errors are told by their kind and place. Their message is written only when the sentence is ours:
that of a library may hold what it was given.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

from ingest.errors import ChartisteError

_OURS = ("chartiste", "app", "ingest")
_FRAMES = 12  # the innermost, of each error
_CHAIN = 4  # errors that led to one another


def install(level: str, stream: TextIO | None = None) -> None:
    """Write the log to ``stream`` (default: the error output); ``json`` adds each request."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    requests = logging.INFO if level == "json" else logging.WARNING
    logging.getLogger("chartiste.access").setLevel(requests)


class JsonLines(logging.Formatter):
    """A record as one line of ASCII: no character of it ends the line or drives a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.partition(".")[0] in _OURS
        # A library's own words, without what it puts in them.
        message = record.getMessage() if ours else str(record.msg).partition("\n")[0]
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["errors"] = _errors(record.exc_info[1])
        return json.dumps(line)


def _errors(error: BaseException | None) -> list[dict[str, Any]]:
    """The error and those that led to it, the last first."""
    told: list[dict[str, Any]] = []
    while error is not None and len(told) < _CHAIN:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        one: dict[str, Any] = {"kind": f"{type(error).__module__}.{type(error).__qualname__}"}
        if isinstance(error, ChartisteError):
            one["detail"] = str(error)
        one["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        told.append(one)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
