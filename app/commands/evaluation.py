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


def evaluate(options: Namespace, settings: Settings) -> None:
    """Measure answers on questions whose answers are known.

    Raises:
        SettingsError: those of a language model are asked for, and none is set.
    """
    from app.evaluate.command import evaluate as run

    author = _author(settings) if options.generated else None
    run(options, settings, open_model(settings), author)


def _author(settings: Settings) -> Author:
    from app.evaluate.author import Author, Meter

    model = load_chat_model(settings)
    if model is None:
        raise SettingsError("--generated mesure un modèle de langue : réglez CHARTISTE_MODEL.")
    meter = Meter(model)
    return Author(model.name, new_writer(meter, settings), meter)
