"""The blocks that a tagged PDF declares in its structure tree, page by page."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from ingest.parse.paper.model import PartKind, Tag

_DEEPEST = 60  # levels of the tree that are read
_MOST = 200_000  # children of a page's tree that are looked at
_BLOCKS: dict[str, tuple[PartKind, int]] = {
    "Title": ("heading", 1),
    "H": ("heading", 2),
    **{f"H{level}": ("heading", level) for level in range(1, 7)},
    "P": ("paragraph", 0),
    "Caption": ("paragraph", 0),
    "LI": ("item", 0),
    "TR": ("row", 0),
    "Note": ("note", 0),
    "FENote": ("note", 0),
}
_PARTING = {"LI", "TR", "Note", "FENote"}  # these are blocks of their own inside another too
_INLINE = {"Span", "NonStruct", "Link", "Quote", "Reference", "Em", "Strong", "Sub", "Private"}
_HIDDEN = {"Artifact", "TOC"}  # a table of contents only repeats the headings


def read_tags(page: Any) -> list[Tag]:
    """The blocks of a page of pdfium, in reading order; none where the page has no tags."""
    tree = pdfium.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    walk = _Walk()
    try:
        for index in range(max(0, pdfium.FPDF_StructTree_CountChildren(tree))):
            if child := pdfium.FPDF_StructTree_GetChildAtIndex(tree, index):
                walk.enter(child, (index,), _Inside())
    finally:
        pdfium.FPDF_StructTree_Close(tree)
    return [tag for tag in walk.tags if any(tag.cells)]


@dataclass(slots=True)
class _Inside:
    """The block that an element stands in, or the one that loose text beside blocks makes."""

    block: Tag | None = None
    loose: Tag | None = None


class _Walk:
    def __init__(self) -> None:
        self.tags: list[Tag] = []
        self._left = _MOST
        self._name = ctypes.create_string_buffer(64)
        self._at = ctypes.cast(self._name, ctypes.POINTER(ctypes.c_ushort))

    def enter(self, element: Any, path: tuple[int, ...], around: _Inside) -> None:
        """Read an element and what is below it."""
        name = self._type(element)
        if name in _HIDDEN or len(path) > _DEEPEST:
            return
        inside = around if name in _INLINE else _Inside(self._block(name, path, around.block))
        for index in range(max(0, pdfium.FPDF_StructElement_CountChildren(element))):
            self._left -= 1
            if self._left < 0:
                return
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, index):
                self.enter(child, (*path, index), inside)
                continue
            mark = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, index)
            if mark >= 0:
                self._target(inside, path).cells[-1].append(mark)
        if name not in _INLINE:
            around.loose = None

    def _block(self, name: str, path: tuple[int, ...], block: Tag | None) -> Tag | None:
        """The block that the text of an element of that name belongs to."""
        if block is not None and name in ("TD", "TH") and block.kind == "row":
            block.cells.append([])
            return block
        if block is not None and name == "Lbl" and block.kind == "item":
            return Tag("paragraph", path, 0, [[]])  # a bullet: it is kept nowhere
        if name in _PARTING or (block is None and name in _BLOCKS):
            kind, level = _BLOCKS[name]
            return self._open(kind, path, level)
        return block

    def _target(self, inside: _Inside, path: tuple[int, ...]) -> Tag:
        if inside.block is not None:
            return inside.block
        if inside.loose is None:
            inside.loose = self._open("loose", path, 0)
        return inside.loose

    def _open(self, kind: PartKind, path: tuple[int, ...], level: int) -> Tag:
        tag = Tag(kind, path, level, [[]])
        self.tags.append(tag)
        return tag

    def _type(self, element: Any) -> str:
        size = pdfium.FPDF_StructElement_GetType(element, self._at, len(self._name))
        if not 0 < size <= len(self._name):
            return ""
        return self._name.raw[:size].decode("utf-16-le", errors="replace").rstrip("\0")
