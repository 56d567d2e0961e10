"""One good row of every model, for the tests that walk through the whole house.

`row_of("journeys.Message", state="sent")` makes a row that the database accepts, with the rows it
hangs on, and the given values in place of the usual ones.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from campaigns.planning.rules.plans import read_plan
from tests.factories import campaigns, journeys, merchants, portal
from tests.project import (
    benefit_rows,
    comparison_rows,
    era_rows,
    evidence_rows,
    fund_rows,
    journey_rows,
    lead_rows,
    merchant_rows,
    negotiation_rows,
    outreach_rows,
    partnership_rows,
    post_rows,
    return_rows,
    touch_rows,
    warning_rows,
    window_rows,
)
from tests.project.making import BUILDERS, DAY, HASH, INSTANT, code, insert, lazy, number, row_of

__all__ = [
    "BUILDERS", "DAY", "INSTANT", "approved_version", "cleared_run", "comparison_rows", "era_rows",
    "fund_rows", "journey_rows", "lead_rows", "merchant_rows", "negotiation_rows", "outreach_rows",
    "partnership_rows", "post_rows", "return_rows", "row_of", "touch_rows", "window_rows",
]  # fmt: skip


def _team(**values: Any) -> Model:
    usual = {"branch": portal.head_office, "code": code, "name": "一组", "name_en": "1"}
    return insert("portal.Team", values, **usual)


def _submission(**values: Any) -> Model:
    return insert(
        "portal.Submission", values, kind="campaign_version", target_key=code, title="t",
        snapshot={}, snapshot_hash=HASH, maker=portal.StaffFactory, submitted_at=INSTANT,
    )  # fmt: skip


def _submission_decision(**values: Any) -> Model:
    submission = values.pop("submission", None) or row_of("portal.Submission")
    return insert(
        "portal.SubmissionDecision", values, submission=submission, maker=submission.maker,
        checker=portal.StaffFactory, verdict="approve", at=INSTANT,
    )  # fmt: skip


def _approval_level(**values: Any) -> Model:
    return insert(
        "portal.ApprovalLevel", values, kind="campaign_version", effective_date=DAY,
        measure="cost", at_least=number, approvals=2, source="Board",
    )  # fmt: skip


def _export_code() -> str:
    """A code of its own: the letters A to K are the digits of a running number."""
    return "".join("ABCDEFGHJK"[int(digit)] for digit in f"{number():08d}")


def _export(**values: Any) -> Model:
    by = values.pop("by", None) or portal.StaffFactory()
    return insert(
        "portal.Export", values, code=_export_code, kind="customers", by=by, branch=by.branch,
        made_at=INSTANT, reason="月度核对", rows=1, bytes=1, sha256=HASH,
    )  # fmt: skip


def _import_batch(**values: Any) -> Model:
    return insert(
        "portal.ImportBatch", values, kind="customers", file_name="c.csv", file_hash=HASH,
        started_at=INSTANT,
    )  # fmt: skip


def _upload(**values: Any) -> Model:
    return insert(
        "portal.Upload", values, kind="customers", stored_name=code,
        by=portal.StaffFactory, received_at=INSTANT, asked_at=INSTANT,
    )  # fmt: skip


def _api_token(**values: Any) -> Model:
    return insert(
        "portal.ApiToken", values, name=code, token_hash=HASH, kinds=["customers"],
        created_by=portal.StaffFactory, created_at=INSTANT,
        expires_at=INSTANT + dt.timedelta(days=1),
    )  # fmt: skip


def _api_call(**values: Any) -> Model:
    return insert(
        "portal.ApiCall", values, token=lazy("portal.ApiToken"), kind="customers",
        idempotency_key=code, body_hash=HASH, status=422, answer={}, at=INSTANT,
    )  # fmt: skip


def _audit_entry(**values: Any) -> Model:
    return insert("portal.AuditEntry", values, at=INSTANT, actor_label="system", action="test.x")


def _submission_rule(**values: Any) -> Model:
    return insert(
        "campaigns.SubmissionRule", values, dry_run_days=7, audience_percent=10, cost_percent=10,
        effective_date=lambda: DAY + dt.timedelta(days=number()), source="Board",
    )  # fmt: skip


def _campaign(**values: Any) -> Model:
    return insert(
        "campaigns.Campaign", values, code=code, name="活动", name_en="Campaign",
        owner=portal.StaffFactory, objective="activate", stage="activation", era="3.0",
        created_at=INSTANT,
    )  # fmt: skip


def _known_case() -> dict[str, Any]:
    known = {name: value for name, value in campaigns.PLAN.items() if name != "code"}
    return read_plan(known).as_content()


def _version(**values: Any) -> Model:
    return insert(
        "campaigns.CampaignVersion", values, campaign=lazy("campaigns.Campaign"), number=1,
        content=_known_case, content_hash=HASH, created_by=portal.StaffFactory, created_at=INSTANT,
    )  # fmt: skip


def _draft(**values: Any) -> Model:
    return insert(
        "campaigns.Draft", values, owner=portal.StaffFactory, content={}, created_at=INSTANT,
        changed_at=INSTANT, changed_by=portal.StaffFactory,
    )  # fmt: skip


def _submission_author(**values: Any) -> Model:
    return insert(
        "portal.SubmissionAuthor", values, submission=lazy("portal.Submission"),
        staff=portal.StaffFactory,
    )  # fmt: skip


def _version_author(**values: Any) -> Model:
    return insert(
        "campaigns.VersionAuthor", values, version=lazy("campaigns.CampaignVersion"),
        staff=portal.StaffFactory, wrote_at=INSTANT,
    )  # fmt: skip


def _draft_writer(**values: Any) -> Model:
    return insert(
        "campaigns.DraftWriter", values, draft=lazy("campaigns.Draft"), staff=portal.StaffFactory,
        wrote_at=INSTANT,
    )  # fmt: skip


def _run(**values: Any) -> Model:
    is_live = values.get("kind") == "live"
    version = approved_version if is_live else lazy("campaigns.CampaignVersion")
    return insert(
        "campaigns.Run", values, version=version, kind="preview", on_date=DAY, started_at=INSTANT,
    )  # fmt: skip


def _not_started(**values: Any) -> Model:
    return insert(
        "campaigns.NotStarted", values, version=lazy("campaigns.CampaignVersion"), on_date=DAY,
        why="stopped", since=INSTANT, at=INSTANT,
    )  # fmt: skip


def _chunk(**values: Any) -> Model:
    return insert(
        "campaigns.RunChunk", values, run=lazy("campaigns.Run"), number=1, first_id=1, end_id=2,
        enqueued_at=INSTANT,
    )  # fmt: skip


def _decision(**values: Any) -> Model:
    return insert(
        "campaigns.Decision", values, run=lazy("campaigns.Run"), customer=journeys.CustomerFactory,
        outcome="no_card",
    )  # fmt: skip


def _fact_change(**values: Any) -> Model:
    return insert("campaigns.FactChange", values, customer_id=1, transaction_id=1, last_date=DAY)


def approved_version(version: Any = None) -> Any:
    """A version that went its way to approval, with the submission that bears it out."""
    version = version or row_of("campaigns.CampaignVersion")
    if version.state == "approved":
        return version
    submission = row_of(
        "portal.Submission", target_key=str(version.pk), author=version.created_by,
        snapshot={"content": version.content, "content_hash": version.content_hash},
    )  # fmt: skip
    version.state = "submitted"
    version.save()
    row_of("portal.SubmissionDecision", submission=submission)
    submission.state, submission.closed_at = "approved", INSTANT
    submission.save()
    version.state, version.approved_at = "approved", INSTANT
    version.save()
    return version


def cleared_run(version: Any = None) -> Any:
    """A live run that has ended, of an approved version, and was held against it."""
    return row_of(
        "campaigns.Run", version=approved_version(version), kind="live", state="done",
        finished_at=INSTANT, cleared_at=INSTANT, texts=[],
    )  # fmt: skip


def _grant(**values: Any) -> Model:
    run = values.pop("run", None) or cleared_run()
    card = values.pop("card", None) or journeys.CardFactory(activated_date=DAY, first_used_date=DAY)
    return insert(
        "campaigns.Grant", values, campaign=run.version.campaign, version=run.version, run=run,
        card=card, customer=card.customer, reward="first_use_gift", amount=Decimal(20),
        granted_date=DAY, granted_at=INSTANT,
    )  # fmt: skip


def _word_decision(**values: Any) -> Model:
    return insert(
        "campaigns.WordDecision", values, effective_date=DAY, word=code, state="found",
        level="ban", source="合规部函", decided_by=portal.StaffFactory, decided_at=INSTANT,
    )  # fmt: skip


def _exclusive_group(**values: Any) -> Model:
    return insert(
        "campaigns.ExclusiveGroup", values, code=code, name="二选一", name_en="One of two",
        days=None, source="合规部函", decided_by=portal.StaffFactory, decided_at=INSTANT,
    )  # fmt: skip


def _reversal(**values: Any) -> Model:
    return insert(
        "campaigns.GrantReversal", values, grant=lazy("campaigns.Grant"), kind="condition_lost",
        on_date=DAY, failed_at=0, at=INSTANT,
    )  # fmt: skip


def _claw_back(**values: Any) -> Model:
    return insert(
        "campaigns.ClawBack", values, grant=lazy("campaigns.Grant"), reason="同一人",
        asked_by=portal.StaffFactory, asked_at=INSTANT,
    )  # fmt: skip


def _looked_at(**values: Any) -> Model:
    return insert(
        "campaigns.LookedAt", values, grant=lazy("campaigns.Grant"), grants=[1, 2], of_group=False,
        reason="客户经理已核实", looked_by=portal.StaffFactory, looked_at=INSTANT,
    )  # fmt: skip


def _lower_tier(**values: Any) -> Model:
    return insert(
        "campaigns.LowerTier", values, reversal=lazy("campaigns.GrantReversal"),
        answer="not_reached", at=INSTANT,
    )  # fmt: skip


def _reversal_failure(**values: Any) -> Model:
    return insert(
        "campaigns.ReversalFailure", values, grant=lazy("campaigns.Grant"), reason="ValueError",
        first_at=INSTANT, last_at=INSTANT,
    )  # fmt: skip


def _to_look_at(**values: Any) -> Model:
    return insert("campaigns.ToLookAt", values, card_id=1, due_date=DAY)


def _book(**values: Any) -> Model:
    version = values.pop("version", None) or row_of("campaigns.CampaignVersion")
    return insert(
        "campaigns.BudgetBook", values, campaign=version.campaign, version=version,
        opened_at=INSTANT,
    )  # fmt: skip


def _limit(**values: Any) -> Model:
    if "customer" in values:
        values = {"kind": "customer", "key": code(), **values}
    return insert(
        "campaigns.BudgetLimit", values, book=lazy("campaigns.BudgetBook"), kind="party", key=code,
        planned=Decimal(10), most=Decimal(10), used=Decimal(4),
    )  # fmt: skip


def _entry(**values: Any) -> Model:
    grant = values.pop("grant", None) or row_of("campaigns.Grant")
    book = values.pop("book", None) or row_of("campaigns.BudgetBook", version=grant.version)
    return insert(
        "campaigns.BudgetEntry", values, book=book, kind="reserve", grant=grant,
        customer=grant.customer, branch=grant.customer.branch, day=grant.granted_date,
        tier=grant.reward, party="bank", amount=grant.amount, units=1, at=INSTANT,
    )  # fmt: skip


def _flash_sale(**values: Any) -> Model:
    run = values.pop("run", None) or row_of("campaigns.Run")
    return insert(
        "campaigns.FlashSale", values, version=run.version, run=run, tier="first-gift", units=3,
        opens_at=INSTANT, closes_at=INSTANT + dt.timedelta(hours=1), hold_seconds=60,
        created_by=portal.StaffFactory, created_at=INSTANT,
    )  # fmt: skip


def _flash_unit(**values: Any) -> Model:
    return insert("campaigns.FlashUnit", values, sale=lazy("campaigns.FlashSale"), number=number)


def _flash_claim(**values: Any) -> Model:
    sale = values.pop("sale", None) or row_of("campaigns.FlashSale")
    unit = values.pop("number", None) or row_of("campaigns.FlashUnit", sale=sale).number  # type: ignore[attr-defined]
    customer = values.pop("customer", None)
    card = values.pop("card", None) or journeys.CardFactory(
        activated_date=DAY, first_used_date=DAY, **({"customer": customer} if customer else {})
    )
    return insert(
        "campaigns.FlashClaim", values, sale=sale, number=unit, customer=card.customer, card=card,
        claimed_at=INSTANT, held_until=INSTANT + dt.timedelta(seconds=60),
    )  # fmt: skip


BUILDERS.update(
    {
        "campaigns.GrantReversal": _reversal,
        "campaigns.ClawBack": _claw_back,
        "campaigns.LookedAt": _looked_at,
        "campaigns.LowerTier": _lower_tier,
        "campaigns.ReversalFailure": _reversal_failure,
        "campaigns.ToLookAt": _to_look_at,
        "campaigns.BudgetBook": _book,
        "campaigns.BudgetLimit": _limit,
        "campaigns.BudgetEntry": _entry,
        "campaigns.FlashSale": _flash_sale,
        "campaigns.FlashUnit": _flash_unit,
        "campaigns.FlashClaim": _flash_claim,
        "portal.Branch": portal.BranchFactory,
        "portal.Team": _team,
        "portal.Staff": portal.StaffFactory,
        "portal.Submission": _submission,
        "portal.SubmissionDecision": _submission_decision,
        "portal.ApprovalLevel": _approval_level,
        "portal.Export": _export,
        "portal.ImportBatch": _import_batch,
        "portal.Upload": _upload,
        "portal.ApiToken": _api_token,
        "portal.ApiCall": _api_call,
        "portal.AuditEntry": _audit_entry,
        "merchants.MerchantCategory": merchants.CategoryFactory,
        "merchants.Merchant": merchants.MerchantFactory,
        **(evidence_rows.BUILDERS | warning_rows.BUILDERS),
        "campaigns.SenderName": lambda **values: insert(
            "campaigns.SenderName", values, name=code, effective_date=DAY, source="Board"
        ),
        "campaigns.SubmissionRule": _submission_rule,
        "campaigns.Campaign": _campaign,
        "campaigns.CampaignVersion": _version,
        "campaigns.Draft": _draft,
        "campaigns.DraftWriter": _draft_writer,
        "campaigns.VersionAuthor": _version_author,
        "portal.SubmissionAuthor": _submission_author,
        "campaigns.Run": _run,
        "campaigns.RunChunk": _chunk,
        "campaigns.NotStarted": _not_started,
        "campaigns.Decision": _decision,
        "campaigns.FactChange": _fact_change,
        "campaigns.Grant": _grant,
        "campaigns.WordDecision": _word_decision,
        "campaigns.ExclusiveGroup": _exclusive_group,
        "campaigns.Benefit": benefit_rows.benefit,
        "campaigns.BenefitEntry": benefit_rows.benefit_entry,
        "campaigns.UsedBefore": benefit_rows.used_before,
        "campaigns.PartnerUse": benefit_rows.partner_use,
        "campaigns.BenefitCount": benefit_rows.benefit_count,
        "campaigns.TrialGrant": benefit_rows.trial_grant,
    }
)
