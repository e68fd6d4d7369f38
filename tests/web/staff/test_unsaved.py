"""Texts that are not saved: each of who wrote it, the last ones alone."""

from __future__ import annotations

from starlette.datastructures import FormData

from app.web.staff import unsaved
from app.web.staff.unsaved import Unsaved


def form(text: str, key: str = "") -> FormData:
    return FormData([("csrf", "secret"), ("ecrit", key), ("reponse", text), ("citation", "1"),
                     ("citation", "2")])  # fmt: skip


def test_a_text_comes_back_without_the_token_of_its_session() -> None:
    kept = Unsaved()
    key = kept.keep("Ana", "a", form("Oui."))
    found = kept.find(key, "Ana", "a")
    assert found is not None
    assert found.multi_items() == [("reponse", "Oui."), ("citation", "1"), ("citation", "2")]
    assert kept.find(key, "Paul", "a") is kept.find(key, "Ana", "b") is None
    assert kept.find("inconnue", "Ana", "a") is None


def test_a_text_takes_the_place_of_the_one_that_it_comes_from_and_of_no_other_s() -> None:
    kept = Unsaved()
    key = kept.keep("Ana", "a", form("Oui."))
    assert kept.keep("Ana", "a", form("Non.", key)) == key
    others = {kept.keep("Ana", "b", form("Non.", key)), kept.keep("Paul", "a", form("Non.", key)),
              kept.keep("Ana", "a", form("Non."))}  # fmt: skip
    assert len(others) == 3 and key not in others
    assert kept.last("Ana", "a") in others and kept.last("Zoé", "a") == ""


def test_the_last_ones_alone_are_kept() -> None:
    kept = Unsaved()
    first, second = kept.keep("Ana", "a", form("1")), kept.keep("Ana", "b", form("2"))
    kept.keep("Ana", "a", form("1 bis", first))
    for number in range(unsaved._KEPT - 1):
        kept.keep("Paul", str(number), form("x"))
    assert kept.find(first, "Ana", "a") and kept.find(second, "Ana", "b") is None
    kept.drop(first)
    kept.drop(first)
    assert kept.last("Ana", "a") == ""
