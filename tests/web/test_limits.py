"""What is too much gets a polite 429; health, and the others, are answered all the while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from app.server import create_app
from app.settings import Settings
from app.web.guard import BodyGuard
from app.web.limits import AT_ONCE, OPEN, OPEN_EACH, Limits, Turns, is_own, visitor_of
from tests.web.conftest import FakeAssistant
from tests.web.test_problems import ASK, problem

PROXY = "192.0.2.1"
JOIN = "/gradio_api/queue/join"


async def _ok(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("ok")(scope, receive, send)


def asking(limits: Limits, host: str = "203.0.113.9") -> Callable[[str], int]:
    """Asks from an address for the status of a GET, or of a POST of the API or the queue."""
    client = TestClient(limits, client=(host, 1))
    return lambda path: (
        client.request("POST" if path in (ASK, JOIN) else "GET", path, json={}).status_code
    )


@pytest.mark.parametrize(
    ("host", "visitor"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::1"),
        ("", "-"),
        ("testclient", "-"),
    ],
)
def test_the_address_that_counts(host: str, visitor: str) -> None:
    assert visitor_of({"client": (host, 1)}) == visitor


def test_a_client_without_address_has_one_to_count() -> None:
    assert visitor_of({}) == visitor_of({"client": None}) == "-"


def test_which_addresses_are_this_machine_s() -> None:
    assert [is_own(one) for one in ("127.0.0.1", "127.8.8.8", "::1", "-")] == [True] * 4
    assert not is_own("203.0.113.9") and not is_own("2001:db8::/64") and not is_own("::/64")


@pytest.mark.parametrize("path", [ASK, f"{ASK}/stream", "/api/v1/search", "/api/v1/feedback", JOIN])
def test_questions_are_counted_whatever_their_door(path: str) -> None:
    ask = asking(Limits(_ok, 2, 0))
    assert [ask(path) for _ in range(4)] == [200, 200, 429, 429]
    assert ask(ASK) == 429  # one count for all doors
    assert ask("/") == ask("/healthz") == 200


def test_pages_have_a_larger_count_of_their_own_and_health_has_none() -> None:
    ask = asking(Limits(_ok, 1, 0))
    assert [ask("/sources") for _ in range(21)] == [200] * 20 + [429]
    assert ask("/anything") == 429 and ask(ASK) == 200
    assert [ask("/healthz") for _ in range(100)] == [200] * 100


def test_one_visitor_s_excess_is_not_another_s() -> None:
    limits = Limits(_ok, 1, 0)
    first, second = asking(limits), asking(limits, "2001:db8:0:1::1")
    assert [first(ASK), first(ASK), second(ASK)] == [200, 429, 200]
    assert asking(limits, "2001:db8:0:1:ffff::2")(ASK) == 429  # the same /64
    assert asking(limits, "2001:db8:0:2::1")(ASK) == 200


def test_all_together_are_counted_too_and_refusals_are_not() -> None:
    limits = Limits(_ok, 2, 3)
    greedy, other = asking(limits), asking(limits, "203.0.113.10")
    assert [greedy(ASK) for _ in range(50)].count(200) == 2
    assert [other(ASK), other(ASK)] == [200, 429]
    assert other("/") == 200


def test_this_machine_is_counted_only_when_the_setting_is_written() -> None:
    unset, written = Limits(_ok, None, 0), Limits(_ok, 1, 0)
    assert [asking(unset, "127.0.0.1")(ASK) for _ in range(200)] == [200] * 200
    others = [asking(unset)(ASK) for _ in range(200)]  # one more each second
    assert others[:60] == [200] * 60 and 429 in others[60:]
    assert [asking(written, "127.0.0.1")(ASK) for _ in range(2)] == [200, 429]


def test_zero_is_no_limit() -> None:
    ask = asking(Limits(_ok, 0, 0))
    assert {ask(path) for path in (ASK, "/") for _ in range(200)} == {200}


class Waiting:
    """An application that answers nobody before it is told to."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.go.wait()
        await _ok(scope, receive, send)


async def _status(limits: ASGIApp, path: str, host: str) -> int:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope: Scope = {"type": "http", "method": "GET", "path": path, "client": (host, 1),
                    "headers": [], "query_string": b"", "server": ("a.fr", 80)}  # fmt: skip
    await limits(scope, receive, send)
    return int(sent[0]["status"])


def _crowd(path: str, hosts: Iterator[str], more: tuple[tuple[str, str], ...]) -> list[int]:
    """The statuses of ``more`` (address asked, visitor) while others wait, then after they left."""

    async def crowd() -> list[int]:
        waiting = Waiting()
        limits = Limits(waiting, 10**6, 0)
        others = [asyncio.create_task(_status(limits, path, host)) for host in hosts]
        await asyncio.sleep(0)
        late = [asyncio.create_task(_status(limits, *one)) for one in more]
        for _ in range(5):
            await asyncio.sleep(0)
        waiting.go.set()
        statuses = [await one for one in late]
        assert {await one for one in others} == {200}
        return [*statuses, await _status(limits, *more[0])]

    return asyncio.run(crowd())


def _hosts(count: int) -> Iterator[str]:
    return (f"203.0.{number // 200}.{number % 200}" for number in range(count))


