"""By what two leads look like one person or company."""

import hashlib

from django.db import connection

from journeys.customers.enums import CustomerKind
from merchants.directory.rules import name_key
from portal.kit import sealed
from portal.kit.personal import ERASED

# Beneath one lead stand those that were merged into it, and beneath those others.
_SAME = """
WITH RECURSIVE same AS (
    SELECT DISTINCT journeys_lead_root(id) AS id FROM unnest(%(ids)s::bigint[]) AS id
    UNION
    SELECT merge.merged_id FROM same
    JOIN journeys_leadmerge AS merge ON merge.kept_id = same.id AND merge.undone_at IS NULL
) SELECT id FROM same
"""


def part_of_alike(words: str | None) -> bytes | None:
    """This will return the hash of a name as names of merchants are compared: without full-width
    signs, brackets and legal forms, by how it sounds."""
    key = name_key(words) if words and words != ERASED else ""
    return sealed.lasting_index(key, "alike") if key else None


def alike_of(*, kind: str, name: str, company: str) -> bytes | None:
    """This will return the hash by which leads are found that may be one: of a company its name,
    of a person the name with the company; None where that is not known."""
    who, firm = part_of_alike(name), part_of_alike(company)
    if kind == CustomerKind.COMPANY:
        who, firm = b"", firm or who
    if who is None or firm is None:
        return None
    return hashlib.sha256(who + firm).digest()[:16]


def same_leads(lead_ids: "list[int]") -> set[int]:
    """This will return these leads with all that are one with them by merges that stand."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {"ids": lead_ids})
        return {pk for (pk,) in cursor.fetchall()} | set(lead_ids)
