"""Somebody of the staff, as pages and stores know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["redactor", "validator"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who does something, and what they may do."""

    name: str
    role: Role

    @property
    def validates(self) -> bool:
        """Whether they may publish."""
        return self.role == "validator"


# Who an ingest and a command are in the history of an entry: no account may be named so.
INGESTION = Person("ingestion", "validator")
IMPORT = Person("import", "validator")
