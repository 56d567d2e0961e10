"""The rolling caps, for whoever counts contacts."""

# How long the windows of the two caps are.
DAY, MONTH = "interval '24 hours'", "interval '720 hours'"


def is_full_sql(times: str, planned: str) -> str:
    """This will return the SQL of whether a contact at `planned` beside those at `times` (an array)
    breaks a cap of `day_cap` or `month_cap`, columns of the query around it."""
    return f"""EXISTS (
        SELECT FROM (
            SELECT first, lead(first, day_cap) OVER in_order AS day_last,
                   lead(first, month_cap) OVER in_order AS month_last
            FROM unnest({times} || {planned}) AS first WINDOW in_order AS (ORDER BY first)
        ) AS each_row
        WHERE first <= {planned}
          AND (day_last >= {planned} AND day_last < first + {DAY}
               OR month_last >= {planned} AND month_last < first + {MONTH})
    )"""
