"""What is given: budgets that run out, bursts, and what is refunded after it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.budgets import rules as budgets
from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.findings import Finding, weighed
from campaigns.warnings.rules.limits import Limits
from portal.kit import shares

# With fewer hours and days on which anything was given nothing is usual.
LEAST_HOURS, LEAST_DAYS = 7, 7


@dataclass(frozen=True)
class Account:
    """A campaign's budget (CNY): what is left of it, what each day used, and its last day."""

    campaign: int
    most: Decimal
    left: Decimal
    by_day: Mapping[dt.date, Decimal]
    last_day: dt.date | None


def budget(accounts: Sequence[Account], limits: Limits, on: dt.date) -> list[Finding]:
    """This will find campaigns whose budget, at the pace of the days looked at, is used up soon,
    and before their last day."""
    found = []
    for one in accounts:
        first = limits.first_day(on)
        recent = {day: used for day, used in one.by_day.items() if first <= day <= on and used > 0}
        if len(recent) < limits.fewest or one.left <= 0:
            continue
        days = min(limits.days, (on - min(recent)).days + 1)
        used = sum(recent.values(), Decimal(0))
        forecast = budgets.forecast(left=one.left, recent=used, days=days, on=on)
        if forecast.on is None or (one.last_day is not None and forecast.on > one.last_day):
            continue
        left = (forecast.on - on).days
        severity = limits.severity_of_few(left)
        if severity is None:
            continue
        evidence = {
            "left": str(one.left), "most": str(one.most), "pace": f"{forecast.pace:.2f}",
            "days": days, "used_up": forecast.on.isoformat(), "days_left": left,
            "last_day": one.last_day.isoformat() if one.last_day else "",
            "series": [[day.isoformat(), float(recent[day])] for day in sorted(recent)],
        }  # fmt: skip
        weight = weighed(100 / (left + 1))
        found.append(
            Finding(
                Kind.BUDGET, Subject.CAMPAIGN, str(one.campaign), weight, severity, evidence,
                campaign=one.campaign,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Hours:
    """What a campaign gave by the hour: the hours that changed, and those before them in which
    anything was given."""

    campaign: int
    changed: Mapping[dt.datetime, int]
    usual: Mapping[dt.datetime, int]


def burst(campaigns: Sequence[Hours], limits: Limits) -> list[Finding]:
    """This will find campaigns that gave in one hour far more than in their own busy hours: the
    busiest but one of twenty of those before it."""
    found = []
    for one in campaigns:
        worst: tuple[float, dt.datetime, int, int] | None = None
        for hour, count in sorted(one.changed.items()):
            first = hour - dt.timedelta(days=limits.days)
            recent = {at: number for at, number in one.usual.items() if first <= at < hour}
            before, days = sorted(recent.values()), {at.date() for at in recent}
            if count < limits.fewest or len(before) < LEAST_HOURS or len(days) < LEAST_DAYS:
                continue
            busy = before[-1 - len(before) // 20]
            times = count / max(busy, 1)
            if worst is None or times > worst[0]:
                worst = (times, hour, count, busy)
        if worst is None:
            continue
        times, hour, count, busy = worst
        severity = limits.severity_of(times)
        if severity is not None:
            shown = sorted({**one.usual, **one.changed}.items())[-24:]
            evidence = {
                "hour": hour.isoformat(), "count": count, "busy": busy, "times": round(times, 2),
                "days": limits.days,
                "series": [[at.isoformat(), number] for at, number in shown],
            }  # fmt: skip
            found.append(
                Finding(
                    Kind.BURST, Subject.CAMPAIGN, str(one.campaign), weighed(times), severity,
                    evidence, period=f"{hour:%Y-%m-%d}", campaign=one.campaign,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class Refunded:
    """What was refunded soon after a reward, at a merchant: how often, by how many customers, and
    the purchases there in the same days."""

    merchant: int
    branch: int | None
    times: int
    customers: int
    purchases: int


def refund(rows: Sequence[Refunded], limits: Limits, *, purchases: int) -> list[Finding]:
    """This will find merchants at which rewarded customers have purchases refunded soon after the
    reward, far more often than at all merchants together (`purchases` there in the same days)."""
    total, found = sum(row.times for row in rows), []
    for row in rows:
        others, elsewhere = total - row.times, max(purchases - row.purchases, 0)
        usual = (others + 1) / (elsewhere + 1)
        expected = usual * max(row.purchases, row.times)
        times = shares.bounds_of(row.times)[0] / expected
        severity = limits.severity_of(times)
        if row.customers < limits.fewest or severity is None:
            continue
        evidence = {
            "refunds": row.times, "customers": row.customers, "purchases": row.purchases,
            "expected": round(expected, 2), "times": round(times, 2), "wait": limits.wait,
            "days": limits.days,
        }  # fmt: skip
        found.append(
            Finding(
                Kind.REFUND, Subject.MERCHANT, str(row.merchant), weighed(times), severity,
                evidence, branch=row.branch,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Returner:
    """A customer who had purchases refunded soon after a reward, on so many days."""

    customer: int
    branch: int
    days: int


def returners(rows: Sequence[Returner], limits: Limits) -> list[Finding]:
    """This will find customers who have what earned a reward refunded again and again."""
    found = []
    for row in rows:
        severity = limits.severity_of(row.days)
        if severity is not None:
            evidence = {"times": row.days, "wait": limits.wait, "days": limits.days}
            found.append(
                Finding(
                    Kind.REFUND, Subject.CUSTOMER, str(row.customer), weighed(row.days), severity,
                    evidence, branch=row.branch, customer=row.customer,
                )
            )  # fmt: skip
    return found
