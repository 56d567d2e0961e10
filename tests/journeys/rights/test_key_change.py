"""While the keys of the blind indexes change, rows of one person carry indexes of two keys; in
whichever order the change came to them, the person is found whole and files are read rightly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journeys.contact import operations as contact
from journeys.models import BadAddress, Customer, Erasure, Lead
from journeys.rights import operations as rights
from journeys.rights.queries import holdings
from portal.kit import rotation, sealed
from portal.kit.fields import SealedTable, sealed_tables
from portal.kit.personal import ERASED
from tests.factories.intake import counts_of, make_bank, take
from tests.factories.journeys import CustomerFactory, LeadFactory
from tests.factories.portal import StaffFactory
from tests.factories.rights import (
    AT,
    EMAIL,
    ID_NUMBER,
    NAME,
    PHONE,
    allowed,
    take_in,
    the_person,
)
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

FIRST, SECOND = b"1" * 32, b"2" * 32
ADDRESS = "浙江省杭州市西湖区文三路100号3幢201室"
FILE = (
    "number,name,phone,id_number,email,address,branch,registered_date,lawful_basis\n"
    "C1,{name},13800000001,11010519491231002X,a@mail.example,{address},B001,2026-03-02,contract\n"
)
SEALED = ("phone", "id_number", "email", "address")


@pytest.fixture
def use(settings: Any) -> Callable[[int], None]:
    """Both keys are named; the given one indexes."""
    settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}

    def use_key(key_id: int) -> None:
        settings.BLIND_INDEX_KEY_IN_USE = key_id

    use_key(1)
    return use_key


def lead_alone(**values: Any) -> Lead:
    """A lead that nothing links to the customer but phone and name."""
    return LeadFactory(**{"name": NAME, "customer": None, "phone": PHONE} | values)


@pytest.mark.parametrize(("key_before", "key_after"), [(1, 2), (2, 1)])
def test_a_lead_of_another_key_is_the_same_person(
    use: Callable[[int], None], key_before: int, key_after: int
) -> None:
    use(key_before)
    person = the_person()
    linked, early = Lead.objects.get(customer=person), lead_alone()
    use(key_after)
    late, namesake = lead_alone(), lead_alone(name="别人")
    assert early.phone_index != late.phone_index
    asked = take_in(person, kind="access")
    found = holdings.persons_of(asked)
    assert found[0] == person
    assert {lead.pk for lead in found[1:]} == {linked.pk, early.pk, late.pk}
    assert namesake not in found


def test_needles_hold_the_indexes_of_all_keys(use: Callable[[int], None]) -> None:
    needles = holdings.needles_of(the_person())
    wanted = {
        index
        for value, label in ((PHONE, "phone"), (ID_NUMBER, "id_number"), (EMAIL, "email"))
        for index in sealed.blind_indexes(value, label)
    }
    assert len(wanted) == 6
    assert wanted <= set(needles.secrets)
    assert len(needles.secrets) == len(set(needles.secrets))


def test_an_erasure_takes_a_lead_of_another_key_with_it(use: Callable[[int], None]) -> None:
    person = the_person()
    use(2)
    late = lead_alone()
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    late.refresh_from_db()
    assert (late.name, late.phone_sealed, late.phone_index) == (ERASED, None, None)


def test_the_search_finds_an_index_of_another_key(use: Callable[[int], None]) -> None:
    """What is left under the newer key is found though the person's own rows had the older."""
    person = the_person()
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    use(2)
    CustomerFactory(phone=PHONE, name="别人")
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (proof.findings, proof.shared) == (0, 2)  # by its index, and by who answers it


# --- files -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("key_before", "key_after"), [(1, 2), (2, 1)])
def test_an_unchanged_file_changes_nothing(
    use: Callable[[int], None], tmp_path: Path, key_before: int, key_after: int
) -> None:
    make_bank()
    use(key_before)
    content = FILE.format(name="王小明", address=ADDRESS)
    assert take(tmp_path, "customers", content).rows_bad == 0
    before = Customer.objects.values().get(number="C1")
    use(key_after)
    assert counts_of(take(tmp_path, "customers", content)) == (0, 0, 1, 0)
    assert Customer.objects.values().get(number="C1") == before


def test_a_changed_value_goes_in_under_the_key_in_use(
    use: Callable[[int], None], tmp_path: Path
) -> None:
    make_bank()
    take(tmp_path, "customers", FILE.format(name="王小明", address=ADDRESS))
    use(2)
    report = take(tmp_path, "customers", FILE.format(name="王小明", address="浙江省宁波市2号"))
    assert counts_of(report) == (0, 1, 0, 0)
    held = Customer.objects.get(number="C1")
    assert bytes(held.address_index) == sealed.blind_index("浙江省宁波市2号", "address")
    assert holdings.opened(held, "address") == "浙江省宁波市2号"
    # What stayed the same waits for the change of keys, value and index together.
    assert len(held.phone_index) == sealed.INDEX_BYTES
    new = "number,name,phone,branch,registered_date,lawful_basis\n" \
          "C9,李四,13800000009,B001,2026-03-02,contract\n"  # fmt: skip
    assert counts_of(take(tmp_path, "customers", new)) == (1, 0, 0, 0)
    made = Customer.objects.get(number="C9")
    assert bytes(made.phone_index) == sealed.blind_index("13800000009", "phone")


