"""A release: one immutable index, built aside, verified, and then only read.

::

    releases/<id>/
      manifest.json     counts, model, content digest, file hashes, what was skipped
      passages.sqlite   documents, passages, sentences with their vectors: the truth
      lexicon/          tantivy's index
      vectors/          Chroma's collection: one vector a passage and one a sentence; it is the
                        collection chartiste-<id> of a Chroma server when one is set
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import sqlite3
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import (
    ModelMismatch,
    ReleaseDamaged,
    StoreError,
    VectorsUnreachable,
    reason,
)
from ingest.lexicon import Lexicon
from ingest.passages import PassageTable
from ingest.seal import file_digest
from ingest.store import Store
from ingest.vectors import COLLECTION, PREFIX, Place, Vectors, drop

log = logging.getLogger(__name__)

FORMAT = 2  # of everything below releases/<id>/; another one is built anew
_PROBES = 20
_RECIPE = ("documents.py", "draft.py", "french.py", "lexicon.py", "sentences.py", "split.py")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a release says of itself.

    ``served`` tells that its vectors are in a Chroma server; ``skipped`` holds (document, reason)
    pairs.
    """

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
    served: bool = False
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


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of a release."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def content_salt(space: str, server: str | None) -> str:
    """What the content of a release depends on besides its documents.

    The code that splits and analyses is part of it: a new version of it means a new release.
    """
    digest = hashlib.sha256(f"{FORMAT}\n{space}\n{server is not None}\n".encode())
    for name in _RECIPE:
        digest.update(Path(__file__).with_name(name).read_bytes())
    return digest.hexdigest()


def place_of(folder: Path, id: str, server: str | None) -> Place:
    """Where the vectors of a release are: in its folder, or in a Chroma server."""
    if server:
        return Place(f"{PREFIX}{id}", url=server)
    return Place(COLLECTION, folder=folder / "vectors")


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of the files of a release, by their names.

    Chroma rewrites its files when they are opened: they are verified by their ids and by probes.
    """
    files = [folder / "passages.sqlite", *sorted((folder / "lexicon").rglob("*"))]
    return {
        file.relative_to(folder).as_posix(): digest
        for file in files
        if not file.name.startswith(".") and (digest := file_digest(file))
    }


def verify_files(folder: Path) -> Manifest:
    """Check that the files of a release are those that were built.

    Raises:
        ReleaseDamaged: naming the first one that is not.
    """
    manifest = read_manifest(folder)
    for name, expected in manifest.files.items():
        if file_digest(folder / name) != expected:
            raise ReleaseDamaged(f"Version « {folder.name} » : le fichier {name} a changé.")
    return manifest


def verify(folder: Path, server: str | None = None) -> Manifest:
    """Check a release: hashes, equal counts and ids, and that passages find themselves.

    Raises:
        ReleaseDamaged: with the first thing that is wrong.
    """
    manifest = verify_files(folder)
    release = Release(folder, server)
    try:
        _verify_ids(release)
        _verify_probes(release)
    except sqlite3.Error as error:
        raise ReleaseDamaged(f"Version « {folder.name} » : {error}.") from error
    finally:
        release.close()
    return manifest


def _verify_ids(release: Release) -> None:
    table, lexicon, vectors = release.table, release.lexicon, release.vectors
    if len(lexicon) != release.manifest.passages or not lexicon.holds(table.ids()):
        raise ReleaseDamaged("L'index lexical ne tient pas les mêmes passages que le texte.")
    if vectors is None or not vectors.holds(table.units()):
        raise ReleaseDamaged("Les vecteurs ne couvrent pas tous les passages.")


def _verify_probes(release: Release) -> None:
    for id in release.table.sample(_PROBES):
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

    def __init__(self, folder: Path, server: str | None = None) -> None:
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
            self._opened = Vectors(self._place(server))
            self.vectors = self._opened
            self._opened.probe(self.manifest.dimension)
        except VectorsUnreachable as error:  # the server may come back
            log.error("Version %s : les mots seuls répondent pour l'instant. %s", self.id, error)
        except StoreError as error:
            self.vectors = None
            log.error("Version %s : les mots seuls répondent. %s", self.id, error)

    @property
    def id(self) -> str:
        return self.manifest.id

    def _place(self, server: str | None) -> Place:
        if self.manifest.served and not server:
            raise StoreError(
                "Ses vecteurs sont dans un serveur Chroma : rétablissez CHARTISTE_CHROMA_URL, "
                "ou relancez chartiste ingest."
            )
        return place_of(self.folder, self.id, server if self.manifest.served else None)

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


def drop_release(store: Store, id: str) -> None:
    """Delete a release, and its collection in the Chroma server if it has one."""
    with contextlib.suppress(StoreError):  # damaged, or a server that does not answer
        if read_manifest(store.path(id)).served and store.server:
            drop(place_of(store.path(id), id, store.server))
    store.remove(id)


def _model(name: str, space: str) -> str:
    return f"« {name} »" if name == space else f"« {name} » (espace « {space} »)"


def open_current(store: Store) -> Release:
    """The release in service; an older one when it is damaged, and that is logged.

    Raises:
        NoRelease: there is none yet.
        StoreError: it cannot be read, and no older one can.
    """
    id = store.serving()
    try:
        return open_release(store, id)
    except ReleaseDamaged as error:
        for older in (one for one in store.ids() if one < id):
            with contextlib.suppress(StoreError):
                release = open_release(store, older)
                log.error("%s La version %s sert à sa place.", error, older)
                return release
        raise


def open_release(store: Store, id: str) -> Release:
    """A release, whose files are those that were built.

    Raises:
        NoRelease: the store does not hold it.
        StoreError: it cannot be read.
    """
    try:
        verify_files(store.path(id))
        return Release(store.path(id), store.server)
    except OSError as error:
        raise StoreError(f"La version {id} ne peut pas être lue ({reason(error)}).") from error
