"""The SQL of a rule and of what its tiers ask beyond it: one set-based SELECT over a span of
customer ids.

It looks at things as of the end of the bank's day `on`. The subject of a rule is one card per
customer: the earliest issued primary card (ties by id) of the given products, issued from
`issued_from` to before `issued_to` and not after `on`, and not closed by the end of `on`: the bank
rewards the use of cards, and nobody can claim a reward with a card that is gone.

The SELECT is a pile of subqueries, each of which adds columns to the one below: cheap values and
their verdicts, whether these let anybody through, then the expensive ones for those alone, then
what the tiers ask of those who meet the rule. `OFFSET 0` keeps PostgreSQL from merging them into
one another, which would compute a value again wherever it is named, the sums over transactions
included; unlike a common table expression it writes nothing down in between. The pile as a whole is
one all the same: a plan made before the tables were analysed may look into it once a customer, and
must not work it out anew each time. Conditions whose
value is the same SQL with the same parameters share one column: ten tiers on one sum cost one sum.
The application is looked up card by card: a join was planned as a merge that read all applications
up to the chunk's end.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.conditions.rules import base, goals, tree

# A function takes a hundred arguments; what is longer is joined of several.
_MOST_ARGUMENTS = 60

_OF_SPAN = "card.customer_id >= %(first)s AND card.customer_id < %(end)s"
_SUBJECT = """SELECT picked.*, (
        SELECT application.filed_date FROM journeys_application application
        WHERE application.id = picked.application_id) AS filed_date
    FROM (
        SELECT DISTINCT ON (card.customer_id)
            card.customer_id, card.id AS card_id, card.application_id,
            card.issued_date, card.activated_date, card.first_used_date
        FROM journeys_card card
        WHERE {people} AND card.is_primary
          AND card.product_id IN (
              SELECT product.id FROM journeys_cardproduct product
              WHERE product.code = ANY(%(products)s))
          AND card.issued_date >= %(issued_from)s AND card.issued_date < %(issued_to)s
          AND card.issued_date <= %(on)s
          AND (card.closed_date IS NULL OR card.closed_date > %(on)s)
        ORDER BY card.customer_id, card.issued_date, card.id
    ) AS picked OFFSET 0"""

# One card by itself, whatever has become of it: what was given for its use is looked at again.
_CARD = """SELECT card.customer_id, card.id AS card_id, card.application_id, card.issued_date,
        card.activated_date, card.first_used_date, (
        SELECT application.filed_date FROM journeys_application application
        WHERE application.id = card.application_id) AS filed_date
    FROM journeys_card card WHERE card.id = %(card_id)s OFFSET 0"""


def subject_where(people: str) -> str:
    """This will return the SELECT of the card that a decision is about, one of each of the people
    of whom `people` (a test of `card`) holds."""
    return _SUBJECT.format(people=people)


_OUTCOME = """CASE WHEN judged.card_id IS NULL THEN 'no_card'
         WHEN judged.failed_at IS NOT NULL THEN 'not_qualified' ELSE 'qualified' END"""
_OUTCOME_BY_TIER = """CASE WHEN judged.card_id IS NULL THEN 'no_card'
         WHEN judged.failed_at IS NOT NULL THEN 'not_qualified'
         WHEN judged.reached = '{}' THEN 'no_tier' ELSE 'qualified' END"""


@dataclass(frozen=True)
class Statement:
    """SQL text with named parameters, and the values of those that the rule itself brings. The
    caller adds `first`, `end`, `products`, `issued_from`, `issued_to` and `on`, and `branches`
    (ids) where that was asked for."""

    sql: str
    parameters: dict[str, Any]


def decisions_of(
    rule: tree.Node,
    needs: Sequence[tree.Node | None] | None = None,
    *,
    in_branches: bool = False,
    with_facts: bool = True,
    of_card: bool = False,
    with_turns: bool = False,
    among: bool = False,
    with_days: bool = False,
) -> Statement:
    """This will return the SELECT of the decisions: customer_id, card_id, outcome, failed_at,
    facts. A customer without a card of the campaign has empty facts.

    `needs` is what each tier asks beyond the rule, None where nothing. With it comes the column
    `reached`: the positions of the tiers whose needs hold, for those who meet the rule; and the
    facts of these customers hold the tiers' conditions after the rule's. With `in_branches`,
    customers of other branches than `branches` are decided about as "other_branch"; without
    `with_facts` the facts stay empty, for those who only count. With `of_card` the subject is the
    card `card_id`, closed or not, instead of the one that a campaign picks. `with_turns` adds
    `again_date`, the first day after `on` on which the decision may be another by the passing of
    time alone. `among` decides about the customers of the array `among` alone. `with_days` adds the
    days of the card that a receipt needs, and `gap` and `deadline` (`goals`); it asks for
    `last_day`, the last on which the campaign gives anything, or NULL.
    """
    asked = tree.in_line(rule, needs or ())
    found, tier_leaves = tree.leaves(rule), [leaf for node in asked for leaf in tree.leaves(node)]
    columns = Columns([*found, *tier_leaves])
    cheap = [leaf for leaf in found if not leaf.condition.is_expensive]
    dear = [leaf for leaf in found if leaf.condition.is_expensive]
    sql = _judged(_CARD if of_card else subject_where(_OF_SPAN), columns, cheap)
    sql = over(sql, [f"({_gate(rule)}) AS is_examined"])
    sql = _judged(sql, columns, dear, when="is_examined")
    sql = over(sql, [f"{_failed_at(rule)} AS failed_at"])
    if tier_leaves:
        sql = _judged(sql, columns, tier_leaves, when="failed_at IS NULL")
    facts = columns.facts(found) if with_facts else "'[]'::jsonb"
    if tier_leaves and with_facts:
        more = columns.facts(tier_leaves)
        facts = f"CASE WHEN subject.failed_at IS NULL THEN {facts} || {more} ELSE {facts} END"
    beside = _beside(rule, needs, columns, with_turns=with_turns, with_days=with_days)
    added = [f"{inner} AS {name}" for name, (inner, _outer) in beside.items() if inner]
    sql = over(sql, [f"{facts} AS facts", *added])
    if among:
        sql = sql.replace(_OF_SPAN, f"{_OF_SPAN} AND card.customer_id = ANY(%(among)s)")
    shown = [f"{outer} AS {name}" for name, (_inner, outer) in beside.items()]
    found_sql = _decisions(sql, needs, in_branches, shown)
    found_sql += " AND customer.id = ANY(%(among)s)" if among else ""
    return Statement(found_sql, columns.parameters())


def _judged(source: str, columns: "Columns", leaves: list[tree.Leaf], when: str = "") -> str:
    """The rows of `source` with the values of leaves and their verdicts, where `when` holds."""
    values, verdicts = columns.values(leaves), columns.verdicts(leaves)
    if not when:
        return over(over(source, values), verdicts)
    return over(over(source, _when(when, values)), _when(when, verdicts))


def can_be_carried(rule: tree.Node, needs: Sequence[tree.Node | None]) -> bool:
    """This will tell whether it can be told of every condition when time alone may change it."""
    asked = [rule, *(node for node in needs if node is not None)]
    found = [leaf for node in asked for leaf in tree.leaves(node)]
    return all(leaf.condition.turns_sql(leaf.mark, "NULL") is not None for leaf in found)


def _beside(
    rule: tree.Node,
    needs: Sequence[tree.Node | None] | None,
    columns: "Columns",
    *,
    with_turns: bool,
    with_days: bool,
) -> dict[str, tuple[str, str]]:
    """The columns beside outcome and facts: how each is reckoned in the last layer, where it is no
    column already, and how it is shown of the row `judged`."""
    found: dict[str, tuple[str, str]] = {}
    if needs is not None:
        found["reached"] = (_reached(rule, needs), "COALESCE(judged.reached, '{}')")
    if with_turns:
        found["again_date"] = (columns.turns(), "judged.again_date")
    if with_days:
        # Where no condition looks at the application, it is not looked up for its day alone.
        is_filed = any("subject.filed_date" in one for one in columns.written)
        gap, last = goals.gap_sql(goals.goals_of(rule, needs or ()), truth, columns.of)
        found |= {
            "issued_date": ("", "judged.issued_date"),
            "filed_date": ("", "judged.filed_date" if is_filed else "NULL::date"),
            "activated_date": ("", "judged.activated_date"),
            "gap": (gap, "judged.gap"),
            "deadline": (last, "judged.deadline"),
        }
    return found


def _decisions(
    judged: str, needs: Sequence[Any] | None, in_branches: bool, beside: Sequence[str]
) -> str:
    outcome = _OUTCOME if needs is None else _OUTCOME_BY_TIER
    added = "".join(f",\n    {one}" for one in beside)
    is_inside = ""
    if in_branches:
        is_inside = " AND customer.branch_id = ANY(%(branches)s)"
        outcome = (
            f"CASE WHEN customer.branch_id = ANY(%(branches)s) THEN {outcome}"
            " ELSE 'other_branch' END"
        )
    return f"""WITH judged AS MATERIALIZED ({judged})
