"""What is on a page and is not its text: menus, banners, forms, side columns, hidden text.

Everything here errs on the side of the text: a box that holds the title or most of the page is
kept, whatever its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ingest.parse.markup import BLOCKS, HEADINGS, Element, drop, fold, text_of

_NO_TEXT = (
    "script style template noscript svg iframe object embed applet canvas audio video head "
    "nav dialog select textarea input datalist option progress meter map"
).split()
_ROLES = frozenset(
    "navigation banner contentinfo search dialog alertdialog menu menubar toolbar complementary "
    "tablist tooltip alert status".split()
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|content-visibility\s*:\s*hidden"
    r"|(?:^|[;\s])(?:font-size|(?:max-)?height|(?:max-)?width|opacity)\s*:\s*0(?:\.0+)?"
    r"(?:px|em|rem|pt|%)?\s*(?:!important\s*)?(?:;|$)"
    r"|(?:text-indent|left|top|right)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]",
    re.I,
)
_FLOATING = re.compile(r"position\s*:\s*(?:fixed|sticky)", re.I)
_HIDDEN_NAMES = re.compile(
    r"(?<![a-z])(?:visually-?hidden|sr-only|screen-reader-text|element-invisible|u-hidden)(?![a-z])"
)
# Names of classes and ids, whole words of them, as French sites and their systems use them.
_NAMES = re.compile(
    r"(?<![a-z])(?:"
    r"cookies?|consent|gdpr|rgpd|tarteaucitron\w*|cmplz|cookiebanner|didomi|axeptio\w*|orejime"
    r"|sliding-popup|eu-cookie-compliance-banner"
    r"|breadcrumbs?|fil-?d?-?ariane|arbo|pathway|hierarchie"
    r"|shar(?:e|es|ing|e-?bar)|sharedaddy|addtoany\w*|addthis\w*|social(?:-?(?:links?|icons?|media))?"
    r"|social-links|partager|follow"
    r"|sidebar|side-?menu|widget-area|colophon|masthead|site-(?:header|footer|branding|navigation)"
    r"|(?:page|main|region|location)-(?:footer)|region-(?:header|sidebar-\w+)|location-header"
    r"|skip-?links?|menu|sub-?menu|main-?menu|navbar|nav-?menu|navigation|topbar|tool-?bar|toplinks"
    r"|related|relatedposts|jp-relatedposts|similar-posts|lire-aussi|latest-posts|recent-posts"
    r"|menu-entree|rubriques|comments|comment-(?:list|form|respond)|respond|disqus\w*|forum"
    r"|repondre|pagination|pager|post-navigation|nav-links|prev-next"
    r"|newsletter\w*|subscribe|search-?form|login|user-login"
    r"|entry-(?:meta|footer)|post-meta|article-meta|byline|posted-on|info-publi|submitted|createdate"
    r"|modifydate|article-info|buttonheading|backlink|back-?to-?top|print-?link|cat-links"
    r"|field--name-field-tags|tag-?list|tags-links|links inline"
    r"|pop-?up|modal|overlay|lightbox|advert\w*|adsbygoogle|sponsor\w*|copyright|fr-notice"
    r"|toc|table-of-contents|sommaire|summary__title|fr-summary|lang(?:uage)?-switch\w*"
    r"|wp-block-button|fr-header|fr-footer|fr-consent-\w+|headerlink|anchor-link|leftcolumn|rightcolumn"
    r")(?![a-z])"
)
_WHOLE_NAMES = frozenset({"meta", "nav", "header", "footer", "share", "aside", "banner", "menu"})
_INVITES = re.compile(
    r"(?:(?:à|a)\s+)?(?:lire|voir|découvrir|consulter)\s+(?:aussi|également)\b"
    r"|sur le même (?:sujet|thème)|(?:articles?|contenus?|pages?) (?:liée?s|similaires|associée?s)"
    r"|(?:derniers|autres) articles|dans la même rubrique|partager?(?: (?:cet|cette|la|l)\b.*)?$"
    r"|laisser un commentaire|aller plus loin\s*:?$|suivez-nous|articles? (?:précédent|suivant)",
    re.I,
)
_COOKIES = re.compile(r"cookies?\b|traceurs?\b|consentement|mesure[rs]? (?:l.|d.)audience", re.I)
_CHOICE = re.compile(r"accepter|refuser|d.accord|j.accepte|continuer|ok\b|fermer", re.I)
_CALL = re.compile(
    r"[\s\[\](){}*†‡,;]*\d{0,3}[a-z]?[\s\[\](){}*†‡,;.]*\Z|[↩↑⤴^¶#§↵\ufe0e\ufe0f\s]+\Z"
)
_LONGEST_BANNER = 1_500  # characters
_MOSTLY = 0.5  # the share of the page's text from which a box is the page


def prune(root: Element) -> None:
    """Take all furniture out of the tree of a page."""
    _rescue_title(root)
    for element in list(root.iter(*_NO_TEXT)):
        drop(element)
    unfolded = _unfolded(root)
    _drop_all(root, lambda element: _is_hidden(element, unfolded))
    _drop_calls(root)
    _drop_banners(root)
    size = len(text_of(root))
    _drop_all(root, lambda element: _is_furniture(element) and not _is_the_page(element, size))
    _drop_invites(root, size)
    _drop_forms(root, size)
    for button in list(root.iter("button", "label")):
        if not any(above.tag in HEADINGS or above.tag == "summary" for above in _above(button)):
            drop(button)


def _drop_all(root: Element, unwanted: Callable[[Element], bool]) -> None:
    for element in list(root.iter("*")):
        if element.getparent() is not None and unwanted(element):
            drop(element)


def _above(element: Element) -> Iterator[Element]:
    yield from element.iterancestors()


def _name(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _rescue_title(root: Element) -> None:
    """Put a page's only first heading below its banner: some sites write it inside."""
    titles = [one for one in root.iter("h1") if text_of(one)]
    banner = next((e for e in root.iter("header") if _is_site_wide(e)), None)
    if banner is None or len(titles) != 1 or banner not in list(_above(titles[0])):
        return
    if any((link.get("href") or "") in ("/", "./", "index.php") for link in titles[0].iter("a")):
        return  # the site's name
    title = titles[0]
    drop(title)
    title.tail = None
    banner.addnext(title)


