"""A site of somebody else, on another loopback port, whose pages hold the widget."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

PAGE = (
    "<!doctype html><html lang='fr'><head><meta charset='utf-8'><title>Ma ville</title>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'>{head}</head><body>"
    "<main><h1>Ma ville</h1><p><a href='/'>Accueil</a></p>{body}</main>{line}</body></html>"
)


@dataclass
class Site:
    """Serves one page, whatever the path; ``address`` is an origin, and ``other`` a second one."""

    page: str = ""
    policy: str = ""
    server: ThreadingHTTPServer = field(init=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    @property
    def other(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def hold(self, line: str, policy: str = "", head: str = "", body: str = "") -> None:
        """Show a page that holds ``line``, under a Content-Security-Policy."""
        self.page = PAGE.format(head=head, body=body, line=line)
        self.policy = policy

    def __enter__(self) -> Site:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/favicon.ico":
                    self.send_response(204)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("content-type", "text/html; charset=utf-8")
                if site.policy:
                    self.send_header("content-security-policy", site.policy)
                self.end_headers()
                self.wfile.write(site.page.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
