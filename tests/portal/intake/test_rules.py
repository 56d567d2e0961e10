"""What cells and headers may hold, by table."""

import pytest
from django.utils import translation

from portal.intake.rules import (
    BadCell,
    FileRefused,
    ImportKind,
    cells,
    check_header,
    reasons,
)
from portal.kit import masking
from portal.kit.registry import registry


@pytest.mark.parametrize(
    ("cell", "text", "expected"),
    [
        (cells.DAY, "2026-03-02", "2026-03-02"),
        (cells.DAY, "2026/3/2", "2026-03-02"),
        (cells.DAY, "20260302", "2026-03-02"),
        (cells.DAY, "2026-03-02 00:00:00", "2026-03-02"),
        (cells.DAY, "2024-02-29", "2024-02-29"),
        (cells.DAY, "1900-01-01", "1900-01-01"),
        (cells.TIME, "9:05", "09:05:00"),
        (cells.TIME, "23:59:59", "23:59:59"),
        (cells.AMOUNT, "0.01", "0.01"),
        (cells.AMOUNT, "1,234.5", "1234.50"),
        (cells.AMOUNT, "+7", "7.00"),
        (cells.AMOUNT, "007.100", "7.10"),
        (cells.AMOUNT, "999999999999.99", "999999999999.99"),
        (cells.YES_OR_NO, "是", "true"),
        (cells.YES_OR_NO, "FALSE", "false"),
        (cells.PHONE, "+86 138-0000 0000", "13800000000"),
        (cells.PHONE, "13800000000", "13800000000"),
        (cells.ID_NUMBER, "11010519491231002x", "11010519491231002X"),
        # The example that is quoted with the standard, and two from the public register.
        (cells.ID_NUMBER, "91350100M000100Y43", "91350100M000100Y43"),
        (cells.ID_NUMBER, "91330100716105852f", "91330100716105852F"),
        (cells.ID_NUMBER, "9144 0300 1922 0382 16", "914403001922038216"),
        (cells.COUNT, "1,200", "1200"),
        (cells.COUNT, "007.0", "7"),
        (cells.FEE, "0", "0.00"),
        (cells.NET_AMOUNT, "-1,234.5", "-1234.50"),
        (cells.NET_AMOUNT, "0", "0.00"),
        (cells.NET_AMOUNT, "+7", "7.00"),
        (cells.TALLY, "0", "0"),
        (cells.TALLY, "00.0", "0"),
        (cells.TALLY, "1,200", "1200"),
        (cells.FEE, "200", "200.00"),
        (cells.FEE, "99999999.99", "99999999.99"),
        (cells.FEW, "9,999", "9999"),
        (cells.EMAIL, "Li.Ming@Example.COM", "li.ming@example.com"),
        (cells.MASKED_NUMBER, "622588******0001", "622588******0001"),
        (cells.plain(10), "王  小\n明", "王 小 明"),
        (cells.key(4), "A-_9", "A-_9"),
        (cells.key(4), "A/%9", "A/%9"),
        (cells.address_key(9), "A-_.9", "A-_.9"),
        (cells.address_key(9), "...", "..."),
        (cells.digits(4), "5812", "5812"),
        (cells.choice(["pos", "qr"]), "QR", "qr"),
        (cells.card_reference(40), "K0001", "K0001"),
        (cells.card_reference(40), "6225880000000000", "6225880000000000"),
    ],
)
def test_a_good_cell_is_written_as_postgresql_reads_it(
    cell: cells.Cell, text: str, expected: str
) -> None:
    assert cell.parse(text) == expected


