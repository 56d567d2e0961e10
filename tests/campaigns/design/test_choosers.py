"""Merchants and branches are searched for and chosen; what a form shows and sends back unchanged is
no change; every claim has its evidence."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.design import forms, operations
from campaigns.design.models import Draft
from campaigns.design.rules import places
from campaigns.planning.rules import plans
from portal.kit import choosers
from portal.models import Staff
from portal.staff.access import scope_of
from tests.factories.campaigns import AT, PLAN, draft
from tests.factories.journeys import ProductFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def begun(person: Staff, **changes: Any) -> Draft:
    draft(code="base")
    content = {name: value for name, value in PLAN.items() if name != "code"}
    return operations.start_draft(content=content | changes, code="built", owner=person, at=AT)


def sent_back(page: Any) -> dict[str, Any]:
    """What a browser sends of the form on a page, if nobody touches it."""
    form, found = page.context["form"], QueryDict(mutable=True)
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if isinstance(widget, choosers.Chooser):
            pairs = (
                value.items() if isinstance(value, dict) else [(one, None) for one in value or []]
            )
            found.setlist(bound.html_name, [code for code, _figure in pairs])
            figures = [figure or "" for _code, figure in pairs]
            found.setlist(f"{bound.html_name}_figure", figures if widget.unit else [])
        elif isinstance(value, list):
            # Boxes and lists are sent in the order in which the form shows them.
            shown = [code for code, _label in bound.field.choices]
            found.setlist(bound.html_name, sorted(value, key=shown.index))
        elif value not in (None, ""):
            found[bound.html_name] = value
    return dict(found.lists())


def steps() -> list[str]:
    return ["design_basics", "design_budget", "design_texts"]


@pytest.mark.parametrize("name", steps())
def test_what_is_sent_back_as_it_was_shown_changes_nothing(name: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    numbers = [row_of("merchants.Merchant", number=one).number for one in ("M9", "M1", "M5")]
    ProductFactory(code="ALPHA")
    branches = [BranchFactory(code=code).code for code in ("ZZ", "AA")]
    content = {
        "products": ["GOLD", "ALPHA"], "merchants": numbers, "branches": branches,
        "budget": {
            "total": "1000.00", "branches": {"AA": "20.00", "ZZ": "10.50"},
            "shares": {"M5": "10.00", "bank": "90.00"},
        },
        "evidence": [
            {"claim": f"c{number}", "source": "s", "until": "2027-01-01"} for number in range(3)
        ],
    }  # fmt: skip
    found = begun(person, **content)
    before = plans.plan_of(found.content).as_content()
    client = client_of(person)
    address = reverse(name, args=[found.pk])
    answer = client.post(address, sent_back(client.get(address)) | {"revision": found.revision})
    assert answer.status_code == 302
    found.refresh_from_db()
    assert plans.plan_of(found.content).as_content() == before


def test_merchants_are_kept_in_the_order_in_which_they_were_chosen(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found, client = begun(person), client_of(person)
    for number in ("M2", "M1"):
        row_of("merchants.Merchant", number=number, name=f"店{number}")
    address = reverse("design_basics", args=[found.pk])
    shown = sent_back(client.get(address)) | {"revision": found.revision}
    client.post(address, shown | {"merchants": ["M2", "M1", "M2"]})
    found.refresh_from_db()
    assert found.content["merchants"] == ["M2", "M1"]
    page = client.get(address).content.decode()
    assert page.index("店M2") < page.index("店M1")
    # Typed with commas between them, where no script runs.
    client.post(address, shown | {"merchants": ["M1，M2"], "revision": found.revision})
    found.refresh_from_db()
    assert found.content["merchants"] == ["M1", "M2"]


@pytest.mark.parametrize(("figures", "is_kept"), [
    (["20", "7.5"], True), (["20", ""], False), (["20", "-1"], False), (["20", "0"], False),
    (["20", "1.005"], False), (["20", "many"], False), (["20"], False),
])  # fmt: skip
def test_each_chosen_branch_has_a_budget(
    figures: list[str], is_kept: bool, client_of: Clients
) -> None:
    person = StaffFactory(role="campaign_manager")
    found, client = begun(person), client_of(person)
    for code in ("AA", "BB"):
        BranchFactory(code=code, name=f"支行{code}")
    address = reverse("design_budget", args=[found.pk])
    sent = {"branches": ["AA", "BB"], "branches_figure": figures, "revision": found.revision}
    answer = client.post(address, sent)
    found.refresh_from_db()
    if is_kept:
        assert answer.status_code == 302
        assert found.content["budget"]["branches"] == {"AA": "20", "BB": "7.5"}
        return
    assert answer.status_code == 422
    assert "BB" in answer.context["form"].errors["branches"][0]
    text = answer.content.decode()
    assert "支行BB" in text
    assert all(f'value="{figure}"' in text for figure in figures if figure)
    assert found.content["budget"] == PLAN["budget"]


def test_two_figures_for_one_branch_are_refused_and_lose_nothing(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person, budget={})
    BranchFactory(code="HZ"), BranchFactory(code="NB")
    sent = {
        "revision": found.revision, "branches": ["HZ", "NB", "HZ"],
        "branches_figure": ["50", "60", "70"],
    }  # fmt: skip
    page = client.post(reverse("design_budget", args=[found.pk]), sent)
    assert page.status_code == 422
    (said,) = page.context["form"].errors["branches"]
    assert ("HZ" in said, "NB" in said) == (True, False)
    assert page.context["form"]["branches"].value() == [("HZ", "50"), ("NB", "60"), ("HZ", "70")]
    found.refresh_from_db()
    assert found.content["budget"] == {}


def test_the_bank_and_who_takes_part_may_bear_the_cost(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    row_of("merchants.Merchant", number="M1", name="茶馆")
    found, client = begun(person, merchants=["M1"]), client_of(person)
    address = reverse("design_budget", args=[found.pk])
    assert client.get(address).context["form"]["shares"].value() == {"bank": None, "M1": None}
    empty = {"shares": ["bank", "M1"], "shares_figure": ["", ""], "revision": found.revision}
    assert client.post(address, empty).status_code == 302
    found.refresh_from_db()
    assert found.content["budget"]["shares"] == {}
    both = empty | {"shares_figure": ["60", "40"], "revision": found.revision}
    client.post(address, both)
    found.refresh_from_db()
    assert found.content["budget"]["shares"] == {"bank": "60", "M1": "40"}


# --- without a script -----------------------------------------------------------------------------
def test_branches_are_chosen_as_codes_where_no_script_runs(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person, branches=["AA", "BB"])
    for code in ("AA", "BB", "CC"):
        BranchFactory(code=code, name=f"支行{code}")
    address = reverse("design_basics", args=[found.pk])
    page = client.get(address)
    assert ("支行AA" in page.content.decode(), "支行CC" in page.content.decode()) == (True, False)
    sent = sent_back(page) | {"revision": found.revision, "branches": ["AA", "BB", "CC, AA"]}
    assert client.post(address, sent | {"branches_out": ["BB"]}).status_code == 302
    found.refresh_from_db()
    assert found.content["branches"] == ["AA", "CC"]


def typed(html: str, name: str) -> list[str]:
    """The values of the fields of a name that stand there only where no script runs."""
    parts = re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL)
    inputs = [one for part in parts for one in re.findall("<input[^>]*>", part)]
    named = [one for one in inputs if f'name="{name}"' in one]
    return [found[1] if (found := re.search(r'value="([^"]*)"', one)) else "" for one in named]


def test_a_budget_of_a_branch_is_added_and_taken_out_where_no_script_runs(
    client_of: Clients,
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person, budget={"branches": {"AA": "20"}})
    for code in ("AA", "BB"):
        BranchFactory(code=code)
    address = reverse("design_budget", args=[found.pk])
    page = client.get(address).content.decode()
    assert typed(page, "branches") == typed(page, "branches_figure") == ["", "", ""]
    assert typed(page, "branches_out") == ["AA"]
    assert typed(page, "shares") == []
    sent = {"branches": ["AA", "", " BB ", ""], "branches_figure": ["20", "", "7.5", ""]}
    refused = client.post(
        address,
        sent | {"branches_figure": ["20", "9", "7.5", ""], "revision": found.revision},
    )
    assert refused.status_code == 422
    assert "9" in refused.context["form"].errors["branches"][0]
    page = refused.content.decode()
    assert typed(page, "branches_figure") == ["9", "", "", ""]
    assert 'value="7.5"' in page
    sent["branches_out"] = ["AA"]
    assert client.post(address, sent | {"revision": found.revision}).status_code == 302
    found.refresh_from_db()
    assert found.content["budget"]["branches"] == {"BB": "7.5"}


# --- searching ----------------------------------------------------------------------------------
@pytest.mark.parametrize(("text", "codes"), [
    ("杭州", ["HZ1", "X2"]), ("hangzhou", ["HZ1", "X2"]), ("hang zhou", ["HZ1", "X2"]),
    ("hz", ["HZ1", "X2"]), ("hzxhzh", ["X2"]), ("west", ["X2"]), ("hz1", ["HZ1"]), ("x2", ["X2"]),
    ("zhou", []),    (" ", []), ("没有", []),
])  # fmt: skip
def test_branches_are_found_by_name_pinyin_initials_and_code(text: str, codes: list[str]) -> None:
    scope = scope_of(StaffFactory(role="campaign_manager"))
    BranchFactory(code="X2", name="杭州西湖支行", name_en="West Lake")
    BranchFactory(code="HZ1", name="杭州分行", name_en="Region one")
    found = conditions.search(Source.BRANCHES, text, scope=scope)
    assert [code for code, _name in found] == codes


@pytest.mark.parametrize(("text", "is_found"), [
    ("茶", True), ("cha guan", True), ("TEA", True), ("M77", True), ("m77", True), ("x", False),
])  # fmt: skip
def test_merchants_are_found_and_offered_by_name(
    text: str, is_found: bool, client_of: Clients
) -> None:
    person = StaffFactory(role="campaign_manager")
    row_of(
        "merchants.Merchant", number="M77", name="茶馆", name_en="Tea house",
        name_pinyin="cha guan", branch=person.branch,
    )  # fmt: skip
    address = reverse("design_choices", args=["merchants"])
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "x"}
    with translation.override("zh-hans"):
        answer = client_of(person).get(address, {"q": text}, **asked)
    assert answer.context["found"] == ([("M77", "茶馆")] if is_found else [])
    assert ('data-choose="M77"' in answer.content.decode()) is is_found


def test_places_are_found_by_name_and_code_and_shown_by_name(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    scope = scope_of(person)
    with translation.override("zh-hans"):
        for text in ("杭州", "3301", "330100", "Hangzhou"):
            assert conditions.search(Source.DIVISIONS, text, scope=scope)[0] == (
                "3301", "浙江省杭州市",
            )  # fmt: skip
        assert conditions.search(Source.DIVISIONS, "没有的地方", scope=scope) == []
    leaf = {
        "kind": "spending_in_window", "days": 9, "last_day": "inside", "at_least": "5.00",
        "cities": ["3301"],
    }  # fmt: skip
    found, client = begun(person, rule={"all": [leaf]}), client_of(person)
    page = client.get(
        reverse("design_condition", args=[found.pk]), {"where": "rule", "way": "0", "is_new": "0"},
        HTTP_HX_REQUEST="true",
    )  # fmt: skip
    assert "浙江省杭州市" in page.content.decode()
    assert reverse("design_choices", args=["divisions"]) in page.content.decode()


def test_only_what_is_searched_for_has_an_address(client_of: Clients) -> None:
    client = client_of("campaign_manager")
    for source in ("products", "x"):
        address = reverse("design_choices", args=[source])
        assert client.get(address, HTTP_HX_REQUEST="true").status_code == 404


def test_a_condition_on_merchants_is_chosen_by_name(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    row_of("merchants.Merchant", number="M3", name="书店")
    leaf = {
        "kind": "spending_in_window", "days": 9, "last_day": "inside", "at_least": "5.00",
        "merchants": ["M3"],
    }  # fmt: skip
    found, client = begun(person, rule={"all": [leaf]}), client_of(person)
    asked = {"where": "rule", "way": "0", "is_new": "0"}
    address = reverse("design_condition", args=[found.pk])
    page = client.get(address, asked, HTTP_HX_REQUEST="true")
    assert "书店" in page.content.decode()
    sent = asked | {
        "days": "9", "last_day": "inside", "at_least": "5.00", "counted_from": "issue",
        "refunds": "when_posted", "merchants": ["M3", "M4"], "revision": found.revision,
    }  # fmt: skip
    client.post(address, sent, HTTP_HX_REQUEST="true")
    found.refresh_from_db()
    assert found.content["rule"]["all"][0]["merchants"] == ["M3", "M4"]


# --- evidence -----------------------------------------------------------------------------------
def claim(number: int) -> dict[str, str]:
    return {"claim": f"声明{number}", "source": f"来源{number}", "until": "2027-01-01"}


def test_all_claims_have_their_evidence_edited_and_one_more_can_be_added(
    client_of: Clients,
) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person, evidence=[claim(0), claim(1), claim(2)])
    client, address = client_of(person), reverse("design_texts", args=[found.pk])
    sent = sent_back(client.get(address)) | {"revision": found.revision, "do": "add"}
    changed = sent | {"source_1": "新来源", "claim_2": "", "source_2": "", "until_2": ""}
    answer = client.post(address, changed | {"claim_3": "声明3", "source_3": "", "until_3": ""})
    assert answer.url == address
    found.refresh_from_db()
    assert found.content["evidence"] == [
        claim(0), claim(1) | {"source": "新来源"},
        {"claim": "声明3", "source": "", "until": None},
    ]  # fmt: skip
    assert client.get(address).context["form"].claims == 4
    found.content["evidence"] = [claim(number) for number in range(50)]
    found.save()
    sent = sent_back(client.get(address)) | {"revision": found.revision}
    client.post(address, sent)
    found.refresh_from_db()
    assert found.content["evidence"] == [claim(number) for number in range(50)]


def test_a_fault_of_a_claim_leads_to_its_row() -> None:
    assert places.place_of("evidence[1].until").anchor == "div_id_until_1"
    assert places.place_of("evidence[0]").anchor == "div_id_claim_0"
    form = forms.TextsForm(content={"evidence": [claim(0)]})
    assert {"claim_0", "until_0", "claim_1"} <= set(form.fields)
    assert form.fields["until_0"] is not None
    assert form.initial["until_0"] == dt.date(2027, 1, 1).isoformat()
