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


def shell(html: str) -> str:
    """Gradio's page with what it cannot be told otherwise.

    Our script stands first: Gradio reads the browser's language as soon as it loads. The live
    region is ours because Gradio replaces its own elements, which screen readers then miss.
    """
    head = (
        "<head>"
        f"<title>{escape(texts.TITLE.fr)}</title>"
        f'<meta name="description" content="{escape(texts.DESCRIPTION.fr)}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="icon" href="data:,">'
        '<script src="assets/chartiste.js"></script>'
        '<link rel="stylesheet" href="assets/chartiste.css">'
    )
    told = (
        f'<a class="ch-skip" href="#ch-question">{texts.SKIP_TO_QUESTION.fr}</a>'
        '<div id="ch-told" class="ch-invisible" role="status" aria-live="polite"'
        f' data-lost-title="{texts.LOST_TITLE.fr}" data-lost="{escape(texts.LOST.fr)}"></div>'
    )
    html = _FOREIGN.sub("", html).replace("<gradio-app", '<gradio-app id="ch-app"', 1)
    html = re.sub(r'(<html\s+lang=)"[^"]*"', r'\1"fr"', html, count=1)
    html = html.replace("<head>", head, 1)
    return re.sub(r"(<body[^>]*>)", lambda match: match[1] + told, html, count=1)
