"""What verification says of an entry's sentences, and the entry as citizens see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.faq.checking import Verified
from app.faq.entry import Cited, Edit, Entry
from app.settings import NO_AGENCY
from app.web.faq import entry_shown
from app.web.markup import attribute, escape

TITLE = "Vérification"
PREVIEW = "Aperçu : ce que voient les citoyens"
NOTHING = "La réponse est vide : il n'y a rien à vérifier."
HOW = (
    "Chaque phrase est comparée aux passages cités, dans la version des sources en service. La "
    "vérification signale, elle n'interdit pas."
)


def verification(sentences: Sequence[Verified], loose: Iterable[str] = ()) -> str:
    """The section that says which sentences the citations confirm, and why not the others;
    ``loose`` says which numbers and which citations have no counterpart.
    """
    wrong = [one for one in sentences if not one.supported]
    items = "".join(map(_sentence, sentences))
    ends = "".join(f'<p class="ch-reason-why">{escape(one)}</p>' for one in loose)
    listed = f'<ol class="ch-verified">{items}</ol>' if items else ""
    return (
        f'<section id="verification" tabindex="-1" aria-labelledby="verification-titre" '
        f'class="ch-block"><h2 id="verification-titre">{TITLE}</h2>'
        f'<p role="status"><strong>{_told(len(wrong), len(sentences))}</strong></p>'
        f'{ends}{listed}<p class="ch-hint">{escape(HOW)}</p></section>'
    )


def _told(wrong: int, all: int) -> str:
    if not all:
        return NOTHING
    if not wrong:
        return "La phrase est confirmée." if all == 1 else f"Les {all} phrases sont confirmées."
    if all == 1:
        return "La phrase n'est pas confirmée par les citations."
    several = "phrases ne sont pas confirmées" if wrong > 1 else "phrase n'est pas confirmée"
    return f"{wrong} {several} par les citations, sur {all}."


def _sentence(one: Verified) -> str:
    numbers = ", ".join(f"[{number}]" for number in one.citations)
    by = f" par {numbers}" if numbers else ""
    mark = f"Confirmée{by}" if one.supported else "Non confirmée"
    css = "ch-yes" if one.supported else "ch-no"
    why = one.reason or one.caution
    reason = f'<span class="ch-reason">{escape(why)}</span>' if why else ""
    return (
        f'<li class="{css}"><span class="ch-verdict">{mark}</span> '
        f"«\u00a0{escape(one.text)}\u00a0»{reason}</li>"
    )


def preview(edit: Edit, entry: Entry | None, up: str, agency: str, opened: bool) -> str:
    """The entry as citizens would see it on ``/faq``, folded unless ``opened``."""
    now = datetime.now(UTC)
    blank = Entry("nouvelle", edit, "draft", 0, "", None, now, now, None, "")
    shown = entry_shown(replace(entry or blank, edit=edit), agency or NO_AGENCY, up)
    return (
        f'<details class="ch-block"{" open" if opened else ""}><summary>{PREVIEW}</summary>{shown}'
        "</details>"
    )


def source_link(one: Cited, up: str) -> str:
    """The title of what is cited, which leads to the passage on our page of the source."""
    at = f"passage={one.passage}&start={one.start}&end={one.end}"
    address = attribute(f"{up}sources/{one.source_id}?{at}#passage")
    return f'<a href="{address}">{escape(str(one.source.get("title", "")))}</a>'
