"""Pieces of the staff's pages: fields, choices, pagers, facts. All text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Request

from app.faq.rules import thousands
from app.web.markup import attribute, escape
from app.web.staff.frame import FOCUSED, csrf_field
from app.wording import shown_date

PAGE = 20  # things shown at once
_ALERT = f'<div class="ch-alert" role="alert"{FOCUSED}>'

T = TypeVar("T")


def text_field(
    name: str, label: str, value: str, *, hint: str = "", most: int = 0, options: str = ""
) -> str:
    """A line of text; ``options`` is the id of a list of values that it may take."""
    listed = f' list="{options}"' if options else ""
    return _labelled(
        name, label, hint,
        f'<input id="{name}" name="{name}" value="{attribute(value)}"{_most(most)}{listed}'
        f"{_described(name, hint)}>",
    )  # fmt: skip


def text_area(
    name: str, label: str, value: str, *, hint: str = "", most: int = 0, rows: int = 4, id: str = ""
) -> str:
    """Some lines of text, of ``most`` characters, which is said: a browser that was told would cut
    what is pasted without a word. A line break before the text is not part of it (HTML leaves one
    out). ``id`` is for a page that has several of one name.
    """
    id, told = id or name, f"{hint} {thousands(most)} caractères au plus." if most else hint
    return _labelled(
        id, label, told,
        f'<textarea id="{id}" name="{name}" rows="{rows}"{_described(id, told)}>'
        f"\n{escape(value)}</textarea>",
    )  # fmt: skip


def choice(name: str, label: str, values: Mapping[str, str], chosen: str) -> str:
    """A list to choose from: values with their labels."""
    options = "".join(
        f'<option value="{attribute(value)}"{" selected" if value == chosen else ""}>'
        f"{escape(shown)}</option>"
        for value, shown in values.items()
    )
    return _labelled(name, label, "", f'<select id="{name}" name="{name}">{options}</select>')


def _labelled(name: str, label: str, hint: str, control: str) -> str:
    told = f'<p class="ch-hint" id="{name}-aide">{escape(hint)}</p>' if hint else ""
    return f'<div class="ch-field"><label for="{name}">{escape(label)}</label>{told}{control}</div>'


def _described(name: str, hint: str) -> str:
    return f' aria-describedby="{name}-aide"' if hint else ""


def _most(most: int) -> str:
    return f' maxlength="{most}"' if most else ""


def button(
    label: str, value: str = "", *, quiet: bool = False, told: str = "", to: str = ""
) -> str:
    """A button that sends its form with ``faire=value``; ``told`` completes its label for those who
    hear it, ``to`` is the address that it sends to, with the part of the page that is shown then.
    """
    sent = f' name="faire" value="{attribute(value)}"' if value else ""
    shown = ' class="ch-quiet"' if quiet else ""
    heard = f' <span class="ch-invisible">{escape(told)}</span>' if told else ""
    at = f' formaction="{attribute(to)}"' if to else ""
    return f"<button{sent}{shown}{at}>{escape(label)}{heard}</button>"


def post_form(request: Request, action: str, inner: str, css: str = "ch-inline") -> str:
    """A form that changes something; ``action`` is an address from this page."""
    return (
        f'<form method="post" action="{attribute(action)}" class="{css}">'
        f"{csrf_field(request)}{inner}</form>"
    )


def facts(rows: Iterable[tuple[str, str]]) -> str:
    """Names with what they are, which is HTML."""
    inner = "".join(f"<div><dt>{escape(name)}</dt><dd>{shown}</dd></div>" for name, shown in rows)
    return f'<dl class="ch-facts">{inner}</dl>'


def alert(sentences: Sequence[str], title: str = "") -> str:
    """What went wrong, told at once to those who hear the page, which begins there."""
    head = f"<p>{escape(title)}</p>" if title else ""
    if len(sentences) == 1 and not title:
        return f"{_ALERT}<p>{escape(sentences[0])}</p></div>"
    items = "".join(f"<li>{escape(one)}</li>" for one in sentences)
    return f"{_ALERT}{head}<ul>{items}</ul></div>"


def done(sentence: str) -> str:
    """What was done, told to those who hear the page."""
    return f'<p class="ch-done" role="status">{escape(sentence)}</p>' if sentence else ""


def pager(number: int, count: int, query: Mapping[str, str], what: str) -> str:
    """Links to the page before and the next, out of ``count`` things."""
    last = pages(count)
    if last <= 1:
        return ""
    places = ((number - 1, "Page précédente"), (number + 1, "Page suivante"))
    links = "".join(
        f'<li><a href="?{attribute(urlencode({**query, "page": at}))}">{label}</a></li>'
        for at, label in places
        if 1 <= at <= last
    )
    return (
        f'<nav class="ch-pager" aria-label="Pages {attribute(what)}">'
        f"<p>Page {number} sur {last}</p><ul>{links}</ul></nav>"
    )


def pages(count: int) -> int:
    """How many pages some things make; one at least."""
    return max(1, -(-count // PAGE))


def page_number(text: str, count: int) -> int:
    """The page that an address asks for, the nearest one that there is."""
    asked = int(text[:6]) if text.isascii() and text.isdigit() else 1
    return min(max(asked, 1), pages(count))


def of_page(things: Sequence[T], number: int) -> Sequence[T]:
    """Those on a page."""
    return things[(number - 1) * PAGE : number * PAGE]


def day(at: datetime) -> str:
    """« 12 mars 2026 »."""
    return shown_date(at.astimezone(UTC).date().isoformat()) or ""


def moment(at: datetime) -> str:
    """« 12 mars 2026 à 14 h 05 UTC », as HTML that programs read too."""
    at = at.astimezone(UTC)
    spoken = f"{day(at)} à {at:%H} h {at:%M} UTC"
    return f'<time datetime="{at.isoformat(timespec="seconds")}">{spoken}</time>'


def plural(count: int, one: str, many: str = "") -> str:
    """« 1 question », « 2 questions »."""
    return f"{count} {one if count < 2 else many or one + 's'}"
