"""Messages in the app, calls that were asked for, and what people wrote back.

The messages go through the gate and the outbox as all do: they are sent once the portal runs.
"""

import datetime as dt
from collections.abc import Mapping, Sequence

from journeys.contact import operations as contact
from journeys.contact.enums import Channel, Purpose
from journeys.contact.models import Consent
from journeys.customers.models import Customer
from journeys.demo.customers import phone_of
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import AnswerRead
from journeys.outreach.enums import CallCause, HouseOrigin

_CODE = "points_hint"
_TEXTS = [
    (Channel.PUSH, "zh-hans", "积分兑换提醒",
     "您的信用卡积分可兑换礼品，打开手机银行“积分商城”查看。"),
    (Channel.PUSH, "en", "Points to redeem",
     "Your card points can be redeemed: see the points shop in mobile bank."),
    (Channel.ON_SITE, "zh-hans", "积分兑换提醒",
     "您的信用卡积分可在“积分商城”兑换礼品，数量有限，兑完为止。\n"
     "可在“我的 › 消息设置”关闭此类消息。"),
    (Channel.ON_SITE, "en", "Points to redeem",
     "Your card points can be redeemed in the points shop while stocks last.\n"
     "You can switch such messages off under Me › Message settings."),
    (Channel.PHONE, "zh-hans", "积分兑换回访", "客户积分较多，提醒可在积分商城兑换，并解答疑问。"),
    (Channel.PHONE, "en", "About points to redeem",
     "The customer has many points: tell of the points shop, and answer questions."),
]  # fmt: skip
_EACH = {Channel.ON_SITE: 40, Channel.PUSH: 25, Channel.PHONE: 6}
# Minutes ago, place among the customers (None: a phone that nobody has), words.
_ANSWERS = [
    (1500, 29, "电话换了，请更新"), (400, None, "TD"), (260, 17, "退订"),
    (190, 11, "请问礼品在哪里领取？"), (55, 3, "R"),
]  # fmt: skip
_NOBODY = "19900000000"
_REFUSED_CALLS = [
    (12, CallCause.BAD_SECRET, "10.20.30.41"), (12, CallCause.BAD_SECRET, "10.20.30.41"),
    (95, CallCause.UNKNOWN_KEY, "10.20.30.40"),
]  # fmt: skip


def build_answers(*, ids: Mapping[str, int], at: dt.datetime) -> None:
    """This will queue messages for the app and calls, and let answers come in."""
    for channel, language, subject, body in _TEXTS:
        outreach.add_template(
            code=_CODE, channel=channel, language=language, subject=subject, body=body,
            actor=None, at=at,
        )  # fmt: skip
    for channel, count in _EACH.items():
        _queue(channel, count, at)
    numbers = sorted(ids)
    _hear(numbers, at)
    for minutes, cause, address in _REFUSED_CALLS:
        outreach.note_bad_call(
            channel=Channel.SMS, door="receipts", cause=cause, address=address,
            at=at - dt.timedelta(minutes=minutes),
        )  # fmt: skip
    for place in (place for place in (5, 23) if place < len(numbers)):
        contact.note_bad_address(
            customer_id=ids[numbers[place]], address="", cause="5.1.1",
            at=at - dt.timedelta(hours=place),
        )  # fmt: skip


def _queue(channel: Channel, count: int, at: dt.datetime) -> None:
    """For the first who agreed; the gate leaves out whom it must."""
    agreed = Consent.objects.filter(channel=channel, is_granted=True).order_by("customer_id")
    people = list(agreed.values_list("customer_id", flat=True).distinct()[:count])
    outreach.queue_messages(
        customer_ids=people,
        contexts={customer_id: {} for customer_id in people},
        purpose=Purpose.MARKETING,
        channels=[channel],
        template_code=_CODE,
        origin=HouseOrigin.POINTS_HINT.value,
        dedup_key=f"{HouseOrigin.POINTS_HINT.value}:{channel}",
        at=at,
    )


def _hear(numbers: Sequence[str], at: dt.datetime) -> None:
    tails = dict(Customer.objects.values_list("number", "phone_masked"))
    for minutes, place, words in _ANSWERS:
        said = at - dt.timedelta(minutes=minutes)
        phone = _NOBODY if place is None else _phone(numbers, place, tails)
        answer = AnswerRead(phone, words, f"demo-{minutes}", said)
        outreach.take_answer(channel=Channel.SMS, answer=answer, at=said)


def _phone(numbers: Sequence[str], place: int, masked: Mapping[str, str]) -> str:
    """The first phone of the demo's block, from a place on, that some customer has."""
    known = {mask for mask in masked.values() if mask}
    for sequence in range(place, place + len(numbers)):
        phone = phone_of(sequence)
        if f"{phone[:3]}****{phone[-4:]}" in known:
            return phone
    return _NOBODY
