"""Mappings: what they make of a row, and what is said of those that cannot be used."""

import pytest
from django.utils import translation

from portal.intake.rules import BadText, FileRefused, making, mapping
from portal.kit.registry import registry

GOOD = """lawful_basis: contract
source: file
imports:
  - kind: cards
    columns:
      reference: "K-{ID:4}"
      customer: "C{ID}"
      product: GOLD
      branch: B1
      issued_date: {column: OPENED, day: DD.MM.YYYY}
"""


def read(text: str) -> mapping.FileMapping:
    return mapping.read_mapping(text, "m.yaml", registry.import_kinds)


def made(spec: str, **row: str) -> str:
    """What a column described by `spec` becomes in a row."""
    text = GOOD.replace("product: GOLD", f"product: {spec}")
    [share] = read(text).shares
    [cell] = [cell for cell in share.cells if cell.name == "product"]
    return cell.make({name.lower(): value for name, value in row.items()})


@pytest.mark.parametrize(
    ("spec", "text", "expected"),
    [
        ("CONSTANT", "7", "CONSTANT"),
        ('"{X}"', "7", "7"),
        ('"A-{X:3}-{X}"', "7", "A-007-7"),
        ('"A-{X:3}"', "", ""),
        ('"{{{X}}}"', "7", "{7}"),
        ("{column: X}", "7", "7"),
        ("{column: x, if_empty: NONE}", "", "NONE"),
        ("{column: X, values: {1: GOLD, 2: CLASSIC}}", "2", "CLASSIC"),
        ("{column: X, values: {1: GOLD}, otherwise: CLASSIC}", "9", "CLASSIC"),
        ('{column: X, values: {1: ""}, otherwise: CLASSIC}', "1", ""),
        ("{column: X, steps: {0: A, 100: B}}", "99.99", "A"),
        ("{column: X, steps: {0: A, 100: B}}", "100", "B"),
        ("{column: X, number: {decimal: ',', group: '.'}}", "1.234,50", "1234.50"),
        ("{column: X, number: {factor: 0.01}}", "1234", "12.34"),
        ("{column: X, number: {unsigned: true}}", "-5", "5"),
        ("{column: X, number: {decimal: ','}, steps: {0: A, 2: B}}", "1,99", "A"),
        ("{column: X, day: DD.MM.YYYY}", "31.12.2025", "2025-12-31"),
        ("{column: X, day: M/D/YYYY}", "3/2/2026", "2026-03-02"),
        ("{column: X, day: YYYYMMDD}", "20260302", "2026-03-02"),
        ("{age: X, on: 2005-09-30}", "24", "1981-09-30"),
        ("{age: X, on: 2004-02-29}", "1", "2003-02-28"),
        ("{age: X, on: 2005-09-30}", "", ""),
        ("{year_month: X}", "2026-03", "2026-03-01"),
        ("{year_month: X}", "202612", "2026-12-01"),
    ],
)
def test_what_a_column_becomes(spec: str, text: str, expected: str) -> None:
    assert made(spec, x=text) == expected


@pytest.mark.parametrize(
    ("spec", "text", "reason"),
    [
        ("{column: X, values: {1: GOLD}}", "9", making.NOT_IN_TABLE),
        ("{column: X, steps: {0: A}}", "-0.01", making.BELOW_STEPS),
        ("{column: X, steps: {0: A}}", "much", making.NOT_A_NUMBER),
        ("{column: X, steps: {0: A}}", "NaN", making.NOT_A_NUMBER),
        ("{column: X, number: {decimal: ','}}", "1.5", making.NOT_A_NUMBER),
        ("{column: X, day: DD.MM.YYYY}", "30.02.2025", making.NOT_THAT_DAY),
        ("{column: X, day: DD.MM.YYYY}", "1.2.2025", making.NOT_THAT_DAY),
        ("{age: X, on: 2005-09-30}", "131", making.NOT_AN_AGE),
        ("{age: X, on: 2005-09-30}", "-1", making.NOT_AN_AGE),
        ("{year_month: X}", "2026-13", making.NOT_A_MONTH),
    ],
)
def test_what_cannot_be_made(spec: str, text: str, reason: object) -> None:
    found = made(spec, x=text)
    assert isinstance(found, BadText)
    assert (str(found), found.bad.reason) == (text, reason)


def test_a_bad_text_is_no_good_text_of_the_same_letters() -> None:
    bad = BadText("9", making.NOT_AN_AGE)
    assert bad not in {"9": "good"}
    assert bad != "9"
    assert [bad] == [bad]


