"""Gradio's page as it is first sent, in another language than the one it was built in.

What Gradio draws first is in the page's HTML, as ``window.gradio_config``: the texts that differ
are put in their place there, so that nobody sees another language for a moment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_CONFIG = re.compile(r"(?<=window\.gradio_config = )\{.*?\}(?=;</script>)", re.DOTALL)
# In a script of a page; as Gradio writes them.
_ESCAPED = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'"}

Config = Mapping[str, Any]


class Translation:
    """The texts of ``other`` in place of those of ``own``: two pages of the same parts."""

    def __init__(self, own: Config, other: Config) -> None:
        self._title: str = other["title"]
        pairs = zip(own["components"], other["components"], strict=True)
        self._texts = [_differing(mine["props"], theirs["props"]) for mine, theirs in pairs]

    def __call__(self, html: str) -> str:
        """The page with its texts replaced; unchanged where it holds no configuration."""
        return _CONFIG.sub(lambda found: self._replaced(found[0]), html, count=1)

    def _replaced(self, written: str) -> str:
        config = json.loads(written)
        config["title"] = self._title
        for component, texts in zip(config["components"], self._texts, strict=True):
            component["props"].update(texts)
        dumped = json.dumps(config, ensure_ascii=False, separators=(",", ":"))
        return dumped.translate(_ESCAPED)


def _differing(own: Config, other: Config) -> dict[str, str]:
    texts = {name: value for name, value in other.items() if isinstance(value, str)}
    return {name: text for name, text in texts.items() if own.get(name) != text}
