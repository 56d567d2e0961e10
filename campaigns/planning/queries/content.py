"""What a version says and costs: its words, its texts, what is submitted of it, its faults."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion, SubmissionRule
from campaigns.planning.queries import running
from campaigns.planning.rules import (
    changes,
    drift,
    linting,
    naming,
    overlaps,
    plans,
    wording,
)
from campaigns.wording import queries as words
from journeys.outreach import queries as messages
from merchants.directory import queries as merchants
from portal.approvals import queries as approvals
from portal.kit.registry import Digest
from portal.staff import queries as staff
from portal.staff.access import Scope


def names_of(plan: plans.Plan) -> wording.Names:
    """This will name what a plan calls by its code, as far as it exists."""
    return running.names_of_all([plan])


def written(plan: plans.Plan) -> list[tuple[str, str, str, list[wording.Section]]]:
    """This will write what customers read of a plan in each language, the reader's first: the
    language, its own name, the campaign's name, and the sections."""
    names, active = names_of(plan), translation.get_language()
    found = []
    for language in sorted(wording.LANGUAGES, key=lambda code: code != active):
        with translation.override(language):
            sections = wording.sections(plan, names)
        label = plan.facts.name_en if language == "en" else plan.facts.name
        found.append((language, get_language_info(language)["name_local"], label, sections))
    return found


def changes_between(before: plans.Plan, now: plans.Plan) -> list[changes.Change]:
    """This will say what a plan changes of the one before, in the active language."""
    return changes.between(before, names_of(before), now, names_of(now))


def reaches(version: CampaignVersion, scope: Scope) -> bool:
    """This will tell whether all branches whose customers a version may reward are within a
    scope."""
    named = plans.plan_of(version.content).branches
    return all(
        path.startswith(scope.branch_path)
        for _pk, code, path in staff.branch_tree()
        if not named or code in named
    )


def snapshot_of(found: CampaignVersion) -> dict[str, Any]:
    """This will return what an approver approves of a version itself: the content, the text made
    from it, and the messages that go out. Raises plans.PlanWrong where the version is a draft that
    is not whole yet."""
    plan = plans.plan_of(found.content)
    names = names_of(plan)
    return {
        "campaign": found.campaign.code,
        "version": found.number,
        "content": found.content,
        "content_hash": found.content_hash,
        "text": {
            language: wording.full_text(plan, names, language) for language in wording.LANGUAGES
        },
        "messages": messages_of(plan),
    }


def messages_of(plan: plans.Plan) -> list[dict[str, Any]]:
    """This will return the message texts that a plan sends, as plain values; `text` is the id of
    the very wording, which a run of it sends."""
    own = _as_data(messages.templates_of(code=plan.template, channels=plan.channels))
    return [*own, *(one for each in _of_steps(plan) for one in each)]


def _of_steps(plan: plans.Plan) -> list[list[dict[str, Any]]]:
    """The texts of the steps of a touch plan, each with its code; one that the campaign itself is
    told by stands among its own."""
    return [
        [one | {"code": code} for one in _as_data(messages.templates_of(code=code, channels=by))]
        for code, by in running.step_texts(plan)
    ]


def _as_data(texts: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {
            "text": one.pk, "channel": one.channel, "language": one.language,
            "subject": one.subject, "body": one.body,
        }
        for one in texts
    ]  # fmt: skip


def approved_messages(found: CampaignVersion) -> list[dict[str, Any]]:
    """This will return the message texts that were approved with a version, as `messages_of`
    writes them; nothing where no approval is in force."""
    snapshot: Any = approvals.approved_snapshot(kind=naming.APPROVAL_KIND, target_key=str(found.pk))
    return [] if snapshot is None else _submitted_messages(found, snapshot)


def _submitted_messages(found: CampaignVersion, snapshot: Any) -> list[dict[str, Any]]:
    """The texts of a snapshot. One from before they were named by their ids has those that say the
    same now."""
    submitted = list(snapshot["messages"])
    if all("text" in one for one in submitted):
        return submitted
    now = messages_of(plans.plan_of(found.content))
    return now if without_ids(now) == submitted else submitted


