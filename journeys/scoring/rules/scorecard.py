"""The scorecard of potential: a table of points set by hand, read from a customer's facts.

It is no trained model and foretells nothing; it puts in order whom to look at first, in words that
can be checked. What stands against contacting a customer is the gate's matter and counts for
nothing here. The weights add up to 100 without personal traits; with them the share of what could
be reached is shown, so that both ways run from 0 to 100.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from journeys.scoring.enums import Potential
from journeys.stages import rules as stages
from journeys.stages.enums import JourneyStep
from portal.kit import money

SPAN_DAYS = 90  # what counts as now; the same span before it is compared
HIGH_FROM, MIDDLE_FROM = 65, 40
TONES = {Potential.HIGH: "success", Potential.MIDDLE: "info", Potential.LOW: "secondary"}


@dataclass(frozen=True)
class Facts:
    """What the scorecard reads of a customer on the day `on`. Spending is net, in CNY, over the
    last SPAN_DAYS days and the same span before; `last_used` is the last purchase within both.
    `birth_date` is the only personal trait."""

    on: dt.date
    registered: dt.date
    step: str
    issued: dt.date | None
    activated: dt.date | None
    open_cards: int
    spent: Decimal
    spent_before: Decimal
    purchases: int
    last_used: dt.date | None
    birth_date: dt.date | None


@dataclass(frozen=True)
class Found:
    """What a line of the scorecard gives, with the fact in words."""

    points: int
    words: str


@dataclass(frozen=True)
class Factor:
    """One line of the scorecard: the most it gives, and why it counts at all."""

    code: str
    label: Any
    most: int
    why: Any
    read: Callable[[Facts], Found]
    is_trait: bool = False


@dataclass(frozen=True)
class Reason:
    """One line as a reader sees it."""

    label: str
    points: int
    most: int
    words: str
    why: str
    is_trait: bool


@dataclass(frozen=True)
class Score:
    """A customer's potential, 0 to 100, with every line that made it, the weightiest first."""

    value: int
    potential: Potential
    reasons: list[Reason]
    with_traits: bool

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return TONES[self.potential]


# What each line gives for how much, for the readings below and for the same in SQL.
_SPENT, _SPENT_SOME = ((6000, 25), (3000, 18), (1000, 10)), 4
_NEW_SPENDER, _GREW = 15, ((20, 15), (-10, 8))  # change in per cent
_PURCHASES = ((20, 15), (8, 10), (3, 5))
_LAST_USED = ((14, 10), (45, 5))  # days at most
_ACTIVATED = ((7, 5), (30, 2))  # days at most
_OPEN_CARDS = {0: 10, 1: 8, 2: 4}
_YEARS = ((2, 5), (1, 3))


def _stairs(value: Decimal | int, steps: tuple[tuple[int, int], ...]) -> int:
    """The points of the first step (at least, points) that is reached, none below all."""
    return next((points for least, points in steps if value >= least), 0)


def _descent(value: int, steps: tuple[tuple[int, int], ...]) -> int:
    """The points of the first step (at most, points) that is kept to, none beyond all."""
    return next((points for most, points in steps if value <= most), 0)


def _spending(facts: Facts) -> Found:
    words = gettext("Spent {amount} in {days} days").format(
        amount=money.show(facts.spent), days=SPAN_DAYS
    )
    points = _stairs(facts.spent, _SPENT)
    return Found(points or (_SPENT_SOME if facts.spent > 0 else 0), words)


def _growth(facts: Facts) -> Found:
    if facts.spent <= 0 and facts.spent_before <= 0:
        return Found(0, gettext("No spending to compare"))
    if facts.spent_before <= 0:
        words = gettext("Spends now, and did not in the {days} days before")
        return Found(_NEW_SPENDER, words.format(days=SPAN_DAYS))
    change = (facts.spent - facts.spent_before) / facts.spent_before * 100
    points = _stairs(change, _GREW)
    words = gettext("Spending changed by {percent} % against the {days} days before")
    return Found(points, words.format(percent=f"{round(change):+d}", days=SPAN_DAYS))


def _frequency(facts: Facts) -> Found:
    words = gettext("Purchases in {days} days: {count}").format(
        days=SPAN_DAYS, count=facts.purchases
    )
    return Found(_stairs(facts.purchases, _PURCHASES), words)


