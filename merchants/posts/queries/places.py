"""Finding posts."""

import datetime as dt

from django.db.models import Q, QuerySet

from merchants.directory.enums import StoreState
from merchants.directory.models import Merchant, Store
from merchants.posts.models import Post, PostCost, PostRule
from portal.staff.access import Scope

CURRENT, OVER = "current", "over"
_RELATED = ("store__merchant__category", "store__merchant__manager", "branch")


def visible(scope: Scope, prefix: str = "") -> Q:
    """The branch's posts, and those of a relationship manager's own merchants wherever they are."""
    found = scope.branches(f"{prefix}branch")
    if scope.own_staff_id is None:
        return found
    return found | Q(**{f"{prefix}store__merchant__manager": scope.own_staff_id})


def planned_by(scope: Scope, prefix: str = "") -> Q:
    """This will tell for which posts somebody of this scope plans: whoever works on own merchants
    for those of these merchants alone."""
    if scope.own_staff_id is None:
        return scope.branches(f"{prefix}branch")
    return Q(**{f"{prefix}store__merchant__manager": scope.own_staff_id})


def may_stand(on: dt.date) -> Q:
    """This will tell at which posts anybody may be planned on a day, as the database asks of their
    store and merchant (`merchants_shift_refusal`)."""
    is_closed = Q(store__state__in=["closed", "paused"]) & (
        Q(store__closed_date=None) | Q(store__closed_date__lte=on)
    )
    is_ahead = Q(store__state="planned") & (
        Q(store__opened_date=None) | Q(store__opened_date__gt=on)
    )
    return (
        Q(store__merchant__is_partner=True)
        & ~is_closed & ~is_ahead
        & (Q(store__opened_date=None) | Q(store__opened_date__lte=on))
    )  # fmt: skip


def list_posts(
    *, scope: Scope, on: dt.date, text: str = "", scenario: str = "", state: str = CURRENT,
    branch: str = "",
) -> QuerySet[Post]:  # fmt: skip
    """This will list the posts of a scope by merchant: those that stand or will (`state` is
    "current"), those that are over ("over"), or all ("")."""
    rows = Post.objects.filter(visible(scope))
    if state == CURRENT:
        rows = rows.filter(last_date__gte=on)
    if state == OVER:
        rows = rows.filter(last_date__lt=on)
    if scenario:
        rows = rows.filter(scenario=scenario)
    if branch:
        rows = rows.filter(branch__code=branch)
    if text := text.strip():
        rows = rows.filter(
            Q(store__merchant__name__icontains=text)
            | Q(store__merchant__name_en__icontains=text)
            | Q(store__merchant__name_pinyin__startswith=text.lower())
            | Q(store__name__icontains=text)
            | Q(number__startswith=text.upper())
        )
    return rows.select_related(*_RELATED).order_by("store__merchant__name_pinyin", "id")


def all_posts(*, scope: Scope) -> list[Post]:
    """This will list the posts of a scope, over or not, the oldest first."""
    rows = Post.objects.filter(visible(scope)).select_related(*_RELATED)
    return list(rows.order_by("id"))


def one_post(*, scope: Scope, number: str) -> Post | None:
    """This will return a post of the scope, or None."""
    rows = Post.objects.filter(visible(scope), number=number)
    return rows.select_related(*_RELATED).first()


def of_merchant(*, scope: Scope, merchant: Merchant) -> QuerySet[Post]:
    """This will list the posts at a merchant's stores, those that end last first."""
    rows = Post.objects.filter(visible(scope), store__merchant=merchant)
    return rows.select_related(*_RELATED).order_by("-last_date", "-id")


def stores_for(*, merchant: Merchant) -> list[Store]:
    """This will list the stores at which a post can be opened, by name."""
    rows = Store.objects.filter(merchant=merchant).exclude(state=StoreState.CLOSED)
    return list(rows.order_by("name", "id"))


def costs_of(*, post: Post) -> list[PostCost]:
    """This will list what a post costs, the newest first."""
    return list(post.costs.select_related("recorded_by").order_by("-first_date"))


def rule_on(on: dt.date) -> PostRule | None:
    """This will return the rule in force on a day; None where there is none."""
    return PostRule.objects.filter(effective_date__lte=on).order_by("-effective_date").first()
