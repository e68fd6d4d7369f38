# ruff: noqa: E501
"""Strings that try to become script, and strings that try to break whatever reads them."""

from __future__ import annotations

import itertools

_CALL = "alert(1)"
_HANDLERS = (
    "onerror onload onclick onfocus onmouseover onmouseenter onpointerdown ontoggle onbegin "
    "onanimationstart onanimationend ontransitionend onwheel onscroll onresize onpageshow "
    "onhashchange oninput onchange oncopy onpaste ondrag onbeforeinput onauxclick"
).split()
_TAGS = (
    "img src=x|svg|body|iframe src=x|video src=x|audio src=x|input autofocus|details open|"
    "marquee|object data=x|select autofocus|textarea autofocus|a href=x|form|math|style|"
    "x tabindex=1|button|table background=x|isindex|embed src=x|link rel=stylesheet href=x|"
    "source src=x"
).split("|")
_BREAKOUTS = (
    "{}|\"{}|'{}|>{}|\">{}|'>{}|--> {}|]]>{}|</title>{}|</textarea>{}|</style>{}|</script>{}|"
    "</blockquote>{}|</section></div>{}|\n\n{}|\n\n    {}|`{}|```\n{}\n```|[a]({})|![a]({})|"
    "[a][b]\n\n[b]: {}|<{}>|&lt;{}|\\{}|*{}*|$${}$$|<!--{}|<?{}|<![CDATA[{}|{{{{{}}}}}|${{{}}}"
).split("|")
_SCHEMES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "//evil.example/x.js",
    "https://evil.example/p.png",
    "blob:https://evil.example/x",
    'https://a.fr/"onmouseover=alert(1)//',
)
_WHOLE = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "<style>@import'https://evil.example/x.css';</style>",
    "<div style=background:url(https://evil.example/p.png)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<form action=https://evil.example><button>Envoyer",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "<%= alert(1) %>",
    "\u003cscript\u003ealert(1)\u003c/script\u003e",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "＜script＞alert(1)＜/script＞",
    "<img src=x onerror=&#97;lert(1)>",
    '<a href="https://evil.example">cliquez</a>',
)


def hostile() -> list[str]:
    """Over a thousand different strings, each of which is script somewhere."""
    elements = [f"<{tag} {on}={_CALL}>" for tag, on in itertools.product(_TAGS, _HANDLERS)]
    broken = [form.format(f"<{tag} onerror={_CALL}>") for form in _BREAKOUTS for tag in _TAGS[:9]]
    linked = [form.format(scheme) for form in _BREAKOUTS for scheme in _SCHEMES]
    return list(dict.fromkeys([*_WHOLE, *elements, *broken, *linked]))


_POINTS = [*range(0x00, 0x20), *range(0x7F, 0xA1), 0xAD, *range(0x200B, 0x2010),
           *range(0x2028, 0x2030), *range(0x2060, 0x2070), 0x034F, 0x061C, 0x115F, 0x17B4, 0x180E,
           0x3000, 0x3164, 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFE), 0xFFFE, 0xFFFF, 0x1D173, 0xE0001,
           0xE0020, 0xE007F, 0xF0000, 0x10FFFF]  # fmt: skip
_PLACES = ("{}", "Qui{} peut signer ?", "{}Qui peut signer la charte ?")
_ODD = (
    "null", "undefined", "NaN", "true", "[]", "{}", "0", "-1", "1e309", "0x0", "١٢٣", "½", "²",
    "' OR 1=1 --", "'; DROP TABLE passages; --", "\" OR \"\"=\"", "%00", "%s%s%n", "{0}", "{agency}",
    "$(id)", "`id`", "| id", "; id", "../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "C:\\con",
    "title:charte", "charte AND", "NOT", "+charte -charte", "charte^1000000", "charte~2", "*", "?*",
    "\"charte", "(charte", "charte)", "[a TO b]", "a:b:c", "\\", "/charte/", "/(a+)+$/", "{{7*7}}",
    "#", "##", "---", "===", "…", "«»", "“”", "ﷺ", "﷽", "İıŞş", "ß ẞ", "ﬁﬂ", "Å Å Å", "é é",
    "Ω≈ç√∫", "田中さん", "사회과학원", "مَنْ يُوَقِّعُ", "מי חותם", "ประชา", "தமிழ்", "ǅ", "🏳️‍🌈", "👩‍👩‍👧‍👦", "🇫🇷", "✋🏿",
    "1️⃣", "𝓒𝓱𝓪𝓻𝓽𝓮", "ｃｈａｒｔｅ", "c̶h̶a̶r̶t̶e̶", "Z̸̡̢a̴͓͝l̷͚̾g̶̘͠o̵", "‮etrahc‬", "⁦charte⁩", "charte\r\nX: y", "\x1b[31mrouge",
    "a" * 2_000, "é" * 2_000, "🎉" * 2_000, "a " * 1_000, "?" * 2_000, "\u0301" * 2_000, "﷽" * 2_000,
    "a" * 2_001, "\u200b" * 2_001, " " * 2_001, "<" * 2_000, "&amp;" * 400, "(" * 2_000, "\\" * 2_000,
)  # fmt: skip


def naughty() -> list[str]:
    """Over three hundred strings without script that break careless readers."""
    marked = [place.format(chr(point)) for point in _POINTS for place in _PLACES]
    return list(dict.fromkeys([*_ODD, *marked]))
