from pathlib import Path

import pytest

from app.answers import Answer
from app.assistant import Assistant
from app.calibration import load_calibration
from app.evaluate.cases import Case, read_cases
from app.evaluate.measure import (
    ALONE,
    ASKED,
    OFF_TOPIC,
    OTHER,
    REMOVED,
    Examiner,
    Measured,
    measure,
)
from app.wording import Wording
from ingest.errors import ModelError
from ingest.job import ingest_documents
from ingest.release import Release, open_current
from ingest.settings import IngestSettings
from ingest.store import Store
from tests.app.evaluate.made import saved
from tests.app.texts import publish
from tests.fakes import FakeModel

SIGN = "Qui peut signer la charte ?"
CHARTER = frozenset({"charte.md"})


@pytest.fixture(scope="module")
def examiner(release: Release) -> Examiner:
    return Examiner(release, FakeModel(), load_calibration(FakeModel.space))


def one(examiner: Examiner, question: str, answerable: bool = True, **others: object) -> Measured:
    """What became of one question, which is measured once."""
    case = Case("1", question, "who", answerable, **others)  # type: ignore[arg-type]
    [measured] = examiner.examine(case)
    assert (measured.case, measured.group) == (case, ASKED)
    return measured


def test_a_right_answer_is_found_first_and_quoted(examiner: Examiner) -> None:
    right = one(examiner, SIGN, sources=CHARTER, terms=("collectivité",))

    assert (right.answered, right.first, right.five, right.quoted) == (True, True, True, True)
    assert right.precise == (True,)
    assert [c.quote for c in right.citations] == ["Toute collectivité peut signer la charte."]
    assert right.length == len("Toute collectivité peut signer la charte.")
    assert (right.declined, right.language) == (False, "fr")
    assert 0.9 < right.probability < 1.0 and right.milliseconds > 0.0


def test_a_model_that_fails_gives_no_figures_by_words_alone(release: Release) -> None:
    class Away(FakeModel):
        def embed_query(self, text: str) -> list[float]:
            raise ModelError("Le serveur de vecteurs est injoignable.")

    examiner = Examiner(release, Away(), load_calibration(FakeModel.space))
    with pytest.raises(ModelError, match="injoignable"):
        examiner.examine(Case("1", SIGN, "who", True))


def test_an_answer_that_is_elsewhere_is_answered_wrongly(examiner: Examiner) -> None:
    wrong = one(examiner, SIGN, sources=CHARTER, terms=("cinquante euros",))

    assert (wrong.answered, wrong.first, wrong.five, wrong.quoted) == (True, False, True, False)
    assert wrong.precise == (True,)  # of the right source, where no offset is known


def test_an_answer_past_the_fifth_passage_is_not_found(examiner: Examiner) -> None:
    fifth = one(examiner, SIGN, terms=("Privas",))
    ninth = one(examiner, SIGN, terms=("six ans",))

    assert (fifth.first, fifth.five) == (False, True)
    assert (ninth.first, ninth.five) == (False, False)


def test_an_answer_of_another_source_is_wrong_too(examiner: Examiner) -> None:
    wrong = one(examiner, SIGN, sources=frozenset({"glossaire.md"}))

    assert (wrong.answered, wrong.first, wrong.quoted) == (True, False, False)
    assert wrong.precise == (False,)


def test_what_has_no_answer_is_refused_and_nothing_is_right_or_wrong(examiner: Examiner) -> None:
    refused = one(examiner, "gratin ?", answerable=False, sources=CHARTER)

    assert (refused.answered, refused.declined) == (False, False)
    assert (refused.first, refused.five, refused.quoted, refused.precise) == (None, None, None, ())
    assert refused.probability < 0.1


def test_what_has_no_answer_and_gets_one_is_seen(examiner: Examiner) -> None:
    answered = one(examiner, SIGN, answerable=False)

    assert (answered.answered, answered.quoted) == (True, None)


def test_what_is_declined_has_no_chance_of_an_answer(examiner: Examiner) -> None:
    declined = one(examiner, "Merci beaucoup !", answerable=False)

    assert (declined.declined, declined.answered, declined.probability) == (True, False, 0.0)


def test_an_answer_without_anything_to_check_counts_as_answered_only(examiner: Examiner) -> None:
    answered = one(examiner, SIGN)

    assert (answered.answered, answered.first, answered.quoted) == (True, None, None)


def test_a_follow_up_is_asked_after_its_question(examiner: Examiner) -> None:
    alone = one(examiner, "Et elle coûte combien ?", terms=("cinquante euros",))
    followed = one(
        examiner, "Et elle coûte combien ?", previous="L’adhésion est-elle gratuite ?",
        terms=("cinquante euros",),
    )  # fmt: skip

    assert followed.quoted and followed.probability != alone.probability


