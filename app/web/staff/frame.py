"""The frame of the staff's pages: navigation, who is logged in, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.staff.sessions import Login
from app.web import texts
from app.web.markup import attribute, escape
from app.web.problems import inner_path
from app.web.staff import words

LOGIN = "chartiste.login"  # the session that the gate has found, in the scope of a request
CSRF = "csrf"  # the field of each form that holds its session's token
FOCUSED = ' tabindex="-1" autofocus'  # the page begins there, without script
# The pages in the order of the navigation; those that the application does not have are left out.
PAGES = (
    ("/staff/", "Accueil"),
    ("/staff/questions", "Ce qui est demandé"),
    ("/staff/fiches", "Fiches"),
    ("/staff/essayer", "Essayer"),
    ("/staff/manquantes", "Sources manquantes"),
    ("/staff/travaux", "Travaux"),
    ("/staff/export", "Exporter, importer"),
    ("/staff/tableau", "Tableau de bord"),
)


def page(
    request: Request,
    title: str,
    body: str,
    *,
    language: str = "fr",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    head: str = "",
) -> HTMLResponse:
    """A whole page around ``body``, which is HTML; with the navigation where one is logged in.

    ``title`` is text; ``head`` is HTML that stands in the head.
    """
    up = up_from(request)
    html = (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="data:,">{head}'
        f"<title>{escape(title)} – {words.SPACE} – {texts.NAME.fr}</title>"
        f'<link rel="stylesheet" href="{up}assets/chartiste.css">'
        f'<link rel="stylesheet" href="{up}assets/staff.css">'
        f'</head><body class="ch-page ch-staff"><a class="ch-skip" href="#contenu">'
        f"{texts.SKIP.said(language)}</a>"
        f"{bar(request)}"
        f'<main id="contenu" tabindex="-1">{body}</main></body></html>'
    )
    return HTMLResponse(html, status, headers)


def bar(request: Request) -> str:
    """The header of every page: the navigation and the way out, where one is logged in."""
    login = login_at(request)
    return (
        f'<header class="ch-bar"><a class="ch-brand" href="{up_from(request)}staff/">'
        f'{texts.NAME.fr} <span class="ch-space">{words.SPACE}</span></a>'
        f"{_inside(request, login) if login else ''}</header>"
    )


def csrf_field(request: Request) -> str:
    """The hidden field that each form of a page must hold; empty where nobody is logged in."""
    login = login_at(request)
    return hidden(CSRF, login.csrf) if login else ""


def hidden(name: str, value: str) -> str:
    """A field that is sent and not shown."""
    return f'<input type="hidden" name="{attribute(name)}" value="{attribute(value)}">'


def login_at(request: Request) -> Login | None:
    """The session that the gate has found for this request."""
    login: Login | None = request.scope.get(LOGIN)
    return login


def up_from(request: Request) -> str:
    """The way from this page to the assistant's: ``../`` for each folder, or ``./``."""
    return "../" * (path_at(request).count("/") - 1) or "./"


def path_at(request: Request) -> str:
    """The path of the request below the proxy's prefix, inside of a mounted application too."""
    scope = request.scope
    return inner_path({**scope, "root_path": scope.get("app_root_path", scope.get("root_path"))})


def going(request: Request, path: str) -> Response:
    """Send the browser to a page of ours, after a form; ``path`` begins with ``/``.

    The address is relative, so that it holds behind any proxy.
    """
    return RedirectResponse(up_from(request) + path[1:], 303)


def bounce(request: Request, address: str, status: int = 200) -> HTMLResponse:
    """A page that opens ``address`` by itself, or by its link.

    Cookies for our own pages alone are not sent along when another site leads here, nor through
    redirections from there: they are when a page of ours opens the next one.
    """
    shown = attribute(address)
    body = f'<h1>{words.GOING_ON}</h1><p><a class="ch-button" href="{shown}">{words.GO_ON}</a></p>'
    head = f'<meta http-equiv="refresh" content="0;url={shown}">'
    return page(request, words.GOING_ON, body, status=status, head=head)


def alert(sentence: str, focused: bool = False) -> str:
    """What went wrong, read out as soon as the page is there; empty for an empty sentence.

    It is ``focused`` where no field that is wrong takes the focus.
    """
    shown, focus = escape(sentence), FOCUSED if focused else ""
    return f'<p class="ch-alert" id="erreur" role="alert"{focus}>{shown}</p>' if sentence else ""


def done(sentence: str) -> str:
    """What has been done; empty for an empty sentence."""
    return f'<p class="ch-done" role="status">{escape(sentence)}</p>' if sentence else ""


def _inside(request: Request, login: Login) -> str:
    """The navigation, the account and the way out: a menu in a narrow window, and in a browser that
    knows of no other way to show a part of the page by its width (see ``staff.css``).
    """
    up, path = up_from(request), path_at(request)
    shown = getattr(request.app.state, "staff_pages", PAGES)
    current = max((at for at, _ in shown if _holds(at, path)), key=len, default="")
    items = "".join(
        f'<li><a href="{up}{at[1:]}"{_marked(at == current)}>{escape(label)}</a></li>'
        for at, label in shown
    )
    person = login.person
    who = f"{escape(person.name)} ({words.ROLES[person.role]})"
    return (
        f'<details class="ch-menu"><summary>{words.MENU}</summary>'
        f'<nav aria-label="{words.SPACE}"><ul>{items}</ul></nav><div class="ch-who">'
        f'<a href="{up}staff/compte"{_marked(path == "/staff/compte")}>'
        f'<span class="ch-invisible">{words.ACCOUNT} : </span>{who}</a>'
        f'<form method="post" action="{up}staff/logout">{csrf_field(request)}'
        f"<button>{words.LOGOUT}</button></form></div></details>"
    )


def _holds(page: str, path: str) -> bool:
    """Whether ``path`` is a page of the navigation, or one below it."""
    return path == page or (page != "/staff/" and path.startswith(f"{page.rstrip('/')}/"))


def _marked(current: bool) -> str:
    return ' aria-current="page"' if current else ""