@pytest.mark.parametrize(
    ("cell", "text", "reason"),
    [
        (cells.DAY, "2026-02-29", reasons.NOT_A_DAY),
        (cells.DAY, "2026-13-01", reasons.NOT_A_DAY),
        (cells.DAY, "02.03.2026", reasons.NOT_A_DAY),
        (cells.DAY, "2026-03/02", reasons.NOT_A_DAY),
        (cells.DAY, "2026-03-02 13:00:00", reasons.NOT_A_DAY),
        (cells.DAY, "46083", reasons.NOT_A_DAY),
        (cells.DAY, "1899-12-31", reasons.TOO_EARLY),
        (cells.TIME, "24:00:00", reasons.NOT_A_TIME),
        (cells.AMOUNT, "0", reasons.NOT_POSITIVE),
        (cells.AMOUNT, "-5", reasons.NOT_POSITIVE),
        (cells.AMOUNT, "1.005", reasons.PLACES),
        (cells.AMOUNT, "1,23", reasons.NOT_AN_AMOUNT),
        (cells.AMOUNT, "12元", reasons.NOT_AN_AMOUNT),
        (cells.AMOUNT, "１２", reasons.NOT_AN_AMOUNT),
        (cells.AMOUNT, "1E+3", reasons.NOT_AN_AMOUNT),
        (cells.AMOUNT, "1000000000000", reasons.TOO_LARGE),
        (cells.YES_OR_NO, "maybe", reasons.NOT_YES_OR_NO),
        (cells.PHONE, "1380000000", reasons.NOT_A_PHONE),
        (cells.PHONE, "02112345678", reasons.NOT_A_PHONE),
        (cells.ID_NUMBER, "110105194912310021", reasons.CHECK_DIGIT),
        (cells.ID_NUMBER, "110105194913310020", reasons.NOT_AN_ID_NUMBER),
        # Written like a company's: 91, a division, then what no person's number has.
        (cells.ID_NUMBER, "91350100M000100Y44", reasons.COMPANY_CHECK_SIGN),
        (cells.ID_NUMBER, "91350100M000100Y4", reasons.NOT_A_COMPANY_CODE),
        (cells.ID_NUMBER, "91350100I000100Y43", reasons.NOT_A_COMPANY_CODE),
        (cells.ID_NUMBER, "9135010XM000100Y43", reasons.NOT_A_COMPANY_CODE),
        (cells.COUNT, "0", reasons.NOT_A_COUNT),
        (cells.COUNT, "-5", reasons.NOT_A_COUNT),
        (cells.COUNT, "1.5", reasons.NOT_A_COUNT),
        (cells.COUNT, "1234567890123456", reasons.TOO_LARGE),
        (cells.FEE, "-1", reasons.NEGATIVE),
        (cells.NET_AMOUNT, "--1", reasons.NOT_AN_AMOUNT),
        (cells.NET_AMOUNT, "-+1", reasons.NOT_AN_AMOUNT),
        (cells.NET_AMOUNT, "-1.234", reasons.PLACES),
        (cells.TALLY, "-1", reasons.NOT_A_COUNT),
        (cells.TALLY, "0.5", reasons.NOT_A_COUNT),
        (cells.FEE, "100000000", reasons.TOO_LARGE),
        (cells.FEW, "10000", reasons.TOO_LARGE),
        (cells.FEE, "1.005", reasons.PLACES),
        (cells.ID_NUMBER, "110105491231002", reasons.NOT_AN_ID_NUMBER),
        (cells.EMAIL, "li.ming", reasons.NOT_AN_EMAIL),
        (cells.EMAIL, "a@b..cn", reasons.NOT_AN_EMAIL),
        (cells.EMAIL, f"{'a' * 110}@b.cn", reasons.TOO_LONG),
        (cells.MASKED_NUMBER, "6225880000000001", reasons.FULL_CARD_NUMBER),
        (cells.MASKED_NUMBER, "6225 8800 0000 000", reasons.FULL_CARD_NUMBER),
        (cells.plain(3), "四个字呢", reasons.TOO_LONG),
        (cells.plain(9), "a\x00b", reasons.DAMAGED),
        (cells.plain(9), "王\ufffd", reasons.DAMAGED),
        (cells.key(9), "A 1", reasons.BLANKS),
        (cells.key(9), "A\x00", reasons.DAMAGED),
        (cells.key(9), "A123456789", reasons.TOO_LONG),
        *(
            (cells.address_key(9), text, reasons.NOT_IN_ADDRESS)
            for text in ("A/1", "/A", "A/", "A\\1", "A?1", "A#1", "A%1", "%2F", ".", "..")
        ),
        (cells.address_key(9), "A 1", reasons.BLANKS),
        (cells.address_key(40), "13912345678", reasons.PHONE_AS_KEY),
        (cells.key(20), "1.10105E+17", reasons.ROUNDED),
        (cells.digits(4), "58１2", reasons.NOT_DIGITS),
        (cells.choice(["pos"]), "fax", reasons.NO_SUCH_CHOICE),
        (cells.card_reference(40), "6225880000000001", reasons.CARD_NUMBER_AS_KEY),
        (cells.card_reference(40), "3000000000000004", reasons.CARD_NUMBER_AS_KEY),
        (cells.key(40), "6225880000000001", reasons.CARD_NUMBER_AS_KEY),
        (cells.key(40), "13912345678", reasons.PHONE_AS_KEY),
        (cells.key(40), "44030519880615003x", reasons.ID_NUMBER_AS_KEY),
    ],
)
def test_a_bad_cell_is_refused_with_its_reason(
    cell: cells.Cell, text: str, reason: reasons.Reason
) -> None:
    with pytest.raises(BadCell) as refused:
        cell.parse(text)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("text", "is_signed", "expected"),
    [
        ("=1+1", True, True),
        ("@cmd", True, True),
        ("+86 138 0000 0000", True, False),
        ("+86 138 0000 0000", False, True),
        ("-5.00", True, False),
        ("-2+3", True, True),
        ("1=1", False, False),
    ],
)
def test_formulas(text: str, is_signed: bool, expected: bool) -> None:
    assert cells.is_formula(text, is_signed=is_signed) is expected


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ["reference", "card", "amount", "posted_dat"],
            "Unknown column: “posted_dat”. Known are: reference, card, kind, amount, posted_date,"
            " posted_time, merchant, mcc, channel, division_code, refund_of, as_of. Did you mean"
            " “posted_date”?",
        ),
        (
            ["reference", "card", "card", "amount", "posted_date"],
            "Column repeated: card. Keep each column once.",
        ),
        (
            ["reference", "card", "amount"],
            "Column missing: posted_date. Needed are: reference, card, amount, posted_date.",
        ),
    ],
)
def test_a_header_that_does_not_fit_is_refused(names: list[str], sentence: str) -> None:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        check_header(registry.import_kinds["transactions"], names)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("kind", registry.import_kinds.values(), ids=lambda kind: kind.code)
def test_every_example_is_a_good_cell(kind: ImportKind) -> None:
    for column in kind.columns:
        if column.example:
            assert isinstance(column.cell.parse(column.example), str)


