"""Finding plans, their partners, and what may become one."""

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from merchants.allocation.enums import GroupKind, PlanState
from merchants.allocation.models import (
    FundAccount,
    FundLine,
    FundPlan,
    FundShare,
    ResponseLevel,
)
from merchants.directory import queries as directory
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from portal.audit import queries as trail
from portal.kit import money
from portal.staff.access import Scope
from portal.staff.models import Staff

_DAY = dt.timedelta(days=1)


def _visible(scope: Scope) -> Q:
    """Plans of the branches, and those that give money to a person's own partnerships."""
    if scope.own_staff_id is None:
        return scope.branches("branch")
    own = FundLine.objects.filter(
        plan=OuterRef("pk"), partnership__manager=scope.own_staff_id
    )  # fmt: skip
    return scope.branches("branch") | Q(owner=scope.own_staff_id) | Q(Exists(own))


def list_plans(*, scope: Scope, state: str = "", text: str = "") -> QuerySet[FundPlan]:
    """This will list the plans of a scope, the newest first, with what was allocated, committed and
    paid of each."""
    rows = FundPlan.objects.filter(_visible(scope))
    if state:
        rows = rows.filter(state=state)
    if text := text.strip():
        rows = rows.filter(name__icontains=text)
    account = "lines__account__"
    return (
        rows.select_related("branch", "owner", "submission")
        .annotate(
            allocated=Sum("lines__chosen"), committed=Sum(f"{account}committed"),
            paid=Sum(f"{account}paid"),
        )
        .order_by("-first_date", "-id")
    )  # fmt: skip


def incomes_of(*, merchant_ids: Collection[int], on: dt.date) -> dict[int, Decimal]:
    """This will tell of merchants the bank's income of a turnover (percent), as the latest approved
    plan that gives them money says; of those of which none does, nothing."""
    rows = FundLine.objects.filter(
        partnership__merchant__in=list(merchant_ids), plan__state=PlanState.APPROVED, chosen__gt=0,
        plan__income_percent__isnull=False, plan__first_date__lte=on,
    ).order_by("plan__first_date", "plan_id")  # fmt: skip
    told = rows.values_list("partnership__merchant", "plan__income_percent")
    return {key: percent for key, percent in told if percent is not None}


def one_plan(*, scope: Scope, plan_id: int) -> FundPlan | None:
    """This will return a plan of the scope, or None."""
    rows = FundPlan.objects.filter(_visible(scope), pk=plan_id)
    return rows.select_related("branch", "owner", "submission", "amends").first()


def amendment_of(plan: FundPlan) -> FundPlan | None:
    """This will return the plan that amends a plan, or is to."""
    return FundPlan.objects.filter(amends=plan).first()


def line_in_force(line: FundLine) -> FundLine | None:
    """This will return the partner's line in the last approved amendment of its plan, or the line
    itself; None where it got nothing and an amendment left it out."""
    found: FundLine | None = line
    while found is not None and found.plan.is_amended:
        rows = FundLine.objects.select_related("plan")
        rows = rows.filter(plan__amends=found.plan_id, partnership=found.partnership_id)
        found = rows.first()
    return found


def committed_before(plan: FundPlan) -> dict[int, Decimal]:
    """This will return what is committed to each partner of the plan that a plan amends, by the id
    of the partnership; empty where it amends none."""
    if plan.amends_id is None:
        return {}
    rows = FundAccount.objects.filter(line__plan=plan.amends_id)
    return dict(rows.values_list("line__partnership", "committed"))


_OF_LINE = (
    "partnership__merchant__category", "partnership__merchant__branch", "partnership__manager",
    "partnership__branch", "account",
)  # fmt: skip


def lines_of(plan: FundPlan, *, is_now: bool = False) -> list[FundLine]:
    """This will list a plan's partners by the numbers of their merchants, each with its levels from
    files and its groups: as they were submitted, or, of a draft and with `is_now`, as they are."""
    rows = plan.lines.select_related(*_OF_LINE).prefetch_related("levels")
    found = list(rows.order_by("partnership__merchant__number", "id"))
    sizes = directory.city_sizes(on=plan.first_date)
    kept = {} if is_now else _submitted_groups(plan)
    for line in found:
        groups = kept.get(line.partnership.merchant.number)
        line.groups = _groups_of(line, sizes) if groups is None else groups
    return found


