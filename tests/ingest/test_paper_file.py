"""Files made by hand, as pdfium reads them."""

from __future__ import annotations

import math
import time

import pytest

from ingest.documents import Document, Source
from ingest.errors import SourceError
from ingest.parse import pdf as module
from ingest.parse.paper.file import opened
from ingest.parse.pdf import parse_pdf
from tests.ingest.pdfs import paragraph, pdf, shown
from tests.ingest.texts import blocks_of

TEXT = ["La charte rassemble des territoires qui", "changent leur façon d'agir."]
PAGE = paragraph(TEXT)
SENTENCE = "La charte rassemble des territoires qui changent leur façon d'agir."
IMAGE = "q 500 0 0 700 40 60 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \xff EI Q"


def parse(data: bytes, source: Source | None = None) -> Document:
    return parse_pdf(data, source or Source(title="Fichier", name="f.pdf"))


def texts(data: bytes) -> list[str]:
    return [text for _, text in blocks_of(parse(data))]


def test_the_text_of_a_page_is_read() -> None:
    document = parse(pdf([PAGE]))
    assert blocks_of(document) == [("paragraph", SENTENCE)]
    assert [block.page for block in document.blocks] == [1]


def test_each_block_knows_its_page() -> None:
    pages = [paragraph([f"Le point numéro {word} est dit."]) for word in ("un", "deux", "trois")]
    assert [block.page for block in parse(pdf(pages)).blocks] == [1, 2, 3]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_set_sideways_is_read_upright(rotation: int) -> None:
    turn = math.radians(rotation)
    a, b = round(math.cos(turn)), round(math.sin(turn))
    x, y = {0: (0, 0), 90: (800, 0), 180: (600, 800), 270: (0, 600)}[rotation]
    content = f"q {a} {b} {-b} {a} {x} {y} cm\n{PAGE}\nQ"
    assert texts(pdf([content], page=f"/Rotate {rotation}", box=(0, 0, 842, 842))) == [SENTENCE]


def test_what_is_not_seen_is_left_out() -> None:
    hidden = [
        shown("hors de la page", 900, 500), shown("au-dessus", 60, 2000),
        shown("minuscule", 60, 500, size=0.1),
        "BT /F1 40 Tf 0.7 0.7 -0.7 0.7 200 200 Tm (PROJET) Tj ET",
    ]  # fmt: skip
    assert texts(pdf(["\n".join([PAGE, *hidden])])) == [SENTENCE]


def test_text_recognised_over_a_scanned_image_is_read() -> None:
    lines = [shown(line, 60, 700 - 13 * n, mode=3) for n, line in enumerate(TEXT)]
    assert texts(pdf(["\n".join([IMAGE, *lines])])) == [SENTENCE]


@pytest.mark.parametrize("content", ["", IMAGE, IMAGE + shown("3", 290, 30), " \n"])
def test_a_scanned_file_is_refused_with_what_to_do(content: str) -> None:
    with pytest.raises(SourceError, match=r"^Le PDF ne contient pas de texte .*\(OCR\)\.$"):
        parse(pdf([content, content]))


def test_a_file_with_a_password_is_refused() -> None:
    secret = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
    data = pdf([PAGE], trailer=f"/Encrypt {secret} /ID [<{'00' * 16}> <{'00' * 16}>]")
    with pytest.raises(SourceError, match=r"^Le PDF est protégé par un mot de passe : "):
        parse(data)


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"%PDF-1.7\n1 0 obj\n", b"\x00" * 99, pdf([]), b"<html>%PDF</html>"]
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^Le fichier n'est pas un PDF lisible : "):
        parse(data)


def test_a_file_that_is_cut_is_read_or_refused() -> None:
    data = pdf([PAGE, PAGE])
    for end in range(0, len(data), 37):
        try:
            assert SENTENCE in parse(data[:end]).text
        except SourceError as error:
            assert str(error).startswith(("Le fichier n'est pas", "La page", "Le PDF ne contient"))


def test_a_file_with_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PAGES", 1)
    with pytest.raises(SourceError, match=r"^Le PDF a 2 pages, plus que la limite de 1 : "):
        parse(pdf([PAGE, PAGE]))


def test_letters_without_a_code_are_refused() -> None:
    names = " ".join(f"/g{code}" for code in range(97, 123))
    font = f"<< /Type /Font /Subtype /Type1 /BaseFont /X /Encoding << /Differences [97 {names}] >> "
    map_ = "/ToUnicode 8 0 R >>"
    cmap = (
        "begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        "1 beginbfrange <20> <ff> <e000> endbfrange endcmap"
    )
    stream = f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream"
    data = pdf([PAGE.replace("/F1", "/F3")], extra=[font + map_, stream])
    data = data.replace(b"/F1 3 0 R", b"/F3 7 0 R")
    with pytest.raises(SourceError, match=r"^Le texte du PDF est illisible : "):
        parse(data)


