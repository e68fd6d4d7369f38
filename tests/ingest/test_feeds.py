from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import feeds
from ingest.errors import SourceError
from ingest.feeds import Entry, Listed, Sitemap, parse_feed, parse_sitemap

BASE = "https://ville.example/actus/flux.xml"


def rss(items: str, version: str = "2.0") -> bytes:
    return f'<rss version="{version}"><channel><title>Ville</title>{items}</channel></rss>'.encode()


def atom(entries: str, attributes: str = "") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Ville</title>'
        f'<link rel="self" href="/flux"/>{entries}</feed>'
    ).encode()


def sitemap(urls: str, root: str = "urlset") -> bytes:
    return f'<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</{root}>'.encode()


# --- feeds --------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["0.91", "0.92", "2.0"])
def test_rss_lists_articles_in_order(version: str) -> None:
    data = rss(
        "<item><title>Un</title><link>https://ville.example/1</link>"
        "<pubDate>Mon, 02 Mar 2026 23:30:00 +0100</pubDate></item>"
        "<item><link> /2#haut </link></item>",
        version,
    )
    assert parse_feed(data, BASE) == [
        Entry("https://ville.example/1", "Un", "2026-03-02"),
        Entry("https://ville.example/2"),
    ]


def test_rss_1_lists_articles_beside_its_channel() -> None:
    data = b"""<?xml version="1.0"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="x"><title>Ville</title><link>https://ville.example/</link></channel>
      <item rdf:about="x"><title>Un</title><link>https://ville.example/1</link>
        <dc:date>2026-03-02T10:00:00Z</dc:date></item>
    </rdf:RDF>"""
    assert parse_feed(data, BASE) == [Entry("https://ville.example/1", "Un", "2026-03-02")]


def test_atom_lists_entries_by_their_alternate_link() -> None:
    data = atom(
        '<entry><title>Un</title><link rel="enclosure" href="/1.mp3"/><link href="../1"/>'
        "<updated>2026-03-05T00:00:00Z</updated><published>2026-03-02T10:00:00Z</published></entry>"
        '<entry><link rel="alternate" href="2"/><updated>2026-03-05T00:00:00Z</updated></entry>'
    )
    assert parse_feed(data, BASE) == [
        Entry("https://ville.example/1", "Un", "2026-03-02"),
        Entry("https://ville.example/actus/2", "", "2026-03-05"),
    ]


def test_links_are_relative_to_the_nearest_base() -> None:
    data = atom(
        '<entry xml:base="b/"><link href="1"/></entry>'
        '<entry><link xml:base="/c/" href="2"/></entry>',
        'xml:base="https://autre.example/a/"',
    )
    urls = [entry.url for entry in parse_feed(data, BASE)]
    assert urls == ["https://autre.example/a/b/1", "https://autre.example/c/2"]


def test_a_permanent_guid_stands_for_a_link_that_is_missing() -> None:
    data = rss(
        "<item><guid>https://ville.example/1</guid></item>"
        '<item><guid isPermaLink="false">https://ville.example/2</guid></item>'
        "<item><guid>abc</guid><link>https://ville.example/3</link></item>"
    )
    assert [entry.url[-1] for entry in parse_feed(data, BASE)] == ["1", "3"]


