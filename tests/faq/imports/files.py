"""Pages with a FAQ, in each of the three forms that are read."""

from __future__ import annotations

import json

LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "mainEntity": [
            {
                "@type": "Question",
                "name": "Qui peut&nbsp;signer ?",
                "acceptedAnswer": {
                    "@type": "Answer",
                    "text": "<p>Toute <b>commune</b>, <a href='/charte'>selon la charte</a>.</p>",
                },
            },
            {
                "@type": "Question",
                "name": "Combien ?",
                "acceptedAnswer": {"@type": "Answer", "text": "Rien.\n\nVraiment rien."},
            },
        ],
    },
    ensure_ascii=False,
)
MICRODATA = """
<div itemscope itemtype="https://schema.org/FAQPage">
 <div itemscope itemprop="mainEntity" itemtype="https://schema.org/Question">
  <h3 itemprop="name">Qui peut signer ?</h3>
  <div itemscope itemprop="acceptedAnswer" itemtype="https://schema.org/Answer">
   <span itemprop="author" itemscope itemtype="https://schema.org/Person">
    <b itemprop="name">Ana</b></span>
   <div itemprop="text"><p>Toute commune.</p><ul><li>le maire ;</li><li>le conseil.</li></ul></div>
  </div>
 </div>
</div>
"""
UNFOLDING = """
<h1>Nos réponses</h1><h2>La charte</h2>
<details><summary><h3>Qui peut signer ?</h3></summary><p>Toute commune.</p>Et même vous.</details>
<h2>L'agence</h2>
<details><summary>Où ?</summary><p>À Privas.</p></details>
"""


def page(body: str = "", head: str = "") -> str:
    """A whole page."""
    return f"<!doctype html><html><head><title>FAQ</title>{head}</head><body>{body}</body></html>"


def linked(data: str = LINKED, head: str = "") -> str:
    """A page with JSON-LD, which ends no script."""
    data = data.replace("</", "<\\/")
    return page(head=f'{head}<script type="application/ld+json">{data}</script>')
