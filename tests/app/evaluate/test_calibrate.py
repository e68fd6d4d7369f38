import random
from dataclasses import replace

import pytest

from app.calibration import PART_FEATURES, RISK
from app.evaluate.calibrate import calibrate
from app.evaluate.cases import Case
from app.evaluate.fit_mix import LENGTH, fitted_mix
from app.evaluate.folds import FOLDS, fold
from app.evaluate.measure import ASKED, OFF_TOPIC, REMOVED, Measured, Part
from ingest.errors import SettingsError
from tests.app.calibrations import CALIBRATION
from tests.app.evaluate.made import measured


def case(number: int, answerable: bool, group: str, language: str = "fr") -> Measured:
    """Answerable questions are nearer to their passage, most of the time."""
    luck = random.Random(f"{number} {group} {language}")
    near = 0.88 if answerable else 0.82
    features = {
        "sentence_cosine": luck.gauss(near, 0.02),
        "passage_cosine": luck.gauss(near if group != OFF_TOPIC else 0.78, 0.01),
        "coverage": luck.uniform(0.5, 1.0) if answerable else luck.uniform(0.0, 0.7),
        "bm25": luck.uniform(0.5, 1.0) if answerable else luck.uniform(0.0, 0.7),
        "log_passages": luck.uniform(1.0, 4.6),
        "question_weight": luck.uniform(5.0, 20.0),
        "unmet": float(luck.random() < (0.1 if answerable else 0.4)),
    }
    row = measured(0.5, answerable=answerable, group=group, features=features, language=language)
    asked = Case(
        str(number), f"{group} {number} ?", "", answerable, sources=frozenset({f"{number}"})
    )
    return replace(row, case=asked)


def questions(count: int, language: str = "fr") -> list[Measured]:
    return [
        case(number, group == ASKED and number % 2 == 0, group, language)
        for group in (ASKED, REMOVED, OFF_TOPIC)
        for number in range(count)
    ]


def article(number: int) -> Measured:
    """Four parts of 100 characters or so, of which the nearest holds the answer, mostly."""
    luck = random.Random(number)
    right = luck.randrange(4)
    parts = []
    for position in range(4):
        features = dict.fromkeys(PART_FEATURES, 0.0)
        features["cosine"] = luck.gauss(0.85 if position == right else 0.80, 0.02)
        parts.append(Part(features, luck.randrange(60, 260), position == right))
    return replace(case(number, True, ASKED), parts=tuple(parts))


LEAST = (0.9, 0.9, 0.7)  # French, other languages, words alone


@pytest.fixture(scope="module")
def rows() -> list[Measured]:
    return [*questions(120), *questions(60, "en")]


def test_the_threshold_lets_a_twentieth_of_what_is_not_in_the_sources_through(
    rows: list[Measured],
) -> None:
    found = calibrate(rows, CALIBRATION, ["questions.csv"]).calibration
    assert found.french is not None
    for group in (REMOVED, OFF_TOPIC):
        absent = [r for r in rows if r.group == group and r.language == "fr"]
        wrong = sum(
            found.french.answer.probability(r.features) > found.french.threshold for r in absent
        )
        assert wrong / len(absent) <= RISK


def test_above_sure_a_twentieth_of_what_was_asked_in_vain_is_answered(
    rows: list[Measured],
) -> None:
    french = calibrate(rows, CALIBRATION, []).calibration.french
    assert french is not None
    assert french.sure >= french.threshold
    asked = [r for r in rows if r.group == ASKED and not r.answerable and r.language == "fr"]
    assert sum(french.answer.probability(r.features) > french.sure for r in asked) <= (
        RISK * len(asked)
    )


def test_most_answerable_questions_are_more_likely_than_the_threshold(
    rows: list[Measured],
) -> None:
    french = calibrate(rows, CALIBRATION, []).calibration.french
    assert french is not None
    answerable = [r for r in rows if r.answerable and r.language == "fr"]
    answered = sum(french.answer.probability(r.features) >= french.threshold for r in answerable)
    assert answered / len(answerable) > 0.8


