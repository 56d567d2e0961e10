"""The outbox is watched by four people, in both languages, at a desk and on a phone, while a
campaign's run goes out; it is paused, goes on, what was set aside is sent again; and another one is
stopped. With 300 messages each day, with 20,000 at length."""

import pytest
from playwright.sync_api import Page, expect

from journeys.contact.enums import Channel
from journeys.models import Message
from journeys.outreach.enums import Failure, HaltKind, MessageState
from journeys.outreach.models import OriginHalt
from portal.models import Staff
from tests.browser import outgoing
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.browser.pictures import keep
from tests.browser.stories import word
from tests.factories.portal import StaffFactory
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
# So slowly at first that it still goes out once everybody has looked at it.
SIZES = [(300, 60), pytest.param(20_000, 3_000, marks=pytest.mark.chaos)]
READERS = [("zh-hans", 1280), ("en", 1280), ("zh-hans", 390), ("en", 390)]
# The figures that a message is in one of, whatever becomes of it; and those of an origin.
PARTS = ["Waiting", "Paused", "Being sent", "Sent today", "In doubt", "Set aside", "Failed"]
OF_ORIGIN = [
    "Waiting", "Waiting to be cancelled", "Being sent", "Sent", "In doubt", "Set aside", "Failed",
    "Cancelled",
]  # fmt: skip
# From a pause or a stop to the last message that was handed over before it was known.
SECONDS = 10


class Reader:
    """Somebody who has the outbox open, and does not touch it."""

    def __init__(self, open_page: OpenPage, language: str, width: int) -> None:
        self.language, self.width = language, width
        self.page = open_page("compliance", language=language, width=width)
        self.page.goto("/outbox/")
        outgoing.watch(self.page, "figures")

    def figure(self, name: str, look: dict[str, int]) -> int:
        """One that is nothing is not shown everywhere."""
        return look.get(word(name, self.language), 0)

    def adds_up_to(self, count: int) -> None:
        """At each look so far; what was sent grew from look to look, on a page that was loaded
        once."""
        seen = outgoing.looks(self.page)
        sums = {sum(self.figure(name, look) for name in PARTS) for look in seen}
        assert sums == {count}, (self.language, self.width, seen)
        sent = [self.figure("Sent today", look) for look in seen]
        assert sent == sorted(sent)
        assert len(set(sent)) > 3

    def reads(self, name: str) -> int:
        """What a figure says at the next look."""
        return self.figure(name, outgoing.look_again(self.page, 1))

    def rows(self, part: str) -> list[list[str]]:
        """The words of a table's cells."""
        rows = self.page.locator(f"{part} tbody tr").all()
        return [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in rows]

    def causes(self) -> list[list[str]]:
        """Why messages did not go, what became of them, and of how many."""
        rows = self.rows("section[aria-labelledby=causes]")
        return sorted([cause, state, number] for cause, state, _channel, number, _bar in rows)

    def wait_for_causes(self, expected: list[list[str]]) -> None:
        """They come some seconds later than the figures."""
        wait_until(lambda: self.causes() == expected, 30, str(expected))

    def keep(self, name: str) -> None:
        settle(self.page)
        self.page.evaluate("window.scrollTo(0, 0)")
        keep(self.page, f"{name}-{self.language[:2]}-{self.width}")


def origin_page(open_page: OpenPage, language: str, width: int = 1280) -> Page:
    """The page of what goes out, before the campaign manager."""
    person: Staff = StaffFactory(role="campaign_manager", language=language)
    page = open_page(person, language=language, width=width)
    page.goto(f"/outbox/origin/{outgoing.ORIGIN}/")
    assert faults_of(page) == []
    return page


def press(page: Page, way: str, reason: str) -> None:
    page.locator("[name=reason]").fill(reason)
    page.locator(f"button[value={way}]").click()
    settle(page)


def sent_after(halt: OriginHalt) -> float:
    """For how many seconds after a halt something was still handed over."""
    last = Message.objects.filter(state="sent").latest("sent_at").sent_at
    assert last is not None
    return (last - halt.halted_at).total_seconds()


def nothing_goes(reader: Reader) -> None:
    """Between two looks that are some seconds apart nothing was handed over."""
    before = outgoing.count_received()
    outgoing.look_again(reader.page, 3)
    assert outgoing.count_received() == before


