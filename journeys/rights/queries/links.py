"""Which tables hold rows of a person, asked of the models: a table made later is found too."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import QuerySet

from portal.kit.personal import ColumnFate, Fate, ImpersonalTable, PersonalTable
from portal.kit.registry import registry

_TEXTUAL = (
    models.CharField, models.TextField, models.JSONField, models.BinaryField, ArrayField,
    models.GenericIPAddressField,
)  # fmt: skip
Model = type[models.Model]
# Rows that came before anybody was on file with their phone: the column of its hash, which customer
# and lead have under the same name.
_BY_HASH = {"journeys.Answer": "callee"}


@dataclass(frozen=True)
class Link:
    """A model whose rows lead to a person, with the ways of foreign keys to it ("card__customer").
    A row belongs to the person where one of the ways leads there, or where it is nobody's and has
    the person's hash in the column `by_hash`."""

    model: Model
    paths: tuple[str, ...]
    by_hash: str = ""

    def rows_of(self, person: models.Model) -> QuerySet[Any]:
        """This will find the rows that belong to a person, each way by itself, so that each meets
        its index."""
        manager = self.model._default_manager
        if not self.paths and not self.by_hash:
            return manager.filter(pk=person.pk)
        ways = [manager.filter(**{path: person.pk}) for path in self.paths]
        if self.by_hash:
            held = getattr(person, self.by_hash)
            of_nobody = manager.filter(**{self.by_hash: held, "customer": None})
            ways.append(of_nobody if held is not None else manager.none())
        if len(ways) == 1:
            return ways[0]
        found = {pk for way in ways for pk in way.values_list("pk", flat=True)}
        return manager.filter(pk__in=found)


@functools.cache
def links_to(root: Model) -> tuple[Link, ...]:
    """This will find every model that a foreign key leads from to `root`, directly or over others,
    nearest first, and those found by a hash; `root` itself has the empty way."""
    depths: dict[Model, int] = {root: 0}
    grown = True
    while grown:
        near = {
            model: min(depths[target] for _name, target, _is_sure in _keys(model, depths)) + 1
            for model in apps.get_models()
            if model not in depths and any(_keys(model, depths))
        }
        grown = bool(near)
        depths |= near
    found = [Link(root, ())]
    for model in sorted(depths, key=lambda model: (depths[model], model._meta.label)):
        if model is not root:
            ways = tuple(_ways(model, depths, frozenset({model})))
            found.append(Link(model, ways, _BY_HASH.get(model._meta.label, "")))
    for label, column in _BY_HASH.items():
        if (model := apps.get_model(label)) not in depths:
            found.append(Link(model, (), column))
    return tuple(found)


def _keys(model: Model, depths: dict[Model, int]) -> Iterator[tuple[str, Model, bool]]:
    """Foreign keys to models that lead to the person, and whether each is never empty and has an
    index that begins with it."""
    table = declared(model)
    apart = table.apart if isinstance(table, PersonalTable) else ()
    for field in model._meta.concrete_fields:
        target: Any = field.related_model
        is_way = field.is_relation and target in depths and target is not model
        if is_way and field.name not in apart:
            yield field.name, target, not field.null and _has_index(model, field)


def _has_index(model: Model, field: Any) -> bool:
    if field.db_index or field.unique:
        return True
    meta = model._meta
    indexes = [list(index.fields)[:1] for index in meta.indexes if index.condition is None]
    uniques = [
        list(unique.fields)[:1]
        for unique in meta.constraints
        if isinstance(unique, models.UniqueConstraint) and unique.condition is None
    ]
    return [field.name] in [*indexes, *uniques]


def _ways(model: Model, depths: dict[Model, int], seen: frozenset[Model]) -> Iterator[str]:
    """One way is enough where its key is never empty; the nearest with an index is taken."""
    keys = [key for key in _keys(model, depths) if key[1] not in seen]
    keys.sort(key=lambda key: (depths[key[1]], key[0]))
    sure = [key for key in keys if key[2]]
    for name, target, _is_sure in sure[:1] or keys:
        if depths[target] == 0:
            yield name
        else:
            yield from (f"{name}__{way}" for way in _ways(target, depths, seen | {target}))


def is_textual(field: "models.Field[Any, Any]") -> bool:
    """This will tell whether a column can hold words about a person: columns with a fixed list of
    choices, and those that the database computes, cannot."""
    return isinstance(field, _TEXTUAL) and not field.choices


def textual_columns(model: Model) -> list[str]:
    """This will name the columns of a model that can hold words about a person."""
    return [field.name for field in model._meta.concrete_fields if is_textual(field)]


def declared(model: Model) -> PersonalTable | ImpersonalTable | None:
    """This will return what an app declared about a model."""
    return registry.personal.get(model._meta.label)


def fate_of(model: Model, column: str) -> ColumnFate | None:
    """This will return the declared fate of a column, None where nobody declared it."""
    table = declared(model)
    return table.columns.get(column) if isinstance(table, PersonalTable) else None


def undeclared(model: Model) -> list[str]:
    """This will name the columns of a person's table that nobody declared."""
    return [name for name in textual_columns(model) if fate_of(model, name) is None]


def cleaned_tables(roots: tuple[Model, ...]) -> list[tuple[Model, list[str]]]:
    """This will list the tables that belong to nobody but may name somebody, with the columns out
    of which names are cut."""
    owned = {link.model for root in roots for link in links_to(root)}
    found = []
    for model in apps.get_models():
        table = declared(model)
        if model not in owned and isinstance(table, PersonalTable):
            columns = [name for name, fate in table.columns.items() if fate.fate is Fate.CLEAN]
            found.append((model, columns))
    return found
