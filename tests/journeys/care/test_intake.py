"""The files of complaints and cases: what they must hold, leave alone, and pause."""

import datetime as dt
from pathlib import Path

import pytest

from journeys.care import operations as care
from journeys.care.models import CareEvent, Complaint, ServiceCase
from journeys.contact.models import MarketingPause
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.journeys import CustomerFactory
from tests.factories.outreach import TemplateFactory
from tests.project.rows import row_of

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
