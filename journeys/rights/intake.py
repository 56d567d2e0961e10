"""What files may not undo: the erasure of a person, and the correction of a field. One place for
every kind of file that names customers."""

import dataclasses
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.customers import queries as customers
from portal.intake.rules import Check, Column, ImportKind, Reason

ERASED_PERSON = Reason(
    "erased_person",
    _(
        "This person was erased at the person's own request and must not come back. Take the row "
        "out of the source's file."
    ),
)
CORRECTED = Reason(
    "corrected",
    _(
        "The person had this corrected on {day} (request {request}), and the file says something "
        "else. Have the source corrected first."
    ),
)
_ENDING = "_erased"
_NAMING = ("customer", "referrer")  # columns of files that hold a customer's number
_CUSTOMERS = "journeys_customer"

# Corrected fields whose staged value differs from what is held: sealed ones by their blind index,
# which may be of another key than the staged one.
_COMPARED = {
    "name": "s.name <> c.name",
    "birth_date": "s.birth_date IS DISTINCT FROM c.birth_date",
    "division_code": "coalesce(s.division_code, '') <> c.division_code",
}
_NOTE = """
UPDATE journeys_correction k SET source_differs_at = now() FROM intake_bad b
WHERE b.code = 'corrected' AND k.id = (b.params ->> 'correction')::bigint
"""


def held_to_rights(kind: ImportKind) -> ImportKind:
    """This will return a kind of file whose rows about erased customers are refused, and the
    customers' own one refusing values that undo a correction too; a kind that names no customers
    stays as it is."""
    is_customers = kind.table == _CUSTOMERS
    named = [kind.key] if is_customers else [one for one in _NAMING if one in kind.names]
    if not named:
        return kind
    name = named[0]
    hashed = _hashed(kind.column(name))
    columns = tuple(hashed if each.name == name else each for each in kind.columns)
    checks = tuple(_but_for_erased(check, name) for check in kind.checks)
    checks += (Check(name, ERASED_PERSON, _erased_rows(name)),)
    if not is_customers:
        return dataclasses.replace(kind, columns=columns, checks=checks)
    checks += tuple(_correction_check(column) for column in kind.columns if _is_compared(column))
    after = (*kind.after, _NOTE)
    return dataclasses.replace(kind, columns=columns, checks=checks, after=after)


def _hashed(column: Column) -> Column:
    """The column that names a customer is staged with the hash of the number beside it."""
    stages = (*column.staged, (f"{column.name}{_ENDING}", "bytea"))
    return dataclasses.replace(column, stages=stages, expand=_with_hash(column.expand))


def _with_hash(
    expand: Callable[[str | None], tuple[str | bytes | None, ...]] | None,
) -> Callable[[str | None], tuple[str | bytes | None, ...]]:
    def expanded(value: str | None) -> tuple[str | bytes | None, ...]:
        staged = expand(value) if expand else (value,)
        return (*staged, customers.erased_hash(value) if value else None)

    return expanded


def _erased_rows(name: str) -> str:
    # The number is not repeated in the file of bad rows.
    return (
        "SELECT s.row_number, '' AS value FROM intake_staging s"
        f" JOIN journeys_erasednumber e ON e.number_hash = s.{name}{_ENDING}"
    )


def _but_for_erased(check: Check, name: str) -> Check:
    """Who was erased is unknown too, but that is not the reason that helps."""
    if check.column != name or check.reason.code != "unknown_customer":
        return check
    sql = (
        f"SELECT * FROM ({check.sql}) found WHERE NOT EXISTS ("
        f"SELECT FROM ({_erased_rows(name)}) erased WHERE erased.row_number = found.row_number)"
    )
    return dataclasses.replace(check, sql=sql)


def _is_compared(column: Column) -> bool:
    return column.name in _COMPARED or _index_of(column) != ""


def _index_of(column: Column) -> str:
    """The staged blind index of a column, "" where it has none."""
    index = f"{column.name}_index"
    return index if index in [name for name, _type in column.staged] else ""


def _correction_check(column: Column) -> Check:
    index = _index_of(column)
    differs = _COMPARED.get(
        column.name,
        f"s.{index} IS DISTINCT FROM c.{index}"
        f" AND (position(c.{index} IN s.{column.name}_others) > 0) IS NOT TRUE",
    )
    sql = (
        "SELECT DISTINCT ON (s.row_number) s.row_number, '' AS value,"
        f" (k.corrected_at AT TIME ZONE '{settings.TIME_ZONE}')::date AS day,"
        " r.number AS request, k.id AS correction"
        f" FROM journeys_correction k JOIN journeys_customer c ON c.id = k.customer_id"
        " JOIN journeys_rightsrequest r ON r.id = k.request_id"
        " JOIN intake_staging s ON s.number = c.number"
        f" WHERE k.field = '{column.name}' AND {differs} ORDER BY s.row_number, k.id DESC"
    )
    return Check(column.name, CORRECTED, sql, when_given=column.name, is_of_locked=True)
