"""The account of a campaign as its page shows it, and the home panel about budgets that ran out."""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.budgets import queries, rules
from campaigns.budgets.enums import LimitKind
from campaigns.budgets.exports import MOST_BURNING
from campaigns.budgets.models import BudgetBook, BudgetLimit
from campaigns.planning import queries as planning
from portal.kit import charts, clock, money, pictures
from portal.kit.registry import FiguresAsked
from portal.kit.todo import Todo
from portal.staff.access import Scope, staff_of
from portal.staff.enums import Permission

_DAY = dt.timedelta(days=1)
_BARS = 40
_POINTS = 92
_FORECAST = (LimitKind.CAMPAIGN, LimitKind.STOCK, LimitKind.TIER)


@dataclass(frozen=True)
class LimitLine:
    """A limit in words: how much is used of what is planned; `over` is by how much the plan is
    exceeded, since a newer version lowered it; `carried` by how many whole cents a party bore too
    little or too much for its share."""

    kind: str
    name: str
    used: str
    planned: str
    left: str
    over: str
    percent: int
    forecast: rules.Forecast | None
    carried: str = ""

    @property
    def is_used_up(self) -> bool:
        return self.percent >= 100

    @property
    def is_near(self) -> bool:
        return 90 <= self.percent < 100


def account(*, campaign_id: int, scope: Scope, on: dt.date) -> dict[str, Any]:
    """This will gather what the budget page of a campaign shows, of branches' limits those in the
    scope; without an account nothing was granted yet."""
    book = queries.live_book(campaign_id)
    if book is None:
        return {"book": None}
    by_day = queries.used_by_day(book)
    begun = min((day for day, used in by_day.items() if used), default=on)
    days = min(rules.PACE_DAYS, (on - begun).days + 1)
    since = on - dt.timedelta(days=days - 1)
    recent = sum((used for day, used in by_day.items() if since <= day <= on), Decimal(0))
    taken = queries.taken_since(book, since)
    names = _names(book)
    lines = [
        _line(row, names, _forecast(row, recent, taken, days, on))
        for row in queries.limits_shown(book, scope, on)
    ]
    return {
        "book": book,
        "refused": LimitKind(book.refused_kind).label if book.refused_kind else "",
        "lines": lines,
        "days": days,
        "pace": money.show(recent / days) if days > 0 and recent > 0 else "",
        "chart": _chart(book, by_day, begun, on),
        "tier_charts": [
            _tier_chart(book, row, names[row.kind, row.key], begun, on)
            for row in book.limits.filter(kind=LimitKind.TIER, planned__isnull=False).order_by("id")
        ],
        "customers_at_limit": queries.customers_at_limit(book),
    }


def _names(book: BudgetBook) -> dict[tuple[str, str], str]:
    tiers = planning.tiers_of(book.campaign_id)
    found = {
        (kind.value, code): tier.label
        for (_pk, code), tier in tiers.items()
        for kind in (LimitKind.STOCK, LimitKind.TIER)
    }
    parties = list(book.limits.filter(kind=LimitKind.PARTY).values_list("key", flat=True))
    return found | {
        (LimitKind.PARTY.value, key): name for key, name in queries.party_names(parties)
    }


def _line(
    row: BudgetLimit, names: dict[tuple[str, str], str], forecast: rules.Forecast | None
) -> LimitLine:
    shown = _units if row.kind == LimitKind.STOCK else money.show
    planned, name = row.planned, names.get((row.kind, row.key), row.key)
    if row.branch is not None:
        name = row.branch.label
    left = None if planned is None else planned - row.used
    return LimitLine(
        kind=str(LimitKind(row.kind).label),
        name=name,
        used=shown(row.used),
        planned="" if planned is None else shown(planned),
        left="" if left is None or left < 0 else shown(left),
        over=shown(-left) if left is not None and left < 0 else "",
        percent=int(row.used * 100 / planned) if planned else 0,
        forecast=forecast,
        carried=_carried(row),
    )


def _carried(row: BudgetLimit) -> str:
    whole = abs(row.carried).quantize(Decimal("0.01"), ROUND_DOWN)
    if not whole:
        return ""
    text = (
        _("{amount} too little for its share")
        if row.carried > 0
        else _("{amount} too much for its share")
    )
    return text.format(amount=money.show(whole))


def _units(number: Decimal) -> str:
    return f"{number:,.0f}"


