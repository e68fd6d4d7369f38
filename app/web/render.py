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
)
from app.calibration import RISK
from app.web import texts
from app.web.markup import escape, escape_markdown, link
from app.web.sources import described, original_address, source_address
from ingest.documents import Passage


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it; neither ``outcome`` nor ``error`` while it is searched.

    ``passages`` are those that the outcome's citations quote, where they could be read; ``asked``
    is what was searched for, empty when nothing was. ``pieces`` are what a language model has
    written so far, while there is no outcome.
    """

    number: int
    question: str
    outcome: Outcome | None = None
    passages: tuple[Passage, ...] = ()
    error: str = ""
    asked: str = ""
    pieces: tuple[Piece, ...] = ()

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
    state = " ch-waiting" if turn.outcome is None and not turn.error else ""
    return (
        f'<section class="ch-turn{state}" id="q{turn.number}" tabindex="-1">'
        f'<h2 class="ch-question"><span class="ch-invisible">{texts.YOU.fr} </span>'
        f"{escape_markdown(turn.question)}</h2>"
        f'<div class="ch-answer"><p class="ch-invisible">{texts.ANSWER.fr}</p>{_answer(turn)}</div>'
        "</section>"
    )


def _answer(turn: Turn) -> str:
    match turn.outcome:
        case None if turn.error:
            return f'<p class="ch-error">{escape_markdown(turn.error)}</p>'
        case None if turn.pieces:
            said = _written(turn, [piece.statement for piece in turn.pieces])
            return f'{said}<p class="ch-note">{texts.WRITING.fr}</p>'
        case None:
            return f"<p>{texts.SEARCHING.fr}</p>"
        case Answer() as answer:
            return _lead(answer) + _answered(turn, answer) + _noted(answer)
        case NotFound() as missing:
            near = "".join(_near(turn, citation) for citation in missing.citations)
            shown = f'<ul class="ch-near">{near}</ul>' if near else ""
            return _said(missing.text) + shown
        case Declined() as declined:
            return _said(declined.text)


def _lead(answer: Answer) -> str:
    """The first line of an answer; the rest are quotations, or statements."""
    return _said(answer.text.partition("\n")[0])


def _answered(turn: Turn, answer: Answer) -> str:
    if answer.mode == "quoted":
        return "".join(_quote(turn, *same) for same in by_quote(answer.citations))
    return _written(turn, answer.statements)


def _noted(answer: Answer) -> str:
    """How the answer was made, and what it lacks."""
    told = texts.QUOTED if answer.mode == "quoted" else texts.GENERATED
    return "".join(
        f'<p class="ch-note">{escape_markdown(text)}</p>' for text in (answer.note, told.fr) if text
    )


def _written(turn: Turn, statements: Sequence[Statement]) -> str:
    """The statements of a language model, each with its references; struck where none says it."""
    return f'<p dir="auto">{" ".join(_statement(turn, one) for one in statements)}</p>'


def _statement(turn: Turn, statement: Statement) -> str:
    text = escape_markdown(statement.text)
    if not statement.supported:
        hidden = f'<span class="ch-invisible">{texts.NOT_CONFIRMED.fr} </span>'
        reason = escape_markdown(statement.reason)
        return f'{hidden}<s>{text}</s> <span class="ch-note">{reason}</span>'
    numbered = {citation.number: citation for citation in turn.citations}
    references = (_reference(turn, numbered[n]) for n in statement.citations if n in numbered)
    return "\u00a0".join([text, *references])  # a number never begins a line


def _said(text: str) -> str:
    """A sentence of ours, which may be in a language that is written from the right."""
    return f'<p dir="auto">{escape_markdown(text)}</p>'


def _near(turn: Turn, citation: Citation) -> str:
    """A passage that may help, named first so that nobody takes it for the answer."""
    title = f'<p class="ch-meta">{escape_markdown(citation.source.title)}</p>'
    return f"<li>{title}{_quote(turn, citation)}</li>"


def _quote(turn: Turn, citation: Citation, *others: Citation) -> str:
    """A quotation, with a reference to each source that holds it word for word."""
    references = " ".join(_reference(turn, one) for one in (citation, *others))
    return (
        f'<blockquote class="ch-quote"{_language(citation)}>'
        f"<p>{escape_markdown(citation.quote)} {references}</p></blockquote>"
    )


def _language(citation: Citation) -> str:
    language = citation.source.language
    return "" if language == "fr" else f' lang="{escape(language)}"'


def _reference(turn: Turn, citation: Citation) -> str:
    """``[1]``, a link to the card of the source."""
    hidden = f'<span class="ch-invisible">{texts.CITATION.fr} </span>'
    address = f"#s{turn.number}-{citation.number}"
    return f'<a class="ch-ref" href="{address}">{hidden}&#91;{citation.number}&#93;</a>'


def panel(turns: Sequence[Turn]) -> str:
    """The cards of the last answer's sources, then those of the answers before, folded."""
    if not turns:
        return _panel(texts.PANEL.fr, f"<p>{texts.PANEL_EMPTY.fr}</p>")
    last, earlier = turns[-1], [turn for turn in turns[-2::-1] if turn.citations]
    near = isinstance(last.outcome, NotFound) and bool(last.citations)
    title = texts.PANEL_NEAR if near else texts.PANEL
    cards = _cards(last) or f"<p>{texts.PANEL_NONE.fr}</p>"
    if last.outcome is None and not last.error and not last.pieces:
        cards = f"<p>{texts.SEARCHING.fr}</p>"
    return _panel(title.fr, cards + "".join(map(_folded, earlier)))


