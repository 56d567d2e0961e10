"""A version that is approved as the bank's people would, within bounds that nothing leaves."""

import datetime as dt
from typing import Any

import yaml

from campaigns.models import CampaignVersion, SubmissionRule
from campaigns.planning import operations as planning
from campaigns.planning import queries
from campaigns.planning.rules import naming
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import Branch, Staff
from portal.runtime import stack

_KNOWN_CASE = stack.PROJECT / "examples" / "known_case" / "campaign.yaml"
_FIGURES = {"run": 0, "audience": 0, "worth": "0.00", "cost": "0.00", "at_most": "0.00"}


def approve(version: CampaignVersion, *, at: dt.datetime) -> None:
    """This will have a version approved by a second person."""
    SubmissionRule.objects.get_or_create(
        effective_date=dt.date(2020, 1, 1),
        defaults={
            "dry_run_days": 7, "audience_percent": 100, "audience_slack": 1_000_000_000,
            "cost_percent": 100, "cost_slack": 100_000_000_000, "source": "benchmark",
        },
    )  # fmt: skip
    checker, _is_new = Staff.objects.get_or_create(
        username="checker",
        defaults={
            "staff_number": "2", "name": "checker", "role": "approver",
            "branch": Branch.objects.filter(parent=None).get(),
        },
    )  # fmt: skip
    row = approvals.submit(
        kind=naming.APPROVAL_KIND, target_key=str(version.pk), title=str(version), summary="",
        snapshot=queries.snapshot_of(version)
        | {"figures": _FIGURES | {"on": clock.bank_day(at).isoformat()}},
        maker=version.created_by, author=version.created_by, at=at,
    )  # fmt: skip
    planning.note_submitted(version_id=version.pk, maker=version.created_by, at=at)
    approvals.decide(submission_id=row.pk, checker=checker, verdict="approve", reason="", at=at)
    version.refresh_from_db()


def in_force(*, at: dt.datetime, **changes: Any) -> CampaignVersion:
    """This will make a version of the known case with `changes`, owned by somebody of its own, and
    have it approved."""
    owner = Staff.objects.create(
        username="owner", staff_number="1", name="owner", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    plan = yaml.safe_load(_KNOWN_CASE.read_text(encoding="utf-8")) | changes
    version = planning.load_campaign(text=yaml.safe_dump(plan), owner=owner, at=at)
    approve(version, at=at)
    return version
