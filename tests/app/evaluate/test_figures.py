import pytest

from app.calibration import load_calibration
from app.evaluate import statistics
from app.evaluate.cases import Case
from app.evaluate.figures import failures, figures
from app.evaluate.measure import OFF_TOPIC, REMOVED, Examiner, Measured, measure
from ingest.release import Release
from tests.app.evaluate.made import measured
from tests.fakes import FakeModel

REFUSAL = ("answered", "auroc", "coverage5", "coverage10", "ece")
CHARTER = frozenset({"charte.md"})
SIGN = "Qui peut signer la charte ?"
GOLDEN = [
    Case("right", SIGN, "", True, sources=CHARTER, terms=("collectivité",)),
    Case("wrong", SIGN, "", True, sources=CHARTER, terms=("cinquante euros",)),
    Case("unchecked", "C’est quoi un PCAET ?", "", True),
    Case("missed", "gratin ?", "", True, sources=CHARTER, terms=("gratin",)),
    Case("refused", "gratin ?", "", False),
    Case("tricked", SIGN, "", False),
    Case("declined", "Merci", "", False),
]  # fmt: skip


def values(rows: list[Measured]) -> dict[str, tuple[float, int]]:
    """By key, the value and the number of cases."""
    return {key: (round(found.value, 6), found.cases) for key, _, found in figures(rows)}


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "RESAMPLES", 50)


@pytest.fixture(scope="module")
def golden(release: Release) -> list[Measured]:
    examiner = Examiner(release, FakeModel(), load_calibration(FakeModel.space))
    return measure(GOLDEN, ["Quelle est la capitale du Pérou ?"], examiner, lambda *step: None)


def test_the_golden_figures_are_those_worked_out_by_hand(golden: list[Measured]) -> None:
    found = values(golden)
    by_id = {m.case.id: m for m in golden}
    lengths = [by_id[id].length for id in ("right", "wrong", "missed")]

    assert found["first"] == (round(1 / 3, 6), 3)  # right, of right, wrong and missed
    assert found["five"] == (round(2 / 3, 6), 3)  # the price is in a passage further down
    assert found["quoted"] == found["right"] == found["first"]
    assert found["length"] == (round(sum(lengths) / 3, 6), 3)
    assert found["precision"] == (0.75, 4)  # one of the four is of another source
    assert found["answered"] == (0.75, 4)  # all but missed
    assert found["unanswerable_answered"] == (round(1 / 3, 6), 3)  # tricked
    assert found["off_topic_answered"] == (0.0, 1)
    assert found["p50"][1] == found["p95"][1] == 7  # those asked, and not what is off-topic
    assert 0.0 < found["p50"][0] <= found["p95"][0]


def test_the_golden_refusal_is_that_of_its_pairs(golden: list[Measured]) -> None:
    # right = wrong = tricked > unchecked > missed = refused > declined, as the questions are equal.
    by_id = {m.case.id: m.probability for m in golden}
    assert by_id["right"] == by_id["wrong"] == by_id["tricked"] > by_id["unchecked"] > 0.6
    assert 0.1 > by_id["missed"] == by_id["refused"] > by_id["declined"] == 0.0
    found = values(golden)

    # Against tricked: 2 halves; against refused: 3 and a half; against declined: 4.
    assert found["unanswerable_auroc"] == (round((1 + 3.5 + 4) / 12, 6), 7)
    assert found["unanswerable_coverage5"] == (0.0, 7)  # nothing scores above tricked


def test_what_went_wrong_is_what_is_missed_wrong_or_answered_for_nothing(
    golden: list[Measured],
) -> None:
    assert [m.case.id for m in failures(golden)] == ["wrong", "missed", "tricked"]
    assert [m.case.id for m in failures(golden, limit=1)] == ["wrong"]


def test_the_articles_figures_are_those_worked_out_by_hand(articles: list[Measured]) -> None:
    found = values(articles)

    for key in ("first", "five", "quoted", "precision", "answered", "right"):
        assert found[key] == (1.0, 3), key
    for key, negatives in (("unanswerable", 1), ("removed", 3), ("off_topic", 2)):
        assert found[f"{key}_answered"] == (0.0, negatives)
        assert found[f"{key}_auroc"] == found[f"{key}_coverage5"] == (1.0, 3 + negatives)
    assert failures(articles) == []


def test_figures_of_refusal_compare_answers_with_each_group_of_negatives() -> None:
    rows = [
        measured(0.9), measured(0.7), measured(0.8, answerable=False),
        measured(0.1, answerable=False, group=REMOVED),
        measured(0.2, answerable=False, group=OFF_TOPIC),
    ]  # fmt: skip
    found = values(rows)

    assert found["unanswerable_auroc"] == (0.5, 3)
    assert found["unanswerable_coverage10"] == (0.5, 3)
    assert found["removed_auroc"] == found["off_topic_auroc"] == (1.0, 3)
    assert found["unanswerable_ece"] == (round((0.1 + 0.3 + 0.8) / 3, 6), 3)
    assert found["removed_ece"] == (round((0.1 + 0.3 + 0.1) / 3, 6), 3)


def test_a_quotation_that_is_right_but_not_shown_is_no_right_answer() -> None:
    found = values([measured(0.2, quoted=True), measured(0.9, quoted=True)])

    assert (found["quoted"], found["answered"], found["right"]) == ((1.0, 2), (0.5, 2), (0.5, 2))


def test_precision_is_counted_by_quotation_and_length_by_question() -> None:
    found = values([
        measured(0.9, precise=(True, False), length=200), measured(0.9, precise=(), length=100),
    ])  # fmt: skip

    assert (found["precision"], found["length"]) == ((0.5, 2), (150.0, 2))


def test_a_figure_without_cases_is_left_out() -> None:
    refused = [measured(0.1, answerable=False), measured(0.9, answerable=False)]

    assert values(refused) == {
        "unanswerable_answered": (0.5, 2), "p50": (10.0, 2), "p95": (10.0, 2)
    }  # fmt: skip
    assert values([measured(0.9)]).keys().isdisjoint(f"unanswerable_{name}" for name in REFUSAL)
    assert figures([]) == []


def test_each_figure_lies_in_its_interval_and_has_a_french_name(golden: list[Measured]) -> None:
    found = figures(golden)

    assert all(value.low <= value.value <= value.high for _, _, value in found)
    assert len({name for _, name, _ in found}) == len(found)
    assert figures(golden, seed=1) == figures(golden, seed=1)
