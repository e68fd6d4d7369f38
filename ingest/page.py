"""What is asked of a site, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a site may make us read, wait and ask; sizes in bytes, times in seconds."""

    max_bytes: int = 20_000_000  # of a document, decompressed
    max_ratio: int = 100  # decompressed to compressed
    connect: float = 10.0
    deadline: float = 60.0  # of a document, redirects and retries included, waiting its turn not
    redirects: int = 5
    delay: float = 1.0  # between two requests to one host
    max_delay: float = 10.0  # of what robots.txt may ask for
    at_once: int = 4
    retries: int = 2
    back_off: float = 1.0  # before the first retry, doubled before each other


@dataclass(frozen=True, slots=True)
class Validators:
    """What a site gave with a page, to be told whether the page changed since.

    ``url`` is the address the page was at in the end; empty, it is the one asked for.
    """

    etag: str = ""
    last_modified: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """An address to ask for, with the validators of the copy one has."""

    url: str
    known: Validators | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A document as its site gave it, decompressed.

    ``asked`` is the address as it was given, ``url`` the canonical one where it was in the end;
    ``moved_permanently`` says that every redirect in between is for good. ``content_type`` has
    no parameters; like ``charset``, ``etag`` and ``last_modified`` it may be empty.
    """

    url: str
    asked: str
    moved_permanently: bool
    data: bytes
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""

    @property
    def validators(self) -> Validators:
        """What to ask with next time."""
        return Validators(self.etag, self.last_modified, self.url)


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The site says that the copy one has is still good (304)."""

    url: str
    asked: str
    moved_permanently: bool
