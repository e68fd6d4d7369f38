"""A release: one immutable index, built aside, verified, and then only read.

::

    releases/<id>/
      manifest.json     counts, model, content digest, file hashes, what was skipped
      passages.sqlite   documents, passages, sentences with their vectors: the truth
      lexicon/          tantivy's index
      vectors/          Chroma's collection: one vector a passage and one a sentence
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.cache import CachedEmbeddings, Progress
from ingest.documents import Document, Passage
from ingest.errors import ModelMismatch, ReleaseDamaged, StoreError, reason
from ingest.lexicon import Lexicon, build_lexicon
from ingest.passages import PassageTable, write_passages
from ingest.store import Store, sync, sync_tree
from ingest.vectors import Vectors, build_vectors

log = logging.getLogger(__name__)

FORMAT = 1  # of everything below releases/<id>/; another one is built anew
_PROBES = 20
_RECIPE = ("documents.py", "french.py", "lexicon.py", "passages.py", "sentences.py", "split.py")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says of itself. ``skipped`` holds (document, reason) pairs."""

    id: str
    created: str
    format: int
    content: str
    model: str
    space: str
    dimension: int
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]
    skipped: tuple[tuple[str, str], ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release.

    Raises:
        ReleaseDamaged: it is missing or cannot be understood.
    """
    try:
        values = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        values["skipped"] = tuple((name, why) for name, why in values["skipped"])
        return Manifest(**values)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ReleaseDamaged(
            f"Le manifeste de la version « {folder.name} » est absent ou abîmé. "
            "Revenez à la précédente avec chartiste rollback, ou relancez chartiste ingest."
        ) from error


def content_digest(documents: Iterable[Document], space: str) -> str:
    """Thirty-two hexadecimal digits that change with anything a release is made from.

    The code that splits and analyses is part of it: a new version of it means a new release.
    """
    digest = hashlib.sha256(f"{FORMAT}\n{space}\n".encode())
    for name in _RECIPE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    for document in documents:
        shown = (asdict(document.source), document.text, document.blocks)
        digest.update(json.dumps(shown, default=asdict, sort_keys=True).encode())
    return digest.hexdigest()[:32]


def build_release(
    folder: Path,
    documents: list[Document],
    passages: list[Passage],
    embeddings: CachedEmbeddings,
    progress: Progress,
) -> dict[str, str]:
    """Write the index of ``passages`` into ``folder``; returns the hashes of its files.

    What an interrupted build left in ``folder`` is thrown away; its vectors are in the cache.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    units = dict(unit for passage in passages for unit in _units(passage))
    rows = embeddings.vectors(list(units.values()), progress)
    vectors = dict(zip(units, rows, strict=True))
    write_passages(folder / "passages.sqlite", documents, passages, vectors)
    build_lexicon(folder / "lexicon", passages)
    build_vectors(folder / "vectors", list(units), list(units.values()), embeddings)
    return _hashes(folder)


def _units(passage: Passage) -> Iterator[tuple[str, str]]:
    yield passage.id, passage.embedded
    for position, sentence in enumerate(passage.sentences):
        yield unit_id(passage.id, position), passage.embedded_sentence(sentence)


def unit_id(passage: str, position: int) -> str:
    """The id under which a sentence's vector is kept."""
    return f"{passage}:{position}"


def _hashes(folder: Path) -> dict[str, str]:
    # Chroma rewrites its files when they are opened: they are verified by their ids and by probes.
    files = [folder / "passages.sqlite", *sorted((folder / "lexicon").rglob("*"))]
    return {
        file.relative_to(folder).as_posix(): _hash(file)
        for file in files
        if file.is_file() and not file.name.startswith(".")
    }


def _hash(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def publish(store: Store, manifest: Manifest) -> None:
    """Verify the release in ``store.building``, sync it to disk and put it in service.

    Raises:
        ReleaseDamaged: it does not pass its verification; the old release stays in service.
    """
    folder = store.building
    (folder / "manifest.json").write_text(
        json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8"
    )
    verify(folder)
    sync_tree(folder)
    folder.rename(store.releases / manifest.id)
    sync(store.releases)
    store.switch(manifest.id)


def verify(folder: Path) -> Manifest:
    """Check a release: hashes, equal counts and ids, and that passages find themselves.

    Raises:
        ReleaseDamaged: with the first thing that is wrong.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        if not (folder / name).is_file() or _hash(folder / name) != expected:
            raise ReleaseDamaged(f"Version « {folder.name} » : le fichier {name} a changé.")
    release = Release(folder)
    try:
        _verify_ids(release)
        _verify_probes(release)
    except sqlite3.Error as error:
        raise ReleaseDamaged(f"Version « {folder.name} » : {error}.") from error
    finally:
        release.close()
    return manifest


def _verify_ids(release: Release) -> None:
    manifest, ids = release.manifest, release.table.ids()
    units = ids | {unit_id(id, n) for id, count in release.table.sizes() for n in range(count)}
    if len(ids) != manifest.passages or release.lexicon.ids() != ids:
        raise ReleaseDamaged("L'index lexical ne tient pas les mêmes passages que le texte.")
    if release.vectors is None or release.vectors.ids() != units:
        raise ReleaseDamaged("Les vecteurs ne couvrent pas tous les passages.")


def _verify_probes(release: Release) -> None:
    ids = sorted(release.table.ids())
    for id in random.Random(0).sample(ids, min(_PROBES, len(ids))):
        entry = release.table.entries([id])[id]
        assert release.vectors is not None
        best = release.vectors.nearest(entry.vector.tolist(), 3)
        if not best or best[0][1] < 0.99:  # itself, or another text that says the same
            raise ReleaseDamaged(f"Le passage {id} ne se retrouve pas par son vecteur.")
        terms = entry.passage_terms
        if terms and not release.lexicon.search(sorted(terms)[:30], 1, {"text": 1.0, "title": 1.0}):
            raise ReleaseDamaged(f"Le passage {id} ne se retrouve pas par ses mots.")


class Release:
    """An open release. Safe to use from several threads; :meth:`close` frees what it holds.

    ``vectors`` is None when Chroma's files cannot be opened: the lexicon then answers alone.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        if self.manifest.format != FORMAT:
            raise ReleaseDamaged(
                f"La version « {folder.name} » vient d'une autre version de Chartiste : "
                "relancez chartiste ingest."
            )
        self.table = PassageTable(folder / "passages.sqlite")
        self.lexicon = Lexicon(folder / "lexicon")
        self.vectors: Vectors | None = None
        self._opened: Vectors | None = None
        try:
            self._opened = Vectors(folder / "vectors")
            self._opened.probe(self.manifest.dimension)
            self.vectors = self._opened
        except ReleaseDamaged as error:
            log.error("release %s: the lexicon answers alone: %s", self.id, error)

    @property
    def id(self) -> str:
        return self.manifest.id

    def give_up_vectors(self) -> None:
        """Answer by words alone from now on; what others are reading is closed with the release."""
        self.vectors = None

    def require_space(self, space: str, model: str = "") -> None:
        """Refuse questions embedded in another vector space than the release's.

        ``model`` is the name of the model that embeds them, for the message.

        Raises:
            ModelMismatch: naming both models, and both ways out.
        """
        built = self.manifest
        if space != built.space:
            raise ModelMismatch(
                f"La version {self.id} a été construite avec le modèle "
                f"{_model(built.model, built.space)}, et le modèle réglé est "
                f"{_model(model or space, space)} : relancez chartiste ingest, ou rétablissez "
                f"CHARTISTE_EMBEDDING={built.model}"
            )

    def close(self) -> None:
        """Free files and clients."""
        self.table.close()
        self.lexicon.close()
        if self._opened is not None:
            self._opened.close()


def _model(name: str, space: str) -> str:
    return f"« {name} »" if name == space else f"« {name} » (espace « {space} »)"


def open_current(store: Store) -> Release:
    """The release in service.

    Raises:
        NoRelease: there is none yet.
        StoreError: it cannot be read.
    """
    id = store.serving()
    try:
        return Release(store.path(id))
    except OSError as error:
        raise StoreError(f"La version {id} ne peut pas être lue ({reason(error)}).") from error
