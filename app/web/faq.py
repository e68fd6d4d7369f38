"""``/faq``: the published entries by theme, each with its sources, without any script."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from app.faq.entry import Cited, Entry
from app.faq.exports.order import by_theme, original_of
from app.faq.exports.words import NO_THEME
from app.faq.markdown import as_html
from app.faq.sourced import source_of
from app.settings import Settings
from app.web import notices, texts
from app.web.linked_data import block, faq_data
from app.web.markup import escape, link, localized, page, switch, text_fragment
from app.web.problems import error_page
from app.web.sources import described
from app.web.texts import Language, chosen
from app.wording import in_guillemets, shown_date
from ingest.errors import RecordsError

if TYPE_CHECKING:  # without a database nothing of it is imported
    from app.faq.published import Edition, Published

logger = logging.getLogger("chartiste.web")

_LONGEST = 200  # characters that are searched for
_CONTENTS_FROM, _OPEN = 4, 20  # questions


def add_faq(app: FastAPI, settings: Settings, published: Published | None) -> None:
    """Add ``GET /faq``; ``?q=`` searches in it, ``?lang=en`` gives what is around it in English.

    The whole page is made once for each edition.
    """
    kept: dict[Language, tuple[Edition | None, str]] = {}

    @app.api_route("/faq", methods=["GET", "HEAD"], include_in_schema=False)
    def faq(lang: str = "", q: str = "") -> HTMLResponse:
        language, asked = chosen(lang), " ".join(q[:_LONGEST].split())
        try:
            edition = published.edition() if published else None
        except RecordsError as error:
            logger.error("%s", error)
            return _unavailable(language)
        if asked:  # what a search gives is no page of its own
            html = faq_page(edition, asked, settings.agency, language)
            return HTMLResponse(html, headers={"x-robots-tag": "noindex"})
        if kept.get(language, (None, ""))[0] is not edition or edition is None:
            kept[language] = edition, faq_page(edition, "", settings.agency, language)
        return HTMLResponse(kept[language][1])


def _unavailable(language: Language) -> HTMLResponse:
    title, detail = texts.PROBLEMS[503].said(language), notices.FAQ_UNAVAILABLE.said(language)
    return HTMLResponse(error_page(title, detail, 0), 503, {"retry-after": "60"})


def faq_page(edition: Edition | None, asked: str, agency: str, language: Language) -> str:
    """The whole page; the entries that hold the words of ``asked`` where there are any."""
    title = notices.FAQ_TITLE.said(language)
    query = urlencode({"q": asked}) if asked else ""
    other = switch(language, query)
    if edition is None or not edition.entries:
        empty = f"<h1>{title}</h1><p>{escape(notices.FAQ_EMPTY.said(language))}</p>"
        return page(title, empty, 0, language, other)
    entries = edition.search(asked) if asked else list(edition.entries)
    shown = _Shown(agency, language)
    body = f"<h1>{title}</h1>{_form(asked, language)}"
    body += _told(len(entries), asked, language) if asked else shown.contents(entries)
    body += shown.themes(entries)
    if not asked:
        body += block(faq_data(entries, {entry.id: anchor_of(entry) for entry in entries}))
    return page(title, body, 0, language, other)


def anchor_of(entry: Entry) -> str:
    """Where an entry stands on the page, whatever becomes of its words."""
    return f"fiche-{entry.id}"


def _form(asked: str, language: Language) -> str:
    kept = '<input type="hidden" name="lang" value="en">' if language == "en" else ""
    return (
        '<form class="ch-search" role="search" action="faq" method="get">'
        f'<label for="ch-q">{notices.FAQ_SEARCH.said(language)}</label>'
        f'<input type="search" id="ch-q" name="q" value="{escape(asked)}" maxlength="{_LONGEST}" '
        f'autocomplete="off">{kept}<button>{notices.FAQ_FIND.said(language)}</button></form>'
    )


def _told(count: int, asked: str, language: Language) -> str:
    """How many entries were found, and where to go from there."""
    said = (notices.FAQ_NONE_FOUND, notices.FAQ_ONE_FOUND, notices.FAQ_FOUND)[min(count, 2)]
    told = escape(texts.filled(said, language, count=count, asked=asked))
    lang = {"lang": "en"} if language == "en" else {}
    question = f"./?{urlencode({'q': asked, **lang})}"
    ways = (
        link(localized("faq", language), notices.FAQ_ALL.said(language)),
        link(question, notices.FAQ_ASK.said(language)),
    )
    return f'<p role="status">{told}</p><p class="ch-ways">{" ".join(ways)}</p>'


def _guillemets(quote: str) -> str:
    """The quotation between guillemets, none of which stands alone on a line."""
    return f"«\u00a0{in_guillemets(quote)[2:-2]}\u00a0»"


def entry_shown(entry: Entry, agency: str, up: str) -> str:
    """An entry as the page shows it, on a page from which ``up`` leads to the assistant's."""
    return _Shown(agency, "fr", up).entry(entry)


