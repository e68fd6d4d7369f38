"""The settings of the single sign-on: all three or none, at an address nobody can overhear."""

from __future__ import annotations

import pytest

from app.settings import settings
from app.staff.provider import OidcSettings, oidc_settings
from ingest.errors import SettingsError

WHOLE = {
    "CHARTISTE_OIDC_ISSUER": "https://sso.ville.fr/realms/agents",
    "CHARTISTE_OIDC_CLIENT_ID": "chartiste",
    "CHARTISTE_OIDC_CLIENT_SECRET": "tres-secret",
}


def test_all_three_are_read_and_the_secret_is_not_shown() -> None:
    read = settings(WHOLE).oidc
    assert read == OidcSettings(*WHOLE.values()) and read.is_set
    assert "tres-secret" not in repr(settings(WHOLE)) and not settings({}).oidc.is_set


@pytest.mark.parametrize("name", WHOLE)
def test_one_that_is_absent_is_named(name: str) -> None:
    _, problems = oidc_settings({key: value for key, value in WHOLE.items() if key != name})
    assert problems == [f"L'authentification unique demande aussi {name}."]


@pytest.mark.parametrize("name", ["CHARTISTE_OIDC_CLIENT_ID", "CHARTISTE_OIDC_CLIENT_SECRET"])
def test_a_name_or_a_secret_that_no_header_holds_is_refused(name: str) -> None:
    for value in ("é", "a\nb", "a\0"):
        _, problems = oidc_settings(WHOLE | {name: value})
        assert len(problems) == 1 and name in problems[0] and value not in problems[0]


@pytest.mark.parametrize(
    "issuer",
    ["http://sso.ville.fr", "sso.ville.fr", "ftp://a.fr", "https://", "https://a:b@sso.fr",
     "https://sso.fr?a=b", "https://sso.fr#a", "https://sso.fr:port", "https://[::1", "http://10.0.0.1",
     "https://sso.fr/\na"],
)  # fmt: skip
def test_an_address_that_can_be_overheard_is_refused(issuer: str) -> None:
    with pytest.raises(SettingsError, match="CHARTISTE_OIDC_ISSUER vaut") as refused:
        settings(WHOLE | {"CHARTISTE_OIDC_ISSUER": issuer})
    assert "tres-secret" not in str(refused.value)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:9000", "http://localhost/a", "https://a.fr"])
def test_http_is_for_this_machine_alone(issuer: str) -> None:
    assert oidc_settings(WHOLE | {"CHARTISTE_OIDC_ISSUER": issuer})[1] == []
