"""Customers who do not exist.

* Phones lie in the block 154, which the numbering plan has given to no operator: they look right
  and reach nobody.
* ID numbers carry a right check digit and the district 9990xx, which no division has; so do the
  unified social credit codes of companies.
* Houses have numbers from 9001 on, which no street of these cities reaches.
* E-mail addresses end in example.test; the domain "test" is reserved (RFC 6761).
"""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from portal.demo import people
from portal.demo.house import HouseBranch
from portal.intake.rules import cells

Row = dict[str, str | None]
OLD, NEW, NONE = "old", "new", "none"
SEGMENTS = [(OLD, 40), (NEW, 47), (NONE, 13)]
# Ages and their weights: few students, most between 25 and 45.
_SHARES_BOX = 40  # one customer of so many is on file with the e-mail of the one before
_AGES = [(18, 22, 9), (23, 29, 24), (30, 39, 31), (40, 49, 19), (50, 59, 11), (60, 74, 6)]
_COMPANY_SHARE = 0.04
_TRADES = ["商贸", "餐饮管理", "科技", "物流", "装饰工程", "文化传播", "机电设备", "服饰"]
_FIRST_WORDS = "恒信瑞鼎嘉宏盛汇卓远泽润晟博联创"
_PROVINCES = {"JS": "江苏省", "ZJ": "浙江省", "GD": "广东省"}
_STREETS = ["文昌路", "建设中路", "人民东路", "学府街", "滨河大道", "新华路", "中山北路", "和平街"]
_ESTATES = ["翠苑小区", "锦绣花园", "阳光家园", "望江名邸", "金桂苑", "时代公寓"]
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class DemoCustomer:
    """What the next builders need of a customer. `segment` tells the story of the cards: an old
    card, an application in the demo's months, or none. `wealth` scales amounts, `eagerness`
    how often the card is used."""

    number: str
    kind: str
    branch: HouseBranch
    segment: str
    filed_date: dt.date | None
    registered_date: dt.date
    wealth: float
    eagerness: float


def phone_of(sequence: int) -> str:
    """This will return the sequence's own phone: a step that has no factor in common with the
    block's size visits every number once."""
    return f"154{sequence * 37_654_321 % 100_000_000:08d}"


def id_number_of(rng: random.Random, birth_date: dt.date, sex: str) -> str:
    """This will make an ID number that is right but for its district, which does not exist."""
    order = rng.randrange(500) * 2 + (1 if sex == "m" else 0)
    body = f"9990{rng.randrange(1, 99):02d}{birth_date:%Y%m%d}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def company_code_of(rng: random.Random) -> str:
    """This will make a unified social credit code that is right but for its division, which does
    not exist."""
    body = f"919990{rng.randrange(1, 99):02d}MA{rng.randrange(10**7):07d}"
    return body + cells.company_check_sign(body)


def draw_customers(
    *,
    seed: str,
    count: int,
    branches: Sequence[HouseBranch],
    filing_days: Sequence[dt.date],
    on: dt.date,
) -> Iterator[tuple[DemoCustomer, Row]]:
    """This will draw customers, each with the row of its import. `filing_days` are the days on
    which the new ones apply, drawn by the bank's rhythm."""
    rng = random.Random(f"{seed}:customers")
    homes = random.Random(f"{seed}:addresses")
    weights = [branch.place.weight for branch in branches]
    names = [segment for segment, _weight in SEGMENTS]
    shares = [weight for _segment, weight in SEGMENTS]
    for sequence in range(1, count + 1):
        segment = rng.choices(names, shares)[0]
        filed = rng.choice(filing_days) if segment == NEW else None
        customer = DemoCustomer(
            number=f"C{sequence:08d}",
            kind=_draw_kind(rng),
            branch=rng.choices(branches, weights)[0],
            segment=segment,
            filed_date=filed,
            registered_date=_registered(rng, segment, filed, on),
            wealth=rng.lognormvariate(0, 0.5) * (4 if rng.random() < 0.02 else 1),
            eagerness=rng.lognormvariate(-0.32, 0.8),
        )
        row = _row(rng, customer, sequence, on)
        yield customer, row | {"address": _address(homes, customer)}


