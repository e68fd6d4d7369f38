import base64
import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from app.evaluate.figures import figures
from app.evaluate.measure import REMOVED
from app.evaluate.report import Evaluation, as_html, as_json, as_text
from app.evaluate.statistics import Figure
from ingest.errors import SettingsError
from tests.app.evaluate.made import citation, measured, written

HOSTILE = "<script>alert('1')</script> & \"<img src=x onerror=y>\""
WRONG = measured(
    0.87654, question="Qui « signe » ?", quoted=False, citations=(citation("Le maire signe."),)
)
MISSED = measured(0.2, question="Et quand ?", quoted=False)
TRICKED = measured(0.9, answerable=False, group=REMOVED, question="Et où ?")
MEASURED = (measured(0.95), WRONG, MISSED, TRICKED)
FIGURES = (
    ("first", "réponse dans le premier passage", Figure(0.79, 1000, 0.7649, 0.8151)),
    ("length", "longueur de la citation (caractères)", Figure(340.26, 1000, 331.0, 349.5)),
)
EVALUATION = Evaluation("questions.csv", "20250101-000000-abcdef01", "fake", FIGURES, MEASURED)

WRITTEN = (
    written("generated", supported=2, repaired=1, left_out=("name",)),
    written("generated", said=False, text="Le préfet signe.", left_out=("name", "order")),
    written("unwritten", supported=0, failure="timeout", first=None, tokens=None),
    written("not_found", first=None, tokens=None, text=""),
)
WITH_A_MODEL = replace(EVALUATION, writer="openai:faux", written=WRITTEN)


