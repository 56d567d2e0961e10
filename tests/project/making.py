"""How one good row of a model is made and saved; the builders put themselves into the table."""

import itertools
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db.models import Model

from tests.factories import journeys

DAY = journeys.DAY
INSTANT = journeys.INSTANT
HASH = "0" * 64
BUILDERS: dict[str, Callable[..., Any]] = {}
_numbers = itertools.count(1)


def row_of(label: str, /, **values: Any) -> Any:
    """This will make and save one row of the model `label`, such as "campaigns.Run"."""
    return BUILDERS[label](**values)


def insert(label: str, values: dict[str, Any], **usual: Any) -> Model:
    """This will save a row with the usual values, of which callables are only called when used."""
    chosen = {**usual, **values}
    ready = {name: value() if callable(value) else value for name, value in chosen.items()}
    return apps.get_model(label)._default_manager.create(**ready)


def number() -> int:
    """A number of its own."""
    return next(_numbers)


def code() -> str:
    """A code of its own."""
    return f"x{number():05d}"


def lazy(label: str) -> Callable[[], Any]:
    """What makes a row of the model when it is called."""
    return lambda: row_of(label)
