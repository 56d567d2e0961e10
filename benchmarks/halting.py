"""Pausing, resuming and stopping a campaign whose messages wait by the million while a worker sends
them, beside the bare statements that would write so into each message.

    python -m benchmarks.halting [MESSAGES]

A process drains the outbox into a gateway that takes everything. Ours is what a person waits for:
the seconds from the word until the last message has left (pause, stop), or until the first leaves
again (resume). Bare is one statement for each: all that wait are set aside, taken up again, or
cancelled with their contacts. The promise: 5 seconds each, however many wait; a million that breaks
it fails. How long it takes until each message says so too is printed beside.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import harness

harness.boot()

from django.db import connection, transaction  # noqa: E402  (settings come first)

from benchmarks import approving, outbox  # noqa: E402
from benchmarks.crowds.queuers import AT, CONTEXT  # noqa: E402
from campaigns.models import CampaignVersion  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from campaigns.planning.rules import naming  # noqa: E402
from journeys.models import MessageTemplate  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.kit import sealed  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402
from portal.runtime import engines  # noqa: E402

MESSAGES, FULL = 100_000, 1_000_000
PROMISE = 5.0
# A run that is under way has sent so many, or a tenth of a small one.
_UNDER_WAY = 2_000
# Nothing more comes once nothing came for so long; longer than a hand-over of these gateways takes.
_QUIET_SECONDS = 3.0
_PATIENCE_SECONDS = 60.0
_CONNECTIONS = 2
_HOUR = 3_600

_PRODUCT = """
INSERT INTO journeys_cardproduct (code, name, name_en, issuer, is_own, annual_fee, is_active)
VALUES ('GOLD', 'g', 'g', 'b', true, 0, true)
"""
_MESSAGES = [
    """INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
       SELECT id, 'sms', 'marketing', %(at)s, %(origin)s, 'halt' FROM journeys_customer""",
    """INSERT INTO journeys_message (customer_id, channel, purpose, template_id, context, origin,
           dedup_key, state, queued_at, not_before, attempts, gateway_reference, failure_kind,
           failure)
       SELECT id, 'sms', 'marketing', %(template)s, %(context)s::jsonb, %(origin)s, 'halt',
           'queued', %(at)s, %(at)s, 0, '', '', '' FROM journeys_customer ORDER BY id""",
]
_BARE = {
    "pause": ["UPDATE journeys_message SET state = 'held' WHERE origin = %(origin)s"],
    "resume": ["UPDATE journeys_message SET state = 'queued' WHERE origin = %(origin)s"],
    "stop": [
        """UPDATE journeys_message SET state = 'cancelled', failure_kind = 'policy',
               failure = 'called_off' WHERE origin = %(origin)s""",
        "UPDATE journeys_contact SET released_at = %(at)s WHERE origin = %(origin)s",
    ],
}


@dataclass
class Scene:
    """A campaign that is being sent, by whom, and into what."""

    version: CampaignVersion
    origin: str
    actor: Staff
    sink: subprocess.Popen[str]
    sender: subprocess.Popen[str]
    is_sending: bool = False

    def taken(self) -> tuple[int, float]:
        """How many the gateway took so far, and when the last."""
        _say(self.sink, "")
        count, last = json.loads(harness.line_of(self.sink))
        return int(count), float(last)

    def send(self) -> None:
        """Has the worker drain the outbox, once it has done with the time before."""
        self.finish()
        _say(self.sender, str(_CONNECTIONS))
        self.is_sending = True

    def finish(self) -> None:
        """Waits until the worker finds nothing that is due."""
        if self.is_sending:
            assert harness.line_of(self.sender), "the process that sends has ended"
        self.is_sending = False


def main(messages: int) -> None:
    """This will print the times."""
    version, actor = _bank(messages)
    origin = naming.origin_of(version.campaign.code, version.number)
    bare = _bare(origin)
    with _scene(version, origin, actor) as scene:
        ours = {
            "pause": _pause(scene, min(_UNDER_WAY, messages // 10)),
            "resume": _resume(scene),
            "stop": _stop(scene),
        }
    for name, seconds in ours.items():
        harness.report(f"{name} with {messages:,} messages waiting, against bare statements",
                       seconds, bare[name])  # fmt: skip
        harness.promise(f"  {name}", seconds, PROMISE, " s")


def _bank(messages: int) -> tuple[CampaignVersion, Staff]:
    outbox.fill(messages)
    outreach.ensure_default_templates(at=AT)
    text = MessageTemplate.objects.get(code="first_gift", channel="sms", language="zh-hans")
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCT)
        # One number for all: what it says is nothing to a gateway that takes everything.
        number = sealed.seal("13800000001", "customer.phone")
        cursor.execute("UPDATE journeys_customer SET phone_sealed = %s", [number])
    version = approving.in_force(at=AT, products=["GOLD"])
    values: dict[str, Any] = {
        "at": AT, "template": text.pk, "context": json.dumps(CONTEXT),
        "origin": naming.origin_of(version.campaign.code, version.number),
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in _MESSAGES:
            cursor.execute(statement, values)
    _tidy()
    actor = Staff.objects.create(
        username="compliance", staff_number="3", name="compliance", role="compliance",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    return version, actor


def _tidy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _bare(origin: str) -> dict[str, float]:
    """The seconds of the bare statements, one after another; none of it stays."""
    taken = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for name, statements in _BARE.items():
            begun = time.perf_counter()
            for statement in statements:
                cursor.execute(statement, {"origin": origin, "at": AT})
            taken[name] = time.perf_counter() - begun
        transaction.set_rollback(True)
    _tidy()
    return taken


@contextlib.contextmanager
def _scene(version: CampaignVersion, origin: str, actor: Staff) -> Iterator[Scene]:
    port = engines.free_port()
    with contextlib.ExitStack() as ends:

        def started(*words: object) -> subprocess.Popen[str]:
            process = harness.start(*words, SMS_URL=f"http://127.0.0.1:{port}/sms")
            ends.callback(process.kill)
            assert harness.line_of(process) == "ready\n"
            return process

        sink = started("benchmarks.crowds.counters", port)
        sender = started("benchmarks.crowds.senders", AT.isoformat())
        yield Scene(version, origin, actor, sink, sender)


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def _pause(scene: Scene, under_way: int) -> float:
    scene.send()
    _wait(lambda: scene.taken()[0] >= under_way)
    begun = time.monotonic()
    outreach.pause_origin(origin=scene.origin, reason="x", actor=scene.actor, at=AT)
    seconds = _last_left(scene) - begun
    scene.finish()
    print(f"all set aside after {time.monotonic() - begun:.1f} s", flush=True)
    return max(0.0, seconds)


def _resume(scene: Scene) -> float:
    before, _last = scene.taken()
    begun = time.monotonic()
    outreach.resume_origin(origin=scene.origin, reason="x", actor=scene.actor, at=AT)
    scene.send()  # as the resumption asks the workers to
    _wait(lambda: scene.taken()[0] > before)
    seconds = time.monotonic() - begun
    outreach.follow_halts(clock=lambda: AT, seconds=_HOUR)
    print(f"all taken up again after {time.monotonic() - begun:.1f} s", flush=True)
    return seconds


def _stop(scene: Scene) -> float:
    begun = time.monotonic()
    planning.stop_campaign(
        campaign_id=scene.version.campaign_id, reason="x", actor=scene.actor, at=AT
    )
    seconds = _last_left(scene) - begun
    outreach.follow_halts(clock=lambda: AT, seconds=_HOUR)
    scene.finish()
    print(f"all cancelled after {time.monotonic() - begun:.1f} s", flush=True)
    return max(0.0, seconds)


def _last_left(scene: Scene) -> float:
    """When the last one came, after which nothing does."""
    while True:
        count, last = scene.taken()
        time.sleep(_QUIET_SECONDS)
        if scene.taken()[0] == count:
            return last


def _wait(holds: Callable[[], bool]) -> None:
    """Until it holds, or there is nothing to wait for: of few messages all may be gone."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else FULL if harness.is_full() else MESSAGES
    main(size)
    harness.end(is_judged=size >= FULL)
