"""Reading leads that are one, or may be, and who is credited for them."""

from django.db.models import Q, QuerySet

from journeys.telemarketing.models import Lead, LeadMerge, LeadPair
from journeys.telemarketing.queries.alike import same_leads
from journeys.telemarketing.queries.leads import OPEN
from portal.staff.access import Scope

_SIDES = [f"{side}__{name}" for side in ("first", "second") for name in ("branch", "team", "owner")]
_TOLD = 50


def pairs_waiting(*, scope: Scope) -> QuerySet[LeadPair]:
    """This will list the pairs of open leads of a scope that look like one person or company and
    about which nobody decided, the youngest first."""
    rows = _pairs(scope).filter(
        is_same=None, first__state__in=OPEN, second__state__in=OPEN
    )  # fmt: skip
    return rows.order_by("-found_at", "-id")


def pairs_told_apart(*, scope: Scope) -> list[LeadPair]:
    """This will list the latest pairs of open leads of which somebody said that they are two."""
    rows = _pairs(scope).filter(is_same=False, first__state__in=OPEN, second__state__in=OPEN)
    return list(rows.select_related("decided_by").order_by("-decided_at", "-id")[:_TOLD])


def one_pair(*, scope: Scope, pair_id: int) -> LeadPair | None:
    """This will return a pair of leads of the scope, or None."""
    sides = ("first__collected_by", "second__collected_by", "decided_by")
    return _pairs(scope).filter(pk=pair_id).select_related(*sides).first()


def _pairs(scope: Scope) -> QuerySet[LeadPair]:
    within = scope.branches("first__branch") & scope.branches("second__branch")
    return LeadPair.objects.filter(within).select_related(*_SIDES)


def merges_of(lead: Lead) -> list[LeadMerge]:
    """This will list what was merged into a lead, the latest first, what was taken apart again
    too."""
    rows = LeadMerge.objects.filter(kept=lead).select_related("merged__branch", "by", "undone_by")
    return list(rows.order_by("-id")[:200])


def standing_merge(lead: Lead) -> LeadMerge | None:
    """This will return the merge by which a lead is one with another, or None."""
    rows = LeadMerge.objects.filter(merged=lead, undone_at=None)
    return rows.select_related("kept__branch", "by").first()


def merge_of(*, scope: Scope, merge_id: int) -> LeadMerge | None:
    """This will return a merge that stands of leads of the scope, or None."""
    within: Q = scope.branches("kept__branch") & scope.branches("merged__branch")
    rows = LeadMerge.objects.filter(within, pk=merge_id, undone_at=None)
    return rows.select_related("kept", "merged").first()


def credits_of(lead: Lead) -> list[Lead]:
    """This will list who collected a lead, whoever did first before all others: the leads that are
    one with it, in the order in which they came."""
    rows = Lead.objects.filter(pk__in=same_leads([lead.pk]))
    names = ("credit_branch", "credit_team", "collected_by", "post")
    return list(rows.select_related(*names).order_by("pk")[:200])
