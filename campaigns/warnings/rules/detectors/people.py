"""Rings of staff and customers, and what customers complain about."""

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.findings import Finding, weighed
from campaigns.warnings.rules.limits import Limits
from portal.kit import shares

# Served so often by one person at one merchant, a customer is served again and again.
AGAIN = 3


@dataclass(frozen=True)
class Own:
    """A member of staff under whose e-mail customers were granted rewards."""

    staff: int
    branch: int
    customers: int
    grants: int


def self_dealing(rows: Sequence[Own], limits: Limits) -> list[Finding]:
    """This will find staff whose own e-mail address stands with customers who were rewarded."""
    found = []
    for row in rows:
        severity = limits.severity_of(row.grants)
        if row.grants >= limits.fewest and severity is not None:
            evidence = {"grants": row.grants, "customers": row.customers, "days": limits.days}
            found.append(
                Finding(
                    Kind.SELF_DEALING, Subject.STAFF, str(row.staff), weighed(row.grants),
                    severity, evidence, branch=row.branch, staff=row.staff,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class Served:
    """A member of staff at a desk, and how many customers were served there for one merchant three
    times and more, with all uses recorded for it."""

    staff: int
    branch: int
    merchant: int
    customers: int
    uses: int


def desk(rows: Sequence[Served], limits: Limits) -> list[Finding]:
    """This will find people who record benefits for the same customers at one merchant again and
    again."""
    found = []
    for row in rows:
        severity = limits.severity_of(row.customers)
        if row.customers >= limits.fewest and severity is not None:
            evidence = {
                "customers": row.customers, "uses": row.uses, "again": AGAIN,
                "days": limits.days, "merchant": row.merchant,
            }  # fmt: skip
            found.append(
                Finding(
                    Kind.DESK, Subject.STAFF, str(row.staff), weighed(row.customers), severity,
                    evidence, period=f"m{row.merchant}", branch=row.branch, staff=row.staff,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class Complained:
    """Complaints traced to a version of a campaign or a message text (`key` is its reference), and
    the messages that were sent of it."""

    subject: Subject
    key: str
    campaign: int | None
    complaints: int
    messages: int


def complaints(
    rows: Sequence[Complained], limits: Limits, *, complained: int, sent: int
) -> list[Finding]:
    """This will find versions and texts that are complained about far more often, for each message
    sent, than all others together (`complained` of `sent` messages of the bank)."""
    found = []
    for row in rows:
        others, elsewhere = max(complained - row.complaints, 0), max(sent - row.messages, 0)
        usual = (others + 1) / (elsewhere + 1)
        expected = usual * max(row.messages, 1)  # where nothing was sent there is no rate
        low, high = shares.bounds_of(row.complaints)
        times = low / expected
        severity = limits.severity_of(times)
        if row.complaints < limits.fewest or not row.messages or not elsewhere or severity is None:
            continue
        evidence = {
            "complaints": row.complaints, "messages": row.messages,
            "expected": round(expected, 2), "low": round(low, 2), "high": round(high, 2),
            "times": round(times, 2), "days": limits.days,
        }  # fmt: skip
        found.append(
            Finding(
                Kind.COMPLAINTS, row.subject, row.key, weighed(times), severity, evidence,
                campaign=row.campaign,
            )
        )  # fmt: skip
    return found
