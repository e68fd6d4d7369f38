"""``chartiste faq calibrate``: what tells like questions apart, fitted to the model in use."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from app import console
from app.commands.opening import open_model
from app.faq.likeness import load_likeness, own_file, save_likeness
from app.settings import Settings
from ingest.settings import shipped
from ingest.store import in_french

if TYPE_CHECKING:
    from app.evaluate.intent_figures import Worth

_QUESTIONS = ("data", "golden", "intents.csv")
_NEAR_MISSES = ("data", "golden", "near-misses.csv")
_KEPT = (
    "Calibrage écrit dans « {file} » : il sert dès le prochain démarrage. Effacez ce fichier pour "
    "revenir à celui d'avant."
)


def calibrate(options: Namespace, settings: Settings) -> None:
    """Fit what tells whether two questions ask the same, and keep it in the store.

    Raises:
        SettingsError: a file of questions cannot be read, or the result cannot be written.
        ModelError: the model fails.
        StoreError: nothing can be written into the store.
    """
    from app.evaluate.fit_likeness import fitted_likeness
    from app.evaluate.intent_figures import worth_of
    from app.evaluate.labelled import embedded, read_near_misses, read_together

    model, store = open_model(settings), settings.ingest.store
    before = load_likeness(model.space, store)
    files = [shipped(*_QUESTIONS), *options.files]
    lines = read_together(files)
    file = own_file(store, model.space)
    with in_french(store):
        file.parent.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=file.parent).close()  # what cannot be kept is not worth the wait
    with console.Steps() as steps:
        rows = embedded(lines, model, steps)
        misses = read_near_misses(shipped(*_NEAR_MISSES), model)
        names = [file.name for file in (*files, shipped(*_NEAR_MISSES))]
        fitted = fitted_likeness(model.space, rows, names, misses=misses, step=steps)
        held_out = [row for row in rows if row.is_held_out]
        worth = []
        for done, one in enumerate((before, fitted), start=1):
            worth.append(worth_of(held_out, one))
            steps("Mesure", done, 2)
    _show(options, file, fitted.heard.questions, *worth)
    save_likeness(fitted, file.parent)
    console.tell(_KEPT.format(file=file))


def _show(options: Namespace, file: Path, learnt: int, before: Worth, after: Worth) -> None:
    from app.evaluate.intent_figures import as_text

    if options.json:
        told = {"before": before.as_json(), "after": after.as_json()}
        console.say_json({"file": str(file), "fitted_on": learnt, "held_out": told})
    else:
        console.say(as_text(before, after))
