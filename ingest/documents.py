"""What is ingested and cited: sources, documents, passages and sentences.

All of them are frozen, and every offset is a code-point offset into ``Document.text``, so that
``document.text[thing.start:thing.end]`` is the thing, always.

The id of a source comes from its address and its file's name; that of a passage from its source's
id, the headings above it and its text. Neither depends on a title nor on where a text stands, but
two passages of one text under one heading are told apart by their order.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

Kind = Literal["charte", "article", "page", "faq"]
KINDS: tuple[Kind, ...] = get_args(Kind)

BlockKind = Literal["heading", "paragraph", "item"]


def content_id(*parts: str) -> str:
    """Sixteen hexadecimal digits that depend on the parts alone (SHA-256, length-prefixed)."""
    digest = hashlib.sha256()
    for part in parts:
        feed(digest, part)
    return digest.hexdigest()[:16]


def feed(digest: Hash, part: str) -> None:
    """Put a text into a digest, its length first: two texts are not the same as their sum."""
    data = part.encode("utf-8", errors="surrogatepass")
    digest.update(len(data).to_bytes(8, "big"))
    digest.update(data)


def context_of(title: str, heading: Iterable[str]) -> str:
    """The title and the headings of a passage, on one line."""
    return " › ".join((title, *heading))


def legible(text: str) -> str:
    """The text without control and format characters, as a terminal may be given it.

    It has ``?`` for what UTF-8 cannot hold, such as the stray bytes of an old file name.
    """
    shown = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf"))
    return shown.encode("utf-8", errors="replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Original:
    """A public document that a sheet sums up."""

    title: str
    publisher: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What is cited: the title, publisher, date and address a reader sees under an answer.

    ``date`` is an ISO date, possibly partial (``2019``, ``2019-12``). ``path`` is where the file
    was read, when it was read from disk, and ``name`` that file's place below what was ingested.
    ``originals`` names the public documents that the text sums up, the main one first; it is
    empty when the text is the original itself. ``copies`` are other addresses of the same text.
    """

    title: str
    publisher: str | None = None
    author: str | None = None
    date: str | None = None
    url: str | None = None
    language: str = "fr"
    kind: Kind = "page"
    path: str | None = None
    name: str = ""
    originals: tuple[Original, ...] = ()
    copies: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Stable while the text or the title is edited, and wherever the ingested folder lies.

        It changes with the address, or when the file is renamed or moved inside that folder.
        """
        return content_id("source", self.url or "", self.name or self.title)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Source:
        """The source whose ``asdict`` went through JSON."""
        originals = tuple(Original(**original) for original in values["originals"])
        return cls(**{**values, "originals": originals, "copies": tuple(values["copies"])})


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or a list item of a document; ``level`` is 1–6 for a heading.

    ``page`` is the page it begins on, counted from 1, in a document that has pages, else 0.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A source's text, and the blocks it is made of, in reading order and never overlapping."""

    source: Source
    text: str
    blocks: tuple[Block, ...]

    @property
    def id(self) -> str:
        """The id of its source."""
        return self.source.id

    def as_json(self) -> dict[str, Any]:
        """The document as JSON holds it; :meth:`from_json` gives it back."""
        blocks = [[b.kind, b.start, b.end, b.level, b.page] for b in self.blocks]
        return {"source": asdict(self.source), "text": self.text, "blocks": blocks}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Document:
        """The document whose :meth:`as_json` went through JSON."""
        blocks = tuple(Block(*block) for block in values["blocks"])
        return cls(Source.from_json(values["source"]), values["text"], blocks)

    @property
    def first_heading(self) -> str | None:
        """The first heading, on one line."""
        return next(map(self._line, (b for b in self.blocks if b.kind == "heading")), None)

    def sections(self) -> Iterator[tuple[tuple[str, ...], list[Block]]]:
        """Each run of blocks under one heading, with the path of headings above it.

        A heading that only repeats the document's title is not part of the path.
        """
        path: list[tuple[int, str]] = []
        run: list[Block] = []
        for block in self.blocks:
            if block.kind != "heading":
                run.append(block)
                continue
            if run:
                yield self._headings(path), run
                run = []
            path = [entry for entry in path if entry[0] < block.level]
            path.append((block.level, self._line(block)))
        if run:
            yield self._headings(path), run

    def _line(self, block: Block) -> str:
        return " ".join(self.text[block.start : block.end].split())

    def _headings(self, path: Iterable[tuple[int, str]]) -> tuple[str, ...]:
        return tuple(heading for _, heading in path if heading != self.source.title)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is quoted: a whole sentence of a passage; ``item`` when it belongs to a list.

    ``page`` is that of the block it stands in, 0 in a document without pages.
    """

    start: int
    end: int
    text: str
    item: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: some whole sentences under one heading of one document."""

    id: str
    source_id: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]

    @property
    def context(self) -> str:
        """The title and headings, which stand in front of every text that is embedded."""
        return context_of(self.title, self.heading)

    @property
    def page(self) -> int | None:
        """The page on which it begins; None where the document has none."""
        return self.sentences[0].page or None if self.sentences else None

    @property
    def embedded(self) -> str:
        """The text that stands for the passage in the vector index."""
        return f"{self.context}\n{self.text}"

    def embedded_sentence(self, sentence: Sentence) -> str:
        """The text that stands for one of its sentences in the vector index."""
        return f"{self.context}\n{sentence.text}"
