"""A conversation and its sources as HTML, for the assistant's page.

Everything is one block of HTML without a line break, which Gradio's Markdown shows as it is; all
text that is not ours goes through :func:`app.web.markup.escape_markdown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.answers import (
    Answer,
    Citation,
    Declined,
    NotFound,
    Outcome,
    Piece,
    Statement,
    by_quote,
    name_of,
)
from app.calibration import RISK
from app.faq.markdown import as_html
from app.query import language_of
from app.web import texts
from app.web.markup import INFORMATION, attribute, escape_markdown, link, localized, switch
from app.web.sources import described, original_address, source_address
from app.web.texts import Language
from app.wording import validated_said
from ingest.documents import Passage


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it; neither ``outcome`` nor ``error`` while it is searched.

    ``passages`` are those that the outcome's citations quote, where they could be read; ``asked``
    is what was searched for, empty when nothing was. ``pieces`` are what a language model has
    written so far, while there is no outcome. ``language`` is that of the page around them, and
    ``journal`` the id under which the journal keeps the reply, if it does.
    """

    number: int
    question: str
    outcome: Outcome | None = None
    passages: tuple[Passage, ...] = ()
    error: str = ""
    asked: str = ""
    pieces: tuple[Piece, ...] = ()
    language: Language = "fr"
    release: str = ""
    journal: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The outcome's citations, or those of what is written so far."""
        match self.outcome:
            case Answer() | NotFound():
                return self.outcome.citations
            case _:
                return tuple(one for piece in self.pieces for one in piece.citations)


def conversation(turns: Sequence[Turn]) -> str:
    """All turns, the oldest first."""
    return "".join(map(_turn, turns))


def _turn(turn: Turn) -> str:
    hidden = f'<span class="ch-invisible">{texts.YOU.said(turn.language)} </span>'
    spoken = _lang(language_of(turn.question), turn)
    return (
        f'<section class="ch-turn{_state(turn)}" id="q{turn.number}" tabindex="-1">'
        f'<h2 class="ch-question">{hidden}<span class="ch-asked" dir="auto"{spoken}>'
        f"{escape_markdown(turn.question)}</span></h2>"
        f'<div class="ch-answer"><p class="ch-invisible">{texts.ANSWER.said(turn.language)}</p>'
        f"{_answer(turn)}</div></section>"
    )


def _state(turn: Turn) -> str:
    """What the style sheet and the script know of it: Gradio lets no other attribute through."""
    if turn.outcome is None:
        return "" if turn.error else " ch-waiting"
    kept = f" ch-in-{attribute(turn.journal)}" if turn.journal else ""
    return f" ch-is-{name_of(turn.outcome)} ch-of-{attribute(turn.release)}{kept}"


def _lang(language: str, turn: Turn) -> str:
    """The attribute of a text that is not in the page's language."""
    return "" if language == turn.language else f' lang="{attribute(language)}"'


def _badge(turn: Turn) -> str:
    """The outcome in words."""
    match turn.outcome:
        case Answer(validated=None):
            said = texts.ANSWERED
        case Answer():
            said = texts.FROM_FAQ
        case NotFound():
            said = texts.NEAR_ONLY
        case _:
            said = texts.DECLINED
    return f'<p class="ch-outcome ch-note">{said.said(turn.language)}</p>'


def _answer(turn: Turn) -> str:
    match turn.outcome:
        case None if turn.error:
            return f'<p class="ch-error">{escape_markdown(turn.error)}</p>'
        case None if turn.pieces:
            said = _written(turn, [piece.statement for piece in turn.pieces])
            return f'{said}<p class="ch-note">{texts.WRITING.said(turn.language)}</p>'
        case None:
            return f"<p>{texts.SEARCHING.said(turn.language)}</p>"
        case Answer() as answer:
            shown = _lead(turn, answer) + _answered(turn, answer) + _noted(turn, answer)
            return _badge(turn) + shown
        case NotFound() as missing:
            near = "".join(_near(turn, citation) for citation in missing.citations)
            shown = f'<ul class="ch-near">{near}</ul>' if near else ""
            return _badge(turn) + _said(turn, missing.text) + shown
        case Declined(reason="greeting" | "thanks" | "about") as declined:
            return _said(turn, declined.text)
        case Declined() as declined:
            return _badge(turn) + _said(turn, declined.text)


def _lead(turn: Turn, answer: Answer) -> str:
    """The first line of an answer; the rest are quotations, or statements."""
    if known := answer.validated:
        said = validated_said(known.question, known.date, known.by, turn.language)
        return f'<p class="ch-entry">{escape_markdown(said)}</p>'
    return _said(turn, answer.text.partition("\n")[0])


def _answered(turn: Turn, answer: Answer) -> str:
    if answer.validated:
        return _entry(turn, answer.validated.markdown)
    if answer.mode == "quoted":
        return "".join(_quote(turn, *same) for same in by_quote(answer.citations))
    return _written(turn, answer.statements)


