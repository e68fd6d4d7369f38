"""``chartiste releases``, ``rollback`` and ``prompts``."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from functools import partial

from app import console
from app.commands.following import follow_release, shown_followed
from app.commands.opening import open_model
from app.settings import Settings
from ingest.errors import ChartisteError
from ingest.release import Manifest, read_manifest, verify
from ingest.store import Store


def releases(options: Namespace, settings: Settings) -> None:
    """List the releases."""
    store = Store.of(settings.ingest)
    current = store.current()
    manifests: list[Manifest] = []
    for id in store.ids():
        try:
            manifests.append(read_manifest(store.path(id)))
        except ChartisteError as error:
            console.tell(str(error))
    if options.json:
        shown = [asdict(manifest) | {"current": manifest.id == current} for manifest in manifests]
        console.say_json({"current": current, "releases": shown})
    elif manifests:
        console.say(console.shown_releases(manifests, current))
    else:
        console.say(f"Aucune version dans « {store.folder} » : lancez chartiste ingest.")


def rollback(options: Namespace, settings: Settings) -> None:
    """Put an earlier release back in service, once it has passed its verification."""
    store = Store.of(settings.ingest)
    store.path(options.id or store.previous())  # before anything is created
    with store.writing():
        before = store.current()
        id = options.id or store.previous()
        verify(store.path(id), store.server)
        store.switch(id)
    faq = follow_release(settings, partial(open_model, settings))
    if options.json:
        told = {"release": id, "previous": before}
        console.say_json(told | ({"faq": faq} if faq else {}))
        return
    console.say(f"Version {id} en service (avant : {before or 'aucune'}).")
    if faq and (shown := shown_followed(faq)):
        console.say(shown)


def prompts(options: Namespace, settings: Settings) -> None:
    """Read the prompts and render them with sample values.

    Raises:
        SettingsError: one of them is wrong; a line for each of its mistakes.
    """
    from app.prompts import check_prompts

    read = list(check_prompts(settings.prompts))
    if options.json:
        told = [{"name": p.name, "language": p.language, "file": str(p.file)} for p in read]
        console.say_json({"ok": True, "prompts": told})
        return
    for prompt in read:
        console.say(f"✓ {prompt.file} : {prompt.purpose}")
