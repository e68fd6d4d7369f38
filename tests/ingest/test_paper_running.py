from __future__ import annotations

from collections.abc import Sequence

from ingest.parse.paper.model import Frame, Line, Sheet
from ingest.parse.paper.running import without_running
from tests.ingest.pdfs import block, line

FRAME = Frame(0, 0, 595, 842)
NUMBERS = "un deux trois quatre cinq six".split()


def kept(*pages: Sequence[Line]) -> list[list[str]]:
    sheets = [Sheet(number, FRAME, list(lines)) for number, lines in enumerate(pages, 1)]
    without_running(sheets)
    return [[line.text for line in sheet.lines] for sheet in sheets]


def body(word: str, top: float = 740) -> list[Line]:
    return block([f"Page {word}, première ligne", f"et suite {word}"], top=top)


def test_what_repeats_at_the_edges_of_pages_is_left_out() -> None:
    pages = [
        [line("Charte d’alliance", 60, 800, size=8), *body(word), line(f"p. {n} sur 3", 60, 30)]
        for n, word in enumerate(NUMBERS[:3], 1)
    ]
    assert kept(*pages) == [[one.text for one in body(word)] for word in NUMBERS[:3]]


def test_headers_of_left_and_right_pages_may_differ() -> None:
    pages = [
        [line(("La charte", "Chapitre")[n % 2], (60, 400)[n % 2], 800), *body(word)]
        for n, word in enumerate(NUMBERS)
    ]
    assert all(len(page) == 2 for page in kept(*pages))


def test_the_header_of_one_chapter_goes_where_all_pages_have_one() -> None:
    titles = ["Objectifs"] * 5 + ["Valeurs"]
    pages = [
        [line(title, 60, 800, size=8), *body(word)]
        for title, word in zip(titles, NUMBERS, strict=True)
    ]
    assert all(len(page) == 2 for page in kept(*pages))


def test_a_page_number_goes_even_when_it_is_alone() -> None:
    for number in ("3", "- 3 -", "Page 3 / 12", "iv"):
        assert kept([*body("un"), line(number, 290, 30)]) == [[one.text for one in body("un")]]


def test_articles_that_begin_pages_are_no_header() -> None:
    """« Article 1 », « Article 3 »: their number does not grow as the pages do."""
    pages = [[line(f"Article {n}", 60, 770), *body(w)] for n, w in zip((1, 3, 4), NUMBERS)]  # noqa: B905
    assert all(len(page) == 3 for page in kept(*pages))


def test_text_that_repeats_at_the_top_of_pages_stays() -> None:
    same = block(["Les communes s’engagent", "dans la transition", "avec elles."], top=780)
    assert kept(same, same, same) == [[one.text for one in same]] * 3


def test_pages_of_one_line_keep_it() -> None:
    pages = [[line(f"La fiche numéro {n}.", 60, 700)] for n in range(4)]
    assert kept(*pages) == [[f"La fiche numéro {n}."] for n in range(4)]


def test_small_print_in_the_margin_of_a_lone_page_is_left_out() -> None:
    printed = [line("25/11/2026 fabrique.fr", 60, 822, size=7), *body("un"), line("1/1", 500, 16)]
    assert kept(printed) == [[one.text for one in body("un")]]


def test_what_repeats_in_the_middle_of_pages_stays() -> None:
    pages = [[*body(word), line("À retenir", 60, 400)] for word in NUMBERS[:3]]
    assert all("À retenir" in page for page in kept(*pages))


def test_a_title_is_kept_when_the_header_says_it_again() -> None:
    header = line("La charte", 60, 800, size=8)
    title = line("La charte", 60, 760, size=20)
    pages = kept([header, title, *body("un", 700)], [header, *body("deux")])
    assert pages[0][0] == "La charte" and len(pages[0]) == 3 and len(pages[1]) == 2
