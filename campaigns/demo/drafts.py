"""What campaign managers are writing: a campaign with partners that is nearly whole, and an edit of
the one that runs, while somebody else has saved a version of it."""

import datetime as dt
from typing import Any

from campaigns.design import operations as design
from campaigns.design.rules import starts
from campaigns.planning import queries as planning
from journeys.cards import queries as cards
from merchants.directory import queries as merchants
from portal.staff import queries as staff
from portal.staff.access import scope_of
from portal.staff.models import Staff

_PARTNERS = 2
_TIERS = [
    {"code": "tea", "kind": "cash_back", "name": "茶饮返现8元", "name_en": "Cash back CNY 8 on tea",
     "value": "8.00", "stock": 4000},
    {"code": "supper", "kind": "cash_back", "name": "餐饮返现30元",
     "name_en": "Cash back CNY 30 on dining", "value": "30.00", "stock": 1200,
     "needs": {"kind": "purchases_in_window", "counted_from": "activation", "days": 60,
               "last_day": "inside", "at_least": 4, "scenarios": ["dining"]}},
]  # fmt: skip


def build_drafts(*, edited: int, on: dt.date, at: dt.datetime) -> None:
    """This will begin a draft with partners, budgets of branches and evidence, to which something
    is left to be done, and one that changes the version with the id `edited`."""
    author = Staff.objects.get(username="campaign_manager")
    begun = design.start_draft(
        content=_dining(author, on), code="dining-friends", owner=author,
        at=at - dt.timedelta(hours=3),
    )  # fmt: skip
    design.keep(
        draft_id=begun.pk, revision=begun.revision, content=begun.content, actor=author,
        at=at - dt.timedelta(hours=1),
    )  # fmt: skip
    _edit(edited, author, at)


def _edit(version_id: int, author: Staff, at: dt.datetime) -> None:
    version = planning.version(version_id)
    draft = design.edit_version(version=version, owner=author, at=at - dt.timedelta(minutes=40))
    content = draft.content | {"name": "新户首刷礼（夏季）", "name_en": "First gift, summer"}
    design.keep(
        draft_id=draft.pk, revision=draft.revision, content=content, actor=author,
        at=at - dt.timedelta(minutes=30),
    )  # fmt: skip


def _dining(author: Staff, on: dt.date) -> dict[str, Any]:
    """Two partners bear a part; two regions have a budget of their own. The English of when it is
    forfeited is still to be written."""
    rows = merchants.list_merchants(scope=scope_of(author), scenario="dining", partners_only=True)
    partners = [row.number for row in rows[:_PARTNERS]]
    regions = [row.code for row in staff.branches_below("") if row.level == "region"][:2]
    content = starts.begun(
        "activation", on=on, products=[row.code for row in cards.own_products()],
        templates=["first_gift"],
    )  # fmt: skip
    share = {"bank": "60.00", **{number: f"{40 / len(partners):.2f}" for number in partners}}
    disclosure = {**content["disclosure"], "forfeit_en": ""}
    return content | {
        "name": "邀友共餐季", "name_en": "Dining with friends", "objective": "convert",
        "scenario": "dining", "merchants": partners,
        "rewards": {"mode": "highest", "tiers": _TIERS},
        "budget": {
            "total": "60000.00", "per_day": "3000.00", "per_customer": "30.00",
            "branches": dict.fromkeys(regions, "20000.00"), "shares": share if partners else {},
        },
        "control_percent": 5,
        "disclosure": disclosure,
        "evidence": [
            {"claim": "本市餐饮商户超过三千家", "source": f"分行商户收单统计，{on.year}年",
             "until": (on + dt.timedelta(days=120)).isoformat()},
            {"claim": "平均到账时间不超过一天", "source": f"信用卡中心运营报表，{on.year}年",
             "until": (on + dt.timedelta(days=60)).isoformat()},
        ],
    }  # fmt: skip
