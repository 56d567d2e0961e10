"""Reading the merchant directory."""

import re
from collections.abc import Sequence

from django.db.models import Q, QuerySet

from merchants.directory.models import Merchant, MerchantCategory
from portal.staff.access import Scope

_LATIN = re.compile(r"[a-z ]+")


def list_merchants(
    *, scope: Scope, text: str = "", scenario: str = "", partners_only: bool = False
) -> QuerySet[Merchant]:
    """This will list the merchants of a scope by pinyin, found by `text`: the start of a number
    or of the name's pinyin, or a part of the name in either language."""
    rows = Merchant.objects.filter(_visible(scope), _found_by(text.strip()))
    if scenario:
        rows = rows.filter(category__scenario=scenario)
    if partners_only:
        rows = rows.filter(is_partner=True)
    return rows.select_related("category", "branch", "manager").order_by("name_pinyin", "id")


def _visible(scope: Scope) -> Q:
    """The branch's merchants, and a relationship manager's own wherever they are."""
    if scope.own_staff_id is None:
        return scope.branches()
    return scope.branches() | Q(manager=scope.own_staff_id)


def _found_by(text: str) -> Q:
    if not text:
        return Q()
    condition = Q(name__icontains=text) | Q(name_en__icontains=text)
    condition |= Q(number__startswith=text.upper())
    if _LATIN.fullmatch(text.lower()):
        condition |= Q(name_pinyin__startswith=text.lower())
    return condition


def one_merchant(*, scope: Scope, number: str) -> Merchant | None:
    """This will return a merchant of the scope, or None."""
    rows = Merchant.objects.filter(_visible(scope), number=number)
    return rows.select_related("category", "branch", "manager").first()


def own_merchant_ids(*, staff_id: int) -> list[int]:
    """This will return the ids of the merchants that a person manages."""
    return list(
        Merchant.objects.filter(manager=staff_id).order_by("id").values_list("id", flat=True)
    )


def names_of(*, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """This will return name and English name of those of the merchants that exist, by number."""
    rows = Merchant.objects.filter(number__in=numbers).values_list("number", "name", "name_en")
    return {number: (name, name_en) for number, name, name_en in rows}


def category_names(*, mccs: Sequence[str] | None = None) -> dict[str, tuple[str, str]]:
    """This will return name and English name of these categories of merchants, or of all, by
    their code."""
    rows = MerchantCategory.objects.order_by("mcc")
    if mccs is not None:
        rows = rows.filter(mcc__in=mccs)
    return {
        mcc: (name, name_en) for mcc, name, name_en in rows.values_list("mcc", "name", "name_en")
    }


def by_number(*, numbers: Sequence[str]) -> dict[str, Merchant]:
    """This will return merchants by their number."""
    return {row.number: row for row in Merchant.objects.filter(number__in=numbers)}


def by_id(*, ids: Sequence[int]) -> dict[int, Merchant]:
    """This will return merchants by their id."""
    return {row.pk: row for row in Merchant.objects.filter(id__in=ids)}
