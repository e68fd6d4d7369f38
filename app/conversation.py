"""Follow-up questions without a model: completed with the words of the question before."""

from __future__ import annotations

import re

from app.intent import folded
from ingest.french import FUNCTION_WORDS

# A question that opens like this leans on the one before…
_LEANING = re.compile(
    r"(?:et|mais|alors|donc|and|but|so)\b|"
    r"(?:pourquoi|comment|quand|ou|combien|qui|lesquel\w*|laquelle|lequel|why|how|when|where|who)"
    r"(?: (?:ca|cela|exactement|donc))?\W*\Z|"
    r"(?:resume|precise|explique|developpe|detaille|continue|encore|plus de details|et encore)\b"
)
# … and so does one with few words of its own that holds one of these. « le, la, les, en, ce »
# are not among them: most of the time they are no pronouns.
_PRONOUNS = re.compile(
    r"\b(?:il|elle|ils|elles|lui|leur|y|ca|cela|celui|celle|ceux|celles|son|sa|ses|leurs|"
    r"l'(?:a|ont|avait)|c'(?:est|etait)(?=\W*\Z)|it|its|they|them|their|he|she)\b"
)
_WORD = re.compile(r"[^\W_]{2,}")
_EMPTY = frozenset(FUNCTION_WORDS)
_FEW = 3  # words of its own: with more, a question names what it is about


def standalone(question: str, previous: str | None) -> str:
    """The question as it can be searched for: after the previous one when it leans on it."""
    if not previous:
        return question
    text = folded(question)
    own = [word for word in _WORD.findall(text) if word not in _EMPTY]
    if _LEANING.match(text) or (len(own) <= _FEW and _PRONOUNS.search(text)):
        return f"{previous} {question}"
    return question
