"""The pages of the touch plan: how one begins, how its steps are arranged, what two people at once
see, and that whoever only looks and keeps changes nothing."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.demo.touches import EXAMPLE, add_texts
from campaigns.design import operations
from campaigns.design.enums import Step
from campaigns.design.rules import places, touching
from campaigns.models import CampaignVersion, Draft
from journeys.models import MessageTemplate
from tests.campaigns.conditions.test_forms import Browser
from tests.campaigns.design.building import post
from tests.campaigns.design.touching import begun, condition, typed, typed_step
from tests.factories.campaigns import AT, PLAN, card_in_use, draft, message_texts
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory
from tests.factories.touches import SPENT, plan_of, step, touched
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def plain(person: Any, **changes: Any) -> Draft:
    """A draft of the known case without a touch plan."""
    ProductFactory()
    message_texts()
    content = {name: value for name, value in PLAN.items() if name != "code"}
    return operations.start_draft(content=content | changes, code="built", owner=person, at=AT)


def codes(found: Draft) -> list[str]:
    found.refresh_from_db()
    return [one["code"] for one in found.content["touches"]["steps"]]


# --- beginning ----------------------------------------------------------------------------------
def test_a_draft_without_a_touch_plan_says_what_lacks_for_the_known_case(
    client_of: Clients,
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = plain(person)
    page = client.get(reverse("design_touches", args=[found.pk]))
    known = page.context["known"]
    assert not known.is_ready
    assert [one.key for one in known.missing] == [
        "touch_welcome:sms:zh-hans", "touch_welcome:email:zh-hans", "touch_activate:sms:zh-hans",
        "touch_activate:email:zh-hans", "touch_to_go:sms:zh-hans", "touch_to_go:email:zh-hans",
        "touch_qualified:sms:zh-hans", "touch_points:sms:zh-hans", "touch_points:email:zh-hans",
    ]  # fmt: skip
    assert 'value="known"' not in page.content.decode()
    refused = post(client, "design_touches", found, do="known")
    found.refresh_from_db()
    assert (refused.status_code, "touches" in found.content) == (422, False)


def test_the_link_of_a_missing_text_begins_it(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    page = client.get(reverse("design_touches", args=[plain(person).pk]))
    address = f"{reverse('text_start')}?key=touch_welcome%3Aemail%3Azh-hans"
    assert address in page.content.decode()
    form = client.get(address).context["form"]
    assert [form[name].value() for name in ("code", "channel", "language")] == [
        "touch_welcome", "email", "zh-hans",
    ]  # fmt: skip


def test_a_withdrawn_text_lacks_as_well(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    add_texts(at=AT)
    found = plain(person)
    row_of(
        "journeys.TextWithdrawal",
        template=MessageTemplate.objects.get(
            code="touch_points", channel="email", language="zh-hans"
        ),
    )
    page = client.get(reverse("design_touches", args=[found.pk]))
    (lacking,) = page.context["known"].missing
    assert lacking.key == "touch_points:email:zh-hans"
    assert reverse("text_new", args=[lacking.text.pk]) in page.content.decode()


def test_a_rule_that_adds_nothing_up_has_no_known_case(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    add_texts(at=AT)
    found = plain(person, rule={"all": [{"kind": "activated"}]})
    known = client.get(reverse("design_touches", args=[found.pk])).context["known"]
    assert (known.plan, known.is_ready) == (None, False)


def test_the_known_case_begins_with_one_click_and_nothing_blocks_it(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    add_texts(at=AT)
    found = plain(person)
    assert post(client, "design_touches", found, do="known").status_code == 302
    assert codes(found) == [
        "welcome", "activate-3", "activate-10", "to-go-30", "to-go-45", "to-go-60", "qualified",
        "granted", "points",
    ]  # fmt: skip
    page = client.get(reverse("design_touches", args=[found.pk]))
    assert [f for f in page.context["faults"] if f.place.step == Step.TOUCHES and f.is_block] == []
    assert page.context["rail"][4]["is_done"]
    post(client, "design_save", found)
    version = CampaignVersion.objects.get(campaign__code="built")
    assert version.content["touches"] == found.content["touches"]


def test_an_empty_one_begins_is_kept_incomplete_and_is_taken_out(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = plain(person)
    post(client, "design_touches", found, do="begin")
    found.refresh_from_db()
    assert found.content["touches"] == touching.begun()
    page = client.get(reverse("design_touches", args=[found.pk]))
    assert page.status_code == 200
    assert [(f.place.anchor, f.place.number) for f in page.context["here"]] == [("steps", None)]
    assert typed(client, found, do="add").url == reverse("design_touch", args=[found.pk, 0])
    page = client.get(reverse("design_touch", args=[found.pk, 0]))
    assert {(f.place.anchor, f.place.number) for f in page.context["here"]} == {
        ("div_id_name", 0), ("div_id_name_en", 0), ("div_id_template", 0),
    }  # fmt: skip
    assert reverse("design_touch", args=[found.pk, 0]) + "#div_id_name" in page.content.decode()
    assert typed(client, found, do="drop").url == reverse("design_touches", args=[found.pk])
    assert "touches" not in found.content


# --- steps --------------------------------------------------------------------------------------
def test_steps_are_moved_copied_taken_out_and_opened_and_what_was_typed_is_kept(
    client_of: Clients,
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person, step("a"), step("b"), step("c"))
    own = reverse("design_touches", args=[found.pk])
    assert typed(client, found, do="up:2", longest_days="77").url == f"{own}?at=1"
    assert (codes(found), found.content["touches"]["longest_days"]) == (["a", "c", "b"], 77)
    typed(client, found, do="copy:0")
    typed(client, found, do="down:0")
    assert codes(found) == ["a-1", "a", "c", "b"]
    typed(client, found, do="remove:1")
    assert codes(found) == ["a-1", "c", "b"]
    assert typed(client, found, do="open:2").url == reverse("design_touch", args=[found.pk, 2])
    assert typed(client, found).url == reverse("design_texts", args=[found.pk])
    page = client.get(own, {"at": "1"})
    assert page.content.decode().count("data-focus") == 1


def test_the_button_to_conditions_keeps_what_was_typed(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person)
    tree = reverse("design_audience", args=[found.pk])
    for where in ("touches.goal", "touches.entry.needs"):
        response = typed(client, found, do=f"tree:{where}", longest_days="55")
        assert response.url == f"{tree}?where={where}"
        assert found.content["touches"]["longest_days"] == 55
        assert client.get(response.url).status_code == 200
    for inner in ("needs", "wait.until"):
        response = typed_step(client, found, name="另一步", do=f"tree:{inner}", waits="yes")
        assert response.url == f"{tree}?where=touches.steps.0~one.{inner}"
        assert "另一步" in client.get(response.url).context["about"]
    assert typed(client, found, do="tree:nowhere").status_code == 404
    assert client.get(tree, {"where": "touches.steps.7.needs"}).status_code == 404
    assert client.get(reverse("design_touch", args=[found.pk, 7])).status_code == 404


def test_conditions_of_a_touch_plan_are_counted_by_themselves(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person)
    card_in_use("1.00")
    condition(client, found, "touches.goal", "activated")
    page = client.get(reverse("design_count", args=[found.pk]), {"where": "touches.goal"})
    assert page.context["counted"].qualified.number == 1
    page = client.get(reverse("design_count", args=[found.pk]), {"where": "touches.entry.needs"})
    assert (page.context["counted"], page.context["clause"]) == (None, None)


def test_a_step_shows_its_texts_and_offers_those_that_its_channels_have_first(
    client_of: Clients,
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person, step("a", channels=["sms", "push"]))
    page = client.get(reverse("design_touch", args=[found.pk, 0]))
    ((code, shown),) = page.context["wordings"]
    assert (code, len(shown)) == ("nudge", 2)
    assert offered(page) == [["nudge"], ["first_gift", "other"]]
    typed_step(client, found, channel_1="email")
    page = client.get(reverse("design_touch", args=[found.pk, 0]))
    assert offered(page) == [["first_gift", "nudge", "other"]]


def offered(page: Any) -> list[list[str]]:
    """The texts that the form of a step offers, group by group."""
    choices = page.context["form"].fields["template"].choices
    return [[code for code, _label in inner] for _name, inner in choices if isinstance(inner, list)]


# --- refusals -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("typed_in", "field"), [
    ({"offset_days": "1101"}, "offset_days"), ({"valid_days": "61"}, "valid_days"),
    ({"at": "25:00"}, "at"), ({"priority": "100"}, "priority"), ({"on_date": "x"}, "on_date"),
    ({"channel_2": "sms"}, "channel_2"), ({"template": "unknown"}, "template"),
    ({"waits": "yes", "wait_days": "0"}, "wait_days"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field_and_nothing_changes(
    typed_in: dict[str, str], field: str, client_of: Clients
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person)
    before = found.content
    page = typed_step(client, found, **typed_in)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert found.content == before


def test_shares_that_are_not_a_hundred_are_kept_and_say_where_to_mend(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    found = begun(person)
    typed_step(client, found, do="vary")
    ways = {
        f"variant{number}-{name}": value
        for number, code in enumerate("ab")
        for name, value in {"code": code, "name": code, "name_en": code, "share": "40",
                            "template": "nudge"}.items()
    }  # fmt: skip
    assert typed_step(client, found, **ways, do="stay").status_code == 302
    assert [one["share"] for one in found.content["touches"]["steps"][0]["variants"]] == [40, 40]
    page = client.get(reverse("design_review", args=[found.pk]))
    (fault,) = [one for one in page.context["faults"] if one.place.step == Step.TOUCHES]
    assert fault.place == places.Place(Step.TOUCHES, "variants", 0)
    address = f"{reverse('design_touch', args=[found.pk, 0])}#variants"
    assert f'href="{address}"' in page.content.decode()


def test_the_second_of_two_overwrites_nothing_unseen(client_of: Clients) -> None:
    one, other = StaffFactory(role="campaign_manager"), StaffFactory(role="campaign_manager")
    found = begun(one)
    client, late = client_of(one), client_of(other)
    revision = found.revision
    typed_step(client, found, name="先")
    page = typed_step(late, found, name="后", revision=revision)
    assert (page.status_code, page.context["form"]["name"].value()) == (409, "后")
    assert found.content["touches"]["steps"][0]["name"] == "先"
    page = typed(late, found, longest_days="5", revision=revision)
    assert page.status_code == 409
    assert "longest_days" not in found.content["touches"]


# --- nothing is lost ----------------------------------------------------------------------------
def kept_as_shown(client: Client, address: str) -> None:
    """Open a page and keep it as a browser does where nobody changes anything."""
    browser = Browser()
    browser.feed(client.get(address).content.decode())
    data = QueryDict(mutable=True)
    for name, values in browser.sent.items():
        if name not in ("do", "language"):
            data.setlist(name, values)
    response = client.post(
        address, data.urlencode(), content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 302, response.context["form"].errors


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_keeps_each_page_of_the_example_as_it_is_changes_nothing(
    language: str, client_of: Clients
) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager", language=language))
    raw = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    for code in raw["products"]:
        ProductFactory(code=code)
    message_texts()
    add_texts(at=AT)
    variants = [
        {"code": "a", "name": "一", "name_en": "One", "template": "touch_activate", "share": 33},
        {"code": "b", "name": "二", "name_en": "Two", "template": "touch_qualified", "share": 67},
    ]  # fmt: skip
    varied = {name: one for name, one in raw["touches"]["steps"][1].items() if name != "template"}
    raw["touches"]["steps"][1] = varied | {"variants": variants}
    version = draft(**raw)
    row = operations.edit_version(version=version, owner=person, at=AT)
    with translation.override(language):
        kept_as_shown(client, reverse("design_touches", args=[row.pk]))
        for number in range(len(version.content["touches"]["steps"])):
            kept_as_shown(client, reverse("design_touch", args=[row.pk, number]))
    row.refresh_from_db()
    assert row.revision == 1 + 1 + len(version.content["touches"]["steps"])
    assert row.content["touches"] == version.content["touches"]
    # What says the same is the same version.
    assert post(client, "design_save", row).url == reverse("campaign_version", args=[version.pk])
    assert CampaignVersion.objects.get().content == version.content


def test_an_edit_of_what_runs_makes_a_new_version_and_leaves_the_old(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    version = touched(plan=plan_of(step("one"), goal=SPENT), owner=person)
    client.post(reverse("design_edit", args=["first-gift"]))
    found = Draft.objects.get()
    typed_step(client, found, anchor="issue", offset_days="4")
    effect = client.get(reverse("design_effect", args=[found.pk]))
    assert {sign for sign, _line in effect.context["changes"]} == {"+", "-"}
    post(client, "design_save", found)
    version.refresh_from_db()
    latest = CampaignVersion.objects.get(number=2)
    assert (version.state, latest.state) == ("approved", "draft")
    assert version.content["touches"]["steps"][0]["offset_days"] == 0
    assert latest.content["touches"]["steps"][0]["offset_days"] == 4
    assert latest.content["touches"]["goal"] == version.content["touches"]["goal"]