@pytest.mark.parametrize(("key_before", "key_after"), [(1, 2), (2, 1)])
@pytest.mark.parametrize("field", SEALED)
def test_a_corrected_value_of_another_key_is_the_same_value(
    use: Callable[[int], None], tmp_path: Path, field: str, key_before: int, key_after: int
) -> None:
    make_bank()
    use(key_before)
    person = Customer.objects.get(number="C1")
    right, wrong = {
        "phone": ("13700000001", "13700000002"),
        "id_number": ("11010519491231002X", "44030519880615003X"),
        "email": ("right@mail.example", "wrong@mail.example"),
        "address": (ADDRESS, "浙江省宁波市2号"),
    }[field]
    asked = take_in(person, kind="correct")
    correction = rights.correct(
        request_id=asked.pk, field=field, value=right, reason="证件",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    use(key_after)
    head = f"number,name,{field},branch,registered_date,lawful_basis\n"
    for value, bad in ((right, 0), (wrong, 1), ("", 1)):
        line = f"C1,{person.name},{value},B001,2026-03-02,contract\n"
        report = take(tmp_path, "customers", head + line)
        correction.refresh_from_db()
        assert (value, report.rows_bad) == (value, bad)
        assert (correction.source_differs_at is not None) == bool(bad)
        correction.source_differs_at = None
        correction.save(update_fields=["source_differs_at"])


def test_the_change_of_keys_reaches_the_needles_of_an_erasure(settings: Any) -> None:
    """They wait, sealed, for the proof; the older key may be gone by then."""
    person = the_person()
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 9: SECOND}
    table = next(table for table in sealed_tables() if table.model is Erasure)
    assert rotation.rotate(table) == rotation.Outcome(done=1)
    settings.FIELD_KEYS = {9: SECOND}
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert proof.findings == 0


# --- addresses that do not work --------------------------------------------------------------
def bad_addresses() -> SealedTable:
    return next(table for table in sealed_tables() if table.model is BadAddress)


def lengths() -> list[int | None]:
    rows = BadAddress.objects.order_by("pk").values_list("address_index", flat=True)
    return [row and len(row) for row in rows]


@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize(("key_before", "key_after"), [(1, 2), (2, 1)])
def test_an_address_that_came_back_under_both_keys_is_one(
    use: Callable[[int], None], is_shared: bool, key_before: int, key_after: int
) -> None:
    use(key_before)
    one = CustomerFactory(email=EMAIL)
    two = CustomerFactory(email=EMAIL) if is_shared else one
    told = {"address": EMAIL, "cause": "5.1.1", "at": AT}
    assert contact.note_bad_address(customer_id=one.pk, **told)
    use(key_after)
    assert not contact.note_bad_address(customer_id=two.pk, **told)
    assert rotation.rotate(bad_addresses(), batch=10) == rotation.Outcome(done=1)
    assert lengths() == [17 if key_after == 2 else 16]


def bad_address(key_id: int, **values: Any) -> BadAddress:
    row: BadAddress = row_of(
        "journeys.BadAddress",
        **{
            "address_sealed": sealed.seal(EMAIL, "badaddress.address"),
            "address_index": sealed.blind_indexes(EMAIL, "email")[key_id - 1],
            "since": AT,
        } | values,
    )  # fmt: skip
    return row


@pytest.mark.parametrize("batch", [1, 10])
@pytest.mark.parametrize("keys", [(1, 2), (2, 1), (1, 3, 2), (3, 2, 1)])
def test_of_two_rows_of_one_address_the_older_keeps_it(
    settings: Any, keys: tuple[int, ...], batch: int
) -> None:
    settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND, 3: b"3" * 32}
    settings.BLIND_INDEX_KEY_IN_USE = 2
    ended = bad_address(1, until=AT, ended_by=StaffFactory())
    rows = [bad_address(key_id) for key_id in keys]
    other = bad_address(
        1, address_sealed=sealed.seal("b@x.cn", "badaddress.address"),
        address_index=sealed.blind_indexes("b@x.cn", "email")[0],
    )  # fmt: skip
    rotation.rotate(bad_addresses(), batch=batch)
    assert lengths() == [17, 17, *[None] * (len(keys) - 1), 17]
    for row, text in ((ended, EMAIL), (rows[0], EMAIL), (other, "b@x.cn")):
        row.refresh_from_db()
        assert bytes(row.address_index) == sealed.blind_index(text, "email")
        assert sealed.unseal(row.address_sealed, "badaddress.address") == text
    assert rotation.rotate(bad_addresses()) == rotation.Outcome()
