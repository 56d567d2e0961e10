"""Leads of the branches: company registry, internal data, referrals, on-site posts."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from journeys.contact import operations as contact
from journeys.contact.enums import RefusalSource
from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.customers.models import Customer
from journeys.demo.customers import phone_of
from journeys.telemarketing import operations
from journeys.telemarketing.enums import LeadState
from portal.demo import people
from portal.demo.house import HouseBranch
from portal.kit import sealed

_SOURCES = [
    (Source.REGISTRY, 38, LawfulBasis.PUBLIC_DATA), (Source.INTERNAL, 30, LawfulBasis.CONTRACT),
    (Source.REFERRAL, 17, LawfulBasis.CONSENT), (Source.POST, 15, LawfulBasis.CONSENT),
]  # fmt: skip
_STATES = [(LeadState.NEW, 45), (LeadState.WORKING, 30), (LeadState.WON, 9), (LeadState.LOST, 16)]
_REFUSED, _CALLED_AFTER = 3, 25
_TRADES = ["商贸", "餐饮", "科技", "物流", "装饰", "文化传媒", "机电", "服饰", "家具", "电子"]
_WORDS = "恒信瑞鼎嘉宏盛汇卓远泽润晟博联创"


def build_leads(
    *,
    seed: str,
    count: int,
    first_phone: int,
    branches: Sequence[HouseBranch],
    at: dt.datetime,
) -> None:
    """This will create `count` leads of the last 120 days; `first_phone` is the first sequence of
    phones that no customer has. A few are of customers: of such who refused, which are not taken
    in, and of one who refuses when he is called."""
    rng = random.Random(f"{seed}:leads")
    records = list(_records(rng, count, first_phone, branches, at))
    refused = Customer.objects.filter(refusals__isnull=False, phone_sealed__isnull=False)
    called = Customer.objects.filter(refusals=None, phone_sealed__isnull=False)
    known = [*refused.order_by("id").distinct()[:_REFUSED], *called.order_by("id")[:1]]
    for place, customer in enumerate(known):
        phone = sealed.unseal(bytes(customer.phone_sealed or b""), "customer.phone")
        records[place] = replace(
            records[place], phone=phone, state=LeadState.NEW.value, branch_id=customer.branch_id,
            team_id=None, owner_id=None, created_at=at - dt.timedelta(minutes=_CALLED_AFTER),
        )  # fmt: skip
    operations.load_leads(records=records, at=at)
    contact.record_do_not_contact(
        customer_id=known[-1].pk, words="别再打电话推销了", source=RefusalSource.CALL, actor=None,
        at=at, said_at=at - dt.timedelta(minutes=1),
    )  # fmt: skip


def _records(
    rng: random.Random,
    count: int,
    first_phone: int,
    branches: Sequence[HouseBranch],
    at: dt.datetime,
) -> Iterator[operations.LeadRecord]:
    weights = [branch.place.weight for branch in branches]
    for sequence in range(1, count + 1):
        branch = rng.choices(branches, weights)[0]
        source, _weight, basis = rng.choices(_SOURCES, [row[1] for row in _SOURCES])[0]
        state = rng.choices([row[0] for row in _STATES], [row[1] for row in _STATES])[0]
        staff, team = rng.choice(branch.telemarketers)
        owned = state != LeadState.NEW or rng.random() < 0.35
        of_company = source == Source.REGISTRY
        yield operations.LeadRecord(
            number=f"L{sequence:07d}",
            kind=(CustomerKind.COMPANY if of_company else CustomerKind.PERSON).value,
            name=people.person_name(rng, rng.choice("mf"), rng.randint(1965, 2003)),
            company=_company(rng, branch) if of_company else "",
            phone=phone_of(first_phone + sequence),
            source=source.value,
            lawful_basis=basis.value,
            branch_id=branch.id,
            team_id=team,
            owner_id=staff if owned else None,
            state=state.value,
            created_at=at - dt.timedelta(minutes=rng.randint(30, 120 * 24 * 60)),
        )


def _company(rng: random.Random, branch: HouseBranch) -> str:
    return f"{branch.place.city}{''.join(rng.sample(_WORDS, 3))}{rng.choice(_TRADES)}有限公司"
