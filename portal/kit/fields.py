"""Columns of sealed personal data, declared where they stand, so that everything that must reach
all of them (the change of keys, the tests of privacy) finds them by asking the models."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models


class SealedField(models.BinaryField):
    """A sealed value. `seal` names the field as `portal.kit.sealed` knows it, `index` the field of
    its blind index, which stands beside it in the column `*_index`; "" where there is none. `once`
    is SQL for the rows among which each value may stand but once ("" where it may in several).

    In the database and in migrations it is a plain BinaryField.
    """

    def __init__(self, *, seal: str = "", index: str = "", once: str = "", **kwargs: Any) -> None:
        self.seal, self.index, self.once = seal, index, once
        super().__init__(**{"null": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs

    @property
    def index_column(self) -> str:
        """The column of the blind index, "" where there is none."""
        return f"{self.name.removesuffix('_sealed')}_index" if self.index else ""


def index_field(**kwargs: Any) -> models.BinaryField:
    """This will make the column of a blind index: 16 bytes, and one for the id of its key."""
    return models.BinaryField(null=True, max_length=17, **kwargs)


@dataclass(frozen=True)
class SealedTable:
    """A table with its sealed columns."""

    model: type[models.Model]
    columns: tuple[SealedField, ...]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def key(self) -> str:
        """The column of the primary key."""
        return str(self.model._meta.pk.column)


def sealed_tables() -> list[SealedTable]:
    """This will find every table that declares sealed columns."""
    return [
        SealedTable(model, found)
        for model in apps.get_models()
        if (found := tuple(_sealed_columns(model)))
    ]


def _sealed_columns(model: type[models.Model]) -> Iterator[SealedField]:
    for field in model._meta.local_fields:
        if isinstance(field, SealedField):
            yield field