@pytest.mark.parametrize(
    "link",
    ["", "mailto:a@ville.example", "javascript:alert(1)", "http://[", "http://moi@ville.example/"],
)
def test_an_article_without_a_web_address_is_left_out(link: str) -> None:
    assert parse_feed(rss(f"<item><title>Un</title><link>{link}</link></item>"), BASE) == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("<title>L&amp;#8217;été &amp;lt;b&amp;gt;</title>", "L’été <b>"),
        ("<title>&lt;b&gt;Le   climat&lt;/b&gt;</title>", "Le climat"),
        ("<title><![CDATA[Eau & <i>air</i>]]></title>", "Eau & air"),
        ("<title/>", ""),
    ],
)
def test_titles_of_rss_may_be_written_in_html(title: str, words: str) -> None:
    data = rss(f"<item>{title}<link>/1</link></item>")
    assert [entry.title for entry in parse_feed(data, BASE)] == [words]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("<title>1 &lt; 2 &gt; 0</title>", "1 < 2 > 0"),
        ('<title type="html">&lt;b&gt;Eau&lt;/b&gt; &amp;amp; air</title>', "Eau & air"),
        ('<title type="xhtml"><p xmlns="http://www.w3.org/1999/xhtml">Le <b>climat</b></p></title>',
         "Le climat"),
    ],
)  # fmt: skip
def test_titles_of_atom_say_how_they_are_written(title: str, words: str) -> None:
    data = atom(f'<entry>{title}<link href="/1"/></entry>')
    assert [entry.title for entry in parse_feed(data, BASE)] == [words]


def test_what_other_vocabularies_say_of_an_article_is_left_aside() -> None:
    data = rss(
        '<item xmlns:m="http://search.yahoo.com/mrss/"><m:title>Photo</m:title><m:link>/p</m:link>'
        "<image><title>I</title><link>/i</link></image><title>Un</title><link>/1</link></item>"
    )
    assert parse_feed(data, BASE) == [Entry("https://ville.example/1", "Un")]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Mon, 02 Mar 2026 10:00:00 GMT", "2026-03-02"), ("2 Mar 26 10:00 EST", "2026-03-02"),
        ("2026-03-02", "2026-03-02"), ("2026-03-02T10:00:00.5+01:00", "2026-03-02"),
        ("2026-03", "2026-03"), ("2026", "2026"), ("2026-13", ""), ("lundi 2 mars", ""), ("", ""),
        ("Mon, 32 Mar 2026 10:00:00 GMT", ""),
    ],
)  # fmt: skip
def test_dates_become_iso_dates(said: str, day: str) -> None:
    data = rss(f"<item><link>/1</link><pubDate>{said}</pubDate></item>")
    assert [entry.date for entry in parse_feed(data, BASE)] == [day]


def test_a_feed_in_latin_1_with_blank_lines_above_it_is_read() -> None:
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?>'
        + rss("<item><title>Été</title><link>/été</link></item>").decode()
    )
    [entry] = parse_feed(b"\n\n " + text.encode("latin-1"), BASE)
    assert entry == Entry("https://ville.example/%C3%A9t%C3%A9", "Été")


def test_an_empty_feed_lists_nothing() -> None:
    assert parse_feed(rss(""), BASE) == []


# --- sitemaps -----------------------------------------------------------------------------------


def test_a_sitemap_lists_pages() -> None:
    data = sitemap(
        "<url><loc> https://ville.example/1 </loc>"
        "<lastmod>2026-03-02T10:00:00+01:00</lastmod></url>"
        '<url><i:image xmlns:i="http://www.google.com/schemas/sitemap-image/1.1">'
        "<i:loc>/i.png</i:loc></i:image><loc>/2</loc><lastmod>2026-03</lastmod></url>"
        "<url><loc>ftp://ville.example/3</loc></url>"
    )
    assert parse_sitemap(data, BASE) == Sitemap(
        pages=(
            Listed("https://ville.example/1", "2026-03-02T10:00:00+01:00"),
            Listed("https://ville.example/2", "2026-03"),
        )
    )


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_index_lists_sitemaps_and_either_may_be_gzipped(pack: type[bytes]) -> None:
    data = pack(sitemap("<sitemap><loc>/plan-1.xml</loc></sitemap>", "sitemapindex"))
    assert parse_sitemap(data, BASE) == Sitemap(
        sitemaps=(Listed("https://ville.example/plan-1.xml"),)
    )


