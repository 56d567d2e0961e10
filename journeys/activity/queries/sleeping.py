"""Reading which cards are about to fall asleep, and whether cards may be issued."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from journeys.activity.models import CardRest
from journeys.activity.queries import counts, figures, settings
from journeys.activity.rules import (
    FORECAST_DAYS,
    Flow,
    Forecast,
    Ratio,
    SleepLimits,
    forecast,
    last_since,
    months_later,
)
from portal.staff.access import Scope


@dataclass(frozen=True)
class Standing:
    """Where the cards of a scope stand against the limit at the end of a day."""

    day: dt.date
    limits: SleepLimits
    ratio: Ratio
    forecasts: tuple[Forecast, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the share is at the ceiling or above it."""
        return self.ratio.reaches(self.limits.ceiling)

    @property
    def is_near(self) -> bool:
        """Whether people are to be told: it is so high that the limit warns."""
        return self.ratio.reaches(self.limits.near)

    @property
    def will_be_over(self) -> Forecast | None:
        """The first forecast in which it reaches the ceiling."""
        ceiling = float(self.limits.ceiling)
        return next((one for one in self.forecasts if one.percents[0] >= ceiling), None)


def standing(*, asked: figures.Asked) -> Standing | None:
    """This will tell where cards stand on the latest day that was counted, with what is to be
    expected; None where nothing was."""
    latest = counts.latest_count()
    if latest is None:
        return None
    limits = settings.limits_of(settings.sleep_rule_on(latest.day))
    sums = figures.sums_on(asked=asked, on=latest.day)
    ratio, due = sums.asleep, dict(zip(FORECAST_DAYS, sums.due, strict=True))
    flows = figures.flows(asked=asked, on=latest.day)
    expected = tuple(
        forecast(
            cards=ratio.whole, asleep=ratio.part, due=due[days],
            flow=flows.get(days, Flow(days, 0, 0, 0, 0)),
        )
        for days in FORECAST_DAYS
    )  # fmt: skip
    return Standing(latest.day, limits, ratio, expected)


def why_no_cards(on: dt.date) -> str:
    """This will say why no new cards may be issued on a day, and so no campaign may bring any;
    empty where they may. What was counted by the day before is what is known."""
    latest = counts.latest_count()
    if latest is None or latest.day > on:
        return ""
    limits = settings.limits_of(settings.sleep_rule_on(on))
    ratio = figures.sums_on(asked=figures.Asked(Scope("")), on=latest.day).asleep
    if not ratio.reaches(limits.ceiling):
        return ""
    return _(
        "Of {cards} cards {asleep} were asleep at the end of {day}: {percent} %. The ceiling is"
        " {ceiling} %; no new cards may be issued until it is lower."
    ).format(
        cards=f"{ratio.whole:,}", asleep=f"{ratio.part:,}", day=latest.day,
        percent=f"{ratio.percent or Decimal(0):.2f}", ceiling=f"{limits.ceiling.normalize():f}",
    )  # fmt: skip


@dataclass(frozen=True)
class Drowsy:
    """A card that is about to fall asleep, since when it rests, and when it will be asleep."""

    rest: CardRest
    asleep_date: dt.date
    days_left: int


def falling_asleep(
    *, asked: figures.Asked, on: dt.date, days: int, limits: SleepLimits
) -> QuerySet[CardRest]:
    """This will list the cards that will be asleep within so many days after a day unless they are
    used, the first ones first; read in that order from the index of rests that last."""
    policy = Q(card__product__code__in=limits.policy_products)
    rows = CardRest.objects.filter(
        asked.scope.branches("card__branch"),
        Q(card__closed_date=None) | Q(card__closed_date__gt=on),
        card__branch__path__startswith=asked.branch_path, until=None,
        since__gt=last_since(on, limits.months),
        since__lte=last_since(on + dt.timedelta(days=days), limits.months),
    ).exclude(policy)  # fmt: skip
    if asked.product:
        rows = rows.filter(card__product__code=asked.product)
    rows = rows.select_related("card__customer__branch", "card__product", "card__branch")
    return rows.order_by("since", "card_id")


def drowsy(rest: CardRest, *, on: dt.date, limits: SleepLimits) -> Drowsy:
    """This will say when a card that rests will be asleep."""
    asleep = months_later(rest.since, limits.months)
    return Drowsy(rest, asleep, (asleep - on).days)
