"""The application as it is served: its address, its end, its prefix, and its page's HTML."""

from __future__ import annotations

import os
import signal
import socket
import threading
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.server import address_of, listen, run
from app.settings import Settings
from app.web import texts
from app.web.shell import shell
from ingest.errors import SettingsError


def test_a_taken_port_is_told_in_french() -> None:
    with (
        listen("127.0.0.1", 0) as taken,
        pytest.raises(SettingsError, match="est déjà pris") as raised,
    ):
        listen("127.0.0.1", taken.getsockname()[1])
    assert "--port" in str(raised.value)


@pytest.mark.parametrize("host", ["192.0.2.1", "a" * 70, "::ffff:192.0.2.1"])
def test_an_address_of_another_machine_is_told_in_french(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if host.startswith("a"):

        def unknown(*_: object, **__: object) -> None:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
    else:
        found = [(socket.AF_INET6 if ":" in host else socket.AF_INET, 1, 0, "", (host, 0))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(SettingsError, match="n'est pas celle de cette machine"):
        listen(host, 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_says_when_it_is_ready_and_stops_on_a_signal(
    configured: Settings, number: signal.Signals
) -> None:
    app, urls, statuses = FastAPI(), [], []

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    def ready(url: str) -> None:
        urls.append(url)
        threading.Thread(target=ask, args=[url]).start()

    def ask(url: str) -> None:
        statuses.append(httpx.get(f"{url}/healthz").status_code)
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    run(app, replace(configured, port=0), ready)
    assert urls[0].startswith("http://127.0.0.1:") and statuses == [200]
    assert signal.getsignal(number) is before


def test_the_streams_of_open_pages_end_with_the_server(configured: Settings) -> None:
    app, ended = FastAPI(), []
    app.state.end_streams = lambda: ended.append(True)
    run(app, replace(configured, port=0), lambda _: os.kill(os.getpid(), signal.SIGTERM))
    assert ended == [True]


@pytest.mark.parametrize(
    ("bound", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("::1", "http://[::1]:80"),
    ],
)
def test_the_address_said_can_be_opened(bound: str, shown: str) -> None:
    listening = Mock(spec=socket.socket)
    listening.getsockname.return_value = (bound, 80)
    assert address_of(listening) == shown


def test_a_prefix_that_the_proxy_strips(shared: tuple[object, FastAPI]) -> None:
    # uvicorn puts its root_path back in front of the path; so does this client.
    client = TestClient(shared[1], root_path="/assistant", base_url="http://a.fr/assistant")
    assert client.get("/healthz").status_code == 200
    page = client.get("/")
    assert page.status_code == 200 and '"root":"http://a.fr/assistant"' in page.text
    assert 'src="assets/chartiste.js"' in page.text
    missing = client.get("/inconnu")
    assert missing.json()["instance"] == "/assistant/inconnu"
    assert client.get("/api/v1/ask").status_code == 405
    assert client.get("/sources/x").status_code == 404


def test_the_page_is_french_and_names_no_third_party(client: TestClient) -> None:
    response = client.get("/", headers={"accept-encoding": "br, gzip"})
    html = response.text
    assert html.startswith('<!doctype html>\n<html\n\tlang="fr"')
    head = html.partition("</head>")[0]
    assert head.count("<title>") == 1 and texts.TITLE.fr in head
    assert 'name="description"' in head and "og:" not in head and "twitter" not in head
    assert head.index("chartiste.js") < head.index("gradio_config")
    assert "manifest.json" not in html and 'aria-live="polite"' in html
    assert response.headers["cache-control"] == "no-store"


def test_what_is_not_gradio_s_page_is_left_as_it_is() -> None:
    assert shell("<p>rien</p>") == "<p>rien</p>"


def test_the_page_says_in_its_html_which_functions_are_open(client: TestClient) -> None:
    config = client.get("/").text
    assert '"api_visibility":"public"' not in config and '"run_history":false' in config


@pytest.mark.parametrize("name", ["chartiste.css", "chartiste.js"])
def test_our_own_files_are_served_and_ask_nothing_elsewhere(client: TestClient, name: str) -> None:
    response = client.get(f"/assets/{name}")
    assert response.status_code == 200
    assert "://" not in response.text and "@import" not in response.text


def test_gradio_keeps_its_files_in_a_private_folder(client: TestClient) -> None:
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    assert folder.stat().st_mode & 0o077 == 0
    assert os.environ["GRADIO_ANALYTICS_ENABLED"] == "False"


def test_a_page_is_compressed(client: TestClient) -> None:
    response = client.get("/sources", headers={"accept-encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"


def test_texts_are_all_in_both_languages() -> None:
    pairs = [value for value in vars(texts).values() if isinstance(value, texts.Text)]
    for group in (texts.KINDS, texts.LANGUAGES, texts.PROBLEMS):
        pairs.extend(group.values())  # type: ignore[attr-defined]
    assert len(pairs) > 50
    assert all(pair.fr.strip() and pair.en.strip() for pair in pairs)
