"""The auditor finds each breach of what campaigns promise, and nothing else."""

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import pytest

from campaigns.models import Campaign, CampaignVersion, Enrolment
from journeys.models import Customer, Message, MessageTemplate
from journeys.outreach import queries
from portal.kit.personal import ERASED
from tests.campaigns.touches.test_variants import varied
from tests.factories.control import id_numbers, is_left_out, place_of, who_is
from tests.factories.journeys import ConsentFactory, CustomerFactory
from tests.factories.outreach import MessageFactory, TemplateFactory
from tests.factories.touches import drafted, plan_of, step, touched

pytestmark = pytest.mark.django_db
# Noon in the bank's time, the day after the version was approved.
AT = dt.datetime(2026, 7, 1, 4, 0, tzinfo=dt.UTC)
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
ORIGIN = "campaign:first-gift:v1"
SHARE = 30


@pytest.fixture(name="version")
def _version() -> CampaignVersion:
    """One step with a text, one in two variants."""
    plan = plan_of(step("one"), varied(70, 30, code="two", b="other"))
    return touched(
        plan=plan, control_percent=SHARE, bodies={"other": "【信用卡中心】{name}。拒收请回复R"}
    )


def people(is_out: bool = False) -> list[Customer]:
    """Some whom the campaign leaves out for comparison, or others; drawn by their ID numbers."""
    made = [CustomerFactory(id_number=number) for number in id_numbers(12)]
    return [one for one in made if is_left_out("first-gift", one, SHARE) is is_out]


def told(code: str = "one", **fields: Any) -> Message:
    """A message of a step that left the house, to somebody who agreed, whatever forbade it."""
    at = fields.pop("at", AT)
    campaign = Campaign.objects.get()
    usual = {
        "customer": None, "origin": ORIGIN, "state": "sent", "sent_at": at + SECOND,
        "not_before": at, "dedup_key": f"touch:{campaign.pk}:{code}:1",
        "template": MessageTemplate.objects.get(code="nudge", channel="sms"),
    }  # fmt: skip
    values = usual | fields
    values["customer"] = values["customer"] or people()[0]
    message = MessageFactory(**values)
    ConsentFactory(customer=message.customer, effective_at=AT - 40 * DAY, recorded_at=AT - 40 * DAY)
    return message


def broken(grace: int = 5) -> list[tuple[str, int | None]]:
    found = queries.find_breaches(since=AT - 9 * DAY, at=AT + 90 * DAY, grace=grace)
    return [(one.rule, one.message_id) for one in found]


def stay(**fields: Any) -> Callable[[Message], None]:
    """The stay that the message is of was over by then."""

    def spoil(message: Message) -> None:
        version = CampaignVersion.objects.get()
        usual = {
            "campaign": version.campaign, "version": version, "customer": message.customer,
            "rotation": 1, "occasion": "issue", "entered_at": AT - DAY, "ends_at": AT + DAY,
            "state": "left", "left_at": AT - HOUR - 5 * SECOND, "left_because": "goal",
        }  # fmt: skip
        Enrolment.objects.create(**usual | fields)

    return spoil


def stopped(before: dt.timedelta) -> Callable[[Message], None]:
    def spoil(_message: Message) -> None:
        Campaign.objects.update(stopped_at=AT - before)

    return spoil


def nothing(_message: Message) -> None:
    pass


@pytest.mark.parametrize(
    ("fields", "spoil", "rule"),
    [
        ({}, nothing, None),
        ({"purpose": "service"}, nothing, "purpose"),
        ({"origin": "campaign:first-gift:v2"}, nothing, "version"),
        ({"origin": "campaign:other:v1"}, nothing, "version"),
        ({"at": AT - 3 * DAY}, nothing, "version"),
        ({"origin": "other"}, nothing, None),
        ({}, stopped(HOUR), "stopped"),
        ({}, stopped(5 * SECOND), "stopped"),
        ({}, stopped(4 * SECOND), None),
        ({}, stopped(-SECOND), None),
        ({}, stay(), "left"),
        ({}, stay(left_because="exit", left_detail=0), "left"),
        ({}, stay(left_because="uncovered"), "left"),
        ({}, stay(left_because="finished"), None),
        ({}, stay(left_at=AT - HOUR), None),
        ({}, stay(rotation=2), None),
        ({"dedup_key": "touch:0:one:1"}, stay(), None),
        ({"code": "gone"}, nothing, "plan_text"),
    ],
)
def test_each_promise_is_looked_after(
    version: CampaignVersion, fields: dict[str, Any], spoil: Callable[[Message], None],
    rule: str | None,
) -> None:  # fmt: skip
    message = told(**fields)
    spoil(message)
    assert broken() == ([] if rule is None else [(rule, message.pk)])


def test_a_version_that_waits_for_approval_causes_nothing(version: CampaignVersion) -> None:
    drafted(plan_of(step("one")))
    assert CampaignVersion.objects.count() == 2
    message = told(origin="campaign:first-gift:v2")
    assert broken() == [("version", message.pk)]


def test_whom_a_campaign_leaves_out_is_not_told(version: CampaignVersion) -> None:
    message = told(customer=people(is_out=True)[0])
    assert broken() == [("held_out", message.pk)]
    # Without an ID number it is not known any more where the person stood.
    Customer.objects.filter(pk=message.customer_id).update(name=ERASED)
    assert broken() == []


def test_a_text_that_the_plan_does_not_name(version: CampaignVersion) -> None:
    message = told(template=TemplateFactory(code="stranger"))
    assert broken() == [("plan_text", message.pk)]


def way_of(customer: Customer) -> str:
    """The variant that is drawn for somebody, in plain Python."""

    def draw(code: str, share: int) -> float:
        place = place_of(f"variant:first-gift:two:{code}:".encode(), who_is(customer))
        return math.log((place + 0.5) / 1_000_000) / share

    return max(("a", 70), ("b", 30), key=lambda one: draw(*one))[0]


@pytest.mark.parametrize("drawn", ["a", "b"])
def test_everybody_is_told_in_the_variant_that_was_drawn(
    version: CampaignVersion, drawn: str
) -> None:
    customer = next(one for one in people() if way_of(one) == drawn)
    texts = {
        way: MessageTemplate.objects.get(code=code, channel="sms")
        for way, code in {"a": "nudge", "b": "other"}.items()
    }
    other = "b" if drawn == "a" else "a"
    right = told("two", customer=customer, variant=drawn, template=texts[drawn])
    assert broken() == []
    text = told("two", customer=customer, variant=drawn, template=texts[other],
                dedup_key=f"{right.dedup_key}:2")  # fmt: skip
    assert broken() == [("plan_text", text.pk)]
    Message.objects.filter(pk=text.pk).update(variant=other)
    assert broken() == [("variant", text.pk)]
    Message.objects.filter(pk=text.pk).update(variant="", template=texts[drawn])
    assert broken() == [("plan_text", text.pk), ("variant", text.pk)]