def _recency(facts: Facts) -> Found:
    if facts.last_used is None:
        return Found(0, gettext("No purchase in {days} days").format(days=2 * SPAN_DAYS))
    days = (facts.on - facts.last_used).days
    points = _descent(days, _LAST_USED)
    return Found(points, gettext("Days since the last purchase: {days}").format(days=days))


_STEP_POINTS: dict[str, int] = {
    JourneyStep.REDEEMED: 15, JourneyStep.USED: 12, JourneyStep.ACTIVATED: 8,
    JourneyStep.ISSUED: 5, JourneyStep.REGISTERED: 0, JourneyStep.ENDED: 0,
}  # fmt: skip
_APPLYING = 3  # an application under way


def _journey(facts: Facts) -> Found:
    known = facts.step in JourneyStep.values
    label = str(JourneyStep(facts.step).label) if known else gettext("not worked out yet")
    points = _STEP_POINTS.get(facts.step, _APPLYING) if known else 0
    return Found(points, gettext("Step reached: {step}").format(step=label))


def _speed(facts: Facts) -> Found:
    if facts.issued is None or facts.activated is None:
        return Found(0, gettext("No card activated yet"))
    days = (facts.activated - facts.issued).days
    points = _descent(days, _ACTIVATED)
    return Found(points, gettext("Days from issue to activation: {days}").format(days=days))


def _room(facts: Facts) -> Found:
    words = gettext("Open cards: {count}").format(count=facts.open_cards)
    return Found(_OPEN_CARDS.get(facts.open_cards, 0), words)


def _years(earlier: dt.date, later: dt.date) -> int:
    """Whole years between two days."""
    is_short = (later.month, later.day) < (earlier.month, earlier.day)
    return later.year - earlier.year - is_short


def _tenure(facts: Facts) -> Found:
    years = _years(facts.registered, facts.on)
    return Found(
        _stairs(years, _YEARS),
        ngettext("Customer for {years} full year", "Customer for {years} full years", years).format(
            years=years
        ),
    )


def _age(facts: Facts) -> Found:
    if facts.birth_date is None:
        return Found(0, gettext("Day of birth not known"))
    years = _years(facts.birth_date, facts.on)
    points = 5 if 25 <= years < 40 else 3 if 40 <= years < 55 else 0
    return Found(points, gettext("Age: {years}").format(years=years))


FACTORS = (
    Factor("spending", _("Spending now"), 25,
           _("What is spent on the card today is the surest sign of its worth."), _spending),
    Factor("growth", _("Growth"), 15,
           _("Who spends more than before is moving to this card."), _growth),
    Factor("frequency", _("Frequency"), 15,
           _("Many small payments make a habit, one large one does not."), _frequency),
    Factor("journey", _("Way come so far"), 15,
           _("Each step taken makes the next one likelier."), _journey),
    Factor("recency", _("Last use"), 10,
           _("A card that was just used is at hand."), _recency),
    Factor("room", _("Room for a card"), 10,
           _("Fewer cards leave more to offer; many cards are no aim in themselves."), _room),
    Factor("speed", _("Speed of activation"), 5,
           _("Who activates at once wanted the card."), _speed),
    Factor("tenure", _("Length of relation"), 5,
           _("Whom the bank has known for long is less likely to leave."), _tenure),
    Factor("age", _("Age"), 5,
           _("Households grow in these years. A personal trait: weighs little, may be left out."),
           _age, is_trait=True),
)  # fmt: skip


def score_of(facts: Facts, *, with_traits: bool) -> Score:
    """This will add up the scorecard; without `with_traits` nothing personal is looked at, as
    article 24 of the Personal Information Protection Law wants it to be possible."""
    reasons = [
        _reason(factor, factor.read(facts))
        for factor in FACTORS
        if with_traits or not factor.is_trait
    ]
    value = share(sum(row.points for row in reasons), sum(row.most for row in reasons))
    reasons.sort(key=lambda row: -row.points)
    return Score(value, potential_of(value), reasons, with_traits)


def _reason(factor: Factor, found: Found) -> Reason:
    return Reason(
        label=str(factor.label),
        points=found.points,
        most=factor.most,
        words=found.words,
        why=str(factor.why),
        is_trait=factor.is_trait,
    )


