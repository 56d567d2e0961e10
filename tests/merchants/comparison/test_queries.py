"""Merchants beside those that are like them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import QueryDict
from django.utils import translation

from merchants.comparison import queries
from merchants.comparison.exports import COMPARISON
from merchants.directory import queries as directory
from merchants.models import CityTier, EvidenceOfTurnover, Merchant
from portal.kit.registry import BadFilter
from portal.staff.access import Scope
from tests.factories import partnerships as made
from tests.factories.journeys import ApplicationFactory, CardFactory
from tests.factories.merchants import CategoryFactory, MerchantFactory
from tests.factories.portal import BranchFactory
from tests.merchants.evidence.test_reach import ON
from tests.project.evidence_rows import MONDAY
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ALL = Scope(branch_path="")
HANGZHOU, NANJING, WENZHOU = "330106", "320100", "330300"


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def shop(place: str = HANGZHOU, mcc: str = "5812", level: int = 0, **values: Any) -> Merchant:
    kind = {} if mcc.startswith("58") else {"scenario": "other"}
    kind |= {"scenario": "groceries"} if mcc == "5411" else {}
    row = MerchantFactory(division_code=place, category=CategoryFactory(mcc=mcc, **kind), **values)
    if level:
        row_of("merchants.EvidenceOfTurnover", merchant=row, level=Decimal(level))
    return row


def took(row: Merchant, months: dict[int, int], postings: int = 50) -> None:
    for month, amount in months.items():
        row_of(
            "merchants.MerchantTurnover", merchant=row, day=dt.date(2026, month, 5),
            amount=Decimal(amount), purchases=postings,
        )  # fmt: skip


def test_like_are_those_of_the_scenario_in_cities_of_the_size_the_nearest_first() -> None:
    own = shop(level=100)
    far, near = shop(level=900), shop(NANJING, level=140)
    code = shop(mcc="5814", level=100)
    shop(WENZHOU, level=100)
    shop(mcc="5411", level=100)
    shop(place="", level=100)
    assert EvidenceOfTurnover.objects.filter(on=MONDAY).count() == 7
    found = queries.like_of(merchant=own, scope=ALL, on=ON)
    assert found == [near, far, code]
    here = Scope(branch_path=far.branch.path)
    assert queries.like_of(merchant=own, scope=here, on=ON) == [far]
    assert queries.like_of(merchant=shop(place=""), scope=ALL, on=ON) == []


def test_of_the_scenario_that_says_nothing_those_of_the_trade_are_like() -> None:
    own, trade = shop(mcc="5661"), shop(mcc="5651")
    shop(mcc="4900")
    assert queries.like_of(merchant=own, scope=ALL, on=ON) == [trade]


def test_the_size_of_a_city_is_that_of_the_day() -> None:
    own, other = shop(), shop(WENZHOU)
    CityTier.objects.create(
        city="3303", size="very_large", effective_date=dt.date(2026, 6, 2), source="统计公报"
    )
    assert queries.like_of(merchant=own, scope=ALL, on=ON) == [other]
    assert queries.like_of(merchant=own, scope=ALL, on=dt.date(2026, 6, 1)) == []
    assert directory.city_sizes(on=ON)["3303"] == "very_large"


def test_a_municipality_as_a_whole_is_a_city_and_a_province_is_none() -> None:
    shanghai, district, province = shop("310000"), shop("310115"), shop("330000")
    town = shop(WENZHOU)
    assert queries.like_of(merchant=shanghai, scope=ALL, on=ON) == [district]
    assert queries.like_of(merchant=district, scope=ALL, on=ON) == [shanghai]
    assert queries.like_of(merchant=town, scope=ALL, on=ON) == []
    assert queries.like_of(merchant=province, scope=ALL, on=ON) == []
    found = queries.compare(merchant=shanghai, others=[district, province], on=ON)
    assert [row.merchant for row in found.rows] == [shanghai, district]
    assert len(found.refused) == 1


def test_the_cities_of_the_seventh_census_are_delivered() -> None:
    """Seven super-large and fourteen very large cities, as the bureau of statistics named them in
    Qiushi 2021, no. 18; Chongqing's counties have a code of their own."""
    named = {
        "super": "上海 北京 深圳 重庆 广州 成都 天津",
        "very": "武汉 东莞 西安 杭州 佛山 南京 沈阳 青岛 济南 长沙 哈尔滨 郑州 昆明 大连",
    }
    codes = {
        "mega": ["3101", "1101", "4403", "5001", "4401", "5101", "1201"],
        "very_large": ["4201", "4419", "6101", "3301", "4406", "3201", "2101", "3702", "3701",
                       "4301", "2301", "4101", "5301", "2102"],
    }  # fmt: skip
    sizes = directory.city_sizes(on=ON)
    for size, words in zip(codes, named.values(), strict=True):
        assert {code for code, of in sizes.items() if of == size} == {*codes[size]} | (
            {"5002"} if size == "mega" else set()
        )
        with translation.override("zh-hans"):
            names = directory.full_names(codes=codes[size])
        for code, word in zip(codes[size], words.split(), strict=True):
            assert word in names[code]


