"""Keys of other systems that stand in the addresses of pages."""

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import CheckConstraint, Q

# None of the signs that end a part of an address or mean another, and no part that leads elsewhere.
# PostgreSQL reads it too.
ADDRESSABLE = r"^(?!\.{1,2}$)[^/\\?#%]+$"
_ADDRESSABLE = re.compile(ADDRESSABLE)


def is_addressable(key: str) -> bool:
    """This will tell whether a key can stand in the address of a page."""
    return bool(_ADDRESSABLE.fullmatch(key))


def addressable(name: str, field: str = "number") -> CheckConstraint:
    """This will make the constraint that a key can stand in the address of a page."""
    return CheckConstraint(name=name, condition=Q(**{f"{field}__regex": ADDRESSABLE}))


class Unaddressable(Exception):
    """Raised where keys stand that no address of a page can hold."""


def refuse_unaddressable(tables: Iterable[str]) -> None:
    """This will look for numbers in tables that no address can hold, before a migration forbids
    them. Raises Unaddressable, which says how many there are and which rows are the first."""
    found = []
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, count(*) OVER () FROM {table} WHERE number !~ %s ORDER BY id LIMIT 20",
                [ADDRESSABLE],
            )
            if rows := cursor.fetchall():
                first = ", ".join(str(key) for key, _number in rows)
                found.append(f"{rows[0][1]} in {table}, first the rows {first}")
    if found:
        raise Unaddressable(
            "Numbers hold / \\ ? # %, or are . or ..: no page can be opened that names them. There "
            f"are {'; '.join(found)}. Put other signs in their place, such as hyphens, here and in "
            "the files of the source, and migrate again."
        )
