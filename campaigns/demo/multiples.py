"""The demo bank's campaign that multiplies points: triple points on groceries."""

import datetime as dt
from typing import Any

_FIRST, _LAST = 70, 10  # days ago, both inside
_MOST, _WORTH = 6_000, "12.00"


def plan_of(known: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
    """This will make the plan out of the known case's: purchases of groceries in two months that
    ended some days ago bring three times the points."""
    first, last = on - dt.timedelta(days=_FIRST), on - dt.timedelta(days=_LAST)
    return {
        **known,
        "code": "groceries-triple",
        "name": "超市三倍积分",
        "name_en": "Triple points on groceries",
        "objective": "retain",
        "stage": "loyalty",
        "scenario": "groceries",
        "era": "3.0",
        "runs_from": first,
        "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
        "rewards": {
            "tiers": [
                {
                    "code": "triple",
                    "kind": "multiple",
                    "name": "三倍积分",
                    "name_en": "Triple points",
                    "value": _WORTH,
                    "points": _MOST,
                    "times": "3",
                    "spending": {
                        "counted_from": "dates",
                        "first_date": first.isoformat(),
                        "last_date": last.isoformat(),
                        "last_day": "inside",
                        "at_least": "50.00",
                        "scenarios": ["groceries"],
                    },
                }
            ]
        },
        "budget": {"total": "20000.00"},
    }