SELECT customer.id AS customer_id, judged.card_id,
    {outcome} AS outcome,
    judged.failed_at, COALESCE(judged.facts, '[]'::jsonb) AS facts{added}
FROM journeys_customer customer
LEFT JOIN judged ON judged.customer_id = customer.id{is_inside}
WHERE customer.id >= %(first)s AND customer.id < %(end)s"""


class Columns:
    """The value columns of a statement: leaves whose value is the same share one."""

    def __init__(self, leaves: Iterable[tree.Leaf]) -> None:
        self._column: dict[int, str] = {}
        self._leaves = list(leaves)
        self._made: set[str] = set()
        self.written: list[str] = []
        known: dict[tuple[str, str], str] = {}
        for leaf in self._leaves:
            key = _value_key(leaf)
            self._column[leaf.position] = known.setdefault(key, f"value_{leaf.position}")

    def of(self, leaf: tree.Leaf) -> str:
        """This will name the column with a leaf's value, in the row `subject`."""
        return f"subject.{self._column[leaf.position]}"

    def values(self, leaves: Sequence[tree.Leaf]) -> list[str]:
        """This will write the values of leaves, those that no layer has written yet."""
        written = []
        for leaf in leaves:
            name = self._column[leaf.position]
            if name not in self._made:
                self._made.add(name)
                written.append(f"{leaf.condition.value_sql(leaf.mark)} AS {name}")
        self.written += written
        return written

    def verdicts(self, leaves: Sequence[tree.Leaf]) -> list[str]:
        """This will write the verdicts of leaves."""
        return [
            f"{leaf.condition.verdict_sql(leaf.mark, self.of(leaf))} AS met_{leaf.position}"
            for leaf in leaves
        ]

    def facts(self, leaves: Sequence[tree.Leaf]) -> str:
        """This will write what leaves found: a pair of verdict and value for each."""
        pairs = [
            f"jsonb_build_array(subject.met_{leaf.position}, "
            f"{leaf.condition.fact_sql(self.of(leaf))})"
            for leaf in leaves
        ]
        parts = [
            f"jsonb_build_array({', '.join(pairs[start : start + _MOST_ARGUMENTS])})"
            for start in range(0, len(pairs), _MOST_ARGUMENTS)
        ]
        return "(" + " || ".join(parts) + ")"

    def turns(self) -> str:
        """This will write the first day on which any of the values or verdicts may change by the
        passing of time; a value that was not looked up has none."""
        found = {leaf.condition.turns_sql(leaf.mark, self.of(leaf)) for leaf in self._leaves}
        days = sorted(one for one in found if one not in (None, base.NEVER))
        return f"LEAST({', '.join(days)})::date" if days else base.NEVER

    def parameters(self) -> dict[str, Any]:
        """This will return the fields of all conditions under their names in the statement."""
        named: dict[str, Any] = {}
        for leaf in self._leaves:
            named |= leaf.condition.parameters(leaf.mark)
        return named


