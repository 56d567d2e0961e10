"""What staff looked at in full, searched for and took out in the last weeks, by the steps of daily
work: a few values a day, and one day of one person that stands out, of each."""

import datetime as dt
import random

from django.http import QueryDict

from journeys.customers import queries as customers
from journeys.customers.models import Customer
from journeys.reveals import operations as reveals
from journeys.reveals.enums import RevealField, RevealReason, SearchDoor
from portal.exports import operations as exports
from portal.exports import queries as kinds
from portal.staff.access import scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff

_DAYS = 28
_PEOPLE = 6
_KNOWN = 40  # customers that one person deals with
# The day that stands out: how many days ago, and how many values.
_BUSY_DAY, _BUSY_VALUES = 4, 17
# The day on which somebody tried out numbers: how many days ago, and how often.
_TRYING_DAY, _TRIES = 6, 34
_FIELDS = {
    RevealField.PHONE: 6, RevealField.ADDRESS: 3, RevealField.ID_NUMBER: 2, RevealField.EMAIL: 1,
    RevealField.NAME: 2,
}  # fmt: skip
_WORDS = {
    RevealReason.CUSTOMER_ASKED: "客户来电要求补寄账单，核对信息",
    RevealReason.COMPLAINT: "回访投诉客户，确认联系方式",
    RevealReason.CORRECTION: "客户到网点更正资料，逐项比对",
    RevealReason.FRAUD: "可疑申请，核实本人身份信息",
    RevealReason.REVIEW: "季度合规抽查，核对客户资料",
}
# Who took what out how many days ago, with which filters and why.
_EXPORTS = [
    (Role.ANALYST, "stage_funnel", "by=month", 9, "月度经营分析会材料"),
    (Role.ANALYST, "stage_funnel", "by=product", 2, "产品转化情况对比"),
    (Role.COMPLIANCE, "complaints", "state=all", 6, "季度投诉情况自查"),
    (Role.CAMPAIGN_MANAGER, "customers", "text=C000000", 3, "活动名单抽样核对"),
    (Role.BRANCH_MANAGER, "open_applications", "clock=near", 1, "晨会逐户跟进临近时限的申请"),
]


def build_privacy(*, seed: str, on: dt.date, at: dt.datetime) -> None:
    """This will set the limit of reveals and play the weeks before `on`."""
    reveals.set_usual_rule(effective_date=on - dt.timedelta(days=730), at=at)
    rng = random.Random(f"{seed}:privacy")
    calls = random.Random(f"{seed}:searches")
    managers = Staff.objects.filter(role=Role.BRANCH_MANAGER, branch__level="branch")
    people = [_first(Role.COMPLIANCE), *managers.order_by("pk")[: _PEOPLE - 1]]
    known = {person.pk: _known_to(person) for person in people}
    busy, trying = people[-1], people[min(2, len(people) - 1)]
    for days in range(_DAYS, 0, -1):
        for person in people:
            is_busy = person == busy and days == _BUSY_DAY
            number = _BUSY_VALUES if is_busy else rng.choice([0, 0, 1, 1, 2, 3])
            morning = at - dt.timedelta(days=days) + dt.timedelta(hours=9)
            _look(rng, person, known[person.pk], number, morning)
            tries = _TRIES if person == trying and days == _TRYING_DAY else 0
            _search(calls, person, tries, morning)
    for role, kind, asked, days, reason in _EXPORTS:
        _take_out(_first(role), kind, asked, reason, at - dt.timedelta(days=days, hours=-10))


def _first(role: str) -> Staff:
    """The account that the sign-in page names."""
    return Staff.objects.select_related("branch").get(username=role)


def _known_to(person: Staff) -> list[Customer]:
    return list(customers.list_customers(scope=scope_of(person))[:_KNOWN])


def _look(
    rng: random.Random, person: Staff, known: list[Customer], number: int, morning: dt.datetime
) -> None:
    minutes = sorted(rng.sample(range(8 * 60), number)) if known else []
    for minute in minutes:
        kind = rng.choice(list(_WORDS))
        customer = rng.choice(known)
        field = rng.choices(list(_FIELDS), list(_FIELDS.values()))[0]
        if not reveals.is_held(customer, field):
            field = RevealField.PHONE
        if reveals.is_held(customer, field):
            reveals.record_reveal(
                customer=customer,
                field=field,
                kind=kind,
                words=_WORDS[kind],
                actor=person,
                at=morning + dt.timedelta(minutes=minute),
            )


def _search(rng: random.Random, person: Staff, tries: int, morning: dt.datetime) -> None:
    """Phones that customers named, most of them known; or, on one day, one number after another."""
    number = tries or rng.choice([0, 1, 2, 2, 4])
    calls = [9 * place for place in range(tries)] or sorted(rng.sample(range(8 * 3600), number))
    for place, second in enumerate(calls):
        phone = f"1540000{7_000 + place if tries else rng.randrange(10_000):04}"
        found = [] if tries or rng.random() < 0.15 else [phone]
        reveals.record_search(
            field=RevealField.PHONE,
            value=phone,
            door=SearchDoor.CUSTOMERS,
            find=found.copy,
            actor=person,
            at=morning + dt.timedelta(seconds=60 + second),
        )


def _take_out(person: Staff, code: str, asked: str, reason: str, at: dt.datetime) -> None:
    kind = kinds.find_kind(code)
    assert kind is not None  # noqa: S101 (registered at start-up)
    made = exports.make_export(
        kind=kind, asked=QueryDict(asked), reason=reason, staff=person, at=at
    )
    made.file.close()