def share(points: int, most: int) -> int:
    """This will return the points as a share of what can be reached, in whole per cent, half up."""
    return (200 * points + most) // (2 * most)


def potential_of(value: int) -> Potential:
    """This will tell what a score means."""
    if value >= HIGH_FROM:
        return Potential.HIGH
    return Potential.MIDDLE if value >= MIDDLE_FROM else Potential.LOW


# --- the same for many customers at once ------------------------------------------------------
def facts_sql(customer: str, on: str) -> str:
    """This will return the query of the columns of `Facts` but for `on` and `birth_date`, one row,
    for the customer whose id the expression `customer` gives, as of the end of the day `on`.
    Spending comes from the cards' index alone: amounts stand in it."""
    middle = f"({on}::date - {SPAN_DAYS - 1})"

    def day(column: str) -> str:
        return f"CASE WHEN journey.{column} <= {on} THEN journey.{column} END AS {column}"

    return f"""
    SELECT scored.registered_date AS registered,
           CASE WHEN journey.customer_id IS NOT NULL
                THEN {stages.step_on_sql("journey", on)} ELSE '' END AS step,
           {day("issued_date")}, {day("activated_date")}, held.open_cards,
           spent.now, spent.before, spent.purchases, spent.last_used
    FROM journeys_customer scored
    LEFT JOIN journeys_customerstage journey ON journey.customer_id = scored.id
    CROSS JOIN LATERAL (
        SELECT count(*) AS open_cards FROM journeys_card card
        WHERE card.customer_id = scored.id AND card.issued_date <= {on}
          AND (card.closed_date IS NULL OR card.closed_date > {on})
    ) AS held
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.amount) FILTER (WHERE t.posted_date >= {middle}), 0) AS now,
               coalesce(sum(t.amount) FILTER (WHERE t.posted_date < {middle}), 0) AS before,
               count(*) FILTER (WHERE t.posted_date >= {middle} AND t.amount > 0) AS purchases,
               max(t.posted_date) FILTER (WHERE t.amount > 0) AS last_used
        FROM journeys_card card JOIN journeys_transaction t ON t.card_id = card.id
        WHERE card.customer_id = scored.id
          AND t.posted_date >= {middle} - {SPAN_DAYS} AND t.posted_date <= {on}
    ) AS spent
    WHERE scored.id = {customer}"""


def score_sql(customer: str, on: str) -> str:
    """This will return the expression of a customer's score without personal traits: the points of
    the same lines, which add up to a hundred. The tests hold both against each other."""
    step_points = {step.value: _STEP_POINTS.get(step, _APPLYING) for step in JourneyStep}
    tenure = f"extract(year FROM age({on}::date, facts.registered))"
    spent = _cases(_SPENT, "facts.now >= {}", _SPENT_SOME, "facts.now > 0")
    # Not divided, and so exact.
    grew = _cases(_GREW, "facts.now * 100 >= facts.before * (100 + {})")
    lines = (
        spent,
        f"CASE WHEN facts.now <= 0 AND facts.before <= 0 THEN 0"
        f" WHEN facts.before <= 0 THEN {_NEW_SPENDER} ELSE {grew} END",
        _cases(_PURCHASES, "facts.purchases >= {}"),
        _cases(tuple(step_points.items()), "facts.step = '{}'"),
        _cases(_LAST_USED, f"{on}::date - facts.last_used <= {{}}"),
        _cases(tuple(_OPEN_CARDS.items()), "facts.open_cards = {}"),
        _cases(_ACTIVATED, "facts.activated_date - facts.issued_date <= {}"),
        _cases(_YEARS, f"{tenure} >= {{}}"),
    )
    return f"(SELECT ({' + '.join(lines)})::int FROM ({facts_sql(customer, on)}) AS facts)"


def _cases(
    steps: tuple[tuple[Any, int], ...], test: str, otherwise: int = 0, if_at_all: str = "TRUE"
) -> str:
    """The points of the first step whose test holds, for none of them those `otherwise`."""
    cases = " ".join(f"WHEN {test.format(bound)} THEN {points}" for bound, points in steps)
    return f"CASE {cases} WHEN {if_at_all} THEN {otherwise} ELSE 0 END"
