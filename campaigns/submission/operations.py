"""Putting a version before the people who approve it, with what a dry run says of it; and the
texts that are approved with versions: writing the next wording, withdrawing one."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.models import Run
from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import drift, linting, naming, wording
from campaigns.submission import queries, rules
from journeys.outreach import operations as outreach
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.staff.enums import Permission
from portal.staff.models import Staff


class PlanNotFit(Exception):
    """Raised when a version must not be submitted as it stands; `faults` say what and where."""

    def __init__(self, faults: list[linting.Fault]) -> None:
        super().__init__("\n".join(fault.sentence for fault in faults))
        self.faults = faults


class NotReady(Exception):
    """Raised when a version lacks a recent dry run, or the bank its rules and levels; its text is a
    sentence for a person."""


@transaction.atomic
def submit_version(*, version_id: int, maker: Staff, at: dt.datetime) -> CampaignVersion:
    """This will ask other people to approve a version: as many as its cost and audience need, none
    of them its maker or one who wrote in it or in the message texts that it sends.

    What its newest dry run found is frozen beside rule, texts and messages. A version that was
    returned, withdrawn or voided may be submitted again as it stands; one that was vetoed never,
    nor another that says the same. Raises planning's NotAllowed and VersionNotSubmittable,
    PlanNotFit where something must be mended first, and NotReady.
    """
    version = planning.open_for_submission(version_id=version_id, maker=maker)
    today = clock.bank_day(at)
    if blocks := linting.blocks_of(plans.faults_of(version, on=today)):
        raise PlanNotFit(blocks)
    ready = queries.readiness_of(version, on=today)
    if ready.problem:
        raise NotReady(ready.problem)
    inside = queries.inside_of(version, ready.run) if ready.run else {}
    snapshot = plans.snapshot_of(version) | {"figures": ready.figures | {"inside": inside}}
    approvals.submit(
        kind=naming.APPROVAL_KIND,
        target_key=str(version.pk),
        title=f"{version.campaign.name} v{version.number}",
        title_en=f"{version.campaign.name_en} v{version.number}",
        summary="\n\n".join(snapshot["text"][language] for language in wording.LANGUAGES),
        snapshot=snapshot,
        maker=maker,
        author=version.created_by,
        co_authors=queries.co_authors_of(version, snapshot["messages"]),
        approvals_needed=ready.approvals,
        at=at,
    )
    return planning.note_submitted(version_id=version_id, maker=maker, at=at)


def start_dry_run(*, version_id: int, by: Staff, at: dt.datetime) -> Run:
    """This will start the dry run that a submission needs, as of the day of `at`. Raises
    eligibility's RunNotAllowed."""
    return eligibility.start_run(
        version_id=version_id,
        kind=RunKind.DRY_RUN,
        on=clock.bank_day(at),
        started_by=by,
        at=at,
    )


class TextNotWritable(Exception):
    """Raised when a wording needs what no run brings, says what the one before says, or the role
    does not allow it; its text is a sentence for a person."""


@transaction.atomic
def withdraw_text(*, text_id: int, reason: str, actor: Staff, at: dt.datetime) -> int:
    """This will withdraw a message text at once, and return how many waiting messages were
    cancelled. The approval of each version that was approved with it is void: its live run that is
    going on ends at the next part, and none begins before it is approved again.

    Raises planning's NotAllowed and outreach's TextNotWithdrawable.
    """
    planning.require(actor, Permission.WITHDRAW_TEXTS)
    # Approvals before messages, in the order in which a veto takes them.
    for version in queries.approved_with(text_id):
        lost = [drift.Drift(drift.WITHDRAWN, approved=queries.reference_of(text_id))]
        planning.void_approval(version_id=version.pk, drifts=lost, at=at)
    return outreach.withdraw_text(template_id=text_id, reason=reason, actor=actor, at=at)


@transaction.atomic
def write_text(*, text_id: int, subject: str, body: str, actor: Staff, at: dt.datetime) -> Any:
    """This will write the next version of a message text. It goes out with what is approved from
    now on; what was approved before keeps its own. Raises planning's NotAllowed, TextNotWritable
    and outreach's BadTemplate."""
    planning.require(actor, Permission.EDIT_CAMPAIGNS)
    text = queries.text(text_id)
    if queries.result_of(text):
        raise TextNotWritable(_("The wording of a result is approved by another person first."))
    latest = queries.latest_of(text)
    if unknown := rules.unknown_variables(subject, body):
        raise TextNotWritable(
            _("No run brings these values: {names}. There are: {known}.").format(
                names=", ".join(unknown), known=", ".join(rules.VARIABLES)
            )
        )
    if latest.says(subject, body) and not latest.is_withdrawn:
        raise TextNotWritable(_("It says the same as the version before; nothing was written."))
    return outreach.add_template(
        code=text.code, channel=text.channel, language=text.language, subject=subject, body=body,
        actor=actor, at=at,
    )  # fmt: skip
