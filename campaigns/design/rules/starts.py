"""What a new draft begins with: nothing but days that fit, or one of four usual campaigns, one for
each stage of the journey."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.design.rules import trees

_DAYS_BACK, _DAYS_AHEAD = 180, 90
_ALL = Decimal(100)

_DISCLOSURE = {
    "organiser": "本行信用卡中心",
    "organiser_en": "Credit Card Centre of the bank",
    "redeem": "达标后自动发放，在手机银行“我的权益”中使用。",
    "redeem_en": "It is granted by itself, and used in mobile banking under My benefits.",
    "redeem_days": 90,
    "forfeit": "逾期未使用，或在发放前销卡的，视为放弃。",
    "forfeit_en": "It is forfeited if it is not used in time, or the card is closed before.",
}
_CONSENT = {"kind": "consent", "purpose": "marketing", "channel": "sms"}
_USED = [{"kind": "activated"}, {"kind": "first_used"}]


def _tier(code: str, kind: str, name: str, name_en: str, value: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "name": name, "name_en": name_en, "value": value, **more}


def _sum(amount: str) -> dict[str, Any]:
    return {"kind": "months_in_row", "months": 3, "at_least": amount}


STARTS: dict[str, dict[str, Any]] = {
    "awareness": {
        "title": _("A second card: for holders of one card who agreed to hear from us"),
        "name": "第二张卡有礼",
        "name_en": "A gift for the second card",
        "objective": "acquire",
        "rule": {"all": [{"kind": "cards_held", "at_most": 1}, *_USED, _CONSENT]},
        "rewards": {"mode": "highest", "tiers": [
            _tier("second-card", "benefit", "第二卡礼遇", "Second-card benefit", "20.00",
                  stock=2000, benefit={"uses": 2, "days": 90}),
        ]},
    },
    "application": {
        "title": _("First transaction of a new card: issued within 20 days of the application"),
        "name": "新户首刷礼",
        "name_en": "First-transaction gift for new customers",
        "objective": "convert",
        "rule": {"all": [
            {"kind": "issued_within", "days": 20}, *_USED,
            {"kind": "spending_in_window", "days": 65, "last_day": "inside",
             "at_least": "1000.00"},
        ]},
        "rewards": {"mode": "highest", "tiers": [
            _tier("first-gift", "gift", "首刷礼", "First-transaction gift", "10.00", stock=5000),
        ]},
    },
    "activation": {
        "title": _("From activation to use: the first purchases within 30 days"),
        "name": "激活即享返现",
        "name_en": "Cash back on first purchases",
        "objective": "activate",
        "rule": {"all": [
            *_USED,
            {"kind": "first_transaction", "days": 30, "last_day": "inside", "at_least": "50.00"},
        ]},
        "rewards": {"mode": "highest", "tiers": [
            _tier("cash-back-5", "cash_back", "返现5元", "Cash back CNY 5", "5.00"),
            _tier("cash-back-20", "cash_back", "返现20元", "Cash back CNY 20", "20.00",
                  needs={"kind": "purchases_in_window", "counted_from": "activation", "days": 30,
                         "last_day": "inside", "at_least": 3}),
        ]},
    },
    "loyalty": {
        "title": _("Three months in a row: points in steps for those who keep using the card"),
        "name": "月月刷有礼",
        "name_en": "Points for three months in a row",
        "objective": "retain",
        "rule": {"all": [*_USED, _sum("200.00")]},
        "rewards": {"mode": "highest", "tiers": [
            _tier("points-500", "points", "500积分", "500 points", "5.00", points=500),
            _tier("points-2000", "points", "2000积分", "2,000 points", "20.00", points=2000,
                  needs=_sum("1000.00")),
        ]},
    },
}  # fmt: skip


def begun(
    start: str, *, on: dt.date, products: Sequence[str], templates: Sequence[str]
) -> dict[str, Any]:
    """This will write the content of a new draft: `start` is one of STARTS or empty."""
    chosen = {name: value for name, value in STARTS.get(start, {}).items() if name != "title"}
    first = (on - dt.timedelta(days=_DAYS_BACK)).replace(day=1)
    end = on + dt.timedelta(days=_DAYS_AHEAD)
    return {
        "objective": "activate",
        "stage": start or "activation",
        "era": "3.0",
        "runs_from": on.isoformat(),
        "runs_to": end.isoformat(),
        "products": list(products),
        "issued_from": first.isoformat(),
        "issued_to": end.isoformat(),
        "channels": ["sms", "email"],
        "template": templates[0] if templates else "",
        "rule": trees.whole(None),
        "rewards": {"mode": "highest", "tiers": []},
        "budget": {"total": "50000.00"} if start else {},
        "disclosure": dict(_DISCLOSURE),
        **chosen,
    }


def near(content: dict[str, Any], campaign: str) -> dict[str, Any]:
    """This will write the content of a new draft that is about those who are near the goal of
    another campaign."""
    goal = {"kind": "near_goal", "campaign": campaign, "at_most": "1000.00", "days_left": 7}
    return content | {"objective": "convert", "rule": {"all": [goal, *_USED, _CONSENT]}}


def waking(
    content: dict[str, Any], *, months: int, within_days: int, first: dt.date
) -> dict[str, Any]:
    """This will write the content of a new draft that is about cards about to fall asleep, of
    whatever day of issue from `first` on."""
    asleep = {"kind": "falling_asleep", "months": months, "within_days": within_days}
    return content | {
        "objective": "retain", "stage": "loyalty", "issued_from": first.isoformat(),
        "rule": {"all": [asleep, _CONSENT]},
    }  # fmt: skip


def joint(
    content: dict[str, Any], *, number: str, scenario: str, bank_share: Decimal | None,
    claims: Sequence[tuple[str, str]], until: dt.date,
) -> dict[str, Any]:  # fmt: skip
    """This will write the content of a new draft with a partner, begun from what cards are used for
    there: `claims` say it, each with its source, and hold until a day. Costs are shared as was
    signed; a tenth are left out, so that the return can be told."""
    evidence = [
        {"claim": claim, "source": source, "until": until.isoformat()} for claim, source in claims
    ]
    budget = dict(content["budget"])
    if bank_share is not None and bank_share < _ALL:  # the bank bears all where nothing is said
        parts = {"bank": bank_share, number: _ALL - bank_share}
        budget["shares"] = {party: f"{part:.2f}" for party, part in parts.items() if part}
    return content | {
        "objective": "convert", "stage": "loyalty", "era": "4.0", "scenario": scenario,
        "merchants": [number], "control_percent": 10, "budget": budget, "evidence": evidence,
        "rule": {"all": [*_USED, _CONSENT]},
    }  # fmt: skip


def copied(content: dict[str, Any]) -> dict[str, Any]:
    """This will write the content of a draft that begins from another campaign's: all but names."""
    kept = {name: value for name, value in content.items() if name not in ("name", "name_en")}
    return kept | {"rule": trees.whole(kept.get("rule"))}
