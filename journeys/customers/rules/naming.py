"""The customers whom a file names, and who shares something with whom, as SQL that locks them."""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules.traits import HASH_OF
from portal.intake.rules import Check, Reason, unknown

UNKNOWN_CUSTOMER = Reason(
    "unknown_customer",
    _("There is no customer with this number; import the file of customers first."),
)

# All who share something with one of those who are `named`.
_SHARING = " UNION ".join(
    "SELECT other.id FROM journeys_customer other"
    f" JOIN (SELECT DISTINCT {column} FROM named) each USING ({column})"
    for column in HASH_OF.values()
)


def unknown_customer(column: str = "customer") -> Check:
    """This will return the check that a staged column names customers who are on file."""
    return unknown(column, "journeys_customer", "number", UNKNOWN_CUSTOMER)


def lock_named(column: str) -> str:
    """This will return the statement that locks the customers whose numbers stand in a staged
    column, in the order of their ids, until the transaction ends.

    Whoever locks several customers does so in this order: those who record a refusal, reserve
    contacts or send wait for an import, or it for them, and never each for the other. Sending asks
    the gate while it holds the customer: it sees either nothing of an import yet and has sent
    before it, or all of it.
    """
    return (
        "SELECT c.id FROM journeys_customer c"
        f" WHERE c.number IN (SELECT {column} FROM intake_staging)"
        " ORDER BY c.id FOR NO KEY UPDATE"
    )


def with_other_numbers(*, own_too: bool = False) -> str:
    """This will return the table expression `person` (who, number): for each of the ids
    %(customers)s, the others who are on file with the same ID number; with `own_too` the id itself
    as well, where it has an ID number."""
    others = "" if own_too else " AND same.id <> me.id"
    return f"""person AS MATERIALIZED (
    SELECT me.id AS who, same.id AS number
    FROM unnest(%(customers)s::bigint[]) AS asked(id) JOIN journeys_customer me USING (id)
    JOIN journeys_customer same ON same.bearer = me.bearer{others}
)"""


def numbers_of(who: str) -> str:
    """This will return the SELECT of the id that the SQL `who` names, and of all who are on file
    with the same ID number: the numbers of one person."""
    return f"""SELECT {who} UNION ALL
    SELECT same.id FROM journeys_customer me
    JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
    WHERE me.id = {who}"""


def lock_sharing(named: str, *, tells: str = "c.id") -> str:
    """This will return the statement that locks the customers of whom the condition `named` is
    true, and all who share phone, ID number or e-mail address with one of them, at once and in the
    order of their ids, until the transaction ends. It `tells` of each what holds under the lock."""
    return (
        f"WITH named AS (SELECT id, {', '.join(HASH_OF.values())} FROM journeys_customer"
        f" WHERE {named})"
        f" SELECT {tells} FROM journeys_customer c"
        f" WHERE c.id IN (SELECT id FROM named UNION {_SHARING})"
        " ORDER BY c.id FOR NO KEY UPDATE"
    )
