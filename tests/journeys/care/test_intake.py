"""The files of complaints and cases: what they must hold, leave alone, and pause."""

import datetime as dt
from pathlib import Path

import pytest
from django.db import connection

from journeys.care import operations as care
from journeys.care.models import CareEvent, Complaint, ServiceCase
from journeys.contact.models import MarketingPause
from journeys.customers.models import Customer
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.project.rows import DAY, row_of

pytestmark = pytest.mark.django_db

HEAD = (
    "number,customer,grade,opened_date,state,answered_date,closed_date,words,cause_kind,"
    "cause_reference,remedy\n"
)
OPEN = "T1,C1,simple,2026-05-20,open,,,请打13812345678,,,\n"
CLOSED = "T1,C1,simple,2026-05-20,closed,2026-05-25,2026-05-28,短信太多,process,,已致歉\n"
CASE = "G1,C1,补寄账单,2026-05-20,open,\n"
CASES = "number,customer,subject,opened_date,state,closed_date\n"


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    care.set_usual_rule(effective_date=dt.date(2026, 5, 1), at=AT)


def reasons_of(folder: Path, kind: str, content: str) -> list[tuple[str, str]]:
    """Column and reason of each bad cell."""
    lines = [line.replace('"', "") for line in errors_of(take(folder, kind, content))]
    return [(line.split(",")[1], line.split(",", 3)[3]) for line in lines]


def name_causes() -> None:
    """The campaign version first-gift/2 and the text greeting/sms/zh-hans/1."""
    TemplateFactory()
    campaign = row_of("campaigns.Campaign", code="first-gift")
    row_of("campaigns.CampaignVersion", campaign=campaign, number=2)


@pytest.mark.parametrize("cause", ["campaign,first-gift/2", "script,greeting/sms/zh-hans/1"])
def test_a_cause_that_exists_is_taken(tmp_path: Path, cause: str) -> None:
    name_causes()
    content = HEAD + CLOSED.replace("process,", cause)
    assert counts_of(take(tmp_path, "complaints", content)) == (1, 0, 0, 0)
    complaint = Complaint.objects.get()
    assert f"{complaint.cause_kind},{complaint.cause_reference}" == cause


def pauses() -> list[tuple[str, bool]]:
    rows = MarketingPause.objects.order_by("id")
    return [(row.reference, row.until is None) for row in rows]


def test_a_complaint_comes_in_pauses_marketing_and_ends_the_pause(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "complaints", HEAD + OPEN)) == (1, 0, 0, 0)
    complaint = Complaint.objects.get()
    assert (complaint.words, complaint.due_date, complaint.is_handled_here) == (
        "请打138****5678", dt.date(2026, 6, 4), False,
    )  # fmt: skip
    assert pauses() == [("T1", True)]
    assert counts_of(take(tmp_path, "complaints", HEAD + OPEN)) == (0, 0, 1, 0)
    assert pauses() == [("T1", True)]
    assert counts_of(take(tmp_path, "complaints", HEAD + CLOSED)) == (0, 1, 0, 0)
    assert pauses() == [("T1", False)]
    assert counts_of(take(tmp_path, "complaints", HEAD + CLOSED)) == (0, 0, 1, 0)
    assert list(CareEvent.objects.values_list("kind", flat=True)) == ["opened"]
    assert take(tmp_path, "complaints", HEAD + OPEN).rows_older == 1
    assert pauses() == [("T1", False)]
    # As of before the files came in that say none, it may be older; as of later it is not.
    for as_of, is_older in (("2026-05-30", True), ("2026-06-01 18:00:00", False)):
        again = HEAD.replace("\n", ",as_of\n") + OPEN.replace("\n", f",{as_of}\n")
        report = take(tmp_path, "complaints", again)
        assert (report.rows_older, report.rows_changed) == (is_older, not is_older)
    assert pauses() == [("T1", False), ("T1", True)]


