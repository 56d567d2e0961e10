"""Files of campaigns that were run elsewhere: what counts, what does not, and why."""

from decimal import Decimal

import pytest

from campaigns.effect.rules import Filed, FileUnfit, read_rows
from campaigns.partners.rules import Side
from portal.intake.rules import BadCell, reasons
from portal.kit.shares import Share

NAMES = ["customer", "arm", "converted", "spending"]
CAP = Decimal(100)


def filed(*rows: list[str], names: list[str] = NAMES) -> Filed:
    return read_rows(names, list(enumerate(rows, start=2)), cap=CAP)


def faults(found: Filed) -> list[tuple[int, str, str]]:
    return [(row.line, row.column, row.reason.code) for row in found.bad]


def test_sides_and_outcomes_are_added_up() -> None:
    found = filed(
        ["C1", "treated", "1", "250.50"], ["C2", "treated", "0", "-30"],
        ["C3", "control", "是", "0"], ["C4", "活动组", "no", "1,000"],
        ["C5", "对照组", "否", "12.5"],
    )  # fmt: skip
    assert (found.reached, found.held, found.bad) == (3, 2, [])
    converted, spending = found.outcomes
    assert (converted.name, converted.is_share) == ("converted", True)
    assert (converted.reached, converted.held) == (Share(1, 3), Share(1, 2))
    assert (spending.name, spending.is_share) == ("spending", False)
    assert spending.reached == Side(3, 3, Decimal("1220.50"), Decimal("1063650.2500"))
    assert spending.held == Side(2, 1, Decimal("12.5"), Decimal("156.25"))
    assert spending.capped == (
        Side(3, 3, Decimal(170), Decimal(20_900)), Side(2, 1, Decimal("12.5"), Decimal("156.25")),
    )  # fmt: skip


def test_bad_rows_are_named_and_the_good_ones_count() -> None:
    rows: list[tuple[int, list[str] | int | BadCell]] = [
        (2, ["C1", "treated", "1", "5"]),
        (3, ["", "treated", "1", "5"]),
        (4, ["C2", "both", "1", "5"]),
        (5, ["C3", "control", "maybe", "5"]),
        (6, ["C4", "control", "1", "lots"]),
        (7, ["C5", "control", "1"]),
        (8, 3),
        (11, BadCell(reasons.ROUNDED)),
        (12, ["C6", "control", "0", ""]),
        (13, ["C7", "control", "0", "5"]),
    ]
    found = read_rows(NAMES, rows, cap=CAP)
    assert (found.reached, found.held) == (1, 1)
    assert faults(found) == [
        (3, "customer", "missing"), (4, "arm", "not_a_side"), (5, "converted", "not_yes_or_no"),
        (6, "spending", "not_an_amount"), (7, "", "cells"), (8, "", "damaged"),
        (11, "", "rounded"), (12, "spending", "missing"),
    ]  # fmt: skip
    assert "{" not in "".join(row.words for row in found.bad)


def test_whoever_stands_twice_counts_once_and_on_both_sides_not_at_all() -> None:
    found = filed(
        ["C1", "treated", "1", "5"], ["C1", "treated", "1", "5"], ["C2", "control", "1", "5"],
        ["C2", "treated", "0", "5"], ["C2", "treated", "0", "5"], ["C3", "control", "0", "5"],
    )  # fmt: skip
    assert (found.reached, found.held) == (1, 1)
    assert faults(found) == [
        (3, "", "twice"), (4, "", "both_sides"), (5, "", "both_sides"), (6, "", "both_sides"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "is_share"),
    [(["1", "0"], True), (["yes", "否"], True), (["1", "2"], False), (["3", "lots"], False),
     (["1", "lots"], True)],
)  # fmt: skip
def test_a_column_of_another_name_is_a_share_where_all_of_it_is_yes_or_no(
    cells: list[str], is_share: bool
) -> None:
    found = filed(
        ["C1", "treated", cells[0]], ["C2", "control", cells[1]], names=["customer", "arm", "won"]
    )
    assert found.outcomes[0].is_share == is_share


@pytest.mark.parametrize(
    "names", [["arm", "converted"], ["customer", "converted"], ["customer", "arm"],
              ["customer", "arm", " "]],
)  # fmt: skip
def test_a_file_without_a_column_that_is_needed_is_refused(names: list[str]) -> None:
    with pytest.raises(FileUnfit):
        read_rows(names, [], cap=CAP)


def test_columns_stand_in_any_order_and_in_either_language() -> None:
    found = filed(["1", "对照组", "C1"], names=["转化", "组别", "客户号"])
    assert [(one.name, one.held) for one in found.outcomes] == [("转化", Share(1, 1))]
