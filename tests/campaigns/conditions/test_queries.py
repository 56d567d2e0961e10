"""What the codes of a rule are called, and what a form can offer."""

import pytest
from django.utils import translation

from campaigns.conditions import queries
from campaigns.conditions.enums import Source
from campaigns.conditions.rules import tree
from tests.factories.journeys import ProductFactory
from tests.factories.merchants import CategoryFactory, MerchantFactory
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db
RULE = {
    "all": [
        {"kind": "branch", "branches": ["S1", "GONE"]},
        {"not": {"kind": "product_held", "products": ["GOLD"]}},
        {"kind": "not_in_campaign", "campaigns": ["spring"]},
        {"kind": "purchases_in_window", "days": 5, "last_day": "inside", "at_least": 1,
         "merchants": ["M7"], "mccs": ["5812", "5811-5814"]},
    ]
}  # fmt: skip


def bank() -> None:
    south = BranchFactory(code="S1", name="南山支行", name_en="Nanshan")
    BranchFactory(code="S2", name="福田支行", name_en="Futian")
    ProductFactory(code="GOLD")
    category = CategoryFactory(mcc="5812", name="餐馆", name_en="Restaurants")
    MerchantFactory(number="M7", name="海底捞", name_en="", category=category, branch=south)


def test_codes_are_called_by_what_the_tables_say_in_the_language_of_the_reader() -> None:
    bank()
    rule = tree.read_rule(RULE)
    with translation.override("en"):
        assert queries.names_of([rule]) == {
            (Source.BRANCHES, "S1"): "Nanshan", (Source.PRODUCTS, "GOLD"): "Gold card",
            (Source.MERCHANTS, "M7"): "海底捞", (Source.CATEGORIES, "5812"): "Restaurants",
            (Source.CATEGORIES, "5811-5814"): "Restaurants",
        }  # fmt: skip
    with translation.override("zh-hans"):
        assert queries.names_of([rule])[Source.BRANCHES, "S1"] == "南山支行"
        # The branch that a decision found is named too.
        facts = [[False, "S2"], [True, []], [True, []], [False, 0]]
        assert queries.names_of([rule], facts)[Source.BRANCHES, "S2"] == "福田支行"


def test_a_form_is_offered_products_and_categories() -> None:
    bank()
    with translation.override("en"):
        found = queries.offered()
    assert found == {
        Source.PRODUCTS: [("GOLD", "Gold card")], Source.CATEGORIES: [("5812", "5812 Restaurants")]
    }  # fmt: skip


def test_a_long_span_of_categories_is_said_as_it_stands() -> None:
    for number in range(3):
        CategoryFactory(mcc=f"300{number}", name=f"航空{number}", name_en="" if number else "Air")
    assert queries.category_names(["3000-3002", "3001", "4000-4001"]) == {
        "3000-3002": ("航空0、航空1、航空2", "Air, 航空1, 航空2"), "3001": ("航空1", "航空1"),
    }  # fmt: skip
    for number in range(3, 9):
        CategoryFactory(mcc=f"300{number}", name=f"航空{number}")
    assert queries.category_names(["3000-3008"]) == {"3000-3008": ("3000-3008", "3000-3008")}
