"""Rows that belong to nobody but name a person: the trail, submissions, exports, uploads."""

from collections.abc import Sequence
from dataclasses import replace

from journeys.rights.queries import links, searching
from journeys.rights.queries.holdings import ROOTS, Held, Person, name_of, needles_of
from journeys.rights.queries.searching import Look
from portal.kit.personal import Needles


def mentions_of(persons: Sequence[Person]) -> list[Held]:
    """This will count the rows that name one of the persons, or somebody of the same name, in the
    columns out of which an erasure cuts it; tables without such rows are left out.

    It reads each of these tables once, however many persons they are.
    """
    if not persons:
        return []
    needles = replace(sum(map(needles_of, persons), Needles()), shown=())
    tables, found = searching.all_tables(), []
    for model, names in links.cleaned_tables(ROOTS):
        wanted = {str(model._meta.get_field(name).column) for name in names}  # type: ignore[union-attr]
        table = model._meta.db_table
        columns = [column for column in tables.get(table, []) if column.name in wanted]
        if columns and (rows := searching.count_rows(Look(table, columns, columns), needles)):
            found.append(Held(model, name_of(model), rows, ()))
    return found