def test_what_is_far_from_all_passages_is_off_topic_and_little_else(rows: list[Measured]) -> None:
    french = calibrate(rows, CALIBRATION, []).calibration.french
    assert french is not None
    on = [french.topic.probability(r.features) >= 0.5 for r in rows if r.group == ASKED]
    off = [french.topic.probability(r.features) >= 0.5 for r in rows if r.group == OFF_TOPIC]
    assert sum(on) / len(on) > 0.9
    assert sum(off) / len(off) < 0.2


def test_the_files_and_the_space_are_noted(rows: list[Measured]) -> None:
    found = calibrate(rows, CALIBRATION, ["a.csv", "b.json"]).calibration

    assert (found.space, found.fitted_on) == (CALIBRATION.space, ("a.csv", "b.json"))


def test_each_figure_was_found_on_sources_that_the_fit_did_not_see(rows: list[Measured]) -> None:
    crossed = calibrate(rows, CALIBRATION, []).crossed

    assert [figure.cases for figure in crossed] == [360, 180, 360]
    assert all(figure.value > least for figure, least in zip(crossed, LEAST, strict=True))
    assert {fold(row) for row in rows} == set(range(FOLDS))


def test_what_there_are_too_few_questions_for_stays_as_it_was() -> None:
    found = calibrate(questions(120), CALIBRATION, []).calibration

    assert found.foreign is CALIBRATION.foreign
    assert found.mix is CALIBRATION.mix
    assert found.french is not CALIBRATION.french


def test_too_few_questions_for_anything_are_told() -> None:
    with pytest.raises(SettingsError, match="Trop peu de questions"):
        calibrate(questions(10), CALIBRATION, [])
    with pytest.raises(SettingsError, match="Trop peu de questions"):
        calibrate([], CALIBRATION, [])


def test_messages_that_were_declined_or_found_nothing_teach_nothing() -> None:
    rows = [replace(row, declined=True) for row in questions(120)]
    empty = [replace(row, features={}) for row in questions(120)]

    for useless in (rows, empty):
        with pytest.raises(SettingsError):
            calibrate(useless, CALIBRATION, [])


def test_the_mix_learns_which_feature_tells_where_the_answer_stands() -> None:
    mix, [crossed] = fitted_mix([article(number) for number in range(400)], CALIBRATION.mix)

    assert mix.weights["cosine"] > 20
    assert mix.weights["coverage"] == pytest.approx(0.0, abs=1e-6)
    assert crossed.cases == 400
    assert 0.8 < crossed.value < 1.0
    assert 0.0 < mix.gain < 0.01


def test_the_gain_is_the_one_at_which_quotations_have_the_wanted_length() -> None:
    rows = [article(number) for number in range(400)]
    mix, _ = fitted_mix(rows, CALIBRATION.mix)
    shorter, _ = fitted_mix(rows, replace(CALIBRATION.mix, gain=1.0))

    assert mix == shorter  # what it was before does not matter
    assert LENGTH < 400


def test_a_topic_that_is_kept_from_before_is_not_changed() -> None:
    rows = [row for row in questions(120) if row.group != OFF_TOPIC]
    first = calibrate(questions(120), CALIBRATION, []).calibration
    again = calibrate(rows, first, []).calibration

    assert first.french is not None and again.french is not None
    assert again.french.topic == first.french.topic
    assert "log_passages" in first.french.topic.weights


def test_questions_of_a_single_article_can_be_fitted_too() -> None:
    rows = [replace(article(number), case=article(0).case) for number in range(320)]
    mix, [crossed] = fitted_mix(rows, CALIBRATION.mix)

    assert mix.weights["cosine"] > 20
    assert crossed.value == 0.0  # there was nothing to try it on