@pytest.mark.parametrize("previous", [None, SIGN])
@pytest.mark.parametrize(
    "question",
    [SIGN, "gratin ?", "Mer\u200bci", "Qui convoque l’assemblée générale ?", "horaires mardi",
     "C’est quoi un PCAET ?", "Et le gratin ?", "Et quand ?"],
)  # fmt: skip
def test_what_is_answered_is_what_the_assistant_answers(
    examiner: Examiner, assistant: Assistant, question: str, previous: str | None
) -> None:
    outcome = assistant.ask(question, previous=previous).outcome

    assert one(examiner, question, previous=previous).answered is isinstance(outcome, Answer)


def test_what_cannot_be_quoted_is_not_answered(tmp_path: Path) -> None:
    publish(tmp_path / "s", {"horaires.md": "# Horaires\n\nLe mardi."})
    assistant = Assistant(Store(tmp_path / "s"), FakeModel(), Wording("nous", ""))
    release = open_current(Store(tmp_path / "s"))
    measured = one(
        Examiner(release, FakeModel(), load_calibration(FakeModel.space)),
        "Quels horaires le mardi ?",
    )
    outcome = assistant.ask("Quels horaires le mardi ?").outcome
    release.close()
    assistant.close()

    assert measured.probability > 0.6 and measured.citations == ()
    assert not measured.answered and not isinstance(outcome, Answer)


def test_an_article_s_answer_is_found_at_its_offsets(articles: list[Measured]) -> None:
    star, _, moon, *_ = articles

    assert (star.case.id, star.answered, star.first, star.quoted) == ("nord", True, True, True)
    [quoted] = [citation.quote for citation in star.citations]
    assert quoted == "L’étoile polaire 🌟 indique le nord. Elle guide les marins."
    assert (moon.case.id, moon.first, moon.quoted, moon.precise) == ("lune", True, True, (True,))
    assert moon.citations[0].source.title == "Le ciel & ses lumières"


def test_an_article_s_question_is_asked_again_without_the_article(
    articles: list[Measured],
) -> None:
    assert [(m.case.id, m.group, m.answerable, m.answered) for m in articles] == [
        ("nord", ASKED, True, True), ("nord", REMOVED, False, False),
        ("lune", ASKED, True, True), ("lune", REMOVED, False, False),
        ("pas", ASKED, False, False),
        ("pain", ASKED, True, True), ("pain", REMOVED, False, False),
        ("off-topic 1", OFF_TOPIC, False, False), ("off-topic 2", OFF_TOPIC, False, False),
    ]  # fmt: skip
    removed = [m for m in articles if m.group == REMOVED]
    assert [{c.source.title for c in m.citations} for m in removed] == [
        {"Pain"}, {"Pain"}, {"Le ciel & ses lumières"},
    ]  # fmt: skip
    assert all(m.quoted is None and m.probability < 0.1 for m in removed)


def test_progress_counts_questions_the_off_topic_ones_included(examiner: Examiner) -> None:
    told: list[tuple[str, int, int]] = []
    cases = [Case("1", SIGN, "", True), Case("2", "gratin ?", "", False)]
    measure(cases, ["Bonjour"], examiner, lambda *step: told.append(step))

    assert told == [("Évaluation", 1, 3), ("Évaluation", 2, 3), ("Évaluation", 3, 3)]
    assert measure([], [], examiner, lambda *step: told.append(step)) == []
    assert len(told) == 3


def test_a_thorough_examiner_asks_an_article_s_question_of_one_article_alone(
    tmp_path: Path,
) -> None:
    cases, documents = read_cases(saved(tmp_path))
    ingest_documents(documents, IngestSettings(store=tmp_path / "s"), FakeModel())
    release = open_current(Store(tmp_path / "s"))
    examiner = Examiner(release, FakeModel(), load_calibration(FakeModel.space), thorough=True)
    bread = next(case for case in cases if case.id == "pain")
    by_group = {row.group: row for row in examiner.examine(bread)}
    release.close()

    assert set(by_group) == {ASKED, REMOVED, ALONE, OTHER}
    assert [by_group[group].answerable for group in (ALONE, OTHER)] == [True, False]
    assert by_group[ALONE].features["sentence_cosine"] > by_group[OTHER].features["sentence_cosine"]
    assert by_group[ALONE].features["log_passages"] < by_group[ASKED].features["log_passages"]


def test_where_the_answer_stands_is_kept_with_what_could_be_quoted(
    articles: list[Measured],
) -> None:
    [bread] = [row for row in articles if row.case.id == "pain" and row.group == ASKED]

    assert sum(part.holds for part in bread.parts) == 1
    assert [row for row in articles if row.group != ASKED and row.parts] == []
