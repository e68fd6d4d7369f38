"""Questions that ask the same thing, grouped: average linkage on a calibrated score of pairs.

Texts that differ in case, accents or punctuation are one. The most asked are grouped first,
``TILE`` at once; each further tile is compared with the groups that there are, joins them or makes
its own. Memory holds one tile against another, never all pairs; the same questions give the same
groups whatever their order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.faq.likeness import Likeness, Rows
from app.faq.pairs import Scale, Side, logits
from app.faq.reading import read
from app.intent import folded

TILE = 1_000  # texts
_HEARD = 12  # members of a group that a further text is compared with
_HEARD_AT_ONCE = 50  # groups
_FAR = 30.0  # logits are held below, so that distances are positive
# Measured on the half of the questions that is for it (docs/faq.md).
_STRAYS = 3  # texts of a group that is taken apart for want of others
_STRAY_BELOW = 2.5  # how far below ``together`` a stray may be
_STRAY_LEAD = 2.0  # and how much nearer than to any other group
_BARE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same: their positions in order, and that of the typical one.

    The typical one is the medoid: of all texts, the most like the others, each counted as many
    times as it was asked.
    """

    members: tuple[int, ...]
    typical: int


@dataclass(slots=True)
class _Cluster:
    """Texts of one group; those that further ones are compared with come first."""

    texts: list[int] = field(default_factory=list)


def grouped(
    questions: Sequence[str], vectors: Rows | None, likeness: Likeness, tile: int = TILE
) -> list[Group]:
    """The groups of questions, the largest first; a question that is like no other is alone.

    ``vectors`` are the questions' own (``embed_query``), shape (questions, dimension); without
    them, words alone are compared.
    """
    asked = _folded(questions)
    order = sorted(asked, key=lambda text: (-len(asked[text]), text))
    places = [asked[text] for text in order]
    firsts = [at[0] for at in places]
    texts = [questions[first] for first in firsts]
    rows = None if vectors is None else np.asarray(vectors, dtype=np.float32)[firsts]
    scale = Scale([read(text) for text in texts], 2, likeness.heard)
    side = scale.side(texts, rows, likeness.view)
    counts = np.array([len(at) for at in places])
    groups = [
        _group(cluster.texts, places, counts, side, likeness)
        for cluster in _clusters(side, likeness, tile)
    ]
    return sorted(groups, key=lambda group: (-len(group.members), group.members))


def _folded(questions: Sequence[str]) -> dict[str, list[int]]:
    """Positions by text without case, accents and punctuation."""
    found: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        plain = folded(question)
        found.setdefault(_BARE.sub(" ", plain).strip() or plain, []).append(place)
    return found


def _clusters(side: Side, likeness: Likeness, tile: int) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for start in range(0, len(side), tile):
        fresh = list(range(start, min(start + tile, len(side))))
        if clusters:
            fresh = _joined(fresh, clusters, side, likeness)
        clusters.extend(_linked(fresh, side, likeness))
    return clusters


def _joined(
    fresh: list[int], clusters: list[_Cluster], side: Side, likeness: Likeness
) -> list[int]:
    """The texts that no cluster is like; the others are put into theirs."""
    best = np.full(len(fresh), -np.inf)
    where = np.zeros(len(fresh), dtype=int)
    left = side.part(fresh)
    for start in range(0, len(clusters), _HEARD_AT_ONCE):
        some = clusters[start : start + _HEARD_AT_ONCE]
        heard = [text for cluster in some for text in cluster.texts[:_HEARD]]
        sizes = [min(_HEARD, len(cluster.texts)) for cluster in some]
        first = np.cumsum([0, *sizes[:-1]])
        sums = np.add.reduceat(_held(logits(left, side.part(heard), likeness.pair)), first, axis=1)
        means = sums / np.array(sizes)
        nearest = means.argmax(axis=1)
        value = means[np.arange(len(fresh)), nearest]
        better = value > best
        best[better], where[better] = value[better], start + nearest[better]
    for text, cluster, score in zip(fresh, where, best, strict=True):
        if score >= likeness.together:
            clusters[cluster].texts.append(text)
    return [text for text, score in zip(fresh, best, strict=True) if score < likeness.together]


def _linked(texts: list[int], side: Side, likeness: Likeness) -> list[_Cluster]:
    """Average linkage of texts, down to the mean logit at which groups stay apart."""
    if len(texts) < 2:
        return [_Cluster(texts)] if texts else []
    part = side.part(texts)
    found: dict[int, _Cluster] = {}
    labels = linked(logits(part, part, likeness.pair), likeness.together)
    for text, label in zip(texts, labels, strict=True):
        found.setdefault(label, _Cluster()).texts.append(text)
    return list(found.values())


def linked(likes: Rows, together: float) -> list[int]:
    """Average linkage of at least two texts on the logits of their pairs: a number a text, the
    same for those whose groups have a mean logit of at least ``together``.
    """
    from sklearn.cluster import AgglomerativeClustering

    distances = _FAR - _held((likes + likes.T) / 2)
    np.fill_diagonal(distances, 0)
    linking = AgglomerativeClustering(
        n_clusters=None,
        distance_threshold=_FAR - together,
        metric="precomputed",
        linkage="average",
    )
    labels = linking.fit_predict(distances)
    labels = _gathered(labels, _FAR - distances, together)
    found: list[int] = labels.tolist()
    return found


def _gathered(labels: np.ndarray, likes: Rows, together: float) -> np.ndarray:
    """The labels with strays put into the group that they are nearest to, when it is far nearer
    than the next one: average linkage leaves alone what is said in very other words.
    """
    names, places, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    groups = np.flatnonzero(sizes > _STRAYS)
    strays = np.flatnonzero(sizes[places] <= _STRAYS)
    if not len(groups) or not len(strays):
        return labels
    members = (places[:, None] == groups[None]).astype(likes.dtype) / sizes[groups]
    means = likes[strays] @ members
    nearest = means.argmax(axis=1)
    rows = np.arange(len(strays))
    best = means[rows, nearest]
    means[rows, nearest] = -_FAR
    joins = (best >= together - _STRAY_BELOW) & (best - means.max(axis=1) >= _STRAY_LEAD)
    moved = labels.copy()
    moved[strays[joins]] = names[groups[nearest[joins]]]
    return moved


def _held(values: Rows) -> Rows:
    return np.clip(values, -_FAR + 1, _FAR - 1)


def _group(
    texts: list[int],
    places: Sequence[list[int]],
    counts: np.ndarray,
    side: Side,
    likeness: Likeness,
) -> Group:
    members = tuple(sorted(place for text in texts for place in places[text]))
    heard = side.part(texts[:TILE])
    weights = counts[texts[:TILE]].astype(np.float32)
    likes = _held(logits(heard, heard, likeness.pair))
    np.fill_diagonal(likes, _FAR)
    typical = texts[int((likes @ weights).argmax())]
    return Group(members, places[typical][0])
