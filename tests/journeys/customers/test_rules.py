"""What is meant by what a person types into the search."""

import pytest

from journeys.customers import rules
from journeys.customers.enums import SearchWay as Way


@pytest.mark.parametrize(("text", "way", "value"), [
    ("", Way.NOTHING, ""), ("  ", Way.NOTHING, ""),
    ("13912345678", Way.PHONE, "13912345678"), ("+86 139 1234 5678", Way.PHONE, "13912345678"),
    ("0086139-1234-5678", Way.PHONE, "13912345678"), ("1391234567", Way.NUMBER, "1391234567"),
    ("139123456789", Way.NUMBER, "139123456789"), ("20000000001", Way.NUMBER, "20000000001"),
    ("１３９１２３４５６７８", Way.PHONE, "13912345678"),
    ("１３８****０００１", Way.MASKED_PHONE, "138****0001"),
    ("44030519880615003x", Way.ID_NUMBER, "44030519880615003X"),
    ("440305 19880615 0030", Way.ID_NUMBER, "440305198806150030"),
    ("4403051988061500", Way.NUMBER, "4403051988061500"),
    ("Wang@Example.cn", Way.EMAIL, "wang@example.cn"), ("@", Way.EMAIL, "@"),
    ("138****1234", Way.MASKED_PHONE, "138****1234"),
    ("138 **** 1234", Way.MASKED_PHONE, "138****1234"),
    ("138xxxx1234", Way.MASKED_PHONE, "138****1234"),
    ("138＊1234", Way.MASKED_PHONE, "138****1234"),
    ("13****1234", Way.NUMBER, "13****1234"),
    ("1234", Way.PHONE_TAIL, "1234"), ("123", Way.NUMBER, "123"), ("12345", Way.NUMBER, "12345"),
    ("12 34", Way.NUMBER, "12 34"), ("c100", Way.NUMBER, "C100"), ("王2", Way.NUMBER, "王2"),
    ("wxm", Way.INITIALS, "wxm"), ("WX", Way.INITIALS, "wx"), ("zs", Way.INITIALS, "zs"),
    ("zhm", Way.INITIALS, "zhm"), ("hzhx", Way.INITIALS, "hzhx"),
    ("w", Way.PINYIN, "w"), ("wa", Way.PINYIN, "wa"), ("zh", Way.PINYIN, "zh"),
    ("shi", Way.PINYIN, "shi"), ("an", Way.PINYIN, "an"), ("lv", Way.PINYIN, "lv"),
    ("Wang Xiao", Way.PINYIN, "wangxiao"), ("wang  xiao", Way.PINYIN, "wangxiao"),
    ("Lü", Way.PINYIN, "lv"), ("x m", Way.INITIALS, "xm"), ("a a", Way.INITIALS, "aa"),
    ("王", Way.NAME, "王"), (" 王小 ", Way.NAME, "王小"), ("%", Way.NAME, "%"),
    ("li xi'an", Way.PINYIN, "lixian"), ("Li Xi’an", Way.PINYIN, "lixian"),
    ("王　小 明", Way.NAME, "王小明"), ("星辰（集团）", Way.NAME, "星辰(集团)"),
    ("Apple贸易", Way.NAME, "apple贸易"), ("ＡＢ贸易", Way.NAME, "ab贸易"),
    ("Ée贸", Way.NAME, "Ée贸"),
])  # fmt: skip
def test_the_way_is_told_by_what_is_typed(text: str, way: Way, value: str) -> None:
    assert rules.way_of(text) == (way, value)


@pytest.mark.parametrize(("text", "ways"), [
    ("za", [Way.PINYIN, Way.INITIALS, Way.EXACT_NUMBER]), ("z a", [Way.INITIALS, Way.EXACT_NUMBER]),
    ("wang xiao", [Way.PINYIN, Way.EXACT_NUMBER]), ("wangx", [Way.PINYIN, Way.EXACT_NUMBER]),
    ("王", [Way.NAME, Way.EXACT_NUMBER]), ("C1", [Way.NUMBER, Way.NAME]),
    ("c1", [Way.NUMBER, Way.NUMBER, Way.NAME]), ("58同城", [Way.NUMBER, Way.NAME]),
    ("xi'an", [Way.PINYIN, Way.NAME, Way.EXACT_NUMBER]), ("'", [Way.NAME, Way.EXACT_NUMBER]),
    ("Ｃ１", [Way.EXACT_NUMBER, Way.NUMBER, Way.NAME]), ("１２３４", [Way.PHONE_TAIL]),
    ("13912345678", [Way.PHONE]), ("1234", [Way.PHONE_TAIL]), ("", [Way.NOTHING]),
])  # fmt: skip
def test_what_may_be_several_things_is_asked_by_each(text: str, ways: list[Way]) -> None:
    assert [way for way, _value in rules.ways_of(text)] == ways


@pytest.mark.parametrize(("letters", "spellings"), [
    ("wang", ["wang"]), ("lv", ["lv"]), ("lu", ["lu", "lv"]), ("lyu", ["lyu", "lv"]),
    ("wangxinyu", ["wangxinyu", "wangxinv"]), ("nvlu", ["nvlu", "nvlv"]),
    ("lulu", ["lulu", "lulv", "lvlu", "lvlv"]), ("lyulu", ["lyulu", "lyulv", "lvlu", "lvlv"]),
])  # fmt: skip
def test_what_is_typed_for_u_with_two_dots_is_known(letters: str, spellings: list[str]) -> None:
    assert rules.spellings_of(letters) == spellings


def test_a_long_row_of_letters_is_not_asked_for_in_every_spelling() -> None:
    found = rules.spellings_of("lu" * 20)
    assert len(found) == len(set(found)) == 16
    assert {len(one) for one in found} == {40}
