"""Labelled questions: of eight subjects, each asked in two ways, in four phrasings; and nine."""

from __future__ import annotations

from itertools import product

from app.evaluate.labelled import Labelled
from tests.app.faq.made import vectors_of as embedded

SUBJECTS = ("chaudière", "isolation", "vélo", "borne", "poêle", "charte", "toit", "facture")
ASKED = {
    "prix": ("Combien coûte {} ?", "prix {}", "quel est le tarif {}", "{} combien ça coûte"),
    "aides": ("Quelles aides pour {} ?", "aide {}", "subvention {} possible", "prime pour {}"),
}
OFF_TOPIC = ("qui a peint la Joconde", "capitale du Pérou", "cuire un œuf", "météo demain")


def alike() -> list[Labelled]:
    """Them, and four that are off topic, with vectors of the fake model."""
    lines = [
        (form.format(subject), f"{subject}/{ask}", "plain")
        for subject, ask in product(SUBJECTS, ASKED)
        for form in ASKED[ask]
    ]
    lines += [(question, "", "off-topic") for question in OFF_TOPIC]
    vectors = embedded([question for question, *_ in lines])
    return [Labelled(*line, "dev", vector) for line, vector in zip(lines, vectors, strict=True)]


def labelled(question: str, intent: str, kind: str = "plain", half: str = "dev") -> Labelled:
    """A question with its vector of the fake model."""
    return Labelled(question, intent, kind, half, embedded([question])[0])


# Two intents, and a question of none.
NINE = [
    labelled("prix pompe", "pompe/prix"),
    labelled("tarif pompe", "pompe/prix", "long"),
    labelled("coût d'une pompe", "pompe/prix"),
    labelled("prix de la pompe", "pompe/prix"),
    labelled("aide vélo", "velo/aide"),
    labelled("prime vélo", "velo/aide"),
    labelled("subvention vélo", "velo/aide"),
    labelled("aide pour un vélo", "velo/aide"),
    labelled("capitale du Pérou", "", "off-topic"),
]
