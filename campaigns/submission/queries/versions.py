"""What a version needs to be submitted, what was submitted of it, and where that stands."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from campaigns.eligibility import queries as eligibility
from campaigns.eligibility.models import Run
from campaigns.planning import queries as planning
from campaigns.planning.models import CampaignVersion, SubmissionRule
from campaigns.planning.rules import drift, naming, plans
from campaigns.wording import queries as words
from journeys.outreach import queries as outreach
from portal.approvals import queries as approvals
from portal.approvals import rules as approval_rules
from portal.kit import clock

# A submission of the portal; its model is not ours to name.
Submission = Any


# --- what is needed to submit ------------------------------------------------------------------
@dataclass(frozen=True)
class Readiness:
    """Whether a version has what a submission needs besides a plan without faults: the dry run that
    would stand behind it and what that found, how many people would have to approve, and what is
    missing; `asks_run` where a new dry run is what is missing, `going` where one is going on."""

    run: Run | None = None
    figures: dict[str, Any] = field(default_factory=dict)
    approvals: int = 0
    problem: str = ""
    asks_run: bool = False
    going: Run | None = None


def readiness_of(version: CampaignVersion, *, on: dt.date) -> Readiness:
    """This will tell on a day what a version still needs to be submitted."""
    rule = planning.submission_rule(on=on)
    if rule is None:
        return Readiness(problem=_(
            "No rule of submission is in force. Ask the administrator to add one, with its "
            "source."
        ))  # fmt: skip
    run, going = eligibility.newest_dry_run(version.pk), eligibility.going_dry_run(version.pk)
    problem = _lacks_run(run, rule, on)
    if run is None or problem:
        return Readiness(run=run, problem=problem, asks_run=going is None, going=going)
    # The bounds are approved with the figures: a wider rule of later does not widen them.
    figures = figures_of(version, run) | {"bounds": planning.bounds_on(on).as_data()}
    try:
        needed = _approvals_needed(figures, on)
    except approvals.LevelsMissing:
        return Readiness(run=run, problem=_(
            "No levels of approval are in force for campaigns. Ask the administrator to add "
            "them: how many people approve from which cost and audience on."
        ))  # fmt: skip
    return Readiness(run=run, figures=figures, approvals=needed, going=going)


def _lacks_run(run: Run | None, rule: SubmissionRule, on: dt.date) -> str:
    if run is None:
        return _("This version has had no dry run, which shows whom it reaches and what it costs.")
    return _grown_old(run.on_date, rule, on)


def _grown_old(day: dt.date, rule: SubmissionRule, on: dt.date) -> str:
    if (on - day).days <= rule.dry_run_days:
        return ""
    return _("The latest dry run is as of {day}; one of the last {days} days is needed.").format(
        day=day, days=rule.dry_run_days
    )


def _approvals_needed(figures: Mapping[str, Any], on: dt.date) -> int:
    """How many people approve, by the most that it may cost and by those who qualify. Raises
    portal.approvals.queries.LevelsMissing."""
    return approvals.approvals_for(kind=naming.APPROVAL_KIND, measured=measured_of(figures), on=on)


def measured_in(snapshot: Mapping[str, Any]) -> dict[str, Decimal]:
    """This will return what levels of approval measure of what was submitted; nothing where it has
    no figures, so that it counts as without bounds."""
    return measured_of(snapshot["figures"]) if snapshot.get("figures") else {}


def measured_of(figures: Mapping[str, Any]) -> dict[str, Decimal]:
    """This will return what levels of approval measure of the figures of a submission."""
    measured = {"audience": Decimal(figures["audience"])}
    if figures["at_most"] is not None:
        measured["cost"] = Decimal(figures["at_most"])
    return measured


def figures_of(version: CampaignVersion, run: Run) -> dict[str, Any]:
    """This will return what a dry run found of a version, as it is frozen in a snapshot: whom it
    reaches, what that costs and the most it may cost, and the counts behind the funnel."""
    written = run.figures or {}
    reached = eligibility.measured(run)
    cost = eligibility.figures_of(run).given.amount
    at_most = plans.plan_of(version.content).at_most
    return {
        "run": run.pk,
        "on": run.on_date.isoformat(),
        **drift.Measured(reached.audience, reached.worth, cost).as_data(),
        "at_most": None if at_most is None else str(max(at_most, cost)),
        "tally": written.get("tally", {}),
        "ran_out": written.get("ran_out", []),
    }


def co_authors_of(version: CampaignVersion, texts: Sequence[Mapping[str, Any]]) -> list[Any]:
    """This will list who wrote in a version, beside the one who made it, or in the message texts
    that are approved with it."""
    wrote = [
        *planning.co_authors_of(version.pk),
        *outreach.authors_of_texts([one["text"] for one in texts]),
    ]
    return list({one.pk: one for one in wrote if one.pk != version.created_by_id}.values())


def excused_in(snapshot: Mapping[str, Any], *, on: dt.date) -> list[Any]:
    """This will list who decided about words without which more would be found on a day in what
    customers read of a version."""
    texts = [
        *snapshot["text"].values(),
        *(f"{one['subject']}\n{one['body']}" for one in snapshot["messages"]),
    ]
    return words.excused_by(texts, on=on)


# --- what was submitted ------------------------------------------------------------------------
def current_hash(target_key: str) -> str:
    """This will return the fingerprint of a version as it stands now, beside the figures that were
    submitted with it."""
    submitted: Any = approvals.pending_snapshot(kind=naming.APPROVAL_KIND, target_key=target_key)
    now = planning.snapshot_of(planning.version(int(target_key)))
    figures = {"figures": submitted["figures"]} if submitted and "figures" in submitted else {}
    if submitted and not all("text" in one for one in submitted.get("messages", [])):
        # From before wordings were named by their ids.
        now["messages"] = planning.without_ids(now["messages"])
    return approval_rules.snapshot_hash(now | figures)


def changed_since(target_key: str, snapshot: Mapping[str, Any]) -> str:
    """This will say what of a version is not as it was submitted, and what to do; empty where
    nothing is. The version itself is frozen: what is made from it may come out otherwise."""
    if current_hash(target_key) == approval_rules.snapshot_hash(dict(snapshot)):
        return ""
    now = planning.snapshot_of(planning.version(int(target_key)))
    if now["text"] != snapshot.get("text"):
        return _(
            "The text that customers read comes out otherwise than it was submitted: the portal "
            "was upgraded, or a name in it was changed. Nothing of the version itself was. Submit "
            "it again, so that the text is approved as it reads now."
        )
    if planning.without_ids(now["messages"]) != planning.without_ids(snapshot.get("messages", [])):
        return _(
            "The message texts were changed since it was submitted. Submit it again, so that they "
            "are approved as they read now."
        )
    return _(
        "The portal was upgraded since it was submitted and keeps more of a version now. Submit it "
        "again as it is."
    )


def drift_since(target_key: str, snapshot: Mapping[str, Any]) -> str:
    """This will say how far the newest dry run of a version lies from the one that was submitted;
    empty where it is within the bounds that were submitted, and those in force on its day."""
    if "figures" not in snapshot:
        return drift.Drift(drift.FIGURES).sentence
    version = planning.version(int(target_key))
    run = eligibility.newest_dry_run(version.pk)
    if run is None or run.pk == snapshot["figures"]["run"]:
        return ""
    found = drift.read_measured(figures_of(version, run))
    before = drift.read_measured(snapshot["figures"])
    bounds = planning.bounds_of(snapshot["figures"], on=run.on_date)
    return drift.sentences(drift.drifts(before, found, bounds))


def unready_since(target_key: str, snapshot: Mapping[str, Any], at: dt.datetime) -> str:
    """This will say why a version that waits cannot be approved at an instant: its newest dry run
    has grown old since it was submitted. Empty where it can."""
    on = clock.bank_day(at)
    rule, run = planning.submission_rule(on=on), eligibility.newest_dry_run(int(target_key))
    if rule is None or "figures" not in snapshot:
        return ""
    day = run.on_date if run else dt.date.fromisoformat(snapshot["figures"]["on"])
    return _grown_old(day, rule, on)


def run_as_submitted(snapshot: Mapping[str, Any]) -> Run | None:
    """This will return the run behind a submission, with the plan and figures that were submitted
    and unsaved; None where none were."""
    figures = snapshot.get("figures")
    run = eligibility.find_run(figures["run"]) if figures else None
    if run is None or figures is None:
        return None
    run.version.content = snapshot["content"]
    run.figures = {"tally": figures["tally"], "ran_out": figures["ran_out"]}
    return run


def history_of(version: CampaignVersion) -> list[Submission]:
    """This will list the submissions of a version with the decisions about each, newest first."""
    return list(approvals.history_of(kind=naming.APPROVAL_KIND, target_key=str(version.pk)))


def standing_of(versions: Sequence[CampaignVersion]) -> dict[int, Submission]:
    """This will return the latest submission of each of the versions, by the version's id."""
    keys = [str(version.pk) for version in versions]
    found = approvals.latest_about(kind=naming.APPROVAL_KIND, target_keys=keys)
    return {int(key): submission for key, submission in found.items()}


