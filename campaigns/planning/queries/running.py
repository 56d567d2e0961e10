"""The campaigns that may run now, and which rules of today they break: a rule that changes does not
change what was approved before it."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.groups import queries as groups
from campaigns.planning.enums import VersionState
from campaigns.planning.models import Campaign, CampaignVersion
from campaigns.planning.rules import kept, linting, plans, wording
from campaigns.wording import queries as words
from journeys.cards import queries as cards
from journeys.contact.enums import Channel
from journeys.outreach import queries as messages
from journeys.outreach import rules as filling
from merchants.directory import queries as merchants
from portal.kit.registry import registry
from portal.staff import queries as staff


def names_of_all(found: Iterable[plans.Plan]) -> wording.Names:
    """This will name what plans call by their codes, as far as that exists."""
    mentioned: dict[Source, set[str]] = {source: set() for source in Source}
    grouped: set[str] = set()
    for plan in found:
        for source, codes in plan.mentioned().items():
            mentioned[source] |= codes
        mentioned[Source.MERCHANTS].update(plan.merchants)
        mentioned[Source.CAMPAIGNS].update(plan.stacks_with)
        grouped.add(plan.group)
    known = Campaign.objects.filter(code__in=mentioned[Source.CAMPAIGNS])
    return wording.Names(
        products=cards.own_product_names(),
        branches=staff.branch_names(),
        merchants=merchants.names_of(numbers=sorted(mentioned[Source.MERCHANTS])),
        categories=conditions.category_names(sorted(mentioned[Source.CATEGORIES])),
        campaigns={row.code: (row.name, row.name_en) for row in known},
        divisions=_divisions(mentioned[Source.DIVISIONS]),
        groups=groups.named(grouped),
    )


def _divisions(codes: Collection[str]) -> wording.Named:
    return merchants.division_names(codes=codes) if codes else {}


def in_force() -> list[CampaignVersion]:
    """This will list the versions in force of campaigns that are not stopped, by the id of the
    campaign."""
    rows = _last_approved().filter(campaign__stopped_at=None)
    return [row for row in rows if row.is_approved]


def out_of_force() -> list[CampaignVersion]:
    """This will list the last approved versions that begin no run now, since their campaign is
    stopped or their approval is void, by the id of the campaign."""
    return [row for row in _last_approved() if row.campaign.is_stopped or not row.is_approved]


def _last_approved() -> QuerySet[CampaignVersion]:
    """The last version of each campaign that was ever approved."""
    rows = CampaignVersion.objects.select_related("campaign__owner").filter(
        first_approved_at__isnull=False
    )
    return rows.order_by("campaign", "-number").distinct("campaign")


def waiting() -> list[CampaignVersion]:
    """This will list the versions that wait for approval, of campaigns that are not stopped."""
    rows = CampaignVersion.objects.select_related("campaign").filter(
        state=VersionState.SUBMITTED, campaign__stopped_at=None
    )
    return list(rows.order_by("campaign", "number"))


Planned = tuple[CampaignVersion, plans.Plan]


def running_on(day: dt.date) -> list[Planned]:
    """This will list the versions that may run on a day, or will, with their plans, by the id of
    the campaign."""
    found = [(row, plan_of(row)) for row in in_force()]
    return [(row, plan) for row, plan in found if plan.runs_to is None or plan.runs_to > day]


def given_by(code: str) -> list[plans.Plan]:
    """This will return the plans of the versions of a campaign by which something was given, or may
    be once they are approved, the earliest first."""
    rows = CampaignVersion.objects.filter(campaign__code=code).filter(
        Q(first_approved_at__isnull=False) | Q(state=VersionState.SUBMITTED)
    )
    return [plan_of(row) for row in rows.order_by("number")]


def plan_of(row: CampaignVersion) -> plans.Plan:
    """This will return the plan that a version keeps, read once in this process. Raises
    plans.PlanWrong where it is a draft that is not whole yet."""
    return kept.plan_of(row.content, fingerprint=_fingerprint(row))


def _fingerprint(row: CampaignVersion) -> tuple[int, str]:
    """What tells a version, and what it says, from all others."""
    return row.pk, row.content_hash


def others_of(versions: Iterable[Planned], *, without: str) -> list[linting.Other]:
    """This will return versions as what a plan of the campaign `without` stands among."""
    return [
        linting.Other(row.campaign.code, row.campaign.label, plan)
        for row, plan in versions
        if row.campaign.code != without
    ]


def step_texts(plan: plans.Plan) -> list[tuple[str, list[str]]]:
    """This will list the texts that steps are told by, each with the channels it is asked for."""
    found: dict[str, set[str]] = {}
    for step in plan.touches.steps if plan.touches else ():
        for code in step.texts.values():
            found.setdefault(code, set()).update(step.channels)
    for channel in plan.channels:
        found.get(plan.template, set()).discard(channel)
    return [(code, sorted(found[code])) for code in sorted(found) if found[code]]


def around_of(
    plan: plans.Plan,
    texts: Sequence[Any],
    *,
    unwritten: Sequence[str],
    withdrawn: Collection[str] = (),
    ending: Collection[str] = (),
    **given: Any,
) -> linting.Around:
    """This will gather what a plan is held against, with the message texts that it sends, the
    sender names that may not be used, and those that may not by the plan's last day."""
    return linting.Around(
        senders_gone=tuple(
            (text.code, text.label, sender, sender in withdrawn)
            for text in texts
            if text.channel == Channel.SMS
            and (sender := filling.sender_of(text.body)) in {*withdrawn, *ending}
        ),
        unwritten=tuple(unwritten),
        messages=tuple((text.label, f"{text.subject}\n{text.body}".strip()) for text in texts),
        variables=tuple(_needed_by(texts).items()),
        **given,
    )


