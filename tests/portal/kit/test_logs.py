"""What reaches the log, and what must not."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from portal.celery import app
from portal.kit import logs
from tests.factories.journeys import CustomerFactory

PHONE = "13812345678"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the portal's formatter writes while the test runs."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonFormatter())
    logger = logging.getLogger("portal.test")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield out
    logger.removeHandler(handler)


def _line(written: io.StringIO) -> dict[str, Any]:
    (line,) = written.getvalue().splitlines()
    return json.loads(line)


def test_a_line_carries_request_and_staff(written: io.StringIO) -> None:
    with logs.request_context("abc123"):
        logs.STAFF_ID.set("7")
        logging.getLogger("portal.test").info("card %s issued", "K1", extra={"facts": {"ms": 1.5}})
    line = _line(written)
    del line["time"]
    assert line == {
        "level": "info",
        "logger": "portal.test",
        "event": "card K1 issued",
        "request": "abc123",
        "staff": "7",
        "ms": 1.5,
    }


def test_the_context_ends_with_the_request() -> None:
    with logs.request_context("abc123"):
        logs.STAFF_ID.set("7")
    assert (logs.REQUEST_ID.get(), logs.STAFF_ID.get()) == ("", "")


def test_a_phone_number_is_masked_wherever_it_comes_from(written: io.StringIO) -> None:
    logger = logging.getLogger("portal.test")
    facts = {"path": f"/find/{PHONE}", PHONE: [int(PHONE)], "rows": {"n": 3}}
    try:
        raise ValueError(f"no such phone: {PHONE}")
    except ValueError:
        logger.exception("looking for %s", PHONE, stack_info=True, extra={"facts": facts})
    assert PHONE not in written.getvalue()
    line = _line(written)
    assert line["event"] == "looking for 138****5678"
    assert line["path"] == "/find/138****5678"
    assert line["138****5678"] == ["138****5678"]
    assert line["rows"] == {"n": 3}
    assert line["error"].splitlines()[-1] == "ValueError: no such phone: 138****5678"


def test_arguments_that_do_not_fit_are_not_lost() -> None:
    record = logging.LogRecord("portal.test", logging.INFO, "", 1, "%d rows", ("many",), None)
    assert json.loads(logs.JsonFormatter().format(record))["event"] == "%d rows ('many',)"


@pytest.mark.django_db
def test_rows_quoted_by_the_database_are_left_out(written: io.StringIO) -> None:
    customer = CustomerFactory(name="诸葛小明")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE journeys_customer SET number = NULL WHERE id = %s", [customer.pk]
            )
    except IntegrityError:
        logging.getLogger("portal.test").exception("import failed")
    assert "诸葛小明" not in written.getvalue()
    assert "DETAIL: left out" in _line(written)["error"]


def test_a_task_is_named_in_the_log_while_it_runs() -> None:
    @app.task(name="tests.say_task")
    def say_task() -> str:
        return logs.TASK_ID.get()

    try:
        result = say_task.apply(task_id="task-1")
    finally:
        app.tasks.pop("tests.say_task")
    assert (result.get(), logs.TASK_ID.get()) == ("task-1", "")