def test_more_questions_at_once_than_can_be_answered_soon_are_refused() -> None:
    more = ((ASK, "198.51.100.1"), ("/sources", "198.51.100.1"))
    assert _crowd(ASK, _hosts(AT_ONCE), more) == [429, 200, 200]
    assert _crowd(ASK, _hosts(AT_ONCE - 1), more) == [200, 200, 200]


def test_few_questions_are_worked_on_together_and_in_the_order_they_came() -> None:
    order: list[str] = []
    most = working = 0

    async def works(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal most, working
        working += 1
        most = max(most, working)
        order.append(scope["client"][0])
        await asyncio.sleep(0)
        working -= 1
        await _ok(scope, receive, send)

    async def crowd() -> list[int]:
        turns = Turns(works, together=3)
        asked = [_status(turns, ASK, host) for host in _hosts(50)]
        page = _status(turns, "/sources", "198.51.100.1")
        return list(await asyncio.gather(*asked, page))

    assert set(asyncio.run(crowd())) == {200}
    assert most == 4  # three questions and the page, which waits for none of them
    assert [host for host in order if host != "198.51.100.1"] == list(_hosts(50))


def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.sleep(60)

    scope: Scope = {"type": "http", "method": "POST", "path": JOIN, "headers": [],
                    "query_string": b"", "server": ("a.fr", 80)}  # fmt: skip
    asyncio.run(BodyGuard(_ok, seconds=0.01)(scope, receive, send))
    assert sent[0]["status"] == 408 and b"trop de temps" in sent[1]["body"]


def test_slow_bodies_keep_nobody_waiting(limited: FastAPI) -> None:
    async def both() -> int:
        async def never() -> Any:
            await asyncio.sleep(60)

        async def nowhere(message: Any) -> None:
            pass

        headers = [(b"content-type", b"application/json")]
        slow: Scope = {"type": "http", "method": "POST", "path": ASK, "headers": headers,
                       "query_string": b"", "client": ("127.0.0.1", 1)}  # fmt: skip
        slows = [
            asyncio.create_task(limited({**slow, "client": (host, 1)}, never, nowhere))
            for host in _hosts(50)
        ]
        await asyncio.sleep(0.05)
        status = await _status(limited, "/api/v1/search", "198.51.100.1")
        for one in slows:
            one.cancel()
        await asyncio.gather(*slows, return_exceptions=True)
        return status

    assert asyncio.run(both()) == 422  # « q » is missing: it was read


def test_a_visitor_leaves_only_so_many_requests_open() -> None:
    beat = "/gradio_api/heartbeat/a"
    more = ((beat, "203.0.113.9"), (beat, "203.0.113.10"))
    assert _crowd(beat, iter(["203.0.113.9"] * OPEN_EACH), more) == [429, 200, 200]


def test_all_visitors_together_leave_only_so_many_open() -> None:
    beat = "/gradio_api/heartbeat/a"
    more = ((beat, "198.51.100.1"), ("/healthz", "198.51.100.1"))
    assert _crowd(beat, _hosts(OPEN), more) == [429, 200, 200]


def test_a_failure_does_not_stay_counted() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    limits = Limits(fails, 10**6, 0)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            asking(limits)(ASK)


@pytest.fixture
def limited(configured: Settings) -> FastAPI:
    """The whole application, two questions a minute, behind a proxy of a known address."""
    proxied = replace(configured, rate_per_minute=2, proxy=(PROXY,))
    return create_app(FakeAssistant(), proxied)  # type: ignore[arg-type]


def test_the_refusal_is_a_french_problem_with_the_seconds_to_wait(limited: FastAPI) -> None:
    client = TestClient(limited, client=("203.0.113.9", 1))
    answers = [client.post(ASK, json={"question": "Qui ?"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    seconds = answers[2].headers["retry-after"]
    assert 1 <= int(seconds) <= 30
    assert problem(answers[2], 429) == (
        f"Trop de demandes viennent de votre connexion : réessayez dans {seconds} s."
    )
    problem(client.post(JOIN, json={"data": []}), 429)
    assert answers[2].headers["content-security-policy"]
    assert client.get("/healthz").status_code == 200


def test_an_address_that_is_forwarded_is_believed_of_the_proxy_alone(limited: FastAPI) -> None:
    proxy, liar = TestClient(limited, client=(PROXY, 1)), TestClient(limited, client=("8.8.8.8", 1))

    def statuses(client: TestClient, *forwarded: str) -> list[int]:
        return [
            client.post(
                ASK, json={"question": "Qui ?"}, headers={"x-forwarded-for": one}
            ).status_code
            for one in forwarded
        ]

    assert statuses(liar, "1.1.1.1", "1.1.1.2", "1.1.1.3") == [200, 200, 429]
    assert statuses(proxy, "1.1.1.1", "1.1.1.1", "1.1.1.2") == [200, 200, 200]
    assert statuses(proxy, "1.1.1.1") == [429]
    # What the visitor wrote comes first, what the proxy saw comes last.
    assert statuses(proxy, "9.9.9.9, 1.1.1.1", "1.1.1.1, 9.9.9.9") == [429, 200]
