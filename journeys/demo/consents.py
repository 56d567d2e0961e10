"""The contact rules in force, texts of consent, statements and refusals.

Nothing is ticked by default: who was not asked, or said no, has no row. Rows are written directly,
as the source system's history; in daily work each statement is an operation of its own.
"""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Count, Min

from journeys.contact import operations as contact
from journeys.contact.enums import Channel, ConsentPurpose, DayKind
from journeys.contact.models import (
    CalendarYear,
    Consent,
    ConsentText,
    ContactHours,
    ContactRule,
    DoNotContact,
)
from journeys.contact.rules import OtherDay
from journeys.customers.enums import CustomerKind
from journeys.customers.models import Customer
from journeys.demo.customers import NONE, DemoCustomer
from portal.kit import clock

_GRANTS = {Channel.SMS: 0.58, Channel.EMAIL: 0.34, Channel.PHONE: 0.22}
_GRANTS_IN_APP = {Channel.PUSH: 0.41, Channel.ON_SITE: 0.63}
_WITHDRAWN, _REFUSED = 0.08, 0.012
_OTHER_GRANTS = {ConsentPurpose.SHARING: 0.12, ConsentPurpose.DECISIONS: 0.3}
# Code, days before the demo's day from which it is in force, purpose, words.
_TEXTS = [
    (
        "marketing", 7300, ConsentPurpose.MARKETING,
        "本人同意贵行通过所选渠道向本人发送信用卡营销信息，可随时撤回。",
        "I agree that the bank sends me card marketing on the channel chosen. I may withdraw at any"
        " time.",
    ),
    (
        "marketing", 420, ConsentPurpose.MARKETING,
        "本人同意贵行通过所选渠道向本人发送信用卡产品与活动信息。不同意不影响用卡；"
        "可随时在任一渠道撤回，撤回即时生效。",
        "I agree that the bank tells me about card products and campaigns on the channel chosen. My"
        " card works without this consent; I may withdraw on any channel, with effect at once.",
    ),
    (
        "sharing", 420, ConsentPurpose.SHARING,
        "本人单独同意贵行为兑现合作商户权益，向该商户提供本人的卡号后四位与权益资格。",
        "I separately agree that the bank gives a partner merchant the last four digits of my card"
        " and my entitlement, to redeem a benefit there.",
    ),
    (
        "decisions", 420, ConsentPurpose.DECISIONS,
        "本人同意贵行仅以自动化方式评估本人是否适合某项活动；"
        "本人可要求说明并拒绝该方式的决定。",
        "I agree that machines alone judge whether a campaign suits me; I may ask for reasons and"
        " refuse.",
    ),
]  # fmt: skip
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


_LATE_SUN = "新疆与北京时间相差约两小时：按当地作息顺延。The sun is two hours later in Xinjiang."
_QUIET_REST = "客户座谈会意见：休息日不再打营销电话。Customers asked for rest days without calls."
_SHOWN_WHEN_OPENED = (
    "客户打开手机银行才会看到，不打扰休息。"
    "Shown when the customer opens mobile bank: it disturbs nobody."
)
_ASSUMED = (
    "演示用假定：国务院尚未公布该年安排，仅列法定固定日期。"
    "Assumed for the demonstration: nothing is published yet; holidays of fixed date are listed."
)
_FIXED = [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"),
          (10, 3, "国庆节")]  # fmt: skip


def build_contact_rule(*, on: dt.date) -> None:
    """This will put caps and hours into force, two years before `on`, with hours of their own for
    telephone calls on rest days and for the far west, and one rule that is still to come."""
    since = on - dt.timedelta(days=730)
    ContactRule.objects.create(effective_date=since, day_cap=2, month_cap=5, source=RULE_SOURCE)
    written = [Channel.SMS, Channel.EMAIL, Channel.PUSH]
    both, rest = list(DayKind), [DayKind.REST]
    _build_hours(since, written, both, "", (9, 20), RULE_SOURCE)
    _build_hours(since, [Channel.PHONE], [DayKind.WORKDAY], "", (9, 20), RULE_SOURCE)
    _build_hours(since, [Channel.PHONE], rest, "", (10, 18), RULE_SOURCE)
    _build_hours(since, [Channel.ON_SITE], both, "", (0, 0), _SHOWN_WHEN_OPENED)
    _build_hours(since, [*written, Channel.PHONE], both, "65", (11, 21), _LATE_SUN)
    coming = on + dt.timedelta(days=21)
    _build_hours(coming, [Channel.PHONE], rest, "", None, _QUIET_REST)


def _build_hours(
    since: dt.date,
    channels: Sequence[Channel],
    kinds: Sequence[DayKind],
    prefix: str,
    hours: tuple[int, int] | None,
    source: str,
) -> None:
    ContactHours.objects.bulk_create(
        ContactHours(
            effective_date=since,
            channel=channel,
            day_kind=kind,
            division_prefix=prefix,
            opens=dt.time(hours[0]) if hours else None,
            closes=dt.time(hours[1]) if hours else None,
            source=source,
        )
        for channel, kind in itertools.product(channels, kinds)
    )


