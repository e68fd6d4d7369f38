"""What must hold of every citation of every reply."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.answers import Answer, Declined, Reply
from app.assistant import Assistant
from ingest.documents import Passage


def check(reply: Reply, assistant: Assistant) -> None:
    """Assert that quotations stand at their offsets and that markers refer to citations."""
    outcome = reply.outcome
    assert outcome.text
    if isinstance(outcome, Declined):
        return
    assert [citation.number for citation in outcome.citations] == [
        number for number, _ in enumerate(outcome.citations, start=1)
    ]
    for citation in outcome.citations:
        document = assistant.document(citation.source.id)
        assert document is not None
        assert document.text[citation.start : citation.end] == citation.quote != ""
        passages = {p.id: p for p in assistant.passages_of(citation.source.id)}
        passage = passages[citation.passage]
        assert passage.start <= citation.start < citation.end <= passage.end
        assert citation.heading == passage.heading
    assert 0.0 <= outcome.confidence <= 1.0
    if isinstance(outcome, Answer):
        _check_statements(outcome)


def _check_statements(answer: Answer) -> None:
    numbers = {citation.number for citation in answer.citations}
    markers = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    assert markers == numbers
    assert {n for statement in answer.statements for n in statement.citations} == numbers
    for statement in answer.statements:
        assert any(statement.text in c.quote for c in answer.citations)


def check_written(answer: Answer, passages: Sequence[Passage]) -> None:
    """Assert it of an answer that a model wrote from these passages."""
    texts = {passage.id: passage for passage in passages}
    for citation in answer.citations:
        passage = texts[citation.passage]
        start, end = citation.start - passage.start, citation.end - passage.start
        assert passage.text[start:end] == citation.quote != ""
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    needed = [number for one in answer.statements for number in one.citations]
    assert list(dict.fromkeys(needed)) == numbers  # in the order in which they are needed
    for statement in answer.statements:
        assert bool(statement.citations) == statement.supported != bool(statement.reason)