@dataclass(frozen=True)
class Waiting:
    """A submission that waits, and who still has to approve it."""

    submission: Submission
    missing: approvals.Missing


def waiting_of(versions: Sequence[CampaignVersion], *, on: dt.date) -> dict[int, Waiting]:
    """This will return what of the versions waits for approval on a day, by the version's id."""
    standing = standing_of([version for version in versions if version.is_waiting])
    missing = approvals.missing_of(standing.values(), on=on)
    return {
        key: Waiting(submission, missing[submission.pk])
        for key, submission in standing.items()
        if submission.pk in missing
    }


def page_of(version: CampaignVersion, *, on: dt.date) -> dict[str, Any]:
    """This will gather what the page of a version says of its way to approval."""
    history = history_of(version)
    found = approvals.missing_of(history, on=on)
    latest = history[0] if history else None
    return {
        "submissions": history,
        "submission": latest,
        "missing": found.get(latest.pk) if latest else None,
        "refused_for_good": planning.never_again(version) if version.may_be_submitted else "",
        "readiness": readiness_of(version, on=on) if version.may_be_submitted else None,
        "waits_for": _waits_for(version, on) if version.is_waiting else None,
        "changed": changed_since(str(version.pk), latest.snapshot)
        if latest and version.is_waiting
        else "",
    }


