"""Which calls of a day are read: a draw that anybody can make again from its seed."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from journeys.telemarketing.enums import QualityReason

# The risks, the gravest first: each has its turn, and of a call that shows several the first is
# told.
RISKS = (
    QualityReason.COMPLAINED, QualityReason.REFUSED, QualityReason.QUICK_SALE, QualityReason.SHORT,
    QualityReason.NEW_CALLER,
)  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """How many calls of a branch's day are read, as the policy says."""

    percent: int
    least: int
    most: int
    risk_most: int
    second_percent: int


@dataclass(frozen=True)
class DrawnFrom:
    """A call that may be drawn, and the risks that it shows."""

    hold_id: int
    risks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """A call that is read, why, and by how many."""

    hold_id: int
    reason: str
    wants: int


def lot(seed: str, purpose: str, hold_id: int) -> str:
    """This will return the lot of a call: the lowest ones are drawn. The SHA-256 of the seed, what
    is drawn for, and the id of the hold, each after a colon."""
    return hashlib.sha256(f"{seed}:{purpose}:{hold_id}".encode()).hexdigest()


def how_many(calls: int, shares: Shares) -> int:
    """This will return how many of so many calls are drawn at random: the percentage, rounded up,
    within the least and the most, and never more than there are."""
    wanted = math.ceil(calls * shares.percent / 100)
    return min(calls, max(shares.least, min(shares.most, wanted)))


def drawn(calls: Sequence[DrawnFrom], *, seed: str, shares: Shares) -> list[Drawn]:
    """This will draw calls of a day: first at random among all, so that these tell of all calls;
    then of the others by risk, each risk in turn the call with the lowest lot, until the most is
    reached. The percentage with the lowest lots of their own, rounded up, are read twice."""
    by_lot = sorted(calls, key=lambda one: lot(seed, "draw", one.hold_id))
    count = how_many(len(calls), shares)
    found = [(one.hold_id, QualityReason.RANDOM.value) for one in by_lot[:count]]
    found += _by_risk(by_lot[count:], shares.risk_most)
    twice = math.ceil(len(found) * shares.second_percent / 100)
    by_second = sorted(found, key=lambda one: lot(seed, "second", one[0]))
    second = {hold_id for hold_id, _reason in by_second[:twice]}
    return [Drawn(hold_id, reason, 2 if hold_id in second else 1) for hold_id, reason in found]


def _by_risk(by_lot: Sequence[DrawnFrom], most: int) -> list[tuple[int, str]]:
    waiting = {
        risk.value: [one.hold_id for one in by_lot if _gravest(one) == risk] for risk in RISKS
    }
    found: list[tuple[int, str]] = []
    while len(found) < most and any(waiting.values()):
        for risk, holds in waiting.items():
            if holds and len(found) < most:
                found.append((holds.pop(0), risk))
    return found


def _gravest(call: DrawnFrom) -> str:
    return next((risk.value for risk in RISKS if risk.value in call.risks), "")
