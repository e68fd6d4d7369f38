"""The server: the JSON doors, the pages of the sources and the assistant's page, in one app."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import socket
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.assistant import Assistant
from app.journal.recording import SILENT, Recording
from app.settings import LOGO_TYPES, Settings
from app.web import problems, texts
from app.web.about import add_about
from app.web.access import AccessLog
from app.web.api import add_api
from app.web.faq import add_faq
from app.web.feedback import add_feedback
from app.web.guard import BodyGuard, Gate
from app.web.limits import QUOTED, WRITTEN, Limits, Turns
from app.web.markup import asset, coloured
from app.web.origins import OriginGuard
from app.web.shell import shell
from app.web.shield import Shield
from app.web.sitemap import add_sitemap
from app.web.sources import add_sources
from app.web.staff.closed import add_closed
from app.web.stream import add_stream
from app.web.widget import add_widget
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from app.faq.published import Published
    from app.records.database import Database

# Gradio reads these when it is imported: it reaches no outside service, and does not work out
# statistics of its queue with pandas after each question. Where matplotlib is installed it asks
# for its back end at each event, which has to be looked for (half a second) unless it is named.
_GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "MPLBACKEND": "agg",
}
_PATIENCE = 3  # seconds given to open connections when the server stops
_KEPT = 65  # seconds an idle connection is kept: longer than proxies keep theirs
_BACKLOG = 512


def create_app(
    assistant: Assistant,
    settings: Settings,
    database: Database | None = None,
    recording: Recording = SILENT,
) -> FastAPI:
    """The whole application over ``assistant`` and the staff's ``database``, where there is one.

    ``recording`` is told each reply. All three stay the caller's to close.
    """
    app = FastAPI(
        title=texts.NAME.fr,
        description=texts.API_DESCRIPTION.fr,
        version="1",
        docs_url=None,  # both load their script from a third party
        redoc_url=None,
    )
    problems.install(app)
    _prepare_gradio(app)
    add_api(app, assistant, recording)
    add_stream(app, assistant, recording)
    add_sources(app, assistant)
    add_widget(app, assistant, settings)
    add_about(app, settings)
    published = _published(database)
    add_faq(app, settings, published)
    add_sitemap(app, published)
    add_feedback(app, recording)
    _add_staff(app, assistant, settings, database)
    _add_assets(app, settings)
    _mount_page(app, assistant, settings, recording)
    app.add_middleware(Turns, together=WRITTEN if settings.model.model else QUOTED)
    app.add_middleware(BodyGuard)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    # The OriginGuard says which origins are let in. Gradio would let all of them in on its own
    # routes if this very class, not one derived from it, did not stand here.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.middleware_stack = _guarded(app.build_middleware_stack(), settings)
    return app


def _published(database: Database | None) -> Published | None:
    """What the FAQ shows; without a database nothing of it is imported."""
    if database is None:
        return None
    from app.faq.entries import Entries
    from app.faq.published import Published

    return Published(Entries(database))


def _add_staff(
    app: FastAPI, assistant: Assistant, settings: Settings, database: Database | None
) -> None:
    app.state.end_board = lambda: None
    if database is None:
        add_closed(app)
        return
    from app.web.staff.workspace import add_staff

    add_staff(app, database, assistant, settings)


def _guarded(app: ASGIApp, settings: Settings) -> ASGIApp:
    """``app`` behind what holds for each response, those to unexpected errors included."""
    app = Limits(app, settings.rate_per_minute, settings.rate_total_per_minute)
    app = Shield(OriginGuard(app, settings.widget_origins), settings.widget_origins)
    trusted = ProxyHeadersMiddleware(AccessLog(app), list(settings.proxy))  # type: ignore[arg-type]
    return trusted  # type: ignore[return-value]


def _add_assets(app: FastAPI, settings: Settings) -> None:
    served = [
        ("chartiste.css", (asset("chartiste.css") + coloured(settings.color)).encode(), "text/css"),
        ("chartiste.js", asset("chartiste.js").encode(), "text/javascript"),
        ("staff.css", asset("staff.css").encode(), "text/css"),
        ("staff-board.css", asset("staff-board.css").encode(), "text/css"),
        ("staff-board.js", asset("staff-board.js").encode(), "text/javascript"),
        ("staff.js", asset("staff.js").encode(), "text/javascript"),
        ("widget-essai.css", asset("widget-essai.css").encode(), "text/css"),
    ]
    if settings.logo:
        kind = LOGO_TYPES[settings.logo.suffix.lower()]
        served.append(("logo", settings.logo.read_bytes(), kind))
    for name, content, kind in served:
        app.add_api_route(
            f"/assets/{name}",
            _serving(content, kind),
            methods=["GET", "HEAD"],
            include_in_schema=False,
        )


def _serving(content: bytes, kind: str) -> Callable[[Request], Response]:
    """Serves bytes that a browser keeps, and asks about each time."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"cache-control": "no-cache", "etag": tag}
    if kind == "image/svg+xml":  # a drawing may hold scripts, which run where it is opened alone
        headers["content-security-policy"] = "default-src 'none'; style-src 'unsafe-inline'"

    def serve(request: Request) -> Response:
        # A proxy that compresses makes the tag a weak one.
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=kind, headers=headers)

    return serve