@pytest.mark.parametrize("kind", registry.import_kinds.values(), ids=lambda kind: kind.code)
def test_every_target_names_columns_of_its_kind(kind: ImportKind) -> None:
    assert {target.of for target in kind.targets} - {""} <= set(kind.names)
    assert {check.column for check in kind.checks} <= set(kind.names)
    assert {check.when_lacking for check in kind.checks} - {""} <= set(kind.names)


@pytest.mark.parametrize(
    ("number", "holders"),
    [
        ("91350100M000100Y43", {"company"}),
        ("110105194912310021", set()),
        ("11010519491231002X", {"person"}),
        # One in thirty numbers of persons passes the other check as well.
        ("110105199001010299", {"person", "company"}),
    ],
)
def test_for_whom_a_number_is_right(number: str, holders: set[str]) -> None:
    assert cells.holders_of(number) == holders


@pytest.mark.parametrize("number", ["13912345678", "139 1234 5678", "6225881234560001"])
def test_a_number_in_a_header_is_masked_wherever_it_is_cut_off(number: str) -> None:
    """A file without a header has a person there."""
    for before in range(20, 40):
        with pytest.raises(FileRefused) as refused:
            check_header(registry.import_kinds["customers"], ["甲" * before + number])
        shown = str(refused.value).partition("”")[0].rpartition("甲")[2]
        assert masking.mask_text(number).startswith(shown), shown