class _Shown:
    """Entries on a page in one language; they are themselves in French.

    ``up`` is the way from that page to the assistant's.
    """

    def __init__(self, agency: str, language: Language, up: str = "") -> None:
        self._agency = agency
        self._language = language
        self._up = up
        self._french = "" if language == "fr" else ' lang="fr"'

    def contents(self, entries: Sequence[Entry]) -> str:
        """The questions of each theme, to go to."""
        if len(entries) < _CONTENTS_FROM:
            return ""
        title = notices.FAQ_CONTENTS.said(self._language)
        opened = " open" if len(entries) <= _OPEN else ""
        themes = "".join(self._listed(theme, same, opened) for theme, same in by_theme(entries))
        return (
            '<nav class="ch-contents" aria-labelledby="sommaire">'
            f'<h2 id="sommaire">{title}</h2>{themes}</nav>'
        )

    def _listed(self, theme: str, entries: Sequence[Entry], opened: str) -> str:
        items = "".join(
            f'<li><a href="#{anchor_of(entry)}">{escape(entry.edit.question)}</a></li>'
            for entry in entries
        )
        name = f"<summary>{self._theme(theme)} ({len(entries)})</summary>"
        return f"<details{opened}>{name}<ul{self._french}>{items}</ul></details>"

    def _theme(self, theme: str) -> str:
        if theme == NO_THEME:
            return notices.FAQ_NO_THEME.said(self._language)
        return f"<span{self._french}>{escape(theme)}</span>" if self._french else escape(theme)

    def themes(self, entries: Sequence[Entry]) -> str:
        """The entries under their themes."""
        return "".join(
            f"<section><h2>{self._theme(theme)}</h2>{''.join(map(self.entry, same))}</section>"
            for theme, same in by_theme(entries)
        )

    def entry(self, entry: Entry) -> str:
        """One entry."""
        edit, anchor = entry.edit, anchor_of(entry)
        numbers = {cited.number for cited in edit.citations}

        def reference(number: int) -> str:
            if number not in numbers:
                return ""
            hidden = f'<span class="ch-invisible">{texts.CITATION.fr} </span>'
            return f'<a class="ch-ref" href="#{anchor}-{number}">{hidden}[{number}]</a>'

        cited = "".join(self._cited(one, anchor) for one in edit.citations)
        sources = notices.FAQ_SOURCES.said(self._language)
        return (
            f'<article class="ch-entry" id="{anchor}" tabindex="-1">'
            f'<h3{self._french}><a href="#{anchor}">{escape(edit.question)}</a></h3>'
            f"<div{self._french}>{as_html(edit.answer, reference)}</div>"
            f'<ul class="ch-cited" aria-label="{sources}">{cited}</ul>'
            f"{self._validated(entry)}</article>"
        )

    def _cited(self, cited: Cited, anchor: str) -> str:
        """A quotation, whose it is, and the ways to its text here and to the original."""
        source, language = source_of(cited), self._language
        spoken = "" if source.language == language else f' lang="{escape(source.language)}"'
        quote = escape(_guillemets(" ".join(cited.quote.split())))
        about = escape(described(source, language=language))
        return (
            f'<li id="{anchor}-{cited.number}" tabindex="-1"><span class="ch-number">{cited.number}'
            f"</span> <span{spoken}>{quote}</span>"
            f'<span class="ch-meta"><span{spoken}>{escape(source.title)}</span> · {about}</span>'
            f'<span class="ch-links">{self._links(cited)}</span></li>'
        )

    def _links(self, cited: Cited) -> str:
        source, language = source_of(cited), self._language
        here = (
            f"{self._up}sources/{cited.source_id}?passage={cited.passage}&start={cited.start}"
            f"&end={cited.end}{'&lang=en' if language == 'en' else ''}#passage"
        )
        hidden = f": {source.title}"
        shown = [link(here, texts.READ.said(language), hidden=hidden, language=language)]
        if original := original_of(cited):
            # A sheet that sums up an original has other words.
            at = original if source.originals else text_fragment(original, cited.quote)
            label = texts.OPEN_ORIGINAL.said(language)
            shown.append(link(at, label, hidden=hidden, new_tab=True, language=language))
        return " ".join(shown)

    def _validated(self, entry: Entry) -> str:
        if not entry.validated_on:
            return ""
        date = shown_date(entry.validated_on, self._language)
        said = texts.filled(notices.FAQ_VALIDATED, self._language, date=date, agency=self._agency)
        return f'<p class="ch-meta">{escape(said)}</p>'
