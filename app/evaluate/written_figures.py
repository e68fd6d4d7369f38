"""From cases that a language model answered to figures: what it wrote, what is true, how fast."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.evaluate.figures import Named
from app.evaluate.statistics import Figure, figure, mean, percentile, ratio
from app.evaluate.written import Fate, WrittenCase

Rows = Sequence[WrittenCase]

_FATES: dict[Fate, str] = {
    "generated": "réponse écrite par le modèle",
    "unwritten": "citée : le modèle n'a rien écrit",
    "unanswered": "citée : il n'a pas trouvé de réponse",
    "unconfirmed": "citée : trop peu de confirmé",
    "unasked": "citée : il n'a pas été sollicité",
    "not_found": "pas dans les sources",
    "declined": "question déclinée",
}
LEFT_OUT = {
    "marker": "aucun passage cité", "figure": "nombre ou date", "name": "nom",
    "words": "mots absents", "negation": "négation", "modality": "engagement",
    "quantity": "quantité", "order": "l'un pour l'autre",
    "link": "adresse ou code", "empty": "rien de dit",
}  # fmt: skip


def written_figures(written: Rows, seed: int = 0) -> list[Named]:
    """Every figure that the cases allow: fates, statements, what is right, speed, tokens.

    Shares of statements are drawn by question: those of one answer are not independent.
    """
    found = [
        *((f"generated_{_key(fate)}", name, figure(mean, _are(written, fate), seed=seed))
          for fate, name in _FATES.items()),
        *_statements(written, seed),
        *_right(written, seed),
        *_spent(written, seed),
    ]  # fmt: skip
    return [(key, name, value) for key, name, value in found if value is not None]


def _key(fate: Fate) -> str:
    if fate in ("generated", "not_found", "declined"):
        return "answered" if fate == "generated" else fate
    return f"quoted_{fate}"


def _are(written: Rows, fate: Fate) -> list[float]:
    return [float(w.fate == fate) for w in written]


def _statements(written: Rows, seed: int) -> list[tuple[str, str, Figure | None]]:
    tallies = [w.tally for w in written if w.tally]
    judged = [tally for tally in tallies if tally.written]
    kept = [tally for tally in judged if tally.supported]
    totals = [tally.written for tally in judged]
    kinds = sorted({kind for tally in judged for kind in tally.left_out})
    return [
        ("generated_failed", "modèle en défaut",
         figure(mean, [float(tally.failure is not None) for tally in tallies], seed=seed)),
        ("generated_statements", "phrases écrites par réponse", figure(mean, totals, seed=seed)),
        ("generated_supported", "phrases confirmées",
         figure(ratio, [tally.supported for tally in judged], totals, seed=seed)),
        ("generated_repaired", "dont renvois réparés",
         figure(ratio, [t.repaired for t in kept], [t.supported for t in kept], seed=seed)),
        *((f"generated_left_out_{kind}", f"écartées : {LEFT_OUT.get(kind, kind)}",
           figure(ratio, [tally.left_out.count(kind) for tally in judged], totals, seed=seed))
          for kind in kinds),
    ]  # fmt: skip


def _right(written: Rows, seed: int) -> list[tuple[str, str, Figure | None]]:
    shown = [w for w in written if w.fate == "generated"]
    answerable = [w for w in written if w.case.answerable and w.case.is_sayable]
    others = [w for w in written if not w.case.answerable]
    return [
        ("generated_said", "réponse dans le texte écrit",
         _share([w for w in shown if w.said is not None], lambda w: w.said, seed)),
        ("generated_cited", "réponse dans ses citations",
         _share([w for w in shown if w.cited is not None], lambda w: w.cited, seed)),
        ("generated_right", "bien répondues, écrites ou citées",
         _share(answerable, lambda w: w.said, seed)),
        ("generated_unanswerable", "sans réponse : réponse écrite à tort",
         figure(mean, _are(others, "generated"), seed=seed)),
    ]  # fmt: skip


def _spent(written: Rows, seed: int) -> list[tuple[str, str, Figure | None]]:
    firsts = [w.first for w in written if w.first is not None]
    wholes = [w.milliseconds for w in written if w.tally]
    tokens = [w.tokens for w in written if w.tokens is not None]
    return [
        ("generated_first_p50", "première phrase p50 (ms)",
         figure(percentile(50), firsts, seed=seed)),
        ("generated_first_p95", "première phrase p95 (ms)",
         figure(percentile(95), firsts, seed=seed)),
        ("generated_p50", "réponse entière p50 (ms)", figure(percentile(50), wholes, seed=seed)),
        ("generated_p95", "réponse entière p95 (ms)", figure(percentile(95), wholes, seed=seed)),
        ("generated_tokens", "jetons par question", figure(mean, tokens, seed=seed)),
    ]  # fmt: skip


def _share(rows: Rows, value: Callable[[WrittenCase], bool | None], seed: int) -> Figure | None:
    return figure(mean, [float(bool(value(row))) for row in rows], seed=seed)


def mistakes(written: Rows, limit: int = 200) -> list[WrittenCase]:
    """Answers that the model wrote without what they should hold, or where there is none."""
    wrong = [
        w
        for w in written
        if w.fate == "generated" and (not w.case.answerable or (w.case.is_sayable and not w.said))
    ]
    return wrong[:limit]
