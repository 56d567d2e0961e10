"""Masks leave what the bank's masking rule allows, and nothing more."""

import pytest

from portal.kit import masking


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13812345678", "138****5678"), ("", ""), ("1234567", "*******"), ("12345678", "123****5678")],
)
def test_phone(phone: str, masked: str) -> None:
    assert masking.mask_phone(phone) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("11010519900307123X", "110***********123X"),
        ("110105900307123", "110********7123"),
        ("1234567", "*******"),
        ("", ""),
    ],
)
def test_id_number(number: str, masked: str) -> None:
    assert masking.mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("lihua@example.com", "l***@example.com"),
        ("l@example.com", "l***@example.com"),
        ("no-address", "**********"),
        ("", ""),
    ],
)
def test_email(address: str, masked: str) -> None:
    assert masking.mask_email(address) == masked


@pytest.mark.parametrize(
    ("name", "masked"), [("张伟", "张*"), ("欧阳娜娜", "欧***"), ("李", "李"), ("", "")]
)
def test_name(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 13812345678 now", "call 138****5678 now"),
        ("电话13812345678。", "电话138****5678。"),
        ("id 11010519900307123X", "id 110***********123X"),
        ("card 6225881234567890", "card 622588******7890"),
        ("card 6225881234567890123", "card 622588******0123"),
        ("13812345678,13987654321", "138****5678,139****4321"),
        ("2026-03-01 run 12345678901", "2026-03-01 run 12345678901"),
        ("", ""),
    ],
)
def test_free_text(text: str, masked: str) -> None:
    assert masking.mask_text(text) == masked
