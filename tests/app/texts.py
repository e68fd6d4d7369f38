"""The sheets the tests of ``app`` ask about, and what is built from them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ingest.job import ingest
from ingest.report import Report
from ingest.settings import IngestSettings
from tests.fakes import FakeModel

CHARTER = """---
title: La charte d’alliance
publisher: CITEGO
date: 2019-12
url: https://exemple.fr/charte
kind: charte
---
# La charte d’alliance

Pierre Calame et Julian Perdrigeat ont écrit la charte d’alliance.
Elle a été publiée en décembre 2019.

## Qui peut signer la charte ?

Toute collectivité peut signer la charte. La signature est gratuite et ne crée aucune obligation.

## Objectifs

La charte fixe quatre objectifs :

- relier les territoires entre eux ;
- former les élus et les techniciens ;
- raconter les transitions en cours ;
- peser sur les politiques nationales.

## Combien coûte l’adhésion ?

L’adhésion annuelle coûte cinquante euros. Elle est offerte aux communes rurales.
Leur maire envoie un courrier. Le trésorier encaisse les chèques.
"""

AGENCY = """---
title: L’ALEC07, agence de l’énergie
publisher: ALEC07
url: https://exemple.fr/alec07
kind: article
---
# L’ALEC07, agence de l’énergie

L’ALEC07 est l’agence locale de l’énergie et du climat de l’Ardèche. Son siège se trouve à Privas.

## Rejoindre la Fabrique

Le bureau de l’ALEC07 a décidé le 4 mars 2025 de rejoindre la Fabrique des transitions.
Il a voté à l’unanimité.

## Où lire les comptes rendus ?

Les comptes rendus du bureau se consultent au siège de l’agence, sur rendez-vous.
"""

# Windows newlines and a character beyond the first plane: offsets count neither twice.
STATUTES = (
    "Les statuts de la Fabrique 🌱\r\n\r\n"
    "La Fabrique des transitions est une association déclarée en préfecture. "
    "L’assemblée générale élit neuf administrateurs.\r\n\r\n"
    "Le président convoque l’assemblée générale\r\nchaque année au printemps.\r\n"
)

GLOSSARY = """# Glossaire

## Sobriété

La sobriété énergétique consiste à réduire les consommations superflues :
chauffage, éclairage, déplacements.

## PCAET

Un PCAET est un plan climat-air-énergie territorial.
Il engage l’intercommunalité et ses agences pour six ans.
"""

SHEETS = {
    "charte.md": CHARTER,
    "alec07.md": AGENCY,
    "statuts.txt": STATUTES,
    "glossaire.md": GLOSSARY,
}


def write(folder: Path, sheets: dict[str, str]) -> Path:
    """The folder, created, with these sheets in it, byte for byte."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sheets.items():
        (folder / name).write_bytes(text.encode())
    return folder


def settled(store: Path) -> None:
    """Make the store of the four sheets: a copy of one that is built once."""
    publish(store, SHEETS)


def publish(store: Path, sheets: dict[str, str], kept: int = 3) -> Report:
    """Put a release of these sheets, and of no other, in service.

    The first of a store is a copy of one that is built once.
    """
    folder = write(store.with_name(f"{store.name}-fiches"), sheets)
    for file in folder.iterdir():
        if file.name not in sheets:
            file.unlink()
    if store.exists():
        return _built(folder, store, kept)
    first, report = _first(tuple(sheets.items()))
    shutil.copytree(first, store)
    return report


@cache
def _first(sheets: tuple[tuple[str, str], ...]) -> tuple[Path, Report]:
    home = Path(tempfile.mkdtemp(prefix="chartiste-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = write(home / "store-fiches", dict(sheets))
    return home / "store", _built(folder, home / "store", 3)


def _built(folder: Path, store: Path, kept: int) -> Report:
    return ingest([folder], IngestSettings(store=store, releases_kept=kept), FakeModel())
