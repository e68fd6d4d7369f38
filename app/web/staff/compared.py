"""Two texts side by side, and the changes between them: marked by words, strokes and lines, never
by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.faq.differences import Part, differences
from app.faq.entry import Change, Cited, Edit
from app.web.markup import escape
from app.web.staff import words

LEGEND = "Barré : retiré. Souligné : ajouté."
_HEARD = {"removed": "retiré", "added": "ajouté"}
_TAGS = {"removed": "del", "added": "ins"}


def side_by_side(old: str, new: str, old_title: str, new_title: str, level: int = 4) -> str:
    """Both texts whole: what only the older has is struck out, what only the newer has underlined.

    Titles are text.
    """
    parts = differences(old, new)
    columns = (
        (old_title, [one for one in parts if one.kind != "added"]),
        (new_title, [one for one in parts if one.kind != "removed"]),
    )
    shown = "".join(
        f"<div><h{level}>{escape(title)}</h{level}>"
        f'<p class="ch-both-text">{"".join(map(_marked, kept))}</p></div>'
        for title, kept in columns
    )
    return f'<div class="ch-both">{shown}</div><p class="ch-hint">{LEGEND}</p>'


def in_one(old: str, new: str) -> str:
    """One text with what was removed and what was added."""
    return f'<p class="ch-both-text">{"".join(map(_marked, differences(old, new)))}</p>'


def _marked(part: Part) -> str:
    if part.kind == "same":
        return escape(part.text)
    tag, space = _TAGS[part.kind], part.text[: len(part.text) - len(part.text.lstrip())]
    heard = f'<span class="ch-invisible">[{_HEARD[part.kind]} : </span>'
    end = '<span class="ch-invisible">]</span>'
    return f"{escape(space)}<{tag}>{heard}{escape(part.text.lstrip())}{end}</{tag}>"


def changes_of(change: Change) -> str:
    """What a change did to what is written, part by part; empty when it did nothing to it."""
    if change.before is None:
        return ""
    return "".join(
        _changed(name, old, new) for name, old, new in _parts(change.before, change.after)
    )


def between(old: Edit, new: Edit) -> str:
    """The same, between two edits."""
    return "".join(_changed(name, before, after) for name, before, after in _parts(old, new))


def _changed(name: str, old: str, new: str) -> str:
    return f"<h4>{escape(name)}</h4>{in_one(old, new)}" if old != new else ""


def _parts(old: Edit, new: Edit) -> Iterator[tuple[str, str, str]]:
    yield "Question", old.question, new.question
    yield words.FORMULATIONS, "\n".join(old.variants), "\n".join(new.variants)
    yield "Thème", old.theme, new.theme
    yield "Réponse", old.answer, new.answer
    yield "Citations", _cited(old.citations), _cited(new.citations)


def _cited(citations: tuple[Cited, ...]) -> str:
    return "\n".join(_one(cited) for cited in citations)


def _one(cited: Cited) -> str:
    state = {"alive": "", "changed": " (texte changé)", "gone": " (source disparue)"}[cited.state]
    return f"[{cited.number}] {cited.source.get('title', '')}{state} : {cited.quote}"