def _groups_of(line: FundLine, sizes: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The groups that a partner is in; in none of a size of cities without a city."""
    merchant = line.partnership.merchant
    size = directory.size_of(code=merchant.division_code, sizes=sizes)
    found = {
        (GroupKind.SCENARIO.value, merchant.category.scenario),
        (GroupKind.BRANCH.value, merchant.branch.code),
    }
    return frozenset(found | ({(GroupKind.CITY_TIER.value, size)} if size else set()))


def _submitted_groups(plan: FundPlan) -> dict[str, frozenset[tuple[str, str]]]:
    if plan.is_draft or plan.submission is None:
        return {}
    return {
        line["merchant"]: frozenset((kind, value) for kind, value in line["groups"])
        for line in plan.submission.snapshot["lines"]
        if "groups" in line
    }


def shares_of(plan: FundPlan) -> list[FundShare]:
    """This will list the shares of groups that bind a plan."""
    return list(plan.shares.order_by("kind", "value"))


def one_line(*, scope: Scope, line_id: int) -> FundLine | None:
    """This will return a partner of a plan that the scope may see, or None."""
    rows = FundLine.objects.filter(pk=line_id)
    line = rows.select_related(*_OF_LINE, "plan__branch", "plan__owner").first()
    if line is None or one_plan(scope=scope, plan_id=line.plan_id) is None:
        return None
    return line


def candidates(plan: FundPlan) -> QuerySet[Partnership]:
    """This will list the open partnerships of a plan's branch and those below that are not in it
    yet, prospects left out, by their merchants' numbers."""
    rows = Partnership.objects.filter(branch__path__startswith=plan.branch.path)
    rows = rows.exclude(phase__in=[Phase.ENDED, Phase.PROSPECT])
    rows = rows.exclude(merchant__partnerships__funds__plan=plan)
    return rows.select_related("merchant__category", "manager").order_by("merchant__number")


def of_partnership(*, partnership_id: int) -> list[FundLine]:
    """This will list what plans give, or may give, to a partnership, the newest plan first."""
    rows = FundLine.objects.filter(partnership=partnership_id)
    rows = rows.exclude(plan__state=PlanState.AMENDED)
    rows = rows.select_related("plan", "account").prefetch_related("levels")
    return list(rows.order_by("-plan__first_date", "-id"))


def paid_a_year_before(*, plan: FundPlan, partnership_ids: Collection[int]) -> dict[int, Decimal]:
    """This will return what approved plans for the same days a year before paid to partners, by the
    ids of their partnerships. Of a plan that shares some of its days alone it is the part of these
    days, rounded to the fen."""
    first, end = (_year_before(day) for day in (plan.first_date, plan.last_date + _DAY))
    rows = FundLine.objects.filter(
        partnership__in=partnership_ids, account__isnull=False, plan__first_date__lt=end,
        plan__last_date__gte=first,
    )  # fmt: skip
    found: dict[int, Decimal] = {}
    for line in rows.select_related("plan", "account").order_by("id"):
        over = line.plan.last_date + _DAY
        days = (min(end, over) - max(first, line.plan.first_date)).days
        part = line.account.paid * days / (over - line.plan.first_date).days
        found[line.partnership_id] = found.get(line.partnership_id, Decimal(0)) + part
    return {key: money.cents(paid) for key, paid in found.items()}


def _year_before(day: dt.date) -> dt.date:
    """The same day of the year before; of 29 February the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return dt.date(day.year - 1, day.month, last)


# What writes in a plan; whoever submits, decides or books writes nothing in it.
_WRITES = (
    "funds.planned", "funds.changed", "funds.partners_added", "funds.line_changed",
    "funds.line_removed", "funds.share_set", "funds.share_removed", "funds.solved",
    "funds.amended",
)  # fmt: skip


def who_wrote(plan: FundPlan) -> list[Staff]:
    """This will list who wrote in a plan, as the trail says, and whose files did: none of them
    approves it."""
    found = {one.pk: one for one in trail.actors_on(actions=_WRITES, target=plan)}
    levels = ResponseLevel.objects.filter(line__plan=plan).values_list("by", "by_before")
    told = {key for last, before in levels for key in (last, *before) if key is not None}
    for one in Staff.objects.filter(pk__in=told).order_by("pk"):
        found.setdefault(one.pk, one)
    return list(found.values())
