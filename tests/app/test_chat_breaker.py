import threading

from app.chat.breaker import FAILURES, LONGEST_REST, REST, Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def opened() -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        assert breaker.admits()
        breaker.failed()
    return breaker, clock


def test_it_opens_after_failures_in_a_row() -> None:
    breaker, _ = opened()
    assert not breaker.admits()


def test_a_success_between_failures_keeps_it_closed() -> None:
    breaker = Breaker(Clock())
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.admits()


def test_after_its_rest_one_question_alone_probes() -> None:
    breaker, clock = opened()
    clock.now = REST - 0.1
    assert not breaker.admits()
    clock.now = REST
    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_a_probe_that_succeeds_closes_it_and_its_next_rest_is_short_again() -> None:
    breaker, clock = opened()
    clock.now = REST
    breaker.admits()
    breaker.failed()
    clock.now += 2 * REST
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits() and breaker.admits()
    for _ in range(FAILURES):
        breaker.failed()
    clock.now += REST
    assert breaker.admits()


def test_each_probe_that_fails_doubles_the_rest_up_to_a_limit() -> None:
    breaker, clock = opened()
    rest = REST
    for _ in range(8):
        clock.now += rest
        assert breaker.admits()
        breaker.failed()
        rest = min(2 * rest, LONGEST_REST)
        clock.now += rest - 1
        assert not breaker.admits()
        clock.now -= rest - 1
    assert rest == LONGEST_REST


def test_a_probe_given_up_lets_another_one_go() -> None:
    breaker, clock = opened()
    clock.now = REST
    assert breaker.admits() and not breaker.admits()
    breaker.abandoned()
    assert breaker.admits()


def test_a_server_that_asks_to_be_left_alone_is_at_the_first_failure() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(wait=7)
    clock.now = 6.9
    assert not breaker.admits()
    clock.now = 7
    assert breaker.admits()


def test_what_a_server_asks_for_is_not_endless() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(wait=10**9)
    clock.now = LONGEST_REST
    assert breaker.admits()


def test_questions_asked_before_it_opened_do_not_lengthen_its_rest() -> None:
    breaker, clock = opened()
    clock.now = REST - 1
    breaker.failed()
    breaker.failed(wait=500)
    clock.now = REST
    assert breaker.admits()


def test_of_many_threads_one_probes() -> None:
    breaker, clock = opened()
    clock.now = REST
    admitted: list[bool] = []
    threads = [
        threading.Thread(target=lambda: admitted.append(breaker.admits())) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(admitted) == [False] * 19 + [True]