def _is_site_wide(element: Element) -> bool:
    return not any(up.tag in ("article", "main", "section", "blockquote") for up in _above(element))


def _unfolded(root: Element) -> set[str]:
    """The ids of panels that a button in a heading, or a tab, unfolds: their text is the page's."""
    ids: set[str] = set()
    for opener in root.xpath("//*[@aria-controls]"):
        near = [opener, *list(_above(opener))[:2]]
        names = " ".join(map(_name, near))
        if any(one.tag in HEADINGS for one in near) or re.search(r"accord(?:i|é)on", names):
            ids.update((opener.get("aria-controls") or "").split())
    return ids


def _is_hidden(element: Element, unfolded: set[str]) -> bool:
    if element.tag in ("html", "body"):
        return False
    if _HIDDEN_NAMES.search(_name(element)):
        return True
    hidden = (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDING.search(element.get("style") or ""))
    )
    return hidden and element.get("id") not in unfolded


def _drop_calls(root: Element) -> None:
    """The numbers that lead to footnotes and the arrows that lead back, with their brackets."""
    for link in list(root.iter("a")):
        target = link.get("href") or ""
        if "#" not in target or not _CALL.match(text_of(link)):
            continue
        outer, parent = link, link.getparent()
        while parent is not None and parent.tag in ("sup", "span", "small", "font"):
            if not _CALL.match(text_of(parent)):
                break
            outer, parent = parent, parent.getparent()
        _trim_brackets(outer)
        drop(outer)