def why_no_cards(on: dt.date) -> str:
    """This will say why the bank may issue no new cards on a day; empty where it may."""
    return registry.why_no_cards(on) if registry.why_no_cards else ""


def withdrawn_on(on: dt.date | None) -> Collection[str]:
    """This will return the sender names that may not be used any more on a day; none without a
    day."""
    return registry.senders.withdrawn(on) if registry.senders and on else ()


def _needed_by(texts: Iterable[Any]) -> dict[str, frozenset[str]]:
    """The variables of each text, of all its channels and languages."""
    found: dict[str, frozenset[str]] = {}
    for one in texts:
        names = filling.variables_of(one.subject) | filling.variables_of(one.body)
        found[one.code] = found.get(one.code, frozenset()) | names
    return found


def blocks_among(
    running: Sequence[Planned], *, on: dt.date, only: CampaignVersion | None = None
) -> dict[int, list[linting.Fault]]:
    """This will tell for what the versions of `running_on`, or `only` one of them, would be refused
    if they were submitted on a day, by the id of the version. How many questions are asked does not
    follow how many versions there are; and what was found out is kept until something of it
    changes."""
    if not running:
        return {}
    everybody, texts = others_of(running, without=""), _texts_by_code()
    named = tuple((row.campaign.code, row.campaign.label, _fingerprint(row)) for row, _ in running)
    given: dict[str, Any] = {
        "on": on, "words": words.lexicon(on=on), "below": staff.codes_below(),
        "names": names_of_all(plan for _row, plan in running), "withdrawn": withdrawn_on(on),
        "same": merchants.standing_for_merged(), "no_cards": why_no_cards(on),
    }  # fmt: skip
    blocks = {}
    for row, plan in running:
        if only not in (None, row):
            continue
        own = _among(texts, plan.template, plan.channels)
        steps = {name: (_among(texts, name, by), by) for name, by in step_texts(plan)}
        others = tuple(other for other in everybody if other.code != row.campaign.code)
        around = around_of(
            plan, [*own, *(one for found, _by in steps.values() for one in found)],
            unwritten=messages.without_text(own, plan.channels), others=others,
            unwritten_steps=tuple(
                (name, channel)
                for name, (found, by) in steps.items()
                for channel in messages.without_text(found, by)
            ),
            code=row.campaign.code, **given,
        )  # fmt: skip
        blocks[row.pk] = list(
            kept.blocks_of(
                plan, around, own=_fingerprint(row),
                others=tuple(one for one in named if one[0] != row.campaign.code),
            )
        )  # fmt: skip
    return blocks


def _among(texts: dict[str, list[Any]], code: str, channels: Sequence[str]) -> list[Any]:
    return [one for one in texts.get(code, []) if one.channel in channels]


def _texts_by_code() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for text in messages.texts_in_use():
        found.setdefault(text.code, []).append(text)
    return found