def _prepare_gradio(app: FastAPI) -> None:
    """What must be said to Gradio before it is first imported."""
    folder = tempfile.mkdtemp(prefix="chartiste-")  # gone with the application
    app.state.temporary = weakref.finalize(app, shutil.rmtree, folder, ignore_errors=True)
    os.environ |= _GRADIO | {"GRADIO_TEMP_DIR": folder}


def _mount_page(
    app: FastAPI, assistant: Assistant, settings: Settings, recording: Recording
) -> None:
    from app.web.citizen import mount

    own = list(app.router.routes)
    page = mount(app, assistant, settings, recording)
    app.state.end_streams = lambda: [end() for end in (page.end, app.state.end_board)]
    mounted = app.router.routes[-1]
    assert isinstance(mounted, Mount)

    def rewritten(html: str, language: str) -> str:
        said = html if language == "fr" else page.english(html)
        return shell(said, language, journal_days=settings.journal_days)

    mounted.app = Gate(mounted.app, own, rewritten)


def run(app: FastAPI, settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called with the address once it listens.

    Raises:
        SettingsError: the address is not this machine's, or the port cannot be had.
    """
    listening = listen(settings.host, settings.port)
    config = uvicorn.Config(
        app,
        access_log=False,  # it would hold visitors' addresses
        proxy_headers=False,  # which proxies are believed is a setting
        log_config=None,
        server_header=False,
        timeout_keep_alive=_KEPT,
        root_path=settings.root_path,
        timeout_graceful_shutdown=_PATIENCE,
    )
    end = getattr(app.state, "end_streams", lambda: None)
    with listening, _quiet_end():
        try:
            _Server(config, lambda: ready(address_of(listening)), end).run(sockets=[listening])
        finally:
            getattr(app.state, "end_work", lambda: None)()


class _Server(uvicorn.Server):
    def __init__(
        self, config: uvicorn.Config, ready: Callable[[], None], end: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._end = end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Otherwise each open page keeps the server waiting until its patience ends.
        self._end()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` and ``port`` (0: any free one).

    Raises:
        SettingsError: in French, with the option to correct.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SettingsError(texts.filled(texts.PORT_TAKEN, port=port)) from error
        if error.errno == errno.EACCES:
            raise SettingsError(texts.filled(texts.PORT_FORBIDDEN, port=port)) from error
        raise SettingsError(texts.filled(texts.HOST_UNKNOWN, host=host)) from error
    except UnicodeError as error:  # a name that cannot be one of a host
        raise SettingsError(texts.filled(texts.HOST_UNKNOWN, host=host)) from error


def address_of(listening: socket.socket) -> str:
    """The address to open in a browser of this machine."""
    host, port = listening.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


@contextmanager
def _quiet_end() -> Iterator[None]:
    """Let the caller go on after a signal: uvicorn raises it again once it has stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
