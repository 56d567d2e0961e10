"""Two who edit a touch plan at once: what one did stays, and what the other sends again goes where
it belongs."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.design import operations
from campaigns.models import Draft
from portal.models import Staff
from tests.campaigns.conditions.test_forms import Browser
from tests.campaigns.design.building import post
from tests.campaigns.design.touching import ENTRY, begun, typed, typed_step
from tests.factories.campaigns import AT, TIER
from tests.factories.portal import StaffFactory
from tests.factories.touches import plan_of, step

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def two() -> tuple[Staff, Staff]:
    """Two campaign managers; the second reads English."""
    return (
        StaffFactory(role="campaign_manager"),
        StaffFactory(role="campaign_manager", language="en"),
    )


def sent_by(html: str) -> dict[str, str]:
    """What a browser sends for a page that nobody changes."""
    browser = Browser()
    browser.feed(html)
    return {name: values[-1] for name, values in browser.sent.items() if name != "do"}


def test_what_is_sent_again_goes_to_the_step_that_was_open_and_not_to_the_one_in_its_place(
    client_of: Clients,
) -> None:
    one, other = two()
    found = begun(one, step("a"), step("b"), step("c"))
    client, late = client_of(one), client_of(other)
    address = reverse("design_touch", args=[found.pk, 1])
    shown = sent_by(late.get(address).content.decode())
    typed(client, found, do="remove:0")
    stands = found.content["touches"]["steps"]
    page = late.post(address, shown | {"name": "后"})
    assert (page.status_code, page.context["number"]) == (409, 0)
    own = reverse("design_touch", args=[found.pk, 0])
    assert page.content.decode().count(f'"{own}"') == 2, "the form, and the other's in a new tab"
    again = sent_by(page.content.decode())
    assert again["name"] == "后"
    assert late.post(own, again).status_code == 302
    found.refresh_from_db()
    made = found.content["touches"]["steps"]
    assert [(one["code"], one["name"]) for one in made] == [("b", "后"), ("c", "步骤c")]
    assert made[1] == stands[1]


@pytest.mark.parametrize("do", ["remove:0", "drop"])
def test_who_keeps_a_step_that_was_taken_out_is_told_so(do: str, client_of: Clients) -> None:
    one, other = two()
    found = begun(one, step("a"), step("b"))
    client, late = client_of(one), client_of(other)
    revision = found.revision
    typed(client, found, do=do)
    kept = found.content
    answer = typed_step(late, found, code="a", of="a", revision=revision)
    assert answer.url == reverse("design_touches", args=[found.pk])
    page = late.get(answer.url).content.decode()
    assert "Somebody took this step out of the touch plan" in page
    assert found.content == kept


def test_a_variant_that_was_added_or_taken_out_meanwhile_stays_so(client_of: Clients) -> None:
    one, other = two()
    ways = [
        {"code": code, "name": code, "name_en": code, "share": share, "template": "nudge"}
        for code, share in (("a", 20), ("b", 30), ("c", 50))
    ]
    varied = {name: value for name, value in step("one").items() if name != "template"}
    found = begun(one, varied | {"variants": ways})
    client, late = client_of(one), client_of(other)
    address = reverse("design_touch", args=[found.pk, 0])

    first = sent_by(late.get(address).content.decode())
    assert client.post(address, first | {"do": "drop_variant:0"}).status_code == 302
    page = late.post(address, first | {"name": "后"})
    assert page.status_code == 409
    assert late.post(address, sent_by(page.content.decode())).status_code == 302
    found.refresh_from_db()
    assert found.content["touches"]["steps"][0]["variants"] == ways[1:]
    assert found.content["touches"]["steps"][0]["name"] == "后"
    second = sent_by(late.get(address).content.decode())
    assert client.post(address, second | {"do": "add_variant"}).status_code == 302
    page = late.post(address, second)
    assert page.status_code == 409
    assert late.post(address, sent_by(page.content.decode())).status_code == 302
    found.refresh_from_db()
    assert found.content["touches"]["steps"][0]["variants"] == [*ways[1:], {"code": "a"}]


def test_a_step_that_says_one_thing_again_keeps_its_text(client_of: Clients) -> None:
    one, other = two()
    found = begun(one, step("one"))
    client, late = client_of(one), client_of(other)
    typed_step(client, found, do="vary")
    address = reverse("design_touch", args=[found.pk, 0])
    opened = sent_by(late.get(address).content.decode())
    client.post(address, opened | {"do": "one_text"})
    page = late.post(address, opened)
    assert page.status_code == 409
    assert late.post(address, sent_by(page.content.decode())).status_code == 302
    found.refresh_from_db()
    assert found.content["touches"]["steps"][0]["template"] == "nudge"


@pytest.mark.parametrize("do", ["begin", "known"])
def test_who_begins_what_has_begun_meanwhile_is_shown_it_and_empties_nothing(
    do: str, client_of: Clients
) -> None:
    """So it is for a second click on the same button."""
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person)
    before = found.content
    answer = post(client, "design_touches", found, do=do)
    assert (answer.status_code, answer.url) == (
        302, reverse("design_touches", args=[found.pk]),
    )  # fmt: skip
    found.refresh_from_db()
    assert found.content == before


def test_who_keeps_a_touch_plan_that_was_taken_out_is_told_so(client_of: Clients) -> None:
    one, other = two()
    found = begun(one)
    client, late = client_of(one), client_of(other)
    revision = found.revision
    typed(client, found, do="drop")
    page = typed(late, found, revision=revision)
    assert page.status_code == 409
    assert "Somebody took the touch plan out" in page.content.decode()
    assert "touches" not in found.content


def test_conditions_of_a_step_that_was_moved_meanwhile_are_still_its_own(
    client_of: Clients,
) -> None:
    one, other = two()
    found = begun(one, step("a"), step("b"), step("c"))
    client, late = client_of(one), client_of(other)
    opened = typed_step(late, found, 1, code="b", do="tree:needs").url
    where = opened.partition("?where=")[2]
    assert "“Step one” goes only to those" in late.get(opened).content.decode()
    typed(client, found, do="up:1")
    assert [row["code"] for row in found.content["touches"]["steps"]] == ["b", "a", "c"]
    page = late.get(opened)
    assert (page.context["spot"].number, page.status_code) == (0, 200)
    asked = {"where": where, "way": "", "kind": "activated"}
    assert post(late, "design_condition", found, **asked).status_code == 302
    found.refresh_from_db()
    needs = [row.get("needs") for row in found.content["touches"]["steps"]]
    assert needs == [{"all": [{"kind": "activated"}]}, None, None]
    typed(client, found, do="remove:0")
    assert late.get(opened).status_code == 404
    assert post(late, "design_condition", found, **asked).status_code == 404


# --- conditions that are named by number ------------------------------------------------------
AGE, USED, ON = ({"kind": kind} for kind in ("age", "first_used", "activated"))


def ways_out(person: Staff) -> Draft:
    """A touch plan that people leave in two ways."""
    exits = [{"all": [AGE | {"at_least": 18}]}, {"all": [ON]}]
    return begun(person, touches=plan_of(step(anchor="entry"), entry=ENTRY, exits=exits))


def rewarding(person: Staff) -> Draft:
    """Two tiers that ask nothing besides."""
    tiers = [TIER, TIER | {"name": "二等礼", "value": "20.00"}]
    return begun(person, rewards={"mode": "highest", "tiers": tiers})


def without(client: Client, found: Draft, *way: str) -> None:
    """The first of a list is taken out of the draft."""
    found.refresh_from_db()
    content = copy.deepcopy(found.content)
    content[way[0]][way[1]].pop(0)
    operations.keep(
        draft_id=found.pk, revision=found.revision, content=content, code=None,
        actor=StaffFactory(role="campaign_manager"), at=AT,
    )  # fmt: skip


def seen_at(client: Client, found: Draft, where: str) -> dict[str, str]:
    """What the forms of the conditions at a place send, as somebody sees them."""
    page = client.get(reverse("design_audience", args=[found.pk]), {"where": where})
    sent = sent_by(page.content.decode())
    return {name: sent[name] for name in ("where", "seen")}


def exits_of(found: Draft) -> list[Any]:
    found.refresh_from_db()
    return [one["all"] for one in found.content["touches"]["exits"]]


def changed_since_seen(client_of: Clients) -> tuple[Draft, Client, Client, dict[str, str]]:
    """A draft, who added to the conditions of its first way out, and who saw them before, with what
    that one's forms send."""
    one, other = two()
    found = ways_out(one)
    client, late = client_of(one), client_of(other)
    asked = seen_at(late, found, "touches.exits.0")
    mine = seen_at(client, found, "touches.exits.0")
    post(client, "design_condition", found, **mine, way="", kind="activated")
    return found, client, late, asked


