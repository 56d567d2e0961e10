"""Masks leave what the bank's masking rule allows, and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import masking


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 13812345678 now", "call 138****5678 now"),
        ("+8613812345678", "+86138****5678"),
        ("008613812345678", "0086138****5678"),
        ("+86 138-1234-5678", "+86 138****5678"),
        ("138 1234 5678", "138****5678"),
        ("/find/%2B8613812345678/", "/find/%2B86138****5678/"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("id 11010519491231002X.", "id 110***********002X."),
        ("card 6225881234567890", "card 622588******7890"),
        ("card 6225 8812 3456 7890", "card 6225 88******7890"),
        ("card 6225-8812-3456-7890-123", "card 6225-88******7890"),
        ("to li.lei+bank@example.com", "to l***@example.com"),
    ],
)
def test_numbers_of_persons_are_masked(text: str, masked: str) -> None:
    assert masking.mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-02 12:00:00",
        "from 2026-03-02 to 2026-03-09",
        "run 1234567890 of 20000 customers",
        "12812345678",
        "1381234567",
        "amount 1234567.89",
        "622588******7890",
        "celery@worker-1 is ready",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masking.mask_text(text) == text


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


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("", ""),
        ("浙江省杭州市西湖区文三路100号3幢201室", "浙江省杭州市西湖区****"),
        ("浙江杭州西湖区文三路1号", "浙江杭州西湖区****"),
        ("江苏省南京市鼓楼区人民东路9705号", "江苏省南京市鼓楼区****"),
        ("上海市浦东新区世纪大道1号", "上海市浦东新区****"),
        ("山东省济南市市中区经四路1号", "山东省济南市市中区****"),
        ("浙江省台州市路桥区路桥街道1号", "浙江省台州市路桥区****"),
        ("浙江省金华市义乌市稠城街道", "浙江省金华市义乌市****"),
        ("内蒙古自治区锡林郭勒盟锡林浩特市团结路", "内蒙古自治区锡林郭勒盟锡林浩特市****"),
        ("重庆市石柱土家族自治县南宾街道", "重庆市石柱土家族自治县****"),
        # Estates, parks and markets are no divisions.
        ("北京市朝阳区望京花园东区3号楼", "北京市朝阳区****"),
        ("浙江省杭州市望京小区3幢", "浙江省杭州市****"),
        ("江苏省苏州市工业园区星湖街1号", "江苏省苏州市****"),
        ("浙江省城市花园3号", "浙江省****"),
        # Without a province at its beginning it may be anything.
        ("文三路100号", "****"),
        ("Room 3, 5 Main Street", "****"),
    ],
)
def test_an_address_shows_its_divisions_only(address: str, masked: str) -> None:
    assert masking.mask_address(address) == masked


@given(st.text("01１39 -+86Xx.%a", max_size=60))
def test_with_ten_digits_and_no_at_sign_there_is_nothing_to_mask(text: str) -> None:
    """So such a text need not be looked through."""
    digits = [place for place, sign in enumerate(text) if sign.isdecimal()]
    few = text[: digits[10]] if len(digits) > 10 else text
    with pytest.MonkeyPatch.context() as thorough:
        thorough.setattr(masking, "_FEWEST_DIGITS", 0)
        assert masking.mask_text(few) == few