def _noted(turn: Turn, answer: Answer) -> str:
    """How the answer was made, and what it lacks."""
    if answer.validated:
        return ""
    told = texts.QUOTED if answer.mode == "quoted" else texts.GENERATED
    note = f'<p class="ch-note"{_spoken(turn)}>{escape_markdown(answer.note)}</p>'
    how = f'<p class="ch-note">{escape_markdown(told.said(turn.language))}</p>'
    return f"{note}{how}" if answer.note else how


def _entry(turn: Turn, markdown: str) -> str:
    """The answer of an entry of the FAQ, as the staff wrote it."""
    numbered = {citation.number: citation for citation in turn.citations}

    def reference(number: int) -> str:
        return _reference(turn, numbered[number]) if number in numbered else ""

    def outside(href: str, label: str) -> str:
        return link(href, label, new_tab=True, language=turn.language)

    said = as_html(markdown, reference, escape_markdown, outside)
    # What is copied and what is read aloud are paragraphs.
    said = said.replace("<li>", "<li><p>").replace("</li>", "</p></li>")
    return f'<div class="ch-validated" dir="auto"{_lang(language_of(markdown), turn)}>{said}</div>'


def _written(turn: Turn, statements: Sequence[Statement]) -> str:
    """The statements of a language model, each with its references; struck where none says it."""
    said = " ".join(_statement(turn, one) for one in statements)
    return f'<p dir="auto"{_spoken(turn)}>{said}</p>'


def _statement(turn: Turn, statement: Statement) -> str:
    text = escape_markdown(statement.text)
    if not statement.supported:
        hidden = f'<span class="ch-invisible">{texts.NOT_CONFIRMED.said(turn.language)} </span>'
        reason = escape_markdown(statement.reason)
        return f'{hidden}<s>{text}</s> <span class="ch-note">{reason}</span>'
    numbered = {citation.number: citation for citation in turn.citations}
    references = (_reference(turn, numbered[n]) for n in statement.citations if n in numbered)
    return "\u00a0".join([text, *references])  # a number never begins a line


def _said(turn: Turn, text: str) -> str:
    """A sentence of ours, which may be in a language that is written from the right."""
    return f'<p dir="auto"{_spoken(turn)}>{escape_markdown(text)}</p>'


def _spoken(turn: Turn) -> str:
    """The language of an answer is that of what was searched for, and of the question else."""
    return _lang(language_of(turn.asked or turn.question), turn)


def _near(turn: Turn, citation: Citation) -> str:
    """A passage that may help, named first so that nobody takes it for the answer."""
    spoken = _language(turn, citation)
    title = f'<p class="ch-meta"{spoken}>{escape_markdown(citation.source.title)}</p>'
    return f"<li>{title}{_quote(turn, citation)}</li>"


def _quote(turn: Turn, citation: Citation, *others: Citation) -> str:
    """A quotation, with a reference to each source that holds it word for word."""
    references = " ".join(_reference(turn, one) for one in (citation, *others))
    return (
        f'<blockquote class="ch-quote"{_language(turn, citation)}>'
        f"<p>{escape_markdown(citation.quote)} {references}</p></blockquote>"
    )


def _language(turn: Turn, citation: Citation) -> str:
    return _lang(citation.source.language, turn)


def _reference(turn: Turn, citation: Citation) -> str:
    """``[1]``, a link to the card of the source."""
    hidden = f'<span class="ch-invisible">{texts.CITATION.said(turn.language)} </span>'
    address = f"#s{turn.number}-{citation.number}"
    return f'<a class="ch-ref" href="{address}">{hidden}&#91;{citation.number}&#93;</a>'


def panel(turns: Sequence[Turn], language: Language = "fr") -> str:
    """The cards of the last answer's sources, then those of the answers before, folded."""
    if not turns:
        return _panel(texts.PANEL.said(language), f"<p>{texts.PANEL_EMPTY.said(language)}</p>")
    language = turns[-1].language
    last, earlier = turns[-1], [turn for turn in turns[-2::-1] if turn.citations]
    near = isinstance(last.outcome, NotFound) and bool(last.citations)
    title = texts.PANEL_NEAR if near else texts.PANEL
    cards = _cards(last) or f"<p>{texts.PANEL_NONE.said(language)}</p>"
    if last.outcome is None and not last.error and not last.pieces:
        cards = f"<p>{texts.SEARCHING.said(language)}</p>"
    return _panel(title.said(language), cards + "".join(map(_folded, earlier)))


def _panel(title: str, content: str) -> str:
    return f'<section class="ch-panel"><h2>{title}</h2>{content}</section>'


def _folded(turn: Turn) -> str:
    question = escape_markdown(turn.question)
    summary = texts.filled(texts.PANEL_EARLIER, turn.language, question=question)
    return f"<details><summary>{summary}</summary>{_cards(turn)}</details>"


def _cards(turn: Turn) -> str:
    return "".join(_card(turn, citation) for citation in turn.citations)


