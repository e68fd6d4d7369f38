"""What is said of an import, in the browser and in the terminal."""

from __future__ import annotations

TRIAL = "Essai : rien n'est enregistré"
WITHDRAWN = "Retirées de la FAQ, à relire avant de publier"
LACKING = "Sans appui dans les sources, pour tout ou partie"
SKIPPED = "Laissées de côté"
BAD = "Lignes en erreur"
