"""Putting a version before the people who approve it, with what a dry run says of it."""

import datetime as dt

from django.db import transaction

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.models import Run
from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import linting, naming, wording
from campaigns.submission import queries
from portal.approvals import operations as approvals
from portal.kit import clock
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
    inside = queries.inside_of(version, ready.run, on=today) if ready.run else {}
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
        excused=queries.excused_in(snapshot, on=today),
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
