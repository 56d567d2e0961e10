"""Conditions on rows that are put into SQL once, and then only asked with other rows and instants.

A condition of many subqueries takes the ORM longer to put into SQL than the database to answer. The
text is the same each time: only the ids and the instant differ.

    NOTHING_AGAINST = Compiled(lambda at: Lead.objects.filter(may_be_called(at)))
    NOTHING_AGAINST.among([1, 2, 3], at=at)   # those of them that meet it
"""

import datetime as dt
import functools
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Value

from portal.kit import clock, prepared

_IDS = "the ids"
# Two instants that no condition names: what differs between their values comes of the instant.
_ONE = dt.datetime(1901, 2, 3, 4, 5, 6, 789, dt.UTC)
_OTHER = dt.datetime(1907, 8, 9, 10, 11, 12, 345, dt.UTC)
_Slot = Callable[[Collection[int], dt.datetime], Any]


class Compiled:
    """A condition on rows that depends on nothing but an instant: `make` returns the rows that meet
    it then, filtered and neither sorted, grouped nor cut."""

    def __init__(self, make: Callable[[dt.datetime], QuerySet[Any]]) -> None:
        self._make = make

    def among(self, ids: Collection[int], *, at: dt.datetime) -> set[int]:
        """This will tell which of the rows with these ids meet the condition at `at`."""
        if not ids:
            return set()
        sql, slots = self._compiled
        values = [slot(ids, at) for slot in slots]
        return {pk for (pk,) in prepared.fetch_about(len(ids), sql, values)}

    @functools.cached_property
    def _compiled(self) -> tuple[str, list[_Slot]]:
        sql, ones = self._sql_of(_ONE)
        again, others = self._sql_of(_OTHER)
        if sql != again:
            raise TypeError("a condition whose SQL depends on the instant cannot be compiled")
        return sql, [_slot(*pair) for pair in zip(ones, others, strict=True)]

    def _sql_of(self, at: dt.datetime) -> tuple[str, tuple[Any, ...]]:
        is_among = Func(
            F("pk"), Value(_IDS), template="%(expressions)s::bigint[])", arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )  # fmt: skip
        rows = self._make(at).filter(is_among).order_by().values_list("pk")
        sql, values = rows.query.sql_with_params()
        return sql, values


def _slot(one: Any, other: Any) -> _Slot:
    """What stands at a place of the values, by what stood there for two instants."""
    if one == other:
        return (lambda ids, _at: list(ids)) if one == _IDS else (lambda _ids, _at: one)
    if (one, other) == (_ONE, _OTHER):
        return lambda _ids, at: at
    if (one, other) == (clock.bank_day(_ONE), clock.bank_day(_OTHER)):
        return lambda _ids, at: clock.bank_day(at)
    raise TypeError(f"a value that is neither the instant nor its day: {one!r}")
