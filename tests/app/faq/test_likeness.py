"""What was fitted to compare questions is kept in files, one a space."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.calibration import Logistic
from app.faq.likeness import View, as_text, load_likeness, own_file, save_likeness
from app.faq.pairs import FEATURES, WORD_FEATURES
from ingest.embed import E5_SMALL
from ingest.errors import SettingsError
from tests.app.faq.made import BY_VECTORS, BY_WORDS


def test_the_built_in_model_has_its_own() -> None:
    likeness = load_likeness(E5_SMALL)
    assert likeness.space == E5_SMALL
    assert likeness.view is not None and likeness.view.mean.shape == (384,)
    assert set(likeness.pair.weights) == set(FEATURES)


def test_any_other_space_is_judged_by_words_alone() -> None:
    likeness = load_likeness("some/other")
    assert (likeness.space, likeness.view) == ("some/other", None)
    assert set(likeness.pair.weights) == set(WORD_FEATURES)


def test_what_the_store_fitted_comes_first(tmp_path: Path) -> None:
    file = save_likeness(BY_VECTORS, own_file(tmp_path, BY_VECTORS.space).parent)
    assert file == own_file(tmp_path, BY_VECTORS.space)
    found = load_likeness(BY_VECTORS.space, tmp_path)
    assert replace(found, view=None) == replace(BY_VECTORS, view=None)
    assert found.view is not None and np.array_equal(found.view.axes, np.eye(64))
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_numbers_are_rounded() -> None:
    text = as_text(replace(BY_WORDS, pair=Logistic(0.123456789, {})))
    assert json.loads(text)["pair"]["intercept"] == 0.123457
    assert json.loads(text)["view"] is None


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.pop("pair"),
        lambda values: values.update(together="x"),
        lambda values: values["view"]["mean"].update(shape=[63]),
        lambda values: values["view"]["mean"].update(float16="é"),
        lambda values: values["view"]["axes"].update(float16="AHw=", shape=[1]),  # infinite
    ],
)
def test_a_spoilt_file_is_said_in_one_sentence(tmp_path: Path, change: object) -> None:
    file = save_likeness(BY_VECTORS, own_file(tmp_path, BY_VECTORS.space).parent)
    values = json.loads(file.read_text())
    change(values)  # type: ignore[operator]
    file.write_text(json.dumps(values))
    with pytest.raises(SettingsError, match=r"forme attendue.*Supprimez-le"):
        load_likeness(BY_VECTORS.space, tmp_path)


def test_a_view_centres_turns_and_gives_unit_rows() -> None:
    view = View(np.array([1, 0], dtype=np.float32), np.array([[0, 2]], dtype=np.float32))
    seen = view.of(np.array([[5, 3], [5, -3], [5, 0]], dtype=np.float32))
    assert seen.tolist() == [[1.0], [-1.0], [0.0]]
