"""The citations of an entry in its editor: what each cites, what may replace it, how to add one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.answers import Ranked
from app.faq.citing import Held
from app.web.markup import escape
from app.web.staff import checked, compared, forms, frame


def citations(held: Sequence[Held], proposals: Mapping[int, Held], at: str, up: str) -> str:
    """The citations of an entry that is being edited; ``proposals`` are passages that may stand in
    place of some, by their numbers; ``at`` is the address of the form from its page.
    """
    items = "".join(_citation(one, proposals.get(one.cited.number), at, up) for one in held)
    again = (
        forms.button("Renuméroter dans l'ordre de la réponse", "renumeroter", quiet=True,
                     to=f"{at}#citations")
        if len(held) > 1
        else ""
    )  # fmt: skip
    shown = f'<ol class="ch-citations">{items}</ol>' if items else "<p>Aucune citation.</p>"
    return (
        f'<section id="citations" tabindex="-1" aria-labelledby="citations-titre">'
        f'<h3 id="citations-titre">Citations</h3>{shown}{again}</section>'
    )


def _citation(one: Held, proposal: Held | None, at: str, up: str) -> str:
    number, title = one.cited.number, str(one.cited.source.get("title", ""))
    heading = " › ".join(one.cited.heading)
    under = f'<p class="ch-meta">{escape(heading)}</p>' if heading else ""
    remove = forms.button(
        "Retirer",
        f"retirer:{number}",
        quiet=True,
        told=f"la citation {number}",
        to=f"{at}#citations",
    )
    body = _sentences(one) if one.place else _lost(one, proposal, at)
    return (
        f'<li class="ch-block" id="citation-{number}"><h4>[{number}] {escape(title)}</h4>{under}'
        f"{frame.hidden('citation', str(one.reference))}{body}"
        f'<div class="ch-actions">{remove}{_read(one, up)}</div></li>'
    )


def _read(one: Held, up: str) -> str:
    if one.place is None:
        return ""
    cited = one.place.cited(one.cited.number, "")
    return f"<span>Lire dans la source : {checked.source_link(cited, up)}</span>"


def _sentences(one: Held) -> str:
    """The passage with what is cited marked, and which of its sentences to cite."""
    assert one.place is not None
    first, last = one.span
    sentences = one.place.passage.sentences
    shown = " ".join(
        f"<mark>{escape(said.text)}</mark>" if first <= number <= last else escape(said.text)
        for number, said in enumerate(sentences, start=1)
    )
    if len(sentences) == 1:
        return f"<blockquote>{shown}</blockquote>"
    number = one.cited.number
    ends = "".join(
        _sentence_choice(f"{name}-{number}", label, chosen, [said.text for said in sentences])
        for name, label, chosen in (("de", "De la phrase", first), ("a", "à la phrase", last))
    )
    return (
        f"<blockquote>{shown}</blockquote><details><summary>Choisir les phrases citées"
        f'<span class="ch-invisible"> de la citation {number}</span></summary>'
        f'<div class="ch-ends">{ends}</div>'
        '<p class="ch-hint">Le choix vaut dès le prochain bouton de la fiche.</p></details>'
    )


def _sentence_choice(name: str, label: str, chosen: int, sentences: Sequence[str]) -> str:
    values = {
        str(number): f"{number}. {said[:60]}{'…' if len(said) > 60 else ''}"
        for number, said in enumerate(sentences, start=1)
    }
    return forms.choice(name, label, values, str(chosen))


def _lost(one: Held, proposal: Held | None, at: str) -> str:
    """A citation that is not in its source any more, beside what may stand in its place."""
    gone = one.cited.state == "gone"
    told = "Sa source n'est plus en service." if gone else "Son texte a changé dans la source."
    alert = f'<p class="ch-reason-why">{told}</p>'
    if proposal is None:
        return f"{alert}<blockquote>{escape(one.cited.quote)}</blockquote>"
    number, title = one.cited.number, str(proposal.cited.source.get("title", ""))
    take = forms.button(
        f"Prendre ce passage comme citation [{number}]",
        f"prendre:{number}",
        to=f"{at}#citation-{number}",
    )
    both = compared.side_by_side(
        one.cited.quote, proposal.cited.quote, "Texte cité", f"Texte d'aujourd'hui : {title}", 5
    )
    return f"{alert}{both}{take}"


def search(text: str, results: Sequence[Ranked], at: str) -> str:
    """Where passages to cite are looked for, and those that were found."""
    box = forms.text_field(
        "chercher", "Chercher un passage à citer", text, most=300,
        hint="Quelques mots, ou une question.",
    )  # fmt: skip
    go = forms.button("Chercher", "chercher", quiet=True, to=f"{at}#passages")
    items = "".join(_result(one, at) for one in results)
    found = f'<ul class="ch-results">{items}</ul>' if items else ""
    if text and not items:
        found = "<p>Aucun passage n'est proche de ces mots.</p>"
    return (
        f'<section id="passages" tabindex="-1" aria-labelledby="passages-titre">'
        f'<h3 id="passages-titre">Passages</h3>{box}{go}{found}</section>'
    )


def _result(ranked: Ranked, at: str) -> str:
    passage = ranked.passage
    heading = " › ".join(passage.heading)
    under = f'<p class="ch-meta">{escape(heading)}</p>' if heading else ""
    cite = forms.button(
        "Citer ce passage", f"citer:{passage.id}", quiet=True, to=f"{at}#citations",
        told=", ".join(filter(None, (f"de {ranked.source.title}", heading))),
    )  # fmt: skip
    return (
        f'<li class="ch-block"><h4>{escape(ranked.source.title)}</h4>{under}'
        f"<blockquote>{escape(passage.text)}</blockquote>{cite}</li>"
    )