def test_what_was_worked_on_here_is_left_alone(tmp_path: Path) -> None:
    take(tmp_path, "complaints", HEAD + OPEN)
    complaint = Complaint.objects.get()
    care.answer_complaint(complaint_id=complaint.pk, words="已答复", actor=None, at=AT)
    assert take(tmp_path, "complaints", HEAD + OPEN).rows_older == 1
    assert counts_of(take(tmp_path, "complaints", HEAD + CLOSED)) == (0, 0, 1, 0)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.answered_date) == ("answered", dt.date(2026, 6, 1))
    assert pauses() == [("T1", True)]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (OPEN.replace("C1", "C9"), ["customer"]),
        (OPEN.replace("2026-05-20", "2026-04-30"), ["opened_date"]),
        (OPEN.replace("2026-05-20", "2026-06-02"), ["opened_date"]),
        (OPEN.replace("simple", "huge"), ["grade"]),
        (OPEN.replace("open,,", "open,2026-05-21,"), ["state"]),
        (OPEN.replace("open", "answered"), ["answered_date"]),
        (CLOSED.replace("2026-05-28", ""), ["state"]),
        (CLOSED.replace("process", ""), ["state"]),
        (CLOSED.replace("process", "staff"), ["cause_kind"]),
        (CLOSED.replace("process", "campaign"), ["cause_reference"]),
        (CLOSED.replace("process,", "process,first-gift/2"), ["cause_reference"]),
        (CLOSED.replace("process,", "campaign,first-gift/3"), ["cause_reference"]),
        (CLOSED.replace("process,", "campaign,first-gift"), ["cause_reference"]),
        (CLOSED.replace("process,", "script,greeting"), ["cause_reference"]),
        (CLOSED.replace("process,", "script,greeting/sms/zh-hans/2"), ["cause_reference"]),
        (CLOSED.replace("已致歉", ""), ["state"]),
        (CLOSED.replace("2026-05-25", "2026-05-19"), ["answered_date"]),
        (CLOSED.replace("2026-05-28", "2026-05-24"), ["answered_date"]),
    ],
)
def test_bad_complaints(tmp_path: Path, content: str, columns: list[str]) -> None:
    name_causes()
    found = reasons_of(tmp_path, "complaints", HEAD + content)
    assert [column for column, _why in found] == columns
    assert not Complaint.objects.exists()
    assert pauses() == []


def test_a_complaint_keeps_its_customer(tmp_path: Path) -> None:
    CustomerFactory(number="C2")
    take(tmp_path, "complaints", HEAD + OPEN)
    assert reasons_of(tmp_path, "complaints", HEAD + OPEN.replace("C1", "C2")) == [
        ("customer", "This number stands already under customer C1.")
    ]


def test_a_case_comes_in_and_is_left_alone_once_it_is_worked_on(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "service_cases", CASES + CASE)) == (1, 0, 0, 0)
    assert pauses() == [("G1", True)]
    assert counts_of(take(tmp_path, "service_cases", CASES + CASE)) == (0, 0, 1, 0)
    case = ServiceCase.objects.get()
    care.close_case(case_id=case.pk, words="已寄出", actor=None, at=AT)
    assert take(tmp_path, "service_cases", CASES + CASE).rows_older == 1
    case.refresh_from_db()
    assert (case.state, case.events.count(), pauses()) == ("closed", 2, [("G1", False)])


def test_a_case_that_a_file_closes_ends_its_pause(tmp_path: Path) -> None:
    take(tmp_path, "service_cases", CASES + CASE)
    take(tmp_path, "service_cases", CASES + CASE.replace("open,", "closed,2026-05-21"))
    assert pauses() == [("G1", False)]


@pytest.mark.parametrize("end", ["open,2026-05-21", "closed,", "closed,2026-05-19"])
def test_bad_cases(tmp_path: Path, end: str) -> None:
    content = CASES + CASE.replace("open,", end)
    assert [column for column, _why in reasons_of(tmp_path, "service_cases", content)] == [
        "closed_date"
    ]
    assert not ServiceCase.objects.exists()


CLOSED_CASE = CASE.replace("open,", "closed,2026-05-28")


