"""With the real library on a tiny classifier of random weights, and no fake of either."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.entailment import Entailment
from ingest.errors import ModelError
from tests.ingest.models import write_json

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "la", "charte", "lie", "engage", "élus")
LABELS = ("contradiction", "Entailment", "neutral")
PAIR = ("la charte lie", "la charte engage")
LONGEST = 16  # tokens that the classifier reads

Make = Callable[..., str]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """The folder of a classifier with these labels."""
    pytest.importorskip("sentence_transformers")
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    def make(labels: tuple[str, ...] = LABELS) -> str:
        folder = tmp_path / "nli"
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(WORDS), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
            intermediate_size=8, max_position_embeddings=LONGEST, initializer_range=2.0,
            id2label=dict(enumerate(labels)), label2id={name: n for n, name in enumerate(labels)},
        )  # fmt: skip
        BertForSequenceClassification(config).save_pretrained(folder)
        tokenizer = BertTokenizerFast(
            vocab={word: n for n, word in enumerate(WORDS)}, strip_accents=False,
            model_max_length=LONGEST,
        )  # fmt: skip
        tokenizer.save_pretrained(folder)
        return str(folder)

    return make


def expected(folder: str, pair: tuple[str, str]) -> list[float]:
    """The probabilities of the labels by the libraries below: transformers and torch."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    read = AutoTokenizer.from_pretrained(folder)(*pair, return_tensors="pt")
    with torch.inference_mode():
        return [float(one) for one in model(**read).logits.softmax(-1)[0]]


def test_the_probability_is_that_of_the_label_entailment(make: Make) -> None:
    folder = make()
    wanted = expected(folder, PAIR)
    assert max(wanted) - min(wanted) > 0.01, "labels that cannot be told apart prove nothing"
    assert Entailment(folder, "cpu").probability(*PAIR) == pytest.approx(wanted[1], abs=1e-5)


def test_the_label_is_found_wherever_it_stands(make: Make) -> None:
    folder = make(("ENTAILMENT", "not_entailment"))
    wanted = expected(folder, PAIR)
    assert Entailment(folder, "cpu").probability(*PAIR) == pytest.approx(wanted[0], abs=1e-5)


def test_an_activation_in_the_model_s_configuration_changes_nothing(make: Make) -> None:
    folder = make()
    wanted = expected(folder, PAIR)
    activation: dict[str, Any] = {"activation_fn": "torch.nn.modules.activation.Sigmoid"}
    config = json.loads((Path(folder) / "config.json").read_text())
    write_json(Path(folder), {"config.json": config | {"sentence_transformers": activation}})
    assert Entailment(folder, "cpu").probability(*PAIR) == pytest.approx(wanted[1], abs=1e-5)


def test_what_is_longer_than_the_model_reads_is_not_vouched_for(make: Make) -> None:
    model = Entailment(make(), "cpu")
    room = LONGEST - 3  # three marks around the pair
    assert model.probability("la", " ".join(["élus"] * (room - 1))) > 0
    assert model.probability("la", " ".join(["élus"] * room)) == 0


def test_several_threads_get_what_one_gets(make: Make) -> None:
    model = Entailment(make(), "cpu")
    hypotheses = ["la charte", "la charte engage", "la charte lie la charte", "la"] * 4
    alone = [model.probability("la charte lie", one) for one in hypotheses]
    found: dict[int, float] = {}

    def ask(number: int) -> None:
        found[number] = model.probability("la charte lie", hypotheses[number])

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(len(hypotheses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose([found[n] for n in range(len(hypotheses))], alone, atol=1e-6)


def test_a_model_that_fails_says_so_in_one_sentence(make: Make) -> None:
    model = Entailment(make(), "cpu")
    with pytest.raises(ModelError, match=r"^Le modèle « .*nli » ne juge plus \(\w+\)\.$"):
        model.probability(None, "la charte")  # type: ignore[arg-type]


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1", "LABEL_2"), ("entailment",)])
def test_a_model_that_is_no_nli_model_is_refused(make: Make, labels: tuple[str, ...]) -> None:
    with pytest.raises(ModelError, match="CHARTISTE_NLI veut un modèle d'inférence"):
        Entailment(make(labels), "cpu")


def test_a_folder_that_is_not_there_or_holds_no_model_is_named(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="absent » n'existe pas : vérifiez CHARTISTE_NLI"):
        Entailment(str(tmp_path / "absent"))
    with pytest.raises(ModelError, match="vérifiez que son dossier est complet"):
        Entailment(str(write_json(tmp_path / "vide", {"config.json": {}})))


def test_a_model_that_is_not_here_is_not_looked_for_when_that_is_forbidden(make: Make) -> None:
    with pytest.raises(ModelError, match="« un/absent » n'est pas sur cette machine, et HF_HUB_OF"):
        Entailment("un/absent")


def test_a_missing_library_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=r"pip install 'chartiste\[models\]'"):
        Entailment("un/modele")
