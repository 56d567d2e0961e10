"""Which names are taken for the same, and codes of divisions."""

import pytest

from merchants.directory.operations.revealing import FEWEST_SIGNS
from merchants.directory.rules import above, city_of, name_key, normal_code
from portal.kit import revealing


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("杭州山月餐饮有限公司", "hangzhoushanyuecanyin"),
        ("杭州山月餐饮", "hangzhoushanyuecanyin"),
        ("杭州 山月（餐饮）有限责任公司", "hangzhoushanyuecanyin"),
        ("杭州山月(餐饮)有限公司分公司", "hangzhoushanyuecanyin"),
        ("杭州山悦餐饮", "hangzhoushanyuecanyin"),
        ("ＡＢＣ Coffee Co., Ltd.", "abccoffee"),
        ("abc coffee", "abccoffee"),
        ("山月小馆（个体工商户）", "shanyuexiaoguan"),
        ("有限公司", "youxiangongsi"),
        ("7-Eleven 便利店", "7elevenbianlidian"),
        ("", ""),
    ],
)
def test_a_name_is_compared_by_its_sound_without_its_legal_form(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("code", "normal", "line"),
    [
        ("330000", "33", ["33"]),
        ("330100", "3301", ["33", "3301"]),
        ("330106", "330106", ["33", "3301", "330106"]),
        ("441900", "4419", ["44", "4419"]),
        ("33", "33", ["33"]),
        ("", "", []),
    ],
)
def test_a_division_is_named_with_those_above(code: str, normal: str, line: list[str]) -> None:
    assert normal_code(code) == normal
    assert above(normal) == line


@pytest.mark.parametrize(
    ("words", "is_none"),
    [
        ("", True),
        ("客户来电", True),
        ("核对明年条款", False),
        ("。。。。。。。。", True),
        ("a b c d e", True),
    ],
)
def test_words_are_a_reason(words: str, is_none: bool) -> None:
    assert (revealing.fault_of(words, FEWEST_SIGNS) is not None) is is_none


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("330106", "3301"), ("330100", "3301"), ("3301", "3301"), ("330000", ""), ("33", ""),
        ("310115", "3101"), ("310000", "3101"), ("31", "3101"), ("500000", "5001"),
        ("500230", "5002"), ("331000", "3310"), ("441900", "4419"), ("", ""),
    ],
)  # fmt: skip
def test_a_division_lies_in_a_city_or_names_none(code: str, city: str) -> None:
    assert city_of(code) == city