@pytest.mark.parametrize("as_of", ["", "2026-05-30"])
@pytest.mark.parametrize(
    ("opened", "is_anew"),
    [("2026-05-20", False), ("2026-05-27", False), ("2026-05-28", True), ("2026-05-29", True)],
)
@pytest.mark.parametrize("kind", ["complaints", "service_cases"])
def test_what_was_opened_again_pauses_marketing_without_an_instant(
    tmp_path: Path, kind: str, opened: str, is_anew: bool, as_of: str
) -> None:
    """Its day of opening tells that it is later than what had ended by then; so is the ended one
    older when it comes once more in another file."""
    head, row, ended = {
        "complaints": (HEAD, OPEN, CLOSED), "service_cases": (CASES, CASE, CLOSED_CASE),
    }[kind]  # fmt: skip
    take(tmp_path, kind, head + ended)
    again = row.replace("2026-05-20", opened).replace("\n", f",{as_of}\n")
    report = take(tmp_path, kind, head.replace("\n", ",as_of\n") + again, "again.csv")
    assert (report.rows_changed, report.rows_older) == (is_anew, not is_anew)
    assert [is_open for _number, is_open in pauses()] == [True] * is_anew
    stale = take(tmp_path, kind, head + ended + "\n", "stale.csv")
    assert (stale.rows_same, stale.rows_older) == (not is_anew, is_anew)
    assert [is_open for _number, is_open in pauses()] == [True] * is_anew


def _draws_next(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('journeys_care_number', %s, FALSE)", [number])


@pytest.mark.parametrize("state", ["open", "closed"])
def test_numbers_that_came_in_before_are_passed_over(state: str) -> None:
    """Complaints and cases of the source under what would be the house's next two numbers."""
    closed = {"state": "closed", "closed_date": DAY}
    ended = {**closed, "answered_date": DAY, "cause_kind": "process", "remedy": "已致歉"}
    customer = CustomerFactory()
    for drawn in (41, 42):
        row_of(
            "journeys.Complaint",
            number=f"P2026-{drawn:06d}",
            is_handled_here=False,
            **(ended if state == "closed" else {}),
        )
        row_of("journeys.ServiceCase", number=f"S2026-{drawn:06d}", is_handled_here=False,
               **(closed if state == "closed" else {}))  # fmt: skip
        row_of("journeys.MarketingPause", kind="complaint", reference=f"P2026-{drawn:06d}",
               until=AT if state == "closed" else None)  # fmt: skip
    row_of("journeys.MarketingPause", kind="case", reference="S2026-000043")
    _draws_next(41)
    made = care.open_complaint(
        customer_id=customer.pk, grade="simple", channel="hotline", words="太多", actor=None, at=AT
    )
    _draws_next(41)
    case = care.open_case(
        customer_id=customer.pk, channel="app", subject="补寄账单", actor=None, at=AT
    )
    assert (made.number, made.words, case.number) == ("P2026-000043", "太多", "S2026-000044")
    rests = customer.marketing_pauses.filter(until=None).values_list("kind", "reference")
    assert set(rests) == {("complaint", made.number), ("case", case.number)}


@pytest.mark.parametrize(
    ("number", "is_taken"),
    [("P2026-000007", False), ("P2026-1234567", False), ("P2026-00007", True),
     ("S2026-000007", True), ("p2026-000007", True), ("XP2026-000007", True),
     ("P2026-000007-1", True)],
)  # fmt: skip
def test_a_source_gives_out_no_numbers_of_the_house(
    tmp_path: Path, number: str, is_taken: bool
) -> None:
    content = HEAD + OPEN.replace("T1", number)
    assert counts_of(take(tmp_path, "complaints", content)) == (
        (1, 0, 0, 0) if is_taken else (0, 0, 0, 1)
    )
    assert Complaint.objects.count() == is_taken
    turned = number.translate(str.maketrans("PS", "SP"))
    cases = counts_of(take(tmp_path, "service_cases", CASES + CASE.replace("G1", turned)))
    assert cases == ((1, 0, 0, 0) if is_taken else (0, 0, 0, 1))


def test_what_was_made_here_may_be_sent_back(tmp_path: Path) -> None:
    made = care.open_complaint(
        customer_id=Customer.objects.get(number="C1").pk, grade="simple", channel="hotline",
        words="太多", actor=None, at=AT,
    )  # fmt: skip
    content = HEAD + OPEN.replace("T1", made.number).replace("2026-05-20", "2026-06-01")
    assert counts_of(take(tmp_path, "complaints", content)) == (0, 0, 1, 0)
    older = Complaint.objects.get()
    assert (older.words, older.is_handled_here) == ("太多", True)
    unknown = OPEN.replace("T1", f"{made.number}9")
    assert reasons_of(tmp_path, "complaints", HEAD + unknown) == [
        ("number", "Numbers of this form are given out by the portal, and it gave out none like"
         " this. Put a mark of the source before it.")
    ]  # fmt: skip