def test_of_a_city_one_size_is_said_from_a_day_on() -> None:
    first = CityTier.objects.get(city="3301")
    with pytest.raises(IntegrityError, match="city_tier_once"):
        CityTier.objects.create(
            city="3301", size="large", effective_date=first.effective_date, source="x"
        )


def test_figures_are_of_the_same_months_and_the_unlike_are_refused() -> None:
    own, other, strange = shop(), shop(), shop(mcc="5411")
    took(own, {3: 900, 4: 1000, 5: 1100, 6: 99_999})  # June is not over
    took(other, {3: 190, 4: 200, 5: 210})
    card = ApplicationFactory(merchant=own)
    for _card in range(6):
        CardFactory(application=card, issued_date=dt.date(2026, 5, 31))
    for month in (3, 4, 5):
        row_of(
            "merchants.MerchantReach", merchant=own, month=dt.date(2026, month, 1), customers=20,
            purchases=30,
        )  # fmt: skip
    found = queries.compare(merchant=own, others=[other, strange], on=ON)
    assert (found.first, found.end) == (dt.date(2025, 6, 1), dt.date(2026, 6, 1))
    first, second = found.rows
    assert (first.merchant, second.merchant) == (own, other)
    assert first.figures["turnover"].value == 1000
    assert second.figures["turnover"].value == 200
    assert found.standings["turnover"].place == {str(own.pk): 1, str(other.pk): 2}
    assert first.figures["frequency"].value == 1.5
    assert first.figures["customers"].value == 20
    assert first.figures["cards"].value == 0.5
    assert second.figures["cards"].value == 0
    assert not second.figures["customers"].is_known
    assert not first.figures["growth"].is_known
    assert len(found.refused) == 1
    assert strange.label in found.refused[0]


def test_so_little_that_it_could_be_single_persons_is_not_shown() -> None:
    own = shop()
    took(own, {3: 900, 4: 1000, 5: 1100}, postings=4)
    row_of(
        "merchants.MerchantReach", merchant=own, month=dt.date(2026, 5, 1), customers=4, purchases=9
    )
    taken = ApplicationFactory(merchant=own)
    CardFactory(application=taken, issued_date=dt.date(2026, 5, 31))
    figures = queries.compare(merchant=own, others=[], on=ON).rows[0].figures
    assert {str(figures[code].why) for code in ("turnover", "customers", "cards")} == {
        "too few to show"
    }


def test_others_are_asked_for_by_number_within_what_one_may_see() -> None:
    own = shop()
    like = [shop(branch=own.branch) for _place in range(7)]
    strange = shop(mcc="5411", branch=own.branch)
    scope = Scope(branch_path=own.branch.path)
    assert queries.asked_for(like=like, numbers=[], scope=scope) == (like[:5], [])
    numbers = [like[6].number, strange.number.lower(), "", "NONE", like[6].number]
    found, told = queries.asked_for(like=like, numbers=numbers, scope=scope)
    assert found == [like[6], strange]
    assert told == ["There is no merchant NONE among those you may see."]
    hidden = shop(branch=BranchFactory())
    assert queries.asked_for(like=[], numbers=[hidden.number], scope=scope)[0] == []


def test_more_than_can_be_read_side_by_side_are_cut_and_it_is_said() -> None:
    like = [shop() for _place in range(queries.MOST + 1)]
    numbers = [row.number for row in like]
    found, told = queries.asked_for(like=like, numbers=numbers, scope=ALL)
    assert (found, told) == (like[: queries.MOST], ["At most 9 are compared at a time."])


def test_the_file_for_the_meeting_holds_figure_interval_place_and_formula() -> None:
    row = made.in_phase("comparison", on=dt.date(2026, 1, 5))
    other = row.merchant.branch.merchants.exclude(pk=row.merchant_id).order_by("id").first()
    took(row.merchant, {3: 900, 4: 1000, 5: 1100})
    took(other, {3: 190, 4: 200, 5: 210})
    asked = QueryDict(f"partnership={row.pk}&with={other.number}")
    found = COMPARISON.read(row.manager, asked, ON)
    assert found.filters == {"partnership": row.merchant.number, "with": other.number}
    lines = [list(line) for line in found.rows if line[4] == "Turnover of an active month (CNY)"]
    assert [line[1] for line in lines] == [row.merchant.number, other.number]
    assert (lines[0][5], lines[0][8], lines[0][9]) == (1000, 3, 1)
    assert lines[0][6] < 1000 < lines[0][7]
    assert lines[0][13:] == [dt.date(2025, 6, 1), dt.date(2026, 5, 31)]
    whole = COMPARISON.read(row.manager, QueryDict(""), ON)
    assert {line[0] for line in whole.rows} == {row.merchant.number}
    with pytest.raises(BadFilter):
        COMPARISON.read(made.manager(), asked, ON)
    with pytest.raises(BadFilter):
        COMPARISON.read(row.manager, QueryDict("partnership=x"), ON)
