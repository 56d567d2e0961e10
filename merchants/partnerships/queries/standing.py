"""Where a partnership stands before a move, and the rule in force."""

import datetime as dt

from django.db.models import Max, QuerySet

from merchants.directory import queries as directory
from merchants.partnerships.models import Partnership, PartnershipRule, PhaseChange, PhaseSuggestion
from merchants.partnerships.queries.evidence import peers_of
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves


class NoRule(Exception):
    """Raised where no rule of partnerships is in force: nothing moves then."""


def limits_on(day: dt.date) -> moves.Limits:
    """This will return what holds for moves on a day. Raises NoRule."""
    rows = PartnershipRule.objects.filter(effective_date__lte=day).order_by("-effective_date")
    if (rule := rows.first()) is None:
        raise NoRule(day)
    return rule.plain


def answer_by(suggestion: PhaseSuggestion, *, on: dt.date) -> dt.date | None:
    """This will return the last day on which a suggestion can be answered, by the rule in force on
    a day; None where none is."""
    try:
        days = limits_on(on).answer_days
    except NoRule:
        return None
    return suggestion.on_date + dt.timedelta(days=days)


def rules_set() -> QuerySet[PartnershipRule]:
    """This will list all rules, the latest first."""
    return PartnershipRule.objects.order_by("-effective_date")


def facts_of(partnership: Partnership, *, evidence: evidences.Evidence, on: dt.date) -> moves.Facts:
    """This will tell what the guards of a move ask of a partnership on a day."""
    left = (
        PhaseChange.objects.filter(partnership=partnership)
        .exclude(from_phase="")
        .values("from_phase")
        .annotate(last=Max("on_date"))
        .order_by("from_phase")
    )
    return moves.Facts(
        phase=partnership.phase,
        since=partnership.since or on,
        on=on,
        peers=peers_of(partnership.merchant),
        last_left={row["from_phase"]: row["last"] for row in left},
        has_contract=partnership.merchant_id
        in directory.contracts_on(merchant_ids=[partnership.merchant_id], on=on),
        turnover_change=evidences.change_percent(evidence),
    )


def judged(
    partnership: Partnership, *, evidence: evidences.Evidence, on: dt.date
) -> dict[str, moves.Verdict]:
    """This will say of each phase that may follow what stands against the move on a day. Raises
    NoRule."""
    facts, limits = facts_of(partnership, evidence=evidence, on=on), limits_on(on)
    return {to: moves.judge(facts, to, limits) for to in moves.targets(partnership.phase)}
