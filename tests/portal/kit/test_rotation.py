"""The change of keys reaches every sealed value, changes none, and overwrites nothing newer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from journeys.models import Customer, Lead
from merchants.models import MerchantContact
from portal.kit import rotation, sealed
from portal.kit.fields import SealedField, SealedTable, sealed_tables
from tests.factories.journeys import CustomerFactory, LeadFactory
from tests.factories.merchants import ContactFactory
from tests.project import house

pytestmark = pytest.mark.django_db

# Hashes of what is kept nowhere else cannot be made anew, nor what is compared with them: key 1
# stays named for them.
LASTING = {
    "journeys.ErasedNumber.number_hash", "journeys.ExactSearch.asked_hash",
    "journeys.Customer.callee", "journeys.Customer.bearer", "journeys.Customer.reader",
    "journeys.Lead.callee", "journeys.ErasedRefusal.value_hash", "journeys.Answer.callee",
    "journeys.Lead.alike", "journeys.LeadCall.callee",
}  # fmt: skip
# Bytes of chance, and the hash of a code of some minutes: no key of these makes or opens them.
KEYLESS = {
    "journeys.ControlGroup.salt", "journeys.OwnAddress.address_hash",
    "journeys.OwnAddress.code_hash",
}  # fmt: skip
FIRST, SECOND, OTHER = b"1" * 32, b"2" * 32, b"3" * 32


@pytest.fixture(autouse=True)
def _first_keys(settings: Any) -> None:
    settings.FIELD_KEYS = {1: FIRST}
    settings.BLIND_INDEX_KEYS = {1: FIRST}


@pytest.fixture
def second_keys(settings: Any) -> Callable[[], None]:
    """What an administrator does first: name the second keys beside the first."""

    def name() -> None:
        settings.FIELD_KEYS = {1: FIRST, 2: SECOND}
        settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}

    return name


def table_of(model: type[models.Model]) -> SealedTable:
    return next(table for table in sealed_tables() if table.model is model)


def values_of(row: models.Model) -> dict[str, str | None]:
    """Every sealed value of a row in clear."""
    table = table_of(type(row))
    values = {column.column: getattr(row, column.column) for column in table.columns}
    return {
        column.column: value and sealed.unseal(value, column.seal)
        for column, value in zip(table.columns, values.values(), strict=True)
    }


def test_every_sealed_value_is_found_by_its_declaration() -> None:
    names = {table.name: [column.column for column in table.columns] for table in sealed_tables()}
    assert names == {
        "journeys_badaddress": ["address_sealed"],
        "journeys_customer": [
            "phone_sealed",
            "id_number_sealed",
            "email_sealed",
            "address_sealed",
        ],
        "journeys_erasure": ["needles"],
        "journeys_lead": ["phone_sealed"],
        "journeys_ownaddress": ["address_sealed"],
        "merchants_merchantcontact": ["name_sealed", "phone_sealed", "email_sealed"],
    }


def test_rotation_changes_keys_and_no_value(second_keys: Any, settings: Any) -> None:
    made = [CustomerFactory(address="浙江省杭州市西湖区文三路1号"), CustomerFactory()]
    made.append(CustomerFactory(phone_sealed=None, phone_index=None, phone_masked=""))
    before = [values_of(row) for row in made]
    second_keys()
    table = table_of(Customer)
    assert rotation.rotate(table, batch=2) == rotation.Outcome(done=3)
    assert rotation.rotate(table) == rotation.Outcome()
    assert rotation.count_by_key(table) == {
        "phone_sealed": {2: 2},
        "phone_index": {2: 2},
        "id_number_sealed": {},
        "id_number_index": {},
        "email_sealed": {2: 3},
        "email_index": {2: 3},
        "address_sealed": {2: 1},
        "address_index": {2: 1},
    }
    settings.FIELD_KEYS, settings.BLIND_INDEX_KEYS = {2: SECOND}, {2: SECOND}
    rows = [Customer.objects.get(pk=row.pk) for row in made]
    assert [values_of(row) for row in rows] == before
    phone = before[0]["phone_sealed"]
    assert bytes(rows[0].phone_index) == sealed.blind_index(str(phone), "phone")


def test_rotation_reaches_persons_at_merchants(second_keys: Any, settings: Any) -> None:
    row = ContactFactory(name="王小明", phone="13800000001", email="wang@shop.example")
    second_keys()
    assert rotation.rotate(table_of(MerchantContact)) == rotation.Outcome(done=1)
    settings.FIELD_KEYS, settings.BLIND_INDEX_KEYS = {2: SECOND}, {2: SECOND}
    row.refresh_from_db()
    assert values_of(row) == {
        "name_sealed": "王小明",
        "phone_sealed": "13800000001",
        "email_sealed": "wang@shop.example",
    }
    expected = sealed.blind_index("13800000001", "merchantcontact.phone")
    assert bytes(row.phone_index) == expected


def test_indexes_alone_are_made_anew_and_seals_left(settings: Any) -> None:
    lead = LeadFactory(phone="13800000001")
    settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}
    assert rotation.rotate(table_of(Lead)) == rotation.Outcome(done=1)
    after = Lead.objects.get()
    assert bytes(after.phone_sealed) == lead.phone_sealed
    assert bytes(after.phone_index) == sealed.blind_index("13800000001", "phone")


def test_seals_alone_are_made_anew_and_indexes_left(settings: Any) -> None:
    before = CustomerFactory()
    settings.FIELD_KEYS = {1: FIRST, 2: SECOND}
    assert rotation.rotate(table_of(Customer)) == rotation.Outcome(done=1)
    after = Customer.objects.get()
    assert bytes(after.phone_index) == before.phone_index
    assert bytes(after.phone_sealed)[0] == 2


def test_the_key_in_use_need_not_be_the_highest(second_keys: Any, settings: Any) -> None:
    """Every process must know a key before one of them seals with it."""
    second_keys()
    settings.FIELD_KEY_IN_USE = settings.BLIND_INDEX_KEY_IN_USE = 1
    customer = CustomerFactory(phone="13800000001")
    assert (customer.phone_sealed[0], len(customer.phone_index)) == (1, 16)
    assert rotation.rotate(table_of(Customer)) == rotation.Outcome()


def test_a_customer_is_found_before_during_and_after(second_keys: Any, settings: Any) -> None:
    from journeys.customers import queries
    from portal.staff.access import Scope

    old = CustomerFactory(phone="13800000001")
    second_keys()
    new = CustomerFactory(phone="13800000001")

    def found() -> list[Customer]:
        return list(queries.list_customers(scope=Scope(""), text="13800000001"))

    assert found() == [old, new]
    rotation.rotate(table_of(Customer))
    settings.FIELD_KEYS, settings.BLIND_INDEX_KEYS = {2: SECOND}, {2: SECOND}
    assert found() == [old, new]


def test_what_does_not_open_is_named_and_left(second_keys: Any, settings: Any) -> None:
    good, bad = CustomerFactory(), CustomerFactory()
    sound = bytes(bad.phone_sealed)
    damaged = sound[:-1] + bytes([sound[-1] ^ 1])
    Customer.objects.filter(pk=bad.pk).update(phone_sealed=damaged)
    settings.FIELD_KEYS = {1: OTHER}
    lost = CustomerFactory()
    second_keys()
    outcome = rotation.rotate(table_of(Customer))
    assert outcome == rotation.Outcome(done=1, broken={bad.pk, lost.pk})
    assert bytes(Customer.objects.get(pk=bad.pk).phone_sealed) == damaged
    assert bytes(Customer.objects.get(pk=lost.pk).phone_sealed) == lost.phone_sealed
    assert bytes(Customer.objects.get(pk=good.pk).phone_sealed)[0] == 2


def test_what_came_in_meanwhile_is_not_overwritten(
    second_keys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An import writes a new phone between the reading of a batch and its writing."""
    customer, other = CustomerFactory(phone="13800000001"), CustomerFactory()
    second_keys()
    write, came = rotation._write, []

    def late(table: SealedTable, rows: Any) -> int:
        if not came:
            fresh = sealed.seal("13900000009", "customer.phone")
            came.append(fresh)
            Customer.objects.filter(pk=customer.pk).update(
                phone_sealed=fresh, phone_index=sealed.blind_index("13900000009", "phone")
            )
        return write(table, rows)

    monkeypatch.setattr(rotation, "_write", late)
    # The row is met again in the next pass, for its e-mail address.
    assert rotation.rotate(table_of(Customer)) == rotation.Outcome(done=2)
    customer.refresh_from_db()
    assert bytes(customer.phone_sealed) == came[0]
    assert values_of(customer)["phone_sealed"] == "13900000009"
    assert bytes(Customer.objects.get(pk=other.pk).email_sealed)[0] == 2


