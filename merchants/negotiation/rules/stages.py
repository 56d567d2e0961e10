"""Which stage of a negotiation may follow which, and what a move asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.negotiation.enums import Stage as S

# The stages in their order; the two ends stand in none.
LADDER = (S.OPENING, S.NEEDS, S.PROPOSAL, S.BARGAINING, S.AGREEMENT, S.SIGNING, S.REVIEW)
# Here terms are put on the table, and here they are talked about at all.
WITH_OFFERS = (S.PROPOSAL, S.BARGAINING)
IN_TALKS = LADDER[:-1]
# Until what was agreed goes to signing, the figures behind it may be put right.
WITH_FIGURES = LADDER[:5]
ENDS = (S.CLOSED, S.LOST)


@dataclass(frozen=True)
class Facts:
    """A negotiation before a move: how many offers each side made, whether its terms are signed,
    why the agreed terms need a second person, and whether the partnership has ended meanwhile."""

    stage: str
    of_bank: int = 0
    of_merchant: int = 0
    is_signed: bool = False
    beyond: tuple[str, ...] = ()
    is_ended: bool = False


Guard = Callable[[Facts], str]


@dataclass(frozen=True)
class Verdict:
    """What stands against a move (`refused`), and why a second person must allow it (`asks`)."""

    refused: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return not self.refused

    @property
    def needs_second(self) -> bool:
        return bool(self.asks)


def _both_spoke(facts: Facts) -> str:
    if facts.of_bank and facts.of_merchant:
        return ""
    return _("There is nothing to bargain about yet: record an offer of each side first.")


def _has_offer(facts: Facts) -> str:
    if facts.of_bank or facts.of_merchant:
        return ""
    return _("There is nothing to agree on yet: record an offer first.")


def _is_signed(facts: Facts) -> str:
    if facts.is_signed:
        return ""
    return _("Only signing leads here: sign the terms with the day, the number and the span.")


@dataclass(frozen=True)
class Move:
    """A pair of stages; `guard` cannot be set aside, and with `is_limited` what is beyond the
    limits needs a second person. `asks` says it in short for people."""

    before: str
    after: str
    asks: Any
    guard: Guard | None = None
    is_limited: bool = False


_REASON = gettext_lazy("A reason")
_BOTH = gettext_lazy("An offer of each side")
_OFFER = gettext_lazy("The offer that both agree on")
_ALL = (
    Move(S.OPENING, S.NEEDS, _REASON),
    Move(S.NEEDS, S.PROPOSAL, _REASON),
    Move(S.PROPOSAL, S.BARGAINING, _BOTH, guard=_both_spoke),
    Move(S.PROPOSAL, S.AGREEMENT, _OFFER, guard=_has_offer),
    Move(S.PROPOSAL, S.NEEDS, _REASON),
    Move(S.BARGAINING, S.AGREEMENT, _OFFER, guard=_has_offer),
    Move(S.BARGAINING, S.NEEDS, _REASON),
    Move(
        S.AGREEMENT, S.SIGNING, gettext_lazy("A second person where terms are beyond the limits"),
        is_limited=True,
    ),
    Move(S.AGREEMENT, S.BARGAINING, _REASON),
    Move(S.SIGNING, S.REVIEW, gettext_lazy("The signed terms"), guard=_is_signed),
    Move(S.SIGNING, S.BARGAINING, _REASON),
    Move(S.REVIEW, S.CLOSED, gettext_lazy("What was learnt")),
    *(Move(before, S.LOST, gettext_lazy("Why it was refused")) for before in IN_TALKS),
)  # fmt: skip
MOVES: dict[tuple[str, str], Move] = {(move.before, move.after): move for move in _ALL}
# Everything that a row of the history may say, the beginning included.
PAIRS = (("", S.OPENING), *MOVES)


def targets(stage: str) -> list[str]:
    """This will list the stages that may follow, in the order of the table."""
    return [after for before, after in MOVES if before == stage]


def has_ended() -> str:
    """This will say why nothing goes on with a partner that is none any more."""
    return _("The partnership has ended: note why it was refused, nothing else is left to do.")


def judge(facts: Facts, to: str) -> Verdict:
    """This will say what stands against moving to the stage `to`, and what needs a second
    person."""
    move = MOVES.get((facts.stage, to))
    if move is None:
        names = {"before": S(facts.stage).label, "after": S(to).label}
        sentence = _("From {before} a negotiation does not go to {after}.").format(**names)
        return Verdict(refused=(sentence,))
    if facts.is_ended and to not in ENDS:
        return Verdict(refused=(has_ended(),))
    against = move.guard(facts) if move.guard else ""
    return Verdict((against,) if against else (), facts.beyond if move.is_limited else ())


# What is to be done where a negotiation stands.
NEXT: dict[str, Any] = {
    S.OPENING: gettext_lazy(
        "Agree with the merchant who talks about what, and by when. Then ask for the needs."
    ),
    S.NEEDS: gettext_lazy(
        "Write down what the merchant needs and what we need, and enter the figures by which terms "
        "are reckoned. Then make a proposal."
    ),
    S.PROPOSAL: gettext_lazy(
        "Record our offer, and the merchant's answer as its counter-offer. Where it takes ours as "
        "it is, go to agreement at once."
    ),
    S.BARGAINING: gettext_lazy(
        "Record each offer as it is made. When one side takes the other's, go to agreement."
    ),
    S.AGREEMENT: gettext_lazy(
        "Check what was agreed. Within the limits it goes to signing; beyond them a second person "
        "must allow it."
    ),
    S.SIGNING: gettext_lazy(
        "Have the paper signed by both sides, and enter number, days and clause as they stand on "
        "it."
    ),
    S.REVIEW: gettext_lazy(
        "Signed. Look back after a while: what was promised, what was kept, what to do better. "
        "Then close it."
    ),
    S.CLOSED: gettext_lazy("Closed. What was signed stays; an amendment is another negotiation."),
    S.LOST: gettext_lazy("Lost. When the ground has gone, begin another negotiation."),
}
