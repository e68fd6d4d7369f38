"""The forms in which the FAQ leaves: one function each, found by name or by a file's suffix.

The same entries give the same bytes, whenever they are made, where the days (``TZ``) are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from app.faq.entry import Entry
from app.faq.exports.order import in_order


@dataclass(frozen=True, slots=True)
class Format:
    """``maker`` is the file beside this one, and its function; it is imported when it is used.
    ``returns``: a file of it may be imported.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    media_type: str
    maker: str
    returns: bool = False

    def made(self, entries: Sequence[Entry], agency: str) -> bytes:
        """The file of these entries; ``agency`` is who says that they are right."""
        module, _, function = self.maker.partition(".")
        make: Callable[[Sequence[Entry], str], bytes]
        make = getattr(import_module(f"app.faq.exports.{module}"), function)
        return make(in_order(entries), agency)

    @property
    def file_name(self) -> str:
        """What a file of it is called when nobody says."""
        return f"faq{self.suffixes[0]}"


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = (
    Format("markdown", "Markdown", (".md", ".markdown"), "text/markdown", "note.as_markdown",
           returns=True),
    Format("html", "HTML, à coller dans une page", (".html", ".htm"), "text/html",
           "fragment.as_fragment"),
    Format("csv", "CSV", (".csv",), "text/csv", "table.as_csv", returns=True),
    Format("xlsx", "XLSX (tableur)", (".xlsx",), f"{_OFFICE}spreadsheetml.sheet",
           "workbook.as_xlsx"),
    Format("docx", "DOCX (traitement de texte)", (".docx",),
           f"{_OFFICE}wordprocessingml.document", "paper.as_docx"),
    Format("json", "JSON (autres logiciels)", (".json",), "application/json", "objects.as_json"),
)  # fmt: skip


def format_named(name: str) -> Format | None:
    """The format of that name, or None."""
    return next((one for one in FORMATS if one.name == name), None)


def format_of(file_name: str) -> Format | None:
    """The format of a file's suffix, or None."""
    return next((one for one in FORMATS if file_name.lower().endswith(one.suffixes)), None)
