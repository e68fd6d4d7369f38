"""What a visit costs in bytes: ``python -m tests.bench.weights http://127.0.0.1:7860``.

A server must be running. Sizes are those that chromium received, headers and compression
included; the page is measured cold (nothing kept), then warm.
"""

from __future__ import annotations

import shutil
import sys
from urllib.parse import urljoin

from playwright.sync_api import BrowserContext, sync_playwright

_SETTLED = 3_000  # milliseconds after the load, for what the page asks late


def weigh(context: BrowserContext, address: str) -> tuple[int, int]:
    """The bytes and the requests that opening an address takes."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    received = [0, 0]

    def finished(event: dict[str, float]) -> None:
        received[0] += int(event["encodedDataLength"])
        received[1] += 1

    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    page.goto(address)
    page.wait_for_timeout(_SETTLED)
    page.close()
    return received[0], received[1]


def main(address: str) -> None:
    """Print the table."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context()
        listing = context.request.get(urljoin(address, "sources")).text()
        first = listing.partition('href="sources/')[2].partition('"')[0]
        visits = [
            ("page, cold", ""),
            ("page, warm", ""),
            ("source page, the style sheet kept", f"sources/{first}"),
            ("/sources", "sources"),
            ("/accessibilite", "accessibilite"),
        ]
        print("| opened | kB | requests |\n|---|---|---|")
        for name, path in visits:
            size, requests = weigh(context, urljoin(address, path))
            print(f"| {name} | {size / 1000:.1f} | {requests} |")
        alone = browser.new_context()
        size, requests = weigh(alone, urljoin(address, f"sources/{first}"))
        print(f"| source page, cold | {size / 1000:.1f} | {requests} |")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") + "/")
