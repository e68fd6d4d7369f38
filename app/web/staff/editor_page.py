"""The page of an entry: what is written, what it cites, what was said and done of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from app.answers import Ranked
from app.faq.checking import Verified, loose_ends
from app.faq.citing import Held
from app.faq.entry import Comment, Entry
from app.faq.rules import ANSWER_LIMIT, COMMENT_LIMIT, WHY_LIMIT, may_write
from app.staff.person import Person
from app.web.markup import attribute, escape
from app.web.staff import checked, cited, compared, forms, frame, words
from app.web.staff.entries import badge
from app.web.staff.unsaved import KEY
from app.web.staff.writing import Writing

NEW = "nouvelle"  # the id of an entry that is not saved yet
TITLE = "Nouvelle fiche"
MARKDOWN = (
    "Des paragraphes séparés par une ligne vide, des listes (- ou 1.), du **gras**, des liens "
    "[texte](https://…), et le numéro des citations : [1]."
)
ONE_A_LINE = (
    "Une par ligne. Un citoyen qui pose l'une d'elles reçoit cette réponse : effacez la ligne de "
    "celles qui demandent autre chose."
)
FROM_GROUP = (
    "Elles viennent du groupe de questions dont ce brouillon est fait, et le groupe peut se "
    "tromper : lisez-les toutes."
)
ADDED = "{added} à la fin, et pas encore enregistrée{s} : à lire avant d'enregistrer."
READ_ONLY = {
    "archived": "Cette fiche est archivée : rétablissez-la pour la modifier.",
    "published": (
        "Cette fiche est publiée : seule une personne qui valide peut la modifier. Dites dans un "
        "commentaire ce qui devrait changer."
    ),
}
CONFLICT = (
    "Cette fiche a été modifiée par quelqu'un d'autre pendant que vous écriviez. Rien n'a été "
    "enregistré, et rien n'est perdu : votre texte est ci-dessous, suivi de celui qui est "
    "enregistré. Reprenez ce qu'il faut, puis enregistrez."
)
CONFLICT_CLOSED = (
    "Quelqu'un d'autre a changé cette fiche pendant que vous l'écriviez, et vous ne pouvez plus la "
    "modifier. Rien n'est enregistré, et rien n'est perdu : votre texte est ci-dessous, à copier."
)
WAITING, TAKE_UP = "Vous avez écrit ici un texte qui n'est pas enregistré.", "Le reprendre"
FORGET, YOURS = "Oublier ce texte", "Votre texte, qui n'est pas enregistré"
TWINS = (
    "Une autre fiche a la même question ou la même formulation. Deux fiches publiées n'ont pas la "
    "même question, et une formulation qui leur est commune ne désigne ni l'une ni l'autre :"
)
COMPARE = "Comparer l'ancien texte et celui d'aujourd'hui"
ANYWAY = "Publier malgré les phrases qui ne sont pas confirmées : je les ai relues."


@dataclass(frozen=True, slots=True)
class Editing:
    """All that the page shows. ``entry`` is None while it is not saved yet.

    ``proposals`` are passages that may stand in place of citations, by their numbers; ``twins``
    are other entries that have one of its questions. ``conflict`` is set when somebody else
    changed the entry meanwhile: ``writing`` is not based on it.
    ``is_of_group``: it was made of a group of questions, and was not published yet.
    ``is_hindered``: something besides unconfirmed sentences keeps it from being published.
    ``added`` is how many phrasings its address added, at the end of the others.
    ``comment`` is one that was refused. ``key`` is that of the text while it is not saved, and
    ``waiting`` that of another one, of this person, which is not shown.
    """

    person: Person
    entry: Entry | None
    writing: Writing
    sentences: Sequence[Verified]
    proposals: Mapping[int, Held]
    results: Sequence[Ranked]
    comments: Sequence[Comment]
    themes: Sequence[str]
    twins: Sequence[Entry]
    agency: str
    faults: Sequence[str] = ()
    done: str = ""
    conflict: Entry | None = None
    is_of_group: bool = False
    is_hindered: bool = False
    added: int = 0
    comment: str = ""
    key: str = ""
    waiting: str = ""

    @property
    def id(self) -> str:
        """The last step of its address."""
        return self.entry.id if self.entry else NEW

    @property
    def may_edit(self) -> bool:
        """Whether this person may change what is written."""
        return self.entry is None or may_write(self.entry, self.person)


def show(request: Request, editing: Editing, status: int = 200) -> HTMLResponse:
    """The page."""
    entry = editing.entry
    title = entry.edit.question if entry else TITLE
    body = "".join(_parts(request, editing, title))
    return frame.page(request, title, body, status=status)


def _parts(request: Request, editing: Editing, title: str) -> Iterator[str]:
    entry, up = editing.entry, frame.up_from(request)
    at = f"{up}staff/fiches/{editing.id}"  # from the page of a late change of status too
    yield f'<p><a href="{up}staff/fiches">Toutes les fiches</a></p><h1>{escape(title)}</h1>'
    yield forms.done(editing.done)
    if editing.waiting:
        yield _waiting(request, editing, at)
    if editing.conflict:
        yield forms.alert([CONFLICT if editing.may_edit else CONFLICT_CLOSED])
    if editing.faults:
        yield forms.alert(editing.faults)
    if entry:
        yield _about(entry, at)
        yield _lost(editing)
    if editing.may_edit:
        yield _twins(editing.twins, up)
    if editing.writing.answer and editing.writing.is_short:
        loose = loose_ends(editing.writing.edit)
        yield checked.verification(editing.sentences, loose)
    if editing.may_edit:
        yield _form(request, editing, at, up)
    elif entry:
        yield f'<p class="ch-done">{escape(READ_ONLY[entry.status])}</p>'
        if editing.conflict or editing.key:
            yield _yours(editing.writing)
    if editing.conflict:
        yield _other(editing.conflict, editing.writing)
    yield checked.preview(
        editing.writing.edit, entry, up, editing.agency, opened=not editing.may_edit
    )
    if entry:
        yield _statuses(request, entry, editing.person, at)
        yield _comments(request, editing, at)


def _waiting(request: Request, editing: Editing, at: str) -> str:
    """That a text is not saved: the way to it, and a button that forgets it."""
    way = attribute(f"{at}?{KEY}={editing.waiting}#fiche")
    inner = frame.hidden(KEY, editing.waiting) + forms.button(FORGET, "oublier", quiet=True)
    return (
        f'<div class="ch-done"><p>{WAITING} <a href="{way}">{TAKE_UP}</a></p>'
        f"{forms.post_form(request, at, inner)}</div>"
    )


def _yours(written: Writing) -> str:
    """What somebody wrote of an entry that they may not change any more, to be copied."""
    said = "\n\n".join(filter(None, (written.question, written.variants, written.answer)))
    return (
        f'<label for="votre-texte">{YOURS}</label>'
        f'<textarea id="votre-texte" rows="10" readonly>\n{escape(said)}</textarea>'
    )


def _about(entry: Entry, at: str) -> str:
    rows = [
        ("Statut", badge(entry.status)),
        ("Version", str(entry.version)),
        ("Écrite par", escape(entry.author)),
        ("Changée le", forms.moment(entry.changed)),
    ]
    if entry.validator and entry.published:
        rows.append(("Validée par", f"{escape(entry.validator)}, {forms.moment(entry.published)}"))
    rows.append(("Historique", f'<a href="{attribute(at)}/historique">Voir les changements</a>'))
    why = f'<p class="ch-alert">{escape(entry.why)}</p>' if entry.why else ""
    return f"{why}{forms.facts(rows)}"


def _twins(twins: Sequence[Entry], up: str) -> str:
    """The ways to other entries on the same question."""
    items = "".join(
        f'<li><a href="{up}staff/fiches/{attribute(one.id)}">{escape(one.edit.question)}</a> '
        f"{badge(one.status)}</li>"
        for one in twins
    )
    return f'<div class="ch-alert"><p>{TWINS}</p><ul>{items}</ul></div>' if twins else ""


def _lost(editing: Editing) -> str:
    """The way to each citation that is not in its source any more."""
    numbers = [one.cited.number for one in editing.writing.citations if one.place is None]
    links = ", ".join(f'<a href="#citation-{n}">[{n}]</a>' for n in numbers)
    return f"<p>{COMPARE} : {links}.</p>" if links and editing.may_edit else ""


def _form(request: Request, editing: Editing, at: str, up: str) -> str:
    writing = editing.writing
    themes = "".join(f'<option value="{attribute(one)}">' for one in editing.themes)
    fields = (
        forms.text_field("question", "Question", writing.question),
        forms.text_area(
            "variantes",
            words.FORMULATIONS,
            writing.variants,
            hint=" ".join(_hints(editing)),
            rows=max(5, min(12, writing.variants.count("\n") + 2)),
        ),
        forms.text_field("theme", "Thème", writing.theme, options="themes"),
        f'<datalist id="themes">{themes}</datalist>',
        forms.text_area(
            "reponse", "Réponse", writing.answer, hint=MARKDOWN, most=ANSWER_LIMIT, rows=10
        ),
    )
    inner = (
        # What the key « Enter » does in a field: nothing that cannot be undone.
        '<button name="faire" value="entree" hidden></button>'
        f"{frame.hidden('version', str(writing.version))}{frame.hidden(KEY, editing.key)}"
        f"{''.join(fields)}"
        f"{cited.citations(writing.citations, editing.proposals, at, up)}"
        f"{cited.search(writing.search, editing.results, at)}{_buttons(editing, at)}"
    )
    form = forms.post_form(request, at, inner, "ch-editor")
    return f'<section aria-labelledby="fiche"><h2 id="fiche">La fiche</h2>{form}</section>'


def _hints(editing: Editing) -> Iterator[str]:
    """What is said of the other phrasings: where they come from, and what they do."""
    if editing.added:
        told = forms.plural(editing.added, "formulation ajoutée", "formulations ajoutées")
        yield ADDED.format(added=told, s="s" if editing.added > 1 else "")
    elif editing.is_of_group and editing.writing.variants.strip():
        yield FROM_GROUP
    yield ONE_A_LINE


def _buttons(editing: Editing, at: str) -> str:
    entry, person = editing.entry, editing.person
    status = entry.status if entry else "draft"
    why = forms.text_field(
        "pourquoi", "Ce que vous avez changé, ou pourquoi (facultatif)", editing.writing.why,
        most=WHY_LIMIT,
    )  # fmt: skip
    shown = [
        forms.button("Enregistrer", "enregistrer"),
        forms.button("Vérifier sans enregistrer", "verifier", quiet=True, to=f"{at}#verification"),
    ]
    if status in ("draft", "review"):
        shown.append(forms.button("Enregistrer et soumettre", "soumettre", quiet=True))
    if person.validates and status in ("draft", "submitted", "review"):
        shown.append(forms.button("Enregistrer et publier", "publier", quiet=True))
    anyway = ""
    unconfirmed = any(not one.supported for one in editing.sentences)
    if person.validates and unconfirmed and not editing.is_hindered:
        anyway = (
            '<p class="ch-check"><input type="checkbox" id="malgre" name="malgre" value="oui">'
            f' <label for="malgre">{ANYWAY}</label></p>'
        )
    return f'{why}{anyway}<div class="ch-actions ch-save">{"".join(shown)}</div>'


def _other(current: Entry, writing: Writing) -> str:
    """What somebody else saved meanwhile, and what of it your text would change."""
    edit = current.edit
    changes = compared.between(edit, writing.edit) or "<p>Les deux textes disent la même chose.</p>"
    return (
        '<section id="enregistre" class="ch-block" aria-labelledby="enregistre-titre">'
        f'<h2 id="enregistre-titre">Ce qui est enregistré (version {current.version})</h2>'
        f"<h3>{escape(edit.question)}</h3>"
        f'<p class="ch-both-text">{escape(edit.answer)}</p>'
        f"<h3>Ce que votre texte y changerait</h3>{changes}"
        f'<p class="ch-hint">{compared.LEGEND}</p></section>'
    )


def _statuses(request: Request, entry: Entry, person: Person, at: str) -> str:
    """The changes of status that need no text of the form."""
    ways: list[tuple[str, str, bool]] = []
    if person.validates:
        if entry.status == "submitted":
            ways.append(("renvoyer", "Renvoyer en brouillon", True))
        if entry.status == "published":
            ways.append(("revoir", "Mettre à revoir", True))
        if entry.status == "archived":
            ways.append(("retablir", "Rétablir en brouillon", False))
        else:
            ways.append(("archiver", "Archiver", False))
    if not ways:
        return ""
    shown = "".join(_status(request, entry, at, *way) for way in ways)
    return (
        f'<section aria-labelledby="statut"><h2 id="statut">Changer le statut</h2>{shown}</section>'
    )


def _status(
    request: Request, entry: Entry, at: str, value: str, label: str, needs_why: bool
) -> str:
    id = f"raison-{value}"
    required = " required" if needs_why else ""
    optional = "" if needs_why else " (facultatif)"
    inner = (
        f"{frame.hidden('version', str(entry.version))}"
        f'<label for="{id}">Pourquoi{optional}</label>'
        f'<input id="{id}" name="pourquoi" maxlength="{WHY_LIMIT}"{required}>'
        f"{forms.button(label, value, quiet=True)}"
    )
    form = forms.post_form(request, f"{at}/statut", inner)
    return f'<details class="ch-block"><summary>{label}</summary>{form}</details>'


def _comments(request: Request, editing: Editing, at: str) -> str:
    said = "".join(
        f'<li><p class="ch-meta">{escape(one.who)}, {forms.moment(one.at)}</p>'
        f'<p class="ch-both-text">{escape(one.text)}</p></li>'
        for one in editing.comments
    )
    area = forms.text_area(
        "commentaire", "Votre commentaire", editing.comment, most=COMMENT_LIMIT, rows=3
    )
    form = forms.post_form(
        request,
        f"{at}/commentaire",
        area + forms.button("Commenter", quiet=True),
        "ch-editor",
    )
    listed = f'<ul class="ch-list">{said}</ul>' if said else "<p>Aucun commentaire.</p>"
    return (
        '<section id="commentaires" tabindex="-1" aria-labelledby="commentaires-titre">'
        f'<h2 id="commentaires-titre">Commentaires</h2>{listed}{form}</section>'
    )