def without_ids(texts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """This will leave out which wordings message texts are, and keep what they say."""
    return [{name: one[name] for name in one if name != "text"} for one in texts]


def messages_stand(texts: Sequence[Mapping[str, Any]]) -> bool:
    """This will tell whether message texts are there, and say what they said when `messages_of`
    wrote them."""
    now = {one.pk: one for one in messages.texts_by_id([one.get("text", 0) for one in texts])}
    if not texts or len(now) != len(texts):
        return False
    return all(_says(now.get(one.get("text", 0)), one) for one in texts)


def _says(now: Any, text: Mapping[str, Any]) -> bool:
    if now is None or now.code != text.get("code", now.code):
        return False
    return bool(_as_data([now])[0] == {name: one for name, one in text.items() if name != "code"})


def texts_for(found: Sequence[Mapping[str, Any]], plan: plans.Plan, code: str) -> list[int]:
    """This will return the wordings of a text among those that were approved with a version, by
    their ids; one without a code is of the text that those who qualify are told by."""
    return [one["text"] for one in found if one.get("code", plan.template) == code]


# --- what was approved, and how far it may move ------------------------------------------------
def submission_rule(*, on: dt.date) -> SubmissionRule | None:
    """This will return the rule of submission in force on a day; None where there is none."""
    rows = SubmissionRule.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def bounds_on(on: dt.date) -> drift.Bounds:
    """This will return how far audience and cost may move on a day; not at all where no rule is
    in force."""
    rule = submission_rule(on=on)
    if rule is None:
        return drift.NONE
    return drift.Bounds(
        rule.audience_percent, rule.audience_slack, rule.cost_percent, rule.cost_slack
    )


def bounds_of(figures: Mapping[str, Any], *, on: dt.date) -> drift.Bounds:
    """This will return how far a version may move, on a day, from the figures that were submitted
    with it: no further than what was submitted says, and than the rule in force."""
    in_force = bounds_on(on)
    if "bounds" not in figures:
        # From before the bounds stood beside the figures.
        return in_force
    return drift.narrower(drift.read_bounds(figures["bounds"]), in_force)


def drifts_of(
    found: CampaignVersion, reached: drift.Measured, *, on: dt.date, is_whole: bool
) -> list[drift.Drift]:
    """This will list what of an approved version moved away from what was approved: what it says,
    its message texts, and what a run reaches."""
    approved: Any = approvals.approved_snapshot(kind=naming.APPROVAL_KIND, target_key=str(found.pk))
    if approved is None or "figures" not in approved:
        return [drift.Drift(drift.FIGURES)]
    if (found.content, found.content_hash) != (approved["content"], approved["content_hash"]):
        # A trigger holds it; whoever has got past that starts nothing either.
        return [drift.Drift(drift.CONTENT)]
    now = messages_of(plans.plan_of(found.content))
    is_same = _submitted_messages(found, approved) == now
    before = drift.read_measured(approved["figures"])
    bounds = bounds_of(approved["figures"], on=on)
    moved = drift.drifts(before, reached, bounds, is_whole=is_whole)
    return [*([] if is_same else [drift.Drift(drift.TEXTS)]), *moved]


def never_again(found: CampaignVersion) -> str:
    """This will say why a version cannot be submitted whatever is mended; empty where it can."""
    sentences = {
        VersionState.SUBMITTED: _("{version} is waiting for approval already."),
        VersionState.APPROVED: _("{version} is approved already."),
        VersionState.VETOED: _("{version} was vetoed; make a new version instead."),
    }
    if sentence := sentences.get(VersionState(found.state)):
        return sentence.format(version=str(found))
    twins = CampaignVersion.objects.filter(
        campaign=found.campaign_id, content_hash=found.content_hash, state=VersionState.VETOED
    )
    twin = twins.order_by("number").values_list("number", flat=True).first()
    if twin is None:
        return ""
    return _("It says the same as version {number}, which was vetoed; change it first.").format(
        number=twin
    )


def faults_of(found: CampaignVersion, *, on: dt.date) -> list[linting.Fault]:
    """This will list what is wrong with a version as of a day, what blocks it first. Raises
    plans.PlanWrong where the version is a draft that is not whole yet."""
    return faults_of_plan(plans.plan_of(found.content), code=found.campaign.code, on=on)


def faults_of_plan(plan: plans.Plan, *, code: str, on: dt.date) -> list[linting.Fault]:
    """This will list what is wrong with a plan of the campaign `code`, which may be none yet."""
    texts = messages.templates_of(code=plan.template, channels=plan.channels)
    others = [
        (row, plans.plan_of(row.content)) for row in [*running.in_force(), *running.waiting()]
    ]
    steps = [
        text
        for name, by in running.step_texts(plan)
        for text in messages.templates_of(code=name, channels=by)
    ]
    around = running.around_of(
        plan,
        [*texts, *steps],
        unwritten_steps=tuple(
            (name, channel)
            for name, by in running.step_texts(plan)
            for channel in messages.channels_without_text(code=name, channels=by)
        ),
        unwritten=messages.channels_without_text(code=plan.template, channels=plan.channels),
        on=on,
        # What may not be used from the first day on is as good as withdrawn: nothing goes before.
        withdrawn={*running.withdrawn_on(on), *running.withdrawn_on(max(on, plan.runs_from or on))},
        ending=running.withdrawn_on(plan.last_day),
        words=words.lexicon(on=on),
        others=tuple(running.others_of(others, without=code)),
        code=code,
        earlier=tuple(running.given_by(code)),
        below=staff.codes_below(),
        names=names_of(plan),
        same=merchants.standing_for_merged(),
        no_cards=running.why_no_cards(on),
    )
    return linting.lint(plan, around)


def overlaps_of(campaign: Campaign, *, on: dt.date) -> list[linting.Fault]:
    """This will list for what the versions of a campaign that run, or wait for approval, could not
    be submitted today beside those of others: the same reward twice for the same spending."""
    found = [*running.in_force(), *running.waiting()]
    planned = [(row, plans.plan_of(row.content)) for row in found]
    ahead = [(row, plan) for row, plan in planned if plan.runs_to is None or plan.runs_to > on]
    others = tuple(running.others_of(ahead, without=campaign.code))
    mine = [plan for row, plan in ahead if row.campaign_id == campaign.pk]
    same = merchants.standing_for_merged()
    faults = [
        fault
        for plan in mine
        for fault in overlaps.overlaps(
            plan,
            running.around_of(
                plan, (), unwritten=(), on=on, words=words.lexicon(on=on), others=others,
                code=campaign.code, below=staff.codes_below(), names=names_of(plan),
                same=same,
            ),
        )
        if fault.is_block
    ]  # fmt: skip
    return list(dict.fromkeys(faults))


def digest_of(snapshot: dict[str, Any]) -> Digest | None:
    """This will write a submitted snapshot for those who decide about it; None where it is not
    of the shape that is submitted today."""
    if not {"text", "content"} <= snapshot.keys():
        return None
    plan = plans.plan_of(snapshot["content"])
    active = translation.get_language() or wording.LANGUAGES[0]
    languages = sorted(wording.LANGUAGES, key=lambda code: code != active)
    return Digest(
        texts=[
            (code, get_language_info(code)["name_local"], snapshot["text"][code])
            for code in languages
        ],
        facts=wording.facts(plan, names_of(plan)),
    )
