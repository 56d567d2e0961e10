"""How cards are issued: never used, pushed at the month's end, or to customers who share what
people have of their own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.findings import Finding, weighed
from campaigns.warnings.rules.limits import Limits
from portal.kit.shares import Share


@dataclass(frozen=True)
class Part:
    """So many of a whole, of a branch or a member of staff (`key`), with the branch it is of."""

    subject: Subject
    key: int
    branch: int | None
    of: int
    whole: int


def _times(part: Part, of: int, whole: int) -> tuple[float, Share, Share]:
    """How many times the share of all others a share is, by the lower end of its interval; where
    the others have none of it, against one of them and a half."""
    share, others = Share(part.of, part.whole), Share(of - part.of, whole - part.whole)
    usual = (others.of + 0.5) / (others.whole + 1)
    return share.low / usual, share, others


def _compared(kind: str, rows: Sequence[Part], limits: Limits) -> list[tuple[Part, Finding]]:
    """Those whose share is above that of the others of their sort."""
    found = []
    for subject in Subject:
        peers = [row for row in rows if row.subject == subject]
        of, whole = sum(row.of for row in peers), sum(row.whole for row in peers)
        for row in peers:
            times, share, others = _times(row, of, whole)
            severity = limits.severity_of(times)
            if row.whole < limits.fewest or not others.whole or severity is None:
                continue
            evidence = {
                "of": row.of, "whole": row.whole, "percent": round(share.rate_percent, 1),
                "low": round(share.low_percent, 1), "high": round(share.high_percent, 1),
                "others_of": others.of, "others_whole": others.whole,
                "others_percent": round(others.rate_percent, 1), "times": round(times, 2),
                "days": limits.days, "wait": limits.wait,
            }  # fmt: skip
            staff = row.key if subject == Subject.STAFF else None
            campaign = row.key if subject == Subject.CAMPAIGN else None
            one = Finding(
                kind, subject, str(row.key), weighed(times), severity, evidence,
                branch=row.branch, staff=staff, campaign=campaign,
            )  # fmt: skip
            found.append((row, one))
    return found


def never_used(rows: Sequence[Part], limits: Limits) -> list[Finding]:
    """This will find branches and people of whose cards far more than of the others' were never
    used after the days that a customer usually takes."""
    return [one for _row, one in _compared(Kind.NEVER_USED, rows, limits)]


def shared(rows: Sequence[Part], limits: Limits) -> list[Finding]:
    """This will find people whose customers share a phone, an e-mail or an address with another
    customer of the same person far more often than those of others."""
    return [one for _row, one in _compared(Kind.SHARED, rows, limits)]


@dataclass(frozen=True)
class Month:
    """Cards of a whole month: by branch those of its last workdays and all; and the own shares of
    the months before, in percent by month."""

    month: dt.date
    rows: Sequence[Part]
    before: Mapping[int, Sequence[tuple[str, float]]] = field(default_factory=dict)


def month_end(found: Month, limits: Limits) -> list[Finding]:
    """This will find branches that issue far more of a month's cards in its last workdays than the
    others do; what the branch did in the months before stands beside it."""
    period, alerts = f"{found.month:%Y-%m}", []
    for row, one in _compared(Kind.MONTH_END, found.rows, limits):
        own = [list(pair) for pair in found.before.get(row.key, ())]
        more = {"month": period, "series": [*own, [period, one.evidence["percent"]]]}
        alerts.append(
            Finding(
                one.kind, one.subject, one.key, one.weight, one.severity, one.evidence | more,
                period=period, branch=one.branch,
            )
        )  # fmt: skip
    return alerts
