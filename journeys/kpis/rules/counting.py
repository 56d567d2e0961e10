"""The statements that count days. What a figure is stands here alone; the proof counts by the same
words, over all days."""

from journeys.cards.enums import ApplicationState
from journeys.kpis.enums import IssueSource, Measure

MEASURES: tuple[str, ...] = tuple(Measure.values)
CELL = ("branch_id", "team_id", "person_id", "product_id", "source")
_KEY = ", ".join(("day", *CELL))
_SUMS = ", ".join(MEASURES)


def _fact(day: str, row: str, application: str, where: str, **counted: str) -> str:
    figures = ", ".join(f"{counted.get(name, '0')} AS {name}" for name in MEASURES)
    return (
        f"SELECT {day} AS day, {application} AS application, {row}.branch_id, {row}.product_id,"
        f" {figures} FROM journeys_{'card' if row == 'c' else 'application'} {row} WHERE {where}"
    )


def _decided(state: ApplicationState) -> str:
    return f"(a.state = '{state.value}')::int"


def _facts(where: str) -> str:
    """All that happened on days; `where` has a gap for the column of the day."""
    return " UNION ALL ".join((
        _fact("a.filed_date", "a", "a.id", where.format("a.filed_date"), filed="1"),
        _fact(
            "a.decided_date", "a", "a.id", where.format("a.decided_date"),
            approved=_decided(ApplicationState.APPROVED),
            refused=_decided(ApplicationState.REFUSED),
            withdrawn=_decided(ApplicationState.WITHDRAWN),
        ),
        _fact(
            "c.issued_date", "c", "c.application_id", where.format("c.issued_date"), issued="1",
            supplementary="(NOT c.is_primary)::int",
        ),
        _fact(
            "c.activated_date", "c", "c.application_id", where.format("c.activated_date"),
            activated="1",
        ),
    ))  # fmt: skip


# A card is its application's, and that is its lead's, of several that were merged the first one's.
# Where nothing is known of a fact it counts as not known, and is never left out.
_COUNTED = f"""
    SELECT f.day, f.branch_id, said.team_id, said.person_id, f.product_id,
        coalesce(said.source, CASE
            WHEN a.post_id IS NOT NULL THEN '{IssueSource.POST.value}'
            WHEN r.id IS NOT NULL THEN '{IssueSource.REFERRAL.value}'
            WHEN a.merchant_id IS NOT NULL THEN '{IssueSource.MERCHANT.value}'
            ELSE '{IssueSource.UNKNOWN.value}' END) AS source,
        {", ".join(f"sum(f.{name})::int AS {name}" for name in MEASURES)}
    FROM ({{facts}}) f
    LEFT JOIN journeys_application a ON a.id = f.application
    LEFT JOIN LATERAL (
        SELECT credit.credit_team_id AS team_id, credit.source,
            coalesce(won.caller_id, credit.collected_by_id) AS person_id
        FROM journeys_leadconversion won
        JOIN journeys_lead credit ON credit.id = journeys_lead_first(won.lead_id)
        WHERE won.application_id = f.application
    ) said ON TRUE
    LEFT JOIN journeys_referral r ON r.application_id = f.application AND r.withdrawn_at IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6
"""
_KEPT = f"""
    SELECT e.day_id AS day, e.branch_id, e.team_id, e.person_id, e.product_id, e.source,
        {", ".join(f"sum(e.{name})::int AS {name}" for name in MEASURES)}
    FROM journeys_figureentry e WHERE {{kept}} GROUP BY 1, 2, 3, 4, 5, 6
"""
_SOME_DAYS = "{} = ANY(%(days)s::date[])"

# What the facts of some days say and the ledger does not yet, as entries; none where they agree.
WRITE = f"""
INSERT INTO journeys_figureentry ({_KEY.replace("day", "day_id", 1)}, {_SUMS}, known_at)
SELECT {_KEY}, {", ".join(f"sum({name})" for name in MEASURES)}, %(at)s::timestamptz FROM (
    {_COUNTED.format(facts=_facts(_SOME_DAYS))}
    UNION ALL
    SELECT {_KEY}, {", ".join(f"-{name}" for name in MEASURES)}
    FROM ({_KEPT.format(kept=_SOME_DAYS.format("e.day_id"))}) k
) both_sides
GROUP BY {_KEY}
HAVING {" OR ".join(f"sum({name}) <> 0" for name in MEASURES)}
ORDER BY {_KEY}
"""

_ALL_DAYS = "{} IS NOT NULL"
_PAIRS = ", ".join(f"sum({side}_{n})::int AS {side}_{n}" for n in MEASURES for side in "kc")
_NOUGHTS = ", ".join("0" for _name in MEASURES)
# Every figure, of whatever day, that is not what all facts say; days of which facts were written
# and not counted yet are left out. The last column counts them all.
GAPS = f"""
WITH pairs AS (
    SELECT {_KEY}, {_PAIRS}
    FROM (
        SELECT {_KEY}, {", ".join(f"{n} AS c_{n}" for n in MEASURES)},
            {", ".join(f"0 AS k_{n}" for n in MEASURES)}
        FROM ({_COUNTED.format(facts=_facts(_ALL_DAYS))}) counted
        UNION ALL
        SELECT {_KEY}, {_NOUGHTS}, {_SUMS} FROM ({_KEPT.format(kept="TRUE")}) kept
    ) both_sides
    GROUP BY {_KEY}
)
SELECT {_KEY}, one.measure, one.kept, one.counted, count(*) OVER ()
FROM pairs CROSS JOIN LATERAL (VALUES
    {", ".join(f"('{n}', k_{n}, c_{n})" for n in MEASURES)}) AS one (measure, kept, counted)
WHERE one.kept <> one.counted
  AND NOT EXISTS (SELECT FROM journeys_figuremark mark WHERE mark.day = pairs.day)
ORDER BY {_KEY}, one.measure LIMIT %(most)s
"""