def test_a_sitemap_without_its_namespace_is_read() -> None:
    data = b"<urlset><url><loc>https://ville.example/1</loc></url></urlset>"
    assert parse_sitemap(data, BASE).pages == (Listed("https://ville.example/1"),)


# --- what is refused ----------------------------------------------------------------------------

LAUGHS = b"""<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><title>&c;</title></channel></rss>"""
EXTERNAL = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'
REMOTE = b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/a.dtd"><rss/>'


@pytest.mark.parametrize("data", [LAUGHS, EXTERNAL, REMOTE, b"<!DOCTYPE rss><rss/>"])
def test_a_doctype_is_refused_whatever_it_says(data: bytes) -> None:
    for parse in (parse_feed, parse_sitemap):
        with pytest.raises(SourceError, match="DOCTYPE"):
            parse(data, BASE)
        with pytest.raises(SourceError, match="DOCTYPE"):
            parse(data.decode().encode("utf-16"), BASE)


@pytest.mark.parametrize(
    "data",
    [b"", b"  ", b"bonjour", b"<rss>", b"<rss></urlset>", b"<rss>&nbsp;</rss>", b"<rss>\0</rss>",
     b"<rss>\xff</rss>", b'<?xml version="1.0" encoding="martien"?><rss/>', b"<x:rss/>"],
)  # fmt: skip
def test_malformed_xml_is_told(data: bytes) -> None:
    with pytest.raises(SourceError, match="Le XML du document est mal formé"):
        parse_feed(data, BASE)


def test_another_document_is_no_feed_and_no_sitemap() -> None:
    for data in (b"<html><body/></html>", b'<rss xmlns="http://autre.example/"/>', sitemap("")):
        with pytest.raises(SourceError, match="pas un flux RSS ou Atom"):
            parse_feed(data, BASE)
    for data in (b"<html/>", rss(""), b"<url><loc>/a</loc></url>"):
        with pytest.raises(SourceError, match="pas un plan de site"):
            parse_sitemap(data, BASE)


def test_what_lists_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert feeds.MAX_LISTED == 50_000
    monkeypatch.setattr(feeds, "MAX_LISTED", 100)
    item, url = "<item><link>/1</link></item>", "<url><loc>/1</loc></url>"
    assert len(parse_feed(rss(item * 100), BASE)) == 100
    assert len(parse_sitemap(sitemap(url * 100), BASE).pages) == 100
    with pytest.raises(SourceError, match="plus de 100 adresses"):
        parse_feed(rss(item * 101), BASE)
    with pytest.raises(SourceError, match="plus de 100 adresses"):
        parse_sitemap(sitemap(url * 101), BASE)


def test_a_gzip_bomb_is_refused() -> None:
    with pytest.raises(SourceError, match="se décompressent plus de 100 fois"):
        parse_sitemap(gzip.compress(b"<urlset>" + b" " * 30_000_000, 9), BASE)


@pytest.mark.parametrize("data", [b"<a>" * 300_000, b"<a/>" * 1_100], ids=["deep", "many"])
def test_a_document_of_too_many_elements_is_refused(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feeds._MAX_ELEMENTS == 1_000_000
    monkeypatch.setattr(feeds, "_MAX_ELEMENTS", 1_000)
    assert not parse_feed(rss("<a/>" * 900), BASE)
    with pytest.raises(SourceError, match="trop d'éléments, ou trop imbriqués"):
        parse_feed(b"<rss>" + data, BASE)


@given(
    st.binary(max_size=100)
    | st.text(st.sampled_from("<>/rsitemlnk=\"' &;:!-[]é\n"), max_size=200).map(str.encode)
)
def test_any_bytes_are_read_or_refused_in_french(data: bytes) -> None:
    for parse in (parse_feed, parse_sitemap):
        for text in (data, b"<rss><item>" + data + b"</item></rss>", rss(""), b"\x1f\x8b" + data):
            try:
                parse(text, BASE)
            except SourceError as error:
                assert str(error).endswith(".")
