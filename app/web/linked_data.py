"""The FAQ as schema.org says it: a ``FAQPage`` in JSON-LD, for search engines.

Browsers never execute such a block, and a policy of scripts does not concern it: it needs no nonce
(HTML Standard, « data block »).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from app.faq.entry import Cited, Entry
from app.faq.exports.order import original_of
from app.faq.markdown import as_html
from app.faq.sourced import source_of

MEDIA_TYPE = "application/ld+json"
# What could end the block, or open another element in it.
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def faq_data(entries: Sequence[Entry], anchor_of: dict[str, str]) -> dict[str, Any]:
    """The object; ``anchor_of`` has the anchor of each entry's id on the page."""
    questions = [_question(entry, anchor_of[entry.id]) for entry in entries]
    return {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "inLanguage": "fr",
        "mainEntity": questions,
    }


def block(data: dict[str, Any]) -> str:
    """The object as a block of a page."""
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return f'<script type="{MEDIA_TYPE}">{said}</script>'


def _question(entry: Entry, anchor: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "@type": "Answer",
        "text": as_html(entry.edit.answer, lambda number: "").replace(" </", "</"),
        "citation": [_work(cited) for cited in entry.edit.citations],
    }
    if entry.validated_on:
        answer["dateModified"] = entry.validated_on
    return {
        "@type": "Question",
        "@id": f"#{anchor}",
        "name": entry.edit.question,
        "acceptedAnswer": answer,
    }


def _work(cited: Cited) -> dict[str, Any]:
    """What is cited."""
    source = source_of(cited)
    shown: dict[str, Any] = {"@type": "CreativeWork", "name": source.title}
    if url := original_of(cited):
        shown["url"] = url
    if source.date:
        shown["datePublished"] = source.date
    if source.publisher:
        shown["publisher"] = {"@type": "Organization", "name": source.publisher}
    return shown
