"""A PDF that is open: its pages as sheets, and what it says of itself."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.errors import SourceError
from ingest.parse.paper.model import Sheet
from ingest.parse.paper.sheets import read_sheet


class Info(NamedTuple):
    """What a PDF says of itself, as it is written there; empty where it says nothing."""

    title: str
    author: str
    created: str
    language: str


class OpenFile:
    """A PDF that could be opened."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.count = len(document)

    @property
    def info(self) -> Info:
        """Its title, author, date and language."""
        title, author, created = (
            self._document.get_metadata_value(key) for key in ("Title", "Author", "CreationDate")
        )
        return Info(title, author, created, self._language())

    def sheets(self) -> Iterator[Sheet]:
        """Its pages, each closed once it is read.

        Raises:
            SourceError: one of them is damaged.
        """
        tagged = bool(pdfium.FPDFCatalog_IsTagged(self._document))
        for index in range(self.count):
            try:
                yield read_sheet(self._document, index, tagged=tagged)
            except pypdfium2.PdfiumError as error:
                raise SourceError(
                    f"La page {index + 1} du PDF est endommagée : ouvrez-le et enregistrez-le "
                    "de nouveau, ou demandez-en une autre copie."
                ) from error

    def _language(self) -> str:
        text = ctypes.create_string_buffer(64)
        at = ctypes.cast(text, ctypes.POINTER(ctypes.c_ushort))
        size = pdfium.FPDFCatalog_GetLanguage(self._document, at, 64)
        if not 2 < size <= 64:
            return ""
        return text.raw[: size - 2].decode("utf-16-le", errors="replace")


@contextmanager
def opened(data: bytes) -> Iterator[OpenFile]:
    """The PDF that these bytes hold, closed at the end.

    Raises:
        SourceError: they hold no PDF, or one that is damaged or has a password.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise SourceError(
                "Le PDF est protégé par un mot de passe : enregistrez-en une copie qui n'en a pas."
            ) from error
        raise SourceError(
            "Le fichier n'est pas un PDF lisible : il est endommagé ou incomplet. "
            "Demandez-en une autre copie."
        ) from error
    try:
        yield OpenFile(document)
    finally:
        document.close()
