"""The files of applications and cards: what they name, and facts that contradict each other."""

import datetime as dt
from pathlib import Path

import pytest

from journeys.models import Application, Card, CardProduct
from tests.factories.intake import counts_of, errors_of, make_bank, take
from tests.factories.journeys import CardFactory, CustomerFactory, ProductFactory

APPLICATIONS = "number,customer,product,branch,filed_date,state,decided_date,merchant\n"
CARDS = "reference,customer,application,product,branch,issued_date,activated_date,closed_date\n"
APPLICATION = "A7,C1,GOLD,B001,2026-02-20,approved,2026-03-02,M1\n"
CARD = "K7,C1,A7,GOLD,B001,2026-03-02,2026-03-08,\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    ProductFactory(code="RIVAL", is_own=False)


def reasons_of(folder: Path, kind: str, content: str) -> list[tuple[str, str]]:
    """Column and reason of each bad cell."""
    lines = [line.replace('"', "") for line in errors_of(take(folder, kind, content))]
    return [(line.split(",")[1], line.split(",", 3)[3]) for line in lines]


def test_an_application_and_its_card(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "applications", APPLICATIONS + APPLICATION)) == (1, 0, 0, 0)
    assert counts_of(take(tmp_path, "cards", CARDS + CARD)) == (1, 0, 0, 0)
    application, card = Application.objects.get(number="A7"), Card.objects.get(reference="K7")
    assert (application.customer.number, application.merchant.number, application.decided_date) == (
        "C1", "M1", dt.date(2026, 3, 2),
    )  # fmt: skip
    assert (card.application, card.customer, card.is_primary, card.first_used_date) == (
        application, application.customer, True, None,
    )  # fmt: skip
    assert counts_of(take(tmp_path, "applications", APPLICATIONS + APPLICATION)) == (0, 0, 1, 0)
    assert counts_of(take(tmp_path, "cards", CARDS + CARD)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("C1", "C9", ("customer", "There is no customer with this number; import the file of"
                      " customers first.")),
        ("GOLD", "RIVAL", ("product", "There is no own card product with this code.")),
        ("B001", "B9", ("branch", "There is no branch with this code.")),
        ("M1", "M9", ("merchant", "There is no merchant with this number.")),
        ("approved", "filed", ("decided_date", "An open application has no day of decision.")),
        ("2026-03-02", "", ("decided_date", "An application that is not open any more needs the"
                            " day of decision.")),
        ("2026-03-02", "2026-02-19", ("decided_date", "Decided before it was filed on"
                                      " 2026-02-20.")),
        ("approved", "lost", ("state", "This is not one of: filed, supplemented, approved,"
                              " refused, withdrawn.")),
    ],
)  # fmt: skip
def test_bad_applications(tmp_path: Path, old: str, new: str, found: tuple[str, str]) -> None:
    content = APPLICATIONS + APPLICATION.replace(old, new)
    assert reasons_of(tmp_path, "applications", content) == [found]
    assert not Application.objects.filter(number="A7").exists()


def test_an_application_keeps_its_customer_and_stays_before_its_card(tmp_path: Path) -> None:
    CustomerFactory(number="C2")
    content = APPLICATIONS + "A1,C2,GOLD,B001,2026-03-03,approved,2026-03-03,\n"
    assert reasons_of(tmp_path, "applications", content) == [
        ("customer", "This application stands already under customer C1."),
        ("filed_date", "Filed after its card K1 was issued on 2026-03-02."),
    ]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("C1,A7", "C9,", ("customer", "There is no customer with this number; import the file of"
                      " customers first.")),
        ("A7", "A9", ("application", "There is no application with this number; import the file of"
                      " applications first.")),
        ("GOLD", "RIVAL", ("product", "There is no own card product with this code.")),
        ("B001", "B9", ("branch", "There is no branch with this code.")),
        ("2026-03-08", "2026-03-01", ("activated_date", "Activated before it was issued on"
                                      " 2026-03-02.")),
        ("2026-03-08,", "2026-03-08,2026-03-01", ("closed_date", "Closed before it was issued on"
                                                  " 2026-03-02.")),
        ("2026-03-02", "2026-02-19", ("issued_date", "Issued before its application was filed on"
                                      " 2026-02-20.")),
        ("K7", "6225880000000001", ("reference", "This is a full card number, and keys are shown on"
                                    " pages; give the source's own key instead, or a keyed hash of"
                                    " the number.")),
    ],
)  # fmt: skip
def test_bad_cards(tmp_path: Path, old: str, new: str, found: tuple[str, str]) -> None:
    take(tmp_path, "applications", APPLICATIONS + APPLICATION)
    before = Card.objects.count()
    assert reasons_of(tmp_path, "cards", CARDS + CARD.replace(old, new)) == [found]
    assert Card.objects.count() == before


