"""Follow-up questions without a model: completed with the words of the question before."""

from __future__ import annotations

import re

from app.intent import folded

# A question that opens like this leans on the one before…
_LEANING = re.compile(
    r"(?:et|mais|alors|donc|and|but|so)\b|"
    r"(?:pourquoi|comment|quand|ou|combien|qui|lesquel\w*|laquelle|lequel|why|how|when|where|who)"
    r"(?: (?:ca|cela|exactement|donc))?\W*\Z|"
    r"(?:resume|precise|explique|developpe|detaille|continue|encore|plus de details|et encore)\b"
)
# … and so does a short one that holds one of these. « le, la, les, en, ce » are not among them:
# most of the time they are no pronouns.
_PRONOUNS = re.compile(
    r"\b(?:il|elle|ils|elles|lui|leur|y|ca|cela|celui|celle|ceux|celles|son|sa|ses|leurs|"
    r"l'(?:a|ont|avait)|c'(?:est|etait)(?=\W*\Z)|it|its|they|them|their|he|she)\b"
)
_SHORT = 6  # words


def standalone(question: str, previous: str | None) -> str:
    """The question as it can be searched for: after the previous one when it leans on it."""
    if not previous:
        return question
    text = folded(question)
    words = [word for word in text.split() if any(map(str.isalnum, word))]
    short = len(words) <= _SHORT  # a mark that stands alone, as « ? » in French, is no word
    if _LEANING.match(text) or (short and _PRONOUNS.search(text)):
        return f"{previous} {question}"
    return question
