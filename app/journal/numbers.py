"""The numbers of the staff's dashboard, and what follows from them; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

OUTCOMES = ("answered", "not_found", "declined")
MODES = ("quoted", "generated", "faq")


@dataclass(frozen=True, slots=True)
class Day:
    """One day where the staff are: questions by outcome, and how long answers took in ms."""

    day: date
    outcomes: Mapping[str, int] = field(default_factory=dict)
    p50: float | None = None
    p95: float | None = None

    @property
    def total(self) -> int:
        """Its questions."""
        return sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was asked in some days, every day in its turn; ``sources`` are the most cited first.

    ``p50`` and ``p95`` are None where nothing was asked.
    """

    days: tuple[Day, ...] = ()
    modes: Mapping[str, int] = field(default_factory=dict)
    up: int = 0
    down: int = 0
    p50: float | None = None
    p95: float | None = None
    sources: tuple[tuple[str, int], ...] = ()

    @property
    def outcomes(self) -> dict[str, int]:
        """Questions by outcome, all outcomes that are known in their order."""
        return {name: sum(day.outcomes.get(name, 0) for day in self.days) for name in OUTCOMES}

    @property
    def total(self) -> int:
        """All questions."""
        return sum(day.total for day in self.days)

    @property
    def refusal(self) -> float | None:
        """The share (0 to 1) of the questions that the sources were searched for in vain.

        What was declined is not among them: greetings, and what is not for the assistant.
        """
        outcomes = self.outcomes
        return share(outcomes["not_found"], outcomes["answered"] + outcomes["not_found"])

    @property
    def approval(self) -> float | None:
        """The share of the opinions that are favourable."""
        return share(self.up, self.up + self.down)


def share(part: int, whole: int) -> float | None:
    """A share from 0 to 1; None of nothing."""
    return part / whole if whole else None


def last_days(count: int, at: datetime) -> list[date]:
    """The last ``count`` days up to that of ``at``, in its zone, the oldest first."""
    return [at.date() - timedelta(days=back) for back in range(count - 1, -1, -1)]


def start_of(day: date, zone: tzinfo | None = None) -> datetime:
    """When a day begins, by default where this machine is, whatever the season."""
    midnight = datetime.combine(day, time.min)
    return midnight.replace(tzinfo=zone) if zone else midnight.astimezone()
