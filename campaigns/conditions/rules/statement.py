"""The SQL of a rule: one set-based SELECT over a span of customer ids.

It looks at things as of the end of the bank's day `on`. The subject of a rule is one card per
customer: the earliest issued primary card (ties by id) of the given products, issued from
`issued_from` to before `issued_to` and not after `on`, and not closed by the end of `on`: the bank
rewards the use of cards, and nobody can claim a reward with a card that is gone.

The common table expressions are MATERIALIZED on purpose: merged into one another, PostgreSQL
would compute a value again wherever it is named, the sums over transactions included. The
application is looked up card by card: a join was planned as a merge that read all applications up
to the chunk's end.
"""

from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules import tree

_SUBJECT = """
picked AS MATERIALIZED (
    SELECT DISTINCT ON (card.customer_id)
        card.customer_id, card.id AS card_id, card.application_id,
        card.issued_date, card.activated_date, card.first_used_date
    FROM journeys_card card
    WHERE card.customer_id >= %(first)s AND card.customer_id < %(end)s AND card.is_primary
      AND card.product_id IN (
          SELECT product.id FROM journeys_cardproduct product
          WHERE product.code = ANY(%(products)s))
      AND card.issued_date >= %(issued_from)s AND card.issued_date < %(issued_to)s
      AND card.issued_date <= %(on)s
      AND (card.closed_date IS NULL OR card.closed_date > %(on)s)
    ORDER BY card.customer_id, card.issued_date, card.id
),
subject AS MATERIALIZED (
    SELECT picked.*, (
        SELECT application.filed_date FROM journeys_application application
        WHERE application.id = picked.application_id) AS filed_date
    FROM picked
)"""

_DECISIONS = """
SELECT customer.id AS customer_id, judged.card_id,
    CASE WHEN judged.card_id IS NULL THEN 'no_card'
         WHEN judged.failed_at IS NULL THEN 'qualified' ELSE 'not_qualified' END AS outcome,
    judged.failed_at, COALESCE(judged.facts, '[]'::jsonb) AS facts
FROM journeys_customer customer LEFT JOIN judged ON judged.customer_id = customer.id
WHERE customer.id >= %(first)s AND customer.id < %(end)s"""


@dataclass(frozen=True)
class Statement:
    """SQL text with named parameters, and the values of those that the rule itself brings. The
    caller adds `first`, `end`, `products`, `issued_from`, `issued_to` and `on`."""

    sql: str
    parameters: dict[str, Any]


def decisions_of(rule: tree.Node) -> Statement:
    """This will return the SELECT of the decisions: customer_id, card_id, outcome, failed_at,
    facts. A customer without a card of the campaign has empty facts."""
    found = tree.leaves(rule)
    cheap = [leaf for leaf in found if not leaf.condition.is_expensive]
    dear = [leaf for leaf in found if leaf.condition.is_expensive]
    stages = [
        _SUBJECT,
        _stage("valued", "subject", [_value(leaf) for leaf in cheap]),
        _stage("weighed", "valued", [_verdict(leaf) for leaf in cheap]),
        _stage("sifted", "weighed", [f"({_gate(rule)}) AS is_examined"]),
        _stage("summed", "sifted", [_when_examined(_value(leaf)) for leaf in dear]),
        _stage("settled", "summed", [_when_examined(_verdict(leaf)) for leaf in dear]),
        _stage("judged", "settled", [f"{_failed_at(rule)} AS failed_at", f"{_facts(found)}"]),
    ]
    parameters: dict[str, Any] = {}
    for leaf in found:
        parameters |= leaf.condition.parameters(leaf.mark)
    return Statement("WITH " + ",".join(stages) + _DECISIONS, parameters)


def _stage(name: str, source: str, columns: list[str]) -> str:
    added = "".join(f",\n        {column}" for column in columns)
    return (
        f"\n{name} AS MATERIALIZED (\n    SELECT subject.*{added}\n    FROM {source} AS subject\n)"
    )


def _value(leaf: tree.Leaf) -> str:
    return f"{leaf.condition.value_sql(leaf.mark)} AS value_{leaf.position}"


def _verdict(leaf: tree.Leaf) -> str:
    verdict = leaf.condition.verdict_sql(leaf.mark, f"subject.value_{leaf.position}")
    return f"{verdict} AS met_{leaf.position}"


def _when_examined(column: str) -> str:
    expression, _as, name = column.rpartition(" AS ")
    return f"CASE WHEN subject.is_examined THEN {expression} END AS {name}"


def _truth(node: tree.Node) -> str:
    if isinstance(node, tree.Leaf):
        return f"subject.met_{node.position}"
    if node.join == tree.NOT:
        return f"NOT ({_truth(node.parts[0])})"
    word = " AND " if node.join == tree.ALL else " OR "
    return "(" + word.join(_truth(part) for part in node.parts) + ")"


def _gate(rule: tree.Node) -> str:
    cheap = [_truth(step) for step in tree.steps(rule) if not tree.is_expensive(step)]
    return " AND ".join(cheap) or "TRUE"


def _failed_at(rule: tree.Node) -> str:
    cases = " ".join(
        f"WHEN NOT ({_truth(step)}) THEN {tree.first_position(step)}"
        for step in tree.steps_in_order(rule)
    )
    return f"CASE {cases} END"


def _facts(found: list[tree.Leaf]) -> str:
    entries = ", ".join(
        f"jsonb_build_array(subject.met_{leaf.position}, "
        f"{leaf.condition.fact_sql(f'subject.value_{leaf.position}')})"
        for leaf in found
    )
    return f"jsonb_build_array({entries}) AS facts"
