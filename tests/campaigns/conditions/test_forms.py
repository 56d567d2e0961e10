"""Forms of conditions: what a browser sends back is the condition that was shown."""

import datetime as dt
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django.http import QueryDict
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions import forms
from campaigns.conditions.enums import Source
from campaigns.conditions.rules import kinds, tree
from tests.campaigns.conditions import strategies
from tests.campaigns.conditions.test_kinds import in_bulk

START = dt.date(2026, 3, 1)
OFFERED = {
    Source.BRANCHES: [("HO", "Head office"), ("R1", "Region 1"), ("R10", "Region 10")],
    Source.PRODUCTS: [("P0", "Card 0"), ("P1", "Card 1")],
}


class Browser(HTMLParser):
    """What a browser sends for the fields of a page that nobody changed."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.select = ""
        self.first: str | None = None  # what a list that allows one sends where none is marked

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "select":
            self.select, self.first = found["name"] or "", None
            self.allows_one = "multiple" not in found
        elif tag == "option":
            self.first = found["value"] if self.first is None else self.first
            if "selected" in found:
                self._send(self.select, found["value"])
        elif tag == "input" and (found["type"] != "checkbox" or "checked" in found):
            self._send(found["name"] or "", found.get("value"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.allows_one and self.select not in self.sent:
            self._send(self.select, self.first)

    def _send(self, name: str, value: str | None) -> None:
        self.sent.setdefault(name, []).append(value or "")


def sent_from(form: forms.ConditionForm) -> QueryDict:
    browser = Browser()
    browser.feed(render_crispy_form(form))
    found = QueryDict(mutable=True)
    for name, values in browser.sent.items():
        found.setlist(name, values)
    return found


@settings(in_bulk, max_examples=25)
@given(data=st.data())
def test_a_form_gives_back_the_condition_that_it_shows(data: st.DataObject) -> None:
    for kind, one in strategies.by_kind(START).items():
        condition = kinds.KINDS[kind].read(data.draw(one), "rule")
        offered = data.draw(st.sampled_from([{}, OFFERED]))
        shown = forms.form_for(kind, prefix="c3", initial=condition, offered=offered)
        back = forms.form_for(kind, sent_from(shown), prefix="c3", initial=condition,
                              offered=offered)  # fmt: skip
        assert back.is_valid(), (condition, back.errors)
        assert back.condition() == condition
        assert tree.as_data(tree.read_rule(back.condition().as_data())) == condition.as_data()


# What has to be added to an empty form before it can be sent: codes alone, which nothing can guess.
CODES = {
    "stage": {"stages": ["activation"]}, "branch": {"branches": "R1, B1"},
    "product_held": {"products": "P0"}, "not_in_campaign": {"campaigns": "spring"},
    "near_goal": {"campaign": "spring"},
    "cards_held": {"at_most": "3"},
}  # fmt: skip


@pytest.mark.parametrize("kind", list(kinds.KINDS))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_empty_form_begins_with_what_is_usual(kind: str, language: str) -> None:
    with translation.override(language):
        sent = sent_from(forms.form_for(kind, prefix="new"))
        for name, value in CODES.get(kind, {}).items():
            sent.setlist(f"new-{name}", value if isinstance(value, list) else [value])
        form = forms.form_for(kind, sent, prefix="new")
        assert form.is_valid(), form.errors
        condition = form.condition()
        assert condition.kind == kind
        assert kinds.KINDS[kind].read(condition.as_data(), "rule") == condition
        assert condition.sentence()
        assert all(str(field.label) for field in condition.fields.values())


def test_every_choice_that_a_form_offers_is_drawn_by_the_tests() -> None:
    """Nothing is offered that the oracle does not examine."""
    drawn: dict[tuple[str, str], set[str]] = {}

    @settings(in_bulk, max_examples=400)
    @given(data=st.data())
    def draw(data: st.DataObject) -> None:
        for kind, one in strategies.by_kind(START).items():
            for name, value in data.draw(one).items():
                values = value if isinstance(value, list) else [value]
                drawn.setdefault((kind, name), set()).update(map(str, values))

    draw()
    for kind, cls in kinds.KINDS.items():
        for name, field in cls.fields.items():
            usual = set() if field.is_needed else {str(field.default)}
            missing = {code for code, _label in field.choices} - drawn[kind, name] - usual
            assert not missing, (kind, name, missing)


def test_what_another_choice_makes_meaningless_is_left_out() -> None:
    data = {
        "counted_from": "dates", "days": "65", "first_date": "2026-03-01",
        "last_date": "2026-03-31", "last_day": "inside", "at_least": "100.00",
        "refunds": "when_posted",
    }  # fmt: skip
    form = forms.form_for("spending_in_window", data)
    assert form.is_valid(), form.errors
    assert form.condition().as_data() == {
        "kind": "spending_in_window", "counted_from": "dates", "first_date": "2026-03-01",
        "last_date": "2026-03-31", "last_day": "inside", "at_least": "100.00",
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "data", "field", "problem"), [
    ("age", {}, "at_least", "Is missing: at least one of the two bounds must be given"),
    ("age", {"at_least": "30", "at_most": "20"}, "at_most", "Must not be below the other bound"),
    ("age", {"at_least": "300"}, "at_least", "Must be a whole number from 0 to 150"),
    ("branch", {"branches": ""}, "branches", "This field is required."),
    ("branch", {"branches": "R1 \u201cR2\u201d"}, "branches",
     "Must hold only codes of letters, digits, - . and _"),
    ("consent", {"purpose": "marketing"}, "channel", "This field is required."),
    ("months_in_row", {"months": "2"}, "at_least",
     "Is missing: the sum, the number, or both must be given"),
    ("first_transaction", {"days": "0", "last_day": "outside", "at_least": "1"}, "days",
     "Leaves no day; take 1 or more"),
    ("spending_in_window", {"counted_from": "issue", "last_day": "inside", "at_least": "1",
                            "refunds": "when_posted"}, "days", "This field is required."),
    ("spending_in_window", {"counted_from": "issue", "last_day": "inside", "at_least": "1.001",
                            "days": "5"}, "at_least",
     "Ensure that there are no more than 2 decimal places."),
    ("spending_in_window", {"counted_from": "dates", "first_date": "2026-03-02", "at_least": "1",
                            "last_date": "2026-03-01", "last_day": "inside"}, "last_date",
     "Must not be before the first day"),
    ("spending_in_window", {"counted_from": "issue", "last_day": "inside", "at_least": "1",
                            "days": "5", "mccs": "58a1"}, "mccs",
     "Must hold only codes of four digits, such as 5812, or spans such as 5811-5814"),
])  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    kind: str, data: dict[str, str], field: str, problem: str
) -> None:
    with translation.override("en"):
        form = forms.form_for(kind, data)
        assert form.errors == {field: [problem]}
    with pytest.raises(ValueError, match="not valid"):
        form.condition()


def test_the_menu_holds_every_kind_once() -> None:
    with translation.override("en"):
        found = forms.menu()
    assert [group for group, _entries in found] == [
        "Who the customer is", "Card", "Spending", "Points", "Contact", "What went before",
    ]  # fmt: skip
    assert [code for _group, entries in found for code, _title in entries] == list(kinds.KINDS)


def test_amounts_and_lists_are_read_into_one_way_of_writing() -> None:
    data = {
        "counted_from": "issue",
        "days": "65",
        "last_day": "inside",
        "at_least": "500",
        "refunds": "of_purchases",
        "cities": "330100，310000",
        "mccs": "5814 5812-5812",
    }
    form = forms.form_for("spending_in_window", data)
    assert form.is_valid(), form.errors
    written = form.condition().as_data()
    assert (written["at_least"], written["cities"], written["mccs"]) == (
        "500.00", ["31", "3301"], ["5812", "5814"]
    )  # fmt: skip
    assert form.condition().at_least == Decimal(500)


@translation.override("en")
def test_how_refunds_are_deducted_is_chosen_and_said() -> None:
    """Who builds a rule begins with what a window is to mean: a purchase that is given back does
    not count, whenever that is. The sentence tells the two apart."""
    form = forms.form_for("spending_in_window", prefix="new")
    field: Any = form.fields["refunds"]
    assert [code for code, _label in field.choices if code] == ["when_posted", "of_purchases"]
    assert (str(field.label), form["refunds"].value()) == ("Refunds are deducted", "of_purchases")
    said = {}
    for chosen in ("when_posted", "of_purchases"):
        sent = sent_from(form)
        sent["new-refunds"] = chosen
        filled = forms.form_for("spending_in_window", sent, prefix="new")
        assert filled.is_valid(), filled.errors
        condition = filled.condition()
        assert condition.as_data().get("refunds", "when_posted") == chosen
        said[chosen] = condition.sentence()
    assert said["when_posted"].endswith("; refunds that post on these days are deducted.")
    assert said["of_purchases"].endswith(
        "; a refund is deducted from its purchase, whenever it posts."
    )
