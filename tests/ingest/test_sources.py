from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import SettingsError
from ingest.sources import MAX_PAGES, Entry, Sources, given, listed, sources_of
from tests.ingest.texts import write


def read(folder: Path, toml: str | bytes) -> Sources:
    return listed(write(folder, {"sources.toml": toml}) / "sources.toml")


def mistakes(folder: Path, toml: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        read(folder, toml)
    first, *others = str(error.value).splitlines()
    assert first == f"« {folder}/sources.toml » est à corriger :"
    return [line.removeprefix("- ") for line in others]


def test_paths_and_addresses_given_by_hand_keep_their_order() -> None:
    sources = given(["b.txt", Path("a.txt"), "https://exemple.fr/a", "HTTP://b.fr:8080/"])
    assert sources.entries == (
        Entry("files", "b.txt"), Entry("files", "a.txt"),
        Entry("page", "https://exemple.fr/a"), Entry("page", "HTTP://b.fr:8080/"),
    )  # fmt: skip
    access = sources.access
    rules = {host: access.rule(host) for host in ("exemple.fr", "www.exemple.fr", "b.fr", "c.fr")}
    ports = {host: rule.ports if rule else None for host, rule in rules.items()}
    assert ports == {
        "exemple.fr": {80, 443}, "www.exemple.fr": {80, 443}, "b.fr": {80, 443, 8080}, "c.fr": None,
    }  # fmt: skip
    assert not any(rule.private for rule in rules.values() if rule)


def test_what_is_given_by_hand_comes_before_what_is_listed(tmp_path: Path) -> None:
    write(tmp_path, {"sources.toml": "[[source]]\nurl = 'https://a.fr/b'\n"})
    both = sources_of(["a.txt"], tmp_path / "sources.toml")
    assert [entry.where for entry in both.entries] == ["a.txt", "https://a.fr/b"]
    assert both.access.rule("a.fr") is not None


def test_a_list_says_what_is_known_of_each_source(tmp_path: Path) -> None:
    sources = read(
        tmp_path,
        """contact = "mailto:a@b.fr"
delay = 0.5
[[source]]
path = "fiches/*.md"
url = "https://a.fr/charte"
title = "La charte"
date = 2019-12-02
kind = "charte"
exclude = "*.bak.md"
[[source]]
feed = "https://a.fr/fil.xml"
publisher = "ALEC07"
language = "fr"
include = ["/actu/*", "/notes/*"]
max_pages = 5
hosts = ["cdn.a.fr"]
[[source]]
sitemap = "http://interne.lan:8080/plan.xml"
ports = [8443]
allow_private = true
""",
    )
    files, feed, sitemap = sources.entries
    assert (sources.contact, sources.delay) == ("mailto:a@b.fr", 0.5)
    assert files == Entry(
        "files", str(tmp_path / "fiches/*.md"),
        {"date": "2019-12-02", "kind": "charte", "title": "La charte", "url": "https://a.fr/charte"},
        exclude=("*.bak.md",),
    )  # fmt: skip
    assert (feed.way, feed.fields, feed.max_pages) == (
        "feed", {"language": "fr", "publisher": "ALEC07"}, 5,
    )  # fmt: skip
    assert (sitemap.way, sitemap.max_pages) == ("sitemap", MAX_PAGES)
    internal, cdn = sources.access.rule("interne.lan"), sources.access.rule("cdn.a.fr")
    assert internal is not None and cdn is not None
    assert (internal.private, internal.ports) == (True, {80, 443, 8080, 8443})
    assert (cdn.private, cdn.ports) == (False, {80, 443})


def test_an_address_is_wanted_by_its_patterns() -> None:
    entry = Entry("feed", "x", include=("/actu/*", "/notes"), exclude=("*/page/*", "*.pdf"))
    names = ["/actu/a", "/actu/page/2", "/notes", "/notes/b", "/actu/a.pdf", "/"]
    assert [name for name in names if entry.wants(name)] == ["/actu/a", "/notes"]
    assert Entry("feed", "x").wants("/n'importe")


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("", ["aucune source n'est listée : écrivez des tables [[source]]."]),
        ("a = 1\nsource = 3", ["ligne 2 : aucune source n'est listée : écrivez des tables"]),
        ("source = [3]", ["source n° 1 : écrivez une table [[source]]."]),
        ("auteur = 'x'\n[[source]]\npath='a'", ["ligne 1 : clé inconnue « auteur »"]),
        ("delay = 61\n[[source]]\npath='a'", ["ligne 1 : « delay » : un nombre de secondes"]),
        ("delay = true\n[[source]]\npath='a'", ["ligne 1 : « delay » : un nombre de secondes"]),
        ("contact = 3\n[[source]]\npath='a'", ["ligne 1 : « contact » : écrivez un seul texte."]),
        (
            "[[source]]\npath='a'\n\n[[source]]\ntitle='b'",
            ["ligne 4 : il faut « path », « url », « feed » ou « sitemap », et un seul."],
        ),
        (
            "[[source]]\nurl='https://a.fr'\nfeed='https://a.fr/f'",
            ["ligne 1 : il faut « path », « url », « feed » ou « sitemap », et un seul."],
        ),
        ("[[source]]\npath='a'\ntitre='b'", ["ligne 3 : la clé « titre » est inconnue."]),
        (
            "[[source]] # un\npath='a'\nmax_pages=3",
            ["ligne 3 : la clé « max_pages » ne sert pas à cette source."],
        ),
        ("[[source]]\n  url  =  ''", ["ligne 2 : « url » : écrivez un seul texte, qui ne soit"]),
        ("[[source]]\nurl=['a']", ["ligne 2 : « url » : écrivez un seul texte"]),
        ("[[source]]\nurl='a.fr'", ["ligne 2 : « a.fr » : l'adresse commence par http"]),
        ("[[source]]\npath='a'\nkind='roman'", ["ligne 3 : « kind: roman » : les valeurs sont"]),
        ("[[source]]\npath='a'\ndate='hier'", ["ligne 3 : « date: hier » : écrivez AAAA"]),
        (
            "[[source]]\nfeed='https://a.fr'\n'title'='b'",
            ["ligne 3 : « title » ne peut pas valoir pour toutes les pages."],
        ),
        (
            "[[source]]\nsitemap='https://a.fr'\nmax_pages=0",
            ["ligne 3 : « max_pages » : un nombre entier entre 1 et 50000."],
        ),
        ("[[source]]\nurl='https://a.fr'\nports=['x']", ["ligne 3 : « ports » : écrivez une"]),
        ("[[source]]\nurl='https://a.fr'\nports=[0]", ["ligne 3 : « ports » : écrivez une"]),
        ("[[source]]\nurl='https://a.fr'\nallow_private='oui'", ["ligne 3 : « allow_private »"]),
        ("[[source]]\nurl='https://a.fr'\nhosts=['a b']", ["ligne 3 : "]),
        ("[[source]]\npath='a'\ninclude=[3]", ["ligne 3 : « include » : écrivez une liste"]),
        (
            "[[source]]\npath='a'\ntitre='b'\n[[source]]\nurl='a.fr'\nkind='x'",
            ["ligne 3 : la clé", "ligne 5 : « a.fr »", "ligne 6 : « kind: x »"],
        ),
        ("source = [{path='a', titre='b'}]", ["source n° 1 : la clé « titre » est inconnue."]),
    ],
)  # fmt: skip
def test_every_mistake_is_told_with_its_line(tmp_path: Path, toml: str, told: list[str]) -> None:
    found = mistakes(tmp_path, toml)
    assert [line[: len(start)] for line, start in zip(found, told, strict=True)] == told


