"""Partners who would get money from two plans of the same days."""

from collections.abc import Collection

from django.db import connection
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from merchants.allocation.enums import PlanState
from merchants.allocation.models import FundLine, FundPlan
from merchants.partnerships.models import Partnership

_NAMED = 5
_DOUBLES = "SELECT other_id, twice_id FROM merchants_fund_doubles(%s) ORDER BY 1, 2"


def double_words(plan: FundPlan) -> str:
    """This will say which partners of a plan get money from another one on some of its days, as the
    database would refuse it at its submission, and what to do; "" where none does. A partner whose
    money is not chosen yet counts as one who gets some."""
    with connection.cursor() as cursor:
        cursor.execute(_DOUBLES, [plan.pk])
        found = cursor.fetchall()
    if not found:
        return ""
    other = FundPlan.objects.select_related("owner").get(pk=found[0][0])
    twice = [partner for key, partner in found if key == other.pk]
    sentence = (
        _(
            "{code} {name} ({first} to {last}, {owner}) waits for approval and gives money on some "
            "of the same days to: {partners}. A partner gets its money from one plan at a time: "
            "leave it out here, choose other days, or have {owner} take {code} back."
        )
        if other.state == PlanState.WAITING
        else _(
            "{code} {name} ({first} to {last}, {owner}) gives money on some of the same days to: "
            "{partners}. A partner gets its money from one plan at a time: leave it out here, "
            "choose other days, or amend {code}."
        )
    )
    return sentence.format(
        code=other.code, name=other.name, first=other.first_date, last=other.last_date,
        owner=other.owner.label, partners=_named(twice),
    )  # fmt: skip


def given_by_others(plan: FundPlan, partnership_ids: Collection[int]) -> dict[int, FundPlan]:
    """This will tell of partners, by the ids of their partnerships, which other plan gives them
    money on some of a plan's days already: whoever takes them in is to know it before."""
    rows = FundLine.objects.filter(
        chosen__gt=0, plan__state__in=[PlanState.WAITING, PlanState.APPROVED],
        plan__first_date__lte=plan.last_date, plan__last_date__gte=plan.first_date,
    ).exclude(plan__in=[plan.pk, plan.amends_id])  # fmt: skip
    rows = rows.annotate(partner=_merchant_of("partnership__"))
    given = {row.partner: row.plan for row in rows.select_related("plan").order_by("-id")}
    asked = Partnership.objects.filter(pk__in=partnership_ids).annotate(partner=_merchant_of())
    return {row.pk: given[row.partner] for row in asked if row.partner in given}


def _merchant_of(prefix: str = "") -> Coalesce:
    """The merchant of a partnership; of one that was merged, the one that was kept."""
    return Coalesce(f"{prefix}merchant__merged_into", f"{prefix}merchant")


def _named(ids: list[int]) -> str:
    rows = Partnership.objects.filter(pk__in=ids).select_related("merchant").order_by("pk")
    names = _(", ").join(row.merchant.label for row in rows[:_NAMED])
    more = len(ids) - _NAMED
    return _("{names} and {count} more").format(names=names, count=more) if more > 0 else names
