"""What is foretold of a call before it is made, and why."""

import datetime as dt
import logging
import math
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext

from journeys.scoring.models import CallModel
from journeys.scoring.queries import models
from journeys.scoring.rules.telling import LEAST, Why, value_of

_SHOWN = 100
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A call that may be made, with what is known before it."""

    called_date: dt.date
    attempts: int = 1
    since_days: int | None = None
    earlier: int = 0
    earlier_result: str = ""
    channel: str = ""
    balance: Decimal | None = None
    in_default: bool | None = None
    has_housing_loan: bool | None = None
    has_loan: bool | None = None
    age: int | None = None
    job: str = ""
    marital: str = ""
    education: str = ""


@dataclass(frozen=True)
class CallScore:
    """A chance by a version of the model, or points of the scorecard where there is none; with the
    reasons, the weightiest first."""

    version: int | None
    chance: float | None
    points: int | None
    with_traits: bool
    reasons: list[Why]


def score_call(asked: Asked, *, branch: Any) -> CallScore:
    """This will score a call that a branch may make, by the newest version that it may use; by the
    scorecard where that version learned nothing, or cannot be read."""
    with_traits = models.reads_traits(branch)
    return _score(asked, models.newest_model(with_traits=with_traits))


def score_by(asked: Asked, *, version: int | None) -> CallScore:
    """This will score a call by a version of the model, or by the scorecard where it learned
    nothing, or there is none."""
    found = CallModel.objects.filter(pk=version).first() if version is not None else None
    return _score(asked, found)


def _score(asked: Asked, version: CallModel | None) -> CallScore:
    ahead = models.calls_of([asdict(asked) | {"result": None}])
    if version is None or version.learned is None:
        return _by_card(asked, ahead)
    from journeys.scoring.rules import model, reasons

    # As many as it learned from, so that the bank's share of successes is the one it knows.
    known = models.latest_results(before=asked.called_date)
    try:
        learned = model.model_of(version.learned)
        table = learned.table_of(known.followed_by(ahead))
    except model.ModelUnreadable:
        _log.exception("Version %s of the model of calls cannot be read", version.pk)
        return _by_card(asked, ahead)
    explained = reasons.explain(learned, table, len(known))
    latest = known.won[-_SHOWN:]
    share = float(latest.mean()) if len(latest) else None
    told = [
        Why(fact, _value(asked, fact, share), added)
        for fact, added in explained.facts.items()
        if abs(added) >= LEAST
    ]
    chance = 1 / (1 + math.exp(-(explained.average + sum(explained.facts.values()))))
    told.sort(key=lambda why: -abs(why.added))
    return CallScore(version.pk, float(chance), None, version.with_traits, told)


def _by_card(asked: Asked, ahead: Any) -> CallScore:
    from journeys.scoring.rules import call_card

    points = {fact: float(given[0]) for fact, given in call_card.points_of(ahead).items()}
    middle = call_card.middle_points()
    told = [
        Why(fact, _value(asked, fact, None), given - middle[fact])
        for fact, given in points.items()
        if given != middle[fact]
    ]
    told.sort(key=lambda why: -abs(why.added))
    return CallScore(None, None, int(sum(points.values())), False, told)


def _value(asked: Asked, fact: str, share: float | None) -> str:
    """What a fact is, in words."""
    if fact == "season":
        return formats.date_format(asked.called_date, "F")
    if fact == "weekday":
        return formats.date_format(asked.called_date, "l")
    if fact == "recent":
        return gettext("not known") if share is None else f"{100 * share:.0f} %"
    column = "since_days" if fact == "since" else fact
    return value_of(fact, getattr(asked, column))
