"""What verification says of an entry's sentences, and the entry as citizens see it."""

from __future__ import annotations

from collections.abc import Sequence

from app.faq.checking import Verified
from app.faq.entry import Cited, Edit, Entry
from app.faq.markdown import as_html
from app.web.markup import attribute, escape
from app.web.staff import forms

TITLE = "Vérification"
NOTHING = "La réponse est vide : il n'y a rien à vérifier."
HOW = (
    "Chaque phrase est comparée aux passages cités, dans la version des sources en service. La "
    "vérification signale, elle n'interdit pas."
)


def verification(sentences: Sequence[Verified]) -> str:
    """The section that says which sentences the citations confirm, and why not the others."""
    wrong = [one for one in sentences if not one.supported]
    items = "".join(map(_sentence, sentences))
    listed = f'<ol class="ch-verified">{items}</ol>' if items else ""
    return (
        f'<section id="verification" tabindex="-1" aria-labelledby="verification-titre" '
        f'class="ch-block"><h2 id="verification-titre">{TITLE}</h2>'
        f'<p role="status"><strong>{_told(len(wrong), len(sentences))}</strong></p>'
        f'{listed}<p class="ch-hint">{escape(HOW)}</p></section>'
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


def preview(edit: Edit, entry: Entry | None, up: str, agency: str) -> str:
    """The answer with its citations, as citizens see it."""
    known = {cited.number for cited in edit.citations}

    def reference(number: int) -> str:
        if number not in known:
            return f"[{number}]"
        return f'<a href="#apercu-{number}" aria-label="Citation {number}">[{number}]</a>'

    answer = as_html(edit.answer, reference, escape) if edit.answer else "<p>(vide)</p>"
    cited = "".join(_citation(one, up) for one in edit.citations)
    sources = f"<h4>Sources</h4><ol>{cited}</ol>" if cited else ""
    return (
        '<details class="ch-block"><summary>Aperçu : ce que voient les citoyens</summary>'
        f'<article class="ch-preview"><h3>{escape(edit.question)}</h3>{answer}'
        f'<p class="ch-meta">{escape(_validated(entry, agency))}</p>{sources}</article></details>'
    )


def _citation(one: Cited, up: str) -> str:
    """Under its own number: they need not follow one another."""
    return (
        f'<li id="apercu-{one.number}" value="{one.number}"><blockquote>{escape(one.quote)}'
        f"</blockquote>{source_link(one, up)}</li>"
    )


def source_link(one: Cited, up: str) -> str:
    """The title of what is cited, which leads to the passage on our page of the source."""
    at = f"passage={one.passage}&start={one.start}&end={one.end}"
    address = attribute(f"{up}sources/{one.source_id}?{at}#passage")
    return f'<a href="{address}">{escape(str(one.source.get("title", "")))}</a>'


def _validated(entry: Entry | None, agency: str) -> str:
    if entry is None or entry.published is None:
        return "Pas encore validée"
    by = agency or "l'agence"
    return f"Validé le {forms.day(entry.published)} par {by}"
