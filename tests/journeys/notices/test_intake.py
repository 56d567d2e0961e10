"""Which results are to be told: each once, and none that is old when it comes in."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journeys.notices import operations as notices
from journeys.notices.models import NoticeRule, ResultNotice
from portal.intake import operations as intake
from tests.factories.notices import AT, TODAY, decide, make_bank, row, states, tell
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(("age", "is_told"), [(0, True), (2, True), (3, True), (4, False),
                                              (400, False)])  # fmt: skip
def test_a_result_that_is_old_when_it_comes_in_leaves_no_row(age: int, is_told: bool) -> None:
    make_bank(days=3)
    decide(row(filed_date="2025-01-02", decided_date=TODAY - age * DAY))
    assert states() == ([("approved", "due")] if is_told else [])


@pytest.mark.parametrize("hour", [(2026, 6, 4, 15, 59), (2026, 6, 4, 16, 0)])
def test_the_age_is_counted_in_days_of_the_bank(hour: tuple[int, ...]) -> None:
    """Midnight in Shanghai is four in the afternoon, UTC."""
    make_bank(days=3)
    at = dt.datetime(*hour, tzinfo=dt.UTC)  # type: ignore[misc]
    decide(row(), at=at)
    assert len(states()) == (1 if at.minute == 59 else 0)


def test_the_rule_of_the_day_of_import_holds() -> None:
    make_bank(days=3)
    notices.set_notice_rule(effective_date=TODAY + DAY, days=0, source="test", actor=None, at=AT)
    decide(row("A0001", decided_date=TODAY - 3 * DAY))
    decide(row("A0002"), row("A0003", decided_date=TODAY + DAY), at=AT + DAY)
    assert list(ResultNotice.objects.values_list("application__number", flat=True)) == [
        "A0001", "A0003",
    ]  # fmt: skip
    with pytest.raises(notices.RuleNotAllowed):
        notices.set_usual_rule(effective_date=TODAY + DAY, at=AT)
    assert NoticeRule.objects.count() == 2


def test_without_a_rule_nobody_is_told() -> None:
    make_bank()
    decide(row(), at=AT - dt.timedelta(days=200))
    assert states() == []


def test_open_applications_and_refused_rows_are_no_results() -> None:
    make_bank()
    report = decide(row("A0001", "filed"), row("A0002", product="NONE"), row("A0003", "refused"))
    assert (report.rows_bad, states()) == (1, [("refused", "due")])


def test_a_try_notes_nothing(tmp_path: Path) -> None:
    make_bank()
    intake.import_file(kind="applications", path=written(tmp_path), actor=None, at=AT,
                       dry_run=True)  # fmt: skip
    assert states() == []


def written(folder: Path) -> Path:
    path = folder / "applications.csv"
    names = list(row())
    path.write_text(
        ",".join(names) + "\n" + ",".join(str(row()[name]) for name in names) + "\n", "utf-8"
    )
    return path


def by_command(folder: Path) -> None:
    intake.import_file(kind="applications", path=written(folder), actor=None, at=AT)


def by_upload(folder: Path) -> None:
    staff = StaffFactory(role="administrator")
    content = written(folder).read_bytes()
    upload = intake.receive_file(
        kind="applications", label="a.csv", chunks=[content], by=staff, at=AT
    )
    intake.work_upload(upload_id=upload.pk, at=AT)
    intake.start_import(upload_id=upload.pk, by=staff, at=AT)
    intake.work_upload(upload_id=upload.pk, at=AT)


def by_api(_folder: Path) -> None:
    token, _text = intake.create_token(
        name="core",
        kinds=["applications"],
        last_day=TODAY,
        by=StaffFactory(role="administrator"),
        at=AT,
    )
    intake.receive_rows(
        token=token, kind="applications", rows=[row()], key="k", body_hash="0" * 64, at=AT
    )


@pytest.mark.parametrize("way", [by_command, by_upload, by_api])
def test_whichever_way_it_comes_in(
    way: Callable[[Path], None], tmp_path: Path, settings: Any
) -> None:
    settings.VAR_DIR = tmp_path
    make_bank()
    way(tmp_path)
    assert states() == [("approved", "due")]
    assert tell() == 1
    assert states() == [("approved", "told")]


def test_telling_is_asked_for_after_the_commit_and_not_by_a_try(
    tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    make_bank()
    with django_capture_on_commit_callbacks() as asked:
        intake.import_file(kind="applications", path=written(tmp_path), actor=None, at=AT,
                           dry_run=True)  # fmt: skip
    assert asked == []
    with django_capture_on_commit_callbacks() as asked:
        decide(row())
    assert len(asked) == 1


def test_the_same_file_again_and_a_corrected_day_tell_nothing_new() -> None:
    make_bank()
    decide(row(decided_date=TODAY - DAY))
    decide(row(decided_date=TODAY - DAY))
    decide(row(decided_date=TODAY))
    assert states() == [("approved", "due")]
    assert tell() == 1
    decide(row(decided_date=TODAY - DAY))
    decide(row(decided_date=TODAY))
    assert (tell(), states()) == (0, [("approved", "told")])


def test_a_correction_is_a_new_result() -> None:
    make_bank()
    decide(row(state="refused", decided_date=TODAY - DAY))
    assert tell() == 1
    decide(row(state="approved"))
    assert (tell(), len(states())) == (1, 2)


def test_the_first_file_once_more_does_not_tell_the_first_result_again() -> None:
    make_bank()
    first, second = row(state="refused", decided_date=TODAY - DAY), row(state="approved")
    for rows in (first, second, first, second):
        decide(rows)
        tell()
    assert sorted(result for result, _state in states()) == ["approved", "refused"]


def test_an_application_opened_again_may_be_refused_again() -> None:
    make_bank()
    decide(row(state="refused", decided_date=TODAY - DAY))
    tell()
    decide(row(state="filed"), corrects=True)
    assert (tell(), states()) == (0, [("refused", "superseded")])  # its message had not gone
    decide(row(state="refused"))
    assert (tell(), states()) == (1, [("refused", "superseded"), ("refused", "told")])