def _panel(title: str, content: str) -> str:
    return f'<section class="ch-panel"><h2>{title}</h2>{content}</section>'


def _folded(turn: Turn) -> str:
    question = escape_markdown(turn.question)
    summary = texts.PANEL_EARLIER.fr.replace("{question}", question)
    return f"<details><summary>{summary}</summary>{_cards(turn)}</details>"


def _cards(turn: Turn) -> str:
    return "".join(_card(turn, citation) for citation in turn.citations)


def _card(turn: Turn, citation: Citation) -> str:
    source = citation.source
    path = " › ".join(citation.heading)
    heading = f'<p class="ch-path">{escape_markdown(path)}</p>' if path else ""
    return (
        f'<article class="ch-card" id="s{turn.number}-{citation.number}" tabindex="-1">'
        f'<h3><span class="ch-number">{citation.number}</span> {escape_markdown(source.title)}</h3>'
        f'<p class="ch-meta">{escape_markdown(described(source, citation.page))}</p>{heading}'
        f"<blockquote{_language(citation)}><p>{_in_passage(turn, citation)}</p></blockquote>"
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
    source = citation.source
    address = source_address(citation)
    original = original_address(source, citation.quote, citation.page)
    shown = [link(address, texts.READ.fr, hidden=f": {source.title}", new_tab=True)]
    if original:
        shown.append(
            link(original, texts.OPEN_ORIGINAL.fr, hidden=f": {source.title}", new_tab=True)
        )
    shown.append(link(f"#q{turn.number}", texts.BACK.fr, css="ch-back"))
    return " ".join(shown)


def welcome(contact: str, degraded: bool, thresholds: tuple[float, float] | None) -> str:
    """What is shown before the first question; ``thresholds`` where they are known."""
    told = [texts.HOW.fr, texts.HONEST.fr]
    if contact:
        told.append(texts.filled(texts.CONTACT, contact=contact))
    shown = "".join(f"<p>{escape_markdown(sentence)}</p>" for sentence in told)
    warning = f'<p class="ch-error">{texts.DEGRADED.fr}</p>' if degraded else ""
    told_first = f"<h2>{texts.WELCOME.fr}</h2>{warning}{shown}{_help(thresholds)}"
    return f'<section class="ch-welcome">{told_first}</section>'


def _help(thresholds: tuple[float, float] | None) -> str:
    """From which probability on a question is answered, folded."""
    if thresholds is None:
        return ""
    threshold, sure = (round(100 * value) for value in thresholds)
    told = [
        texts.filled(texts.HELP_THRESHOLD, threshold=threshold, risk=round(100 * RISK)),
        texts.filled(texts.HELP_SURE, threshold=threshold, sure=sure),
    ]
    said = "".join(f"<p>{escape_markdown(sentence)}</p>" for sentence in told)
    return f"<details><summary>{texts.HELP.fr}</summary>{said}</details>"


def header() -> str:
    """The name of the assistant and what it is for."""
    return (
        f'<header class="ch-head"><h1>{texts.NAME.fr}</h1><p>{texts.TAGLINE.fr}</p>'
        f'<p class="ch-note">{texts.AUTOMATIC.fr} {texts.NO_PERSONAL_DATA.fr}</p></header>'
    )


def footer() -> str:
    """What every page must say, and the way to the sources."""
    return (
        f'<footer class="ch-foot"><p>{link("sources", texts.FOOTER_SOURCES.fr, new_tab=True)}</p>'
        f"<p>{texts.FOOTER_PRIVACY.fr}</p><p>{texts.FOOTER_ACCESSIBILITY.fr}</p></footer>"
    )
