"""A file read in a process of its own, of capped memory and time: one that hangs fails alone.

``python -m app.faq.imports.apart KIND BYTES`` is that process: the file comes on its input, what
it holds goes as JSON on its output. It writes no file and knows no setting.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from app.faq.imports.reader import read_faq
from app.faq.imports.row import Kind, Reading, UnreadableFaq
from ingest.errors import ChartisteError
from ingest.parse.worker import limit

_PACKAGES = Path(__file__).resolve().parents[3]
_KEPT = {"PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH"}
_SECONDS = 30.0
_MEMORY = 512_000_000  # bytes
_TOO_LONG = "La lecture du fichier dure trop longtemps : partagez-le, ou donnez-en une autre forme."
_FAILED = "Le fichier ne peut pas être lu : il est abîmé, ou d'une forme inconnue."


def read_apart(data: bytes, kind: Kind, seconds: float = _SECONDS) -> Reading:
    """The questions of a file.

    Raises:
        UnreadableFaq: it cannot be read, in a French sentence that says why.
    """
    environment = {name: value for name, value in os.environ.items() if name in _KEPT}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "app.faq.imports.apart", kind, str(_MEMORY)],
            input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=seconds,
            env={**environment, "PYTHONPATH": str(_PACKAGES), "PYTHONUTF8": "1"},
        )  # fmt: skip
        said: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise UnreadableFaq(_TOO_LONG) from None
    except ValueError:  # it was ended, or could not even say why
        raise UnreadableFaq(_FAILED) from None
    if "error" in said:
        raise UnreadableFaq(said["error"])
    return Reading.from_json(said)


def _answer(data: bytes, kind: Kind) -> dict[str, Any]:
    try:
        return read_faq(data, kind).as_json()
    except ChartisteError as error:
        return {"error": str(error)}
    except Exception:  # of any library, on any input: this is what the process is for
        return {"error": _FAILED}


def main() -> None:
    """Read one file from the input."""
    kind, memory = cast("Kind", sys.argv[1]), int(sys.argv[2])
    limit(memory)
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), kind)))


if __name__ == "__main__":
    main()
