"""What a campaign will still have to grant, read from what it granted or from its back-test."""

import datetime as dt
import functools
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from campaigns.budgets import queries as budgets
from campaigns.budgets import rules as booking
from campaigns.budgets.enums import LimitKind
from campaigns.eligibility import queries as eligibility
from campaigns.liability import rules
from campaigns.liability.enums import Ground, Why
from campaigns.planning import queries as planning
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import plans
from portal.kit import clock, money

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Amounts:
    """What is expected (CNY), and the ends of the interval of `rules.COVERED` percent."""

    expected: Decimal
    low: Decimal
    high: Decimal

    @classmethod
    def of(cls, found: rules.Range) -> "Amounts":
        """This will write a range in whole cents; the interval gets no narrower by it."""
        low, high = (
            Decimal(f"{one:.4f}").quantize(money.CENT, rounding=way)
            for one, way in ((found.low, ROUND_FLOOR), (found.high, ROUND_CEILING))
        )
        return cls(money.cents(f"{found.expected:.6f}"), low, high)

    def besides(self, amount: Decimal) -> "Amounts":
        """This will add what is known."""
        return Amounts(self.expected + amount, self.low + amount, self.high + amount)


@dataclass(frozen=True)
class Line:
    """A part of the campaign, by branch id, party or tier: what was granted of it, and what will
    be besides."""

    key: Any
    granted: Decimal
    still: Amounts


@dataclass(frozen=True)
class Outlook:
    """What a campaign granted (CNY), and will grant from `first` to `until`: or `why` nothing can
    be said. `days` are those that it goes by, to `last_known`; `last_day` is the campaign's own
    last; `at_most` what its limits leave, None where nothing bounds it; `used_up` the share of
    futures (percent) in which they end before the days do."""

    granted: Decimal
    at_most: Decimal | None
    why: Why | None = None
    ground: Ground | None = None
    days: int = 0
    first_known: dt.date | None = None
    last_known: dt.date | None = None
    first: dt.date | None = None
    until: dt.date | None = None
    last_day: dt.date | None = None
    still: Amounts | None = None
    used_up: float = 0.0
    branches: list[Line] = field(default_factory=list)
    parties: list[Line] = field(default_factory=list)
    tiers: list[Line] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether it reaches to the campaign's last day."""
        return self.until is not None and self.until == self.last_day

    @property
    def in_all(self) -> Amounts | None:
        """What was granted and will be."""
        return self.still and self.still.besides(self.granted)


@dataclass(frozen=True)
class _Asked:
    """A version on a day, with what is used of its limits by key (CNY; units of stocks)."""

    version: Any
    plan: plans.Plan
    book: Any
    used: Mapping[booking.Key, float]
    on: dt.date

    @property
    def granted(self) -> Decimal:
        return money.cents(str(self.used.get(booking.CAMPAIGN, 0.0)))

    @property
    def codes(self) -> list[str]:
        return [tier.code for tier in self.plan.rewards.tiers]

    @functools.cached_property
    def opened(self) -> dt.date | None:
        """The day on which the version in hand began to grant; None where it did not yet."""
        if self.book is None or self.book.version_id != self.version.pk:
            return None
        return eligibility.first_live_day(self.version.pk) or clock.bank_day(self.book.opened_at)

    @functools.cached_property
    def back_test(self) -> Any:
        return eligibility.newest_back_test(self.version.pk)


def outlook(campaign: Any, *, on: dt.date) -> Outlook:
    """This will forecast, at the beginning of a day, what a campaign still has to grant: by the
    version in force, or the latest where none is yet. The same all day, as long as no limit, run
    or grant changes."""
    version = planning.approved_version(campaign) or planning.latest_version(campaign)
    if version is None:
        return Outlook(Decimal(0), None, why=Why.TOO_FEW)
    asked = _asked(campaign, version, on)
    known, ground, why, opening = _known(asked)
    branches = known.branches if known else ()
    room, worth = _room(asked, branches, asked.used), _worth(asked.plan)
    at_most = None if room.at_most is None else money.cents(f"{room.at_most:.4f}")
    base = Outlook(asked.granted, at_most, last_day=asked.plan.last_day)
    ended = _ended(campaign, asked, room, worth)
    if ended or known is None or why:
        days = 0 if known is None else len(known.amounts)
        return _without(base, ended or why or Why.TOO_FEW, days, ground)
    return _forecast(base, asked, known, ground, opening, room, worth)


