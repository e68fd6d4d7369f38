"""What each address lets others do: who may read or frame it, and how often it may be asked.

An address that the table does not name is a page of ours: no other site reads or frames it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Rate = Literal["free", "page", "question"]
BODY = 64 * 1024  # bytes; a question of 2,000 characters is at most 24 kB of JSON
# For who is logged in: an entry with all its variants is at most 160 kB of a form; a file, of which
# less is taken: its page says so of one that is somewhat too large.
STAFF_BODY, FILE_BODY = 256 * 1024, 16 * 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """``path`` is also what logs say in place of the address, which a visitor has written.

    ``{id}`` stands for one step of an address, ``{rest}`` for all that follows.
    """

    path: str
    rate: Rate = "page"
    shared: bool = False  # pages of the allowed origins may read it (CORS)
    embedded: bool = False  # any page may load it as a script or a style
    framed: bool = False  # pages of the allowed origins may frame it
    private: bool = False  # of the staff: kept by no browser and no proxy
    body: int = BODY  # bytes that it takes; more than the default from the staff alone

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the addresses of this policy look like."""
        path = re.escape(self.path).replace(r"\{id\}", "[^/]+").replace(r"\{rest\}", ".*")
        return re.compile(path, re.DOTALL)


POLICIES = (
    Policy("/healthz", rate="free"),
    Policy("/readyz"),
    Policy("/api/v1/ask", rate="question", shared=True),
    Policy("/api/v1/ask/stream", rate="question", shared=True),
    Policy("/api/v1/search", rate="question", shared=True),
    Policy("/api/v1/{rest}", rate="question", shared=True),
    Policy("/widget.js", shared=True, embedded=True),
    Policy("/widget/frame", framed=True),
    Policy("/widget/essai"),
    Policy("/widget/{rest}", shared=True, embedded=True),
    Policy("/gradio_api/queue/join", rate="question"),
    Policy("/gradio_api/queue/data"),
    Policy("/gradio_api/heartbeat/{id}"),
    Policy("/sources"),
    Policy("/sources/{id}"),
    Policy("/staff", private=True),
    Policy("/staff/export", private=True, body=FILE_BODY),
    Policy("/staff/{rest}", private=True, body=STAFF_BODY),
    Policy("/"),
    Policy("/{rest}"),
)


def policy_of(path: str) -> Policy:
    """The policy of an address, below the prefix that a proxy strips."""
    return next((one for one in POLICIES if one.pattern.fullmatch(path)), POLICIES[-1])
