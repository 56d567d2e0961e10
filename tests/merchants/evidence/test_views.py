"""What a merchant's turnover shows, on its page and as a file."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from portal.exports import queries as kinds
from portal.kit import clock
from portal.kit.registry import BadFilter
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.evidence_rows import CHANGED
from tests.project.rows import row_of

ClientOf = Callable[..., Client]
MONDAY = dt.date(2026, 6, 1)
FELL = {"code": "fell", "since": "2026-05-11", "percent": 21, "least": 15, "most": 27}

pytestmark = pytest.mark.django_db


def shop(**values: Any) -> Any:
    """A merchant with four weeks, the third of few postings, that fell in the second."""
    merchant = MerchantFactory(**values)
    first = MONDAY - dt.timedelta(weeks=4)
    row_of(
        "merchants.WeeksOfTurnover", merchant=merchant, on=MONDAY, first=first,
        even=[1000, 800, 790, None], group=[1000, 1010, 1020, 1030], taken=[1100, 880, 77, 0],
        postings=[20, 16, 4, 0],
    )  # fmt: skip
    row_of(
        "merchants.EvidenceOfTurnover", merchant=merchant, on=MONDAY, reasons=[FELL],
        level=Decimal(800), **(CHANGED | {"since": first + dt.timedelta(weeks=1)}),
    )  # fmt: skip
    return merchant


def part(client: Client, merchant: Any) -> Any:
    return client.get(reverse("merchant_evidence", args=[merchant.number]))


def test_state_reasons_weeks_and_the_change_are_shown(client_of: ClientOf) -> None:
    answer = part(client_of("campaign_manager"), shop())
    text = answer.content.decode()
    assert [(row.week, row.taken, row.even, row.is_few) for row in answer.context["rows"]] == [
        (MONDAY - dt.timedelta(weeks=1), 0, None, False),
        (MONDAY - dt.timedelta(weeks=2), None, None, True),
        (MONDAY - dt.timedelta(weeks=3), 880, 800, False),
        (MONDAY - dt.timedelta(weeks=4), 1100, 1000, False),
    ]
    assert answer.context["is_shown"]
    assert "2026-05-11" in text
    assert "¥77" not in text
    assert text.count("<polyline") == 2


def test_a_merchant_that_was_never_judged_says_so(client_of: ClientOf) -> None:
    answer = part(client_of("campaign_manager"), MerchantFactory())
    assert answer.context["evidence"] is None
    assert "<svg" not in answer.content.decode()


def test_weeks_of_few_postings_alone_make_no_picture(client_of: ClientOf) -> None:
    merchant = MerchantFactory()
    row_of("merchants.EvidenceOfTurnover", merchant=merchant, on=MONDAY, state="not_enough")
    row_of("merchants.WeeksOfTurnover", merchant=merchant, on=MONDAY, postings=[4, 3])
    answer = part(client_of("campaign_manager"), merchant)
    assert not answer.context["is_shown"]
    assert "<svg" not in answer.content.decode()


def test_another_branchs_merchant_is_not_found(client_of: ClientOf) -> None:
    person = StaffFactory(role="branch_manager", branch=BranchFactory())
    assert part(client_of(person), shop()).status_code == 404


def test_the_file_holds_the_weeks_of_the_scope_or_of_one_merchant() -> None:
    person = StaffFactory(role="branch_manager", branch=BranchFactory())
    mine, second = (shop(branch=person.branch) for _place in range(2))
    other = shop()
    kind = kinds.find_kind("merchant_weeks")
    assert kind is not None

    def lines(asked: str) -> list[tuple[Any, ...]]:
        found = kind.read(person, QueryDict(asked), clock.today())
        return [tuple(row) for row in found.rows]

    assert [line[0] for line in lines("")] == [mine.number] * 4 + [second.number] * 4
    first = MONDAY - dt.timedelta(weeks=4)
    assert lines(f"merchant={mine.number}") == [
        (mine.number, first, 1100, 1000, 1000),
        (mine.number, first + dt.timedelta(weeks=1), 880, 800, 1010),
        (mine.number, first + dt.timedelta(weeks=2), None, None, 1020),
        (mine.number, first + dt.timedelta(weeks=3), 0, None, 1030),
    ]
    with pytest.raises(BadFilter):
        lines(f"merchant={other.number}")


def test_whoever_may_export_is_offered_it(client_of: ClientOf) -> None:
    merchant = shop()
    link = reverse("export_start", args=["merchant_weeks"]) + f"?merchant={merchant.number}"
    manager = client_of("campaign_manager")
    assert link in part(manager, merchant).content.decode()
    answer = manager.post(link, {"reason": "谈判前核对"})
    file = io.BytesIO(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (answer.status_code, file.read(2)) == (200, b"PK")
