from __future__ import annotations

from app.faq.exports.order import (
    by_theme,
    changed_last,
    cited_line,
    in_order,
    original_of,
    validated,
)
from tests.faq.edits import NOON, SOURCE, cited, edit
from tests.faq.exports.made import AGENCY, ENTRIES, entry


def test_themes_stand_in_alphabetical_order_and_entries_without_one_are_last() -> None:
    assert [one.id for one in in_order(ENTRIES)] == ["c3", "a1", "b2"]
    assert [theme for theme, _ in by_theme(ENTRIES)] == ["Agence", "Charte", "Autres questions"]


def test_a_theme_is_one_in_any_case_and_its_entries_stand_as_they_were_made() -> None:
    later = entry("d4", 5, edit=edit(theme="CHARTE"))
    themes = dict(by_theme([later, entry()]))
    assert [one.id for one in themes["Charte"]] == ["a1", "d4"]


def test_who_validated_is_said_with_the_day() -> None:
    assert validated(entry(), AGENCY) == "Validé le 12 mars 2026 par l'ALEC07"
    assert validated(entry(published=None), AGENCY) == ""


def test_the_day_is_that_of_the_agency_s_clock(paris: None) -> None:
    late = entry(published=NOON.replace(hour=23, minute=30))
    assert validated(late, AGENCY).startswith("Validé le 13 mars 2026")


def test_a_citation_is_a_quotation_and_its_source_on_one_line() -> None:
    said = cited_line(cited(quote="Toute commune\n« libre » signe."))
    assert said == "« Toute commune “libre” signe. » — « La charte », Fabrique, décembre 2019"


def test_the_original_is_a_whole_address_or_that_of_what_the_source_sums_up() -> None:
    assert original_of(cited()) == "https://example.org/charte"
    summed = {"title": "L'original", "publisher": None, "url": "https://example.org/original"}
    for url in (None, "javascript:alert(1)", "fichier.md", "http://"):
        sheet = {**SOURCE, "url": url, "originals": [summed]}
        assert original_of(cited(source=sheet)) == "https://example.org/original"
        assert original_of(cited(source={**SOURCE, "url": url})) == ""


def test_a_file_is_as_old_as_its_last_change() -> None:
    assert changed_last([entry(), entry(minutes=3)]) > NOON
    assert changed_last([]).year == 1980
