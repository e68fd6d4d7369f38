"""CSV, as a French spreadsheet opens it by a double click."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from app.faq.entry import Entry
from app.faq.exports.cells import rows


def as_csv(entries: Sequence[Entry], agency: str) -> bytes:
    """UTF-8 with its mark, ``;`` between the cells; a cell may have several lines."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows(rows(entries, agency))
    return written.getvalue().encode("utf-8-sig")
