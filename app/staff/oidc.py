"""The agency's single sign-on: OpenID Connect's code flow, with PKCE, state and nonce.

Only the issuer that the settings name is asked, and the addresses that it gives of itself; no
redirect is followed. What it says of somebody counts once its signature is verified with its own
keys. HTTP goes through authlib's client, here and nowhere else in these rooms.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.chat.providers import is_near
from app.staff.provider import OidcSettings, is_address
from ingest.errors import ChartisteError

_SECONDS = 10.0  # for each answer
_KEPT = 3_600.0  # seconds that what the provider says of itself is believed
_LEEWAY = 60  # seconds that two clocks may differ
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
               "EdDSA"]  # fmt: skip
_SCOPE = "openid email"


class SsoError(ChartisteError):
    """The single sign-on did not say who it is, or not in a way that can be believed."""


class SsoUnavailable(SsoError):
    """The single sign-on does not answer, or answers nonsense."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What a log-in remembers while the person is at the provider's page; of this browser alone."""

    redirect: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is: their number at the provider, and their address where it is verified."""

    issuer: str
    number: str
    email: str | None

    @property
    def subject(self) -> str:
        """What an account keeps of it."""
        return f"{self.issuer}|{self.number}"


@dataclass(frozen=True, slots=True)
class _Described:
    """What the provider says of itself, and its keys."""

    at: float
    about: Mapping[str, Any]
    keys: KeySet


class Provider:
    """The single sign-on of the settings. Nothing is asked of it before somebody logs in."""

    def __init__(self, settings: OidcSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._known: _Described | None = None
        self._asking = threading.Lock()

    def begin(self, redirect: str) -> tuple[str, Flow]:
        """The address to send the browser to, and what to remember until it comes back.

        Raises:
            SsoUnavailable: the provider does not say where that is.
        """
        described = self._described()
        flow = Flow(redirect, *(secrets.token_urlsafe(32) for _ in range(3)))
        with self._client(described, redirect) as client:
            address, _ = client.create_authorization_url(
                described.about["authorization_endpoint"],
                state=flow.state,
                code_verifier=flow.verifier,
                nonce=flow.nonce,
            )
        return str(address), flow

    def finish(self, flow: Flow, code: str, issuer: str = "") -> Identity:
        """Who has come back with that ``code``; ``issuer`` is who says to have sent them.

        Raises:
            SsoUnavailable: the provider does not answer.
            SsoError: it refuses the code, or what it says cannot be believed.
        """
        if issuer and issuer != self._settings.oidc_issuer:
            raise SsoError("La réponse vient d'une autre authentification unique.")
        described = self._described()
        with self._client(described, flow.redirect) as client:
            token = _asked(
                lambda: client.fetch_token(
                    described.about["token_endpoint"],
                    code=code,
                    code_verifier=flow.verifier,
                    grant_type="authorization_code",
                )
            )
            claims = self._claims(token, flow.nonce)
            if "email" not in claims and "userinfo_endpoint" in described.about:
                claims |= self._more(client, described, claims["sub"])
        return Identity(self._settings.oidc_issuer, claims["sub"], _verified_email(claims))

    def _claims(self, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """What the ID token says, verified."""
        said = token.get("id_token") if isinstance(token, Mapping) else None
        if not isinstance(said, str):
            raise SsoError("L'authentification unique n'a pas dit de qui il s'agit.")
        decoded = self._decoded(said)
        expected = {
            "nonce": nonce,
            "client_id": self._settings.oidc_client_id,
            "access_token": token.get("access_token"),
        }
        options: Any = {
            "iss": {"essential": True, "value": self._settings.oidc_issuer},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
        }
        claims = CodeIDToken(decoded.claims, decoded.header, options, expected)
        try:
            claims.validate(leeway=_LEEWAY)
        except JoseError as error:
            raise _unbelievable(error) from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise SsoError("L'authentification unique n'a pas dit de qui il s'agit.")
        return dict(claims)

    def _decoded(self, said: str) -> jwt.Token:
        """A signed object, its signature verified; the provider may have new keys since."""
        try:
            return jwt.decode(said, self._described().keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            try:
                return jwt.decode(said, self._described(anew=True).keys, algorithms=_ALGORITHMS)
            except (JoseError, ValueError) as error:
                raise _unbelievable(error) from error

    def _more(self, client: OAuth2Client, described: _Described, number: str) -> dict[str, Any]:
        """What the provider says of somebody beside the ID token; of another, it is nothing."""
        answer = _asked(lambda: client.get(described.about["userinfo_endpoint"]))
        if answer.headers.get("content-type", "").startswith("application/jwt"):
            said = dict(self._decoded(answer.text).claims)
            if self._settings.oidc_client_id not in _listed(said.get("aud")):
                raise SsoError("L'authentification unique a parlé à quelqu'un d'autre.")
        else:
            said = _object(answer)
        if said.get("sub") != number:
            raise SsoError("L'authentification unique a parlé de quelqu'un d'autre.")
        return {name: said[name] for name in ("email", "email_verified") if name in said}

    def _described(self, anew: bool = False) -> _Described:
        with self._asking:
            known = self._known
            if known is None or anew or self._clock() - known.at > _KEPT:
                known = self._known = self._ask()
            return known

    def _ask(self) -> _Described:
        issuer = self._settings.oidc_issuer
        where = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        with self._client(None, "") as client:
            about = _object(_asked(lambda: client.request("GET", where, withhold_token=True)))
            if about.get("issuer") != issuer:
                raise SsoUnavailable(
                    "L'authentification unique se nomme autrement que CHARTISTE_OIDC_ISSUER : "
                    "recopiez-y le champ « issuer » de sa page de configuration."
                )
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not is_address(about.get(name), query=True):
                    raise SsoUnavailable(_NONSENSE)
            if not is_address(about.get("userinfo_endpoint"), query=True):
                about.pop("userinfo_endpoint", None)
            keys = _object(
                _asked(lambda: client.request("GET", about["jwks_uri"], withhold_token=True))
            )
        try:
            return _Described(self._clock(), about, KeySet.import_key_set(keys))  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise SsoUnavailable(_NONSENSE) from error

    def _client(self, described: _Described | None, redirect: str) -> OAuth2Client:
        ways = described.about.get("token_endpoint_auth_methods_supported") if described else None
        # In a header, signs such as % mean one thing to some providers and another to others.
        by_form = isinstance(ways, list) and "client_secret_post" in ways
        return OAuth2Client(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret,
            token_endpoint_auth_method="client_secret_post" if by_form else "client_secret_basic",
            scope=_SCOPE,
            redirect_uri=redirect,
            code_challenge_method="S256",
            leeway=0,  # a token of a minute would be taken for one that is over
            timeout=_SECONDS,
            follow_redirects=False,
            trust_env=not is_near(self._settings.oidc_issuer),
        )


_NONSENSE = "L'authentification unique ne se décrit pas comme il faut : voyez qui la tient."


# What the libraries raise when an answer is late, cut, a failure or a redirect, or no JSON.
_NO_ANSWER = (httpx2.HTTPError, httpx2.InvalidURL, ValueError)


def _asked(ask: Callable[[], Any]) -> Any:
    """An answer of the provider.

    Raises:
        SsoUnavailable: none came, or a failure.
        SsoError: it refuses what was asked.
    """
    try:
        answer = ask()
        if isinstance(answer, httpx2.Response):
            answer.raise_for_status()
        return answer
    except OAuthError as error:
        raise SsoError(
            f"L'authentification unique refuse cette connexion ({_code(error.error)})."
        ) from error
    except _NO_ANSWER as error:
        raise SsoUnavailable(
            "L'authentification unique ne répond pas comme il faut "
            f"({type(error).__name__}) : réessayez dans un instant."
        ) from error


def _object(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError as error:
        raise SsoUnavailable(_NONSENSE) from error
    if not isinstance(said, dict):
        raise SsoUnavailable(_NONSENSE)
    return said


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _verified_email(claims: Mapping[str, Any]) -> str | None:
    email = claims.get("email")
    verified = claims.get("email_verified") in (True, "true")
    return email if verified and isinstance(email, str) and email else None


def _unbelievable(error: Exception) -> SsoError:
    why = error.error if isinstance(error, JoseError) else type(error).__name__
    return SsoError(
        f"Ce que dit l'authentification unique ne peut pas être vérifié ({_code(why)})."
    )


def _code(error: object) -> str:
    """A code of OAuth as it may be shown: letters, underscores, nothing else."""
    shown = str(error)
    return shown if shown.isascii() and shown.replace("_", "").isalnum() else "sans précision"
