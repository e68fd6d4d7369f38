"""The single sign-on is believed when it can be, on a provider of loopback; and never else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from app.staff.oidc import Flow, Identity, Provider, SsoError, SsoUnavailable
from tests.fakes.oidc_server import LIES, SECRET, SILENCES, OidcServer

BACK = "https://chartiste.test/staff/sso/retour"


@pytest.fixture
def server() -> Iterator[OidcServer]:
    with OidcServer() as opened:
        yield opened


@pytest.fixture
def provider(server: OidcServer) -> Provider:
    return Provider(server.settings())


def come_back(server: OidcServer, provider: Provider) -> Identity:
    """Who has logged in at the provider's page."""
    address, flow = provider.begin(BACK)
    return provider.finish(flow, *returned(server.agree(address)))


def returned(address: str) -> tuple[str, str]:
    query = parse_qs(urlsplit(address).query)
    return query["code"][0], query["iss"][0]


def test_somebody_is_known_by_the_provider_s_number(server: OidcServer, provider: Provider) -> None:
    found = come_back(server, provider)
    assert found == Identity(server.issuer, "42", "ana@ville.fr")
    assert found.subject == f"{server.issuer}|42"


def test_the_way_there_says_nothing_that_comes_back_usable(
    server: OidcServer, provider: Provider
) -> None:
    address, flow = provider.begin(BACK)
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [BACK] and asked["scope"] == ["openid email"]
    assert asked["state"] == [flow.state] and asked["nonce"] == [flow.nonce]
    assert flow.verifier not in address and SECRET not in address and SECRET not in repr(provider)
    _, other = provider.begin(BACK)
    assert not {flow.state, flow.nonce, flow.verifier} & {other.state, other.nonce, other.verifier}


def test_the_secret_goes_in_the_header_or_in_the_form_as_the_provider_takes_it(
    server: OidcServer, provider: Provider
) -> None:
    come_back(server, provider)
    server.ways = ["client_secret_post"]
    come_back(server, Provider(server.settings()))
    sent = [(form, headers) for path, form, headers in server.asked if path == "/token"]
    assert "client_secret" not in sent[0][0] and "authorization" in sent[0][1]
    assert sent[1][0]["client_secret"] == SECRET and "authorization" not in sent[1][1]


@pytest.mark.parametrize("lie", LIES)
def test_what_cannot_be_believed_is_nobody(
    server: OidcServer, provider: Provider, lie: str
) -> None:
    server.info = server.person if lie.startswith("info") else None
    assert come_back(server, provider).number == "42"
    server.fault = lie
    with pytest.raises(SsoError) as refused:
        come_back(server, provider)
    assert not isinstance(refused.value, SsoUnavailable)
    told = str(refused.value)
    assert "authentification unique" in told and "refuse" not in told and SECRET not in told


@pytest.mark.parametrize("silence", SILENCES)
def test_a_provider_that_answers_nonsense_is_said_to_be_unavailable(
    server: OidcServer, provider: Provider, silence: str
) -> None:
    server.fault = silence
    with pytest.raises(SsoUnavailable) as failed:
        come_back(server, provider)
    assert SECRET not in str(failed.value)
    assert "/elsewhere" not in [path for path, _, _ in server.asked]  # no redirect is followed
    server.fault = ""
    assert come_back(server, provider).number == "42"


def test_a_provider_that_is_not_there_is_said_so(server: OidcServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    absent = replace(server.settings(), oidc_issuer=f"http://127.0.0.1:{port}")
    with pytest.raises(SsoUnavailable, match="ConnectError"):
        Provider(absent).begin(BACK)


def test_a_code_is_used_once_by_who_asked_for_it(server: OidcServer, provider: Provider) -> None:
    address, flow = provider.begin(BACK)
    code, issuer = returned(server.agree(address))
    _, another = provider.begin(BACK)
    for wrong in (
        replace(flow, verifier=another.verifier),
        replace(flow, redirect="https://evil.example/"),
    ):
        with pytest.raises(SsoError, match="invalid_grant"):
            provider.finish(wrong, code, issuer)
    with pytest.raises(SsoError, match="ne peut pas être vérifié"):
        provider.finish(replace(flow, nonce=another.nonce), code, issuer)
    with pytest.raises(SsoError, match="invalid_grant"):
        provider.finish(flow, code, issuer)


def test_an_answer_of_another_provider_is_refused(server: OidcServer, provider: Provider) -> None:
    address, flow = provider.begin(BACK)
    code, _ = returned(server.agree(address))
    server.asked.clear()
    with pytest.raises(SsoError, match="une autre authentification unique"):
        provider.finish(flow, code, "https://evil.example")
    assert server.asked == []  # the code was shown to nobody


def test_the_wrong_secret_is_said(server: OidcServer) -> None:
    wrong = Provider(replace(server.settings(), oidc_client_secret="faux"))
    with pytest.raises(SsoError, match=r"\(invalid_client\)"):
        come_back(server, wrong)


def test_new_keys_are_asked_for_when_they_are_needed(
    server: OidcServer, provider: Provider
) -> None:
    come_back(server, provider)
    come_back(server, provider)
    assert [path for path, _, _ in server.asked].count("/keys") == 1
    for elliptic in (False, True):
        server.new_key(elliptic)
        assert come_back(server, provider).number == "42"
    assert [path for path, _, _ in server.asked].count("/keys") == 3


def test_what_it_says_of_itself_is_asked_again_after_an_hour(server: OidcServer) -> None:
    time = [0.0]
    provider = Provider(server.settings(), lambda: time[0])
    for time[0] in (0.0, 3_599.0, 3_601.0):
        provider.begin(BACK)
    asked = [path for path, _, _ in server.asked]
    assert asked.count("/.well-known/openid-configuration") == 2


@pytest.mark.parametrize(
    ("said", "email"),
    [
        ({"email": "a@b.fr", "email_verified": True}, "a@b.fr"),
        ({"email": "a@b.fr", "email_verified": "true"}, "a@b.fr"),
        ({"email": "a@b.fr", "email_verified": False}, None),
        ({"email": "a@b.fr"}, None),
        ({"email": ["a@b.fr"], "email_verified": True}, None),
        ({"email": "", "email_verified": True}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("where", ["token", "info", "signed"])
def test_an_address_counts_when_it_is_verified(
    server: OidcServer, provider: Provider, said: dict[str, object], email: str | None, where: str
) -> None:
    server.person = {"sub": "42", **said}
    if where != "token":
        server.info, server.signed_info = server.person, where == "signed"
    assert come_back(server, provider) == Identity(server.issuer, "42", email)


def test_a_flow_is_what_a_browser_keeps() -> None:
    assert Flow("r", "s", "n", "v") == Flow(redirect="r", state="s", nonce="n", verifier="v")