def _forecast(
    row: BudgetLimit, recent: Decimal, taken: dict[rules.Key, Decimal], days: int, on: dt.date
) -> rules.Forecast | None:
    if row.planned is None or row.kind not in _FORECAST:
        return None
    is_whole = row.kind == LimitKind.CAMPAIGN
    used = recent if is_whole else taken.get((row.kind, row.key), Decimal(0))
    return rules.forecast(left=row.planned - row.used, recent=used, days=days, on=on)


def _chart(
    book: BudgetBook, by_day: dict[dt.date, Decimal], begun: dt.date, on: dt.date
) -> dict[str, Any]:
    """What was left from the day before the first grant on, in at most so many bars, the last of
    them today; where nothing bounds the campaign, what it had cost by then."""
    whole = book.limits.get(kind=LimitKind.CAMPAIGN)
    values = rules.burn_down(whole.planned or Decimal(0), by_day, begun - _DAY, on)
    title = _("Left of the budget at the end of the day")
    if whole.planned is None:
        title = _("Charged up to the end of the day")
        values = [(day, -left) for day, left in values]
    return _bars(title, values)


def _tier_chart(
    book: BudgetBook, row: BudgetLimit, name: str, begun: dt.date, on: dt.date
) -> dict[str, Any]:
    """What was left of the budget of one tier."""
    by_day = queries.tier_by_day(book, row.key)
    title = _("{tier}: left of its budget at the end of the day").format(tier=name)
    return _bars(title, rules.burn_down(row.planned or Decimal(0), by_day, begun - _DAY, on))


def _bars(title: str, values: list[tuple[dt.date, Decimal]]) -> dict[str, Any]:
    step = -(-len(values) // _BARS)
    shown = values[::-1][::step][::-1]
    bars = [charts.Bar(f"{day:%m-%d}", float(amount), money.show(amount)) for day, amount in shown]
    return {"title": title, "picture": charts.bars_svg(bars, title=title)}


def refusing(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell the owner of a campaign that it stopped granting, and for want of what, in
    which branch, on which day, or that a tier of it ran out; those who may stop campaigns are told
    of all. A day's limit is no work for anybody: the next day grants again."""
    person = staff_of(request)
    may_see_all = person.may(Permission.STOP_CAMPAIGNS)
    owner_id = None if may_see_all else person.pk
    found = queries.refusing(owner_id)
    branches = queries.branches_refusing(owner_id, on=clock.today())
    tiers = queries.tiers_used_up(owner_id, on=clock.today())
    days = queries.days_refusing(owner_id, on=clock.today())
    if not found and not branches and not tiers and not days:
        return None
    accounts = [(book, LimitKind(book.refused_kind).label) for book in found]
    ended = {book.campaign.code for book in found}
    ended |= {row.book.campaign.code for row in [*branches, *(row for row, _tier in tiers)]}
    todo = [_ran_out(ended)] if ended else []
    return {
        "accounts": accounts, "branches": branches, "days": days, "tiers": tiers, "todo": todo,
    }  # fmt: skip


def _ran_out(codes: set[str]) -> Todo:
    count = len(codes)
    one = reverse("budget_page", args=[min(codes)]) if count == 1 else reverse("campaign_list")
    return Todo(
        label=_("Raise the budgets that are used up, or end their campaigns"),
        brief=ngettext("{count} campaign out of budget", "{count} campaigns out of budget", count),
        count=count,
        url=one,
    )


def burning(_request: HttpRequest, asked: FiguresAsked) -> dict[str, Any] | None:
    """This will draw what is left of the budgets of campaigns day by day, each as a small picture;
    budgets are the bank's, whatever branch was asked for."""
    found = queries.left_by_day(first=asked.first, end=asked.end, most=MOST_BURNING)
    if not found:
        return None
    days = [day for day, _left in found[0].left]
    step = -(-len(days) // _POINTS)  # of a long span some days are drawn, the last among them
    picture = pictures.multiples(
        "budgets",
        _("Left of the budget at the end of the day (%)"),
        [f"{day:%m-%d}" for day in days[::-1][::step][::-1]],
        [pictures.Series(str(one.campaign.label), one.shares[::-1][::step][::-1]) for one in found],
        said=lambda value: f"{value:.1f}",
        export="budget_days",
        note=_(
            "Campaigns that were charged in these days, at most {count}, the most used up first."
        ).format(count=MOST_BURNING),
    )
    return {"picture": picture}
