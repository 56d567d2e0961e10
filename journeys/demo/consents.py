"""The contact rule in force, consents and refusals.

Nothing is ticked by default: who was not asked, or said no, has no row. Rows are written directly,
as the source system's history; in daily work each statement is an operation of its own.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping

from journeys.contact.enums import Channel, Purpose
from journeys.contact.models import Consent, ContactRule, DoNotContact
from journeys.demo.customers import NONE, DemoCustomer

_GRANTS = {Channel.SMS: 0.58, Channel.EMAIL: 0.34, Channel.PHONE: 0.22}
_WITHDRAWN, _REFUSED = 0.08, 0.012
_TEXTS = ["2024-06", "2025-09"]
_EVIDENCE = ["手机银行勾选记录", "纸质申请表第3页", "网点平板签署", "客服录音"]
_WORDS = [
    "请不要再给我发营销短信。", "不需要，以后别打电话了。", "把我从名单里删掉。",
    "已经说过不办卡，请勿再联系。", "退订，谢谢。",
]  # fmt: skip
RULE_SOURCE = (
    "全国尚无统一的营销联系时段规定；运营商惯例为8:00至21:00，同一被叫24小时内不超过5次、"
    "5分钟内不超过3次。本行取更严的口径：9:00至20:00，24小时内2次，30天内5次，"
    "各渠道、各活动、各坐席合并计算。No binding national clock was found; carriers use 8:00-21:00, "
    "at most 5 per 24 hours and 3 per 5 minutes. The bank is stricter: 9:00-20:00, 2 in 24 hours, "
    "5 in 30 days, over all channels, campaigns and agents."
)


def build_contact_rule(*, on: dt.date) -> None:
    """This will put the contact rule into force, two years before `on`."""
    ContactRule.objects.create(
        effective_date=on - dt.timedelta(days=730),
        opens=dt.time(9),
        closes=dt.time(20),
        day_cap=2,
        month_cap=5,
        source=RULE_SOURCE,
    )


def build_consents(
    *, seed: str, customers: Mapping[str, DemoCustomer], ids: Mapping[str, int], at: dt.datetime
) -> None:
    """This will write statements of consent and refusals; `ids` are by customer number."""
    rng = random.Random(f"{seed}:consents")
    consents = [
        consent
        for number, customer in customers.items()
        for consent in _statements(rng, customer, ids[number], at)
    ]
    Consent.objects.bulk_create(consents, batch_size=4000)
    refused = [number for number in customers if rng.random() < _REFUSED]
    DoNotContact.objects.bulk_create(
        DoNotContact(
            customer_id=ids[number],
            at=at - dt.timedelta(minutes=rng.randint(60, 400_000)),
            words=rng.choice(_WORDS),
            source=rng.choice(["sms", "call", "branch"]),
        )
        for number in refused
    )


def _statements(
    rng: random.Random, customer: DemoCustomer, customer_id: int, at: dt.datetime
) -> Iterator[Consent]:
    span = max(2, (at.date() - customer.registered_date).days)
    for channel, share in _GRANTS.items():
        if rng.random() >= share * (0.6 if customer.segment == NONE else 1):
            continue
        days = rng.randint(1, span)
        yield _statement(rng, customer_id, channel, True, at - dt.timedelta(days=days))
        if rng.random() < _WITHDRAWN:
            later = at - dt.timedelta(days=rng.uniform(0.1, days))
            yield _statement(rng, customer_id, channel, False, later)


def _statement(
    rng: random.Random, customer_id: int, channel: str, granted: bool, at: dt.datetime
) -> Consent:
    return Consent(
        customer_id=customer_id,
        purpose=Purpose.MARKETING,
        channel=channel,
        is_granted=granted,
        text_version=rng.choice(_TEXTS),
        evidence=rng.choice(_EVIDENCE) if granted else "客户要求撤回",
        effective_at=at,
        recorded_at=at,
    )
