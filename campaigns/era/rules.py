"""From counts to shares, and from shares to the era that a branch stands in."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from campaigns.era.enums import ShareCode, Unknown
from campaigns.planning.enums import Era


@dataclass(frozen=True)
class Limits:
    """What the rule asks; shares in percent."""

    fewest_cards: int
    known_percent: int
    fewest_customers: int
    pull: int
    batch: int
    reached: int
    partners: int


@dataclass(frozen=True)
class Sums:
    """Counts of some months together. Customers are customer-months: who held a card in three
    months counts three times, and so does who was reached in three."""

    months: int = 0
    cards: int = 0
    pulled: int = 0
    batched: int = 0
    brought: int = 0
    customers: int = 0
    reached: int = 0
    spent: Decimal = Decimal(0)
    placed: Decimal = Decimal(0)
    at_partners: Decimal = Decimal(0)

    @property
    def of_known_origin(self) -> int:
        return self.pulled + self.batched + self.brought


COUNTED = [field.name for field in fields(Sums) if field.name != "months"]


@dataclass(frozen=True)
class Share:
    """One share: `part` of `whole`; where it is not known, why."""

    code: ShareCode
    part: Decimal
    whole: Decimal
    unknown: Unknown | None = None

    @property
    def is_known(self) -> bool:
        return self.unknown is None

    @property
    def percent(self) -> Decimal | None:
        return None if self.unknown else 100 * self.part / self.whole

    def reaches(self, percent: int) -> bool | None:
        """This will tell whether it is as high as that; None where it is not known."""
        return None if self.unknown else 100 * self.part >= percent * self.whole


@dataclass(frozen=True)
class Test:
    """What an era asks of a share, and whether that is so (None: not known)."""

    share: Share
    least: int
    is_met: bool | None


@dataclass(frozen=True)
class Step:
    """One era with what it asks; all of it must be met."""

    era: Era
    tests: tuple[Test, ...]

    @property
    def is_met(self) -> bool | None:
        answers = [test.is_met for test in self.tests]
        if False in answers:
            return False
        return None if None in answers else True


@dataclass(frozen=True)
class Standing:
    """Where a branch stands. `era` is the highest one whose tests are all met, None where none is;
    `open` are higher ones of which it is not known."""

    shares: tuple[Share, ...]
    steps: tuple[Step, ...]

    @property
    def era(self) -> Era | None:
        return next((step.era for step in self.steps if step.is_met), None)

    @property
    def open(self) -> tuple[Era, ...]:
        found = []
        for step in self.steps:
            if step.is_met:
                break
            if step.is_met is None:
                found.append(step.era)
        return tuple(found)

    @property
    def is_unknown(self) -> bool:
        """Whether nothing can be said: none is met, and of some it is not known."""
        return self.era is None and bool(self.open)

    def share(self, code: str) -> Share:
        return next(one for one in self.shares if one.code == code)


def shares_of(sums: Sums, limits: Limits) -> tuple[Share, ...]:
    """This will make the four shares of counts, each known only where enough is."""
    origin, known = _why_no_origin(sums, limits), Decimal(sums.of_known_origin)
    return (
        Share(ShareCode.PULL, Decimal(sums.pulled), known, origin),
        Share(ShareCode.BATCH, Decimal(sums.batched), known, origin),
        Share(
            ShareCode.REACHED, Decimal(sums.reached), Decimal(sums.customers),
            _why_no_reach(sums, limits),
        ),
        Share(ShareCode.PARTNERS, sums.at_partners, sums.spent, _why_no_spending(sums)),
    )  # fmt: skip


def judge(sums: Sums, limits: Limits) -> Standing:
    """This will tell the era that counts speak for, the highest step first."""
    shares = shares_of(sums, limits)
    pull, batch, reached, partners = shares

    def test(share: Share, least: int) -> Test:
        return Test(share, least, share.reaches(least))

    managed = test(reached, limits.reached)
    steps = (
        Step(Era.ECOSYSTEM, (test(partners, limits.partners), managed)),
        Step(Era.CUSTOMER, (managed,)),
        Step(Era.BATCH, (test(batch, limits.batch),)),
        Step(Era.PRODUCT, (test(pull, limits.pull),)),
    )
    return Standing(shares, steps)


def total(rows: Sequence[Sums]) -> Sums:
    """This will add up counts of several months, or of several branches in them."""
    names = [field.name for field in fields(Sums)]
    nought = Sums()
    sums: dict[str, Any] = {
        name: sum((getattr(row, name) for row in rows), getattr(nought, name)) for name in names
    }
    return Sums(**sums)


def _why_no_origin(sums: Sums, limits: Limits) -> Unknown | None:
    if not sums.months:
        return Unknown.NOT_COUNTED
    known = sums.of_known_origin
    if known < limits.fewest_cards:
        return Unknown.FEW_CARDS
    return Unknown.NO_ORIGIN if 100 * known < limits.known_percent * sums.cards else None


def _why_no_reach(sums: Sums, limits: Limits) -> Unknown | None:
    if not sums.months:
        return Unknown.NOT_COUNTED
    is_few = sums.customers < limits.fewest_customers * sums.months
    return Unknown.FEW_CUSTOMERS if is_few else None


def _why_no_spending(sums: Sums) -> Unknown | None:
    if not sums.months:
        return Unknown.NOT_COUNTED
    if not sums.spent:
        return Unknown.NO_SPENDING
    return None if sums.placed else Unknown.NO_MERCHANTS


def plain(sums: Sums | None) -> dict[str, Decimal | None]:
    """This will give the shares of counts in percent, however few they count; None where there is
    nothing to divide by."""
    if sums is None:
        return dict.fromkeys(ShareCode.values)
    lowest = Limits(1, 1, 1, 0, 0, 0, 0)
    return {share.code.value: share.percent for share in shares_of(sums, lowest)}
