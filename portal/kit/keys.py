"""Keys of other systems that stand in the addresses of pages."""

import re

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
