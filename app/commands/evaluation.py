"""``chartiste eval``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from app.commands.opening import new_writer, open_model
from app.model import load_chat_model
from app.settings import Settings
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from app.evaluate.author import Author
    from app.evaluate.cases import Case


def evaluate(options: Namespace, settings: Settings) -> None:
    """Measure answers on questions whose answers are known.

    Raises:
        SettingsError: there is nothing to ask, or answers of a language model are asked for, and
            none is set.
        RecordsError: the FAQ is asked for, and there is none.
    """
    from app.evaluate.command import evaluate as run

    if not (options.files or options.faq):
        raise SettingsError("Donnez un fichier de questions, ou --faq.")
    published = _published(settings) if options.faq else []
    author = _author(settings) if options.generated else None
    run(options, settings, open_model(settings), author, published)


def _published(settings: Settings) -> list[Case]:
    """The questions of the published entries."""
    from app.commands.faq import entries_of
    from app.evaluate.published import cases_of

    if cases := cases_of(entries_of(settings, {"published"})):
        return cases
    raise SettingsError("Aucune fiche n'est publiée : --faq n'a rien à demander.")


def _author(settings: Settings) -> Author:
    from app.evaluate.author import Author, Meter

    model = load_chat_model(settings)
    if model is None:
        raise SettingsError("--generated mesure un modèle de langue : réglez CHARTISTE_MODEL.")
    meter = Meter(model)
    return Author(model.name, new_writer(meter, settings), meter)
