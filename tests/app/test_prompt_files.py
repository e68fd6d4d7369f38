from pathlib import Path

import pytest

from app.prompt_files import LANGUAGES, NAMES, load_prompt
from ingest.errors import SettingsError

GOOD = """---
purpose: Réécrire.
values:
  fence: le jeton
  previous: la question d'avant
  question: la question
---
# system
Entre {fence} et {fence}. Une accolade : {{ici}}.

# human
{previous}
{question}
"""


def mistakes(folder: Path, text: str, name: str = "condense") -> list[str]:
    """What is told of a file, without its name."""
    (folder / f"{name}.md").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load_prompt(name, "fr", folder)
    start = f"{folder / name}.md, "
    lines = str(error.value).split("\n")
    assert all(line.startswith(start) for line in lines)
    return [line.removeprefix(start) for line in lines]


def test_a_file_is_its_messages(tmp_path: Path) -> None:
    (tmp_path / "condense.md").write_text(GOOD, encoding="utf-8")
    prompt = load_prompt("condense", "fr", tmp_path)
    system, human = prompt.messages(fence="f", previous="{p}", question="{question} {0.x}")
    assert system.content == "Entre f et f. Une accolade : {ici}."
    assert (human.type, human.content) == ("human", "{p}\n{question} {0.x}")
    assert prompt.purpose == "Réécrire."
    assert prompt.values["question"] == "la question"
    assert prompt.missing == ""


def test_a_file_that_the_folder_lacks_is_the_shipped_one(tmp_path: Path) -> None:
    assert load_prompt("answer", "fr", tmp_path).file == load_prompt("answer").file


def test_an_example_may_be_given_in_messages(tmp_path: Path) -> None:
    text = GOOD.replace("# human\n", "# human\nQui ?\n# ai\nElle.\n# human\n")
    (tmp_path / "condense.md").write_text(text, encoding="utf-8")
    messages = load_prompt("condense", "fr", tmp_path).messages(
        fence="f", previous="p", question="q"
    )
    assert [one.type for one in messages] == ["system", "human", "ai", "human"]


@pytest.mark.parametrize("name", NAMES)
def test_twins_have_the_same_values_and_parts(name: str) -> None:
    french, english = (load_prompt(name, language) for language in LANGUAGES)
    assert french.file != english.file
    assert french.values.keys() == english.values.keys()
    assert bool(french.missing) == bool(english.missing) == (name == "answer")
    assert load_prompt(name, "de") == english


@pytest.mark.parametrize("name", NAMES)
def test_what_must_be_said_is_said_in_both_languages(name: str) -> None:
    needed = {
        ("answer", "fr"): ["[1][3]", "n'est pas « impose »", "n'est pas « doit »", "en fais rien"],
        ("answer", "en"): ["[1][3]", 'is not "requires"', 'is not "must"', "do not follow it"],
        ("condense", "fr"): ["N'ajoute aucun nom, aucun nombre", "n'en fais rien"],
        ("condense", "en"): ["Add no name, number", "do not follow it"],
    }
    for language in LANGUAGES:
        text = load_prompt(name, language).file.read_text(encoding="utf-8")
        assert [one for one in needed[name, language] if one not in text] == []


# Mistakes


def test_a_value_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    assert mistakes(tmp_path, GOOD.replace("{question}\n", "{question} {passage}\n")) == [
        "ligne 13 : « {passage} » n'est pas une valeur ({fence}, {previous}, {question})."
    ]


@pytest.mark.parametrize("form", ["{question!r}", "{question:>9}", "{question.x}", "{}", "{0}"])
def test_a_value_is_its_name_alone(tmp_path: Path, form: str) -> None:
    [told] = mistakes(tmp_path, GOOD.replace("{question}\n", "{question} " + form + "\n"))
    assert told.startswith("ligne 13 : « {")


@pytest.mark.parametrize("brace", ["a } b", "a { b", "{question"])
def test_a_lone_brace_is_told(tmp_path: Path, brace: str) -> None:
    assert mistakes(tmp_path, GOOD.replace("Entre", f"{brace}\nEntre"))[0].startswith("ligne 9 : ")


def test_a_value_that_is_not_used_is_told_where_it_is_described(tmp_path: Path) -> None:
    assert mistakes(tmp_path, GOOD.replace("{previous}\n", "")) == [
        "ligne 5 : la valeur « previous » n'est nulle part dans le texte."
    ]


def test_a_value_that_is_not_described_is_told(tmp_path: Path) -> None:
    told = mistakes(tmp_path, GOOD.replace("  previous: la question d'avant\n", ""))
    assert told[0] == "ligne 1 : l'en-tête ne dit pas ce qu'est la valeur « previous »."
    assert told[1].startswith("ligne 11 : « {previous} » n'est pas une valeur")


def test_a_value_that_the_program_does_not_give_is_told(tmp_path: Path) -> None:
    [told] = mistakes(
        tmp_path,
        GOOD.replace("---\n#", "  agency: l'agence\n---\n#").replace("Entre", "{agency} Entre"),
    )
    assert told == "ligne 7 : « agency » n'est pas une valeur connue (fence, previous, question)."


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD.removeprefix("---\n"), "ligne 1 : il manque l'en-tête"),
        (GOOD.replace("purpose: R", "purpose: [R"), "ligne 3 : l'en-tête n'est pas du YAML."),
        (GOOD.replace("# system\n", ""), "ligne 8 : ce texte est avant « # system »."),
        (GOOD + "# ai\nEt ?\n", "ligne 8 : le texte commence par « # system » et finit par"),
        (GOOD.replace("values:", "valeurs:"), "ligne 1 : l'en-tête ne dit pas ce qu'est"),
        ("", "ligne 1 : il manque l'en-tête"),
    ],
)
def test_a_file_that_is_no_prompt_is_told(tmp_path: Path, text: str, line: str) -> None:
    assert any(told.startswith(line) for told in mistakes(tmp_path, text))


def test_an_answer_says_how_what_is_missing_is_said(tmp_path: Path) -> None:
    text = load_prompt("answer").file.read_text(encoding="utf-8")
    told = mistakes(tmp_path, text.replace("missing: Les sources ne disent pas\n", ""), "answer")
    assert told == [
        "ligne 1 : l'en-tête n'a pas de ligne « missing: » (comment dire ce qui manque)."
    ]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_bytes("é".encode("latin-1"))
    (tmp_path / "condense.md").mkdir()
    for name, why in (("answer", "ce n'est pas du texte UTF-8"), ("condense", "c'est un dossier")):
        with pytest.raises(SettingsError, match=f"ne peut pas être lu : {why}"):
            load_prompt(name, "fr", tmp_path)
