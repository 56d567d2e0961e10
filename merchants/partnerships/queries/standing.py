"""Where a partnership stands before a move, and the rule in force."""

import datetime as dt
from collections.abc import Mapping, Sequence

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
    return facts_among([partnership], evidence={partnership.pk: evidence}, on=on)[partnership.pk]


def facts_among(
    partnerships: Sequence[Partnership],
    *,
    evidence: Mapping[int, evidences.Evidence],
    on: dt.date,
) -> dict[int, moves.Facts]:
    """This will tell the same of several partnerships, by their ids: `evidence` of each is given by
    its id. How many questions are asked does not follow how many there are."""
    left: dict[int, dict[str, dt.date]] = {row.pk: {} for row in partnerships}
    changes = PhaseChange.objects.filter(partnership__in=left).exclude(from_phase="")
    last = changes.values_list("partnership", "from_phase").annotate(last=Max("on_date"))
    for partnership_id, phase, day in last.order_by("partnership", "from_phase"):
        left[partnership_id][phase] = day
    merchants = [row.merchant for row in partnerships]
    peers = peers_of(merchants)
    contracts = directory.contracts_on(merchant_ids=[row.pk for row in merchants], on=on)
    return {
        row.pk: moves.Facts(
            phase=row.phase,
            since=row.since or on,
            on=on,
            peers=peers[row.merchant_id],
            last_left=left[row.pk],
            has_contract=row.merchant_id in contracts,
            turnover_change=evidences.change_percent(evidence[row.pk]),
        )
        for row in partnerships
    }


def judged(
    partnership: Partnership, *, evidence: evidences.Evidence, on: dt.date
) -> dict[str, moves.Verdict]:
    """This will say of each phase that may follow what stands against the move on a day. Raises
    NoRule."""
    facts, limits = facts_of(partnership, evidence=evidence, on=on), limits_on(on)
    return {to: moves.judge(facts, to, limits) for to in moves.targets(partnership.phase)}
