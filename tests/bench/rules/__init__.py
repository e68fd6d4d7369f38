"""Rules that restate a sentence without changing what it says, or change one thing that it says.

A rule takes a :class:`~tests.bench.rules.place.Place` and yields every version that it can make of
the sentence, none where it does not apply. Nothing here knows how statements are verified.
"""
