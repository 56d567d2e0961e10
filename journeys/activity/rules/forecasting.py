"""How many cards will sleep, if people go on as they did."""

from dataclasses import dataclass

from portal.kit.shares import Share


@dataclass(frozen=True)
class Flow:
    """What became of cards in the `days` before the day of the figures: of those `due` to fall
    asleep in them, so many `woke` before (were used, or closed); of those `asleep` at their
    beginning, so many `left` (the same)."""

    days: int
    due: int
    woke: int
    asleep: int
    left: int

    @property
    def waking(self) -> Share:
        return Share(self.woke, self.due)

    @property
    def leaving(self) -> Share:
        return Share(self.left, self.asleep)


@dataclass(frozen=True)
class Forecast:
    """How many of `cards` will sleep in `days` days, with the ends of the interval. `due` are those
    that will if they are not used; without an earlier span to learn from, `is_blind`."""

    days: int
    cards: int
    due: int
    flow: Flow
    expected: float
    low: float
    high: float

    @property
    def is_blind(self) -> bool:
        return not (self.flow.due or self.flow.asleep)

    @property
    def percents(self) -> tuple[float, float, float]:
        """What is expected, and the ends, in percent of the cards of today."""
        whole = self.cards or 1
        return 100 * self.expected / whole, 100 * self.low / whole, 100 * self.high / whole


def forecast(*, cards: int, asleep: int, due: int, flow: Flow) -> Forecast:
    """This will forecast how many cards will sleep in `flow.days` days.

    Those asleep now stay so, less the share that left sleep in as many days before; those due fall
    asleep, less the share of the due that woke then. The interval takes both shares at the ends of
    their own (Wilson, 95 %), which is wider than both together need. No card is issued or asked to
    be used that would not have been.
    """
    left = flow.leaving if flow.asleep else Share(0, 0)
    woke = flow.waking if flow.due else Share(0, 0)

    def of(leaving: float, waking: float) -> float:
        return asleep * (1 - leaving) + due * (1 - waking)

    return Forecast(
        flow.days, cards, due, flow,
        of(left.rate, woke.rate), of(left.high, woke.high), of(left.low, woke.low),
    )  # fmt: skip
