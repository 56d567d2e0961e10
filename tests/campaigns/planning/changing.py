"""Every place of a plan that can hold another value, found by the plan's own classes."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from campaigns.conditions.rules import base, tree

Path = tuple[Any, ...]
Field = tuple[type, str]
# The number of a condition follows from its place.
FOLLOWS: frozenset[Field] = frozenset({(tree.Leaf, "position")})


@dataclasses.dataclass(frozen=True)
class Place:
    """A value in a plan, and the field of a class that it belongs to."""

    path: Path
    field: Field
    value: Any

    @property
    def is_in_use(self) -> bool:
        """Whether it says something: what is empty may have no meaning beside the rest."""
        return bool(self.value) or isinstance(self.value, dt.time)


def places(value: Any, field: Field = (object, ""), path: Path = ()) -> Iterator[Place]:
    """This will list all values of a plan, those within others too."""
    if path:
        yield Place(path, field, value)
    for key, inner, own in _within(value, field):
        yield from places(inner, own, (*path, key))


def _within(value: Any, field: Field) -> list[tuple[Any, Any, Field]]:
    if isinstance(value, base.Condition):
        # What a kind of condition says always is no field of it.
        return [(name, getattr(value, name), (type(value), name)) for name in value.fields]
    if dataclasses.is_dataclass(value):
        kind = type(value)
        named = [one.name for one in dataclasses.fields(value) if (kind, one.name) not in FOLLOWS]
        return [(name, getattr(value, name), (kind, name)) for name in named]
    if isinstance(value, tuple):
        return [(at, one, field) for at, one in enumerate(value)]
    if isinstance(value, Mapping):
        return [(key, one, field) for key, one in value.items()]
    return []


def with_other(value: Any, path: Path) -> Any:
    """This will return a plan in which one place holds another value."""
    if not path:
        return _other(value)
    key, rest = path[0], path[1:]
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(value, **{key: with_other(getattr(value, key), rest)})  # type: ignore[type-var]
    if isinstance(value, tuple):
        return (*value[:key], with_other(value[key], rest), *value[key + 1 :])
    return dict(value) | {key: with_other(value[key], rest)}


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        return value + 1
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, dt.date):
        return value + dt.timedelta(days=1)
    if isinstance(value, dt.time):
        return value.replace(hour=(value.hour + 1) % 24)
    if isinstance(value, tuple):
        return value[:-1]
    if isinstance(value, Mapping):
        return dict(list(value.items())[:-1])
    return None  # a part of the plan is left out


def can_be_other(place: Place) -> bool:
    """This will tell whether a place can hold another value by itself: a part that a plan must have
    changes by what is within it."""
    return place.is_in_use and not dataclasses.is_dataclass(place.value)