def test_rows_that_do_not_count() -> None:
    text = GOOD.replace(
        "    columns:",
        "    only: {column: STATE, is: [A, B]}\n    leave_out: {column: ID, is: 7}\n    columns:",
    )
    [share] = read(text).shares
    rows = [{"id": "1", "state": "A"}, {"id": "7", "state": "A"}, {"id": "2", "state": "C"}]
    assert [share.keeps(row) for row in rows] == [True, False, False]


def test_kinds_stand_in_the_order_of_import() -> None:
    customers = """  - kind: customers
    columns: {number: "{ID}", name: x, branch: B1, registered_date: 2005-04-01}
"""
    assert [share.kind.code for share in read(GOOD + customers).shares] == ["customers", "cards"]
    [customer, _cards] = read(GOOD + customers).shares
    origin = {cell.name: cell.make({}) for cell in customer.cells if not cell.uses}
    assert origin["lawful_basis"] == "contract"
    assert origin["source"] == "file"


@pytest.mark.parametrize(
    ("before", "after", "problems"),
    [
        ("lawful_basis: contract\n", "", [
            "m.yaml, line 1: lawful_basis is missing; write “lawful_basis: …”.",
        ]),
        ("source: file", "source:", [
            "m.yaml, line 2: source is empty; say it for the whole file.",
        ]),
        ("kind: cards", "kind: card", [
            "m.yaml, line 4: there is no kind of file “card”; write one of: merchants, stores,"
            " merchant_contacts, merchant_contracts, merchant_leads, merchant_deals,"
            " merchant_turnover, post_shifts,"
            " response_levels, customers, card_products, applications, cards, transactions,"
            " points, complaints, service_cases, consents, do_not_contact, referrals,"
            " calls, leads, activity_snapshots, benefit_uses.",
        ]),
        ("      branch: B1\n", "", [
            "m.yaml, line 6: cards needs branch (code of the branch); write “branch: …” with a"
            " column or a text.",
        ]),
        ("branch: B1", "brunch: B1\n      branch: B1", [
            "m.yaml, line 9: cards has no column “brunch”; write one of: reference, masked_number,"
            " customer, application, product, branch, is_primary, primary_reference, issued_date,"
            " activated_date,"
            " closed_date, as_of. Did you mean “branch”?",
        ]),
        ('"C{ID}"', "{ID}", ["m.yaml, line 7: put a text with braces in quotes: \"{NAME}\"."]),
        ('"C{ID}"', '"C{ID"', [
            "m.yaml, line 7: a brace stands alone; a column is written {NAME}, in quotes.",
        ]),
        ("branch: B1", "branch: B 1", [
            "m.yaml, line 9: “B 1”: The key holds blanks or signs that a key cannot hold.",
        ]),
        ("DD.MM.YYYY", "DD.MM", [
            "m.yaml, line 10: write how days are written with YYYY, MM and DD, such as DD.MM.YYYY.",
        ]),
        ("product: GOLD", "product: {column: X, values: {1: A B}, steps: {0: GOLD}}", [
            "m.yaml, line 8: keep either values or steps.",
            "m.yaml, line 8: “A B”: The key holds blanks or signs that a key cannot hold.",
        ]),
        ("product: GOLD", "product: {age: X}", [
            "m.yaml, line 8: an age needs the day on which it held; write “on: 2026-03-02” beside"
            " it.",
        ]),
        ("product: GOLD", "product: {column: X, value: {1: GOLD}}", [
            "m.yaml, line 8: “value” is not known here; write one of: column, age, year_month, on,"
            " values, otherwise, steps, number, day, if_empty.",
        ]),
        ("product: GOLD", "product: GOLD\n      product: GOLD", [
            "m.yaml, line 9: “product” stands twice; keep one.",
        ]),
        ("product: GOLD", "product: [", ["m.yaml, line 10: this is not YAML; check signs and"
                                         " indents."]),
        ("source: file", "source: file\nfile: {separator: semicolon}", [
            'm.yaml, line 3: the separator is one sign, such as ";", or the word tab.',
        ]),
        ("imports:", "imports: []\nimports:", [
            "m.yaml, line 4: “imports” stands twice; keep one.",
        ]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(before: str, after: str, problems: list[str]) -> None:
    text = GOOD.replace(before, after, 1)
    assert text != GOOD
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read(text)
    assert str(refused.value).splitlines() == problems


@pytest.mark.parametrize("text", ["", "[1, 2]", "imports", "a: &a [*a]", "[" * 5_000, "\0"])
def test_what_is_no_mapping_at_all_is_refused(text: str) -> None:
    with pytest.raises(FileRefused):
        read(text)


def test_columns_that_the_file_does_not_have() -> None:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        read(GOOD).check_columns(["id", "opend"])
    assert str(refused.value) == (
        "m.yaml, line 10: the file has no column “OPENED”; it has: id, opend. Did you mean “opend”?"
    )
