"""Masks leave what the bank's masking rule allows, and nothing more."""

import datetime as dt
import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.kit import masking, numbers


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
        ("card 6225-8812-3456-7890-123", "card 6225-88******0123"),
        ("to li.lei+bank@example.com", "to l***@example.com"),
        ("139.1234.5678", "139****5678"),
        ("139－1234－5678", "139****5678"),
        ("139 123 45678", "139****5678"),
        ("13912345678x", "139****5678x"),
        ("1 3 9 1 2 3 4 5 6 7 8", "1 3 9****5678"),
        ("１３９－１２３４－５６７８", "１３９****５６７８"),
        ("139\u00a01234\u30005678", "139****5678"),
        ("139\u200b1234\u200b5678", "139****5678"),
        ("/find/139%201234%205678/", "/find/139****5678/"),
        ("0086-139-1234-5678", "0086-139****5678"),
        ("013912345678", "0139****5678"),
        ("440305 19880615 003X", "440***********003X"),
        ("440305-19880615-0031", "440***********0031"),
        ("440305 1988 06 15 003x", "440***********003x"),
        ("130102 19880615 0031", "130***********0031"),
        ("440305880615003", "440********5003"),
        ("440305 880615 003", "440********5003"),
        ("6225.8812.3456.0001", "6225.88******0001"),
        ("622588 123456 0001", "622588******0001"),
        ("3782 822463 10005", "3782 82******0005"),
        (
            "13912345678 44030519880615003X 6225881234560001",
            "139****5678 440***********003X 622588******0001",
        ),
        ("139 1234 5678 138 1234 5679", "139****5678 138****5679"),
        ("2026-11-27 13912345678", "2026-11-27 139****5678"),
        # Digits before a number that are read together with its beginning, or with all of it.
        ("1801 139 1234 5678", "180* *** **** 5678"),
        ("工号1801 139-1234-5678，请回电", "工号180* ***-****-5678，请回电"),
        ("/find/1801%20139%201234%205678/", "/find/180*%20***%20****%205678/"),
        # A landline with the code of its area leads to a home or a desk.
        ("0755-8888 1234", "0755****34"),
        ("075588881234", "0755****34"),
        ("139，1234，5678", "139****5678"),
        ("139*1234*5678", "139****5678"),
        ("139:1234:5678", "139****5678"),
        ("139  -  1234  -  5678", "139****5678"),
        ("0571 8765432", "0571****32"),
        ("010-88881234", "010****34"),
        ("+86 755 8888 1234", "+86 755****34"),
        ("+86-21-6888-1234", "+86-21****34"),
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
        "2026-11-27",
        "2026-11-27 10:06:30",
        "2026-11-27T10:15:55.476+00:00",
        "2026-03-02 2026-03-09",
        "13:45:12 13:45:59",
        "13:45:12.34567",
        "10:06:30.123456 3",
        "138****5678 139****1234",
        "622588******0001 139****1234",
        "139****5678 2026",
        "2026/03/02-2026/03/09",
        "20260302 20260309",
        "0310 2026-11-27",
        "010 2026-11-27",
        "135-2026-11-27",
        "1999-10-12 345",
        "20260302-0017",
        "19991231-345",
        "ORD-20261127-000123",
        "1,234,567.00",
        "139123456.78",
        "1500.00 1200.5",
        "13.50 200.00 3000",
        "139.123.145.67",
        "A00003306",
        "C00019989",
        "C00000012-15",
        "00000000123",
        "01000000001",
        "1764239000123",
        "2019 2020 2021 2022",
        "2019/2020/2021/2022",
        "400-820-8888",
        "4008208888",
        "95588",
        "12345",
        "8888 1234",
        "139\t12345678",
        "139\n12345678",
        "550e8400-e29b-41d4-a716-446655440000",
        "run 139 of 20000: 12.5 s",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masking.mask_text(text) == text


# What people put between the groups of a number.
SIGNS = [
    "", " ", "  ", ".", "-", " - ", "－", "–", "—", "_", "/", "．", "·", "\u00a0", "\u3000",
    "\u200b", "  -  ", "，", "、", "*", ":", "：", " : ",
]  # fmt: skip
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def is_something_else(groups: list[str], sign: str) -> bool:
    """Groups that are an amount with cents, the address of a computer, or have a day in them."""
    lengths = [len(group) for group in groups]
    if sign == "." and len(groups) == 2 and lengths[1] <= 2:
        return True
    if (
        sign == ":"
        and len(groups) <= 3
        and all(length == 2 for length in lengths[1:])
        and lengths[0] <= 2
    ):
        return True
    if sign == "." and len(groups) == 4 and all(int(group) <= 255 for group in groups):
        return True
    years = [group[:2] in ("19", "20") for group in groups]
    packed = len(groups) > 1 and years[0] and lengths[0] == 8
    return packed or any(
        years[place] and lengths[place] == 4 and max(lengths[place + 1 : place + 3]) <= 2
        for place in range(len(groups) - 2)
    )


@st.composite
def written(draw: st.DrawFn, numbers_of: st.SearchStrategy[str]) -> str:
    """A number in any groups, with any one sign between them, in digits of either width."""
    number = draw(numbers_of)
    cuts = draw(st.sets(st.integers(1, len(number) - 1)))
    groups = [number[start:end] for start, end in itertools.pairwise([0, *sorted(cuts), None])]
    sign = draw(st.sampled_from(SIGNS))
    assume(sign == "" or not is_something_else(groups, sign))
    text = sign.join(groups)
    return text.translate(WIDE) if draw(st.booleans()) else text


