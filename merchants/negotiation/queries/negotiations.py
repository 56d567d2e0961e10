"""Lists of negotiations, and what belongs to one."""

import datetime as dt

from django.db.models import DateTimeField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from merchants.negotiation.enums import Stage
from merchants.negotiation.models import (
    Negotiation,
    Offer,
    SignedTerms,
    StageChange,
    TermsRequest,
)
from merchants.negotiation.rules import stages
from merchants.partnerships.enums import RequestState
from merchants.partnerships.models import Partnership
from merchants.partnerships.queries.partnerships import MINE, visible
from portal.staff.access import Scope

ALL = "all"


def list_negotiations(
    *, scope: Scope, whose: str = "", stage: str = "", purpose: str = "", text: str = ""
) -> QuerySet[Negotiation]:
    """This will list the negotiations of a scope with the instant of their latest step
    (`stepped_at`), those longest without one first. Without a stage only those in talks."""
    rows = with_steps(Negotiation.objects.filter(visible(scope, "partnership__")))
    if stage:
        rows = rows if stage == ALL else rows.filter(stage=stage)
    else:
        rows = rows.filter(stage__in=stages.IN_TALKS)
    if whose == MINE and scope.own_staff_id is not None:
        rows = rows.filter(partnership__manager=scope.own_staff_id)
    if purpose:
        rows = rows.filter(purpose=purpose)
    if text := text.strip():
        rows = rows.filter(
            Q(partnership__merchant__name__icontains=text)
            | Q(partnership__merchant__name_en__icontains=text)
            | Q(partnership__merchant__name_pinyin__startswith=text.lower())
            | Q(partnership__merchant__number=text.upper())
        )
    related = ("partnership__merchant", "partnership__manager", "partnership__branch")
    return rows.select_related(*related).order_by(F("stepped_at"), "id")


def with_steps(rows: QuerySet[Negotiation]) -> QuerySet[Negotiation]:
    """This will tell of negotiations when their latest move or offer was (`stepped_at`)."""
    moved = StageChange.objects.filter(negotiation=OuterRef("pk")).order_by("-number")
    offered = Offer.objects.filter(negotiation=OuterRef("pk")).order_by("-number")
    latest_offer = Subquery(offered.values("at")[:1], output_field=DateTimeField())
    latest_move = Subquery(moved.values("at")[:1], output_field=DateTimeField())
    latest = Greatest(latest_move, Coalesce(latest_offer, latest_move))
    return rows.annotate(stepped_at=latest)  # type: ignore[no-redef]


def one_negotiation(*, scope: Scope, negotiation_id: int) -> Negotiation | None:
    """This will return a negotiation of the scope, or None."""
    rows = with_steps(
        Negotiation.objects.filter(visible(scope, "partnership__"), pk=negotiation_id)
    )
    related = ("partnership__merchant__category", "partnership__manager", "partnership__branch")
    return rows.select_related("contract", *related).first()


def of_partnership(partnership: Partnership) -> QuerySet[Negotiation]:
    """This will list the negotiations of a partnership, the newest first."""
    rows = partnership.negotiations.select_related("signed__contract", "signed__offer")
    return rows.order_by("-id")


def in_talks_of(partnership: Partnership) -> Negotiation | None:
    """This will return the negotiation that is in talks; None where none is."""
    return partnership.negotiations.filter(stage__in=stages.IN_TALKS).first()


def history_of(negotiation: Negotiation) -> list[StageChange]:
    """This will return the moves of a negotiation in order, each with who made and who allowed
    it."""
    rows = negotiation.changes.select_related("actor", "approval", "offer", "refusal__reason")
    return list(rows.prefetch_related("approval__decisions__checker").order_by("number"))


def offers_of(negotiation: Negotiation) -> list[Offer]:
    """This will return the offers of a negotiation in order."""
    return list(negotiation.offers.select_related("recorded_by").order_by("number"))


def agreed_offer(negotiation: Negotiation) -> Offer | None:
    """This will return the offer that both agreed on last; None where terms are on the table
    again, or still."""
    if negotiation.stage not in {Stage.AGREEMENT, Stage.SIGNING, Stage.REVIEW, Stage.CLOSED}:
        return None
    change = agreement_of(negotiation)
    return change.offer if change else None


def agreement_of(negotiation: Negotiation) -> StageChange | None:
    """This will return the last move to agreement; None where there was none yet."""
    rows = negotiation.changes.filter(to_stage=Stage.AGREEMENT).select_related("offer")
    return rows.order_by("-number").first()


def request_of(negotiation: Negotiation) -> TermsRequest | None:
    """This will return the request that waits for a second person; None where none does."""
    rows = negotiation.requests.filter(state=RequestState.WAITING)
    return rows.select_related("asked_by", "offer", "submission").first()


def signed_of(negotiation: Negotiation) -> SignedTerms | None:
    """This will return what was signed; None where nothing is."""
    rows = SignedTerms.objects.filter(negotiation=negotiation)
    related = ("offer", "contract", "clause", "change", "signed_by")
    return rows.select_related(*related).first()


def latest_signed(partnership: Partnership, *, on: dt.date) -> SignedTerms | None:
    """This will return the terms of a partnership that were signed last by a day."""
    rows = SignedTerms.objects.filter(negotiation__partnership=partnership, signed_date__lte=on)
    return rows.select_related("offer", "contract").order_by("-first_date", "-id").first()
