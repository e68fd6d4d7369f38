"""Small PDF files made by hand, lines at given places, and texts that chromium prints."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.parse.paper.model import Line

A4 = (0, 0, 595, 842)


def shown(text: str, x: float, y: float, size: float = 11, font: str = "F1", mode: int = 0) -> str:
    """Operators that show a text at a place."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {mode} Tr 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET"


def paragraph(lines: Sequence[str], x: float = 60, y: float = 700, size: float = 11) -> str:
    """Lines under one another, the first at a height."""
    return "\n".join(shown(line, x, y - 1.2 * size * rank, size) for rank, line in enumerate(lines))


def pdf(
    pages: Sequence[str],
    *,
    info: str = "",
    catalog: str = "",
    trailer: str = "",
    box: Sequence[float] = A4,
    page: str = "",
    extra: Sequence[str] = (),
) -> bytes:
    """A PDF of pages whose content is given; ``extra`` are its objects from 7 on."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        f"<< {info} >>",
        "<< /Type /ExtGState >>",
        *extra,
    ]
    kids = []
    for content in pages:
        kids.append(len(objects) + 1)
        edges = " ".join(map(str, box))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{edges}] /Contents {len(objects) + 2} 0 R "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> {page} >>"
        )
        objects.append(f"<< /Length {len(_bytes(content))} >>\nstream\n{content}\nendstream")
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>"
    return _file(objects, trailer)


def _file(objects: Sequence[str], trailer: str) -> bytes:
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + _bytes(body) + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n"
        f"<< /Size {len(places) + 1} /Root 1 0 R /Info 5 0 R {trailer} >>\n"
        f"startxref\n{len(data)}\n%%EOF\n"
    )
    return data + end.encode()


def _bytes(text: str) -> bytes:
    return text.encode("cp1252")


def line(
    text: str, left: float = 60, base: float = 700, *, width: float | None = None,
    size: float = 10, bold: bool = False, order: int = 0, bullet: bool = False,
) -> Line:  # fmt: skip
    """A line at a place, as wide as its letters would be."""
    right = left + (0.5 * size * len(text) if width is None else width)
    return Line(text, left, right, base, size, bold, order, bullet)


def block(
    texts: Sequence[str], left: float = 60, top: float = 700, *, width: float = 200,
    size: float = 10, order: int = 0,
) -> list[Line]:  # fmt: skip
    """The lines of a paragraph, as wide as its column but for the last one."""
    return [
        line(text, left, top - 1.2 * size * rank, size=size, order=order + rank,
             width=width if rank < len(texts) - 1 else width / 2)
        for rank, text in enumerate(texts)
    ]  # fmt: skip