@pytest.mark.parametrize(
    ("issued", "activated", "bad"),
    [("2026-02-20", "2026-02-20", []), ("2026-03-02", "2026-03-01", ["activated_date"])],
)
def test_the_same_day_is_not_before(
    tmp_path: Path, issued: str, activated: str, bad: list[str]
) -> None:
    take(tmp_path, "applications", APPLICATIONS + APPLICATION)
    content = CARDS + f"K7,C1,A7,GOLD,B001,{issued},{activated},\n"
    assert [column for column, _reason in reasons_of(tmp_path, "cards", content)] == bad


def test_a_card_belongs_to_one_customer(tmp_path: Path) -> None:
    CustomerFactory(number="C2")
    content = CARDS + "K1,C2,A1,GOLD,B001,2026-03-02,,\n"
    assert reasons_of(tmp_path, "cards", content) == [
        ("customer", "This card stands already under customer C1."),
        ("customer", "Its application was filed by customer C1."),
    ]
    assert Card.objects.get(reference="K1").customer.number == "C1"


def test_a_new_day_of_issue_agrees_with_what_the_file_lacks(tmp_path: Path) -> None:
    customer = Card.objects.get(reference="K1").customer
    CardFactory(reference="K8", customer=customer, application__number="A8",
                activated_date=dt.date(2026, 3, 5), closed_date=dt.date(2026, 3, 6))  # fmt: skip
    header = "reference,customer,product,branch,issued_date\n"
    assert reasons_of(tmp_path, "cards", header + "K8,C1,GOLD,B001,2026-03-07\n") == [
        ("issued_date", "Activated before it was issued on 2026-03-07."),
        ("issued_date", "Closed before it was issued on 2026-03-07."),
    ]
    assert reasons_of(tmp_path, "cards", header + "K8,C1,GOLD,B001,2026-02-01\n") == [
        ("issued_date", "Issued before its application was filed on 2026-02-20."),
    ]
    assert reasons_of(tmp_path, "cards", header + "K8,C1,GOLD,B001,2026-03-05\n") == []
    card = Card.objects.get(reference="K8")
    assert (card.issued_date, card.activated_date, card.application.number) == (
        dt.date(2026, 3, 5), dt.date(2026, 3, 5), "A8",
    )  # fmt: skip


def test_a_full_card_number_is_not_even_shown(tmp_path: Path) -> None:
    header = "reference,masked_number,customer,product,branch,issued_date\n"
    report = take(tmp_path, "cards", header + "K7,6225880000000001,C1,GOLD,B001,2026-03-02\n")
    assert errors_of(report) == [
        "2,masked_number,622588******0001,Full card numbers are not taken in; send the masked"
        " number."
    ]


DOCUMENTS = "number,customer,product,branch,filed_date,state,supplemented_date,decided_date\n"


@pytest.mark.parametrize(
    ("state", "documents", "decided", "found"),
    [
        ("supplemented", "2026-02-25", "", []),
        ("supplemented", "2026-02-20", "", []),
        ("approved", "2026-03-02", "2026-03-02", []),
        ("approved", "", "2026-03-02", []),
        ("supplemented", "", "", [("supplemented_date", "An application whose documents are"
                                   " supplemented needs that day.")]),
        ("filed", "2026-02-25", "", [("supplemented_date", "An application that is only filed has"
                                      " no such day; with the day its state is supplemented.")]),
        ("supplemented", "2026-02-19", "", [("supplemented_date", "Supplemented before it was filed"
                                             " on 2026-02-20.")]),
        ("supplemented", "2026-02-25", "2026-02-26", [("decided_date", "An open application has no"
                                                       " day of decision.")]),
        ("approved", "2026-03-03", "2026-03-02", [("decided_date", "Decided before its documents"
                                                   " came in on 2026-03-03.")]),
    ],
)  # fmt: skip
def test_documents_that_come_in_later(
    tmp_path: Path, state: str, documents: str, decided: str, found: list[tuple[str, str]]
) -> None:
    content = DOCUMENTS + f"A7,C1,GOLD,B001,2026-02-20,{state},{documents},{decided}\n"
    assert reasons_of(tmp_path, "applications", content) == found
    taken = Application.objects.filter(number="A7").values_list("state", "supplemented_date")
    day = dt.date.fromisoformat(documents) if documents else None
    assert list(taken) == ([] if found else [(state, day)])