def build_calendar(*, on: dt.date, at: dt.datetime) -> None:
    """This will assume the calendar of this year and the next where nobody published it yet; the
    page of the calendar says so."""
    for year in (on.year, on.year + 1):
        if not CalendarYear.objects.filter(year=year).exists():
            days = {
                dt.date(year, month, day): OtherDay(is_workday=False, name=name)
                for month, day, name in _FIXED
            }
            contact.enter_year(
                year=year, days=days, source=_ASSUMED, is_assumed=True, actor=None, at=at
            )


def build_texts(*, on: dt.date, at: dt.datetime) -> list[ConsentText]:
    """This will add the texts that customers agree to, each in force from a day before `on`."""
    return [
        contact.add_consent_text(
            code=code, purpose=purpose, words=words, words_en=words_en,
            effective_date=on - dt.timedelta(days=days), actor=None,
            at=at - dt.timedelta(days=days),
        )
        for code, days, purpose, words, words_en in _TEXTS
    ]  # fmt: skip


def build_consents(
    *, seed: str, customers: Mapping[str, DemoCustomer], ids: Mapping[str, int], at: dt.datetime
) -> None:
    """This will write statements of consent and refusals; `ids` are by customer number."""
    rng = random.Random(f"{seed}:consents")
    texts = build_texts(on=clock.bank_day(at), at=at)
    consents = [
        consent
        for number, customer in customers.items()
        for consent in _statements(rng, customer, ids[number], texts, at, _GRANTS, _OTHER_GRANTS)
    ]
    # Drawn apart, so that what was agreed to by letter and phone is what it was before the app.
    in_app = random.Random(f"{seed}:consents in the app")
    consents += [
        consent
        for number, customer in customers.items()
        for consent in _statements(in_app, customer, ids[number], texts, at, _GRANTS_IN_APP, {})
    ]
    Consent.objects.bulk_create(consents, batch_size=4000)
    refused = [number for number in customers if rng.random() < _REFUSED]
    refused += [number for number in _owners(customers) if number not in refused][:1]
    refused += [number for number in _of_shared_boxes() if number not in refused][:1]
    DoNotContact.objects.bulk_create(
        DoNotContact(
            customer_id=ids[number],
            at=at - dt.timedelta(minutes=rng.randint(60, 400_000)),
            words=rng.choice(_WORDS),
            source=rng.choice(["sms", "call", "branch"]),
        )
        for number in refused
    )


def _owners(customers: Mapping[str, DemoCustomer]) -> Iterator[str]:
    """The persons by whose phone a small company is reached: their word holds for both."""
    for (number, owner), (_number, company) in itertools.pairwise(customers.items()):
        if owner.kind == CustomerKind.PERSON and company.kind == CustomerKind.COMPANY:
            yield number


def _of_shared_boxes() -> Iterator[str]:
    """The first on file with each e-mail address that several have: as above."""
    shared = Customer.objects.filter(reader__isnull=False).values("reader")
    shared = shared.annotate(first=Min("number"), times=Count("id")).filter(times__gt=1)
    yield from shared.order_by("first").values_list("first", flat=True)


def _statements(
    rng: random.Random,
    customer: DemoCustomer,
    customer_id: int,
    texts: Sequence[ConsentText],
    at: dt.datetime,
    grants: Mapping[Channel, float],
    others: Mapping[ConsentPurpose, float],
) -> Iterator[Consent]:
    # Nobody was asked before the first text was in force.
    span = max(2, min((at.date() - customer.registered_date).days, _TEXTS[0][1] - 1))
    for channel, share in grants.items():
        if rng.random() >= share * (0.6 if customer.segment == NONE else 1):
            continue
        days = rng.randint(1, span)
        since = at - dt.timedelta(days=days)
        text = _text_on(texts, ConsentPurpose.MARKETING, since)
        yield _given(rng, customer_id, text, channel, since)
        if rng.random() < _WITHDRAWN:
            later = at - dt.timedelta(days=rng.uniform(0.1, days))
            yield _withdrawn(customer_id, ConsentPurpose.MARKETING, channel, later)
    for purpose, share in others.items():
        if rng.random() < share:
            since = at - dt.timedelta(days=rng.uniform(1, min(span, 400)))
            yield _given(rng, customer_id, _text_on(texts, purpose, since), "", since)


def _text_on(texts: Sequence[ConsentText], purpose: str, at: dt.datetime) -> ConsentText:
    """The latest text of a purpose that was in force."""
    day = clock.bank_day(at)
    return [text for text in texts if text.purpose == purpose and text.effective_date <= day][-1]


def _given(
    rng: random.Random, customer_id: int, text: ConsentText, channel: str, at: dt.datetime
) -> Consent:
    return Consent(
        customer_id=customer_id,
        purpose=text.purpose,
        channel=channel,
        is_granted=True,
        text=text,
        evidence=rng.choice(_EVIDENCE),
        effective_at=at,
        recorded_at=at,
    )


def _withdrawn(customer_id: int, purpose: str, channel: str, at: dt.datetime) -> Consent:
    return Consent(
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        is_granted=False,
        evidence="客户要求撤回",
        effective_at=at,
        recorded_at=at,
    )