def _without(base: Outlook, why: Why, days: int, ground: Ground | None) -> Outlook:
    return replace(base, why=why, ground=ground, days=days)


def _asked(campaign: Any, version: Any, on: dt.date) -> _Asked:
    book = budgets.live_book(campaign.pk)
    used: dict[booking.Key, float] = {}
    if book is not None:
        found = budgets.limits(book.pk, [])
        used = {key: held.account.used / 100 for key, held in found.items()}
    return _Asked(version, planning.plan_of(version), book, used, on)


def _ended(campaign: Any, asked: _Asked, room: rules.Room, worth: rules.Worth) -> Why | None:
    if campaign.stopped_at is not None:
        return Why.STOPPED
    if asked.plan.last_day is not None and asked.plan.last_day < asked.on:
        return Why.OVER
    return Why.USED_UP if room.is_used_up(worth) else None


def _known(
    asked: _Asked,
) -> tuple[rules.Cells | None, Ground | None, Why | None, rules.Floats | None]:
    """The days to go by, whose they are, why they do not do, and what the opening day brought where
    it is still to come."""
    own = _own_days(asked)
    if own is not None and len(own.amounts) >= rules.FEWEST_DAYS:
        return own, Ground.OWN, None, None
    if asked.back_test is None:
        return own, None if own is None else Ground.OWN, Why.TOO_FEW, None
    return _tried_days(asked, asked.back_test)


def _own_days(asked: _Asked) -> rules.Cells | None:
    """The days since the one on which the version began to grant, up to yesterday: what other
    versions granted says little of it."""
    if asked.opened is None:
        return None
    first = max(asked.opened + _DAY, asked.on - rules.MOST_DAYS * _DAY)
    rows = budgets.granted_by_day(asked.book, first=first, end=asked.on)
    amounts = ((day, branch, tier, float(amount)) for day, branch, tier, amount in rows)
    return rules.cells_of(amounts, first=first, end=asked.on, tiers=asked.codes)


def _tried_days(
    asked: _Asked, run: Any
) -> tuple[rules.Cells | None, Ground | None, Why | None, rules.Floats | None]:
    """The days of a back-test but the first, up to the end of a limit that does not come back."""
    rows = [
        (day, branch, tier, float(amount))
        for day, branch, tier, amount in eligibility.daily_of(run)
    ]
    if not rows and eligibility.figures_of(run).given.count:
        return None, Ground.BACK_TEST, Why.NO_BRANCHES, None
    whole = rules.cells_of(rows, first=run.first_date, end=run.on_date + _DAY, tiers=asked.codes)
    used = budgets.used_at_end(campaign_id=run.version.campaign_id, run_id=run.pk)
    room = _room(asked, whole.branches, {key: float(one) for key, one in used.items()})
    kept = rules.before_the_end(whole, room, _worth(asked.plan))
    first = kept.first + _DAY
    known = rules.Cells(first, kept.branches, kept.amounts[1:][-rules.MOST_DAYS :])
    known = rules.Cells(
        first + (len(kept.amounts[1:]) - len(known.amounts)) * _DAY, kept.branches, known.amounts
    )
    why = None
    if len(known.amounts) < rules.FEWEST_DAYS:
        is_cut = len(kept.amounts) < len(whole.amounts)
        why = Why.ENDED_EARLY if is_cut else Why.TOO_FEW
    opening = whole.amounts[0] if asked.opened is None else None
    return known, Ground.BACK_TEST, why, opening


def _forecast(
    base: Outlook,
    asked: _Asked,
    cells: rules.Cells,
    ground: Ground | None,
    opening: rules.Floats | None,
    room: rules.Room,
    worth: rules.Worth,
) -> Outlook:
    first = max(asked.on, asked.plan.runs_from or asked.on)
    opened, is_own = asked.opened or first, ground == Ground.OWN
    waiting = _waiting(asked, cells, worth) if is_own else None
    begun = opened if is_own else _tried_from(asked, cells)
    known = rules.Known(cells.first, begun, cells.amounts, waiting)
    until = min(rules.reach_of(known), base.last_day or dt.date.max)
    if until < first:
        return _without(base, Why.TOO_OLD, known.count, ground)
    seed = zlib.crc32(f"{asked.version.pk} {asked.on}".encode())
    found = rules.forecast(known, rules.Asked(first, until, opened, opening, seed), room, worth)
    return replace(
        base, ground=ground, days=known.count, first_known=known.first, last_known=known.last,
        first=first, until=until, still=Amounts.of(found.whole), used_up=found.used_up,
        branches=_of_branches(asked, cells, found), parties=_of_parties(asked, found),
        tiers=_of_tiers(asked, found),
    )  # fmt: skip


