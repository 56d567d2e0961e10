"""The SQL of what several trees of conditions find, each by itself, about the same people.

A touch plan asks whether its goal, its exits and what a step needs hold, of people of whom some
have no card of the campaign yet: all trees are examined for everybody, and none hangs on another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules import statement, tree


@dataclass(frozen=True)
class Findings:
    """SQL text with named parameters, and the values of those that the trees bring. The caller adds
    `among`, an array of customer ids, `products`, `issued_from`, `issued_to` and `on`."""

    sql: str
    parameters: dict[str, Any]


def findings_of(
    trees: Sequence[tree.Node | None], *, counted: tree.Leaf | None = None, span: bool = False
) -> Findings:
    """This will return the SELECT of what trees find about people: customer_id, card_id, the days
    of the card and of its application, branch_id, `held` (an array of truths in the order of the
    trees; a tree that is None holds), `facts` (for each tree in its order a list of [met, value]),
    and of the condition `counted` what is missing as a figure and the last day: `gap`, `deadline`.

    The subject of each person is the card that a decision would be about; without one the
    conditions find what they find about nobody's card. With `span` the people are those with ids
    from `first` to before `end` instead of `among`.
    """
    placed = _in_line([node for node in trees if node is not None])
    leaves = [leaf for node in placed for leaf in tree.leaves(node)]
    own = tree.Leaf(len(leaves), counted.condition) if counted else None
    columns = statement.Columns([*leaves, *([own] if own else [])])
    among = "{of}.id >= %(first)s AND {of}.id < %(end)s" if span else "{of}.id = ANY(%(among)s)"
    picked = statement.subject_where(among.format(of="card").replace("card.id", "card.customer_id"))
    sql = f"""SELECT customer.id AS customer_id, customer.branch_id, picked.card_id,
        picked.application_id, picked.issued_date, picked.activated_date, picked.first_used_date,
        picked.filed_date
        FROM journeys_customer customer LEFT JOIN ({picked}) AS picked
            ON picked.customer_id = customer.id
        WHERE {among.format(of="customer")} OFFSET 0"""
    asked = [*leaves, *([own] if own else [])]
    sql = statement.over(sql, columns.values(asked))
    sql = statement.over(sql, columns.verdicts(leaves))
    found = iter(placed)
    truths = [statement.truth(next(found)) if node else "TRUE" for node in trees]
    facts = [columns.facts(tree.leaves(node)) for node in placed]
    each = iter(facts)
    listed = [next(each) if node else "'[]'::jsonb" for node in trees]
    gap, deadline = "NULL::numeric", "NULL::date"
    if own:
        gap = own.condition.gap_sql(own.mark, columns.of(own))
        deadline = own.condition.deadline_sql(own.mark)
    sql = statement.over(
        sql,
        [
            f"ARRAY[{', '.join(truths)}]::boolean[] AS held",
            f"jsonb_build_array({', '.join(listed)}) AS facts",
            f"{gap} AS gap",
            f"{deadline} AS deadline",
        ],
    )
    return Findings(sql, columns.parameters())


def _in_line(nodes: Sequence[tree.Node]) -> list[tree.Node]:
    """Trees whose leaves are numbered on from one to the next."""
    place, found = 0, []
    for node in nodes:
        found.append(tree.shifted(node, place))
        place += len(tree.leaves(node))
    return found
