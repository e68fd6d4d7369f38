import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.chat.failure import failure_of, waited
from app.chat.line import Line, TooLong
from app.chat.unavailable import OURS, PASSING, REASONS, ModelUnavailable, Reason


def line(status: int | None = None, retry_after: str | None = None) -> Line:
    made = Line(1, 1)
    made.status, made.retry_after = status, retry_after
    return made


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, "auth"), (403, "auth"), (404, "missing"), (405, "missing"), (408, "timeout"),
        (429, "rate"), (500, "server"), (503, "server"), (529, "server"), (400, "rejected"),
        (413, "rejected"), (307, "rejected"), (204, "nonsense"),
    ],
)  # fmt: skip
def test_a_status_has_its_reason(status: int, reason: Reason) -> None:
    failure = failure_of(ValueError("canari"), line(status))
    assert (failure.reason, failure.status) == (reason, status)
    assert f"({status})." in str(failure)


def test_an_error_is_that_of_its_deepest_cause() -> None:
    def raised(cause: BaseException) -> Exception:
        try:
            raise RuntimeError("the library's own words") from cause
        except RuntimeError as error:
            return error

    for cause, reason in (
        (socket.gaierror(), "dns"),
        (ssl.SSLCertVerificationError(), "tls"),
        (ConnectionRefusedError(), "refused"),
        (ConnectionResetError(), "cut"),
        (TimeoutError(), "timeout"),
        (TooLong(), "endless"),
        (KeyError("choices"), "nonsense"),
    ):
        assert failure_of(raised(cause), line()).reason == reason


def test_errors_that_turn_in_a_ring_have_an_end() -> None:
    one, two = ValueError(), ValueError()
    one.__cause__, two.__cause__ = two, one
    assert failure_of(one, line()).reason == "nonsense"


def test_what_was_cut_came_too_late() -> None:
    cut = line(200)
    cut.cut()
    assert failure_of(OSError(), cut).reason == "timeout"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), (" 1.5 ", 1.5), ("-1", None), ("", None), ("bientôt", None),
     (None, None), ("9" * 400, 86_400.0), ("٣", None), ("Mon, 32 Foo 2026", None)],
)  # fmt: skip
def test_what_a_server_asks_to_wait_is_read(header: str | None, seconds: float | None) -> None:
    assert waited(header) == seconds


def test_a_date_to_wait_for_is_read() -> None:
    later = waited(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert later is not None and 55 < later <= 60
    assert waited(format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)) == 0


def test_every_reason_is_said_in_french_without_a_word_of_others() -> None:
    for reason in REASONS:
        assert str(ModelUnavailable(reason)).endswith(".")
    assert set(REASONS) >= PASSING | OURS
    assert str(ModelUnavailable("auth", status=401)) == (
        "Le serveur du modèle de langue refuse l'accès : vérifiez CHARTISTE_MODEL_KEY (401)."
    )
