"""What is known of a call to a lead before it is made, and why it was scored as it was."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from journeys.scoring import queries as scoring
from journeys.scoring.enums import PhoneKind
from journeys.telemarketing.models import Lead, LeadScore
from journeys.telemarketing.queries.leads import OPEN
from portal.kit import clock
from portal.kit.personal import ERASED


@dataclass(frozen=True)
class ToScore:
    """An open lead that is to be scored."""

    lead_id: int
    branch_id: int
    customer_id: int | None
    attempts: int
    phone_masked: str


def leads_to_score(*, after: int, most: int, branch_id: int | None = None) -> list[ToScore]:
    """This will list open leads after an id that are to be scored, by `lead_score_due`; with a
    branch all of its open ones."""
    rows = Lead.objects.filter(pk__gt=after, state__in=OPEN).exclude(name=ERASED)
    rows = rows.filter(score_due=True) if branch_id is None else rows.filter(branch=branch_id)
    found = rows.order_by("pk").values_list(
        "pk", "branch_id", "customer_id", "attempts", "phone_masked"
    )
    return [ToScore(*row) for row in found[:most]]


def asked_about(
    leads: Sequence[ToScore],
    *,
    scorer_day: Callable[[dt.date], dt.date],
    with_traits: bool,
    at: dt.datetime,
) -> list[scoring.Asked]:
    """This will tell what is known of the next call to each lead: the calls to it before, the kind
    of phone, and of a customer what earlier calls told; nothing that only the call itself tells."""
    today = clock.bank_day(at)
    who = {one.customer_id for one in leads if one.customer_id is not None}
    known = scoring.known_before(who, on=today, with_traits=with_traits)
    return [
        scoring.Asked(
            scorer_day(today), attempts=one.attempts + 1, channel=_channel(one.phone_masked),
            **(known.get(one.customer_id, {}) if one.customer_id is not None else {}),
        )
        for one in leads
    ]  # fmt: skip


def known_now(lead: Lead) -> dict[str, Any]:
    """This will return what is known of the next call to a lead, as it was scored, but for personal
    traits: values of `Asked` as JSON."""
    score: LeadScore | None = getattr(lead, "score", None)
    facts = score.facts if score is not None else {}
    known = {name: value for name, value in facts.items() if name not in scoring.TRAITS}
    now = {"attempts": lead.attempts + 1, "channel": _channel(lead.phone_masked)}
    return {**known, **now}


def score_told(lead: Lead) -> tuple[LeadScore, scoring.CallScore] | None:
    """This will say what a lead's priority was worked out from, with the reasons; None where it was
    not scored yet."""
    kept = LeadScore.objects.filter(lead=lead).first()
    if kept is None:
        return None
    version = kept.version_id if kept.chance is not None else None
    return kept, scoring.score_by(scoring.asked_of(kept.facts), version=version)


def _channel(masked: str) -> str:
    if not masked:
        return ""
    return PhoneKind.MOBILE.value if masked.startswith("1") else PhoneKind.LANDLINE.value
