"""Member benefits of the demo bank: visits of airport lounges, cinema tickets, roadside help; some
were used, some expired, and one was used before its holder sent the goods back."""

import datetime as dt
from typing import Any

from campaigns.benefits import operations as benefits
from campaigns.demo import refunds
from campaigns.models import Benefit
from merchants.directory import queries as merchants
from portal.intake import operations as intake
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff

_BANK = Scope(branch_path="")
_DAY = dt.timedelta(days=1)
_FIRST, _LAST = 110, 45  # days ago, both inside, whose spending counts
_PARTNERS = 3
_EVERY = {"lounge": 2, "cinema": 2, "roadside": 9}  # every how manieth uses it
_MOST = 60  # uses that are recorded at desks
_FROM_FILE = 8  # and by the file of a partner


def plan_of(known: dict[str, Any], *, on: dt.date) -> dict[str, Any]:
    """This will make the plan of the campaign out of the known case's."""
    first, last = on - _FIRST * _DAY, on - _LAST * _DAY
    rows = merchants.list_merchants(scope=_BANK, scenario="travel", partners_only=True)
    until = (on + 66 * _DAY).isoformat()
    return {
        **known,
        "code": "travel-benefits",
        "name": "出行礼遇",
        "name_en": "Travel benefits",
        "objective": "retain",
        "stage": "loyalty",
        "scenario": "travel",
        "era": "3.0",
        "runs_from": first,
        "issued_from": dt.date(2000, 1, 1),
        "merchants": [row.number for row in rows[:_PARTNERS]],
        "rule": {
            "all": [
                {"kind": "activated"},
                {"kind": "first_used"},
                {
                    "kind": "spending_in_window", "counted_from": "dates",
                    "first_date": first.isoformat(), "last_date": last.isoformat(),
                    "last_day": "inside", "at_least": "800.00", "refunds": "of_purchases",
                },
            ]
        },
        "rewards": {
            "mode": "each",
            "tiers": [
                _tier("cinema", "电影票两张", "Two cinema tickets", "60.00", 40,
                      {"uses": 2, "days": 20}),
                _tier("roadside", "道路救援", "Roadside help", "30.00", 90,
                      {"uses": 1, "until": until}),
                _tier("lounge", "机场贵宾厅三次", "Three visits of airport lounges", "90.00", 60,
                      {"uses": 3, "days": 180}),
            ],
        },
        "budget": {"total": "12000.00", "per_customer": "200.00"},
        "disclosure": {
            **known["disclosure"],
            "redeem": "到店出示会员码，由工作人员登记；道路救援请致电客服。",
            "redeem_en": "Show the member code on the spot, where it is recorded; for roadside "
                         "help call the service line.",
        },
    }  # fmt: skip


def _tier(
    code: str, name: str, name_en: str, value: str, stock: int, terms: dict[str, Any]
) -> dict[str, Any]:
    return {
        "code": code, "kind": "benefit", "name": name, "name_en": name_en, "value": value,
        "stock": stock, "benefit": terms,
    }  # fmt: skip


def use_them(*, on: dt.date, at: dt.datetime) -> None:
    """This will let customers use what they were given, up to `on`; one use was a mistake, what
    was not used in time expires, and one sends back what it was given for."""
    clerks = list(Staff.objects.filter(role=Role.BRANCH_MANAGER).order_by("id"))
    rows = Benefit.objects.select_related("grant__version", "grant__card", "customer__branch")
    used: list[tuple[Benefit, Any]] = []
    for place, row in enumerate(rows.order_by("id")):
        if place % _EVERY.get(row.grant.reward, 1) or len(used) == _MOST:
            continue
        clerk = next(
            (one for one in clerks if row.customer.branch.path.startswith(one.branch.path)), None
        )
        if clerk is not None:
            used.append((row, _use(row, place, clerk, on)))
    _undo_one(used)
    _send_file([row for row in rows.order_by("id") if row.left], on, at)
    benefits.expire_benefits(on=on, at=at)
    lost = next((row for row, _entry in reversed(used) if row.grant.reward == "lounge"), None)
    if lost is not None:
        refunds.send_goods_back(lost.grant.card, at)


def _use(row: Benefit, place: int, clerk: Staff, on: dt.date) -> Any:
    """One use, some days after the grant, with one of the partners and its voucher."""
    last = min(on, (row.end_date or on + _DAY) - _DAY)
    day = min(row.from_date + (1 + place % 17) * _DAY, last)
    partners = merchants.by_number(numbers=row.grant.version.content["merchants"])
    partner = list(partners.values())[place % len(partners)] if partners else None
    return benefits.record_use(
        benefit_id=row.pk,
        used_date=day,
        merchant_id=partner.pk if partner else None,
        reference=f"QY{day:%m%d}{place:05}" if partner else "",
        place="" if partner else "网点",
        scope=_BANK,
        actor=clerk,
        at=clock.start_of(day) + dt.timedelta(hours=10, minutes=place % 60),
    )


def _send_file(rows: list[Benefit], on: dt.date, at: dt.datetime) -> None:
    """A partner's file of what was used in its lounges."""
    lounges = [row for row in rows if row.grant.reward == "lounge"][1 : 2 * _FROM_FILE : 2]
    if not lounges:
        return
    partner = lounges[0].grant.version.content["merchants"][0]
    lines = [
        {
            "partner": partner,
            "reference": f"LG{place:06}",
            "customer": row.customer.number,
            "benefit": str(row.pk),
            "used_date": min(row.from_date + (3 + place) * _DAY, on).isoformat(),
            "units": "1",
            "place": "T2 贵宾厅",
        }
        for place, row in enumerate(lounges, start=1)
    ]
    intake.import_rows(
        kind="benefit_uses", rows=lines, actor=None, at=at, source_name="lounges.csv"
    )


def _undo_one(used: list[tuple[Benefit, Any]]) -> None:
    if used:
        _row, entry = used[len(used) // 2]
        benefits.undo_use(
            entry_id=entry.pk, reason="客户未到店，登记错误", scope=_BANK,
            actor=entry.recorded_by, at=entry.at + dt.timedelta(minutes=20),
        )  # fmt: skip
