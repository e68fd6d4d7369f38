"""What the docs say is there, and what is there is in the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from app.chat.choice import ModelSettings
from app.cli import _parser
from app.settings import Settings
from app.staff.provider import OidcSettings
from ingest.settings import IngestSettings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    file.read_text(encoding="utf-8")
    for package in ("app", "ingest")
    for file in (ROOT / package).rglob("*.py")
)


def _settings() -> Iterator[tuple[str, str]]:
    for kind in (Settings, ModelSettings, OidcSettings, IngestSettings):
        for field in fields(kind):
            if "help" in field.metadata:
                yield "CHARTISTE_" + field.name.upper(), field.metadata["help"]


@pytest.mark.parametrize(("name", "help"), list(_settings()))
def test_each_setting_is_in_the_docs_as_the_code_says_it(name: str, help: str) -> None:
    assert re.search(rf"^\| `{name}` \|.*\| {re.escape(help)} \|$", SETTINGS, re.MULTILINE)


def test_each_variable_of_the_docs_is_read_by_the_code() -> None:
    documented = set(re.findall(r"^\| `CHARTISTE_(\w+)`", SETTINGS, re.MULTILINE))
    read = {name.removeprefix("CHARTISTE_") for name, _ in _settings()} | {"DEBUG"}
    assert documented == read


def test_each_command_is_in_the_readme() -> None:
    [subparsers] = [action for action in _parser()._actions if hasattr(action.choices, "keys")]
    for command in subparsers.choices or ():
        assert re.search(rf"(?:chartiste |\| ){command}\b", README), command


def test_each_public_route_is_in_the_readme() -> None:
    for route in re.findall(r'"(/api/v1/\w+|/healthz|/readyz|/sources)"', SOURCES):
        assert route in README, route


def test_each_file_the_readme_links_to_exists() -> None:
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", README):
        assert (ROOT / target).is_file(), target
