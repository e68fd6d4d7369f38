"""What files say around the entries; what is read of such a file again is known by it."""

from __future__ import annotations

TITLE = "Foire aux questions"
NO_THEME = "Autres questions"
SOURCES = "Sources"
OTHERS = "Autres formulations"
ORIGINAL = "Ouvrir l'original"
