"""The pages that say what the assistant is: about, accessibility, privacy."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from app.settings import Settings
from app.web import notices, texts
from app.web.markup import escape, page, switch
from app.web.notices import Section
from app.web.texts import Language, Text, chosen

Maker = Callable[[Settings, Language], str]


def add_about(app: FastAPI, settings: Settings) -> None:
    """Add ``GET`` of the three pages; ``?lang=en`` gives them in English."""
    for path, maker in PAGES.items():
        app.add_api_route(
            path, _serving(maker, settings), methods=["GET", "HEAD"], include_in_schema=False
        )


def _serving(maker: Maker, settings: Settings) -> Callable[[str], HTMLResponse]:
    def serve(lang: str = "") -> HTMLResponse:
        return HTMLResponse(maker(settings, chosen(lang)))

    return serve


def about_page(settings: Settings, language: Language) -> str:
    """What the assistant is, how it answers, and who can be talked to."""
    how = notices.WRITTEN if settings.model.model else notices.QUOTED
    answering = Section(notices.ANSWERING.title, (how, *notices.ANSWERING.paragraphs))
    person = Section(notices.PERSON, (Text("{contact}", "{contact}"),))
    return _page(notices.ABOUT_TITLE, [notices.WHAT, answering, person], settings, language)


def accessibility_page(settings: Settings, language: Language) -> str:
    """The declaration; « non conforme » until an audit says otherwise."""
    audit = settings.accessibility_audit
    audited = Text(audit, audit) if audit else notices.NOT_AUDITED
    sections = [
        Section(notices.STATE, (notices.STATED, audited)),
        notices.FEEDBACK,
        notices.RECOURSE,
    ]
    title = notices.ACCESSIBILITY_TITLE
    return _page(title, sections, settings, language, notices.COMMITMENT)


def privacy_page(settings: Settings, language: Language) -> str:
    """What is kept, where the question goes, and whom to turn to."""
    sent = []
    if settings.model.model:
        sent.append(notices.SENT_TO_MODEL)
    if _embedding_server(settings):
        sent.append(notices.SENT_TO_EMBEDDING)
    going = Section(notices.SENT, tuple(sent) or (notices.ALONE,))
    kept = notices.KEPT_IN_JOURNAL if settings.journal_days else notices.KEPT
    sections = [kept, going, notices.RIGHTS]
    return _page(notices.PRIVACY_TITLE, sections, settings, language)


PAGES: dict[str, Maker] = {
    "/a-propos": about_page,
    "/accessibilite": accessibility_page,
    "/confidentialite": privacy_page,
}


def _page(
    title: Text,
    sections: list[Section],
    settings: Settings,
    language: Language,
    *before: Text,
) -> str:
    def told(text: Text) -> str:
        return f"<p>{escape(_filled(text, settings, language))}</p>"

    intro = "".join(map(told, before))
    body = "".join(
        f"<h2>{escape(section.title.said(language))}</h2>{''.join(map(told, section.paragraphs))}"
        for section in sections
    )
    name = title.said(language)
    return page(name, f"<h1>{escape(name)}</h1>{intro}{body}", 0, language, switch(language))


def _filled(text: Text, settings: Settings, language: Language) -> str:
    """The sentence with what the settings say; ``{server}`` is that of the sentence's model."""
    contact = notices.NO_CONTACT.said(language)
    if settings.contact:
        contact = f"{texts.filled(texts.CONTACT, language, contact=settings.contact)}."
    asked = settings.model.address if text is notices.SENT_TO_MODEL else _embedding_server(settings)
    return texts.filled(
        text,
        language,
        Agency=settings.agency[:1].upper() + settings.agency[1:],
        agency=settings.agency,
        contact=contact,
        days=texts.counted_days(settings.journal_days, language),
        found=texts.COMPLIANCE[settings.accessibility].said(language),
        model=settings.model.model,
        server=urlsplit(asked).hostname or asked,
    )


def _embedding_server(settings: Settings) -> str:
    """The address of the server that makes vectors of questions; empty where this machine does."""
    named = settings.ingest.embedding
    return named.partition("#")[0] if named.startswith(("http://", "https://")) else ""
