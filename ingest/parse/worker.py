"""The subprocess that parses: documents come on stdin and go as JSON on stdout, one at a time.

It runs with a capped memory, writes no file and knows no setting. Messages are frames: the
length of a JSON head and that of the bytes that follow it (8 bytes each, big-endian), then both.
``python -m ingest.parse.worker BYTES`` is started by :mod:`ingest.parse.pool` alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
import traceback
from typing import Any, BinaryIO

from ingest.documents import Source
from ingest.errors import SourceError
from ingest.parse.files import parse

SIZES = struct.Struct(">QQ")
_LARGEST = 1 << 30  # bytes of a frame
TOO_MUCH = "Le document demande plus de mémoire que la limite : il n'est pas lu."
NO_MEMORY = 77  # the exit code of a process that could not take a document in, or give it back
FAILED = "Le document ne peut pas être analysé : il est abîmé, ou d'une forme inconnue."


def send(stream: BinaryIO, head: dict[str, Any], data: bytes = b"") -> None:
    """Write one frame."""
    text = json.dumps(head).encode()
    stream.write(SIZES.pack(len(text), len(data)) + text)
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """Read one frame.

    Raises:
        EOFError: the other side is gone.
        ValueError: it says something else than a frame.
    """
    head_size, data_size = SIZES.unpack(_exactly(stream, SIZES.size))
    if head_size + data_size > _LARGEST:
        raise ValueError
    head = json.loads(_exactly(stream, head_size))
    return head, _exactly(stream, data_size)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def answer(head: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The ``document`` of a request, or the ``error`` that says why there is none.

    ``cause`` is there too where a library failed: its error's kind and the line that raised it. The
    error's own words may be the document's.
    """
    try:
        source = Source.from_json(head["source"])
        return {"document": parse(data, head["format"], source, head["charset"]).as_json()}
    except SourceError as error:
        return {"error": str(error)}
    except (MemoryError, RecursionError):
        return {"error": TOO_MUCH}
    except Exception as error:  # of any library, on any input: this is what the process is for
        return {"error": FAILED, "cause": _cause(error)}


def _cause(error: Exception) -> str:
    [*_, last] = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}, {os.path.basename(last.filename)}:{last.lineno}"


def limit(memory: int) -> None:
    """Cap this process: so many bytes beyond what it has now, no core file, no written file."""
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (_mapped() + memory,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _mapped() -> int:
    """The bytes this process has mapped; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def main() -> None:
    """Answer until stdin ends."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between two frames
    limit(int(sys.argv[1]))
    with contextlib.suppress(EOFError):
        while True:
            try:
                send(replies, answer(*receive(sys.stdin.buffer)))
            except MemoryError:  # amid a frame: nothing more can be said on this stream
                os._exit(NO_MEMORY)


if __name__ == "__main__":
    main()
