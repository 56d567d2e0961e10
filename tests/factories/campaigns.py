"""Campaigns, their versions, and customers who qualify for them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import yaml

from campaigns.eligibility import operations as eligibility
from campaigns.models import CampaignVersion, Run, SubmissionRule
from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.rules.naming import APPROVAL_KIND
from campaigns.submission import operations as submission
from campaigns.submission import queries as submitted
from journeys.models import Card, Customer, MessageTemplate
from portal.approvals import operations as approvals
from portal.models import ApprovalLevel, Staff
from tests.factories.journeys import (
    DAY,
    CardFactory,
    ConsentFactory,
    ContactRuleFactory,
    ProductFactory,
    TransactionFactory,
)
from tests.factories.portal import StaffFactory

# The afternoon of 2026-06-30 in the bank's time.
AT = dt.datetime(2026, 6, 30, 6, 0, tzinfo=dt.UTC)
ON = dt.date(2026, 6, 30)

RULE: dict[str, Any] = {
    "all": [
        {"kind": "issued_within", "days": 20},
        {"kind": "activated"},
        {"kind": "first_used"},
        {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00"},
    ]
}
TIER: dict[str, Any] = {
    "code": "first-gift",
    "kind": "gift",
    "name": "首刷礼",
    "name_en": "First-transaction gift",
    "value": "10.00",
}
DISCLOSURE: dict[str, Any] = {
    "organiser": "本行信用卡中心",
    "organiser_en": "Credit Card Centre",
    "redeem": "在手机银行“我的权益”领取。",
    "redeem_en": "Take it in mobile banking under My benefits.",
    "redeem_days": 90,
    "forfeit": "逾期未领取的，视为放弃。",
    "forfeit_en": "What is not taken in time is forfeited.",
}
PLAN: dict[str, Any] = {
    "code": "first-gift",
    "name": "新户首刷礼",
    "name_en": "First gift",
    "objective": "activate",
    "stage": "activation",
    "scenario": "",
    "era": "2.0",
    "products": ["GOLD"],
    "issued_from": "2026-01-01",
    "issued_to": "2026-06-01",
    "rule": RULE,
    "rewards": {"mode": "highest", "tiers": [TIER]},
    "runs_from": "2026-01-01",
    "runs_to": "2027-01-01",
    "budget": {"total": "1000000.00"},
    "channels": ["sms", "email"],
    "template": "first_gift",
    "disclosure": DISCLOSURE,
}


def plan_text(**changes: Any) -> str:
    """The YAML text of a campaign, the known case with `changes`."""
    return yaml.safe_dump(PLAN | changes, allow_unicode=True)


def message_texts(body: str = "{reward} {amount} {card_tail}") -> None:
    """The texts of the known case's message, in Chinese for both channels."""
    for channel, subject in (("sms", ""), ("email", "首刷礼")):
        MessageTemplate.objects.get_or_create(
            code="first_gift",
            channel=channel,
            language="zh-hans",
            version=1,
            defaults={"subject": subject, "body": body},
        )


def draft(owner: Staff | None = None, **changes: Any) -> CampaignVersion:
    """A version of the known case that nobody has submitted."""
    ProductFactory()
    message_texts()
    return planning.load_campaign(
        text=plan_text(**changes), owner=owner or StaffFactory(role="campaign_manager"), at=AT
    )


def approved(**changes: Any) -> CampaignVersion:
    """An approved version of the known case, with everything that a live run needs."""
    ContactRuleFactory()
    version = draft(**changes)
    if version.state != "approved":
        approve(version)
    return version


def submission_settings() -> None:
    """What the bank sets before anything is submitted: one approval whatever the size, and bounds
    of drift that the customers of a test stay within."""
    SubmissionRule.objects.get_or_create(
        effective_date="2020-01-01",
        defaults={
            "dry_run_days": 7, "audience_percent": 10, "audience_slack": 10_000_000,
            "cost_percent": 10, "cost_slack": 1_000_000_000, "source": "Board",
        },
    )  # fmt: skip
    ApprovalLevel.objects.get_or_create(
        kind=APPROVAL_KIND, effective_date="2020-01-01", measure="cost", at_least=0,
        defaults={"approvals": 1, "source": "Board"},
    )  # fmt: skip


FIGURES: dict[str, Any] = {
    "run": 0, "on": "2026-06-30", "audience": 0, "worth": "0.00", "cost": "0.00",
    "at_most": "1000000.00", "tally": {}, "ran_out": [],
}  # fmt: skip


def submit(version: CampaignVersion, **figures: Any) -> int:
    """Put a version before its approvers with these figures, as if a dry run had found them and
    whatever is wrong with its plan; the submission's id."""
    submission_settings()
    snapshot = plans.snapshot_of(version) | {"figures": FIGURES | figures}
    row = approvals.submit(
        kind=APPROVAL_KIND, target_key=str(version.pk), title=str(version), summary="",
        snapshot=snapshot, maker=version.created_by, author=version.created_by,
        co_authors=submitted.co_authors_of(version, snapshot["messages"]), at=AT,
    )  # fmt: skip
    planning.note_submitted(version_id=version.pk, maker=version.created_by, at=AT)
    version.refresh_from_db()
    return row.pk


def hand_in(version: CampaignVersion, maker: Staff | None = None) -> None:
    """Submit a version as its page does, after a dry run."""
    submission_settings()
    dry_run(version)
    submission.submit_version(version_id=version.pk, maker=maker or version.created_by, at=AT)
    version.refresh_from_db()


def dry_run(version: CampaignVersion, on: dt.date = ON, at: dt.datetime = AT) -> Run:
    """A dry run of a version that has ended."""
    run = eligibility.start_run(
        version_id=version.pk, kind="dry_run", on=on, started_by=None, at=at
    )
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def clear(run: Run) -> None:
    """Note of a run that it was found to be what was approved, with the texts that were."""
    texts = plans.approved_messages(run.version)
    Run.objects.filter(pk=run.pk).update(cleared_at=AT, texts=texts)


def approve(version: CampaignVersion, at: dt.datetime = AT, **figures: Any) -> None:
    """Have a version approved by a second person, with these figures."""
    approvals.decide(
        submission_id=submit(version, **figures), checker=StaffFactory(role="approver"),
        verdict="approve", reason="", at=at,
    )  # fmt: skip
    version.refresh_from_db()


def card_in_use(spent: str = "600.00", **fields: Any) -> Card:
    """A card issued, activated and used on DAY, whose customer consents to SMS."""
    card = CardFactory(**{"activated_date": DAY, "first_used_date": DAY} | fields)
    TransactionFactory(card=card, amount=Decimal(spent))
    ConsentFactory(customer=card.customer, effective_at=AT - dt.timedelta(days=90))
    return card


def customer_of(card: Card) -> Customer:
    return card.customer
