"""What office files share: their zip, checked before any library opens it, and properties."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime

from ingest.documents import Document
from ingest.errors import SourceError

MOST_ENTRIES = 2_000
MOST_BYTES = 100_000_000  # of all entries, decompressed
MOST_RATIO = 100  # of an entry above _SMALL bytes, decompressed to compressed
_SMALL = 1_000_000
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = (".xml", ".rels", ".rdf")


def checked_container(data: bytes, needed: str, kind: str) -> None:
    """Check that ``data`` is a zip that holds the part ``needed``, and nothing out of measure.

    Raises:
        SourceError: it is no such file, or it is one that could exhaust a reader.
    """
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(
            f"Le fichier est d'un ancien format, ou protégé par un mot de passe : "
            f"enregistrez-le de nouveau en {kind}, sans mot de passe."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            entries = container.infolist()
            if needed not in {entry.filename for entry in entries}:
                raise SourceError(f"Le fichier n'est pas un document {kind}.")
            _check_sizes(entries)
            for entry in entries:
                if entry.filename.lower().endswith(_XML):
                    _check_xml(container.read(entry))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise damaged(kind) from error


def damaged(kind: str) -> SourceError:
    """What is said of a file of that kind that cannot be read."""
    return SourceError(
        f"Le fichier {kind} est endommagé ou incomplet : demandez-en une autre copie."
    )


def described(
    document: Document,
    title: str | None,
    author: str | None,
    written: datetime | None,
    language: str | None,
) -> Document:
    """The document with what its file's properties say, where its source does not say it."""
    source = document.source
    named = replace(
        source,
        title=(title or "").strip() or document.first_heading or source.title,
        author=source.author or (author or "").strip() or None,
        date=source.date or (written.date().isoformat() if written else None),
        language=(language or source.language)[:2].lower() or source.language,
    )
    return replace(document, source=named)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise SourceError(
            "Le fichier est protégé par un mot de passe : enregistrez-en une copie qui n'en a pas."
        )
    whole = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > max(_SMALL, MOST_RATIO * entry.compress_size) for entry in entries
    )
    if len(entries) > MOST_ENTRIES or whole > MOST_BYTES or swollen:
        raise SourceError(
            "Le fichier contient bien plus qu'il n'y paraît (bombe de décompression) : "
            "il n'est pas lu."
        )


def _check_xml(part: bytes) -> None:
    """Refuse what could define entities, in UTF-8 as in UTF-16 (without its zero bytes)."""
    if _DOCTYPE.search(part) or _DOCTYPE.search(part.replace(b"\0", b"")):
        raise SourceError("Le fichier contient une DOCTYPE ou une entité XML : il n'est pas lu.")