def test_every_bytes_column_is_declared() -> None:
    """A sealed column that is a plain BinaryField would be passed over by the change of keys."""
    loose = []
    for app in house.APPS:
        for model in apps.get_app_config(app).get_models():
            fields = model._meta.local_fields
            indexes = {field.index_column for field in fields if isinstance(field, SealedField)}
            loose += [
                f"{model._meta.label}.{field.name}"
                for field in fields
                if (isinstance(field, models.BinaryField) or field.name.endswith("_sealed"))
                and not isinstance(field, SealedField)
                and field.name not in indexes
                and f"{model._meta.label}.{field.name}" not in LASTING | KEYLESS
            ]
    house.assert_none(loose, "declare these with portal.kit.fields.SealedField:")


def test_a_seal_names_its_own_column() -> None:
    """The name is bound into the value: two columns of one name could change places unnoticed."""
    declared = {
        f"{table.model._meta.model_name}.{column.name.removesuffix('_sealed')}": column.seal
        for table in sealed_tables()
        for column in table.columns
    }
    assert {name: name for name in declared} == declared


def test_the_rest_of_a_row_stays(second_keys: Any) -> None:
    customer = CustomerFactory(name="王小明")
    second_keys()
    before = Customer.objects.values().get(pk=customer.pk)
    rotation.rotate(table_of(Customer))
    after = Customer.objects.values().get(pk=customer.pk)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"phone_sealed", "phone_index", "email_sealed", "email_index"}
