"""Who is given a reward no more, whatever is spent yet, as SQL: for the condition that looks for
those who are near, for the page that lists them, and for texts that count down.

Each text reads a row `goal`: a version (`version_id`, `campaign_id`, `content`) and the `day` at
whose end it is looked at.
"""

from journeys.customers.rules import numbers_of

# A version as the row `goal`, with a parameter for the version and one for the day.
GOAL = """(SELECT version.id AS version_id, version.campaign_id, version.content, {day}::date AS day
    FROM campaigns_campaignversion version WHERE version.id = {version}) goal"""
# The tiers that whoever meets the rule has or, where every tier asks more, all; and what one more
# of each asks of a budget.
TIERS = """(SELECT one.* FROM (
        SELECT each ->> 'code' AS code, each ->> 'stock' AS stock, each ->> 'budget' AS budget,
               CASE WHEN each ? 'times' THEN 0.01 ELSE (each ->> 'value')::numeric END AS ask,
               asked.more, bool_and(asked.more) OVER () AS all_more
        FROM jsonb_array_elements(goal.content -> 'rewards' -> 'tiers') AS each
        CROSS JOIN LATERAL (SELECT each ->> 'needs' IS NOT NULL OR each ? 'times'
                                   OR each ? 'for_each' AS more) asked
    ) one WHERE one.all_more OR NOT one.more)"""
_BOOK = """campaigns_budgetbook book JOIN campaigns_budgetlimit bound ON bound.book_id = book.id
        AND book.campaign_id = goal.campaign_id AND book.run_id IS NULL"""
# What a party bears of a hundred, where the cost is shared.
_SHARE = "(goal.content #>> ARRAY['budget', 'shares', bound.key])::numeric"
# What the limit says, or the plan of a newer version by which nothing was given yet.
_MOST = """CASE WHEN book.version_id >= goal.version_id THEN bound.most ELSE (CASE bound.kind
        {planned} END)::numeric END"""
_MOST_OF_TIER = _MOST.format(
    planned=f"""WHEN 'stock' THEN tier.stock WHEN 'tier' THEN tier.budget
        WHEN 'campaign' THEN goal.content #>> '{{budget,total}}'
        WHEN 'party' THEN ((goal.content #>> '{{budget,total}}')::numeric * {_SHARE} / 100)::text"""
)
_MOST_OF_BRANCH = _MOST.format(
    planned="WHEN 'branch' THEN goal.content #>> ARRAY['budget', 'branches', above.code]"
)
# The limits that one more of a `tier` would break, whoever is given it.
BROKEN = f"""SELECT bound.kind, bound.key FROM {_BOOK}
    WHERE (bound.kind IN ('stock', 'tier') AND bound.key = tier.code
           OR bound.kind IN ('campaign', 'party'))
      AND bound.used + CASE bound.kind WHEN 'stock' THEN 1
          WHEN 'party' THEN GREATEST(0, trunc(tier.ask * {_SHARE} / 100 + bound.carried, 2))
          ELSE tier.ask END > {_MOST_OF_TIER}"""
# The branches to whose customers nothing more is given: each with all below it.
BROKEN_BRANCHES = f"""SELECT above.id, above.path FROM {_BOOK}
    JOIN portal_branch above ON above.id = bound.branch_id
    WHERE bound.kind = 'branch'
      AND bound.used + (SELECT min(ask) FROM {TIERS} tier) > {_MOST_OF_BRANCH}"""
# Whether one more of any of these tiers can be given to anybody.
IS_LEFT = f"""(SELECT bool_or(NOT EXISTS ({BROKEN})) IS NOT FALSE FROM {TIERS} tier)"""

_OF_GROUP = """FROM campaigns_grant given
        JOIN campaigns_exclusivegroup named ON named.id = given.group_id
            AND named.code = goal.content ->> 'group'"""
_ENDS = "COALESCE(goal.content ->> 'runs_to', '9999-12-31')::date"


def is_barred(who: str) -> str:
    """This will write whether nothing is given any more to the customer with the id `who`: another
    campaign of the group holds the person, under whatever number, for as long as the goal's gives
    anything; the person has its reward under another number; or the branch's budget is used up.

    What is held under another number does not hold a number that this campaign gave to itself, for
    as long as that lasts (`rewards.queries.without_held`)."""
    numbers = numbers_of(who)
    return f"""(goal.content ->> 'group' IS NOT NULL AND EXISTS (
    SELECT FROM ({numbers}) person(number) CROSS JOIN LATERAL (
        SELECT given.id {_OF_GROUP}
        WHERE given.customer_id = person.number AND given.campaign_id <> goal.campaign_id
          AND given.granted_date <= goal.day AND given.held @> {_ENDS} OFFSET 0) had
    WHERE person.number = {who} OR NOT EXISTS (
        SELECT {_OF_GROUP}
        WHERE given.customer_id = {who} AND given.campaign_id = goal.campaign_id
          AND given.held && daterange(goal.day, NULL, '()') OFFSET 0)
) OR EXISTS (
    SELECT FROM ({numbers}) person(number) CROSS JOIN LATERAL (
        SELECT given.id FROM campaigns_grant given
        WHERE given.customer_id = person.number AND given.campaign_id = goal.campaign_id
          AND given.granted_date <= goal.day AND NOT EXISTS (
              SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
        OFFSET 0) had
    HAVING bool_or(person.number <> {who}) AND NOT bool_or(person.number = {who})
) OR EXISTS (
    SELECT FROM ({BROKEN_BRANCHES}) spent, journeys_customer me
    JOIN portal_branch own ON own.id = me.branch_id
    WHERE me.id = {who} AND starts_with(own.path, spent.path)))"""
