"""Office files that are the same whenever they are made: zips without the time of their making."""

from __future__ import annotations

import io
import re
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
_PROPERTIES = "docProps/core.xml"
_TIME = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def timeless(data: bytes, changed: datetime) -> bytes:
    """The same file, made and changed at ``changed`` by what it says of itself."""
    written = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as read, ZipFile(written, "w") as file:
        for name in sorted(read.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = ZipInfo(name, _EARLIEST)
            info.compress_type = ZIP_DEFLATED
            content = read.read(name)
            file.writestr(info, _dated(content, changed) if name == _PROPERTIES else content)
    return written.getvalue()


def _dated(properties: bytes, changed: datetime) -> bytes:
    said = f"{changed:%Y-%m-%dT%H:%M:%SZ}".encode()
    return _TIME.sub(rb"\g<1>" + said + rb"\g<3>", properties)
