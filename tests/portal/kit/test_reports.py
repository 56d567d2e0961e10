"""A report of an error names places, never values."""

import logging
import sys
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler
from django.views.debug import technical_500_response

from tests.factories.journeys import CustomerFactory

PHONE, EMAIL = "13912345678", "wang.xiaoming@mail.example.cn"
ID_NUMBER, CARD = "44030519880615003X", "6225881234560001"
ADDRESS, NAME = "文三路100号3幢201室", "诸葛小明"
SPOKEN = f"{PHONE} {EMAIL} {ID_NUMBER} {CARD}"
SECRETS = (PHONE, EMAIL, ID_NUMBER, CARD, ADDRESS, NAME)


def raise_with_values() -> None:
    """Fails with values in variables, in the message, in the cause and in a note."""
    address, name = f"浙江省杭州市西湖区{ADDRESS}", NAME
    try:
        raise KeyError(SPOKEN)
    except KeyError as cause:
        error = ValueError(f"{SPOKEN} of {len(address + name)} signs")
        error.add_note(SPOKEN)
        raise error from cause


def a_request() -> Any:
    data = {"phone": PHONE, "address": ADDRESS, "name": NAME}
    request = RequestFactory().post(f"/find/{PHONE}/?text={PHONE}&address={ADDRESS}&q={NAME}", data)
    request.COOKIES["x"] = EMAIL
    return request


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_the_debug_page_holds_no_value() -> None:
    try:
        raise_with_values()
    except ValueError:
        answer = technical_500_response(a_request(), *sys.exc_info())
    page = answer.content.decode()
    assert found_in(page) == []
    assert "raise_with_values" in page
    assert "139****5678" in page


def test_a_mail_to_administrators_holds_no_value(settings: Any) -> None:
    """Nothing is mailed by default; a bank that adds the handler gets this."""
    settings.ADMINS = [("Admin", "admin@bank.example")]
    handler = AdminEmailHandler(include_html=True)
    try:
        raise_with_values()
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "failed", None, sys.exc_info())
        record.request = a_request()
        handler.emit(record)
    (message,) = mail.outbox
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert found_in(message.body + html) == []
    assert "raise_with_values" in message.body
    assert "raise_with_values" in html


@pytest.mark.django_db
def test_rows_that_the_database_quotes_are_left_out() -> None:
    customer = CustomerFactory(name=NAME)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE journeys_customer SET number = NULL WHERE id = %s", [customer.pk]
            )
    except IntegrityError:
        answer = technical_500_response(a_request(), *sys.exc_info())
    assert found_in(answer.content.decode()) == []
    assert "DETAIL: left out" in answer.content.decode()


def test_no_logger_mails() -> None:
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = [handler for logger in loggers for handler in logger.handlers]
    assert not [handler for handler in handlers if isinstance(handler, AdminEmailHandler)]
