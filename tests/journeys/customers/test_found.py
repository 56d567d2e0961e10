"""Whoever came by a file is found by what people type."""

import importlib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.customers import queries
from journeys.models import Customer
from portal.kit import pinyin
from portal.staff.access import Scope
from tests.factories.intake import counts_of, make_bank, take
from tests.factories.journeys import CustomerFactory

BANK = Scope(branch_path="")
PEOPLE = "number,name,branch,registered_date,lawful_basis\n"
COMPANIES = "number,name,kind,branch,registered_date,lawful_basis\n"
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

pytestmark = pytest.mark.django_db


def found(text: str) -> list[str]:
    return [row.number for row in queries.list_customers(scope=BANK, text=text)]


@pytest.mark.parametrize(("name", "text"), [
    ("曾国藩", "zeng"), ("单雄信", "shan"), ("解晓东", "xie"), ("区志航", "ou"), ("仇英", "qiu"),
    ("查良镛", "zha"), ("尉迟恭", "yu chi"), ("万俟卨", "mo qi"), ("翟天临", "zhai"),
    ("折从远", "she"), ("单于夜", "chan yu"), ("长孙无忌", "zhang sun"), ("乐正绫", "yue zheng"),
    ("解放路贸易有限公司", "jie fang"), ("王小明", "wangxiaoming"), ("王小明", "wangxiao"),
    ("王小明", "wang  xiao"), ("欧阳修", "ouyang"), ("欧阳修", "oyx"), ("艾米", "am"),
    ("安安", "aa"), ("张安", "za"), ("吕布", "lu"), ("吕布", "lü"), ("吕布", "lyu"), ("吕布", "LV"),
    ("吕露", "lulu"), ("吕露", "lvlu"), ("吕露", "lyulu"), ("吕绿", "lulu"), ("李西安", "li xi'an"),
    ("李西安", "Li Xi’an"), ("王　明", "王明"), ("王 明", "王　明"), ("王明", "王 明"),
    ("O'Neil", "o'neil"), ("O’Neil", "O’Neil"), ("爱新觉罗·溥仪", "爱新觉罗·溥仪"),
])  # fmt: skip
def test_a_name_is_found_as_it_is_spoken_and_typed(tmp_path: Path, name: str, text: str) -> None:
    make_bank()
    take(tmp_path, "customers", PEOPLE + f"Q77,{name},B001,2026-03-01,contract\n")
    assert "Q77" in found(text)


@pytest.mark.parametrize("name", [
    "北京星辰（集团）有限公司", "北京星辰(集团)有限公司", "58同城信息技术有限公司",
    "杭州58同城有限公司", "第1食品商店有限公司", "3M中国有限公司", "３Ｍ中国有限公司",
    "7-ELEVEN", "Apple电脑贸易（上海）有限公司", "Électricité中国",
])  # fmt: skip
def test_a_company_is_found_as_it_is_shown_and_by_any_hand(tmp_path: Path, name: str) -> None:
    """From the first sign on, in signs of full width or not, in capitals or small letters."""
    make_bank()
    take(tmp_path, "customers", COMPANIES + f"Q77,{name},company,B001,2026-03-01,contract\n")
    CustomerFactory(name="王小明", number="Q78")
    plain = unicodedata.normalize("NFKC", name)
    typed = [name, name[:4], name[: len(name) // 2 + 1], plain, plain.translate(FULL_WIDTH)]
    if name.isascii() or "É" not in name:
        typed += [name.lower(), name.upper()]
    assert [found(text) for text in typed] == [["Q77"]] * len(typed)


@pytest.mark.parametrize(("text", "numbers"), [
    ("Ｃ７７", ["Ｃ７７"]), ("C77", ["C77"]), ("Ｃ７８", ["C78"]), ("ｃ７８", ["C78"]),
    ("ＶＩＰ", ["VIP"]),
])  # fmt: skip
def test_a_number_of_full_width_is_found(tmp_path: Path, text: str, numbers: list[str]) -> None:
    make_bank()
    rows = "".join(f"{each},李四,B001,2026-03-01,contract\n" for each in ("Ｃ７７", "C78", "VIP"))
    assert counts_of(take(tmp_path, "customers", PEOPLE + rows)) == (3, 0, 0, 0)
    if numbers == ["C77"]:
        CustomerFactory(number="C77")
    assert found(text) == numbers
    assert queries.the_one(scope=BANK, text=text) == numbers[0]


@pytest.mark.parametrize(
    "number", ["cust-0001", "20000000001", "123456789012345678", "VIPKUNDE", "甲-乙"]
)
def test_each_is_found_by_the_number_that_the_import_took(tmp_path: Path, number: str) -> None:
    make_bank()
    report = take(tmp_path, "customers", PEOPLE + f"{number},李四,B001,2026-03-01,contract\n")
    assert counts_of(report) == (1, 0, 0, 0)
    assert found(number) == [number]
    assert queries.the_one(scope=BANK, text=number) == number


def test_letters_that_are_both_are_a_pinyin_and_the_page_leads_to_the_initials(
    client_of: Callable[..., Client],
) -> None:
    CustomerFactory(number="P1", name="臧天朔", name_pinyin="zang tian shuo")
    CustomerFactory(number="I1", name="张安", name_pinyin="zhang an")
    assert (found("za"), found("z a")) == (["P1"], ["I1"])
    client, page = client_of("compliance"), reverse("customer_list")
    asked = {text: client.get(page, {"text": text}).content.decode() for text in ("za", "zang")}
    assert f'href="{page}?text=z%20a"' in asked["za"]
    assert "?text=z%20" not in asked["zang"]
    assert "I1" in client.get(page, {"text": "z a"}).content.decode()


def test_names_that_stand_are_spelled_anew() -> None:
    stand = {
        "曾国藩": "ceng guo fan", "曾": "ceng", "王曾": "wang ceng",
        "解放路贸易有限公司": "jie fang lu", "乐乐": "le le", "单于夜": "chan yu ye",
    }  # fmt: skip
    for name, spelled in stand.items():
        CustomerFactory(name=name, name_pinyin=spelled)
    migration = importlib.import_module("journeys.migrations.0130_search_as_typed")
    with connection.schema_editor() as editor:
        migration.respell(None, editor)
    assert dict(Customer.objects.values_list("name", "name_pinyin")) == stand | {
        "曾国藩": "zeng guo fan", "曾": "zeng", "乐乐": "yue le",
    }  # fmt: skip


def test_what_a_migration_spelled_is_what_a_file_brings() -> None:
    migration = importlib.import_module("journeys.migrations.0130_search_as_typed")
    assert {sign: family for sign, (_word, family) in migration._FAMILY.items()} == pinyin._FAMILY
    for sign, (word, family) in migration._FAMILY.items():
        assert pinyin.syllables(sign + "明")[0] == word
        assert pinyin.spell_person(sign + "明", most=200) == f"{family} ming"
