"""The source of an entry's citation, as the rest of the program knows sources."""

from __future__ import annotations

from dataclasses import fields

from app.faq.entry import Cited
from ingest.documents import Source

_FIELDS = {field.name for field in fields(Source)}


def source_of(cited: Cited) -> Source:
    """What it cites, to be named and linked; its id is ``cited.source_id`` and no other.

    An entry keeps of a source what the JSON doors show, which is not all that makes its id.
    """
    known = {name: value for name, value in cited.source.items() if name in _FIELDS}
    return Source.from_json({"originals": (), "copies": (), **known})
