"""Refusals of partners and of leads, within a person's scope."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from merchants.partnerships.models import Partnership
from merchants.partnerships.queries.partnerships import visible
from merchants.prospects.models import MerchantDeal, MerchantLead
from merchants.refusals.enums import RefusalState, Root
from merchants.refusals.models import AnswerTry, Refusal
from portal.staff.access import Scope

# With the merchant, what a page shows of a refusal.
_SHOWN = (
    "reason", "partnership__merchant", "partnership__manager", "partnership__branch",
    "lead__branch", "recorded_by", "settled_by", "contact",
)  # fmt: skip


def _visible(scope: Scope) -> Q:
    """Those of the branch's partners and leads, and of a manager's own partners wherever."""
    partners = visible(scope, "partnership__") & Q(partnership__isnull=False)
    return partners | (scope.branches("lead__branch") & Q(lead__isnull=False))


def list_refusals(
    *, scope: Scope, state: str = "", root: str = "", text: str = ""
) -> QuerySet[Refusal]:
    """This will list the refusals of a scope, the newest first; without a state those that were
    recorded by mistake are left out."""
    rows = Refusal.objects.filter(_visible(scope))
    rows = rows.filter(state=state) if state else rows.exclude(state=RefusalState.WITHDRAWN)
    if root in Root.values:
        rows = rows.filter(reason__root=root)
    if text := text.strip():
        rows = rows.filter(
            Q(partnership__merchant__name__icontains=text)
            | Q(partnership__merchant__name_en__icontains=text)
            | Q(partnership__merchant__number=text.upper())
            | Q(lead__number=text)
        )
    return rows.select_related(*_SHOWN).order_by("-said_date", "-id")


def one_refusal(*, scope: Scope, refusal_id: int) -> Refusal | None:
    """This will return a refusal of the scope, or None."""
    rows = Refusal.objects.filter(_visible(scope), pk=refusal_id)
    return rows.select_related(*_SHOWN).first()


def of_partnership(partnership: Partnership) -> QuerySet[Refusal]:
    """This will list what a partner said no with, the newest first."""
    rows = Refusal.objects.filter(partnership=partnership).exclude(state=RefusalState.WITHDRAWN)
    return rows.select_related(*_SHOWN).order_by("-said_date", "-id")


def open_of(*, partnership_id: int) -> QuerySet[Refusal]:
    """This will list the refusals of a partner that nothing has overcome yet, the newest first."""
    rows = Refusal.objects.filter(partnership=partnership_id, state=RefusalState.OPEN)
    return rows.select_related("reason").order_by("-said_date", "-id")


def of_lead(lead: MerchantLead) -> QuerySet[Refusal]:
    """This will list what a lead said no with, the newest first."""
    rows = Refusal.objects.filter(lead=lead).exclude(state=RefusalState.WITHDRAWN)
    return rows.select_related(*_SHOWN).order_by("-said_date", "-id")


def tries_of(refusal: Refusal) -> list[AnswerTry]:
    """This will list what was tried at a refusal, the newest first."""
    rows = refusal.tries.select_related("answer", "tried_by", "outcome_by")
    return list(rows.order_by("-tried_date", "-id"))


def leads_within(*, scope: Scope, text: str = "") -> QuerySet[MerchantLead]:
    """This will list the leads of a scope that were not won, those with an open refusal (`refused`)
    first, then the newest."""
    rows = MerchantLead.objects.filter(scope.branches())
    rows = rows.filter(~Exists(MerchantDeal.objects.filter(lead=OuterRef("pk"))))
    if text := text.strip():
        rows = rows.filter(Q(number__istartswith=text) | Q(origin__icontains=text))
    open_ones = Refusal.objects.filter(lead=OuterRef("pk"), state=RefusalState.OPEN)
    rows = rows.annotate(refused=Exists(open_ones)).select_related("branch")
    return rows.order_by("-refused", "-first_contact_date", "-id")


def lead_within(*, scope: Scope, number: str) -> MerchantLead | None:
    """This will return a lead of the scope, or None."""
    rows = MerchantLead.objects.filter(scope.branches(), number=number)
    return rows.select_related("branch").first()