@pytest.mark.parametrize(
    ("toml", "where"),
    [
        ("[[source]]\nurl = = 1", "ligne 2, colonne 7"),
        ("[[source", "ligne 1"),
        ("a = 'b", "ligne 1"),
        ("x = '''\n\n", "ligne 3"),
    ],
)
def test_a_list_that_is_no_toml_is_refused_with_the_place(
    tmp_path: Path, toml: str, where: str
) -> None:
    with pytest.raises(SettingsError, match=f"n'est pas du TOML valide, {where}"):
        read(tmp_path, toml)


def test_headers_inside_a_long_string_do_not_shift_the_lines(tmp_path: Path) -> None:
    toml = "[[source]]\npath='a'\ntitle='''\n[[source]]\n'''\n[[source]]\nurl='a.fr'\n"
    [mistake] = mistakes(tmp_path, toml)
    assert mistake.startswith("source n° 2 : « a.fr »")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "il n'existe pas"), (b"\xe9", "ce n'est pas du texte UTF-8")],
    ids=["missing", "latin"],
)
def test_a_list_that_cannot_be_read_is_refused(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    if content is not None:
        write(tmp_path, {"sources.toml": content})
    with pytest.raises(SettingsError, match=rf"sources\.toml » ne peut pas être lu : {reason}\."):
        listed(tmp_path / "sources.toml")


def test_the_shipped_list_is_well_formed() -> None:
    sources = listed(Path(__file__).parents[2] / "data" / "sources.toml")
    assert len(sources.entries) == 25
    assert all(entry.way == "page" for entry in sources.entries)
