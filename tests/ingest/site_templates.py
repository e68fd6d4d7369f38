"""The pages of the test site as nine content management systems would frame its texts.

A template is a class: how it writes each block, and the frame of menus, banners, side columns and
forms around them. Whatever stands in a frame is noise, hidden or not.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from typing import ClassVar

from tests.ingest.site_texts import Part, runs

SITE = "Maison de l’énergie"
ENTRIES = (
    ("charte-des-toits", "Nos projets"), ("guide-isolation", "Rénover"),
    ("horaires", "Nous trouver"), ("adhesion", "Nous soutenir"), ("donnees", "Chiffres"),
)  # fmt: skip
RELATED = (
    ("Deux villages s’équipent", "Un reportage photographique chez nos voisins du plateau."),
    ("La fête approche", "Le programme complet de la journée vient d’être imprimé."),
    ("Offre d’emploi", "Nous recrutons une personne pour tenir l’accueil cet hiver."),
)
COOKIES = (
    "Nous utilisons des traceurs pour mesurer l’audience. Vous pouvez les accepter ou les refuser, "
    "et changer d’avis à tout moment depuis notre politique de confidentialité."
)
LEGAL = "Mentions légales"
ABOUT = "Un service soutenu par la région, le département et ses communes adhérentes."
SHARE = ("Partager sur Facebook", "Partager sur LinkedIn", "Envoyer par courriel", "Imprimer")


def menu(css: str = "menu", tag: str = "ul") -> str:
    item = "li" if tag in ("ul", "ol") else "div"
    links = "".join(f'<{item}><a href="/{to}">{name}</a></{item}>' for to, name in ENTRIES)
    return f'<{tag} class="{css}">{links}</{tag}>'


def shares(css: str) -> str:
    links = "".join(f'<li><a href="#" rel="nofollow">{name}</a></li>' for name in SHARE)
    return f'<div class="{css}"><h3>Partager</h3><ul>{links}</ul></div>'


def related(css: str, heading: str = "h3") -> str:
    cards = "".join(
        f'<div class="card"><h4><a href="/a">{title}</a></h4><p>{words}</p></div>'
        for title, words in RELATED
    )
    return f'<div class="{css}"><{heading}>À lire aussi</{heading}>{cards}</div>'


def search() -> str:
    return (
        '<form action="/recherche" role="search"><label for="q">Rechercher</label>'
        '<input id="q" name="q"><button>Lancer</button></form>'
    )


class Template:
    """How a content management system writes a page; a subclass overrides what is its own."""

    shift: ClassVar[int] = 0  # what is added to the level of a section's heading
    heads_title: ClassVar[bool] = True  # whether the title stands in a heading
    heads_question: ClassVar[int] = 0  # the level of the heading that a question is
    heads_notes: ClassVar[bool] = False  # whether « Notes » stands above the footnotes
    paragraph = "<p>{0}</p>"
    heading = "<h{level}>{0}</h{level}>"
    quote = "<blockquote><p>{0}</p></blockquote>"
    caption = '<figure><img src="/i.jpg" alt=""><figcaption>{0}</figcaption></figure>'
    question = "<details><summary>{0}</summary><p>{1}</p></details>"
    call = '<sup><a href="#note-{0}" id="appel-{0}">{0}</a></sup>'
    list = "<{0}>{1}</{0}>"
    item = "<li>{0}</li>"
    table = "<table>{0}</table>"
    notes = '<hr><ol class="footnotes">{0}</ol>'
    note = '<li id="note-{n}">{0} <a href="#appel-{n}">↩</a></li>'
    charset = "utf-8"

    def page(self, path: str, parts: tuple[Part, ...]) -> str:
        """The whole page."""
        title = parts[0].plain[0]
        head, body = self.head(path, title), self.frame(title, "".join(self.body(parts[1:])))
        return f'<!DOCTYPE html>\n<html lang="fr"><head>{head}</head><body>{body}</body></html>'

    def head(self, path: str, title: str) -> str:
        return (
            f'<meta charset="{self.charset}"><title>{title} - {SITE}</title>'
            f'<meta property="og:site_name" content="{SITE}">'
        )

    def frame(self, title: str, body: str) -> str:
        raise NotImplementedError

    def body(self, parts: tuple[Part, ...]) -> Iterator[str]:
        for run in runs(parts):
            yield self._run(run)

    def _run(self, run: list[Part]) -> str:
        first = run[0]
        pieces = [self._calls(piece) for piece in first.markup]
        match first.kind:
            case "item" | "step":
                name = "ul" if first.kind == "item" else "ol"
                return self.list.format(name, "".join(self._items(run)))
            case "row":
                return self.table.format("".join(self._rows(run)))
            case "term":
                return "<dl>{}</dl>".format(
                    "".join(f"<dt>{one.markup[0]}</dt><dd>{one.markup[1]}</dd>" for one in run)
                )
            case "note":
                return self.notes.format(
                    "".join(self.note.format(one.markup[0], n=one.level) for one in run)
                )
            case "heading":
                return self.heading.format(*pieces, level=first.level + self.shift)
            case "question":
                return self.question.format(*pieces, zlib.crc32(pieces[0].encode()))
            case kind:
                return str(getattr(self, kind).format(*pieces))

    def _calls(self, piece: str) -> str:
        return re.sub(r"\{(\d)\}", lambda found: self.call.format(found[1]), piece)

    def _items(self, run: list[Part]) -> Iterator[str]:
        for index, part in enumerate(run):
            if part.kind == "below":
                continue
            below = [one.markup[0] for one in _below(run[index + 1 :])]
            nested = "<ul>{}</ul>".format("".join(map(self.item.format, below))) if below else ""
            yield self.item.format(part.markup[0] + nested)

    def _rows(self, run: list[Part]) -> Iterator[str]:
        for index, part in enumerate(run):
            cell = "td" if index else "th"
            cells = "".join(f"<{cell}>{piece}</{cell}>" for piece in part.markup)
            yield f"<tr>{cells}</tr>"


def _below(parts: list[Part]) -> Iterator[Part]:
    for part in parts:
        if part.kind != "below":
            return
        yield part


class WordPress(Template):
    """A classic theme, with a plugin of metadata and one of sharing."""

    def head(self, path: str, title: str) -> str:
        described = {
            "@context": "https://schema.org", "@type": "Article", "headline": title,
            "datePublished": "2023-04-11T09:00:00+02:00", "author": {"name": "Aline Verdier"},
        }  # fmt: skip
        return super().head(path, title) + (
            f'<meta property="og:title" content="{title}">'
            '<meta property="article:published_time" content="2023-04-11T09:00:00+02:00">'
            '<meta name="author" content="Aline Verdier">'
            f'<script type="application/ld+json">{json.dumps(described)}</script>'
        )

    def frame(self, title: str, body: str) -> str:
        return (
            '<div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">'
            'Aller au contenu</a><header id="masthead" class="site-header"><p class="site-title">'
            f'<a href="/">{SITE}</a></p><nav id="site-navigation">{menu()}</nav></header>'
            '<div id="content"><div id="primary" class="content-area"><main id="main">'
            '<article class="post type-post hentry"><header class="entry-header">'
            f'<h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="posted-on">'
            'Publié le <time datetime="2023-04-11">11 avril 2023</time></span><span class="byline">'
            ' par <a href="/author/aline">Aline Verdier</a></span></div></header>'
            f'<div class="entry-content">{body}{shares("sharedaddy sd-sharing-enabled")}'
            f'{related("jp-relatedposts")}</div><footer class="entry-footer"><span '
            'class="cat-links">Classé dans <a href="/c">Actualités</a></span></footer></article>'
            '<nav class="post-navigation"><a rel="prev" href="/p">Article précédent</a></nav>'
            '<div id="comments"><h2>Laisser un commentaire</h2><form><p>Votre adresse ne sera pas '
            "publiée.</p><textarea></textarea></form></div></main></div>"
            f'<aside id="secondary" class="widget-area">{search()}<section class="widget"><h2>'
            f'Catégories</h2>{menu("cats")}</section></aside></div><footer id="colophon" '
            f'class="site-footer"><p>{ABOUT}</p><a href="/m">{LEGAL}</a></footer></div>'
            f'<div id="cookie-notice" role="dialog"><p>{COOKIES}</p><button>Accepter</button></div>'
            "<noscript><p>Ce site demande JavaScript.</p></noscript>"
        )


class Spip(Template):
    """The squelette of a French agency of the 2000s; sections are third-level headings."""

    shift = 1
    heads_notes = True
    heading = '<h{level} class="spip">{0}</h{level}>'
    call = (
        '<span class="spip_note_ref">&nbsp;[<a href="#nb{0}" class="spip_note" rel="appendix" '
        'id="nh{0}">{0}</a>]</span>'
    )
    list = '<{0} class="spip">{1}</{0}>'
    table = '<table class="table spip"><tbody>{0}</tbody></table>'
    quote = '<blockquote class="spip"><p>{0}</p></blockquote>'
    caption = (
        '<div class="spip_document_4 spip_documents"><figure class="spip_doc_inner"><img alt="" '
        'src="/i.jpg"><figcaption class="spip_doc_legende"><div class="spip_doc_titre">{0}</div>'
        "</figcaption></figure></div>"
    )
    question = '<p><strong>{0}</strong><br class="autobr">\n{1}</p>'
    notes = '</div><div class="notes surlignable"><h2 class="pas_surlignable">Notes</h2>{0}'
    note = (
        '<div id="nb{n}"><p><span class="spip_note_ref">[<a href="#nh{n}" class="spip_note" '
        'title="Notes {n}" rev="appendix">{n}</a>]&nbsp;</span>{0}</p></div>'
    )

    def frame(self, title: str, body: str) -> str:
        return (
            '<div class="page"><div class="header" id="header"><strong id="logo_site_spip">'
            f'<a rel="start home" href="/">{SITE}</a></strong>{search()}</div>'
            f'<div class="nav clearfix" id="nav">{menu()}</div><div class="main"><div '
            'class="wrapper hfeed" id="wrapper"><div class="content" id="content"><p class="arbo">'
            '<a href="/">Accueil</a> &gt; <a href="/r">Actualités</a> &gt; '
            f'<strong class="on">{title}</strong></p><div class="cartouche"><h1 class="crayon '
            f'entry-title">{title}</h1><p class="info-publi">Publié le <abbr class="published">'
            '3 février 2009</abbr>, par <span class="vcard author">Karim</span></p></div>'
            f'<div class="surlignable"><div class="texte entry-content">{body}</div></div>'
            '<a href="#forum" class="repondre">Répondre à cet article</a></div></div><div '
            f'class="aside" id="aside"><div class="menu rubriques"><h2>Rubriques</h2>{menu()}</div>'
            '<div class="liste articles"><h2>Dans la même rubrique</h2><ul><li><a href="/a">'
            f'{RELATED[0][0]}</a></li><li><a href="/b">{RELATED[1][0]}</a></li></ul></div></div>'
            f'</div><div class="footer" id="footer"><p class="generator">Réalisé sous SPIP</p>'
            f"<a href='/plan'>Plan du site</a> | <a href='/m'>{LEGAL}</a></div></div>"
        )


class Joomla(Template):
    """Tables for layout and paragraphs parted by line breaks, in latin-1."""

    charset = "iso-8859-1"
    heads_title = False
    shift = 1
    paragraph = '<font face="Arial" size="2">{0}</font><br><br>\n'
    quote = "<em>« {0} »</em><br><br>"
    caption = '<img src="/i.jpg"><br><small>{0}</small><br><br>'
    question = "<b>{0}</b><br>{1}<br><br>"
    call = '<a href="#n{0}"><sup>({0})</sup></a>'
    table = '<table border="1" cellpadding="2">{0}</table>'
    notes = "<hr>{0}"
    note = '<a name="n{n}"></a><font size="1">{0}</font><br>'

    def page(self, path: str, parts: tuple[Part, ...]) -> str:
        return super().page(path, parts).replace("<!DOCTYPE html>", "").replace("’", "'")

    def head(self, path: str, title: str) -> str:
        return (
            '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">'
            f"<title>{title}</title><script>var menu = 'Accueil';</script>"
        )

    def frame(self, title: str, body: str) -> str:
        links = "".join(
            f'<tr><td><a class="mainlevel" href="/{to}">{name}</a></td></tr>'
            for to, name in ENTRIES
        )
        return (
            f'<table width="100%"><tr><td colspan="3" class="banner">{SITE}</td></tr>'
            f'<tr><td colspan="3" class="pathway"><a href="/">Accueil</a> » {title}</td></tr>'
            f'<tr valign="top"><td width="150" id="leftcolumn"><table class="moduletable">'
            f"<tr><th>Menu principal</th></tr>{links}</table>{search()}</td>"
            '<td class="mainbody"><table class="contentpaneopen"><tr><td class="contentheading">'
            f'{title}</td><td class="buttonheading"><a href="?pdf=1">PDF</a> <a href="?print=1">'
            'Version imprimable</a></td></tr></table><table class="contentpaneopen"><tr><td '
            f'class="createdate">Mardi 3 mars 2009</td></tr><tr><td valign="top">{body}</td></tr>'
            '</table><a class="backlink" href="/">[ Retour ]</a></td>'
            '<td width="150" id="rightcolumn"><table class="moduletable"><tr><th>Sondage</th></tr>'
            "<tr><td>Que pensez-vous du nouveau site ?<form><input type=radio>Bien<input "
            "type=radio>Moyen</form></td></tr></table></td></tr><tr><td colspan=3 id=footer>"
            f"{ABOUT}<br>Propulsé par Joomla</td></tr></table>"
        )


class Drupal(Template):
    """Fields inside nodes inside regions; blocks beside them."""

    table = '<div class="table-responsive"><table class="table">{0}</table></div>'
    item = "<li><p>{0}</p></li>"
    list = '<div class="item-list"><{0}>{1}</{0}></div>'

    def _items(self, run: list[Part]) -> Iterator[str]:
        for item in super()._items(run):
            yield item.replace("<ul>", "</p><ul>").replace("</ul></p>", "</ul>")

    def head(self, path: str, title: str) -> str:
        return super().head(path, title).replace(" - ", " | ") + (
            f'<link rel="canonical" href="https://energie.exemple.fr{path}">'
            '<meta property="og:updated_time" content="2022-11-05T10:12:00+01:00">'
        )

    def frame(self, title: str, body: str) -> str:
        return (
            '<div class="dialog-off-canvas-main-canvas"><header role="banner"><div class="region '
            'region-header"><div class="site-name">'
            f'{SITE}</div></div><nav role="navigation" class="block block-menu"><h2 '
            f'class="visually-hidden">Navigation principale</h2>{menu("menu nav")}</nav></header>'
            '<div class="region region-breadcrumb"><nav class="breadcrumb"><h2 class='
            '"visually-hidden">Fil d’Ariane</h2><ol><li><a href="/">Accueil</a></li></ol></nav>'
            '</div><main role="main"><div class="region region-content"><h1 class="page-header">'
            f'<span class="field field--name-title">{title}</span></h1><nav class="tabs"><ul><li>'
            '<a class="is-active" href="">Voir</a></li><li><a href="edit">Modifier</a></li></ul>'
            '</nav><article class="node node--type-page"><div class="node__content"><div class='
            f'"clearfix text-formatted field field--name-body field__item">{body}</div>'
            '<div class="field field--name-field-tags"><div class="field__label">Étiquettes</div>'
            '<div class="field__item"><a href="/t">énergie</a></div></div><ul class="links inline">'
            '<li><a href="/user/login">Se connecter</a> pour publier des commentaires</li></ul>'
            '</div></article></div></main><aside class="region region-sidebar-second"><div class='
            f'"block block-views">{related("view-content", "h2")}</div><div class="block '
            'block-newsletter"><h2>Lettre d’information</h2><p>Recevez chaque mois nos actualités '
            'dans votre boîte.</p><form><input type="email"><button>Je m’abonne</button></form>'
            f'</div></aside><footer class="region region-footer"><p>{ABOUT}</p>{menu()}</footer>'
            f'</div><div id="sliding-popup" class="eu-cookie-compliance-banner"><h2>{COOKIES}</h2>'
            "<button>Accepter</button><button>Refuser</button></div>"
        )


class Semantic(Template):
    """A recent page by hand: landmarks, sections, and a few traps for the hurried reader."""

    heads_notes = True
    question = "<details><summary>{0}</summary><div><p>{1}</p></div></details>"
    call = '<a href="#note-{0}" role="doc-noteref" id="appel-{0}">{0}</a>'
    notes = '<section role="doc-endnotes"><h2>Notes</h2><ol>{0}</ol></section>'
    note = '<li id="note-{n}"><p>{0} <a role="doc-backlink" href="#appel-{n}">↩︎</a></p></li>'

    def head(self, path: str, title: str) -> str:
        return (
            '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f'<title>{title}</title><meta name="author" content="Solène Marchetti">'
            '<meta name="date" content="2024-02-29">'
        )

    def frame(self, title: str, body: str) -> str:
        return (
            f'<header><a href="/">{SITE}</a><nav aria-label="principale">{menu()}</nav></header>'
            f'<main><article><header><h1>{title}</h1><p class="meta"><time datetime="2024-02-29">'
            "29 février 2024</time></p></header>"
            '<p hidden>Brouillon à ne pas publier.</p><p style="display: none">Texte masqué.</p>'
            f"<template><p>Gabarit vide.</p></template>{body}"
            "<!-- <p>Ancienne version.</p> --></article><aside><h2>À voir</h2><p>Une exposition "
            f"se tient dans le hall.</p>{menu()}</aside></main><footer><p>{ABOUT}</p></footer>"
            f'<dialog open><p>{COOKIES}</p><form method="dialog"><button>D’accord</button></form>'
            "</dialog>"
        )


class Divs(Template):
    """Nothing but nested boxes with computed class names."""

    paragraph = '<div class="css-1x9"><div class="css-p">{0}</div></div>'
    heading = '<div class="css-h"><div><h{level} class="css-44">{0}</h{level}></div></div>'
    list = '<div class="css-l"><{0}>{1}</{0}></div>'
    quote = '<div class="css-q"><div>{0}</div></div>'
    caption = '<div class="css-f"><img src="/i.jpg" alt=""><div class="css-c">{0}</div></div>'
    question = '<div class="css-k"><div>{0}</div></div><div class="css-k2"><div>{1}</div></div>'
    notes = '<div class="css-n">{0}</div>'
    note = '<div id="note-{n}" class="css-n1">{0}</div>'

    def frame(self, title: str, body: str) -> str:
        bar = menu("css-a", "div")
        feet = f'<div class="css-z"><a href="/m">{LEGAL}</a></div><div class="css-z">Presse</div>'
        return (
            '<div id="__next"><div class="css-0"><div class="css-top"><div class="css-b"><a '
            f'href="/">{SITE}</a></div><div class="css-m">{bar}</div></div><div class="css-w"><div '
            f'class="css-w1"><div class="css-w2"><div class="css-hd"><h1 class="css-t">{title}</h1>'
            f'</div><div class="css-bd"><div>{body}</div></div></div></div></div><div class='
            f'"css-ft"><div class="css-fa">{feet}</div></div></div><div class="css-ck" '
            f'style="position:fixed"><div>{COOKIES}</div><button>Tout accepter</button></div></div>'
        )


class Gutenberg(Template):
    """The block editor of WordPress: groups, columns, buttons, accordions."""

    heading = '<h{level} class="wp-block-heading">{0}</h{level}>'
    paragraph = '<div class="wp-block-group is-layout-flow"><p>{0}</p></div>'
    list = '<{0} class="wp-block-list">{1}</{0}>'
    table = '<figure class="wp-block-table"><table><tbody>{0}</tbody></table></figure>'
    quote = '<blockquote class="wp-block-quote"><p>{0}</p></blockquote>'
    caption = (
        '<figure class="wp-block-image"><img src="/i.jpg" alt=""/><figcaption class='
        '"wp-element-caption">{0}</figcaption></figure>'
    )
    question = '<details class="wp-block-details"><summary>{0}</summary><p>{1}</p></details>'
    call = '<sup data-fn="f{0}" class="fn"><a href="#f{0}" id="f{0}-link">{0}</a></sup>'
    notes = '<ol class="wp-block-footnotes">{0}</ol>'
    note = '<li id="f{n}">{0} <a href="#f{n}-link" aria-label="Retour">↩︎</a></li>'

    def frame(self, title: str, body: str) -> str:
        return (
            '<div class="wp-site-blocks"><header class="wp-block-template-part"><p class='
            f'"wp-block-site-title"><a href="/">{SITE}</a></p><nav class="wp-block-navigation">'
            f'{menu("wp-block-navigation__container")}</nav></header><main class="wp-block-group">'
            f'<h1 class="wp-block-post-title">{title}</h1><div class="wp-block-columns"><div class='
            f'"wp-block-column entry-content wp-block-post-content">{body}<div class='
            '"wp-block-buttons"><div class="wp-block-button"><a class="wp-block-button__link" '
            'href="/rdv">Prendre rendez-vous</a></div></div><ul class="wp-block-social-links"><li>'
            '<a href="#">Facebook</a></li></ul></div><div class="wp-block-column sidebar"><h2>'
            'Derniers articles</h2><ul class="wp-block-latest-posts"><li><a href="/a">'
            f'{RELATED[2][0]}</a><div class="wp-block-latest-posts__post-excerpt">{RELATED[2][1]}'
            '</div></li></ul></div></div></main><footer class="wp-block-template-part"><p>'
            f'{ABOUT}</p></footer></div><div class="cmplz-cookiebanner"><p>{COOKIES}</p></div>'
        )


class Elementor(Template):
    """A page builder: each block in its widget, each widget in its section."""

    _open = '<section class="elementor-section"><div class="elementor-container"><div class='
    paragraph = (
        f'{_open}"elementor-widget elementor-widget-text-editor"><div class='
        '"elementor-widget-container"><p>{0}</p></div></div></div></section>'
    )
    heading = (
        f'{_open}"elementor-widget elementor-widget-heading"><h{{level}} class='
        '"elementor-heading-title">{0}</h{level}></div></div></section>'
    )
    heads_question = 3
    question = (
        '<div class="elementor-accordion-item"><h3 class="elementor-tab-title"><a role="button" '
        'aria-controls="tab-{2}">{0}</a></h3><div id="tab-{2}" class="elementor-tab-content" '
        "hidden><p>{1}</p></div></div>"
    )
    list = '<div class="elementor-widget-icon-list">' + Template.list + "</div>"
    item = '<li class="elementor-icon-list-item"><span>{0}</span></li>'
    quote = '<blockquote class="elementor-blockquote"><p>{0}</p></blockquote>'

    def _items(self, run: list[Part]) -> Iterator[str]:
        for item in super()._items(run):
            yield item.replace("<ul>", "</span><ul>").replace("</ul></span>", "</ul>")

    def frame(self, title: str, body: str) -> str:
        return (
            '<header data-elementor-type="header" class="elementor elementor-location-header">'
            f'<a href="/">{SITE}</a><nav class="elementor-nav-menu--main">{menu()}</nav></header>'
            '<div data-elementor-type="wp-page" class="elementor"><section class='
            f'"elementor-section"><div class="elementor-widget-heading"><h1 class='
            f'"elementor-heading-title">{title}</h1></div></section>{body}<section class='
            '"elementor-section"><div class="elementor-widget-form"><h2>Une question ?</h2><form>'
            "<label>Votre nom</label><input><label>Votre message</label><textarea></textarea>"
            f"<button>Envoyer</button></form></div></section></div><footer data-elementor-type="
            f'"footer" class="elementor-location-footer"><p>{ABOUT}</p>{menu()}</footer>'
            f'<div id="tarteaucitronRoot"><div id="tarteaucitronAlertBig"><span>{COOKIES}</span>'
            "</div></div>"
        )


class Dsfr(Template):
    """The design system of the French State."""

    paragraph = '<p class="fr-text--lg">{0}</p>'
    table = '<div class="fr-table"><div class="fr-table__wrapper"><table>{0}</table></div></div>'
    quote = '<figure class="fr-quote"><blockquote><p>« {0} »</p></blockquote></figure>'
    heads_question = 3
    question = (
        '<section class="fr-accordion"><h3 class="fr-accordion__title"><button class='
        '"fr-accordion__btn" aria-expanded="false" aria-controls="a-{2}">{0}</button></h3><div '
        'class="fr-collapse" id="a-{2}"><p>{1}</p></div></section>'
    )
    caption = (
        '<figure class="fr-content-media"><div class="fr-content-media__img"><img src="/i.jpg" '
        'alt=""></div><figcaption class="fr-content-media__caption">{0}</figcaption></figure>'
    )

    def frame(self, title: str, body: str) -> str:
        return (
            '<div class="fr-skiplinks"><nav role="navigation"><ul><li><a href="#main">Contenu</a>'
            '</li></ul></nav></div><header role="banner" class="fr-header"><p class="fr-logo">'
            f'République<br>fictive</p><div class="fr-header__service">{SITE}</div>{search()}'
            f'<nav class="fr-nav">{menu("fr-nav__list")}</nav></header><div class="fr-notice"><p '
            'class="fr-notice__title">Alerte canicule : appelez le numéro vert.</p></div><main '
            'role="main" id="main"><div class="fr-container"><nav role="navigation" class='
            '"fr-breadcrumb" aria-label="vous êtes ici :"><ol><li><a href="/">Accueil</a></li><li>'
            f'<a aria-current="page">{title}</a></li></ol></nav><div class="fr-grid-row"><div '
            'class="fr-col-3"><nav class="fr-sidemenu"><div class="fr-sidemenu__title">Dans cette '
            f'rubrique</div>{menu("fr-sidemenu__list")}</nav></div><div class="fr-col-9"><h1>'
            f'{title}</h1><nav class="fr-summary"><p class="fr-summary__title">Sommaire</p><ol><li>'
            f'<a href="#s1">Aller au détail</a></li></ol></nav>{body}'
            f'{shares("fr-share")}</div></div></div></main><div class="fr-follow"><h2>Abonnez-vous '
            "à notre lettre</h2><p>Une fois par mois, sans publicité.</p><form><input></form></div>"
            f'<footer class="fr-footer" role="contentinfo"><p>{ABOUT}</p><ul><li><a href="/m">'
            f'{LEGAL}</a></li></ul></footer><div class="fr-consent-banner"><h2>À propos des '
            f"cookies</h2><p>{COOKIES}</p></div>"
        )


TEMPLATES: tuple[Template, ...] = (
    WordPress(), Spip(), Joomla(), Drupal(), Semantic(), Divs(), Gutenberg(), Elementor(), Dsfr(),
)  # fmt: skip
