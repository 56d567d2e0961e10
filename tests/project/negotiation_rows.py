"""One good row of each model of negotiations, and what its constraints refuse."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from merchants.models import StageChange
from portal.kit import clock
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number, row_of


def _rule(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert("merchants.NegotiationRule", values, effective_date=day, **made.RULE)


def _negotiation(*, to: str = "opening", **values: Any) -> Model:
    # Together: what no move began cannot be committed.
    with transaction.atomic():
        row = insert(
            "merchants.Negotiation", values, partnership=lazy("merchants.Partnership"),
            purpose="first", opened_at=INSTANT,
        )  # fmt: skip
        for stage in ("opening", "needs", "proposal")[: _PLACE[to]]:
            _change(negotiation=row, to_stage=stage)
    row.refresh_from_db()
    return row


_PLACE = {"opening": 1, "needs": 2, "proposal": 3}


def _change(**values: Any) -> Model:
    row = values.pop("negotiation", None) or row_of("merchants.Negotiation")
    last = StageChange.objects.filter(negotiation=row).order_by("-number").first()
    return insert(
        "merchants.StageChange", values, negotiation=row, number=last.number + 1 if last else 1,
        from_stage=last.to_stage if last else "", to_stage="needs" if last else "opening",
        on_date=DAY, at=INSTANT, reason="x", actor=row.partnership.manager,
    )  # fmt: skip


def _offer(**values: Any) -> Model:
    row = values.pop("negotiation", None) or _negotiation(to="proposal")
    spoken = row.offers.count()  # type: ignore[attr-defined]
    return insert(
        "merchants.Offer", values, negotiation=row, number=spoken + 1, round=spoken + 1,
        side="bank", on_date=DAY, at=INSTANT, recorded_by=partnerships.manager, **made.USUAL,
    )  # fmt: skip


def _figure(**values: Any) -> Model:
    return insert(
        "merchants.TermsFigure", values, negotiation=lazy("merchants.Negotiation"),
        code="turnover", value=Decimal(1), source="x", at=INSTANT,
        entered_by=partnerships.manager,
    )  # fmt: skip


def _request(**values: Any) -> Model:
    row = values.pop("negotiation", None) or _negotiation(to="proposal")
    return insert(
        "merchants.TermsRequest", values, negotiation=row, after=1,
        offer=lambda: _offer(negotiation=row), reason="x", submission=lazy("portal.Submission"),
        asked_by=partnerships.manager, asked_at=INSTANT,
    )  # fmt: skip


def _signed(**values: Any) -> Model:
    """Terms of a negotiation that was led to its signing."""
    row = made.in_stage("signing")
    with transaction.atomic():
        signed = insert(
            "merchants.SignedTerms", values, negotiation=row,
            offer=lambda: row.offers.get(side="merchant"),
            contract=lambda: row_of(
                "merchants.MerchantContract", merchant=row.partnership.merchant,
                signed_date=SIGNED, first_date=values.get("first_date", SIGNED),
                last_date=values.get("last_date", LAST),
            ),
            signed_date=SIGNED, first_date=SIGNED, last_date=LAST, at=made.at(SIGNED),
            signed_by=row.partnership.manager,
        )  # fmt: skip
        _change(negotiation=row, to_stage="review", on_date=SIGNED, at=made.at(SIGNED))
    return signed


SIGNED, LAST = dt.date(2026, 6, 20), dt.date(2027, 6, 19)


def _reminder(**values: Any) -> Model:
    return insert(
        "merchants.Reminder", values, partnership=lazy("merchants.Partnership"), kind="renewal",
        key=lambda: f"renewal:{number()}", contract=lazy("merchants.MerchantContract"),
        raised_date=DAY, due_date=DAY,
    )  # fmt: skip


BUILDERS.update(
    {
        "merchants.NegotiationRule": _rule,
        "merchants.Negotiation": _negotiation,
        "merchants.StageChange": _change,
        "merchants.Offer": _offer,
        "merchants.TermsFigure": _figure,
        "merchants.TermsRequest": _request,
        "merchants.SignedTerms": _signed,
        "merchants.Reminder": _reminder,
    }
)

_RULE, _TALKS, _CHANGE = (
    "merchants.NegotiationRule", "merchants.Negotiation", "merchants.StageChange",
)  # fmt: skip
_OFFER, _REMINDER = "merchants.Offer", "merchants.Reminder"
_SETTLED = {"settled_by": partnerships.manager, "settled_at": INSTANT}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("negotiation_rule_bounds", _RULE, {"most_cost_share": 101}),
    ("negotiation_rule_bounds", _RULE, {"most_months": 0}),
    ("negotiation_rule_bounds", _RULE, {"quiet_days": 0}),
    ("negotiation_rule_bounds", _RULE, {"renewal_days": 0}),
    ("negotiation_rule_bounds", _RULE, {"source": ""}),
    ("negotiation_is_about_a_contract", _TALKS, {"purpose": "renewal"}),
    ("negotiation_is_about_a_contract", _TALKS, {"purpose": "moon"}),
    ("negotiation_is_about_a_contract", _TALKS, {"contract": lazy("merchants.MerchantContract")}),
    ("negotiation_stage_is_told", _TALKS, {"stage": "needs"}),
    ("negotiation_stage_is_told", _TALKS, {"since": DAY}),
    ("terms_request_state_known", "merchants.TermsRequest", {"state": "lost"}),
    ("terms_request_has_reason", "merchants.TermsRequest", {"reason": ""}),
    ("stage_change_allowed", _CHANGE, {"to_stage": "bargaining"}),
    ("stage_change_allowed", _CHANGE, {"to_stage": "moon"}),
    ("stage_change_agrees_on_an_offer", _CHANGE, {"to_stage": "agreement"}),
    ("stage_change_has_reason", _CHANGE, {"reason": ""}),
    ("stage_change_lost_has_refusal", _CHANGE, {"to_stage": "lost"}),
    ("offer_shares_are_shares", _OFFER, {"cost_share": Decimal("100.01")}),
    ("offer_shares_are_shares", _OFFER, {"gain_share": Decimal("-0.01")}),
    ("offer_shares_are_shares", _OFFER, {"discount": Decimal("100.01")}),
    ("offer_terms_bounded", _OFFER, {"months": 0}),
    ("offer_terms_bounded", _OFFER, {"months": 121}),
    ("offer_terms_bounded", _OFFER, {"posts": 51}),
    ("offer_terms_bounded", _OFFER, {"minimum_turnover": Decimal(-1)}),
    ("offer_words_known", _OFFER, {"side": "moon"}),
    ("offer_words_known", _OFFER, {"exclusivity": "moon"}),
    ("offer_words_known", _OFFER, {"data_clause": "moon"}),
    ("terms_figure_has_source", "merchants.TermsFigure", {"source": ""}),
    ("terms_figure_has_source", "merchants.TermsFigure", {"value": Decimal(-1)}),
    ("terms_figure_has_source", "merchants.TermsFigure", {"code": "moon"}),
    ("reminder_names_its_cause", _REMINDER, {"contract": None}),
    ("reminder_names_its_cause", _REMINDER, {"kind": "quiet"}),
    ("reminder_names_its_cause", _REMINDER, {"kind": "moon"}),
    ("reminder_settled_whole", _REMINDER, {"state": "done"}),
    ("reminder_settled_whole", _REMINDER, {"state": "dismissed", **_SETTLED}),
    ("reminder_settled_whole", _REMINDER, {"words": "x"}),
    ("reminder_settled_whole", _REMINDER, {"state": "lost", **_SETTLED}),
]

UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("negotiation_in_talks_once", _TALKS, ["partnership"], {}),
    ("terms_request_waits_once", "merchants.TermsRequest", ["negotiation"], {}),
]

# Said elsewhere than in the tables of rows: tests/merchants/negotiation.
ELSEWHERE = {
    "stage_change_once",  # the trigger says it first
    "offer_number_once",  # the trigger says it first
    "offer_of_round_once",  # the trigger says it first
    "signed_terms_days_in_order",  # the trigger says it first
}
ONLY_ADDED_TO = [
    ("merchants.NegotiationRule", "source"),
    ("merchants.StageChange", "reason"),
    ("merchants.Offer", "words"),
    ("merchants.TermsFigure", "source"),
]


def ending_contract(_staff: Any, _arguments: dict[str, Any]) -> None:
    """A contract of a partner that ends soon, and a reminder of it."""
    row = row_of("merchants.Partnership")
    today = clock.today()
    contract = row_of(
        "merchants.MerchantContract", merchant=row.merchant, signed_date=today, first_date=today,
        last_date=today + dt.timedelta(days=30),
    )  # fmt: skip
    row_of("merchants.Reminder", partnership=row, contract=contract)


def offered_by(branch: Any, words: str) -> Any:
    """A merchant of a branch who made an offer with these words."""
    partnership = row_of("merchants.Partnership", branch=branch)
    talks = row_of("merchants.Negotiation", partnership=partnership, to="proposal")
    row_of("merchants.Offer", negotiation=talks, words=words)
    return partnership.merchant
