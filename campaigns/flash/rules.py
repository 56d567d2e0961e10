"""What a claimant is told, and what a gate needs mending, as plain values."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from campaigns.flash.enums import ClaimAnswer, ClaimState
from campaigns.rewards.enums import AwardAnswer, ReversalKind

# As long as a claim may be between the gate and the database; later the reconciler looks for it.
IN_FLIGHT_SECONDS = 2.0
NEAR_SELL_OUT_PERCENT = 10
_REFUSED = {
    AwardAnswer.NOT_IN_USE.value: ClaimAnswer.NOT_IN_USE,
    AwardAnswer.CLOSED.value: ClaimAnswer.CARD_CLOSED,
    AwardAnswer.HAD_BEFORE.value: ClaimAnswer.HAD_BEFORE,
    AwardAnswer.SAME_PERSON.value: ClaimAnswer.HAD_BEFORE,
    AwardAnswer.HAD_ELSEWHERE.value: ClaimAnswer.HAD_ELSEWHERE,
    AwardAnswer.OTHER_OF_GROUP.value: ClaimAnswer.HAD_ELSEWHERE,
    AwardAnswer.TOO_LATE.value: ClaimAnswer.CLOSED,
    AwardAnswer.STOCK_OUT.value: ClaimAnswer.SOLD_OUT,
    AwardAnswer.OVER_BUDGET_CUSTOMER.value: ClaimAnswer.AT_LIMIT,
}
_REVERSED = {
    ReversalKind.CONDITION_LOST.value: ClaimAnswer.TAKEN_BACK,
    ReversalKind.GIVEN_TWICE.value: ClaimAnswer.TAKEN_BACK,
    ReversalKind.EXCHANGED.value: ClaimAnswer.EXCHANGED,
}


@dataclass(frozen=True)
class Told:
    """The answer to one claimant; `claim_id`, unit `number` and instants where a row is behind
    it. `failed_at` is the position of the condition that failed, for who is not qualified."""

    answer: ClaimAnswer
    claim_id: int | None = None
    number: int | None = None
    held_until: dt.datetime | None = None
    failed_at: int | None = None


@dataclass(frozen=True)
class Person:
    """What is known about a claimant: how the run decided (`outcome`, "" where it did not), with
    which card, and the claim that stands, with what has become of its grant (`reversal`, a
    ReversalKind). `bearer` is the lasting hash of the ID number of one who is on file under other
    numbers too. What the rewards would say today is asked of them."""

    customer_id: int
    branch_id: int
    card_id: int | None
    outcome: str
    failed_at: int | None
    claim_id: int | None = None
    number: int | None = None
    state: str = ""
    held_until: dt.datetime | None = None
    reversal: str | None = None
    bearer: bytes | None = None

    def standing(self, at: dt.datetime) -> Told | None:
        """This will say how the claim stands that this person has; None where there is none."""
        if self.claim_id is None or self.held_until is None:
            return None
        return told_of(self.claim_id, self.number, self.state, self.held_until, self.reversal, at)

    @property
    def is_qualified(self) -> bool:
        """Whether the run found this person to reach the sale's tier."""
        return self.outcome == "qualified" and self.card_id is not None


def told_of(
    claim_id: int,
    number: int | None,
    state: str,
    held_until: dt.datetime,
    reversal: str | None,
    at: dt.datetime,
) -> Told:
    """This will say how a claim stands at an instant."""
    is_over = state == ClaimState.HELD and at >= held_until
    answer = ClaimAnswer.EXPIRED if is_over else ClaimAnswer(shown_of(state, reversal))
    return Told(answer, claim_id, number, held_until)


def shown_of(state: str, reversal: str | None) -> str:
    """This will name how a claim stands, given what took its grant back (a ReversalKind)."""
    return _REVERSED[reversal].value if reversal else state


def refusal_of(award: str) -> ClaimAnswer:
    """This will say to a claimant why the rewards refuse (an AwardAnswer)."""
    return _REFUSED.get(award, ClaimAnswer.OVER_BUDGET)


def one_of_each(people: Mapping[str, Person]) -> dict[str, str]:
    """This will pair, of several numbers of one person, each later one with the first."""
    first: dict[bytes, str] = {}
    return {
        who: first[one.bearer]
        for who, one in people.items()
        if one.bearer and first.setdefault(one.bearer, who) != who
    }


def beside(first: Told) -> Told:
    """This will say to another number of a person how it stands with the first one."""
    is_held = first.answer in (ClaimAnswer.HELD, ClaimAnswer.SAME_PERSON)
    return Told(ClaimAnswer.SAME_PERSON if is_held else first.answer)


@dataclass(frozen=True)
class GateState:
    """What the gate holds: free units, customers it lets in no more, and those taken within
    IN_FLIGHT_SECONDS whose rows may still be on their way, by customer."""

    free: frozenset[int]
    had: frozenset[str]
    in_flight: Mapping[str, int]


@dataclass(frozen=True)
class Mending:
    """What makes a gate true again."""

    units_in: frozenset[int]
    units_out: frozenset[int]
    had_in: frozenset[str]
    had_out: frozenset[str]

    @property
    def is_needed(self) -> bool:
        return bool(self.units_in or self.units_out or self.had_in or self.had_out)


def mending_of(
    gate: GateState, units: Collection[int], standing: Mapping[str, int], most: int
) -> Mending:
    """This will compare the gate, looked at first, with the units and the standing claims (unit
    by customer), looked at afterwards. At most `most` units may be standing, in flight or free:
    as many as the stock of the tier can bear.

    The invariant: free = units - standing - in flight, and had = standing + in flight. In that
    order of looking a unit that was on its way stands on one side at least, so that nothing that
    moved meanwhile is taken for lost; where it is all the same, the database refuses the second
    claim to a unit.
    """
    taken = frozenset(standing.values())
    busy = frozenset(gate.in_flight.values())
    in_flight = frozenset(gate.in_flight)
    people = frozenset(standing)
    free = first_free(units, taken | busy, most, kept=gate.free)
    return Mending(
        units_in=free - gate.free,
        units_out=gate.free - free - busy,
        had_in=people - gate.had,
        had_out=gate.had - people - in_flight,
    )


def first_free(
    units: Collection[int], taken: Collection[int], most: int, kept: Collection[int] = ()
) -> frozenset[int]:
    """This will choose the units that may be free where `most` may be free or taken: those that
    are (`kept`) before others, and lower numbers first."""
    rest = sorted(set(units) - set(taken), key=lambda unit: (unit not in kept, unit))
    return frozenset(rest[: max(0, most - len(taken))])


def is_near_sell_out(left: int, units: int) -> bool:
    """This will tell whether a tenth or less is left, but not nothing."""
    return 0 < left * 100 <= units * NEAR_SELL_OUT_PERCENT
