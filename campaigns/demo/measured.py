"""The demo bank's campaigns whose rewards are measured by facts: triple points on groceries, and
points for each person brought."""

import datetime as dt
from typing import Any

from campaigns.models import Grant
from campaigns.rewards import operations as rewards
from journeys.referrals import operations as referrals
from portal.staff.access import Scope
from portal.staff.models import Staff

_BANK = Scope(branch_path="")
_FIRST, _LAST = 70, 10  # days ago, both inside
_MOST, _WORTH = 6_000, "12.00"


def tripled(known: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
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


def brought(known: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
    """This will make the plan of a campaign that rewards holders of cards for each of up to five
    persons who named them when applying, and whose card is in use."""
    first, last = on - dt.timedelta(days=150), on + dt.timedelta(days=30)
    return {
        **known,
        "code": "bring-a-friend",
        "name": "推荐有礼",
        "name_en": "Bring a friend",
        "objective": "acquire",
        "stage": "awareness",
        "scenario": "",
        "era": "2.0",
        "runs_from": first,
        "issued_from": dt.date(2000, 1, 1),
        "rule": {"all": [{"kind": "activated"}, {"kind": "first_used"}]},
        "rewards": {
            "mode": "each",
            "tiers": [
                {
                    "code": "friend",
                    "kind": "points",
                    "name": "推荐一人赠3000积分",
                    "name_en": "3,000 points a person",
                    "value": "6.00",
                    "points": 3_000,
                    "for_each": {
                        "most": 5,
                        "counted_from": "dates",
                        "first_date": first.isoformat(),
                        "last_date": last.isoformat(),
                        "last_day": "inside",
                        "event": "used",
                        "at_least": 1,
                    },
                }
            ],
        },
        "budget": {"total": "20000.00", "per_customer": "30.00"},
    }


def withdraw_one(*, on: dt.date, at: dt.datetime) -> None:
    """This will withdraw one referral that was recorded wrongly, after it was rewarded."""
    grant = Grant.objects.filter(referral__isnull=False, reversal=None).order_by("id").last()
    if grant is None or grant.referral_id is None:
        return
    referrals.withdraw_referral(
        referral_id=grant.referral_id, reason="邀请号填错，申请人已更正", scope=_BANK,
        actor=Staff.objects.get(username="compliance"), at=at,
    )  # fmt: skip
    rewards.reopen_grants(on=on, at=at)
