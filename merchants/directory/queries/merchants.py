"""Finding merchants, within a scope or by what names them."""

import datetime as dt
import re
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from merchants.directory.enums import RequestState
from merchants.directory.models import Merchant, MerchantCategory, PartnerRequest, Store
from portal.staff.access import Scope
from portal.staff.enums import Role
from portal.staff.models import Staff
from portal.staff.rules import codes_on

_LATIN = re.compile(r"[a-z ]+")


def list_merchants(
    *,
    scope: Scope,
    text: str = "",
    scenario: str = "",
    partners_only: bool = False,
    place: str = "",
    branch: str = "",
    partner: str = "",
    manager: str = "",
    ends_before: dt.date | None = None,
    on: dt.date | None = None,
) -> QuerySet[Merchant]:
    """This will list the merchants of a scope by pinyin, found by `text`: the start of a number
    or of the name's pinyin, a unified social credit code, or a part of the name in either language
    or of the registered one. `place` is the code of a division that they or a store of theirs are
    in, `branch` and `manager` are a code and a user name ("-" for nobody), `partner` "yes", "no" or
    "asked"; with `ends_before`, a contract that holds on the day `on` ends before that day. Those
    that were merged into others are left out."""
    rows = Merchant.objects.filter(_visible(scope), _found_by(text.strip()), merged_into=None)
    if scenario:
        rows = rows.filter(category__scenario=scenario)
    if partners_only or partner == "yes":
        rows = rows.filter(is_partner=True)
    if place:
        stores = Store.objects.filter(merchant=OuterRef("pk"), division__code__startswith=place)
        rows = rows.filter(Q(division_code__startswith=place) | Exists(stores))
    if branch:
        rows = rows.filter(branch__code=branch)
    if manager:
        rows = rows.filter(
            manager=None if manager == "-" else Staff.objects.filter(username=manager).first()
        )
    if ends_before is not None and on is not None:
        ends = Q(contracts__last_date__gte=on, contracts__last_date__lt=ends_before)
        # Of a merchant one contract at most holds on a day.
        rows = rows.filter(ends, contracts__first_date__lte=on)
    rows = _by_partner(rows, partner)
    return rows.select_related("category", "branch", "manager").order_by("name_pinyin", "id")


def _by_partner(rows: QuerySet[Merchant], partner: str) -> QuerySet[Merchant]:
    if partner == "no":
        return rows.filter(is_partner=False)
    if partner == "asked":
        pending = PartnerRequest.objects.filter(merchant=OuterRef("pk"), state=RequestState.PENDING)
        return rows.filter(Exists(pending))
    return rows


def _visible(scope: Scope) -> Q:
    """The branch's merchants, and a relationship manager's own wherever they are."""
    if scope.own_staff_id is None:
        return scope.branches()
    return scope.branches() | Q(manager=scope.own_staff_id)


def _found_by(text: str) -> Q:
    if not text:
        return Q()
    condition = Q(name__icontains=text) | Q(name_en__icontains=text)
    condition |= Q(number__startswith=text.upper()) | Q(legal_name__icontains=text)
    condition |= Q(credit_code=text.upper())
    if _LATIN.fullmatch(text.lower()):
        condition |= Q(name_pinyin__startswith=text.lower())
    return condition


def one_merchant(*, scope: Scope, number: str) -> Merchant | None:
    """This will return a merchant of the scope, or None."""
    rows = Merchant.objects.filter(_visible(scope), number=number)
    return rows.select_related("category", "branch", "manager", "merged_into").first()


def own_merchant_ids(*, staff_id: int) -> list[int]:
    """This will return the ids of the merchants that a person manages."""
    rows = Merchant.objects.filter(manager=staff_id, merged_into=None)
    return list(rows.order_by("id").values_list("id", flat=True))


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


def managers_in_use(*, scope: Scope) -> list[Staff]:
    """This will list those who manage merchants of a scope, by name."""
    rows = Merchant.objects.filter(scope.branches(), merged_into=None).exclude(manager=None)
    return list(Staff.objects.filter(pk__in=rows.values("manager")).order_by("name", "id"))


def managers_for(*, merchant: Merchant) -> list[Staff]:
    """This will list who may be given a merchant: the relationship managers of its branch and of
    those above, who work here."""
    rows = Staff.objects.filter(
        role=Role.RELATIONSHIP_MANAGER, is_active=True,
        branch__code__in=codes_on(merchant.branch.path),
    )  # fmt: skip
    return list(rows.order_by("name", "id"))


def categories() -> QuerySet[MerchantCategory]:
    """This will list all categories of merchants by their code."""
    return MerchantCategory.objects.order_by("mcc")


def standing_for_merged() -> dict[str, str]:
    """This will tell which merchant stands for each that was merged into another, by number."""
    rows = Merchant.objects.exclude(merged_into=None)
    return dict(rows.values_list("number", "merged_into__number"))


def by_number(*, numbers: Sequence[str]) -> dict[str, Merchant]:
    """This will return merchants by their number."""
    return {row.number: row for row in Merchant.objects.filter(number__in=numbers)}


def by_id(*, ids: Sequence[int]) -> dict[int, Merchant]:
    """This will return merchants by their id."""
    return {row.pk: row for row in Merchant.objects.filter(id__in=ids)}
