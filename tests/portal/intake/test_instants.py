"""Rows that say no instant, among such that do (decision 0139)."""

import datetime as dt

import pytest

from journeys.models import Application, Customer
from tests.factories.intake import counts_of, make_bank
from tests.portal.intake.full_rows import APPLICATION, FILED, make_post
from tests.portal.intake.test_histories import DAY, EARLY, send, stands

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    make_post()


def test_what_stands_since_before_instants_were_kept_stands_since_its_latest_day() -> None:
    send("applications", APPLICATION)
    Application.objects.update(heard_at=None)
    assert send("applications", FILED | {"as_of": "2026-05-19"}).rows_older == 1
    assert send("applications", FILED | {"as_of": "2026-05-20"}).rows_older == 1
    assert send("applications", FILED | {"as_of": "2026-05-20 00:00:01"}).rows_changed == 1


def test_what_came_in_without_an_instant_counts_as_of_then_and_is_not_taken_back() -> None:
    """The file that says no instant may be older than the one that says one: a further state of
    that one is taken, a step back only as of later than when the first came in."""
    second = dt.timedelta(seconds=1)
    send("applications", FILED | {"as_of": "2026-05-02"}, at=EARLY + 2 * DAY)
    supplemented = FILED | {"state": "supplemented", "supplemented_date": "2026-05-05"}
    received = EARLY + 10 * DAY
    assert send("applications", supplemented, at=received).rows_changed == 1
    for late in ("2026-05-03", "2026-05-06", received.isoformat()):
        assert send("applications", FILED | {"as_of": late}).rows_older == 1
    assert stands()[0] == "supplemented"
    older = APPLICATION | {"as_of": "2026-05-01 23:59:59"}
    assert send("applications", older).rows_older == 1  # than what stood before already
    decided = APPLICATION | {"decided_date": "2026-05-08", "as_of": "2026-05-09"}
    assert send("applications", decided).rows_changed == 1
    assert stands()[0] == "approved"
    again = FILED | {"as_of": (received + second).isoformat()}
    assert (send("applications", again).rows_changed, stands()[0]) == (1, "filed")


def test_what_is_said_again_without_an_instant_is_kept_beside_instants_alone() -> None:
    row = {"number": "C1", "name": "李华", "branch": "B001", "registered_date": "2020-01-01",
           "lawful_basis": "contract"}  # fmt: skip
    send("customers", row, at=EARLY)
    assert counts_of(send("customers", row, at=EARLY + DAY)) == (0, 0, 1, 0)
    # Nobody says instants: it stands since it came in, and no row is written each day.
    assert Customer.objects.get(number="C1").heard_at == EARLY
    other = row | {"name": "李小华"}
    noon = (EARLY + dt.timedelta(hours=12)).isoformat()
    assert send("customers", other | {"as_of": noon}, at=EARLY + DAY).rows_changed == 1
    for place in (2, 3):
        assert counts_of(send("customers", other, at=EARLY + place * DAY)) == (0, 0, 1, 0)
        assert Customer.objects.get(number="C1").heard_at == EARLY + place * DAY
    late = (EARLY + 2 * DAY).isoformat()
    assert send("customers", row | {"as_of": late}, at=EARLY + 3 * DAY).rows_older == 1
    assert Customer.objects.get(number="C1").name == "李小华"
