"""The text of a page from its bytes, in the encoding it really has.

The order is that of browsers (a byte order mark, then HTTP, then the page's own ``<meta>``), with
two amendments for servers that lie: bytes that are UTF-8 are read as UTF-8 whatever is declared,
and bytes declared UTF-8 that mostly are not are read as Windows-1252.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I)
_HEAD = 4_096  # bytes where a page may declare its encoding
_LATIN = {"iso8859-1", "ascii", "cp1252"}  # all of them Windows-1252 on the web
_KNOWN = re.compile(
    r"iso8859-|cp125|cp850|cp437|mac-|koi8|gb|big5|euc|shift|utf-8|utf-16"
)  # the others are no text, or cost more than they bring


def decode_page(data: bytes, charset: str | None = None) -> str:
    """The text of a page; ``charset`` is the one that HTTP declares. Never fails."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace").removeprefix("\ufeff")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _codec(charset) or _declared(data) or "cp1252"
    text = data.decode(declared, errors="replace")
    if declared == "utf-8" and text.count("\ufffd") > _multibyte(text):
        return data.decode("cp1252", errors="replace")
    return text


def _multibyte(text: str) -> int:
    return sum(not sign.isascii() and sign != "\ufffd" for sign in text)


def _declared(data: bytes) -> str | None:
    head = data[:_HEAD]
    found = _XML.search(head) or _META.search(head)
    name = _codec(found[1].decode("ascii")) if found else None
    return "utf-8" if name == "utf-16" else name  # what was read as ASCII is not UTF-16


def _codec(name: str | None) -> str | None:
    """Python's name for an encoding of texts, None for what is not one."""
    try:
        known = codecs.lookup((name or "").strip()).name.replace("_", "-")
    except (LookupError, ValueError):
        return None
    if known in _LATIN:
        return "cp1252"
    return known if _KNOWN.match(known) else None
