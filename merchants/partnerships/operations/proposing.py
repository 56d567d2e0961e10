"""From what the turnover of merchants speaks for to suggestions for their managers."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from merchants.evidence import queries as turnover
from merchants.evidence.rules.findings import Suggestion
from merchants.partnerships import queries
from merchants.partnerships.enums import Phase, Proposal
from merchants.partnerships.models import Partnership
from merchants.partnerships.operations.moving import MoveNotAllowed
from merchants.partnerships.operations.suggesting import NoAlarmsLeft, suggest_move
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves, proposals


@dataclass(frozen=True)
class Proposed:
    """What became of a finding about an open partnership; `why` says in words what bars a move."""

    partnership_id: int
    found: Suggestion
    outcome: Proposal
    why: tuple[str, ...] = ()


def suggest_from_turnover(*, on: dt.date) -> list[Proposed]:
    """This will suggest the moves that the turnover of the merchants with an open partnership
    speaks for as of a day, the largest loss a year first, within each manager's alarms of the week;
    each suggestion is committed by itself. Run again it suggests nothing a second time. What moves
    no partnership by the table, is barred for a while or was answered before is left out. Returns
    what became of each finding."""
    try:
        limits = queries.limits_on(on)
    except queries.NoRule:
        return []
    open_ones = queries.open_by_merchant()
    found = turnover.suggested_phases(on=on, budget=None, among=list(open_ones))
    pairs = [(open_ones[one.finding.merchant_id], one) for one in found]
    rows = [row for row, _one in pairs]
    known = queries.evidence_of(partnerships=rows, on=on)
    told = queries.told_of(partnerships=rows)
    facts = queries.facts_among(rows, evidence=known, on=on)
    return [
        _propose(row, one, known[row.pk], told.get(row.pk, ()), facts[row.pk], limits)
        for row, one in sorted(pairs, key=_weight)
    ]


def _weight(pair: tuple[Partnership, Suggestion]) -> tuple[bool, Decimal, int]:
    row, one = pair
    return one.phase != Phase.WAVERING, -abs(one.finding.yearly or Decimal(0)), row.pk


def _propose(
    row: Partnership,
    one: Suggestion,
    known: evidences.Evidence,
    told: Iterable[Mapping[str, Any]],
    facts: moves.Facts,
    limits: moves.Limits,
) -> Proposed:
    outcome, why = next(_against(row, one, told, facts, limits), (Proposal.SUGGESTED, ()))
    if outcome == Proposal.SUGGESTED:
        try:
            suggest_move(
                partnership_id=row.pk, to=one.phase, reasons=one.finding.reasons, evidence=known,
                on=facts.on,
            )  # fmt: skip
        except NoAlarmsLeft:
            outcome = Proposal.NO_ALARM
        except MoveNotAllowed as refused:  # somebody moved it meanwhile
            outcome, why = Proposal.NO_MOVE, (str(refused),)
    return Proposed(row.pk, one, outcome, why)


def _against(
    row: Partnership,
    one: Suggestion,
    told: Iterable[Mapping[str, Any]],
    facts: moves.Facts,
    limits: moves.Limits,
) -> Iterator[tuple[Proposal, tuple[str, ...]]]:
    """What stands against suggesting a move. A second person whom the rule asks for at any time
    does not; what a manager could do by oneself only later, or never, does."""
    if row.phase == one.phase:
        yield Proposal.HOLDS, ()
    if (row.phase, one.phase) not in moves.MOVES:
        yield Proposal.NO_MOVE, ()
    suggested = [kept for kept in told if kept["to_phase"] == one.phase]
    if any(kept["is_open"] for kept in suggested):
        yield Proposal.OPEN, ()
    if any(proposals.is_same(kept["reasons"], one.finding) for kept in suggested):
        yield Proposal.ANSWERED, ()
    verdict = moves.judge(facts, one.phase, replace(limits, second_person=frozenset()))
    if verdict.refused or verdict.asks:
        yield Proposal.BARRED, (*verdict.refused, *verdict.asks)