PRODUCTS = "code,name,name_en,issuer,is_own,annual_fee,is_active\n"


def test_card_products_of_the_bank_and_of_rivals(tmp_path: Path) -> None:
    rows = "PLAT,白金卡,Platinum,本行,true,880,true\nRIVAL,车主卡,,青梧银行,false,0,\n"
    report = take(tmp_path, "card_products", PRODUCTS + rows)
    assert counts_of(report) == (1, 1, 0, 0)
    fields = ("code", "name_en", "issuer", "is_own", "annual_fee", "is_active")
    found = CardProduct.objects.exclude(code="GOLD").order_by("code").values_list(*fields)
    assert list(found) == [
        ("PLAT", "Platinum", "本行", True, 880, True),
        ("RIVAL", "车主卡", "青梧银行", False, 0, True),
    ]
    assert counts_of(take(tmp_path, "card_products", PRODUCTS + rows)) == (0, 0, 2, 0)


def test_a_product_with_cards_stays_the_banks_own(tmp_path: Path) -> None:
    content = PRODUCTS + "GOLD,金卡,Gold,本行,false,0,true\n"
    assert reasons_of(tmp_path, "card_products", content) == [
        ("is_own", "There are applications or cards of this product: it stays one of the bank's"
                   " own."),
    ]  # fmt: skip
    assert CardProduct.objects.get(code="GOLD").is_own


def issued_on() -> dt.date | None:
    return Application.objects.get(number="A7").card_issued_date


def test_an_application_knows_when_its_card_was_issued_in_whatever_order_they_come(
    tmp_path: Path,
) -> None:
    """Also by a card that names no application: one of the same product, issued since."""
    take(tmp_path, "applications", APPLICATIONS + APPLICATION)
    assert issued_on() is None
    take(tmp_path, "cards", CARDS + CARD)
    assert issued_on() == dt.date(2026, 3, 2)
    take(tmp_path, "cards", CARDS + CARD.replace(",A7,", ",A1,"))
    assert issued_on() is None
    take(tmp_path, "cards", CARDS + CARD.replace(",A7,", ",,"))
    assert issued_on() == dt.date(2026, 3, 2)
    take(tmp_path, "applications", APPLICATIONS + APPLICATION.replace("02-20", "03-02"))
    assert issued_on() == dt.date(2026, 3, 2)
    ProductFactory(code="PLAT")
    take(tmp_path, "cards", CARDS + CARD.replace(",A7,GOLD", ",,PLAT"))
    assert issued_on() is None


def test_a_supplementary_card_or_an_older_one_is_not_that_of_an_application(
    tmp_path: Path,
) -> None:
    take(tmp_path, "cards", CARDS + CARD.replace(",A7,", ",,").replace("03-02,", "02-19,"))
    take(
        tmp_path, "cards",
        "reference,customer,product,branch,issued_date,primary_reference\n"
        "K8,C1,GOLD,B001,2026-03-02,K7\n",
    )  # fmt: skip
    take(tmp_path, "applications", APPLICATIONS + APPLICATION)
    assert issued_on() is None


def test_the_primary_card_is_named_by_its_reference_and_not_by_its_number(tmp_path: Path) -> None:
    header = "reference,customer,product,branch,is_primary,primary_reference,issued_date\n"
    rows = "K7,C1,GOLD,B001,false,6225880000000001,2026-03-02\n"
    assert [column for column, _reason in reasons_of(tmp_path, "cards", header + rows)] == [
        "primary_reference"
    ]
    assert not Card.objects.filter(reference="K7").exists()
