"""Calls of the last weeks in the demo branch, by the steps that callers take: outcomes, moods,
promises that were kept, are overdue or are still to come, applications that came of leads, leads
that were one, and calls that were read."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from journeys.cards.models import Application
from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.demo.customers import phone_of
from journeys.telemarketing import operations, queries
from journeys.telemarketing.enums import LeadState, QualityMark
from journeys.telemarketing.models import Callback, Lead, LeadConversion, LeadHold, QualityCase
from merchants.posts import queries as posts
from merchants.posts.enums import QualificationKind
from portal.demo import people
from portal.demo.house import DEMO_BRANCH, HouseBranch
from portal.kit import clock
from portal.staff.access import scope_of
from portal.staff.enums import Role
from portal.staff.models import Staff

DAYS, FEWEST, MOST = 25, 24, 150
_DAY, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
_SCRIPTS_FROM = 28 * _DAY  # before the end of the story (`sayings`)
_KEEPS_PROMISE = 0.8
# What calls come to, and how often.
_OUTCOMES = [
    ("no_answer", 26), ("busy", 6), ("switched_off", 4), ("other_person", 3), ("promised", 13),
    ("thinks", 11), ("material", 8), ("applied", 7), ("no_need", 11), ("has_card", 5), ("later", 5),
    ("refused", 1),
]  # fmt: skip
_SILENT = {"no_answer", "busy", "switched_off", "other_person"}
# The mood at the beginning, how often, and how it ended.
_MOODS = [
    ("calm", 44, "calm calm calm pleased"), ("pleased", 10, "pleased pleased calm"),
    ("hesitant", 22, "calm calm pleased hesitant hesitant"),
    ("hurried", 12, "hurried calm hurried"), ("annoyed", 9, "calm annoyed annoyed calm"),
    ("angry", 3, "annoyed angry calm"),
]  # fmt: skip
_NOTES = ["", "", "", "想了解年费怎么减免。", "下午方便接电话。", "已有两张卡，比较看重积分。"]
_TRADES, _WORDS = ["商贸", "餐饮", "科技", "物流"], "恒信瑞鼎嘉宏盛汇"


@dataclass
class _Room:
    """The callers of the demo branch, and the leads that they work through."""

    rng: random.Random
    branch: HouseBranch
    callers: Sequence[Staff]
    at: dt.datetime
    fresh: list[Lead] = field(default_factory=list)
    promised: list[Callback] = field(default_factory=list)

    def times(self, count: int) -> list[dt.datetime]:
        """So many times of calls within the hours of the last working days, in their order."""
        days = [self.at - number * _DAY for number in range(1, DAYS + 1)]
        workdays = [day for day in days if clock.bank_day(day).weekday() < 5]
        return sorted(
            self.rng.choice(workdays) + self.rng.randint(9 * 60 + 30, 18 * 60 + 30) * _MINUTE
            for _number in range(count)
        )


def build_calls(
    *, seed: str, count: int, first_phone: int, branches: Sequence[HouseBranch], at: dt.datetime
) -> None:
    """This will make about `count` calls, and what came of them; `first_phone` is the first
    sequence of phones that nobody has. Where no outcomes are delivered nobody calls."""
    branch = next((one for one in branches if one.place.code == DEMO_BRANCH), None)
    boss = Staff.objects.filter(username="branch_manager").first()
    if branch is None or boss is None or queries.disposition_of("no_answer") is None:
        return
    rows = Staff.objects.filter(pk__in=[pk for pk, _team in branch.telemarketers])
    able = posts.qualified_among(
        [row.pk for row in rows], kind=QualificationKind.CARDS, on=clock.bank_day(at)
    )
    callers = list(rows.filter(pk__in=able).select_related("branch").order_by("pk"))
    if not callers:
        return
    room = _Room(random.Random(f"{seed}:calls"), branch, callers, at)
    _load(room, count, first_phone)
    for place, time in enumerate(room.times(count)):
        _call(room, callers[place % len(callers)], time)
    _credit(room)
    _merge(boss, at)
    _read(room, boss)


def _load(room: _Room, count: int, first_phone: int) -> None:
    """Leads of these weeks, a few of them twice: under one phone, which are one at once, and under
    one name, about which somebody is to decide."""
    since = room.at - (DAYS + 10) * _DAY
    records = [_record(room, number, first_phone, since) for number in range(1, count + 9)]
    for first, second in ((0, -1), (1, -2)):
        records[second] = _like(records[second], records[first], phone=records[first].phone)
    for first, second in ((2, -3), (3, -4), (4, -5)):
        records[second] = _like(records[second], records[first], phone=records[second].phone)
    operations.load_leads(records=records, at=since)
    numbers = [record.number for record in records]
    open_ones = Lead.objects.filter(number__in=numbers, state=LeadState.NEW)
    room.fresh = list(open_ones.order_by("pk"))


def _record(
    room: _Room, number: int, first_phone: int, since: dt.datetime
) -> operations.LeadRecord:
    rng, of_company = room.rng, room.rng.random() < 0.4
    company = f"{room.branch.place.city}{''.join(rng.sample(_WORDS, 3))}{rng.choice(_TRADES)}"
    return operations.LeadRecord(
        number=f"K{number:07d}",
        kind=(CustomerKind.COMPANY if of_company else CustomerKind.PERSON).value,
        name=people.person_name(rng, rng.choice("mf"), rng.randint(1965, 2003)),
        company=f"{company}有限公司" if of_company or number < 10 else "",
        phone=phone_of(first_phone + number),
        source=(Source.REGISTRY if of_company else Source.INTERNAL).value,
        lawful_basis=(LawfulBasis.PUBLIC_DATA if of_company else LawfulBasis.CONTRACT).value,
        branch_id=room.branch.id,
        team_id=None,
        owner_id=None,
        state=LeadState.NEW.value,
        created_at=since - rng.randint(0, 5 * 24 * 60) * _MINUTE,
    )


def _like(
    record: operations.LeadRecord, other: operations.LeadRecord, *, phone: str
) -> operations.LeadRecord:
    names = ("kind", "name", "company", "source", "lawful_basis")
    return replace(record, phone=phone, **{name: getattr(other, name) for name in names})


def _call(room: _Room, caller: Staff, at: dt.datetime) -> None:
    """One call: a promise that is due before a lead that nobody called yet."""
    lead = _due(room, caller, at)
    if lead is None:
        if not room.fresh:
            return
        lead = room.fresh.pop(0)
    code = room.rng.choices([row[0] for row in _OUTCOMES], [row[1] for row in _OUTCOMES])[0]
    said = _said(room.rng, code)
    promised_at = _promise(room.rng, at) if code == "promised" else None
    hold = _take(lead, caller, at - room.rng.randint(1, 9) * _MINUTE)
    if at > room.at - _SCRIPTS_FROM:
        operations.note_scripts(hold=hold, at=at, mood=said.mood_before)
    outcome = queries.disposition_of(code)
    if outcome is None:
        return
    try:
        call = operations.wrap_up(
            caller=caller, at=at, disposition=outcome, promised_at=promised_at, said=said,
            next_step=outcome.steps[0],
        )  # fmt: skip
    except operations.LeadRefused:
        operations.put_down(caller_id=caller.pk, at=at)
        return
    if promised_at is not None:
        room.promised.append(call.callback)


def _due(room: _Room, caller: Staff, at: dt.datetime) -> Lead | None:
    """What this person promised for about now; some promises nobody keeps."""
    due = [
        row for row in room.promised
        if row.owner_id == caller.pk and row.promised_at <= at and not row.promised_at <= at - _DAY
    ]  # fmt: skip
    if not due or room.rng.random() > _KEEPS_PROMISE:
        return None
    room.promised.remove(due[0])
    return Lead.objects.get(pk=due[0].lead_id)


def _promise(rng: random.Random, at: dt.datetime) -> dt.datetime:
    """A working day of the next week, on a quarter of an hour."""
    day = clock.bank_day(at) + rng.randint(1, 6) * _DAY
    while day.weekday() > 4:
        day += _DAY
    return clock.start_of(day) + rng.randint(10 * 4, 17 * 4) * 15 * _MINUTE


def _said(rng: random.Random, code: str) -> operations.Said:
    if code in _SILENT:
        return operations.Said()
    if code == "refused":
        return operations.Said(words="请不要再打电话给我。", mood_before="annoyed")
    before, _weight, ends = rng.choices(_MOODS, [row[1] for row in _MOODS])[0]
    after = rng.choice(ends.split())
    if after == "angry" and code == "promised":
        after = "annoyed"  # whoever was angry is left in peace
    moves = [move.code for _mood, rows in queries.moves_by_mood() for move in rows
             if move.mood == before]  # fmt: skip
    move = rng.choice(moves) if moves and rng.random() < 0.85 else ""
    return operations.Said(
        note=rng.choice(_NOTES), mood_before=before, mood_after=after, mood_move=move
    )


def _take(lead: Lead, caller: Staff, at: dt.datetime) -> LeadHold:
    """That somebody had this very lead in hand then: what is next is chosen for now alone."""
    Lead.objects.filter(pk=lead.pk).update(holder=caller, held_until=at + 30 * _MINUTE)
    lead.refresh_from_db()
    return LeadHold.objects.create(
        lead=lead, holder=caller, taken_at=at, reasons=[{"code": "pool"}],
        known=queries.known_now(lead),
    )  # fmt: skip


def _credit(room: _Room) -> None:
    """Applications of the branch that were filed soon after a call came of its lead."""
    won = Lead.objects.filter(branch=room.branch.id, state=LeadState.WON, number__startswith="K")
    since = clock.bank_day(room.at - DAYS * _DAY)
    rows = Application.objects.filter(branch=room.branch.id, filed_date__gte=since)
    filed = list(rows.order_by("filed_date", "number"))
    for lead in won.order_by("pk"):
        call = lead.calls.order_by("-called_at").first()
        if call is None:
            continue
        day = clock.bank_day(call.called_at)
        found = next((one for one in filed if one.filed_date >= day), None)
        if found is None:
            continue
        filed.remove(found)
        LeadConversion.objects.create(
            lead=lead, application=found, caller=call.caller, called_at=call.called_at,
            noted_at=room.at,
        )  # fmt: skip


def _merge(boss: Staff, at: dt.datetime) -> None:
    """One of the pairs that look alike is one; the others wait for somebody to decide."""
    pair = queries.pairs_waiting(scope=scope_of(boss)).last()
    if pair is not None:
        operations.merge_leads(
            kept_id=pair.first_id, merged_id=pair.second_id, actor=boss, at=at,
            reason="同一家公司，两个联系电话。",
        )  # fmt: skip


def _read(room: _Room, boss: Staff) -> None:
    """Two of three calls that were drawn were read, one of those that need it by a second reader,
    and one result is disputed."""
    operations.draw_calls(at=room.at)
    second = Staff.objects.filter(role=Role.COMPLIANCE, is_active=True).order_by("pk").first()
    is_disputed = False
    cases = QualityCase.objects.filter(branch=room.branch.id).select_related("draw__form")
    for place, case in enumerate(cases.order_by("pk")):
        if place % 3 == 2:
            continue
        _mark(room, case, boss)
        if case.wants == 2 and second is not None and place % 2 == 0:
            _mark(room, case, second)
        case.refresh_from_db()
        if not is_disputed and case.closed_at is not None:
            by = next(one for one in room.callers if one.pk == case.caller_id)
            operations.dispute_call(
                case_id=case.pk, by=by, words="客户当时说过可以介绍，请再看一次。", at=room.at
            )
            is_disputed = True


def _mark(room: _Room, case: QualityCase, reader: Staff) -> None:
    marks = {
        one["code"]: QualityMark.MISSED.value if room.rng.random() < 0.08 else QualityMark.MET.value
        for one in case.draw.form.criteria
    }
    operations.read_call(
        case_id=case.pk, reader=reader, marks=marks, words="按录音逐项核对。", at=room.at
    )
