"""The comparison with other libraries: what it counts, what it says of a peer that fails, a run."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.bench import peers
from tests.bench.peers import Case, Failed, Peer, Result

# title, paragraphs, question, its answer
ARTICLES = (
    ("Le four à pain de Brissac",
     ("Le four à pain du hameau a été maçonné en 1874 par les familles du village.",
      "On l'allume chaque premier dimanche du mois, et chacun apporte sa pâte."),
     "En quelle année le four à pain a-t-il été maçonné ?", "1874"),
    ("La bibliothèque du canal",
     ("La bibliothèque occupe l'ancienne écluse. Elle prête huit livres à la fois.",
      "L'inscription est gratuite pour les enfants de la commune."),
     "Combien de livres la bibliothèque prête-t-elle à la fois ?", "huit livres"),
    ("Le marché couvert",
     ("Le marché se tient sous la halle le mercredi matin, été comme hiver.",
      "Les producteurs de fromage de chèvre y sont les plus nombreux."),
     "Quel jour se tient le marché sous la halle ?", "mercredi matin"),
    ("Le sentier des tourbières",
     ("Ce sentier sur pilotis mesure quatre kilomètres et traverse la réserve.",
      "Les chiens n'y sont pas admis, à cause des oiseaux qui nichent au sol."),
     "Pourquoi les chiens ne sont-ils pas admis sur le sentier ?", "oiseaux qui nichent au sol"),
    ("La chaufferie au bois",
     ("La chaufferie brûle des plaquettes forestières et chauffe l'école et la mairie.",
      "Elle a remplacé une cuve de fioul de dix mille litres."),
     "Que brûle la chaufferie ?", "plaquettes forestières"),
    ("L'orchestre des pompiers",
     ("L'orchestre répète dans la caserne ; il est dirigé par Maud Terrasson.",
      "Il donne un concert à la Sainte-Barbe."),
     "Qui dirige l'orchestre ?", "Maud Terrasson"),
    ("Le bac sur la rivière",
     ("Le bac relie les deux rives toutes les vingt minutes, sauf en période de crue.",
      "Le passage coûte un euro, et les vélos ne paient pas."),
     "Combien coûte le passage du bac ?", "un euro"),
    ("La conserverie associative",
     ("La conserverie transforme les fruits invendus en confitures et en sirops.",
      "Une quarantaine de bénévoles y travaillent de juin à octobre."),
     "Combien de bénévoles travaillent à la conserverie ?", "Une quarantaine"),
    ("Le refuge du col",
     ("Le refuge offre vingt-six couchettes et se réserve par téléphone.",
      "Son gardien monte les vivres à dos d'âne."),
     "Comment le gardien du refuge monte-t-il les vivres ?", "à dos d'âne"),
    ("La ressourcerie",
     ("La ressourcerie reçoit les meubles, la vaisselle et les jouets en bon état.",
      "Les matelas sont refusés pour des raisons d'hygiène."),
     "Pourquoi les matelas sont-ils refusés ?", "raisons d'hygiène"),
)  # fmt: skip


@pytest.fixture
def squad(tmp_path: Path) -> Path:
    """The articles as a SQuAD-like file."""
    data = []
    for number, (title, texts, question, answer) in enumerate(ARTICLES):
        paragraphs = []
        for text in texts:
            answers = [{"text": answer, "answer_start": text.find(answer)}]
            asked = [{"id": str(number), "question": question, "answers": answers}]
            paragraphs.append({"context": text, "qas": asked if answer in text else []})
        data.append({"title": title, "paragraphs": paragraphs})
    file = tmp_path / "articles.json"
    file.write_text(json.dumps({"data": data}), encoding="utf-8")
    return file


def test_the_same_seed_draws_the_same_articles_and_questions(squad: Path) -> None:
    documents, cases = peers.read_squad(squad, 6, 4, seed=3)
    assert (len(documents), len(cases)) == (6, 4)
    assert peers.read_squad(squad, 6, 4, seed=3) == (documents, cases)
    texts = {document["id"]: document["text"] for document in documents}
    assert all("\n\n" in text for text in texts.values())
    assert all(case.answers[0] in texts[case.article] for case in cases)


def test_titles_can_open_the_texts(squad: Path) -> None:
    documents, _ = peers.read_squad(squad, 10, 10, seed=0, titles=True)
    assert all(d["text"].startswith(d["title"] + "\n\n") for d in documents)


def test_an_answer_counts_in_its_own_article_white_space_aside() -> None:
    case = Case("q0", "Combien ?", "a", ("dix mille litres",))
    other = {"article": "b", "text": "dix mille litres"}
    own = {"article": "a", "text": "une cuve de dix\n mille litres"}
    assert not peers.ranks(case, [other, own], 1)
    assert peers.ranks(case, [other, own], 2)
    assert not peers.ranks(case, [], 5)


def test_the_budget_runs_over_the_passages_in_order() -> None:
    case = Case("q0", "Combien ?", "a", ("litres",))
    passages = [{"article": "b", "text": "x" * 10}, {"article": "a", "text": "litres"}]
    assert peers.within(case, passages, 16)
    assert not peers.within(case, passages, 15)


def test_a_command_that_fails_or_lasts_says_why() -> None:
    with pytest.raises(Failed, match=r"ask: exit code 1, ValueError: non"):
        peers.run([sys.executable, "-c", "raise ValueError('non')"], 60, "ask")
    with pytest.raises(Failed, match="ask: stopped after 1 s"):
        peers.run([sys.executable, "-c", "import time; time.sleep(60)"], 1, "ask")
    with pytest.raises(Failed, match="environment: "):
        peers.run(["no-such-command"], 60, "environment")


def test_a_peer_that_cannot_be_installed_keeps_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(peers.ENVIRONMENTS, "txtai", ("nothing",))

    def no_pip(command: list[str], *_: object) -> None:
        raise Failed("installation: exit code 1, no such package")

    monkeypatch.setattr(peers, "run", no_pip)
    [result] = peers.compare([], [], [Peer("txtai", "txtai", "minilm+bm25")], tmp_path, 60)
    assert result == Result("txtai", "installation: exit code 1, no such package")
    figures = {key: 1.0 for key, _, _ in peers.COLUMNS}
    text = peers.report([Result("ours", "", figures, [True]), result], 1, 1, False)
    assert "not measured: installation: exit code 1, no such package" in text
    [ours, unmeasured] = json.loads(peers.report([result, result], 1, 1, True))["peers"]
    assert ours["ratios"] == unmeasured["ratios"] == {}


@pytest.mark.slow
def test_ours_and_the_peers_on_ten_articles(squad: Path, tmp_path: Path) -> None:
    """Installs four environments (about 1 GB each); PEERS_WORK names a folder that keeps them."""
    documents, cases = peers.read_squad(squad, 10, 10, seed=0)
    work = Path(os.environ.get("PEERS_WORK") or tmp_path / "work")
    results = peers.compare(documents, cases, peers.PEERS, work, timeout=1800)
    assert [result.peer for result in results] == [peer.name for peer in peers.PEERS]
    ours = results[0]
    assert (ours.reason, ours.figures["first"], ours.figures["five"]) == ("", 1.0, 1.0)
    for result in results[1:]:
        assert bool(result.figures) != bool(result.reason)
        if result.figures:
            assert 0 < result.figures["five"] <= 1 and result.figures["length"] > 0
    text = peers.report(results, len(documents), len(cases), as_json=False)
    assert all(text.count(peer.name) >= 1 for peer in peers.PEERS)
