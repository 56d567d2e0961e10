"""From evidence besides turnover to the moves that it speaks for: the table, and how it is read.

A kind speaks from the limit of its rule on. What was told to a manager, or stood in the snapshot of
the last move, speaks again only when a full limit more has come to it, or when all of it is of
later days: so a partnership neither flaps nor is asked about twice.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from merchants.partnerships.enums import EvidenceKind as K
from merchants.partnerships.enums import Phase as P
from merchants.partnerships.rules.evidence import SPAN, Measure

Known = Mapping[str, Measure]
Reason = dict[str, Any]
_YEAR_DAYS = 365
# A contract that ended longer ago than this is history.
LAPSED_DAYS = 90


@dataclass(frozen=True)
class Rule:
    """From when on a kind is told (`limit`), up to what it is over (`over`), and what percentage of
    a year's turnover counts as at stake."""

    limit: int
    over: int
    stake: int


@dataclass(frozen=True)
class Row:
    """A kind of evidence: the measures that it is read from, of which the least counts, and where
    it leads from each phase."""

    kind: K
    codes: tuple[str, ...]
    moves: Mapping[str, str]

    @property
    def is_good(self) -> bool:
        return self.kind == K.KEPT


_LOOSER: dict[str, str] = {P.CONFIRMED: P.WAVERING, P.PERFECT: P.WAVERING}
_TERMS: dict[str, str] = {
    P.CONFIRMED: P.ADJUSTMENT,
    P.PERFECT: P.ADJUSTMENT,
    P.WAVERING: P.ADJUSTMENT,
}
_COMPARED: dict[str, str] = {
    P.PROSPECT: P.COMPARISON, P.WAVERING: P.COMPARISON, P.ADJUSTMENT: P.COMPARISON,
}  # fmt: skip
# What loosens the bond leads to wavering, what is to be agreed on anew to adjustment, and whoever
# has another offer is compared.
TABLE: dict[K, Row] = {
    row.kind: row
    for row in (
        Row(K.RIVALS, ("rival_offers",), {**_LOOSER, **_COMPARED}),
        Row(K.CONTRACT, ("contract_lapses",), _TERMS),
        Row(K.MERCHANT_BROKE, ("promises_merchant",), {**_LOOSER, P.ADJUSTMENT: P.WAVERING}),
        Row(K.BANK_BROKE, ("promises_bank",), _TERMS),
        Row(K.COMPLAINTS, ("complaints",), _TERMS),
        Row(
            K.KEPT, ("promises_bank_kept", "promises_merchant_kept"),
            {P.WAVERING: P.PERFECT, P.ADJUSTMENT: P.CONFIRMED, P.CONFIRMED: P.PERFECT},
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What was known on a day, and is not to be told again: a figure, or a contract's last day."""

    on: dt.date
    figure: Decimal
    last: str = ""


@dataclass(frozen=True)
class Signal:
    """A kind of evidence that speaks for a phase; `is_fresh` where it was not told before. `stake`
    is in CNY a year, None where turnover is not known."""

    kind: K
    to: str
    reason: Reason
    is_fresh: bool
    percent: int
    stake: Decimal | None = None

    @property
    def is_good(self) -> bool:
        return TABLE[self.kind].is_good

    @property
    def reasons(self) -> list[Reason]:
        """This will give the reason, and what it puts at stake where that is known."""
        if self.stake is None or self.is_good:
            return [self.reason]
        stake = {"code": AT_STAKE, "amount": int(self.stake), "percent": self.percent}
        return [self.reason, stake]


AT_STAKE, ENDED = "at_stake", "contract_ended"


def figure(row: Row, known: Known) -> Decimal | None:
    """This will return how much of a kind there is; None where that is not known."""
    values = [known[code].value for code in row.codes if code in known]
    found = [value for value in values if value is not None]
    return min(found) if len(found) == len(row.codes) else None


def signals(
    phase: str, known: Known, rules: Mapping[K, Rule], told: Mapping[K, Iterable[Told]]
) -> list[Signal]:
    """This will say which kinds of evidence speak for leaving a phase by the rules in force, the
    gravest first. Kept promises do not while anything else is not over."""
    found = [
        one for row in TABLE.values() if row.kind in rules
        for one in _signal(row, phase, known, rules[row.kind], told.get(row.kind, ()))
    ]  # fmt: skip
    if any(_is_on(row, known, rules) for row in TABLE.values()):
        return [one for one in found if not one.is_good]
    return found


def _is_on(row: Row, known: Known, rules: Mapping[K, Rule]) -> bool:
    """Whether something that loosens the bond is not over yet."""
    rule, found = rules.get(row.kind), figure(row, known)
    if row.is_good or rule is None or found is None:
        return False
    return found <= rule.over if row.kind == K.CONTRACT else found > rule.over


def _signal(
    row: Row, phase: str, known: Known, rule: Rule, told: Iterable[Told]
) -> Iterator[Signal]:
    found, to = figure(row, known), row.moves.get(phase)
    if found is None or to is None:
        return
    speaks = found <= rule.limit if row.kind == K.CONTRACT else found >= rule.limit
    if speaks:
        measure = known[row.codes[0]]
        is_fresh = _is_fresh(row, measure, found, rule, told)
        yield Signal(row.kind, str(to), _reason(row, known, rule), is_fresh, rule.stake)


def _is_fresh(row: Row, measure: Measure, found: Decimal, rule: Rule, told: Iterable[Told]) -> bool:
    if row.kind == K.CONTRACT:
        return all(one.last != str(measure.last) for one in told)
    reaches = [one.figure for one in told if measure.first is None or one.on >= measure.first]
    return found >= max(reaches, default=Decimal(0)) + rule.limit


def _reason(row: Row, known: Known, rule: Rule) -> Reason:
    """The reason as it is kept: a code with its numbers."""
    measure, figures = known[row.codes[0]], [known[code].value for code in row.codes]
    first, last = str(measure.first), str(measure.last)
    if row.kind == K.CONTRACT:
        days = int(figures[0] or 0)
        if days < 0:
            return {"code": ENDED, "last": last, "days": -days}
        return {"code": row.kind.value, "last": last, "days": days, "limit": rule.limit}
    counts = [int(value or 0) for value in figures]
    told: Reason = {
        "code": row.kind.value, "count": min(counts), "limit": rule.limit, "first": first,
        "last": last,
    }  # fmt: skip
    return {**told, "bank": counts[0], "merchant": counts[1]} if row.is_good else told


def told_by(reason: Mapping[str, Any], on: dt.date) -> tuple[K, Told] | None:
    """This will read back what a reason told on a day; None where it is not of this table."""
    code = reason["code"]
    if code in (ENDED, K.CONTRACT):
        return K.CONTRACT, Told(on, Decimal(reason["days"]), reason["last"])
    return (K(code), Told(on, Decimal(reason["count"]))) if code in K.values else None


def told_in(known: Known, on: dt.date) -> Iterator[tuple[K, Told]]:
    """This will read what the snapshot of a move on a day held: whoever moved it knew that. The end
    of a contract was told to nobody by it."""
    for row in TABLE.values():
        found = figure(row, known)
        if found and row.kind != K.CONTRACT:
            yield row.kind, Told(on, found)


def stake_of(signal: Signal, turnover: Decimal | None) -> Decimal | None:
    """This will reckon what a signal puts at stake in a year, of the turnover of SPAN."""
    if turnover is None or turnover <= 0:
        return None
    return (turnover * _YEAR_DAYS / SPAN.days * signal.percent / 100).quantize(Decimal(1))


def kind_of(reason: Mapping[str, Any]) -> K | None:
    """This will tell of which kind a reason is; None where it is of turnover."""
    found = told_by(reason, dt.date.min)
    return found[0] if found else None