def _tried_from(asked: _Asked, cells: rules.Cells) -> dt.date:
    """The first day of the back-test that the days are of."""
    run = asked.back_test
    return run.first_date if run and run.first_date else cells.first - _DAY


def _waiting(asked: _Asked, cells: rules.Cells, worth: rules.Worth) -> rules.Floats | None:
    """What the limit of a day had refused by the end of each day and the one before them (CNY)."""
    if asked.plan.budget.per_day is None:
        return None
    refused = eligibility.refused_for_the_day(asked.version.pk, before=asked.on)
    counts: list[int] = []
    for number in range(-1, len(cells.amounts)):
        told = [day for day in refused if day <= cells.first + number * _DAY]
        counts.append(refused[max(told)] if told else 0)
    return rules.worth_of_people(counts, cells.amounts, worth)


def _of_branches(asked: _Asked, cells: rules.Cells, found: rules.Forecast) -> list[Line]:
    """The branches whose customers are granted something. What was granted to those of a branch
    stands in the account with all below it: what is below is taken off."""
    lines = budgets.branch_lines().lines
    under = {key: asked.used.get((LimitKind.BRANCH.value, str(key)), 0.0) for key in lines}
    own = {
        key: under[key] - sum(under[other] for other, line in lines.items() if line[1:2] == (key,))
        for key in cells.branches
    }
    return [
        Line(key, money.cents(f"{own[key]:.4f}"), Amounts.of(one))
        for key, one in zip(cells.branches, found.branches, strict=True)
    ]


def _of_parties(asked: _Asked, found: rules.Forecast) -> list[Line]:
    weights = booking.weights_of(asked.plan.budget.parties)
    return [
        Line(
            party,
            money.cents(str(asked.used.get((LimitKind.PARTY.value, party), 0.0))),
            Amounts.of(one),
        )
        for party, one in rules.split_by(weights, booking.WHOLE, found.whole).items()
    ]


def _of_tiers(asked: _Asked, found: rules.Forecast) -> list[Line]:
    return [
        Line(
            code,
            money.cents(str(asked.used.get((LimitKind.TIER.value, code), 0.0))),
            Amounts.of(one),
        )
        for code, one in zip(asked.codes, found.tiers, strict=True)
    ]


def _worth(plan: plans.Plan) -> rules.Worth:
    return rules.worth_of(
        [booking.cents(tier.value) for tier in plan.rewards.tiers],
        is_measured=any(tier.multiple is not None for tier in plan.rewards.tiers),
        is_highest=plan.rewards.mode == TierMode.HIGHEST,
    )


def _room(
    asked: _Asked, branches: tuple[int, ...], used: Mapping[booking.Key, float]
) -> rules.Room:
    """What the limits of the plan leave."""
    tree, budget, tiers = budgets.branch_lines(), asked.plan.budget, asked.plan.rewards.tiers
    weights = booking.weights_of(budget.parties)
    parties = booking.limits_of(budget.total, weights)
    planned: dict[booking.Key, Decimal | int | None] = {booking.CAMPAIGN: budget.total}
    planned |= {
        (LimitKind.BRANCH.value, str(tree.ids[code])): most
        for code, most in budget.branches.items()
        if code in tree.ids
    }
    planned |= {(LimitKind.PARTY.value, party): parties.get(party) for party in weights}
    planned |= {(LimitKind.STOCK.value, tier.code): tier.stock for tier in tiers}
    planned |= {(LimitKind.TIER.value, tier.code): tier.budget for tier in tiers}
    today = used.get((LimitKind.DAY.value, asked.on.isoformat()), 0.0)
    return rules.room_of(
        {key: None if most is None else float(most) for key, most in planned.items()},
        used,
        codes=asked.codes,
        values=[float(tier.value) for tier in tiers],
        lines=[tree.lines[branch] for branch in branches],
        weights=weights,
        per_day=None if budget.per_day is None else float(budget.per_day),
        today=today,
    )
