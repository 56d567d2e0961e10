"""Writing the stages where facts changed by another way than an import."""

from collections.abc import Sequence

from django.db import connection, transaction

from journeys.stages import rules


def refresh_stages(*, customer_ids: Sequence[int] | None = None) -> int:
    """This will make the stages of these customers, or of all, follow from the facts, and return
    how many rows changed. It takes no time: a stage depends on the facts alone.

    Called in the transaction that writes the facts, before its audit entry.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(rules.LOCK)
        if customer_ids is None:
            cursor.execute(rules.refresh_sql(rules.ALL_CUSTOMERS))
        else:
            chosen = "SELECT DISTINCT id FROM unnest(%s::bigint[]) AS chosen (id)"
            cursor.execute(rules.refresh_sql(chosen), [list(customer_ids)])
        return cursor.rowcount