@pytest.mark.parametrize("is_gone", [False, True])
def test_a_condition_goes_to_the_way_out_that_was_seen(is_gone: bool, client_of: Clients) -> None:
    """Also where another one has its number by now."""
    one, other = two()
    found = ways_out(one)
    late = client_of(other)
    asked = seen_at(late, found, "touches.exits.1")
    if is_gone:
        without(client_of(one), found, "touches", "exits")
    before = exits_of(found)
    sent = asked | {"way": "", "kind": "first_used"}
    assert post(late, "design_condition", found, **sent).status_code == 302
    assert exits_of(found) == [*before[:-1], [ON, USED]]


def test_nothing_is_taken_out_of_conditions_that_somebody_changed_unseen(
    client_of: Clients,
) -> None:
    found, client, late, asked = changed_since_seen(client_of)
    mine = seen_at(client, found, "touches.exits.0")
    post(client, "design_change", found, **mine, way="0", change="remove")
    before = exits_of(found)
    assert before == [[ON], [ON]]
    found.refresh_from_db()
    sent = {"revision": found.revision, **asked, "way": "0", "change": "remove"}
    answer = late.post(
        reverse("design_change", args=[found.pk]), sent, headers={"HX-Request": "true"}
    )
    assert "Somebody changed these conditions meanwhile." in answer.content.decode()
    assert exits_of(found) == before


