"""What the demo bank's partners said no with and what was tried, and the windows, meetings and
promises of the partnerships: each written by the operations, on the day on which it is told to have
happened."""

import datetime as dt
import random
from collections.abc import Sequence

from merchants.demo import talk_words as words
from merchants.directory import queries as directory
from merchants.partnerships.models import Partnership
from merchants.prospects.models import MerchantLead
from merchants.refusals import operations as refusals
from merchants.refusals import queries as refusal_queries
from merchants.refusals.models import Refusal, RefusalAnswer, RefusalReason
from merchants.windows import operations as windows
from merchants.windows.models import Meeting, WindowNote
from portal.kit import clock
from portal.staff import queries as people
from portal.staff.enums import Role
from portal.staff.models import Staff

_LEADS = 24
_DAY = dt.timedelta(days=1)


def build_talks(*, seed: str, rows: Sequence[Partnership], on: dt.date) -> None:
    """This will write what was said with sixty partners and a few leads up to the day `on`, and
    plan the meetings of the next days."""
    rng = random.Random(f"{seed}:talks")
    tree = refusal_queries.forest()
    below = {
        code: [row for row in tree.reasons.values() if row.root == code] for code in words.SAID
    }
    for row in rows:
        row.refresh_from_db()
        if not row.is_open:
            continue
        for code in rng.sample(list(words.SAID), rng.choice((0, 1, 1, 2))):
            day = _day(rng, row, on)
            refusal = refusals.record_refusal(
                partnership_id=row.pk, reason_id=rng.choice(below[code]).pk,
                said=rng.choice(words.SAID[code]), said_date=day, contact=_contact(rng, row),
                actor=row.manager, at=_hour(rng, day),
            )  # fmt: skip
            _answer(rng, tree, refusal, row.manager, on)
        _open_window(rng, row, on)
    _leads(rng, tree, below, on)


def _day(rng: random.Random, row: Partnership, on: dt.date) -> dt.date:
    opened = clock.bank_day(row.opened_at)
    return on - dt.timedelta(days=rng.randint(1, max(1, (on - opened).days - 1)))


def _contact(rng: random.Random, row: Partnership) -> str:
    persons = directory.contacts_there(merchant=row.merchant)
    return rng.choice(persons).number if persons and rng.random() < 0.6 else ""


def _answer(
    rng: random.Random, tree: refusal_queries.Forest, refusal: Refusal, who: Staff, on: dt.date
) -> None:
    """Up to three answers, one after another, until one worked; the last may be open still."""
    answers = tree.answers_to(refusal.reason_id)
    day = refusal.said_date
    for answer in rng.sample(answers, min(len(answers), rng.choice((0, 1, 2, 3)))):
        day += rng.randint(0, 6) * _DAY
        if day >= on:
            return
        one = refusals.try_answer(
            refusal_id=refusal.pk, answer_id=answer.pk, tried_date=day, actor=who,
            at=_hour(rng, day),
        )  # fmt: skip
        day += rng.randint(1, 9) * _DAY
        if day >= on:
            return
        worked = rng.random() < _chance(answer)
        refusals.settle_try(
            try_id=one.pk, outcome="worked" if worked else "failed", outcome_date=day,
            note=rng.choice(words.WORKED if worked else words.FAILED), actor=who,
            at=_hour(rng, day) + dt.timedelta(hours=1),
        )  # fmt: skip
        if worked:
            return


def _chance(answer: RefusalAnswer) -> float:
    """How well an answer does in this invented world: what is done does better than what is
    said."""
    return 0.55 if answer.kind == "move" else 0.3


def _leads(
    rng: random.Random,
    tree: refusal_queries.Forest,
    below: dict[str, list[RefusalReason]],
    on: dt.date,
) -> None:
    managers = people.active_in_roles([Role.RELATIONSHIP_MANAGER])
    by_branch = {one.branch_id: one for one in managers}
    found = MerchantLead.objects.filter(deal=None, branch__in=list(by_branch)).order_by("id")
    for lead in found[:_LEADS]:
        code, who = rng.choice(list(words.SAID)), by_branch[lead.branch_id]  # type: ignore[index]
        day = min(lead.first_contact_date + rng.randint(1, 8) * _DAY, on - _DAY)
        refusal = refusals.record_lead_refusal(
            lead_id=lead.pk, reason_id=rng.choice(below[code]).pk,
            said=rng.choice(words.SAID[code]), said_date=day, actor=who, at=_hour(rng, day),
        )  # fmt: skip
        _answer(rng, tree, refusal, who, on)


def _open_window(rng: random.Random, row: Partnership, on: dt.date) -> None:
    day = _day(rng, row, on)
    notes = [
        windows.write_note(
            partnership_id=row.pk, pane=pane, side=side, kind=kind, said=said,
            contact=_contact(rng, row) if side == "merchant" else "", actor=row.manager,
            at=_hour(rng, day),
        )
        for pane, side, kind, said in rng.sample(words.NOTES, rng.randint(3, 7))
    ]  # fmt: skip
    held = _meet(rng, row, min(day + rng.randint(1, 20) * _DAY, on - _DAY), day)
    windows.hold_meeting(
        meeting_id=held.pk, result=rng.choice(words.RESULTS), actor=row.manager,
        discussed=_discussed(rng, notes), at=_hour(rng, held.on_date) + dt.timedelta(hours=8),
    )  # fmt: skip
    _promise(rng, row, held, on)
    if rng.random() < 0.5:
        _meet(rng, row, on + rng.randint(0, 12) * _DAY, on - _DAY)


def _meet(rng: random.Random, row: Partnership, on_date: dt.date, planned: dt.date) -> Meeting:
    contact = _contact(rng, row)
    return windows.plan_meeting(
        partnership_id=row.pk, on_date=on_date, at_time=dt.time(rng.choice((10, 14, 15)), 30),
        purpose=rng.choice(words.PURPOSES), contacts=[contact] if contact else [],
        actor=row.manager, at=_hour(rng, min(planned, on_date)),
    )  # fmt: skip


def _discussed(rng: random.Random, notes: Sequence[WindowNote]) -> list[windows.Discussed]:
    hidden = [note for note in notes if note.pane in ("ours", "theirs")]
    return [
        windows.Discussed(
            note.pk, "open", 1, "" if note.pane == "ours" else rng.choice(words.LEARNT)
        )
        for note in hidden
        if rng.random() < 0.4
    ]  # fmt: skip


def _promise(rng: random.Random, row: Partnership, held: Meeting, on: dt.date) -> None:
    for side, said in rng.sample(words.PROMISES, rng.randint(0, 2)):
        due = held.on_date + rng.randint(3, 25) * _DAY
        promise = windows.make_promise(
            partnership_id=row.pk, side=side, said=said, due_date=due, meeting_id=held.pk,
            actor=row.manager, at=_hour(rng, held.on_date) + dt.timedelta(hours=9),
        )  # fmt: skip
        if due < on and rng.random() < 0.85:
            kept = rng.random() < 0.75
            windows.settle_promise(
                promise_id=promise.pk, kept=kept, result="" if kept else "对方改期，下次再议",
                actor=row.manager, at=_hour(rng, due) + dt.timedelta(hours=9),
            )  # fmt: skip


def _hour(rng: random.Random, day: dt.date) -> dt.datetime:
    return clock.start_of(day) + dt.timedelta(hours=rng.randint(9, 11), minutes=rng.randint(0, 59))
