"""Customers of the demo bank: plausible, and nobody."""

import datetime as dt
import random
import re
from collections import Counter

import pytest

from journeys.demo import customers
from portal.demo import places
from portal.demo.house import HouseBranch
from portal.intake.rules import cells
from portal.kit import masking

ON = dt.date(2026, 11, 23)
BRANCHES = [HouseBranch(number, place, [], [], []) for number, place in enumerate(places.BRANCHES)]
DAYS = [ON - dt.timedelta(days=number) for number in range(540)]


def _draw(count: int) -> list[tuple[customers.DemoCustomer, customers.Row]]:
    return list(
        customers.draw_customers(seed="1", count=count, branches=BRANCHES, filing_days=DAYS, on=ON)
    )


def test_phones_are_all_different_and_lie_in_the_block_that_nobody_has() -> None:
    phones = [customers.phone_of(number) for number in range(5000)]
    assert len(set(phones)) == 5000
    assert all(len(phone) == 11 and phone.startswith("154") for phone in phones)
    assert customers.phone_of(100_000_000) == customers.phone_of(0)


@pytest.mark.parametrize("sex", ["m", "f"])
def test_an_id_number_is_right_but_for_its_district(sex: str) -> None:
    rng = random.Random("id")
    for _number in range(100):
        number = customers.id_number_of(rng, dt.date(1990, 5, 17), sex)
        assert cells.parse_id_number(number) == number
        assert number.startswith("9990")
        assert number[6:14] == "19900517"
        assert int(number[16]) % 2 == (1 if sex == "m" else 0)


def test_everybody_was_of_age_when_the_customer_relation_began() -> None:
    for customer, row in _draw(3000):
        if row["birth_date"]:
            born = dt.date.fromisoformat(row["birth_date"])
            assert customer.registered_date >= born.replace(
                year=born.year + 18, day=min(born.day, 28)
            )


def test_shares_are_plausible() -> None:
    drawn = _draw(4000)
    kinds = Counter(customer.kind for customer, _row in drawn)
    segments = Counter(customer.segment for customer, _row in drawn)
    branches = Counter(customer.branch.place.code for customer, _row in drawn)
    assert 0.02 < kinds["company"] / 4000 < 0.06
    assert 0.36 < segments["old"] / 4000 < 0.44
    assert 0.43 < segments["new"] / 4000 < 0.51
    assert branches["ZJ01"] > 2 * branches["GD04"]
    ages = [
        (ON - dt.date.fromisoformat(row["birth_date"])).days // 365
        for _customer, row in drawn
        if row["birth_date"]
    ]
    assert 0.45 < sum(25 <= age < 45 for age in ages) / len(ages) < 0.75
    assert max(ages) < 90


def test_addresses_end_in_a_reserved_domain() -> None:
    mails = [row["email"] for _customer, row in _draw(500) if row["email"]]
    assert mails
    assert all(mail.endswith("@example.test") for mail in mails)


def test_a_company_has_a_code_of_its_own_and_no_day_of_birth() -> None:
    rows = [row for _customer, row in _draw(500) if row["kind"] == "company"]
    assert rows
    for row in rows:
        assert row["birth_date"] is None
        assert cells.parse_company_code(str(row["id_number"])) == row["id_number"]
        assert str(row["id_number"])[2:6] == "9990"
    assert len({row["id_number"] for row in rows}) == len(rows)


def test_addresses_are_masked_but_for_the_district_and_lie_where_no_house_is() -> None:
    rows = [(customer, row["address"]) for customer, row in _draw(1000)]
    known = [(customer.branch.place, address) for customer, address in rows if address]
    assert 850 < len(known) < 950
    for place, address in known:
        assert masking.mask_address(address).endswith(f"{place.city}市{place.district}区****")
        found = re.search(r"(\d+)号", address)
        assert found
        assert int(found[1]) > 9000
        assert len(address) <= 200