def _trim_brackets(element: Element) -> None:
    tail = element.tail or ""
    before, parent = element.getprevious(), element.getparent()
    text = (before.tail if before is not None else parent.text) or ""
    if not (text.rstrip().endswith(("[", "(")) and tail.lstrip().startswith(("]", ")"))):
        return
    element.tail = tail.lstrip()[1:]
    if before is not None:
        before.tail = text.rstrip()[:-1]
    else:
        parent.text = text.rstrip()[:-1]


def _drop_banners(root: Element) -> None:
    """What floats over the page, and what asks for consent with a button."""
    for box in list(root.iter("div", "section", "aside", "form")):
        if box.getparent() is None:
            continue
        text = text_of(box) if _may_float(box) else ""
        if not text or len(text) > _LONGEST_BANNER:
            continue
        asks = _COOKIES.search(text) and any(
            _CHOICE.search(text_of(button)) for button in box.iter("button", "a")
        )
        if asks or _FLOATING.search(box.get("style") or ""):
            if next(box.iter("h1", "main", "article"), None) is None:
                drop(box)


def _may_float(box: Element) -> bool:
    floats = _FLOATING.search(box.get("style") or "")
    return bool(floats) or next(box.iter("button"), None) is not None


def _is_furniture(element: Element) -> bool:
    tag = element.tag
    if tag in HEADINGS or tag in ("html", "body", "main", "article", "a"):
        return False
    if element.get("role") in _ROLES:
        return True
    match tag:
        case "footer":
            return not any(up.tag == "blockquote" for up in _above(element))
        case "header":
            return _is_site_wide(element)
        case "aside":
            return not any(up.tag == "article" for up in _above(element)) or _are_links(element)
        case "ul" | "ol" | "div" | "section" | "p" | "span" | "td" | "table" | "figure" | "dl":
            names = _name(element)
            return bool(_NAMES.search(names)) or not _WHOLE_NAMES.isdisjoint(names.split())
        case _:
            return False


def _is_the_page(element: Element, size: int) -> bool:
    if next(element.iter("h1", "main"), None) is not None:
        return True
    return len(text_of(element)) > _MOSTLY * size


def _are_links(element: Element) -> bool:
    linked = sum(len(text_of(link)) for link in element.iter("a"))
    return linked > 0.5 * max(1, len(text_of(element)))


def _drop_invites(root: Element, size: int) -> None:
    """« À lire aussi » and its like: the box they head, or the line they are."""
    for line in list(root.iter(*HEADINGS, "p", "strong", "b", "div", "li")):
        parent = line.getparent()
        if parent is None or len(line) > 3 or not _INVITES.match(fold(line.text_content())[:80]):
            continue
        if line.tag in ("p", "li", "div"):
            if _are_links(line):
                drop(line)
        elif _heads(line, parent) and not _is_the_page(parent, size):
            drop(parent)
        elif line.tag in HEADINGS:
            _drop_section(line)


def _heads(line: Element, parent: Element) -> bool:
    return parent.tag in BLOCKS and parent.index(line) == 0 and not (parent.text or "").strip()


def _drop_section(heading: Element) -> None:
    """A heading and the links that follow it; a text that follows is no such section's."""
    follower = heading.getnext()
    while follower is not None and follower.tag not in HEADINGS and _are_links(follower):
        following = follower.getnext()
        drop(follower)
        follower = following
    drop(heading)


def _drop_forms(root: Element, size: int) -> None:
    """Forms, with the box that held nothing else but their heading; not the one round a page."""
    for form in list(root.iter("form", "fieldset")):
        box = form.getparent()
        if box is None or _is_the_page(form, size):
            continue
        drop(form)
        headings = sum(len(text_of(one)) for one in box.iter(*HEADINGS))
        if box.tag != "body" and len(text_of(box)) <= headings + 2:
            drop(box)
