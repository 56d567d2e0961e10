"""Offer beside counter-offer, round by round: what stands, what changed, and what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from merchants.negotiation.enums import Side
from merchants.negotiation.rules import terms as sets
from merchants.negotiation.rules import worth

SIDES = (Side.BANK, Side.MERCHANT)


@dataclass(frozen=True)
class Spoken:
    """One side's terms in a round; `entry` is what they were read from."""

    round: int
    side: str
    terms: sets.Terms
    entry: Any = None


@dataclass(frozen=True)
class Cell:
    """What a side says of one term: in words, and what it said before where that was another; with
    nothing said, both are empty."""

    text: str = ""
    before: str = ""

    @property
    def is_changed(self) -> bool:
        return bool(self.before)


@dataclass(frozen=True)
class Row:
    """One term: the bank's word beside the merchant's, and whether they differ."""

    label: Any
    bank: Cell
    merchant: Cell

    @property
    def differs(self) -> bool:
        said = {cell.text for cell in (self.bank, self.merchant) if cell.text}
        return len(said) > 1


@dataclass(frozen=True)
class Round:
    """A round: the terms side by side, what each was read from, and what each side gave up against
    its own offer before (None where it has none)."""

    number: int
    rows: Sequence[Row]
    bank: Any
    merchant: Any
    by_bank: worth.Sum | None
    by_merchant: worth.Sum | None


def side_by_side(spoken: Sequence[Spoken], basis: worth.Basis) -> list[Round]:
    """This will put offers, in their order, side by side; the latest round comes first."""
    found = []
    before: dict[str, Spoken] = {}
    for number in sorted({one.round for one in spoken}):
        said = {one.side: one for one in spoken if one.round == number}
        rows = [
            Row(sets.LABELS[name], *(_cell(said.get(side), before.get(side), name)
                                     for side in SIDES))
            for name in sets.NAMES
        ]  # fmt: skip
        by = {side: _given(said.get(side), before.get(side), side, basis) for side in SIDES}
        entries = {side: said[side].entry if side in said else None for side in SIDES}
        found.append(
            Round(
                number, rows, entries[Side.BANK], entries[Side.MERCHANT],
                by[Side.BANK], by[Side.MERCHANT],
            )
        )  # fmt: skip
        before |= said
    return found[::-1]


def _cell(now: Spoken | None, before: Spoken | None, name: str) -> Cell:
    if now is None:
        return Cell()
    was = ""
    if before is not None and name in sets.changed(before.terms, now.terms):
        was = sets.said(before.terms, name)
    return Cell(sets.said(now.terms, name), was)


def _given(
    now: Spoken | None, before: Spoken | None, side: str, basis: worth.Basis
) -> worth.Sum | None:
    if now is None or before is None:
        return None
    return worth.conceded(before.terms, now.terms, side, basis)


@dataclass(frozen=True)
class Totals:
    """What each side gave up from its first offer to its latest, and what the bank would still
    have to give up to take the merchant's latest; None where there are no two offers to compare."""

    by_bank: worth.Sum | None
    by_merchant: worth.Sum | None
    apart: worth.Sum | None


def totals(spoken: Sequence[Spoken], basis: worth.Basis) -> Totals:
    """This will add up the concessions of both sides."""
    of = {side: [one for one in spoken if one.side == side] for side in SIDES}
    by = {
        side: _given(rows[-1], rows[0], side, basis) if len(rows) > 1 else None
        for side, rows in of.items()
    }
    apart = None
    if of[Side.BANK] and of[Side.MERCHANT]:
        ours, theirs = of[Side.BANK][-1].terms, of[Side.MERCHANT][-1].terms
        apart = worth.conceded(ours, theirs, Side.BANK, basis)
    return Totals(by[Side.BANK], by[Side.MERCHANT], apart)
