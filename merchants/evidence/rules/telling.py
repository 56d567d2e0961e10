"""From arrays to findings of single merchants, with the reasons."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from merchants.evidence.enums import TurnoverReason as R
from merchants.evidence.enums import TurnoverState
from merchants.evidence.rules import chance, sentences, thresholds
from merchants.evidence.rules.findings import Finding
from merchants.evidence.rules.judging import Judged
from merchants.evidence.rules.seasons import Flags
from merchants.evidence.rules.weeks import WEEK

# A fall that was told is over when so much of it is made up for.
_MADE_UP = 0.75
# So many weeks that no source told of are said; a file of a week that is closed later is none.
_LATE = 2
_MOST_YEARS = 1_000


def findings(
    merchant_ids: Sequence[int],
    judged: Judged,
    end: dt.date,
    is_mixed: Flags,
    earlier: Mapping[int, tuple[dt.date, float, float]],
) -> Iterator[Finding]:
    """This will walk through the merchants and say of each what was found as of the Monday `end`.
    `earlier` are the falls that were told of within half a year: when last, the level (CNY) before
    it, and the change as a share."""
    first = end - judged.even.shape[1] * WEEK
    for row, merchant_id in enumerate(merchant_ids):
        state = _state(judged, row)
        values: dict[str, Any] = {}
        reasons: list[dict[str, Any]] = []
        if judged.is_closed[row]:
            values, reasons = _closed(judged, row, end)
        elif state in (TurnoverState.DECLINING, TurnoverState.RISING):
            values, reasons = _changed(judged, row, first)
        elif state == TurnoverState.NOT_ENOUGH:
            reasons = _not_enough(judged, row)
        if state in (TurnoverState.STEADY, TurnoverState.RISING):
            reasons += _recovered(earlier.get(merchant_id), float(judged.level[row]))
        if state == TurnoverState.STEADY:
            reasons.append({"code": R.NO_CHANGE.value})
        reasons += _late(int(judged.silent[row]), end)
        if is_mixed[row]:
            reasons.append({"code": R.TWO_SOURCES.value})
        yield Finding(
            merchant_id=merchant_id, on=end, state=state, level=_cents(judged.level[row]),
            trend=round(float(np.clip(judged.trend[row], -9, 9)), 4), weeks=int(judged.weeks[row]),
            reasons=reasons, **values,
        )  # fmt: skip


def _late(silent: int, end: dt.date) -> list[dict[str, Any]]:
    if silent < _LATE:
        return []
    return [{"code": R.LATE.value, "day": sentences.day(end - silent * WEEK)}]


def _state(judged: Judged, row: int) -> str:
    if judged.is_closed[row] or judged.is_fall[row]:
        return TurnoverState.DECLINING.value
    if judged.is_not_enough[row]:
        return TurnoverState.NOT_ENOUGH.value
    return (TurnoverState.RISING if judged.is_rise[row] else TurnoverState.STEADY).value


def _changed(
    judged: Judged, row: int, first: dt.date
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    change = judged.change
    since, earliest, latest = (
        first + int(week[row]) * WEEK for week in (change.at, change.earliest, change.latest)
    )
    share, low, high = (
        round(float(value[row]), 4) for value in (change.share, change.low, change.high)
    )
    score, yearly = float(change.score[row]), float(judged.yearly[row])
    by_chance = chance.false_alarms_a_year(score)
    is_fall = score < 0
    bounds = sorted(abs(bound) for bound in (low, high))
    reasons: list[dict[str, Any]] = [
        {
            "code": (R.FELL if is_fall else R.ROSE).value, "since": sentences.day(since),
            "percent": sentences.percent(abs(share)), "least": sentences.percent(bounds[0]),
            "most": sentences.percent(bounds[1]),
        },
        {"code": (R.LOSS if is_fall else R.GAIN).value, "amount": round(abs(yearly))},
        {"code": R.OF_GROUP.value, "percent": sentences.percent(_of_group(judged, row))},
        {"code": R.BY_CHANCE.value, "years": _years(by_chance)},
    ]  # fmt: skip
    return {
        "since": since, "since_from": earliest, "since_to": latest,
        "usual": _cents(change.before[row]), "change": share, "low": low, "high": high,
        "yearly": _cents(yearly), "score": round(score, 3), "by_chance": round(by_chance, 9),
    }, reasons  # fmt: skip


def _closed(judged: Judged, row: int, end: dt.date) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    count, silent = int(judged.closed_weeks[row]), int(judged.silent[row])
    since, yearly = end - (count + silent) * WEEK, float(judged.yearly[row])
    reasons: list[dict[str, Any]] = [
        {"code": R.CLOSED.value, "weeks": count, "since": sentences.day(since)},
        {"code": R.LOSS.value, "amount": round(-yearly)},
    ]
    usual = judged.even[row][-(52 + count + silent) : -(count + silent)]
    return {
        "since": since, "since_from": since, "since_to": since, "usual": _cents(np.nanmean(usual)),
        "change": -1.0, "low": -1.0, "high": -1.0, "yearly": _cents(yearly),
        "score": 0.0, "by_chance": 0.0,
    }, reasons  # fmt: skip


def _not_enough(judged: Judged, row: int) -> list[dict[str, Any]]:
    if judged.weeks[row] < thresholds.FEWEST_WEEKS:
        found, needed = int(judged.weeks[row]), thresholds.FEWEST_WEEKS
        return [{"code": R.SHORT_HISTORY.value, "found": found, "needed": needed}]
    if judged.postings[row] < thresholds.FEWEST_POSTINGS:
        mean, needed = round(float(judged.postings[row]), 1), thresholds.FEWEST_POSTINGS
        return [{"code": R.FEW_POSTINGS.value, "found": mean, "needed": needed}]
    return [{"code": R.TOO_UNEVEN.value, "percent": round(abs(float(judged.finest[row])) * 100)}]


def _recovered(earlier: tuple[dt.date, float, float] | None, level: float) -> list[dict[str, Any]]:
    if earlier is None:
        return []
    on, usual, change = earlier
    is_over = level >= usual * (1 + change * (1 - _MADE_UP))
    return [{"code": R.RECOVERED.value, "on": sentences.day(on)}] if is_over else []


def _of_group(judged: Judged, row: int) -> float:
    """How the group's weeks since the change stand to the same weeks a year before."""
    since = int(judged.change.at[row])
    group, weeks = judged.season.group[row], judged.even.shape[1] - since
    before = group[since - 52 : since - 52 + weeks] if since >= 52 else group[:since]
    return float(group[since:].mean() / before.mean() - 1)


def _years(by_chance: float) -> int:
    return min(round(1 / max(by_chance, 1e-9)), _MOST_YEARS)


def _cents(amount: float) -> Decimal:
    return Decimal(f"{float(amount):.2f}")