def _value_key(leaf: tree.Leaf) -> tuple[str, str]:
    """What makes the value of a leaf: its SQL without its mark, and the parameters in it."""
    sql = leaf.condition.value_sql(leaf.mark)
    own = re.compile(rf"%\({leaf.mark}_(\w+)\)s")
    fields = leaf.condition.parameters(leaf.mark)
    used = sorted((name, repr(fields[f"{leaf.mark}_{name}"])) for name in set(own.findall(sql)))
    return own.sub(r"%(_\1)s", sql), repr(used)


def over(source: str, columns: list[str]) -> str:
    """This will add a layer: the rows of `source` with columns added."""
    if not columns:
        return source
    added = "".join(f",\n    {column}" for column in columns)
    return f"SELECT subject.*{added}\nFROM ({source}) AS subject OFFSET 0"


def _when(holds: str, columns: list[str]) -> list[str]:
    named = [column.rpartition(" AS ") for column in columns]
    return [
        f"CASE WHEN subject.{holds} THEN {expression} END AS {name}"
        for expression, _as, name in named
    ]


def truth(node: tree.Node) -> str:
    """This will write whether a tree holds, of the verdicts in the row `subject`."""
    if isinstance(node, tree.Leaf):
        return f"subject.met_{node.position}"
    if node.join == tree.NOT:
        return f"NOT ({truth(node.parts[0])})"
    word = " AND " if node.join == tree.ALL else " OR "
    return "(" + word.join(truth(part) for part in node.parts) + ")"


def _gate(rule: tree.Node) -> str:
    cheap = [truth(step) for step in tree.steps(rule) if not tree.is_expensive(step)]
    return " AND ".join(cheap) or "TRUE"


def _failed_at(rule: tree.Node) -> str:
    cases = " ".join(
        f"WHEN NOT ({truth(step)}) THEN {tree.first_position(step)}"
        for step in tree.steps_in_order(rule)
    )
    return f"CASE {cases} END"


def _reached(rule: tree.Node, needs: Sequence[tree.Node | None]) -> str:
    asked = iter(tree.in_line(rule, needs))
    cases = [
        str(place) if need is None else f"CASE WHEN {truth(next(asked))} THEN {place} END"
        for place, need in enumerate(needs)
    ]
    every = f"ARRAY[{', '.join(cases)}]::smallint[]"
    reached = f"array_remove({every}, NULL)" if any(needs) else every
    return f"CASE WHEN subject.failed_at IS NULL THEN {reached} ELSE '{{}}' END"