def _card(turn: Turn, citation: Citation) -> str:
    source = citation.source
    path = " › ".join(citation.heading)
    spoken = _language(turn, citation)
    heading = f'<p class="ch-path"{spoken}>{escape_markdown(path)}</p>' if path else ""
    title = f"<span{spoken}>{escape_markdown(source.title)}</span>"
    about = described(source, citation.page, turn.language)
    return (
        f'<article class="ch-card" id="s{turn.number}-{citation.number}" tabindex="-1">'
        f'<h3><span class="ch-number">{citation.number}</span> {title}</h3>'
        f'<p class="ch-meta">{escape_markdown(about)}</p>{heading}'
        f"<blockquote{spoken}><p>{_in_passage(turn, citation)}</p></blockquote>"
        f'<p class="ch-links">{_links(turn, citation)}</p></article>'
    )


def _in_passage(turn: Turn, citation: Citation) -> str:
    """The passage with the quoted words marked; the quotation alone if it cannot be read."""
    marked = f"<mark>{escape_markdown(citation.quote)}</mark>"
    passage = next((p for p in turn.passages if p.id == citation.passage), None)
    if passage is None:
        return marked
    before = passage.text[: citation.start - passage.start]
    after = passage.text[citation.end - passage.start :]
    return f"{escape_markdown(before)}{marked}{escape_markdown(after)}"


def _links(turn: Turn, citation: Citation) -> str:
    source, language = citation.source, turn.language
    address = source_address(citation, language)
    original = original_address(source, citation.quote, citation.page)
    shown = [
        link(
            href,
            name.said(language),
            hidden=f": {source.title}",
            new_tab=True,
            language=language,
            css=css,
        )
        for href, name, css in (
            (address, texts.READ, "ch-read"),
            (original, texts.OPEN_ORIGINAL, "ch-original"),
        )
        if href
    ]
    shown.append(link(f"#q{turn.number}", texts.BACK.said(language), css="ch-back"))
    return " ".join(shown)


@dataclass(frozen=True, slots=True)
class Welcome:
    """What is known before the first question; ``thresholds`` where a release can be read."""

    contact: str = ""
    writes: bool = False
    degraded: bool = False
    thresholds: tuple[float, float] | None = None


def welcome(known: Welcome, language: Language = "fr") -> str:
    """What is shown before the first question."""
    how = texts.HOW_WRITTEN if known.writes else texts.HOW
    told = [how.said(language), texts.HONEST.said(language)]
    if known.contact:
        told.append(texts.filled(texts.CONTACT, language, contact=known.contact))
    shown = "".join(f"<p>{escape_markdown(sentence)}</p>" for sentence in told)
    warning = f'<p class="ch-error">{texts.DEGRADED.said(language)}</p>' if known.degraded else ""
    title = f"<h2>{texts.WELCOME.said(language)}</h2>"
    explained = _help(known.thresholds, language)
    return f'<section class="ch-welcome">{title}{warning}{shown}{explained}</section>'


def _help(thresholds: tuple[float, float] | None, language: Language) -> str:
    """From which probability on a question is answered, folded."""
    if thresholds is None:
        return ""
    threshold, sure = (round(100 * value) for value in thresholds)
    risk = round(100 * RISK)
    told = [
        texts.filled(texts.HELP_THRESHOLD, language, threshold=threshold, risk=risk),
        texts.filled(texts.HELP_SURE, language, threshold=threshold, sure=sure),
    ]
    said = "".join(f"<p>{escape_markdown(sentence)}</p>" for sentence in told)
    return f"<details><summary>{texts.HELP.said(language)}</summary>{said}</details>"


def header(
    agency: str = "", logo: bool = False, language: Language = "fr", journal_days: int = 0
) -> str:
    """The name of the assistant, whose it is, what it is for and what is kept of questions."""
    image = '<img class="ch-logo" src="assets/logo" alt="">' if logo else ""
    offered = texts.filled(texts.AGENCY, language, agency=agency)
    whose = f'<p class="ch-agency">{image}{escape_markdown(offered)}</p>' if agency else image
    warned = f"{texts.AUTOMATIC.said(language)} {texts.NO_PERSONAL_DATA.said(language)}"
    if journal_days:
        warned += f" {texts.kept(texts.JOURNAL, journal_days, language)}"
    return (
        f'<header class="ch-head"><h1>{texts.NAME.fr}</h1><p>{texts.TAGLINE.said(language)}</p>'
        f"{whose}{switch(language)}"
        f'<p class="ch-note">{warned}</p></header>'
    )


def footer(accessibility: str = "non", language: Language = "fr", journal_days: int = 0) -> str:
    """What every page must say, and the way to the other pages."""
    found = texts.COMPLIANCE[accessibility].said(language)
    stated = texts.filled(texts.STATED, language, found=found)
    links = "".join(
        f"<li>{link(localized(path, language), label, new_tab=True, language=language)}</li>"
        for path, name in INFORMATION
        for label in [stated if path == "accessibilite" else name.said(language)]
    )
    navigation = texts.FOOTER_NAVIGATION.said(language)
    kept = texts.FOOTER_JOURNAL if journal_days else texts.FOOTER_PRIVACY
    return (
        f'<footer class="ch-foot"><nav aria-label="{navigation}"><ul>{links}</ul></nav>'
        f"<p>{texts.kept(kept, journal_days, language)}</p></footer>"
    )
