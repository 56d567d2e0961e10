"""Sleeping cards: how near a branch, or the bank, comes to the ceiling."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.findings import Finding, weighed
from campaigns.warnings.rules.limits import Limits


@dataclass(frozen=True)
class Asleep:
    """The cards of a branch that the ceiling counts at the end of a day, how many of them sleep,
    and how many more will within 30 days unless they are used. `series` are the shares (%) of that
    day and those before, by day."""

    day: dt.date
    branch: int
    cards: int
    asleep: int
    due: int
    series: Sequence[tuple[str, float]] = ()


def sleeping(rows: Sequence[Asleep], limits: Limits, *, ceiling: Decimal) -> list[Finding]:
    """This will find branches whose share of sleeping cards nears the ceiling (%), once for each
    month. Every card is counted: chance has no part in it."""
    found = []
    for row in rows:
        if row.cards < max(limits.fewest, 1):
            continue
        percent = Decimal(100 * row.asleep) / row.cards
        used = 100 * percent / ceiling
        severity = limits.severity_of(used)
        if severity is None:
            continue
        evidence = {
            "of": row.asleep, "whole": row.cards, "percent": float(round(percent, 2)),
            "ceiling": float(ceiling), "due": row.due, "day": row.day.isoformat(),
            "series": [list(one) for one in row.series],
        }  # fmt: skip
        found.append(
            Finding(
                Kind.SLEEPING, Subject.BRANCH, str(row.branch), weighed(float(used)), severity,
                evidence, period=f"{row.day:%Y-%m}", branch=row.branch,
            )
        )  # fmt: skip
    return found
