"""Which phase may follow which, and what a move asks for."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants.partnerships.enums import Phase as P

# The five phases, in which a partnership stays for a while; the entry and the end are none.
FIVE = (P.COMPARISON, P.CONFIRMED, P.PERFECT, P.WAVERING, P.ADJUSTMENT)
LEAST_PEERS = 2
ANSWER_DAYS = 28


@dataclass(frozen=True)
class Limits:
    """What is set from a day on. Pairs in `second_person` ("comparison-confirmed") need one."""

    least_days: int
    return_days: int
    stable_days: int
    most_fall: int
    alarms_a_week: int
    second_person: frozenset[str] = frozenset()
    answer_days: int = ANSWER_DAYS


@dataclass(frozen=True)
class Facts:
    """A partnership before a move: its phase since a day, when each phase was left last, how many
    merchants it can be compared with, whether a contract with the merchant holds, and by how many
    percent turnover changed (None where that is not known)."""

    phase: str
    since: dt.date
    on: dt.date
    peers: int
    last_left: Mapping[str, dt.date] = field(default_factory=dict)
    has_contract: bool = False
    turnover_change: Decimal | None = None


Guard = Callable[[Facts, Limits], str]


@dataclass(frozen=True)
class Verdict:
    """What stands against a move (`refused`), and why a second person must allow it (`asks`);
    `free_from` is the first day on which time alone asks for nobody any more."""

    refused: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    free_from: dt.date | None = None

    @property
    def is_open(self) -> bool:
        return not self.refused

    @property
    def needs_second(self) -> bool:
        return bool(self.asks)


def _has_peers(facts: Facts, _limits: Limits) -> str:
    if facts.peers >= LEAST_PEERS:
        return ""
    return _(
        "There is nobody to compare it with: other merchants of its scenario and city: {count}; "
        "at least {least} are needed."
    ).format(count=facts.peers, least=LEAST_PEERS)


def _has_contract(facts: Facts, _limits: Limits) -> str:
    if facts.has_contract:
        return ""
    sentence = _("No contract with the merchant holds on {day}: add it on the merchant's page.")
    return sentence.format(day=facts.on)


def _stood_long(facts: Facts, limits: Limits) -> str:
    free = facts.since + dt.timedelta(days=limits.stable_days)
    if facts.on >= free:
        return ""
    return _("It must have been stable for {days} days, that is until {day}.").format(
        days=limits.stable_days, day=free
    )


def _turnover_held(facts: Facts, limits: Limits) -> str:
    if facts.turnover_change is None:
        return _("It is not known how turnover changed, so nothing shows that it is stable.")
    if facts.turnover_change >= -limits.most_fall:
        return ""
    return _("Turnover fell by {fall} %; it counts as stable up to {most} %.").format(
        fall=-facts.turnover_change, most=limits.most_fall
    )


@dataclass(frozen=True)
class Move:
    """A pair of phases; `must` are guards that nobody can set aside, `or_second` those in whose
    place a second person may stand. `asks` says them in short for the picture's table."""

    before: str
    after: str
    asks: Any
    must: tuple[Guard, ...] = ()
    or_second: tuple[Guard, ...] = ()

    @property
    def code(self) -> str:
        return f"{self.before}-{self.after}"


_PEERS = gettext_lazy("Others of its scenario and city to compare it with")
_CONTRACT = gettext_lazy("A signed contract that holds, or a second person")
_STABLE = gettext_lazy("Stable for the days that are set, turnover not fallen; or a second person")
_REASON = gettext_lazy("A reason")


def _to_stable(before: str) -> Move:
    return Move(before, P.PERFECT, _STABLE, or_second=(_stood_long, _turnover_held))


def _to_confirmed(before: str) -> Move:
    return Move(before, P.CONFIRMED, _CONTRACT, or_second=(_has_contract,))


_ALL = (
    Move(P.PROSPECT, P.COMPARISON, _PEERS, must=(_has_peers,)),
    _to_confirmed(P.PROSPECT),
    _to_confirmed(P.COMPARISON),
    _to_stable(P.CONFIRMED),
    Move(P.CONFIRMED, P.WAVERING, _REASON),
    Move(P.CONFIRMED, P.ADJUSTMENT, _REASON),
    Move(P.PERFECT, P.WAVERING, _REASON),
    Move(P.PERFECT, P.ADJUSTMENT, _REASON),
    _to_stable(P.WAVERING),
    Move(P.WAVERING, P.ADJUSTMENT, _REASON),
    Move(P.WAVERING, P.COMPARISON, _PEERS, must=(_has_peers,)),
    _to_confirmed(P.ADJUSTMENT),
    Move(P.ADJUSTMENT, P.WAVERING, _REASON),
    Move(P.ADJUSTMENT, P.COMPARISON, _PEERS, must=(_has_peers,)),
    *(Move(before, P.ENDED, _REASON) for before in (P.PROSPECT, *FIVE)),
)
MOVES: dict[tuple[str, str], Move] = {(move.before, move.after): move for move in _ALL}
BEGINNINGS = (P.PROSPECT, P.COMPARISON)
# Everything that a row of the history may say, the beginnings included.
PAIRS = (*(("", phase) for phase in BEGINNINGS), *MOVES)


def targets(phase: str) -> list[str]:
    """This will list the phases that may follow, in the order of their table."""
    return [after for before, after in MOVES if before == phase]


def _waits(facts: Facts, to: str, limits: Limits) -> list[tuple[dt.date, str]]:
    """Days from which time asks for nobody any more, each with its sentence; an end never waits."""
    if to == P.ENDED:
        return []
    found = []
    free = facts.since + dt.timedelta(days=limits.least_days)
    if facts.phase in FIVE and facts.on < free:
        sentence = _(
            "It is in its phase since {since}, and a phase lasts {days} days at least: it may move "
            "from {day} on, or earlier where a second person allows it."
        )
        found.append((free, sentence.format(since=facts.since, days=limits.least_days, day=free)))
    left = facts.last_left.get(to)
    if left is not None and facts.on < (free := left + dt.timedelta(days=limits.return_days)):
        sentence = _(
            "It left this phase on {left}, and does not return within {days} days: it may from "
            "{day} on, or earlier where a second person allows it."
        )
        found.append((free, sentence.format(left=left, days=limits.return_days, day=free)))
    return found


def judge(facts: Facts, to: str, limits: Limits) -> Verdict:
    """This will say what stands against moving to the phase `to`, and what needs a second
    person."""
    move = MOVES.get((facts.phase, to))
    if move is None:
        names = {"before": P(facts.phase).label, "after": P(to).label}
        sentence = _("From {before} a partnership does not move to {after}.").format(**names)
        return Verdict(refused=(sentence,))
    refused = tuple(text for guard in move.must if (text := guard(facts, limits)))
    asks = [text for guard in move.or_second if (text := guard(facts, limits))]
    waits = _waits(facts, to, limits)
    asks += [sentence for _day, sentence in waits]
    if move.code in limits.second_person:
        asks.append(_("By the rule in force this move needs a second person."))
    return Verdict(refused, tuple(asks), max((day for day, _text in waits), default=None))
