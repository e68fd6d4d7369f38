"""ODT to a document: headings, paragraphs, lists and tables in their order, then the notes.

What was deleted under tracked changes, hidden text, comments, headers and footers stay out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import odfdo

from ingest.documents import Document, Source
from ingest.parse.builder import TextBuilder
from ingest.parse.office import checked_container, damaged, described

_OUT = {
    "text:tracked-changes", "office:annotation", "office:annotation-end", "text:hidden-text",
    "text:hidden-paragraph", "text:note", "text:sequence-decls", "text:table-of-content",
    "office:forms",
}  # fmt: skip
_SPACES = {"text:s": " ", "text:tab": " ", "text:line-break": "\n"}


def parse_odt(data: bytes, source: Source) -> Document:
    """The document of an ODT file; its properties complete ``source``.

    Raises:
        SourceError: it is damaged, has a password, or could exhaust a reader.
    """
    checked_container(data, "content.xml", ".odt")
    try:
        document = odfdo.Document(io.BytesIO(data))
        body, said = document.body, document.meta
    except Exception as error:  # of a library that raises several kinds for a damaged file
        raise damaged(".odt") from error
    builder = TextBuilder()
    _walk(body, builder, "paragraph")
    for note in body.get_elements("descendant::text:note/text:note-body"):
        builder.add("paragraph", " ".join(_strings(note)))
    return described(
        builder.document(source), said.title, said.creator or said.initial_creator,
        said.date or said.creation_date, said.language,
    )  # fmt: skip


def _walk(element: Any, builder: TextBuilder, kind: str) -> None:
    for child in element.children:
        tag = child.tag
        if tag in _OUT:
            continue
        if tag == "text:h":
            level = int(child.get_attribute("text:outline-level") or 1)
            builder.add("heading", _text(child), min(6, level))
        elif tag == "text:p":
            builder.add("item" if kind == "item" else "paragraph", _text(child))
            kind = "paragraph"  # what follows in the same item
        elif tag in ("text:list-item", "text:list-header"):
            _walk(child, builder, "item")
        elif tag == "table:table":
            _add_table(child, builder)
        else:
            _walk(child, builder, kind)


def _add_table(table: Any, builder: TextBuilder) -> None:
    for row in table.get_elements("descendant::table:table-row"):
        cells = [" ".join(_strings(cell)) for cell in row.get_elements("table:table-cell")]
        builder.add("item", " — ".join(filter(None, (" ".join(c.split()) for c in cells))))


def _text(element: Any) -> str:
    return "".join(_strings(element))


def _strings(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element.children:
        if child.tag in _SPACES:
            yield _SPACES[child.tag] * int(child.get_attribute("text:c") or 1)
        elif child.tag not in _OUT:
            yield from _strings(child)
        yield child.tail or ""
