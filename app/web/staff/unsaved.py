"""What is in the editor and not saved, kept for who wrote it: each page of it has an address.

A page that is the answer to a form cannot be come back to: the browser would send the form again,
or shows an error. The last texts are in the memory of this process, and go with it.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass

from starlette.datastructures import FormData

from app.web.staff.frame import CSRF

KEY = "ecrit"  # the field of the form, and the part of the address
_KEPT = 20  # the last ones of a person
_MOST = 5_000_000  # characters of everybody's


@dataclass(frozen=True, slots=True)
class _Text:
    """The fields of a form, whose they are, and of which entry."""

    owner: str
    entry: str
    fields: tuple[tuple[str, str], ...]


class Unsaved:
    """The texts of all of the staff. Safe to use from several threads."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, _Text] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, owner: str, entry: str, form: FormData) -> str:
        """Keep a form, in place of the text whose page it comes from; returns its key."""
        said = tuple(
            (name, value) for name, value in form.multi_items()
            if isinstance(value, str) and name not in (CSRF, KEY)
        )  # fmt: skip
        key = str(form.get(KEY, ""))
        with self._lock:
            if not self._is_of(key, owner, entry):
                key = secrets.token_urlsafe(12)
            self._texts[key] = _Text(owner, entry, said)
            self._texts.move_to_end(key)
            self._make_room(owner)
        return key

    def _make_room(self, owner: str) -> None:
        """Forget the oldest texts of a person who has too many, then those of anybody."""
        own = [key for key, text in self._texts.items() if text.owner == owner]
        for key in own[:-_KEPT]:
            del self._texts[key]
        while len(self._texts) > 1 and sum(map(_size, self._texts.values())) > _MOST:
            self._texts.popitem(last=False)

    def find(self, key: str, owner: str, entry: str) -> FormData | None:
        """The form of a key, when it is of that person and that entry."""
        with self._lock:
            if not self._is_of(key, owner, entry):
                return None
            return FormData(list(self._texts[key].fields))

    def keys(self, owner: str, entry: str) -> list[str]:
        """The keys of a person's texts of an entry, the newest first."""
        with self._lock:
            return [key for key in reversed(self._texts) if self._is_of(key, owner, entry)]

    def drop(self, key: str, owner: str, entry: str) -> None:
        """Forget a text of a person, of an entry: it is saved, or nobody wants it."""
        with self._lock:
            if self._is_of(key, owner, entry):
                del self._texts[key]

    def _is_of(self, key: str, owner: str, entry: str) -> bool:
        text = self._texts.get(key)
        return text is not None and (text.owner, text.entry) == (owner, entry)


def _size(text: _Text) -> int:
    return sum(len(name) + len(value) for name, value in text.fields)
