"""What messages are sent for has a name wherever it is shown: no screen says a code."""

import ast
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.planning.rules import naming
from journeys.notices import rules as notices
from journeys.notices.enums import Result
from journeys.outreach.enums import HouseOrigin
from journeys.outreach.queries import words_of_origin
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory
from tests.project import house
from tests.project.rows import row_of

# What makes origins: whoever queues messages writes none by hand.
_MADE_BY = {"origin_of", "HouseOrigin"}
_QUEUES = {"queue_messages", "reserve_contacts"}


def origins() -> list[str]:
    return [
        naming.origin_of("first-gift", 2),
        *(notices.origin_of(result) for result in Result.values),
        *HouseOrigin.values,
    ]


def _given() -> dict[str, set[str]]:
    """By what each call that queues messages names their origin; what a function was given itself
    is named where it is called."""
    found: dict[str, set[str]] = {}
    for file in house.code_files():
        for node in ast.walk(house.tree(file)):
            if not isinstance(node, ast.Call) or _name(node.func) not in _QUEUES:
                continue
            for one in node.keywords:
                if one.arg == "origin" and not isinstance(one.value, ast.Name):
                    found.setdefault(house.name(file), set()).update(_names_in(one.value))
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _names_in(node: ast.expr) -> set[str]:
    """What an origin is made by; the value itself where it is written by hand."""
    names = {_name(one) for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute)}
    return (names & _MADE_BY) or {ast.unparse(node)}


def test_whoever_queues_messages_names_an_origin_that_is_known() -> None:
    assert _given() == {
        "campaigns/eligibility/operations/settling.py": {"origin_of"},
        "campaigns/touches/operations/working.py": {"origin_of"},
        "journeys/demo/answers.py": {"HouseOrigin"},
        "journeys/notices/operations/telling.py": {"origin_of"},
        "journeys/telemarketing/operations/calling.py": {"HouseOrigin"},
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_origin_has_a_name(language: str) -> None:
    with translation.override(language):
        named = {origin: words_of_origin(origin) for origin in origins()}
    assert [origin for origin, words in named.items() if words == origin or "_" in words] == []
    assert len(set(named.values())) == len(named)


@pytest.mark.django_db
def test_the_timeline_names_what_a_contact_was_for(client_of: Callable[..., Client]) -> None:
    message = MessageFactory(origin=HouseOrigin.POINTS_HINT.value)
    row_of("journeys.Contact", customer=message.customer, origin=HouseOrigin.POINTS_HINT.value)
    page = client_of(StaffFactory(role="compliance", language="en")).get(
        reverse("customer_timeline", args=[message.customer.number])
    )
    text = page.content.decode()
    assert (text.count("Reminder of points to redeem"), "points_hint" in text) == (2, False)
