import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calibration import (
    ANSWER_FEATURES as FEATURES,
)
from app.calibration import (
    PART_FEATURES,
    Calibration,
    Logistic,
    as_text,
    load_calibration,
    own_file,
    save_calibration,
)
from ingest.embed import E5_SMALL
from ingest.errors import SettingsError
from tests.app.calibrations import CALIBRATION, FOREIGN, FRENCH, WORDS

SHIPPED = load_calibration(E5_SMALL)
UNKNOWN = as_text(SHIPPED).replace('"coverage"', '"shoe_size"')
LESS_LIKELY = {"log_passages", "unmet"}  # more of these makes an answer less likely
VALUES = st.floats(min_value=0.0, max_value=1.0)


def test_the_probability_is_that_of_the_logistic_curve() -> None:
    scale = Logistic(-1.0, {"coverage": 2.0})

    assert scale.probability({"coverage": 0.5}) == 0.5
    assert scale.probability({"coverage": 1.0}) == pytest.approx(0.7310586)


def test_features_far_out_of_range_stay_a_probability() -> None:
    for value in (-1e9, 1e9):
        assert 0.0 <= Logistic(0.0, {"bm25": 1.0}).probability({"bm25": value}) <= 1.0


@pytest.mark.parametrize("name", ["french", "foreign", "lexical"])
@given(found=st.fixed_dictionaries(dict.fromkeys(FEATURES, VALUES)), more=VALUES)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_a_better_match_never_makes_an_answer_less_likely(
    name: str, found: dict[str, float], more: float
) -> None:
    scale = getattr(SHIPPED, name).answer
    before = scale.probability(found)
    for feature in scale.weights:
        after = scale.probability({**found, feature: found[feature] + more})
        assert after <= before if feature in LESS_LIKELY else after >= before


def test_the_shipped_calibration_names_only_features_that_there_are() -> None:
    assert SHIPPED.space == E5_SMALL
    assert set(SHIPPED.mix.weights) == set(PART_FEATURES)
    for regime in (SHIPPED.french, SHIPPED.foreign, SHIPPED.lexical):
        assert regime is not None
        assert set(regime.answer.weights) | set(regime.topic.weights) <= set(FEATURES)
        assert 0.0 < regime.threshold <= regime.sure < 1.0


def test_the_shipped_calibration_tells_what_it_was_fitted_on() -> None:
    assert any("PIAF" in name for name in SHIPPED.fitted_on)


def test_the_regime_is_that_of_the_language_and_of_what_can_be_matched() -> None:
    assert CALIBRATION.regime("fr", True) is FRENCH
    assert CALIBRATION.regime("ar", True) is FOREIGN
    assert CALIBRATION.regime("fr", False) is WORDS
    assert replace(CALIBRATION, foreign=None).regime("en", True) is WORDS


def test_a_space_without_a_calibration_is_judged_by_words() -> None:
    found = load_calibration("another-space")

    assert (found.french, found.foreign) == (None, None)
    assert found.regime("fr", True) == found.lexical == SHIPPED.lexical


def test_a_calibration_that_is_saved_comes_before_the_shipped_one(tmp_path: Path) -> None:
    own = replace(CALIBRATION, space=E5_SMALL)
    file = save_calibration(own, tmp_path)

    assert load_calibration(E5_SMALL, tmp_path) == own
    assert load_calibration(E5_SMALL) == SHIPPED
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_numbers_are_written_with_six_digits() -> None:
    mix = replace(CALIBRATION.mix, gain=0.123456789)

    assert json.loads(as_text(replace(CALIBRATION, mix=mix)))["mix"]["gain"] == 0.123457


def test_what_is_not_calibrated_is_not_written(tmp_path: Path) -> None:
    partial: Calibration = replace(CALIBRATION, french=None, foreign=None)
    save_calibration(partial, tmp_path)

    assert load_calibration(partial.space, tmp_path) == partial


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", UNKNOWN, '{"regimes": {"french": 1}}', "\ufffe"]
)
def test_a_damaged_calibration_is_told_with_what_to_do(tmp_path: Path, text: str) -> None:
    file = own_file(tmp_path, E5_SMALL)
    file.parent.mkdir()
    file.write_text(text, encoding="utf-8", errors="surrogatepass")

    with pytest.raises(SettingsError, match="eval --calibrate"):
        load_calibration(E5_SMALL, tmp_path)


@pytest.mark.parametrize("space", ["../../etc/passwd", "a/b c", "modèle"])
def test_a_space_s_file_lies_in_the_store_whatever_its_name(tmp_path: Path, space: str) -> None:
    file = own_file(tmp_path, space)

    assert file.resolve().parent == (tmp_path / "calibrations").resolve()
