import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.chat.budget import FILE, Budget, BudgetError, estimated

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_reserved_is_spent_until_it_is_corrected(tmp_path: Path) -> None:
    budget = Budget(tmp_path, 1_000, lambda: NOON)
    assert budget.reserve(600) == "2026-03-01"
    assert budget.reserve(600) is None
    budget.settle("2026-03-01", 600, 150)
    assert budget.spent() == 150
    assert budget.reserve(850) == "2026-03-01"
    assert budget.reserve(1) is None


def test_more_may_have_been_spent_than_reserved(tmp_path: Path) -> None:
    budget = Budget(tmp_path, 1_000, lambda: NOON)
    budget.reserve(100)
    budget.settle("2026-03-01", 100, 5_000)
    assert budget.spent() == 5_000
    assert budget.reserve(1) is None


def test_the_day_is_that_of_utc(tmp_path: Path) -> None:
    paris = timezone(timedelta(hours=2))
    days = [datetime(2026, 7, 2, 1, 30, tzinfo=paris), datetime(2026, 7, 2, 2, 30, tzinfo=paris)]
    budget = Budget(tmp_path, 1_000, lambda: days[0])
    assert budget.reserve(1_000) == "2026-07-01"
    del days[0]
    assert budget.spent() == 0
    assert budget.reserve(1_000) == "2026-07-02"


def test_a_question_that_ends_after_midnight_is_corrected_on_its_own_day(tmp_path: Path) -> None:
    now = [NOON]
    budget = Budget(tmp_path, 1_000, lambda: now[0])
    day = budget.reserve(800)
    assert day
    now[0] = NOON + timedelta(days=1)
    budget.settle(day, 800, 10)
    assert budget.spent() == 0
    now[0] = NOON
    assert budget.spent() == 10


def test_days_long_past_are_forgotten(tmp_path: Path) -> None:
    now = [NOON]
    budget = Budget(tmp_path, 1_000, lambda: now[0])
    budget.reserve(5)
    now[0] = NOON + timedelta(days=40)
    budget.reserve(5)
    now[0] = NOON
    assert budget.spent() == 0


def test_without_a_limit_there_is_no_file(tmp_path: Path) -> None:
    budget = Budget(tmp_path, 0)
    assert budget.reserve(10**9)
    budget.settle("2026-03-01", 10**9, 5)
    assert budget.spent() == 0
    assert list(tmp_path.iterdir()) == []


def test_threads_together_never_exceed_it(tmp_path: Path) -> None:
    budget = Budget(tmp_path, 1_000, lambda: NOON)
    days: list[str | None] = []
    threads = [
        threading.Thread(target=lambda: days.extend(budget.reserve(30) for _ in range(10)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(days) - days.count(None) == 33
    assert budget.spent() == 990


_SPEND = """
import sys
from pathlib import Path
from app.chat.budget import Budget
budget = Budget(Path(sys.argv[1]), 1_000)
print(sum(budget.reserve(30) is not None for _ in range(40)))
"""


def test_processes_together_never_exceed_it_and_it_survives_them(tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _SPEND, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert sum(int(one.communicate()[0]) for one in running) == 33
    assert Budget(tmp_path, 1_000).reserve(30) is None


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be one" * 9, None])
def test_nothing_is_spent_when_the_count_cannot_be_kept(
    tmp_path: Path, content: bytes | None
) -> None:
    if content is None:
        (tmp_path / FILE).mkdir()
    else:
        (tmp_path / FILE).write_bytes(content)
    with pytest.raises(BudgetError):
        Budget(tmp_path, 1_000).reserve(1)


def test_an_estimate_is_on_the_high_side() -> None:
    # 62 characters; tokenizers of the day make 14 to 18 tokens of them.
    assert estimated("La charte engage ses signataires à coopérer sur leur territoire") >= 18
    assert estimated("") == 1
    assert estimated("\ud800")