def see_it_going(readers: list[Reader]) -> None:
    """Each page says by itself what goes out and how fast."""
    for reader in readers:
        badge = reader.page.locator("#standing tbody .badge")
        expect(badge).to_have_text(word("Going out", reader.language))
        expect(reader.page.locator("#causes")).to_be_visible()
        ((channel, before, now),) = reader.rows("#figures")
        assert channel.endswith(word(Channel.SMS.label, reader.language))
        assert int(before.replace(",", "") or 0) + int(now.replace(",", "") or 0) > 0
        assert reader.figure("In the last minute", outgoing.looks(reader.page)[-1]) > 0
        assert faults_of(reader.page) == []
        reader.keep("outbox")


def see_it_paused(readers: list[Reader], manager: Page) -> None:
    outgoing.wait_for_none("queued", "sending")
    halt = OriginHalt.objects.get()
    assert sent_after(halt) < SECONDS
    nothing_goes(readers[0])
    for reader in readers:
        badge = reader.page.locator("#standing tbody .badge")
        expect(badge).to_have_text(word(HaltKind.PAUSE.label, reader.language))
        look = outgoing.look_again(reader.page, 1)
        assert reader.figure("Paused", look) > reader.figure("Waiting", look) == 0
    assert faults_of(manager) == []
    keep(manager, "outbox-paused-zh")


def see_the_causes(readers: list[Reader], number: int) -> None:
    """Why messages did not go, in the words of each reader."""
    pairs = [(Failure.BAD_ADDRESS, MessageState.FAILED), (Failure.BUSY, MessageState.PARKED)]
    for reader in readers:
        look = outgoing.look_again(reader.page, 1)
        assert reader.figure("Failed", look) == reader.figure("Set aside", look) == number
        expected = sorted(
            [*(word(text.label, reader.language) for text in pair), f"{number:,}"] for pair in pairs
        )
        reader.wait_for_causes(expected)
        badge = reader.page.locator("#standing tbody .badge")
        expect(badge).to_have_text(word(MessageState.PARKED.label, reader.language))


@pytest.mark.parametrize(("count", "per_minute"), SIZES)
def test_a_run_is_watched_paused_and_sent_to_its_end(
    count: int, per_minute: int, open_page: OpenPage
) -> None:
    outgoing.queue_run(count, per_minute=per_minute)
    readers = [Reader(open_page, language, width) for language, width in READERS]
    manager = origin_page(open_page, "zh-hans")
    few = count // outgoing.SHARE
    with outgoing.Sending() as sending:
        outgoing.wait_for_sent(count // 10)
        see_it_going(readers)
        press(manager, "pause", "核对文案")
        see_it_paused(readers, manager)
        outgoing.hurry()
        press(manager, "resume", "文案无误")
        outgoing.wait_for_none("queued", "held", "sending")
        see_the_causes(readers, few)
        sending.mend()
        manager.reload()
        press(manager, "send_again", "网关已修复")
        outgoing.wait_for_none("queued", "sending", "parked")
        for reader in readers:
            assert reader.reads("Sent today") == count - few == outgoing.count_received()
            reader.adds_up_to(count)


@pytest.mark.parametrize(("count", "per_minute"), SIZES)
def test_a_run_is_watched_and_stopped(count: int, per_minute: int, open_page: OpenPage) -> None:
    outgoing.queue_run(count, per_minute=per_minute)
    pages = {language: origin_page(open_page, language, 390) for language in ("en", "zh-hans")}
    reader = Reader(open_page, "en", 1280)
    with outgoing.Sending():
        outgoing.wait_for_sent(count // 10)
        # Pressing loads the page anew: it watches from then on, the other one all the time.
        outgoing.watch(pages["zh-hans"], "origin")
        press(pages["en"], "stop", "The offer was withdrawn")
        outgoing.watch(pages["en"], "origin")
        outgoing.wait_for_none("queued", "held", "sending", "parked")
        assert sent_after(OriginHalt.objects.get()) < SECONDS
        nothing_goes(reader)
        for language, page in pages.items():
            badge = page.locator("#origin .badge")
            expect(badge).to_have_text(word(HaltKind.STOP.label, language))
            assert see_it_stopped(page, language) == count - outgoing.count_in("sent", "failed")
            assert faults_of(page) == []
    assert 0 < outgoing.count_in("sent") == outgoing.count_received() < count


def see_it_stopped(page: Page, language: str) -> int:
    """The figures of the origin add up at each look; how many were cancelled in the end."""
    for look in outgoing.looks(page):
        parts = {word(name, language) for name in OF_ORIGIN}
        whole = look[word("Messages", language)]
        assert sum(number for name, number in look.items() if name in parts) == whole, look
    return outgoing.look_again(page, 1)[word("Cancelled", language)]
