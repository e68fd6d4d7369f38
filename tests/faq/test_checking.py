"""Whether an answer is what its citations say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.faq.anchors import place_of
from app.faq.checking import Verified, loose_ends, unsupported, verified
from app.faq.entry import Cited, Edit
from app.faq.statements import statements_of
from ingest.release import Release
from tests.faq.edits import cited, edit

SIGN = "Toute collectivité peut signer la charte."
FREE = "La signature est gratuite et ne crée aucune obligation."
PUBLISHED = "Elle a été publiée en décembre 2019."
PRICE = "L’adhésion annuelle coûte cinquante euros."

Check = Callable[..., list[Verified]]


@pytest.fixture
def quoted(release: Release) -> Callable[[int, str], Cited]:
    """A citation of the charter, where it stands."""
    charter = next(one for one in release.table.sources() if one.title.startswith("La charte"))

    def quoted(number: int, quote: str) -> Cited:
        asked = cited(number, quote, source={"id": charter.id, "title": charter.title})
        place = place_of(asked, release.table)
        return place.cited(number, release.id) if place else asked

    return quoted


@pytest.fixture
def check(release: Release, quoted: Callable[[int, str], Cited]) -> Check:
    """The verdicts on an answer that cites these quotations, in this order."""

    def check(answer: str, *quotes: str) -> list[Verified]:
        citations = [quoted(number, quote) for number, quote in enumerate(quotes, start=1)]
        return verified(edit(answer=answer, citations=citations), release.table)

    return check


def markers(answer: str, *numbers: int) -> list[tuple[str, tuple[int, ...]]]:
    written = Edit("Qui ?", (), answer, "", tuple(cited(number) for number in numbers))
    return [(one.text, one.markers) for one in statements_of(written)]


def test_a_sentence_without_a_number_rests_on_the_next_one_s() -> None:
    answer = "Un. **Deux** [2].\n\n- [trois](https://a.fr) oui\n- quatre [1] [7]\n\nCinq."
    assert markers(answer, 1, 2) == [
        ("Un.", (2,)), ("Deux.", (2,)), ("trois oui", (1,)), ("quatre", (1,)), ("Cinq.", (1, 2)),
    ]  # fmt: skip
    assert markers("Un.") == [("Un.", ())]
    assert markers("", 1) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("Un [1]. Deux [2].", []),
        ("Un.", []),  # a sentence without a number rests on all citations
        ("Un [1].\n\nDeux.", []),
        ("Un [1].", ["La citation [2] ne sert"]),
        ("Un [1] [9]. Deux [2] [9] [8].", ["renvoie à [9]", "renvoie à [8]"]),
        ("Un [3].", ["renvoie à [3]"]),
        ("", ["La citation [1] ne sert", "La citation [2] ne sert"]),
    ],
)
def test_a_number_or_a_citation_without_its_counterpart_is_told(
    answer: str, told: list[str]
) -> None:
    said = list(loose_ends(Edit("Qui ?", (), answer, "", (cited(1), cited(2)))))
    assert len(said) == len(told)
    assert all(part in line for part, line in zip(told, said, strict=True))


def test_what_the_citations_say_is_supported(check: Check) -> None:
    answer = "Toute collectivité peut **signer la charte** [1].\n\n- La signature est gratuite. [2]"
    first, second = check(answer, SIGN, FREE)
    assert first == Verified("Toute collectivité peut signer la charte.", (1,))
    assert second.supported and second.citations == (2,)


def test_one_that_names_no_number_is_looked_for_in_all(check: Check) -> None:
    [one] = check("L'adhésion annuelle coûte 50 euros.", SIGN, PRICE)
    assert one.supported and one.citations == (2,)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("L’adhésion annuelle coûte soixante euros.", "un nombre ou une date n'y est pas"),
        ("L’adhésion annuelle ne coûte pas cinquante euros.", "la négation n'est pas la même"),
        ("L’adhésion annuelle doit coûter cinquante euros.", "l'engagement"),
        ("L’adhésion annuelle à Lyon coûte cinquante euros.", "un nom n'y est pas (« Lyon »)"),
        ("L’adhésion trimestrielle coûte cinquante euros.", "des mots n'y sont pas"),
    ],
)
def test_what_they_do_not_say_is_told_with_the_reason(check: Check, said: str, told: str) -> None:
    true, false = check(f"{PRICE} [1] {said} [1]", PRICE)
    assert true.supported
    assert not false.supported and told in false.reason
    assert list(unsupported([true, false])) == [false]


def test_the_number_of_another_citation_is_proposed(check: Check) -> None:
    [one] = check(f"{PRICE} [1]", SIGN, PRICE)
    assert (one.supported, one.better) == (False, (2,))
    assert one.reason.startswith("La citation [2] le dit")


def test_a_quotation_that_is_too_short_is_to_be_made_longer(check: Check) -> None:
    [one] = check(f"{FREE} [1]", SIGN)
    assert (one.supported, one.better) == (False, (1,))
    assert "élargissez la citation [1]" in one.reason


def test_words_that_stand_before_the_quotation_may_name_what_it_is_about(check: Check) -> None:
    [one] = check("La charte d’alliance a été publiée en décembre 2019. [1]", PUBLISHED)
    assert one.supported


def test_words_in_another_order_are_to_be_read_again(check: Check) -> None:
    [one] = check("La signature ne crée aucune obligation et est gratuite. [1]", FREE)
    assert one.supported and "dans un autre ordre" in one.caution


def test_a_citation_that_is_not_there_supports_nothing(check: Check) -> None:
    one, other = check(f"{SIGN} [1] {PRICE} [2]", "Un texte disparu.", PRICE)
    assert "la citation [1] n'est plus dans sa source" in one.reason
    assert other.supported
    [bare] = check("Toute commune signe.")
    assert "la fiche ne cite aucun passage" in bare.reason


def test_what_announces_a_list_is_no_claim_but_a_number_in_it_is(check: Check) -> None:
    said, _ = check(f"Voici ce qu'il faut savoir :\n\n- {PRICE} [1]", PRICE)
    assert said.supported and said.caution.startswith("Annonce ce qui suit")
    said, _ = check(f"Voici les 12 règles :\n\n- {PRICE} [1]", PRICE)
    assert not said.supported