def test_a_file_describes_itself() -> None:
    data = pdf(
        [PAGE], catalog="/Lang (en-GB)",
        info="/Title (La charte) /Author (Jeanne Roux) /CreationDate (D:20191205103000+01'00')",
    )  # fmt: skip
    assert parse(data).source == Source(
        "La charte", author="Jeanne Roux", date="2019-12-05", language="en", name="f.pdf"
    )


def test_what_the_source_says_stands() -> None:
    source = Source("Fichier", author="L'agence", date="2018", name="f.pdf")
    data = pdf([PAGE], info="/Author (Word) /CreationDate (D:20191205)")
    assert parse(data, source).source == source


@pytest.mark.parametrize(
    "title", ["Microsoft Word - charte.doc", "charte_v3", "Charte finale.docx", "Sans titre 1", "x",
              "C:/charte", "about:blank", "Document2"]
)  # fmt: skip
def test_the_name_of_a_file_is_no_title(title: str) -> None:
    heading = shown("La charte d'alliance", 60, 760, size=20)
    assert parse(pdf([f"{heading}\n{PAGE}"], info=f"/Title ({title})")).source.title == (
        "La charte d'alliance"
    )
    assert parse(pdf([PAGE], info=f"/Title ({title})")).source.title == "Fichier"


@pytest.mark.parametrize(
    ("written", "date"),
    [("D:2019", "2019-01-01"), ("20191205", "2019-12-05"), ("D:20191399", "2019"),
     ("D:00000000", None), ("hier", None), ("", None)],
)  # fmt: skip
def test_a_date_is_read_as_far_as_it_is_one(written: str, date: str | None) -> None:
    assert parse(pdf([PAGE], info=f"/CreationDate ({written})")).source.date == date


def tagged(content: str, tree: list[str]) -> bytes:
    """A page with marks, and the elements of its tree from object 8 on."""
    root = "<< /Type /StructTreeRoot /K 8 0 R /ParentTree << /Nums [0 [9 0 R 10 0 R]] >> >>"
    return pdf([content], catalog="/MarkInfo << /Marked true >> /StructTreeRoot 7 0 R",
               page="/StructParents 0", extra=[root, *tree])  # fmt: skip


def marked(mark: int, text: str, y: float) -> str:
    return f"/P <</MCID {mark}>> BDC\n{shown(text, 60, y)}\nEMC"


def element(kind: str, kids: str, parent: int = 8) -> str:
    first_page = 12
    return f"<< /Type /StructElem /S /{kind} /P {parent} 0 R /Pg {first_page} 0 R /K [{kids}] >>"


CONTENT = "\n".join([marked(1, "La charte engage.", 700), marked(0, "Signer", 740)])


def test_tags_say_what_is_a_heading_and_in_which_order() -> None:
    tree = [element("Document", "9 0 R 10 0 R", 7), element("H3", "0"), element("P", "1"), "null"]
    document = parse(tagged(CONTENT, tree))
    assert blocks_of(document) == [("heading", "Signer"), ("paragraph", "La charte engage.")]
    assert document.blocks[0].level == 3


def test_tags_that_miss_most_of_the_text_are_not_followed() -> None:
    bare = "\n".join(shown(f"Le point numéro {n} est dit.", 60, 600 - 40 * n) for n in range(5))
    tree = [element("Document", "9 0 R 10 0 R", 7), element("H3", "0"), element("P", "1"), "null"]
    assert len(parse(tagged(f"{CONTENT}\n{bare}", tree)).blocks) == 7


def test_artifacts_are_left_out() -> None:
    artifact = f"/Artifact BMC\n{shown('Fabrique des transitions', 60, 800)}\nEMC"
    tree = [element("Document", "9 0 R 10 0 R", 7), element("H3", "0"), element("P", "1"), "null"]
    assert "Fabrique" not in parse(tagged(f"{artifact}\n{CONTENT}", tree)).text


def test_a_tree_that_turns_in_a_circle_ends() -> None:
    tree = [element("Document", "9 0 R", 7), element("Sect", "8 0 R 1"), "null", "null"]
    assert "La charte engage." in parse(tagged(CONTENT, tree)).text


def test_a_page_of_thousands_of_pieces_in_a_huge_box_ends_soon() -> None:
    began = time.monotonic()
    content = "\n".join(
        shown(f"mot {n}", 60 + 97 * (n % 83), 13 * n % 14_000, size=6 + n % 9) for n in range(8_000)
    )
    assert "mot 7999" in parse(pdf([content], box=(0, 0, 14_400, 14_400))).text
    assert time.monotonic() - began < 20


def test_pages_are_closed_as_they_are_read() -> None:
    with opened(pdf([PAGE] * 3)) as file:
        assert [sheet.number for sheet in file.sheets()] == [1, 2, 3]
        assert file.count == 3
