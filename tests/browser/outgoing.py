"""A campaign's run that goes out by a real worker and a real clock to the practice gateways, and
what pages say of it at each look."""

import datetime as dt
from typing import Any

from playwright.sync_api import Page

from campaigns.eligibility import operations as eligibility
from journeys.models import Message, ReceivedMessage
from portal.demo import tables
from portal.kit import clock
from tests.factories.campaigns import approved
from tests.factories.crowd import issued, make_crowd
from tests.factories.journeys import ContactRuleFactory
from tests.processes import Processes, wait_until
from tests.project.rows import row_of

ORIGIN = "campaign:first-gift:v1"
# Of so many people the gateway refuses the number of one, and is busy for that of another.
SHARE = 100
_ENDS = {0: "0000", 1: "1111"}
_MIDNIGHT = dt.time(0)
# Each time that a part of the page comes anew, what it says is kept: figures by their names.
_WATCH = """id => {
  const look = () => Object.fromEntries([...document.querySelectorAll(`#${id} dt`)].map((one) => [
    one.textContent.trim(), Number(one.nextElementSibling.textContent.replaceAll(",", ""))]));
  window.looks = [look()];
  window.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id === id) window.looks.push(look());
  });
}"""


def phone_of(place: int) -> str:
    """The phone of one of the people, by which the practice gateways know a fault to practise."""
    end = _ENDS.get(place % SHARE)
    return f"139{place // SHARE:04d}{end}" if end else f"138{place:07d}7"


def queue_run(count: int, *, per_minute: int) -> None:
    """This will queue a message to each of so many people by a live run of an approved campaign,
    which may go at any hour and at a rate. Those for whom the gateway is busy were tried twice."""
    ContactRuleFactory(opens=_MIDNIGHT, closes=_MIDNIGHT)
    set_rate(per_minute)
    make_crowd(count, buyers=1, phone_of=phone_of)
    tables.analyze()
    around = dt.timedelta(days=2)
    version = approved(
        issued_from=(issued() - around).isoformat(), issued_to=(issued() + around).isoformat(),
        runs_to="2099-01-01",
    )  # fmt: skip
    run = eligibility.start_run(
        version_id=version.pk, kind="live", on=clock.today(), started_by=None, at=clock.now()
    )
    eligibility.work_run(run_id=run.pk, now=clock.now)
    busy = Message.objects.filter(customer__phone_masked__endswith=_ENDS[1])
    assert (Message.objects.filter(state="queued").count(), busy.count()) == (count, count // SHARE)
    busy.update(attempts=2)
    tables.analyze()


class Sending:
    """Worker, clock and practice gateways while the block runs. The gateways practise their faults
    until they are mended."""

    def __init__(self) -> None:
        self._processes = Processes()

    def __enter__(self) -> "Sending":
        self._processes.__enter__()
        self._gateways = self._processes.start_sandbox(has_faults=True)
        self._processes.start_worker()
        self._processes.start_beat()
        return self

    def __exit__(self, *error: Any) -> None:
        self._processes.__exit__(*error)

    def mend(self) -> None:
        """This will start the gateways anew, without a fault."""
        self._processes.kill(self._gateways)
        self._gateways = self._processes.start_sandbox()


def set_rate(per_minute: int, gateway: str = "") -> None:
    """This will let the gateway be given so many SMS a minute from today on."""
    row_of(
        "journeys.SendingRate", channel="sms", gateway=gateway, effective_date=clock.today(),
        per_minute=per_minute, burst=max(1, per_minute // 60),
    )  # fmt: skip


def hurry() -> None:
    """This will let the gateway be given as much as it takes: a rate of its own goes before."""
    set_rate(1_000_000, gateway="127.0.0.1")


def wait_for_sent(number: int) -> None:
    """This will wait until so many messages were sent."""
    wait_until(lambda: count_in("sent") >= number, 120 + number / 20, f"{number} messages sent")


def wait_for_none(*states: str) -> None:
    """This will wait until no message is in one of these states."""
    number = Message.objects.count()
    wait_until(lambda: not count_in(*states), 60 + number / 20, f"nothing is {states}")


def count_in(*states: str) -> int:
    return Message.objects.filter(origin=ORIGIN, state__in=states).count()


def count_received() -> int:
    """How many messages the gateways took, each once."""
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    assert len(keys) == len(set(keys))
    return len(keys)


def watch(page: Page, part: str) -> None:
    """This will keep what a part of the page says, each time that it comes anew."""
    page.evaluate(_WATCH, part)


def looks(page: Page) -> list[dict[str, int]]:
    """What the part said so far; where the page was loaded anew there is nothing."""
    found: list[dict[str, int]] = page.evaluate("window.looks")
    return found


def look_again(page: Page, times: int) -> dict[str, int]:
    """This will wait until the part came anew so many times, and tell what it says then."""
    wanted = len(looks(page)) + times
    wait_until(lambda: len(looks(page)) >= wanted, 60, "the page asks again")
    return looks(page)[-1]
