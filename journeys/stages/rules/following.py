"""How a customer's stage follows from the facts, as SQL over sets of customers.

Each step has the day on which it was reached. Who is further has passed what comes before, that
day at the latest: a card without an application on file was applied for by its day of issue. So
the days stand in order, whatever the sources lack, and do not depend on the order of arrival.
A day that a later step alone gives is no day of the step's own: the step counts as reached, is
marked in `undated`, and no time is measured from or to it (docs/decisions/0107).

A supplementary card takes nobody further: its holder applied for none, and whoever holds the
primary card applied for that one (docs/decisions/0069).
"""

from journeys.stages.enums import Reached

# Columns of the days, in the order of the journey; each with the fact that it comes from.
DAYS = {
    Reached.AWARENESS.value: "c.registered_date",
    Reached.APPLICATION.value: "applied.filed",
    Reached.ISSUED.value: "held.issued",
    Reached.ACTIVATED.value: "held.activated",
    Reached.USED.value: "held.used",
    Reached.LOYALTY.value: "redeemed.redeemed",
}

ALL_CUSTOMERS = "SELECT id FROM journeys_customer"

# Taken before the stages are written: a statement that begins with it held sees what the others
# have committed, so that two writers at once never leave a stage of before.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('journeys:stages', 0))"

_FACTS = """
touched AS MATERIALIZED ({touched}),
applied AS (
    SELECT a.customer_id, min(a.filed_date) AS filed,
           min(a.filed_date) FILTER (WHERE a.state = 'filed') AS open_since,
           min(a.supplemented_date) FILTER (WHERE a.state = 'supplemented') AS documents_in,
           min(a.decided_date) FILTER (WHERE a.state = 'approved') AS approved,
           max(a.decided_date) AS ended,
           (array_agg(a.product_id ORDER BY a.filed_date, a.number))[1] AS product_id
    FROM journeys_application a JOIN touched ON touched.id = a.customer_id
    GROUP BY a.customer_id
),
held AS (
    SELECT k.customer_id, min(k.issued_date) AS issued, min(k.activated_date) AS activated,
           min(k.first_used_date) AS used,
           (array_agg(k.product_id ORDER BY k.issued_date, k.reference))[1] AS product_id
    FROM journeys_card k JOIN touched ON touched.id = k.customer_id
    WHERE k.is_primary
    GROUP BY k.customer_id
),
redeemed AS (
    SELECT p.customer_id, min(p.on_date) AS redeemed
    FROM journeys_pointsentry p JOIN touched ON touched.id = p.customer_id
    WHERE p.kind = 'redeemed'
    GROUP BY p.customer_id
),
days AS (
    SELECT c.id AS customer_id, c.branch_id,
           coalesce(applied.product_id, held.product_id) AS product_id,
           applied.open_since, applied.documents_in, applied.approved, applied.ended, {days}
    FROM journeys_customer c JOIN touched ON touched.id = c.id
    LEFT JOIN applied ON applied.customer_id = c.id
    LEFT JOIN held ON held.customer_id = c.id
    LEFT JOIN redeemed ON redeemed.customer_id = c.id
)
"""

# Condition, stage, step and the day since when: the first that holds is where the customer is.
_STEPS = (
    ("loyalty_date IS NOT NULL", "loyalty", "redeemed", "loyalty_date"),
    ("used_date IS NOT NULL", "activation", "used", "used_date"),
    ("activated_date IS NOT NULL", "activation", "activated", "activated_date"),
    ("issued_date IS NOT NULL", "activation", "issued", "issued_date"),
    ("approved IS NOT NULL", "application", "approved", "approved"),
    ("documents_in IS NOT NULL", "application", "supplemented", "documents_in"),
    ("open_since IS NOT NULL", "application", "filed", "open_since"),
    ("ended IS NOT NULL", "application", "ended", "ended"),
    ("TRUE", "awareness", "registered", "awareness_date"),
)


def refresh_sql(touched: str) -> str:
    """This will return the statement that writes the stages of the customers whose ids the query
    `touched` gives; a row that is right already is not written again."""
    facts = list(DAYS.values())
    days = ", ".join(
        f"least({', '.join(facts[number:])}) AS {column}" for number, column in enumerate(DAYS)
    )
    days += f", {_undated(facts)} AS undated"
    columns = ["branch_id", "product_id", "stage", "step", "since_date", *DAYS, "undated"]
    return (
        f"WITH {_FACTS.format(touched=touched, days=days)}"
        f" INSERT INTO journeys_customerstage AS t (customer_id, {', '.join(columns)})"
        f" SELECT customer_id, branch_id, product_id, {_first_of(1, quoted=True)},"
        f" {_first_of(2, quoted=True)}, {_first_of(3)}, {', '.join(DAYS)}, undated"
        " FROM days ORDER BY customer_id"
        " ON CONFLICT (customer_id) DO UPDATE"
        f" SET {', '.join(f'{column} = excluded.{column}' for column in columns)}"
        f" WHERE ({', '.join(f't.{column}' for column in columns)})"
        f" IS DISTINCT FROM ({', '.join(f'excluded.{column}' for column in columns)})"
    )


def _undated(facts: list[str]) -> str:
    """One bit for each step, set where a later step is earlier than the step's own day, or the
    step has none. (What is unknown compares as greater than anything; `least` ignores it.)"""
    bits = (
        f"CASE WHEN coalesce({own}, 'infinity') > least({', '.join(facts[number + 1 :])})"
        f" THEN {1 << number} ELSE 0 END"
        for number, own in enumerate(facts[:-1])
    )
    return " + ".join(bits)


def step_on_sql(row: str, on: str) -> str:
    """This will return the expression of the step that the row of stages `row` had at the end of
    the day `on`. Of an application only the present step is kept: of a day before it, or of one
    whose card has been issued since, it is known only that the application was open."""
    reached = "".join(
        f" WHEN {row}.{column} <= {on} THEN '{step}'"
        for column, step in (
            ("loyalty_date", "redeemed"), ("used_date", "used"), ("activated_date", "activated"),
            ("issued_date", "issued"),
        )
    )  # fmt: skip
    applied = (
        f"CASE WHEN {row}.issued_date IS NULL AND {row}.since_date <= {on}"
        f" THEN {row}.step ELSE 'filed' END"
    )
    return f"CASE{reached} WHEN {row}.application_date <= {on} THEN {applied} ELSE 'registered' END"


def follow(touched: str) -> tuple[str, ...]:
    """This will return what an import does after its rows: the stages of `touched` follow."""
    return LOCK, refresh_sql(touched)


def _first_of(position: int, *, quoted: bool = False) -> str:
    """A CASE that gives, of the first step whose condition holds, what stands at `position`."""
    mark = "'" if quoted else ""
    cases = " ".join(f"WHEN {row[0]} THEN {mark}{row[position]}{mark}" for row in _STEPS)
    return f"CASE {cases} END"
