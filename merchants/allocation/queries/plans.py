"""Finding plans, their partners, and what may become one."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from merchants.allocation.models import FundLine, FundPlan, FundShare
from merchants.partnerships.enums import Phase
from merchants.partnerships.models import Partnership
from portal.staff.access import Scope


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
        rows.select_related("branch", "owner")
        .annotate(
            allocated=Sum("lines__chosen"), committed=Sum(f"{account}committed"),
            paid=Sum(f"{account}paid"),
        )
        .order_by("-first_date", "-id")
    )  # fmt: skip


def one_plan(*, scope: Scope, plan_id: int) -> FundPlan | None:
    """This will return a plan of the scope, or None."""
    rows = FundPlan.objects.filter(_visible(scope), pk=plan_id)
    return rows.select_related("branch", "owner", "submission").first()


_OF_LINE = (
    "partnership__merchant__category", "partnership__merchant__branch", "partnership__manager",
    "partnership__branch", "account",
)  # fmt: skip


def lines_of(plan: FundPlan) -> list[FundLine]:
    """This will list a plan's partners by the numbers of their merchants, each with its levels from
    files."""
    rows = plan.lines.select_related(*_OF_LINE).prefetch_related("levels")
    return list(rows.order_by("partnership__merchant__number", "id"))


def shares_of(plan: FundPlan) -> list[FundShare]:
    """This will list the shares of groups that bind a plan."""
    return list(plan.shares.order_by("kind", "value"))


def one_line(*, scope: Scope, line_id: int) -> FundLine | None:
    """This will return a partner of a plan that the scope may see, or None."""
    rows = FundLine.objects.filter(pk=line_id).select_related("plan__branch", "plan__owner")
    line = rows.select_related(*_OF_LINE, "plan__branch", "plan__owner").first()
    if line is None or one_plan(scope=scope, plan_id=line.plan_id) is None:
        return None
    return line


def candidates(plan: FundPlan) -> QuerySet[Partnership]:
    """This will list the open partnerships of a plan's branch and those below that are not in it
    yet, prospects left out, by their merchants' numbers."""
    rows = Partnership.objects.filter(branch__path__startswith=plan.branch.path)
    rows = rows.exclude(phase__in=[Phase.ENDED, Phase.PROSPECT]).exclude(funds__plan=plan)
    return rows.select_related("merchant__category", "manager").order_by("merchant__number")


def of_partnership(*, partnership_id: int) -> list[FundLine]:
    """This will list what plans give, or may give, to a partnership, the newest plan first."""
    rows = FundLine.objects.filter(partnership=partnership_id)
    rows = rows.select_related("plan", "account").prefetch_related("levels")
    return list(rows.order_by("-plan__first_date", "-id"))
