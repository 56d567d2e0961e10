"""Scoring many calls at once, by one version of the model."""

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection

from journeys.scoring.enums import CallResult, EarlierResult
from journeys.scoring.models import CallModel, TraitsChoice
from journeys.scoring.queries import models
from journeys.scoring.queries.scoring import Asked
from portal.kit import clock
from portal.staff import queries as staff
from portal.staff.rules import codes_on

_log = logging.getLogger(__name__)
_KEPT = 100_000  # values that are kept for calls of which the same is known
_EARLIER = {
    CallResult.SUCCESS.value: EarlierResult.SUCCESS.value,
    CallResult.FAILURE.value: EarlierResult.FAILURE.value,
}
_FACTS = ("balance", "in_default", "has_housing_loan", "has_loan")
TRAITS = ("age", "job", "marital", "education")
# The latest call of each customer up to a day, and how many there were.
_LATEST = """
SELECT DISTINCT ON (customer_id) customer_id, called_date, result,
       count(*) OVER (PARTITION BY customer_id), {columns}
FROM journeys_pastcall
WHERE customer_id = ANY(%(ids)s::bigint[]) AND called_date <= %(on)s
ORDER BY customer_id, called_date DESC, id DESC
"""


@dataclass(frozen=True)
class Value:
    """The chance of a call by a version of the model, or points of the scorecard."""

    chance: float | None
    points: int | None

    @property
    def priority(self) -> int:
        """It as a figure from 0 to 100: the chance in per cent, or the points."""
        return round(100 * self.chance) if self.chance is not None else self.points or 0


class Scorer:
    """The newest version of the model, without or with personal traits; the scorecard where it
    learned nothing, or cannot be read. Of calls that are scored by one version the day counts as
    that on which it was made, whenever they are scored: of two leads one is not better for that."""

    def __init__(self, *, with_traits: bool) -> None:
        newest = models.newest_model(with_traits=with_traits)
        self.with_traits = with_traits
        self.version = newest.pk if newest else None
        self._learned = _learned_of(newest)
        self._known: Any = None
        self._on: dt.date | None = None
        if newest is not None and self._learned is not None:
            self._on = clock.bank_day(newest.made_at)
            self._known = models.latest_results(before=self._on)
        self._found: dict[Asked, Value] = {}

    def on(self, today: dt.date) -> dt.date:
        """This will return the day that counts for calls scored today."""
        return self._on or today

    def values(self, asked: Sequence[Asked]) -> list[Value]:
        """This will score calls; those of which the same is known are scored once."""
        new = [one for one in dict.fromkeys(asked) if one not in self._found]
        if new:
            ahead = models.calls_of([asdict(one) | {"result": None} for one in new])
            self._found.update(zip(new, self._scored(ahead), strict=True))
        found = [self._found[one] for one in asked]
        if len(self._found) > _KEPT:
            self._found.clear()
        return found

    def _scored(self, ahead: Any) -> list[Value]:
        if self._learned is None:
            from journeys.scoring.rules import call_card

            return [Value(None, int(points)) for points in call_card.scores_of(ahead)]
        table = self._learned.table_of(self._known.followed_by(ahead))
        chances = self._learned.chances(table.part(slice(len(self._known), None)))
        return [Value(float(chance), None) for chance in chances]


def _learned_of(newest: CallModel | None) -> Any:
    """What a version learned, None where that is nothing that can be used."""
    if newest is None or newest.learned is None:
        return None
    from journeys.scoring.rules import model

    try:
        learned = model.model_of(newest.learned)
        learned.table_of(models.calls_of([asdict(Asked(dt.date(2026, 1, 1))) | {"result": None}]))
    except model.ModelUnreadable:
        _log.exception("Version %s of the model of calls cannot be read", newest.pk)
        return None
    return learned


def traits_by_branch() -> dict[int, bool]:
    """This will tell of each branch whether its calls are scored with personal traits, as
    `reads_traits` does of one."""
    latest = TraitsChoice.objects.order_by("branch", "-id").distinct("branch")
    said = dict(latest.values_list("branch__code", "with_traits"))
    return {
        pk: next((said[code] for code in reversed(codes_on(path)) if code in said), False)
        for pk, _code, path in staff.branch_tree()
    }


def known_before(
    customer_ids: Collection[int], *, on: dt.date, with_traits: bool
) -> dict[int, dict[str, Any]]:
    """This will return what the calls of customers tell of one that is made on a day, as values of
    `Asked`; without `with_traits` no personal trait is even read."""
    columns = _FACTS + TRAITS if with_traits else _FACTS
    with connection.cursor() as cursor:
        cursor.execute(
            _LATEST.format(columns=", ".join(columns)), {"ids": list(customer_ids), "on": on}
        )
        rows = cursor.fetchall()
    return {
        pk: dict(zip(columns, rest, strict=True)) | {
            "since_days": (on - day).days, "earlier": count,
            "earlier_result": _EARLIER[result],
        }
        for pk, day, result, count, *rest in rows
    }  # fmt: skip


def kept_of(asked: Asked) -> dict[str, Any]:
    """This will return what is known of a call as plain values for JSON."""
    plain = {name: value for name, value in asdict(asked).items() if value not in (None, "")}
    if asked.balance is not None:
        plain["balance"] = str(asked.balance)
    return plain | {"called_date": asked.called_date.isoformat()}


def asked_of(kept: dict[str, Any]) -> Asked:
    """This will read what `kept_of` returned; what was erased is not known."""
    day = dt.date.fromisoformat(kept.get("called_date", "2026-01-01"))
    names = set(Asked.__dataclass_fields__) - {"called_date", "balance"}
    found = Asked(day, **{name: value for name, value in kept.items() if name in names})
    return replace(found, balance=Decimal(kept["balance"])) if "balance" in kept else found