def test_what_was_typed_for_conditions_that_somebody_changed_is_offered_once_more(
    client_of: Clients,
) -> None:
    found, _client, late, asked = changed_since_seen(client_of)
    before = exits_of(found)
    sent = asked | {"way": "0", "is_new": "0", "kind": "age", "at_least": "21"}
    address, part = reverse("design_condition", args=[found.pk]), {"HX-Request": "true"}
    answer = late.post(address, sent | {"revision": found.revision}, headers=part)
    assert (answer.headers["HX-Retarget"], exits_of(found)) == ("#tree", before)
    assert "Somebody changed these conditions meanwhile." in answer.content.decode()
    browser = Browser()
    browser.feed(answer.content.decode().partition("design-condition")[2].partition("</form>")[0])
    again = {name: values[-1] for name, values in browser.sent.items()}
    assert (again["at_least"], again["way"], again["is_new"]) == ("21", "", "1")
    assert late.post(address, again).status_code == 302
    assert exits_of(found) == [[*before[0], AGE | {"at_least": 21}], before[1]]


def test_conditions_of_a_tier_are_its_own_also_where_two_ask_the_same(client_of: Clients) -> None:
    one, other = two()
    found = rewarding(one)
    late = client_of(other)
    asked = seen_at(late, found, "1")
    without(client_of(one), found, "rewards", "tiers")
    assert post(late, "design_condition", found, **asked, way="", kind="activated").status_code == (
        302
    )
    found.refresh_from_db()
    (tier,) = found.content["rewards"]["tiers"]
    assert (tier["name"], tier["needs"]) == ("二等礼", {"all": [ON]})
    asked = seen_at(late, found, "0")
    without(client_of(one), found, "rewards", "tiers")
    assert post(late, "design_condition", found, **asked, way="", kind="activated").status_code == (
        404
    )
