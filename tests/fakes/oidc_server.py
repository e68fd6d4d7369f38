"""A single sign-on on loopback that speaks OpenID Connect, and lies on order.

::

    with OidcServer() as server:
        server.person = {"sub": "42", "email": "ana@ville.fr", "email_verified": True}
        settings = server.settings()          # what Chartiste is told of it
        back = server.agree(address)          # what a person's browser does at its page
        server.fault = "nonce"                # from now on, one of FAULTS

It checks what it is sent as a provider does: the client, the address to come back to, the code's
one use, and PKCE's proof.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from app.staff.provider import OidcSettings

CLIENT, SECRET = "chartiste", "un-secret-long%3A"
LIES = (
    "nonce", "no-nonce", "issuer", "audience", "azp", "expired", "future", "no-sub", "sub-number",
    "empty-sub", "no-id-token", "alg-none", "alg-hs256", "foreign-key", "cut-signature", "garbage",
    "at-hash", "info-of-another", "info-for-another",
)  # fmt: skip
SILENCES = (
    "config-404", "config-html", "config-list", "config-issuer", "config-http", "config-foreign",
    "no-keys", "keys-html", "keys-empty", "token-500", "token-html", "token-list", "token-redirect",
    "info-500",
)  # fmt: skip


class OidcServer:
    """The provider; ``asked`` are the paths that were asked of it, with their forms."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {
            "sub": "42", "email": "ana@ville.fr", "email_verified": True,
        }  # fmt: skip
        self.host = "127.0.0.1"  # or localhost, which is another site to a browser
        self.fault = ""
        self.info: dict[str, Any] | None = None  # said at the userinfo address instead
        self.signed_info = False
        self.ways: list[str] | None = None
        self.asked: list[tuple[str, dict[str, str], Mapping[str, str]]] = []
        self.keys = [RSAKey.generate_key(2048, {"kid": "1"})]
        self._codes: dict[str, dict[str, str]] = {}
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(10)

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self._http.server_address[1]}"

    @property
    def issuer(self) -> str:
        return f"{self.origin}/realms/agents"

    def settings(self) -> OidcSettings:
        return OidcSettings(self.issuer, CLIENT, SECRET)

    def agree(self, address: str) -> str:
        """What the browser is sent back to, when the person at the provider's page agrees."""
        parts = urlsplit(address)
        asked = {name: value[0] for name, value in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}" in self.issuer and parts.path.endswith("/auth")
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split() and asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def new_key(self, elliptic: bool = False) -> None:
        """Sign with another key from now on; the former one is published no more."""
        kid = {"kid": str(len(self.asked) + 2)}
        made = ECKey.generate_key("P-256", kid) if elliptic else RSAKey.generate_key(2048, kid)
        self.keys = [made]

    # What it answers: a status, a kind and a body

    def described(self) -> tuple[int, str, str]:
        about: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        if self.info is not None or self.fault.startswith("info"):
            about["userinfo_endpoint"] = f"{self.issuer}/info"
        if self.ways:
            about["token_endpoint_auth_methods_supported"] = self.ways
        match self.fault:
            case "config-404":
                return 404, "application/json", "{}"
            case "config-html":
                return 200, "text/html", "<p>Bonjour</p>"
            case "config-list":
                return 200, "application/json", "[]"
            case "config-issuer":
                about["issuer"] += "/"
            case "config-http":
                about["token_endpoint"] = "http://sso.example/token"
            case "config-foreign":
                about["jwks_uri"] = ["https://evil.example"]
            case "no-keys":
                del about["jwks_uri"]
        return 200, "application/json", json.dumps(about)

    def published(self) -> tuple[int, str, str]:
        if self.fault == "keys-html":
            return 200, "text/html", "<p>"
        kept = [] if self.fault == "keys-empty" else self.keys
        keys = [key.as_dict(private=False) for key in kept]
        return 200, "application/json", json.dumps({"keys": keys})

    def token(self, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, str, str]:
        match self.fault:
            case "token-500":
                return 500, "text/plain", "panne"
            case "token-html":
                return 200, "text/html", "<p>"
            case "token-list":
                return 200, "application/json", "[]"
            case "token-redirect":
                return 307, "text/plain", ""
        if refusal := self._refusal(form, headers):
            return 400, "application/json", json.dumps({"error": refusal})
        asked = self._codes.pop(form["code"])
        said = {"access_token": "acces", "token_type": "Bearer", "expires_in": 60}
        if self.fault != "no-id-token":
            said["id_token"] = self._id_token(asked["nonce"])
        return 200, "application/json", json.dumps(said)

    def _refusal(self, form: Mapping[str, str], headers: Mapping[str, str]) -> str:
        """Why the code gives nothing."""
        by_form = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        wanted = self.ways or ["client_secret_basic"]
        good = (
            by_form
            if wanted == ["client_secret_post"]
            else (headers.get("authorization") == f"Basic {basic}")
        )
        if not good:
            return "invalid_client"
        asked = self._codes.get(form.get("code", ""))
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return "invalid_grant"
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        return "" if shown == asked["code_challenge"] else "invalid_grant"

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        said: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": nonce,
            **({"sub": self.person["sub"]} if self.info is not None else self.person),
        }  # fmt: skip
        said |= {
            "nonce": {"nonce": "un-autre"},
            "issuer": {"iss": "https://evil.example"},
            "audience": {"aud": "un-autre"},
            "azp": {"aud": [CLIENT, "un-autre"], "azp": "un-autre"},
            "expired": {"exp": now - 600, "iat": now - 700},
            "future": {"iat": now + 600, "nbf": now + 600},
            "sub-number": {"sub": 42},
            "empty-sub": {"sub": ""},
            "at-hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        }.get(self.fault, {})
        for name, fault in (("nonce", "no-nonce"), ("sub", "no-sub")):
            if self.fault == fault:
                del said[name]
        if self.fault.startswith("info"):
            said.pop("email", None)
        return self._signed(said)

    def _signed(self, said: dict[str, Any]) -> str:
        key = self.keys[0]
        kind = "ES256" if isinstance(key, ECKey) else "RS256"
        header = {"alg": kind, "kid": key.kid}
        match self.fault:
            case "alg-none":
                parts = ({"alg": "none"}, said)
                shown = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode() for p in parts]
                return ".".join(part.rstrip("=") for part in shown) + "."
            case "alg-hs256":  # signed with what everybody knows of the key
                public = json.dumps(key.as_dict(private=False))
                return jwt.encode({"alg": "HS256", "kid": "1"}, said, OctKey.import_key(public))
            case "foreign-key":
                return jwt.encode(header, said, RSAKey.generate_key(2048, {"kid": key.kid}))
            case "cut-signature":
                return jwt.encode(header, said, KeySet([key])).rpartition(".")[0] + "."
            case "garbage":
                return "a.b.c"
        return jwt.encode(header, said, KeySet([key]))

    def informed(self, headers: Mapping[str, str]) -> tuple[int, str, str]:
        if self.fault == "info-500" or headers.get("authorization") != "Bearer acces":
            return 500, "text/plain", "panne"
        said = dict(self.info or self.person)
        if self.fault == "info-of-another":
            said["sub"] = "43"
        if self.signed_info or self.fault == "info-for-another":
            aud = "un-autre" if self.fault == "info-for-another" else CLIENT
            return 200, "application/jwt", self._signed(said | {"iss": self.issuer, "aud": aud})
        return 200, "application/json", json.dumps(said)


def _handler(server: OidcServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            self._answer(dict(parse_qsl(body.decode())))

        def _answer(self, form: dict[str, str]) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            path = urlsplit(self.path).path.removeprefix("/realms/agents")
            server.asked.append((path, form, headers))
            where = f"{server.issuer}/elsewhere"
            match path:
                case "/.well-known/openid-configuration":
                    status, kind, body = server.described()
                case "/keys":
                    status, kind, body = server.published()
                case "/token":
                    status, kind, body = server.token(form, headers)
                case "/info":
                    status, kind, body = server.informed(headers)
                case "/auth":
                    status, kind, body = 303, "text/plain", ""
                    where = server.agree(f"{server.origin}{self.path}")
                case _:
                    status, kind, body = 404, "text/plain", ""
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body.encode())))
            if status in (303, 307):
                self.send_header("location", where)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
