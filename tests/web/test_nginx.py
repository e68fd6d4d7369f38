"""Behind Debian's nginx: under a prefix, with TLS ended there, by the lines of the README."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from app.server import create_app, listen
from app.settings import Settings
from tests.test_docs import README
from tests.web.chromium import chromium_opened
from tests.web.conftest import DOCUMENT, QUOTE, FakeAssistant, serving
from tests.web.host_site import Site
from tests.web.test_problems import ASK

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
pytestmark = pytest.mark.skipif(
    not (NGINX and shutil.which("openssl")), reason="nginx is not installed: apt-get install nginx"
)
SITE = "https://www.ville.fr"


@dataclass(frozen=True)
class Proxied:
    """The public address of the page, the certificate that it shows, and an allowed site."""

    address: str
    certificate: Path
    site: Site

    def client(self, **headers: str) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.certificate))
        # Not from the proxy's own address, which is believed.
        transport = httpx.HTTPTransport(verify=context, local_address="127.0.0.2")
        return httpx.Client(base_url=self.address, headers=headers, transport=transport)


def location() -> str:
    """The lines that the README tells to put in nginx's configuration."""
    [lines] = re.findall(
        r"^    location /assistant/ \{\n.*?^    \}\n", README, re.MULTILINE | re.DOTALL
    )
    return str(lines)


def _certificate(folder: Path) -> Path:
    names = "subjectAltName=DNS:localhost,IP:127.0.0.1"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", names,
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    return folder / "certificate.pem"


def _configuration(folder: Path, port: int, behind: str) -> Path:
    lines = location().replace("http://127.0.0.1:7860", behind)
    file = folder / "nginx.conf"
    file.write_text(
        f"""daemon off; pid {folder}/pid; error_log {folder}/error.log warn; worker_processes 1;
events {{ }}
http {{
  include /etc/nginx/mime.types;
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  client_body_buffer_size 4m;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
{lines}
  }}
}}
""",
        encoding="utf-8",
    )
    return file


@pytest.fixture(scope="module")
def proxied(configured: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """A real server behind a real nginx, as the README says to set both."""
    assert NGINX
    folder = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    certificate = _certificate(folder)
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with ExitStack() as stack:
        site = stack.enter_context(Site())
        behind = replace(
            configured, proxy=("127.0.0.1",), rate_per_minute=30, root_path="/assistant",
            widget_origins=(SITE, site.address),
        )  # fmt: skip
        app = create_app(FakeAssistant(), behind)  # type: ignore[arg-type]
        address = stack.enter_context(serving(app, root_path="/assistant"))
        file = _configuration(folder, port, address)
        nginx = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(file)])
        stack.callback(nginx.wait, 10)
        stack.callback(nginx.terminate)
        found = Proxied(f"https://127.0.0.1:{port}/assistant/", certificate, site)
        _wait(found)
        yield found


def _wait(proxied: Proxied) -> None:
    until = time.monotonic() + 20
    with proxied.client() as client:
        while True:
            try:
                client.get("healthz").raise_for_status()
                return
            except httpx.HTTPError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def test_the_page_and_the_api_are_under_the_prefix(proxied: Proxied) -> None:
    with proxied.client() as client:
        page = client.get("")
        assert page.status_code == 200
        assert f'"root":"{proxied.address.rstrip("/")}"' in page.text
        assert client.get("sources").status_code == client.get("theme.css").status_code == 200
        answer = client.post(ASK.lstrip("/"), json={"question": "Qui ?"})
        assert answer.status_code == 200 and answer.json()["outcome"] == "answered"


def test_a_file_of_the_staff_reaches_the_server_which_says_what_it_takes(proxied: Proxied) -> None:
    with proxied.client() as client:
        answer = client.post("staff/export", files={"file": ("faq.csv", b"x" * 2_000_000)})
    assert "nginx" not in answer.text and '"status":413' in answer.text.replace(" ", "")


def test_events_come_through_as_they_are_made(proxied: Proxied) -> None:
    with (
        proxied.client() as client,
        client.stream("POST", f"{ASK}/stream".lstrip("/"), json={"question": "Qui ?"}) as events,
    ):
        names = [line for line in events.iter_lines() if line.startswith("event")]
        assert names == ["event: citation", "event: statement", "event: done"]


def test_the_allowed_site_and_our_own_page_ask_through_the_proxy(proxied: Proxied) -> None:
    own = proxied.address.removesuffix("/assistant/")
    for origin, status in ((SITE, 200), (own, 200), ("https://evil.example", 403)):
        with proxied.client(origin=origin) as client:
            answer = client.post(ASK.lstrip("/"), json={"question": "Qui ?"})
        assert answer.status_code == status, origin
        assert (answer.headers.get("access-control-allow-origin") == SITE) is (origin == SITE)


@pytest.mark.browser
def test_a_visitor_asks_behind_the_proxy(proxied: Proxied) -> None:
    with chromium_opened() as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(proxied.address)
        box = page.get_by_label("Votre question")
        box.fill("Quand ?")
        box.press("Enter")
        expect(page.locator("#q1 blockquote, .ch-error").first).to_be_visible()
    assert said == []


def _asks(context: BrowserContext, shown: Page | FrameLocator) -> Page:
    """Asks in the widget or its frame; what comes back is the page of the source it cites."""
    shown.get_by_label("Votre question").fill("De quand date la charte ?")
    shown.get_by_role("button", name="Envoyer").click()
    expect(shown.locator(".answer blockquote")).to_contain_text(QUOTE)
    with context.expect_page() as opened:
        shown.locator(".answer").get_by_role("link", name="[1]").click()
    return opened.value


@pytest.mark.browser
@pytest.mark.parametrize("framed", [False, True])
def test_the_widget_on_another_site_asks_and_cites_through_the_proxy(
    proxied: Proxied, framed: bool
) -> None:
    origin = proxied.address.removesuffix("/assistant/")
    line = f'<script src="{proxied.address}widget.js" defer></script>'
    frame = f'<iframe src="{proxied.address}widget/frame" title="Assistant" height="640"></iframe>'
    proxied.site.hold(
        frame if framed else line,
        f"default-src 'none'; script-src {origin}; connect-src {origin}; frame-src {origin}",
    )
    with chromium_opened() as browser:
        context = browser.new_context(ignore_https_errors=True)
        requests: list[str] = []
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(proxied.site.address)
        if not framed:
            page.get_by_role("button", name="Une question ?").click()
        source = _asks(context, page.frame_locator("iframe") if framed else page)
        expect(source.locator("mark#passage")).to_have_text(QUOTE)
        assert source.url.startswith(f"{proxied.address}sources/{DOCUMENT.id}?")
        ours = (proxied.address, f"{proxied.site.address}/", "data:")
        assert [url for url in requests if not url.startswith(ours)] == []
        assert said == [] and context.cookies() == []


def test_what_a_visitor_says_of_their_address_is_not_believed(proxied: Proxied) -> None:
    with proxied.client() as client:
        statuses = [
            client.get(
                "api/v1/search?q=a", headers={"x-forwarded-for": f"203.0.113.{n}"}
            ).status_code
            for n in range(60)
        ]
    assert statuses.count(429) >= 5
