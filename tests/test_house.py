"""What holds of every file: no trace of the machine it was written on, and a docstring."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import ChartisteError

ROOT = Path(__file__).parent.parent
FOLDERS = ("app", "ingest", "tests", "data", "docs", "prompts")
SUFFIXES = {".py", ".md", ".toml", ".csv", ".json", ".html", ".css", ".js", ".txt", ".yaml", ".yml"}

# Spelled so that this file does not contain them itself.
TRACES = ["/" + "work/", "/" + "root/", "/" + "tmp/dev", "farm" + "-"]


def _texts() -> Iterator[Path]:
    for name in FOLDERS:
        for folder, below, files in os.walk(ROOT / name):
            below[:] = [one for one in below if one not in ("store", "__pycache__")]
            yield from (Path(folder, file) for file in files)
    for pattern in ("*.md", "*.toml", "Makefile", "Dockerfile", "*.yaml"):
        yield from ROOT.glob(pattern)


FILES = sorted(file for file in _texts() if file.suffix in SUFFIXES or not file.suffix)
MODULES = sorted(
    file for package in ("app", "ingest") for file in (ROOT / package).rglob("*.py")
)  # fmt: skip


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def _errors() -> list[type[ChartisteError]]:
    """Every kind of error of both packages, those that only one module declares included."""
    for package in ("ingest", "app"):
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            importlib.import_module(found.name)
    return sorted(_below(ChartisteError), key=lambda kind: kind.__name__)


def _below(kind: type[ChartisteError]) -> set[type[ChartisteError]]:
    return {kind}.union(*(_below(one) for one in kind.__subclasses__()))


@pytest.mark.parametrize("trace", TRACES)
def test_no_file_bears_a_trace_of_the_machine_it_was_written_on(trace: str) -> None:
    assert [_name(file) for file in FILES if trace.encode() in file.read_bytes()] == []


def test_the_files_that_are_looked_at_are_the_project_s() -> None:
    names = {_name(file) for file in FILES}
    assert {"pyproject.toml", "ingest/job.py", "tests/test_house.py"} <= names
    assert [name for name in names if "__pycache__" in name or name.startswith("data/store")] == []


@pytest.mark.parametrize("file", MODULES, ids=_name)
def test_every_module_says_what_it_is_for(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), f"{_name(file)} has no docstring"


def test_every_error_says_what_it_means_and_how_the_command_ends() -> None:
    kinds = _errors()
    assert len(kinds) >= 10
    undocumented = [
        kind.__name__ for kind in kinds
        if not kind.__dict__.get("__doc__") or not inspect.cleandoc(kind.__doc__ or "")
    ]  # fmt: skip
    assert undocumented == []
    assert [kind.__name__ for kind in kinds if kind.exit_code not in range(1, 6)] == []


def test_the_staff_read_one_word_for_other_phrasings() -> None:
    """« variantes » is the name of a field and of a column of files alone."""
    pages = [*(ROOT / "app" / "web" / "staff").glob("*.py"), ROOT / "app" / "faq" / "rules.py"]
    told = [
        node.value
        for file in pages
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
    ]
    assert [text for text in told if "variante" in text] == []
