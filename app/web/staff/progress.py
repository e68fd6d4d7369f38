"""How far some work is: a page that looks again by itself, with a script or without.

With the script, what changed is put into the page and told; without, the page is loaded anew. A
page that is still never does either.
"""

from __future__ import annotations

from fastapi import Request

from app.web.markup import escape
from app.web.staff.frame import up_from

_EVERY = 3  # seconds


def head(request: Request) -> str:
    """What a page with work in progress has in its head."""
    script = f'<script src="{up_from(request)}assets/staff.js" defer></script>'
    return f'{script}<noscript><meta http-equiv="refresh" content="{_EVERY}"></noscript>'


def bar(label: str, done: int, total: int, controls: str = "") -> str:
    """The part of the page that is looked at again, in the place of which the end of the work
    shows the whole page anew. ``total`` is 0 while nobody knows how much there is to do;
    ``controls`` is HTML that stays as it is.
    """
    known = f"{done} sur {total}" if total else "en préparation"
    value = f' value="{done}" max="{total}"' if total else ""
    return (
        f'<div class="ch-progress"><div id="avancement" role="status" data-every="{_EVERY}">'
        f"<p>{escape(label)} : {known}</p></div>"
        f'<progress id="jauge" aria-label="{escape(label)}"{value}>{known}</progress>'
        f'<p><a href="">Actualiser</a></p>{controls}</div>'
    )
