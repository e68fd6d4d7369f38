"""French analysis: from a text to the terms under which it is indexed and searched.

The order is: remove soft hyphens and zero-width characters, compose the accents (NFC), split on
what is neither letter nor digit (which parts elided articles, hyphens and ``L. 211-5-1``),
lower-case, fold accents, drop function words, stem.
Accents are folded *before* stemming, so that a word typed without them gets the same stem; a
name made of letters and digits (``ALEC07``) is indexed whole and in its two parts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import tantivy

_LETTERS_DIGITS = re.compile(r"\b([^\W\d_]{2,})(\d+)\b")

# Words of grammar, of questions and of politeness, without accents and lower-case. Negation and
# modality are in it too: they are checked where they matter, not in what is looked up.
FUNCTION_WORDS = tuple(
    """
    a afin ai aie aient ainsi alors apres as au aucun aucune aujourd aura aurait auront aussi
    autre autres aux avaient avait avant avec avez avoir avons ayant beaucoup bien bonjour c ca
    car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci combien comme comment
    d dans de deja depuis des desquels dit dois doit donc dont du duquel elle elles en encore
    entre es est et etaient etait etant ete etes etre eu eux fait fais faire faut ferait font
    h hui il ils j je jusqu jusque l la laquelle le lequel les lesquels leur leurs lors lorsque
    lui m ma mais me meme memes merci mes mien moi moins mon n ne ni non nos notre nous on ont ou
    oui par parce pas pendant peu peut peuvent peux plait plus pour pourquoi pourrait pourriez
    pouvez pouvoir pres puis puisque qu quand que quel quelle quelles quels qui quoi quoique s sa
    salut sans se sera seraient serait seront ses si sien soit sommes son sont sous stp suis sur
    svp t ta te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une va vais
    vers veut veux voici voila vont vos votre vous vs y etc quelque quelques quelqu lorsqu puisqu
    dis dites sais savoir
    connaitre explique expliquez parle parlez appelle appelait signifie dire question reponse
    koi kwa ki kel kelle keske kesako kezako quesaco quesako pk pkoi pq pr pcq cb kan koment qd
    ya yen cest cetait cete jai jsuis chui bjr slt bcp stp pls dsl
    """.split()
)


def analyzer() -> tantivy.TextAnalyzer:
    """The chain described above, for an index and for questions alike."""
    return _chain(stem=True)


def _chain(stem: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(list(FUNCTION_WORDS)))
    )
    return builder.filter(tantivy.Filter.stemmer("french")).build() if stem else builder.build()


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of one word that is in lower case and without accents, function words included."""
    return next(iter(_stemmer().analyze(word)), word)


@cache
def _stemmer() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.raw())
        .filter(tantivy.Filter.stemmer("french"))
        .build()
    )


def prepared(text: str) -> str:
    """The text as it is given to the analyser: composed, and ``ALEC07`` as ``ALEC07 ALEC 07``.

    Format characters go first: a soft hyphen inside a word is not part of it.
    """
    if not text.isascii():
        text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    composed = unicodedata.normalize("NFC", text)
    return _LETTERS_DIGITS.sub(r"\g<0> \1 \2", composed)


class Analysis:
    """Terms and words of texts; holds the two analyser chains."""

    def __init__(self) -> None:
        self._terms = _chain(stem=True)
        self._words = _chain(stem=False)

    def terms(self, text: str) -> list[str]:
        """The stemmed terms of a text, in order, with repetitions."""
        return list(self._terms.analyze(prepared(text)))

    def words(self, text: str) -> list[str]:
        """Its words, lower-case and without accents but not stemmed; as many as ``terms``."""
        return list(self._words.analyze(prepared(text)))
