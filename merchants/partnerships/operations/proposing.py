"""From what evidence speaks for to suggestions for the managers of partnerships."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from merchants.evidence import queries as turnover
from merchants.evidence.rules.findings import Finding
from merchants.evidence.rules.findings import Suggestion as Shown
from merchants.partnerships import queries
from merchants.partnerships.enums import Proposal
from merchants.partnerships.models import Partnership
from merchants.partnerships.operations.moving import MoveNotAllowed
from merchants.partnerships.operations.suggesting import NoAlarmsLeft, suggest_move
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves, proposals, signals
from merchants.partnerships.rules.proposals import Case

Told = Sequence[Mapping[str, Any]]
_Outcome = tuple[Proposal, tuple[str, ...]]


@dataclass(frozen=True)
class Proposed:
    """What became of a phase that evidence speaks for; `why` says in words what bars a move."""

    partnership_id: int
    merchant_id: int
    number: str
    case: Case
    outcome: Proposal
    why: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding | None:
        return self.case.finding


@dataclass(frozen=True)
class _Read:
    """What is known of a partnership before anything is suggested."""

    row: Partnership
    known: evidences.Evidence
    told: Told
    facts: moves.Facts
    cases: Sequence[Case]


def suggest_from_evidence(*, on: dt.date) -> list[Proposed]:
    """This will suggest the moves that the evidence of open partnerships speaks for as of a day:
    their turnover, and what else the rules of evidence in force hear. One move at a time of each;
    within a manager's alarms of the week those that warn come first, and of them those with the
    most money a year behind them. Each suggestion is committed by itself, and run again it suggests
    nothing a second time. What moves no partnership by the table, is barred for a while or was
    answered before is left out. Returns what became of each phase that was looked at."""
    try:
        limits = queries.limits_on(on)
    except queries.NoRule:
        return []
    looked = [
        (one.row, case, outcome, one.known)
        for one in _read(on)
        for case, outcome in _looked_at(one, limits)
    ]
    looked.sort(key=lambda one: (one[1].is_good, -one[1].yearly, one[0].pk))
    return [_propose(row, case, outcome, known) for row, case, outcome, known in looked]


def _read(on: dt.date) -> Iterator[_Read]:
    """The partnerships of which anything speaks, each with its cases in their order."""
    open_ones = queries.open_by_merchant()
    found = turnover.suggested_phases(on=on, budget=None, among=list(open_ones))
    shown = {one.finding.merchant_id: one for one in found}
    heard = queries.signals_of(partnerships=list(open_ones.values()), on=on)
    rows = [row for key, row in open_ones.items() if key in shown or heard.get(row.pk)]
    known = queries.evidence_of(partnerships=rows, on=on)
    told = queries.told_of(partnerships=rows)
    facts = queries.facts_among(rows, evidence=known, on=on)
    for row in rows:
        before, evidence = told.get(row.pk, ()), known[row.pk]
        cases = _cases(shown.get(row.merchant_id), heard.get(row.pk, ()), evidence, before)
        yield _Read(row, evidence, before, facts[row.pk], cases)


def _cases(
    shown: Shown | None,
    heard: Sequence[signals.Signal],
    known: evidences.Evidence,
    told: Told,
) -> list[Case]:
    spent = known.value("turnover")
    heard = [replace(one, stake=signals.stake_of(one, spent)) for one in heard]
    opened = next((kept["to_phase"] for kept in told if kept["is_open"]), "")
    finding, to = (shown.finding, shown.phase) if shown else (None, "")
    return proposals.cases(finding, to, heard, opened)


def _looked_at(one: _Read, limits: moves.Limits) -> Iterator[tuple[Case, _Outcome]]:
    """The cases of a partnership up to the first that is suggested, now or before: it is not asked
    about two moves at once."""
    for case in one.cases:
        outcome = next(_against(one, case, limits), (Proposal.SUGGESTED, ()))
        before = [kept["reasons"] for kept in one.told if kept["to_phase"] == case.to]
        left = proposals.fresh(case, before) if outcome[0] == Proposal.SUGGESTED else None
        yield left or case, outcome
        if outcome[0] in {Proposal.SUGGESTED, Proposal.OPEN}:
            return


def _against(one: _Read, case: Case, limits: moves.Limits) -> Iterator[_Outcome]:
    """What stands against suggesting a move. A second person whom the rule asks for at any time
    does not; what a manager could do by oneself only later, or never, does."""
    if one.row.phase == case.to:
        yield Proposal.HOLDS, ()
    if (one.row.phase, case.to) not in moves.MOVES:
        yield Proposal.NO_MOVE, ()
    suggested = [kept for kept in one.told if kept["to_phase"] == case.to]
    if any(kept["is_open"] for kept in suggested):
        yield Proposal.OPEN, ()
    if proposals.fresh(case, [kept["reasons"] for kept in suggested]) is None:
        yield Proposal.ANSWERED, ()
    verdict = moves.judge(one.facts, case.to, replace(limits, second_person=frozenset()))
    if verdict.refused or verdict.asks:
        yield Proposal.BARRED, (*verdict.refused, *verdict.asks)


def _propose(
    row: Partnership, case: Case, outcome: _Outcome, known: evidences.Evidence
) -> Proposed:
    came, why = outcome
    if came == Proposal.SUGGESTED:
        try:
            suggest_move(
                partnership_id=row.pk, to=case.to, reasons=case.reasons, evidence=known,
                on=known.on,
            )  # fmt: skip
        except NoAlarmsLeft:
            came = Proposal.NO_ALARM
        except MoveNotAllowed as refused:  # somebody moved it meanwhile
            came, why = Proposal.NO_MOVE, (str(refused),)
    return Proposed(row.pk, row.merchant_id, row.merchant.number, case, came, why)
