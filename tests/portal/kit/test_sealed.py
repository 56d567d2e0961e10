"""Sealed values: what was changed, moved or sealed under an unknown key does not open."""

from typing import Any

import pytest

from portal.kit import sealed

PHONE = "13812345678"
OLD, NEW = b"o" * 32, b"n" * 32


def test_a_sealed_value_opens_for_its_own_field() -> None:
    value = sealed.seal(PHONE, "customer.phone")
    assert PHONE.encode() not in value
    assert sealed.unseal(value, "customer.phone") == PHONE


def test_the_database_may_hand_back_a_memoryview() -> None:
    value = memoryview(sealed.seal("王小明", "customer.name"))
    assert sealed.unseal(value, "customer.name") == "王小明"  # type: ignore[arg-type]


def test_sealing_twice_gives_two_values() -> None:
    assert sealed.seal(PHONE, "customer.phone") != sealed.seal(PHONE, "customer.phone")


def test_a_value_moved_to_another_field_does_not_open() -> None:
    value = sealed.seal(PHONE, "customer.phone")
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(value, "lead.phone")


@pytest.mark.parametrize("position", [1, 12, 13, -1])
def test_a_changed_byte_is_found(position: int) -> None:
    value = bytearray(sealed.seal(PHONE, "customer.phone"))
    value[position] ^= 1
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(bytes(value), "customer.phone")


@pytest.mark.parametrize("length", [0, 1, 12, 20])
def test_a_cut_value_is_found(length: int) -> None:
    value = sealed.seal(PHONE, "customer.phone")[:length]
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(value, "customer.phone")


def test_keys_rotate(settings: Any) -> None:
    settings.FIELD_KEYS = {1: OLD}
    before = sealed.seal(PHONE, "customer.phone")
    settings.FIELD_KEYS = {1: OLD, 2: NEW}
    after = sealed.seal(PHONE, "customer.phone")
    assert (before[0], after[0]) == (1, 2)
    assert sealed.unseal(before, "customer.phone") == PHONE
    assert sealed.unseal(after, "customer.phone") == PHONE
    settings.FIELD_KEYS = {2: NEW}
    assert sealed.unseal(after, "customer.phone") == PHONE
    with pytest.raises(sealed.SealBroken):
        sealed.unseal(before, "customer.phone")


def test_a_blind_index_finds_the_same_value_in_the_same_field() -> None:
    index = sealed.blind_index(PHONE, "phone")
    assert len(index) == 16
    assert index == sealed.blind_index(PHONE, "phone")
    assert index != sealed.blind_index(PHONE, "email")
    assert index != sealed.blind_index("13812345679", "phone")


def test_a_blind_index_hangs_on_its_key(settings: Any) -> None:
    before = sealed.blind_index(PHONE, "phone")
    settings.BLIND_INDEX_KEYS = {1: NEW}
    assert sealed.blind_index(PHONE, "phone") != before
