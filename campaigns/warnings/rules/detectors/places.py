"""What happens at merchants: purchases that are split, and campaigns that one of them lives on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.rules.findings import Finding, weighed
from campaigns.warnings.rules.limits import Limits
from portal.kit import shares

# So many purchases of one day at one merchant may be one that was split.
PIECES = 3
# Sums up to a tenth above that of a tier are just enough; the next two tenths are what is usual.
BAND = Decimal("0.1")
NEAR, AROUND = "near", "around"


def band_of(total: Decimal, asked: Decimal, pieces: int) -> str:
    """This will tell whether purchases of one day at one merchant add up to just what a tier asks
    (`near`), to somewhat more (`around`), or neither ("")."""
    if pieces < PIECES or total < asked:
        return ""
    if total < asked * (1 + BAND):
        return NEAR
    return AROUND if total < asked * (1 + 3 * BAND) else ""


@dataclass(frozen=True)
class Bunch:
    """Days of rewarded customers at a merchant with several purchases: of how many customers they
    add up to just what a tier of the campaign asks, and of how many to somewhat more."""

    campaign: int
    merchant: int
    branch: int | None
    near: int
    around: int


def splitting(rows: Sequence[Bunch], limits: Limits) -> list[Finding]:
    """This will find merchants at which sums of several purchases bunch just above what a tier
    asks. Without splitting they lie there as often as in each of the next two bands of the same
    width (bunching at a notch: Kleven and Waseem, Quarterly Journal of Economics 128, 2013)."""
    found = []
    for row in rows:
        expected = (row.around + 1) / 2
        times = shares.bounds_of(row.near)[0] / expected
        severity = limits.severity_of(times)
        if row.near < limits.fewest or severity is None:
            continue
        evidence = {
            "near": row.near, "around": row.around, "expected": expected,
            "times": round(times, 2), "pieces": PIECES, "days": limits.days,
        }  # fmt: skip
        found.append(
            Finding(
                Kind.SPLITTING, Subject.MERCHANT, str(row.merchant), weighed(times), severity,
                evidence, period=f"c{row.campaign}", campaign=row.campaign, branch=row.branch,
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Partners:
    """Of a campaign's customers those who paid at each of its partners, by the merchant's id."""

    campaign: int
    payers: Mapping[int, int]


def concentration(rows: Sequence[Partners], limits: Limits) -> list[Finding]:
    """This will find campaigns of three partners and more of which one has most of those who pay;
    the index of Herfindahl and Hirschman stands beside it."""
    found = []
    for row in rows:
        whole = sum(row.payers.values())
        if len(row.payers) < 3 or whole < limits.fewest:
            continue
        merchant, most = max(row.payers.items(), key=lambda pair: (pair[1], -pair[0]))
        share = shares.Share(most, whole)
        severity = limits.severity_of(share.low_percent)
        if severity is None:
            continue
        index = sum((count / whole) ** 2 for count in row.payers.values())
        evidence = {
            "of": most, "whole": whole, "percent": round(share.rate_percent, 1),
            "low": round(share.low_percent, 1), "high": round(share.high_percent, 1),
            "partners": len(row.payers), "index": round(10_000 * index), "merchant": merchant,
        }  # fmt: skip
        found.append(
            Finding(
                Kind.CONCENTRATION, Subject.CAMPAIGN, str(row.campaign),
                weighed(share.low_percent), severity, evidence, campaign=row.campaign,
            )
        )  # fmt: skip
    return found
