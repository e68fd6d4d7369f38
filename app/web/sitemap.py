"""``/sitemap.xml``: the pages that a search engine may show (sitemaps.org, 0.9)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from fastapi import FastAPI, Request
from fastapi.responses import Response

from app.web.markup import INFORMATION
from ingest.errors import RecordsError

if TYPE_CHECKING:
    from app.faq.published import Published

logger = logging.getLogger("chartiste.web")


def add_sitemap(app: FastAPI, published: Published | None) -> None:
    """Add ``GET /sitemap.xml``; addresses are whole ones, below that which was asked."""

    @app.api_route("/sitemap.xml", methods=["GET", "HEAD"], include_in_schema=False)
    def sitemap(request: Request) -> Response:
        base = str(request.base_url).rstrip("/")
        pages = [f"{base}/", *(f"{base}/{path}" for path, _ in INFORMATION)]
        changed = _changed(published)
        dated = {f"{base}/faq": f"<lastmod>{changed}</lastmod>"} if changed else {}
        items = "".join(
            f"<url><loc>{escape(address)}</loc>{dated.get(address, '')}</url>" for address in pages
        )
        return Response(
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</urlset>',
            media_type="application/xml",
        )


def _changed(published: Published | None) -> str:
    """The day on which the FAQ changed last; empty where there is none, or nobody knows."""
    try:
        changed = published.edition().changed if published else None
    except RecordsError as error:
        logger.error("%s", error)
        return ""
    return changed.astimezone().date().isoformat() if changed else ""
