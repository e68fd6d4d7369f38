"""What is done to many entries at once: drafts of what is asked most, and all verified."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from app.faq.anchors import Texts, place_of
from app.faq.checking import unsupported, verified
from app.faq.drafts import Answers, draft_of
from app.faq.entries import Entries
from app.faq.entry import Change, Entry
from app.faq.phrasings import by_words, words_of
from app.faq.rules import OPEN
from app.faq.survey import Surveyor
from app.faq.topics import Topic, Window, counted, phrasings
from app.staff.person import Person
from app.staff.tasks import Finding
from app.staff.worker import Item

DRAFTS = 20
_PATIENCE = 600.0  # seconds that a survey may take
_SAID = 3  # sentences that are told of an entry
_OF_TOPIC = re.compile(r"D'après \d+ questions? du journal")
EMPTY = "Brouillon sans réponse : les sources ne répondent pas."
ANSWERED = "Brouillon prêt à relire."


def entry_for(topic: Topic, known: Mapping[str, Entry]) -> Entry | None:
    """The entry that has a question of a topic, the typical one first; None for none.

    ``known`` is what :func:`app.faq.phrasings.by_words` gives.
    """
    asked = (topic.typical, *(line.question for line in topic.lines))
    return next((known[one] for text in asked if (one := words_of(text)) in known), None)


def make_draft(topic: Topic, who: Person, entries: Entries, answers: Answers) -> Entry:
    """A new draft of a topic; the entry that has its question, if one was made meanwhile.

    Raises:
        StoreError: no release can be read.
    """
    asked = len(topic.lines)
    plural = "s" if asked > 1 else ""
    edit = draft_of([text for text, _ in phrasings(topic)], answers)
    return entries.draft(edit, who, f"D'après {asked} question{plural} du journal")


def is_of_topic(history: Sequence[Change]) -> bool:
    """Whether an entry of this history was made of a topic, by :func:`make_draft`."""
    return bool(history) and _OF_TOPIC.fullmatch(history[0].why) is not None


class Drafting:
    """Drafts for the largest topics that have no entry and are mostly for the assistant."""

    def __init__(
        self, surveyor: Surveyor, entries: Entries, answers: Answers, window: Callable[[], Window]
    ) -> None:
        self._surveyor = surveyor
        self._entries = entries
        self._answers = answers
        self._window = window

    def __call__(self, who: Person) -> Iterator[Item]:
        """An item a topic."""
        self._surveyor.look()
        state = self._surveyor.wait(_PATIENCE)
        topics = state.survey.topics if state.survey else ()
        known = by_words(self._entries.find())
        wanted = [
            count.topic
            for count in sorted(counted(topics, self._window()), key=lambda one: -one.size)
            if not count.is_declined and not entry_for(count.topic, known)
        ]
        for topic in wanted[:DRAFTS]:
            yield Item(topic.key, partial(self._draft, topic, who))

    def _draft(self, topic: Topic, who: Person) -> Finding:
        entry = make_draft(topic, who, self._entries, self._answers)
        said = ANSWERED if entry.edit.answer else EMPTY
        return Finding(topic.key, entry.edit.question, said, entry.id, bool(entry.edit.answer))


class Verifying:
    """All entries that are not archived, verified against the release in service."""

    def __init__(self, entries: Entries, texts: Texts) -> None:
        self._entries = entries
        self._texts = texts

    def __call__(self, who: Person) -> Iterator[Item]:
        """An item an entry."""
        for entry in self._entries.find(OPEN):
            yield Item(entry.id, partial(self._verify, entry))

    def _verify(self, listed: Entry) -> Finding:
        entry = self._entries.get(listed.id) or listed  # it may have been changed since
        faults = list(faults_of(entry, self._texts))
        said = " ".join(faults) or "Chaque phrase est confirmée par ses citations."
        return Finding(entry.id, entry.edit.question, said, entry.id, not faults)


def faults_of(entry: Entry, texts: Texts) -> Iterator[str]:
    """A French sentence for each thing that is wrong with an entry's answer and citations.

    Raises:
        StoreError: no release can be read.
    """
    if not entry.edit.answer:
        yield "La réponse est vide."
    for one in entry.edit.citations:
        if place_of(one, texts) is None:
            yield f"La citation [{one.number}] n'est plus dans sa source."
    wrong = list(unsupported(verified(entry.edit, texts)))
    for sentence in wrong[:_SAID]:
        yield f"« {sentence.text} » : {sentence.reason}"
    if len(wrong) > _SAID:
        yield f"Et {len(wrong) - _SAID} autres phrases non confirmées."
