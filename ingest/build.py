"""A release in the making: step by step, each done once whatever interrupts it.

::

    incoming.sqlite      documents are gathered there
    building/            passages -> lexicon -> vectors -> verified, and synced to disk after each
    building.json        which release that is, and which steps are done
    releases/<id>/       renamed there once it is whole
    current              replaced atomically

A build that was killed is taken up after its last step when the same documents come again, and
thrown away when others come. Vectors that were computed are in the cache in both cases.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingest.cache import CachedEmbeddings
from ingest.documents import Document, Passage
from ingest.draft import Draft
from ingest.embed import EmbeddingModel
from ingest.errors import ChartisteError
from ingest.lexicon import build_lexicon
from ingest.machines import Machines
from ingest.passages import units
from ingest.progress import Step
from ingest.release import FORMAT, Manifest, hashes, place_of, verify, write_manifest
from ingest.settings import IngestSettings
from ingest.split import split
from ingest.store import Store, sync, sync_tree
from ingest.vectors import VectorWriter, drop

Lap = Callable[[str], None]
Accept = Callable[[Path], None]

_PASSAGES = 256  # embedded and written at once: about a thousand vectors
_VECTORS = 2_000  # handed to Chroma at once


def anything(_: Path) -> None:
    """Accept every release."""


@dataclass(frozen=True, slots=True)
class State:
    """What ``building.json`` says of the release in the making."""

    id: str
    content: str
    served: bool
    done: tuple[str, ...] = ()


class Build:
    """Builds and publishes one release; the store's write lock is held around it."""

    def __init__(
        self,
        settings: IngestSettings,
        store: Store,
        model: EmbeddingModel,
        machines: Machines,
        step: Step,
        lap: Lap,
        accept: Accept = anything,
    ) -> None:
        self._settings = settings
        self._store = store
        self._model = model
        self._machines = machines
        self._step = step
        self._lap = lap
        self._accept = accept
        self.embedded = 0

    def run(self, incoming: Path, content: str, skipped: tuple[tuple[str, str], ...]) -> Manifest:
        """Put a release of the documents in ``incoming`` in service, and return its manifest.

        Raises:
            ReleaseDamaged: it does not pass its verification; the old one stays in service.
            ChartisteError: what ``accept`` raises of it: it is thrown away, its vectors are kept.
        """
        state = self._begin(incoming, content)
        folder = self._store.building
        draft = Draft(folder / "passages.sqlite")
        try:
            for name, make in (
                ("passages", self._passages), ("lexicon", self._lexicon), ("vectors", self._vectors)
            ):  # fmt: skip
                if name not in state.done:
                    make(draft, state)
                    sync_tree(folder)
                    state = replace(state, done=(*state.done, name))
                    self._write(state)
            counts = draft.counts()
        finally:
            draft.close()
        self._lap("indexation")
        manifest = Manifest(
            id=state.id,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            format=FORMAT,
            content=content,
            model=self._model.name,
            space=self._model.space,
            dimension=self._model.dimension,
            documents=counts.documents,
            passages=counts.passages,
            sentences=counts.sentences,
            files=hashes(folder),
            served=state.served,
            skipped=skipped,
        )
        self._publish(manifest)
        self._lap("vérification")
        return manifest

    def _begin(self, incoming: Path, content: str) -> State:
        """The state to go on from, with the draft in place."""
        known, folder = self._read(), self._store.building
        if known and known.content == content and known.done and folder.is_dir():
            return known
        self.clear(known)
        folder.mkdir(parents=True)
        os.replace(incoming, folder / "passages.sqlite")
        served = self._settings.chroma_url is not None
        state = State(self._store.new_id(datetime.now(UTC), content), content, served)
        self._write(state)
        return state

    def clear(self, known: State | None) -> None:
        """Throw away an interrupted build, and its collection."""
        if known and known.served and self._settings.chroma_url:
            drop(place_of(self._store.building, known.id, self._settings.chroma_url))
        shutil.rmtree(self._store.building, ignore_errors=True)
        self._state.unlink(missing_ok=True)

    @property
    def _state(self) -> Path:
        return self._store.folder / "building.json"

    def _read(self) -> State | None:
        try:
            values = json.loads(self._state.read_text(encoding="utf-8"))
            return State(**{**values, "done": tuple(values["done"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def _write(self, state: State) -> None:
        waiting = self._state.with_suffix(".new")
        with waiting.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, self._state)
        sync(self._store.folder)

    def _passages(self, draft: Draft, state: State) -> None:
        draft.clear_passages()
        embeddings = CachedEmbeddings(self._model, self._store.cache)
        try:
            total = self._missing(draft, embeddings)
            self._lap("découpage")
            if total:
                told = partial(self._tell, total, 0)
                self._machines.embed(draft.documents(), embeddings, told)
            for group in _groups(draft.documents()):
                texts = dict(unit for passage in group for unit in units(passage))
                told = partial(self._tell, total, embeddings.embedded)
                rows = embeddings.vectors(list(texts.values()), told)
                draft.add_passages(group, dict(zip(texts, rows, strict=True)))
            draft.finish()
            self._step("Calcul des vecteurs", embeddings.embedded, embeddings.embedded)
            self.embedded = embeddings.embedded
        finally:
            embeddings.close()
        self._lap("vecteurs")

    def _tell(self, total: int, before: int, done: int, _: int) -> None:
        self._step("Calcul des vecteurs", before + done, total)

    def _missing(self, draft: Draft, embeddings: CachedEmbeddings) -> int:
        """How many vectors are to be computed (one that two passages share may count twice)."""
        documents, missing = draft.counts().documents, 0
        for number, document in enumerate(draft.documents(), start=1):
            texts = [text for passage in split(document) for _, text in units(passage)]
            missing += embeddings.missing(texts)
            self._step("Découpage", number, documents)
        return missing

    def _lexicon(self, draft: Draft, state: State) -> None:
        folder = self._store.building / "lexicon"
        shutil.rmtree(folder, ignore_errors=True)
        total = draft.counts().passages
        build_lexicon(folder, self._counted(draft.texts(), "Index des mots", total))

    def _vectors(self, draft: Draft, state: State) -> None:
        place = place_of(self._store.building, state.id, self._server(state))
        shutil.rmtree(self._store.building / "vectors", ignore_errors=True)
        total, done = draft.counts().units, 0
        with VectorWriter(place, self._model.dimension, total) as writer:
            for ids, vectors, texts in draft.vectors(_VECTORS):
                writer.add(ids, vectors, texts)
                done += len(ids)
                self._step("Index des vecteurs", done, total)

    def _server(self, state: State) -> str | None:
        return self._settings.chroma_url if state.served else None

    def _counted(self, rows: Iterator[Any], step: str, total: int) -> Iterator[Any]:
        for number, row in enumerate(rows, start=1):
            yield row
            if number % 500 == 0 or number == total:
                self._step(step, number, total)

    def _publish(self, manifest: Manifest) -> None:
        folder, server = self._store.building, self._settings.chroma_url
        write_manifest(folder, manifest)
        try:
            verify(folder, server)
            self._accept(folder)
        except ChartisteError:
            self.clear(self._read())  # whatever was wrong with it must not be taken up again
            raise
        sync_tree(folder)
        folder.rename(self._store.releases / manifest.id)
        sync(self._store.releases)
        self._store.switch(manifest.id)
        self._state.unlink(missing_ok=True)


def _groups(documents: Iterator[Document]) -> Iterator[list[Passage]]:
    """The passages of all documents, some hundreds at a time."""
    group: list[Passage] = []
    for document in documents:
        for passage in split(document):
            group.append(passage)
            if len(group) == _PASSAGES:
                yield group
                group = []
    if group:
        yield group