def _waits_for(version: CampaignVersion, on: dt.date) -> Readiness | None:
    """The dry run that a version which waits for approval needs first; None where it needs none."""
    rule, run = planning.submission_rule(on=on), eligibility.newest_dry_run(version.pk)
    problem = _lacks_run(run, rule, on) if rule else ""
    if not problem:
        return None
    going = eligibility.going_dry_run(version.pk)
    return Readiness(run=run, problem=problem, asks_run=going is None, going=going)


def approved_before(target_key: str) -> CampaignVersion | None:
    """This will return the approved version of the same campaign that came before, the latest; for
    the one that is in force, the one before it."""
    version = planning.version(int(target_key))
    earlier = planning.versions_of(version.campaign).filter(number__lt=version.number)
    return earlier.filter(approved_at__isnull=False).first()


def sent_back(owner_id: int) -> list[tuple[CampaignVersion, Submission]]:
    """This will list the latest versions of campaigns that came back to a person who owns the
    campaign, wrote or submitted them, with the submission that says why, newest first."""
    versions = planning.versions_sent_back()
    standing = standing_of(versions)
    found = [(one, standing[one.pk]) for one in versions if one.pk in standing]
    mine = [
        (version, submission)
        for version, submission in found
        if owner_id in {version.campaign.owner_id, version.created_by_id, submission.maker_id}
    ]
    return sorted(mine, key=lambda pair: pair[1].closed_at, reverse=True)
