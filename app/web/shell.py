"""The HTML around Gradio's page: French, our title, style and script, and no third party."""

from __future__ import annotations

import re

from app.web import texts
from app.web.markup import escape

_FOREIGN = re.compile(
    r'<meta\s[^>]*?(?:property="og:|name="twitter:)[^>]*>\s*|<link rel="manifest"[^>]*>\s*|'
    r"<title>.*?</title>\s*",
    re.DOTALL,
)

_OF_THE_SCRIPT = {
    "lost-title": texts.LOST_TITLE,
    "lost": texts.LOST,
    "crowded-title": texts.CROWDED_TITLE,
    "crowded": texts.CROWDED,
    "refused-title": texts.CROWDED_TITLE,
    "refused": texts.REFUSED_NOW,
    "queued": texts.QUEUED,
    "close": texts.CLOSE,
    "copy": texts.COPY,
    "copied": texts.COPIED,
    "share": texts.SHARE,
    "shared": texts.SHARED,
    "by-hand": texts.COPY_BY_HAND,
    "helpful": texts.HELPFUL,
    "yes": texts.YES,
    "no": texts.NO,
    "reason": texts.REASON,
    "send": texts.SEND_OPINION,
    "thanks": texts.THANKS,
    "not-sent": texts.NOT_SENT,
}


def shell(html: str, language: str = "fr", journal_days: int = 0) -> str:
    """Gradio's page with what it cannot be told otherwise.

    ``journal_days`` is how long an opinion is kept, 0 where it is not.

    Our script stands first: Gradio reads the browser's language as soon as it loads. The live
    region is ours because Gradio replaces its own elements, which screen readers then miss.
    """
    head = (
        "<head>"
        f"<title>{escape(texts.TITLE.said(language))}</title>"
        f'<meta name="description" content="{escape(texts.DESCRIPTION.said(language))}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="data:,">'
        '<script src="assets/chartiste.js"></script>'
        '<link rel="stylesheet" href="assets/chartiste.css">'
    )
    skip = texts.SKIP_TO_QUESTION.said(language)
    told = (
        f'<a class="ch-skip" href="#ch-question">{skip}</a>'
        '<div id="ch-told" class="ch-invisible" role="status" aria-live="polite"'
        f"{_said(language, journal_days)}></div>"
    )
    return around(html, head, told, language)


def around(html: str, head: str, body: str, language: str = "fr") -> str:
    """Gradio's page without what leads elsewhere, with ``head`` and ``body`` first in their place.

    ``head`` begins with its tag and holds the title.
    """
    html = _FOREIGN.sub("", html).replace("<gradio-app", '<gradio-app id="ch-app"', 1)
    html = re.sub(r'(<html\s+lang=)"[^"]*"', rf'\1"{language}"', html, count=1)
    html = html.replace("<head>", head, 1)
    return re.sub(r"(<body[^>]*>)", lambda match: match[1] + body, html, count=1)


def _said(language: str, journal_days: int) -> str:
    """What the script says, as ``data-`` attributes."""
    told = {name: text.said(language) for name, text in _OF_THE_SCRIPT.items()}
    opinion = texts.OPINION_KEPT if journal_days else texts.OPINION
    told["opinion"] = texts.kept(opinion, journal_days, language)
    return "".join(f' data-{name}="{escape(text)}"' for name, text in told.items())
