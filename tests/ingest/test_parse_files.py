from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ingest.documents import Document
from ingest.errors import SourceError
from ingest.parse.files import (
    decode,
    format_of_file,
    format_of_page,
    parse,
    read_file,
    source_of_file,
)
from tests.ingest.texts import CHARTER, write

FRENCH = "Où est né Noël ? « Là-bas », à l’été.\r\nÇa ira : cœur, maïs, forêt.\r\n"


def parse_file(path: Path, name: str, limit: int) -> Document:
    data = read_file(path, limit)
    return parse(data, format_of_file(path.name), source_of_file(path, name))


def parsed(folder: Path, name: str, content: str | bytes, limit: int = 10_000) -> str:
    write(folder, {name: content})
    return parse_file(folder / name, name, limit).text


def refused(folder: Path, name: str, content: str | bytes, limit: int = 10_000) -> str:
    with pytest.raises(SourceError) as error:
        parsed(folder, name, content, limit)
    return str(error.value)


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.MD"])
def test_markdown_is_known_by_its_suffix(tmp_path: Path, name: str) -> None:
    assert parsed(tmp_path, name, "**Agir** ensemble.") == "Agir ensemble."


def test_plain_text_keeps_its_stars(tmp_path: Path) -> None:
    assert parsed(tmp_path, "a.txt", "**Agir** ensemble.") == "**Agir** ensemble."


@pytest.mark.parametrize("name", ["a.html", "a.htm", "a.HTM"])
def test_html_is_known_by_its_suffix(tmp_path: Path, name: str) -> None:
    assert parsed(tmp_path, name, "<html><body><p>Agir ensemble.</p></body></html>") == (
        "Agir ensemble."
    )


def test_a_source_says_where_it_was_read_and_under_which_name(tmp_path: Path) -> None:
    write(tmp_path, {"fiches/ma-charte_signée.txt": "Agir."})
    source = parse_file(tmp_path / "fiches/ma-charte_signée.txt", "fiches/a.txt", 100).source
    assert source.title == "Ma charte signée"
    assert source.path == (tmp_path / "fiches/ma-charte_signée.txt").as_posix()
    assert source.name == "fiches/a.txt"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS allows no such file name")
def test_a_file_name_that_is_not_utf8_is_made_legible(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"r\xe9union.txt")
    path.write_text("Agir.", encoding="utf-8")
    source = parse_file(path, path.name, 100).source
    assert (source.title, source.name) == ("R?union", "r?union.txt")
    assert source.path == f"{tmp_path.as_posix()}/r?union.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "mac_roman"])
def test_french_text_is_read_in_every_usual_encoding(encoding: str) -> None:
    assert decode(FRENCH.encode(encoding)) == FRENCH


def test_french_text_is_read_in_the_encoding_of_dos() -> None:
    text = "Réunion à Privas : l'énergie, ça compte."
    assert decode(text.encode("cp850")) == text


@pytest.mark.parametrize("word", ["été", "Ardèche", "« oui »", "10 €"])
def test_a_single_word_is_enough(word: str) -> None:
    assert decode(word.encode("cp1252")) == word


def test_other_languages_are_left_to_the_detector() -> None:
    text = "Зарплата и налоги: где найти нужную информацию о договоре. " * 5
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\0b", "Le fichier contient des octets nuls : ce n'est pas un texte."),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "L'encodage du fichier n'est pas reconnu."),
        (bytes(range(128, 256)), "L'encodage du fichier n'est pas reconnu."),
    ],
    ids=["nul", "image", "noise"],
)
def test_bytes_that_are_not_text_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError) as error:
        decode(data)
    assert str(error.value) == reason


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("content", ["", " \n\u00a0\n", "\ufeff"])
def test_a_file_without_text_is_refused(tmp_path: Path, name: str, content: str) -> None:
    assert refused(tmp_path, name, content) == "Le fichier ne contient pas de texte."


def test_headings_alone_are_no_text(tmp_path: Path) -> None:
    assert refused(tmp_path, "a.md", "# But\n\n## Moyens") == "Le fichier ne contient pas de texte."


def test_an_unknown_format_is_named(tmp_path: Path) -> None:
    reason = "Le format « {} » n'est pas pris en charge."
    assert refused(tmp_path, "a.jpg", "x") == reason.format(".jpg")
    assert refused(tmp_path, "LICENSE", "x") == reason.format("LICENSE")
    assert "enregistrez-le en .docx" in refused(tmp_path, "a.doc", "x")


@pytest.mark.parametrize(
    ("data", "content_type", "path", "format"),
    [
        (b"%PDF-1.7", "text/html", "/a", "pdf"),
        (b"<p>", "text/html; charset=utf-8", "/a.php", "html"),
        (b"<p>", "TEXT/HTML", "/a.pdf", "html"),
        (b"PK", "application/octet-stream", "/a.odt", "odt"),
        (b"PK\3\4mimetypeapplication/vnd.oasis.opendocument.text", None, "/lire", "odt"),
        (b"PK\3\4", "application/octet-stream", "/lire", "docx"),
        (b"# Un", "text/plain", "/a.md", "markdown"),
        (b"Un but.", "text/plain", "/a", "text"),
        (b" <!DOCTYPE html><p>", None, "/", "html"),
        (b"Un but.", None, "/", "text"),
    ],
)
def test_a_page_is_known_by_its_bytes_then_its_type_then_its_address(
    data: bytes, content_type: str | None, path: str, format: str
) -> None:
    assert format_of_page(data, content_type, path) == format


def test_a_page_of_no_known_form_is_refused() -> None:
    with pytest.raises(SourceError, match="n'est pas pris en charge"):
        format_of_page(b"\x89PNG", "image/png", "/logo.png")


def test_the_encoding_a_server_says_is_taken_before_a_guess() -> None:
    assert decode("Пример".encode("koi8-r"), "koi8-r") == "Пример"
    assert decode("été".encode("cp1252"), "encodage-inconnu") == "été"


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(tmp_path: Path) -> None:
    assert parsed(tmp_path, "a.txt", "x" * 1_000, limit=1_000) == "x" * 1_000
    assert refused(tmp_path, "a.txt", "x" * 1_234_567, limit=1_000_000) == (
        "Le fichier fait 1 234 567 octets, plus que la limite de 1 000 000 "
        "(CHARTISTE_MAX_FILE_BYTES)."
    )


def test_what_a_file_says_of_itself_can_be_shown(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.md": f"# La char\u00adte\x1b[31m {'x' * 600}\n\nAgir.", "b.md": "# \u200b\n\nA."},
    )
    title = parse_file(tmp_path / "a.md", "a.md", 10_000).source.title
    assert title.startswith("La charte[31m xxx") and title.endswith("x…") and len(title) == 500
    assert parse_file(tmp_path / "b.md", "b.md", 10_000).source.title == "b.md"


def test_a_file_that_is_gone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^Le fichier ne peut pas être lu : il n'existe pas\.$"):
        parse_file(tmp_path / "a.txt", "a.txt", 100)


def test_what_is_wrong_with_front_matter_is_the_reason(tmp_path: Path) -> None:
    assert refused(tmp_path, "a.md", CHARTER.replace("2019-12", "hier")) == (
        "« date: hier » : écrivez AAAA, AAAA-MM ou AAAA-MM-JJ."
    )
