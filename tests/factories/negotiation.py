"""Negotiations, led by the operations themselves."""

import datetime as dt
from decimal import Decimal
from typing import Any

from merchants.models import (
    Negotiation,
    NegotiationRule,
    Offer,
    Partnership,
    RefusalReason,
    SignedTerms,
)
from merchants.negotiation import operations
from merchants.negotiation.rules.terms import Terms
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import Submission
from tests.factories import campaigns, partnerships

FIRST = dt.date(2026, 6, 1)
RULE = {
    "most_cost_share": 60, "most_months": 24, "most_paid": 500_000, "most_conceded": 100_000,
    "quiet_days": 14, "renewal_days": 90, "source": "Board",
}  # fmt: skip
USUAL = {
    "cost_share": Decimal(40), "gain_share": Decimal(50), "discount": Decimal(5),
    "exclusivity": "none", "months": 12, "posts": 1, "minimum_turnover": Decimal(200_000),
    "data_clause": "none",
}  # fmt: skip
FIGURES = {"turnover": 2_000_000, "joint_cost": 300_000, "joint_gain": 100_000,
           "post_cost": 20_000}  # fmt: skip
WAY = ["needs", "proposal", "bargaining", "agreement", "signing", "review"]


def set_rule(**values: Any) -> NegotiationRule:
    """A rule that holds from the first day of these tests on."""
    day = values.pop("effective_date", dt.date(2025, 12, 1))
    return NegotiationRule.objects.get_or_create(effective_date=day, defaults={**RULE, **values})[0]


def terms(**values: Any) -> Terms:
    return Terms(**{**USUAL, **values})


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=hour)


def begun(
    *, on: dt.date = FIRST, purpose: str = "first", partnership: Partnership | None = None
) -> Negotiation:
    """A negotiation that was begun on a day."""
    set_rule()
    if partnership is None:
        partnership = partnerships.in_phase("comparison", on=on - dt.timedelta(days=90))
    return operations.open_negotiation(
        partnership_id=partnership.pk, purpose=purpose, reason="约见负责人",
        actor=partnership.manager, at=at(on),
    )  # fmt: skip


def moved(row: Negotiation, to: str, *, on: dt.date, **values: Any) -> Any:
    """The negotiation moved on a day by its manager; a loss for the root of reasons `refusal`."""
    row.refresh_from_db()
    if root := values.pop("refusal", ""):
        reason = RefusalReason.objects.get(parent=None, root=root)
        values["lost"] = operations.Lost(reason_id=reason.pk)
    return operations.move_negotiation(
        negotiation_id=row.pk, to=to, reason=values.pop("reason", "原因"), **{
            "after": row.moved, "actor": row.partnership.manager, "at": at(on), **values,
        },
    )  # fmt: skip


def offered(row: Negotiation, side: str, *, on: dt.date, **values: Any) -> Offer:
    """An offer of a side on a day, at the usual terms but for those given."""
    actor = values.pop("actor", row.partnership.manager)
    return operations.record_offer(
        negotiation_id=row.pk, side=side, terms=terms(**values), words="",
        seen=row.offers.count(), actor=actor, at=at(on),
    )  # fmt: skip


def figured(row: Negotiation, *, on: dt.date, **values: int) -> None:
    """The figures of a negotiation, entered on a day."""
    for code, value in {**FIGURES, **values}.items():
        operations.enter_figure(
            negotiation_id=row.pk, code=code, value=Decimal(value), source="商户年报",
            actor=row.partnership.manager, at=at(on),
        )  # fmt: skip


def in_stage(
    stage: str,
    *,
    on: dt.date = FIRST,
    both: dict[str, Any] | None = None,
    agreed: dict[str, Any] | None = None,
    **values: Any,
) -> Negotiation:
    """A negotiation that came to a stage by the shortest way, one step a day from `on` on; both
    sides' terms are the usual ones but for `both`, the merchant's, which is agreed on, but for
    `agreed`. Nothing of it stands in the bank's records, so that a second person lets it go to
    signing."""
    row = begun(on=on, **values)
    day = on
    for to in WAY[: WAY.index(stage) + 1] if stage in WAY else []:
        day += dt.timedelta(days=1)
        if to == "review":
            signed(row, on=day)
            continue
        more: dict[str, Any] = {}
        if to == "agreement":
            more["offer_id"] = row.offers.get(side="merchant").pk
        if to == "signing":
            let_sign(row, on=day)
        else:
            moved(row, to, on=day, **more)
        if to == "needs":
            figured(row, on=day)
        if to == "proposal":
            offered(row, "bank", on=day, **(both or {}))
            offered(row, "merchant", on=day, **(both or {}), **(agreed or {}))
    row.refresh_from_db()
    return row


def recorded(row: Negotiation, *, on: dt.date, joint_cost: int, begun: int = 300) -> None:
    """What the bank's records say of the year before a day: the cost of joint campaigns, begun so
    many days ago."""
    from tests.project.rows import row_of  # whose rows need this module

    merchant = row.partnership.merchant
    version = campaigns.draft(code=f"joint-{row.pk}", merchants=[merchant.number])
    book = row_of("campaigns.BudgetBook", campaign=version.campaign, version=version)
    for days in (begun, 30):
        row_of(
            "campaigns.BudgetEntry", book=book, day=on - dt.timedelta(days=days),
            amount=Decimal(joint_cost) / 2,
        )  # fmt: skip


def paper(on: dt.date, **values: Any) -> operations.Paper:
    return operations.Paper(
        **{
            "number": f"HT-N{Negotiation.objects.count()}-{on:%m%d}", "signed_date": on,
            "first_date": on, "notice_days": 30, **values,
        }
    )  # fmt: skip


def signed(row: Negotiation, *, on: dt.date, **values: Any) -> SignedTerms:
    """The agreed terms signed on a day."""
    row.refresh_from_db()
    return operations.sign_terms(
        negotiation_id=row.pk, after=row.moved, paper=paper(on, **values), reason="双方签署",
        actor=row.partnership.manager, at=at(on),
    )  # fmt: skip


def let_sign(row: Negotiation, *, on: dt.date) -> None:
    """The agreed terms, let go to signing by a second person on a day."""
    decided(asked(row, on=on), "approve", on=on)
    row.refresh_from_db()


def asked(row: Negotiation, *, on: dt.date) -> Any:
    """The agreed terms put before a second person on a day."""
    row.refresh_from_db()
    return operations.ask_terms(
        negotiation_id=row.pk, after=row.moved, reason="商户体量大", actor=row.partnership.manager,
        at=at(on),
    )  # fmt: skip


def decided(request: Any, verdict: str, *, on: dt.date, reason: str = "") -> Submission:
    return approvals.decide(
        submission_id=request.submission_id,
        checker=partnerships.chief(request.negotiation.partnership), verdict=verdict,
        reason=reason, at=at(on, 10),
    )  # fmt: skip