def seen(text: str) -> str:
    """The digits in a text."""
    return "".join(str(int(sign)) for sign in text if sign.isdecimal())


MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """A good ID number of 18 signs, or one of before of 15."""
    place = f"{draw(st.sampled_from(sorted(numbers.PROVINCES)))}{draw(st.integers(0, 9999)):04}"
    born = draw(st.dates(dt.date(1930, 1, 1), dt.date(2025, 12, 31)))
    last = f"{draw(st.integers(0, 999)):03}"
    if born.year < 2000 and draw(st.booleans()):
        return f"{place}{born:%y%m%d}{last}"
    body = f"{place}{born:%Y%m%d}{last}"
    return body + numbers.id_check_sign(body)


@st.composite
def cards(draw: st.DrawFn) -> str:
    """A payment card's number with its check digit."""
    begins, length = draw(
        st.sampled_from([("62", 16), ("62", 19), ("4", 16), ("52", 16), ("37", 15), ("3568", 16)])
    )
    rest = length - len(begins) - 1
    body = begins + "".join(
        draw(st.lists(st.sampled_from("0123456789"), min_size=rest, max_size=rest))
    )
    return next(f"{body}{last}" for last in range(10) if numbers.passes_luhn(f"{body}{last}"))


@given(written(MOBILES), st.sampled_from(["", "电话", "tel: ", "+86 ", "+86", "0086-", "C"]))
def test_a_mobile_is_hidden_however_it_is_written(text: str, before: str) -> None:
    digits = seen(text)
    masked = masking.mask_text(f"{before}{text}。")
    assert seen(masked) == seen(before) + digits[:3] + digits[-4:]


@given(written(id_numbers()))
def test_an_id_number_is_hidden_however_it_is_written(text: str) -> None:
    masked, signs = masking.mask_text(f"身份证{text}，"), text.replace("X", "0")
    shown = masked.replace("X", "0")
    assert seen(shown) == seen(signs)[:3] + seen(signs)[-4:]


@given(written(cards()))
def test_a_card_is_hidden_however_it_is_written(text: str) -> None:
    digits = seen(text)
    # A part of it may be an ID number, of which three digits may be seen in front.
    assert seen(masking.mask_text(f"card {text};")) in (
        digits[:6] + digits[-4:], digits[:3] + digits[-4:], digits[:4] + digits[-4:],
    )  # fmt: skip


ROWS = st.tuples(
    st.lists(st.from_regex(r"[0-9]{1,8}", fullmatch=True), max_size=5), st.sampled_from(SIGNS)
).map(lambda row: row[1].join(row[0]))


@given(
    st.one_of(
        st.tuples(written(MOBILES), st.just(3)),
        st.tuples(written(id_numbers()), st.just(3)),
        st.tuples(written(cards()), st.just(6)),
    ),
    st.tuples(ROWS, st.sampled_from(SIGNS[1:])),
    st.tuples(st.sampled_from(SIGNS[1:]), ROWS),
)
def test_no_digits_around_a_number_bring_it_in_sight(
    number: tuple[str, int], before: tuple[str, str], after: tuple[str, str]
) -> None:
    """Its own digits are the wide ones: what is seen of them is no more than a mask shows."""
    text, first = number
    masked = masking.mask_text("".join([*before, text.translate(WIDE), *after]))
    assert sum(sign in WIDE.values() for sign in map(ord, masked)) <= first + 4


@given(
    st.one_of(
        st.dates().map(str),
        st.datetimes().map(str),
        st.datetimes().map(lambda at: f"{at:%Y/%m/%d %H:%M}"),
        st.decimals(0, 10**9, places=2).map(lambda amount: f"{amount:,}"),
        st.decimals(0, 10**8, places=2).map(str),
        st.integers(0, 10**10 - 1).map(str),
        st.integers(0, 10**8 - 1).map(lambda number: f"C{number:08}"),
        st.ip_addresses(v=4).map(str),
    )
)
def test_days_times_amounts_and_running_numbers_stay(text: str) -> None:
    assert masking.mask_text(f"{text} ok") == f"{text} ok"


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


@pytest.mark.parametrize("number", ["13912345678", "44030519880615003X", "6225880000000001"])
@pytest.mark.parametrize("before", ["a%20", "%20", "%22phone%22%3A%22", "%E4%BA%94", "%2B", "5%25"])
def test_the_digits_of_an_escape_are_none_of_the_number_behind_it(before: str, number: str) -> None:
    masked = masking.mask_text(f"?q={before}{number}%22")
    assert (number in masked, masked.startswith(f"?q={before}{number[:3]}")) == (False, True)
    assert masked.endswith(f"{number[-4:]}%22")


def test_escapes_between_the_digits_are_signs_like_others() -> None:
    assert masking.mask_text("%20139%201234%2d5678") == "%20139****5678"
    assert masking.mask_text("139%C2%A01234%C2%A05678") == "139****5678"
    assert masking.mask_text("%41%42%43%44%45%46%47") == "%41%42%43%44%45%46%47"
