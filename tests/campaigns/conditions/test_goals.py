"""Who is said to be near a goal comes to qualify by spending what is missing, and not by a cent
less: the statement that decides, asked once more after the purchase."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import goals, statement, tree
from journeys.models import Transaction
from merchants.models import Merchant
from tests.campaigns.conditions import asking, filling, strategies, worlds, writing
from tests.campaigns.conditions.test_kinds import CUSTOMERS, in_bulk, seeds, seen

pytestmark = pytest.mark.django_db
SPENT = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00"}
CENT = Decimal("0.01")
Row = dict[str, Any]


LIKELY = [
    {"kind": "activated"},
    {"kind": "first_used"},
    {"kind": "issued_within", "days": 22},
    {"not": {"kind": "asleep", "months": 6}},
]


def open_windows(on: dt.date) -> st.SearchStrategy[Row]:
    """Sums in windows that have not ended on a day: from the issue, the activation, fixed days."""
    month = dt.timedelta(days=30)
    return st.builds(
        lambda window, last_day, least: {
            "kind": "spending_in_window", "last_day": last_day, "at_least": least, **window,
        },
        st.sampled_from([
            {"days": 90}, {"days": 90, "counted_from": "activation"},
            {"counted_from": "dates", "first_date": (on - month).isoformat(),
             "last_date": (on + month).isoformat()},
        ]),
        st.sampled_from(["inside", "outside"]),
        st.sampled_from(["50.00", "75.01", "300.00"]),
    )  # fmt: skip


def decided(
    rule: Row, world: Row, needs: list[Row | None], last: dt.date | None = None, among: int = 0
) -> dict[int, Row]:
    """The decisions about the customers of a world: outcome, gap and last day."""
    found = statement.decisions_of(
        tree.read_rule(rule), [need and tree.read_rule(need) for need in needs], with_days=True
    )
    span = {"first": among, "end": among + 1} if among else {"first": 0, "end": 10**12}
    values = found.parameters | span | asking.frame(world) | {"last_day": last}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT customer_id, card_id, outcome, gap, deadline FROM ({found.sql}) AS one", values
        )
        keys = ("card", "outcome", "gap", "deadline")
        return {one: dict(zip(keys, rest, strict=True)) for one, *rest in cursor.fetchall()}


def buy(card: int, customer: int, leaf: Row, world: Row, amount: Decimal) -> bool:
    """A purchase that counts, on the last day of the window that has come; False where none has."""
    own = next(row for row in world["cards"] if row["id"] == card)
    days, row = filling.days_past(leaf, own, world), filling.row_that_counts(leaf, own, world)
    if not days or row is None or amount <= 0:
        return False
    shop = row["merchant"]
    Transaction.objects.create(
        reference="filled", customer_id=customer, card_id=card, kind="purchase", amount=amount,
        posted_date=days[-1], mcc=row["mcc"], channel=row["channel"],
        division_code=row["division"], merchant=shop and Merchant.objects.get(number=shop),
    )  # fmt: skip
    return True


def outcomes(one: Row, customer: int, leaf: Row, case: dict[str, Any], amount: Decimal) -> str:
    """The outcome once so much is spent; "" where it cannot be tried."""
    with transaction.atomic():
        bought = buy(one["card"], customer, leaf, case["world"], amount)
        found = decided(**case, among=customer)[customer]["outcome"] if bought else ""
        transaction.set_rollback(True)
    return str(found)


def test_who_is_near_qualifies_with_what_is_missing_and_not_with_a_cent_less() -> None:
    tried: Counter[str] = Counter()

    @settings(in_bulk, max_examples=40)
    @given(seed=seeds, data=st.data())
    def look(seed: int, data: st.DataObject) -> None:
        world = seen(worlds.make(seed, CUSTOMERS // 2))
        of_kind = strategies.by_kind(world["start"])
        spent = st.one_of(open_windows(world["on"]), of_kind["spending_in_window"])
        steps = st.lists(
            st.one_of(st.sampled_from(LIKELY), *of_kind.values(), spent,
                      strategies.trees(world["start"])), min_size=0, max_size=2,
        )  # fmt: skip
        with transaction.atomic():
            writing.write(world)
            for _number in range(3):
                rule = {"all": [data.draw(spent), *data.draw(steps)]}
                tier = {"all": [data.draw(spent), *data.draw(steps)[:1]]}
                needs = data.draw(st.sampled_from([[None], [None, tier]]))
                try_all({"rule": rule, "needs": needs, "world": world})
                asked = {"all": [data.draw(st.sampled_from(LIKELY))]}
                try_all({"rule": asked, "needs": [tier, tier], "world": world})
            transaction.set_rollback(True)

    def try_all(case: dict[str, Any]) -> None:
        try:
            node = tree.read_rule(case["rule"])
        except Exception:
            return
        asked = case["rule"] if None in case["needs"] else case["needs"][0]
        sums = [leaf for leaf in asked["all"] if leaf.get("kind") == "spending_in_window"]
        near = {key: one for key, one in decided(**case).items() if one["gap"] is not None}
        assert not near or goals.goals_of(
            node, [need and tree.read_rule(need) for need in case["needs"]]
        )
        for customer, one in near.items():
            assert one["deadline"] > case["world"]["on"]
            found = [outcomes(one, customer, leaf, case, one["gap"]) for leaf in sums]
            less = [outcomes(one, customer, leaf, case, one["gap"] - CENT) for leaf in sums]
            if "" in found:
                continue
            tried[one["outcome"]] += 1
            assert "qualified" in found, (case["rule"], case["needs"], customer, one)
            assert "qualified" not in less, (case["rule"], case["needs"], customer, one)

    look()
    assert min(tried["not_qualified"], tried["no_tier"]) > 40, tried


@pytest.mark.parametrize(("beside", "is_goal"), [
    ({"kind": "activated"}, True),
    ({"not": {"kind": "activated"}}, True),
    ({"kind": "first_used"}, True),
    ({"not": {"kind": "first_used"}}, False),
    ({"kind": "asleep", "months": 6}, False),
    ({"not": {"kind": "asleep", "months": 6}}, True),
    ({"not": SPENT}, False),
    ({"any": [SPENT, {"not": {"not": SPENT}}]}, True),
    ({"kind": "falling_asleep", "months": 6, "within_days": 9}, False),
    ({"kind": "potential", "at_least": 9}, False),
    ({"kind": "stage", "stages": ["activation"]}, True),
    ({"kind": "stage", "stages": ["used"]}, True),
    ({"kind": "stage", "stages": ["activated"]}, False),
    ({"not": {"kind": "stage", "stages": ["used"]}}, False),
    ({"not": {"kind": "stage", "stages": ["activated"]}}, True),
])  # fmt: skip
def test_what_spending_may_undo_has_nobody_near(beside: Row, is_goal: bool) -> None:
    found = goals.goals_of(tree.read_rule({"all": [SPENT, beside]}), [None])
    assert [one.leaf.position for one in found if one.leaf.position == 0] == [0] * is_goal
