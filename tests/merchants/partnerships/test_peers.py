"""With how many others a merchant can be compared: asked for all at once, as for each alone."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants.models import Merchant
from merchants.partnerships import queries
from tests.factories import partnerships as made
from tests.factories.merchants import CategoryFactory, MerchantFactory
from tests.factories.portal import BranchFactory
from tests.merchants.partnerships.test_proposing import BEGUN, ON

pytestmark = pytest.mark.django_db
CODES = ["", "", "33", "3301", "330106", "330108", "3302", "330203", "340100"]


def alone(one: Merchant) -> int:
    """Told by going through all others."""
    found = 0
    for other in Merchant.objects.exclude(pk=one.pk).select_related("category"):
        if other.merged_into_id or other.category.scenario != one.category.scenario:
            continue
        if one.division_code:
            found += other.division_code.startswith(one.division_code[:4])
        else:
            found += other.branch_id == one.branch_id
    return found


@pytest.mark.parametrize("seed", range(3))
def test_each_has_as_many_as_if_it_were_asked_about_alone(seed: int) -> None:
    rng = random.Random(seed)
    branches = [BranchFactory() for _each in range(2)]
    kinds = [CategoryFactory(mcc=mcc, scenario=of) for mcc, of in (
        ("5811", "dining"), ("5812", "dining"), ("7011", "travel"),
    )]  # fmt: skip
    merchants = [
        MerchantFactory(
            category=rng.choice(kinds), branch=rng.choice(branches), division_code=rng.choice(CODES)
        )
        for _each in range(40)
    ]
    for row in merchants[35:]:
        Merchant.objects.filter(pk=row.pk).update(merged_into=merchants[0])
    asked = list(Merchant.objects.select_related("category").order_by("pk"))
    with CaptureQueriesContext(connection) as captured:
        found = queries.peers_of(asked)
    assert len(captured) == 1
    assert found == {row.pk: alone(row) for row in asked}
    assert queries.peers_of([]) == {}


def test_what_guards_ask_of_many_partnerships_takes_no_more_questions_than_of_one() -> None:
    for _each in range(5):
        made.in_phase("confirmed", on=BEGUN)
    rows = list(queries.open_by_merchant().values())
    known = queries.evidence_of(partnerships=rows, on=ON)
    counts = []
    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as captured:
            many = queries.facts_among(some, evidence=known, on=ON)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert many == {row.pk: queries.facts_of(row, evidence=known[row.pk], on=ON) for row in rows}
