"""What callers are shown: facts about cards, as one person proposes and another approves them."""

import datetime as dt
from typing import Any

from journeys.models import CardProduct
from journeys.telemarketing import operations, rules
from journeys.telemarketing.models import ProductFact
from portal.approvals import operations as approvals
from portal.models import Staff, Submission
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

SAID: dict[str, Any] = {
    "rival_issuer": "某某银行", "rival_product": "白金卡", "aspect": "annual_fee",
    "ours": "首年免年费，刷满六次免次年", "ours_en": "No fee in the first year",
    "theirs": "年费 600 元", "theirs_en": "A fee of CNY 600 a year",
    "source": "官网《信用卡收费标准》",
}  # fmt: skip


def said(at: dt.datetime, **changes: Any) -> operations.FactSaid:
    """What a fact says that holds for ninety days."""
    days: dict[str, Any] = {
        "source_date": at.date() - dt.timedelta(days=3),
        "valid_until": at + dt.timedelta(days=90),
    }
    return operations.FactSaid(**{**SAID, **days, **changes})


def proposed(
    at: dt.datetime, *, maker: Staff | None = None, product: CardProduct | None = None,
    **changes: Any,
) -> ProductFact:  # fmt: skip
    return operations.propose_fact(
        product_id=(product or ProductFactory()).pk, said=said(at, **changes),
        maker=maker or StaffFactory(role="campaign_manager"), at=at,
    )  # fmt: skip


def script(
    at: dt.datetime, *bodies: str, maker: Staff | None = None, evidence: str = "", **place: Any
) -> Any:
    """A version of a script that waits, each body a variant with the same share."""
    words = bodies or ("您好，我是{branch}的{caller}",)
    share = 100 // len(words)
    variants = [
        rules.Variant(code, share, body, f"EN {body}")
        for code, body in zip(rules.CODES, words, strict=False)
    ]
    return operations.propose_script(
        place=operations.ScriptPlace(**{"stage": "opening", **place}), variants=variants,
        evidence=evidence, maker=maker or StaffFactory(role="campaign_manager"), at=at,
    )  # fmt: skip


def script_in_use(at: dt.datetime, *bodies: str, **place: Any) -> Any:
    row = script(at, *bodies, **place)
    decide(row, operations.SCRIPT_APPROVAL, at)
    return row


def decide(row: Any, kind: str, at: dt.datetime, verdict: str = "approve") -> None:
    """Somebody else decides about what was proposed."""
    asked = Submission.objects.get(kind=kind, target_key=str(row.pk))
    approvals.decide(
        submission_id=asked.pk, checker=StaffFactory(role="approver"), verdict=verdict,
        reason="" if verdict == "approve" else "再核对", at=at,
    )  # fmt: skip
    row.refresh_from_db()


def approved(at: dt.datetime, **changes: Any) -> ProductFact:
    row = proposed(at, **changes)
    decide(row, operations.FACT_APPROVAL, at)
    return row
