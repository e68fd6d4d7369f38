"""The FAQ of a page: its FAQPage data (JSON-LD or microdata), else its blocks that unfold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from app.faq.imports.limited import answer_of, paragraphs
from app.faq.imports.row import BadRow, Row, UnreadableFaq
from ingest.parse.markup import HEADINGS, Element, read_tree, text_of

_NONE = (
    "Aucune FAQ n'est reconnue dans cette page : elle n'a ni données « FAQPage » (JSON-LD ou "
    "microdonnées), ni blocs à déplier (« details »)."
)
_LD = "application/ld+json"


def read_page(text: str) -> Iterator[Row | BadRow]:
    """The questions of a page, in the first of the three forms that has any.

    Raises:
        UnreadableFaq: it has none of them.
        SourceError: its elements are nested too deeply.
    """
    root = read_tree(text)
    if root is None:
        raise UnreadableFaq("La page est vide.")
    base, is_none = _base(root), True
    for form in (_linked_data, _microdata, _unfolding):
        found = list(form(root, base))
        is_none = is_none and not found
        yield from found
        if any(isinstance(one, Row) for one in found):
            return
    if is_none:
        raise UnreadableFaq(_NONE)


def _base(root: Element) -> str:
    """The address that the page says is its own: links are completed by it."""
    for path, name in (
        ("//base[@href]", "href"),
        ("//link[@rel='canonical'][@href]", "href"),
        ("//meta[@property='og:url'][@content]", "content"),
    ):
        for element in root.xpath(path):
            return str(element.get(name)).strip()
    return ""


# JSON-LD


def _linked_data(root: Element, base: str) -> Iterator[Row | BadRow]:
    for script in root.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != _LD:
            continue
        place = f"ligne {script.sourceline}"
        try:
            data = json.loads(script.text or "", strict=False)
        except ValueError:
            if "Question" in (script.text or ""):
                yield BadRow(place, "Les données JSON-LD ne sont pas du JSON valide.")
            continue
        for number, question in enumerate(_questions(data), start=1):
            yield _from_data(f"{place}, question {number}", question, base)


def _questions(data: Any) -> Iterator[dict[str, Any]]:
    """The questions of JSON-LD, however they are nested."""
    match data:
        case list():
            for one in data:
                yield from _questions(one)
        case dict():
            if _is_a(data, "Question"):
                yield data
            else:
                for value in data.values():
                    yield from _questions(value)


def _is_a(data: dict[str, Any], name: str) -> bool:
    kinds = data.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(one, str) and one.rpartition("/")[2] == name for one in kinds)


def _from_data(place: str, question: dict[str, Any], base: str) -> Row | BadRow:
    name = _first_text(question, ("name", "headline", "text"))
    answers = question.get("acceptedAnswer") or question.get("suggestedAnswer")
    answer = answers[0] if isinstance(answers, list) and answers else answers
    said = answer if isinstance(answer, str) else ""
    if isinstance(answer, dict):
        said = _first_text(answer, ("text", "description", "name"))
    if not name:
        return BadRow(place, "La question n'a pas de nom (« name »).")
    return Row(place, _plain(name), _marked(said, base))


def _first_text(values: dict[str, Any], names: tuple[str, ...]) -> str:
    found = (values.get(name) for name in names)
    return next((one for one in found if isinstance(one, str) and one.strip()), "")


def _marked(text: str, base: str) -> str:
    """A text that may hold HTML, as Markdown."""
    if "<" not in text and "&" not in text:
        return paragraphs(text)
    root = read_tree(f"<html><body><div>{text}</div></body></html>")
    return "" if root is None else answer_of([root], base)


def _plain(text: str) -> str:
    root = read_tree(f"<html><body><div>{text}</div></body></html>")
    return "" if root is None else text_of(root)


# Microdata


def _microdata(root: Element, base: str) -> Iterator[Row | BadRow]:
    for item in root.xpath("//*[@itemscope][@itemtype]"):
        if item.get("itemtype").strip().rpartition("/")[2] != "Question":
            continue
        names = _properties(item, "name")
        answers = _properties(item, "acceptedAnswer") or _properties(item, "suggestedAnswer")
        texts = _properties(answers[0], "text") if answers else []
        place = f"ligne {item.sourceline}"
        if not names:
            yield BadRow(place, 'La question n\'a pas de nom (« itemprop="name" »).')
            continue
        said = texts[0] if texts else answers[0] if answers else None
        yield Row(place, _value(names[0]), answer_of([said], base) if said is not None else "")


def _properties(item: Element, name: str) -> list[Element]:
    """The elements that give a property of an item: not those of items in it."""
    found = []
    for element in item.iterdescendants():
        if not isinstance(element.tag, str) or name not in (element.get("itemprop") or "").split():
            continue
        owner = next(one for one in element.iterancestors() if one.get("itemscope") is not None)
        if owner is item:
            found.append(element)
    return found


def _value(element: Element) -> str:
    return (element.get("content") or "").strip() or text_of(element)


# Blocks that unfold


def _unfolding(root: Element, base: str) -> Iterator[Row | BadRow]:
    theme = ""
    for element in root.iter("*"):
        if element.tag in HEADINGS and not _is_inside(element, "summary"):
            theme = text_of(element) if element.tag != "h1" else ""
        if element.tag != "details" or element.find(".//details") is not None:
            continue
        place, summary = f"ligne {element.sourceline}", element.find("summary")
        if summary is None or not text_of(summary):
            yield BadRow(place, "Le bloc à déplier n'a pas de titre (« summary »).")
            continue
        rest = [one for one in element if one is not summary]
        between = [summary.tail or "", *(part for one in rest for part in (one, one.tail or ""))]
        above = next((one for one in element.iterancestors("details")), None)
        group = above.find("summary") if above is not None else None
        named = text_of(group) if group is not None else theme
        yield Row(place, text_of(summary), answer_of(between, base), theme=named)


def _is_inside(element: Element, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None
