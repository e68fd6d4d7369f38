"""Texts that are not saved: each of who wrote it, the last ones alone."""

from __future__ import annotations

import pytest
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
    newest, oldest = kept.keys("Ana", "a")
    assert newest in others and oldest == key and kept.keys("Zoé", "a") == []


def test_the_last_ones_alone_are_kept() -> None:
    kept = Unsaved()
    first, second = kept.keep("Ana", "a", form("1")), kept.keep("Ana", "b", form("2"))
    kept.keep("Ana", "a", form("1 bis", first))
    for number in range(unsaved._KEPT - 1):
        kept.keep("Ana", str(number), form("x"))
    others = kept.keep("Paul", "a", form("x"))
    assert kept.find(first, "Ana", "a") and kept.find(second, "Ana", "b") is None
    kept.drop(first, "Paul", "a")
    assert kept.keys("Ana", "a") == [first]
    kept.drop(first, "Ana", "a")
    kept.drop(first, "Ana", "a")
    assert kept.keys("Ana", "a") == [] and kept.keys("Paul", "a") == [others]


def test_all_of_them_have_a_size_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsaved, "_MOST", 1_000)
    kept = Unsaved()
    keys = [kept.keep(owner, "a", form(owner * 200)) for owner in ("Ana", "Bob", "Zoé")]
    assert [kept.find(key, owner, "a") is None for key, owner in
            zip(keys, ("Ana", "Bob", "Zoé"), strict=True)] == [True, True, False]  # fmt: skip