def _address(rng: random.Random, customer: DemoCustomer) -> str | None:
    """A home, or a company's seat, in the branch's district; some are not known."""
    place = customer.branch.place
    if rng.random() > 0.9:
        return None
    street = f"{rng.choice(_STREETS)}{rng.randint(9001, 9999)}号"
    house = (
        f"{rng.choice(_ESTATES)}{rng.randint(1, 30)}幢{rng.randint(1, 28)}0{rng.randint(1, 4)}室"
    )
    if customer.kind == CustomerKind.COMPANY:
        house = f"{rng.randint(2, 30)}层"
    return f"{_PROVINCES[place.region]}{place.city}市{place.district}区{street}{house}"


def _draw_kind(rng: random.Random) -> str:
    kind = CustomerKind.COMPANY if rng.random() < _COMPANY_SHARE else CustomerKind.PERSON
    return kind.value


def _registered(rng: random.Random, segment: str, filed: dt.date | None, on: dt.date) -> dt.date:
    if filed:
        return filed - dt.timedelta(days=days_before_filing(rng))
    earliest = 560 if segment == OLD else 30
    return on - dt.timedelta(days=earliest + int(rng.expovariate(1 / 900)))


def days_before_filing(rng: random.Random) -> int:
    """This will draw how long a customer was known before the application: some come with it, most
    were spoken to weeks before, others have an account since years."""
    kind = rng.choices(("at once", "weeks", "years"), (22, 48, 30))[0]
    long = 30 + int(rng.expovariate(1 / 900))
    return {"at once": 0, "weeks": rng.randint(2, 60), "years": long}[kind]


def _row(rng: random.Random, customer: DemoCustomer, sequence: int, on: dt.date) -> Row:
    source, basis = _origin(rng, customer)
    # A small company is reached by its owner's phone, the customer before it.
    phone = phone_of(sequence - (customer.kind == CustomerKind.COMPANY))
    # Some families share a box.
    box = sequence - (sequence % _SHARES_BOX == 0)
    row: Row = {
        "number": customer.number,
        "kind": customer.kind,
        "phone": phone if rng.random() < 0.97 else None,
        "email": f"customer{box}@example.test" if rng.random() < 0.62 else None,
        "branch": customer.branch.place.code,
        "language": "en" if rng.random() < 0.015 else "zh-hans",
        "division_code": customer.branch.place.division_code,
        "registered_date": customer.registered_date.isoformat(),
        "source": source,
        "lawful_basis": basis,
    }
    if customer.kind == CustomerKind.COMPANY:
        code = company_code_of(rng)
        return {
            **row, "name": _company(rng, customer.branch), "birth_date": None, "id_number": code
        }  # fmt: skip
    birth_date = _birth(rng, customer, on)
    sex = rng.choice("mf")
    return {
        **row,
        "name": people.person_name(rng, sex, birth_date.year),
        "birth_date": birth_date.isoformat(),
        "id_number": id_number_of(rng, birth_date, sex) if rng.random() < 0.98 else None,
    }


def _birth(rng: random.Random, customer: DemoCustomer, on: dt.date) -> dt.date:
    """Nobody was below 18 when the customer relation or the card began."""
    first, last, _weight = rng.choices(_AGES, [weight for _a, _b, weight in _AGES])[0]
    age_days = int(rng.uniform(first, last + 1) * 365.25)
    adult = customer.registered_date - dt.timedelta(days=18 * 366)
    return min(on - dt.timedelta(days=age_days), adult)


def _company(rng: random.Random, branch: HouseBranch) -> str:
    word = "".join(rng.sample(_FIRST_WORDS, 3))
    return f"{branch.place.city}{word}{rng.choice(_TRADES)}有限公司"


def _origin(rng: random.Random, customer: DemoCustomer) -> tuple[str, str]:
    if customer.kind == CustomerKind.COMPANY and customer.segment == NONE:
        return Source.REGISTRY.value, LawfulBasis.PUBLIC_DATA.value
    if customer.segment == NONE:
        source = rng.choice([Source.INTERNAL, Source.REFERRAL, Source.POST, Source.CAMPAIGN])
        basis = LawfulBasis.CONTRACT if source == Source.INTERNAL else LawfulBasis.CONSENT
        return source.value, basis.value
    if customer.segment == NEW and rng.random() < 0.55:
        return Source.APPLICATION.value, LawfulBasis.CONTRACT.value
    return Source.CORE_BANKING.value, LawfulBasis.CONTRACT.value