class Page(HTMLParser):
    """The tags, the attributes and the visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for known, value in self.attributes if known == name]


@pytest.fixture(scope="module")
def html() -> str:
    return as_html([EVALUATION])


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_table_has_a_line_a_figure_with_its_cases_and_its_interval() -> None:
    assert as_text(EVALUATION).splitlines() == [
        "questions.csv — version 20250101-000000-abcdef01, modèle fake",
        "                                           valeur    cas   intervalle à 95 %",
        "réponse dans le premier passage             0.790   1000   0.765 à 0.815",
        "longueur de la citation (caractères)        340.3   1000   331.0 à 349.5",
    ]


def test_the_object_has_the_keys_that_are_promised_and_can_be_written() -> None:
    shown = json.loads(json.dumps(as_json(EVALUATION), allow_nan=False))

    assert shown.keys() == {"file", "release", "model", "figures", "failures"}
    assert (shown["file"], shown["model"]) == ("questions.csv", "fake")
    assert shown["figures"]["first"] == {
        "value": 0.79, "cases": 1000, "low": 0.7649, "high": 0.8151
    }  # fmt: skip
    assert [failure["question"] for failure in shown["failures"]] == [
        "Qui « signe » ?", "Et quand ?", "Et où ?",
    ]  # fmt: skip
    assert shown["failures"][0] == {
        "id": "7", "question": "Qui « signe » ?", "group": "asked", "answerable": True,
        "answered": True, "declined": False, "probability": 0.8765,
        "found": [{"source": "Fiche", "quote": "Le maire signe."}],
    }  # fmt: skip


def test_figures_of_real_measures_can_be_written_too() -> None:
    found = tuple(figures(MEASURED))

    shown = as_json(replace(EVALUATION, figures=found))["figures"]
    assert {"first", "right", "removed_auroc", "p95"} <= json.loads(json.dumps(shown)).keys()


def test_the_page_is_french_and_holds_the_table_three_images_and_what_went_wrong(
    page: Page,
) -> None:
    assert page.values("lang") == ["fr"]
    assert page.values("alt") == [
        "Exactitude selon la part de refus", "Diagramme de fiabilité", "Latence (ms)",
    ]  # fmt: skip
    assert "Version 20250101-000000-abcdef01, modèle fake." in page.text
    assert "340.3" in page.text and "331.0 à 349.5" in page.text
    assert re.findall(r"(Qui « signe »|Et quand|Et où) \?([^,]+), (.*?), prob", page.text) == [
        ("Qui « signe »", "mal répondue", "asked"),
        ("Et quand", "sans réponse", "asked"),
        ("Et où", "répondue à tort", "article removed"),
    ]
    assert "probabilité 0.88« Le maire signe. » — « Fiche »" in page.text


def test_the_images_are_in_the_page_and_nothing_is_fetched_from_elsewhere(
    page: Page, html: str
) -> None:
    sources = page.values("src")

    assert len(sources) == 3
    for source in sources:
        kind, _, data = source.partition(",")
        assert kind == "data:image/png;base64"
        assert base64.b64decode(data, validate=True).startswith(b"\x89PNG")
    assert {"script", "link", "iframe", "a"}.isdisjoint(page.tags)
    assert not re.search(r"https?:|//|url\(|@import", re.sub(r'"data:[^"]*"', "", html))


def test_what_was_asked_and_what_is_quoted_stay_text() -> None:
    wrong = measured(
        0.9, question=HOSTILE, quoted=False, citations=(citation(HOSTILE, title=HOSTILE),)
    )
    named = (HOSTILE, HOSTILE, Figure(0.5, 1, 0.5, 0.5))
    page = Page(as_html([Evaluation(HOSTILE, HOSTILE, HOSTILE, (named,), (wrong,))]))

    assert page.text.count(HOSTILE) == 7
    assert page.tags.count("img") == 3 and "script" not in page.tags
    assert page.values("onerror") == []


def test_a_page_without_any_question_is_still_a_page() -> None:
    assert Page(as_html([replace(EVALUATION, figures=(), measured=())])).tags.count("img") == 3


def test_without_matplotlib_the_page_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)

    with pytest.raises(SettingsError, match=r"pip install 'chartiste\[eval\]'"):
        as_html([EVALUATION])


def test_what_a_model_wrote_is_counted_in_the_object() -> None:
    shown = json.loads(json.dumps(as_json(WITH_A_MODEL), allow_nan=False))

    assert as_json(EVALUATION) == {k: v for k, v in shown.items() if k != "generated"}
    assert shown["generated"] == {
        "model": "openai:faux",
        "fates": {"generated": 2, "unwritten": 1, "not_found": 1},
        "statements": {
            "written": 6, "supported": 3, "repaired": 1, "left_out": {"name": 2, "order": 1}
        },
        "silences": {"timeout": 1},
        "tokens": 100,
        "mistakes": [
            {"id": "7", "question": "Qui ?", "answerable": True, "text": "Le préfet signe."}
        ],
    }  # fmt: skip


def test_the_model_is_named_in_the_table_and_on_the_page() -> None:
    page = Page(as_html([WITH_A_MODEL]))

    assert as_text(WITH_A_MODEL).splitlines()[0].endswith("modèle fake, réponses de openai:faux")
    assert "modèle fake, réponses de openai:faux." in page.text
    assert page.values("alt")[3:] == ["Temps du modèle de langue (ms)"]
    assert "a écrit sans y répondre" in page.text and "a écrit sans" not in as_html([EVALUATION])
    assert "la réponse n'y est pasLe préfet signe." in page.text


def test_what_a_model_wrote_stays_text() -> None:
    wrong = written("generated", said=False, text=HOSTILE)
    page = Page(as_html([replace(WITH_A_MODEL, writer=HOSTILE, written=(wrong,))]))

    assert page.text.count(HOSTILE) == 2
    assert page.tags.count("img") == 4 and "script" not in page.tags


def test_a_model_that_never_wrote_is_a_page_too() -> None:
    none = (written("not_found", first=None, tokens=None, text=""),)
    assert Page(as_html([replace(WITH_A_MODEL, written=none)])).tags.count("img") == 4
