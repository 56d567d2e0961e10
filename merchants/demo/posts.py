"""The demo bank's posts: where staff stand, who is qualified, the rota of the last quarter and of
the next two weeks, and who came. Rows are created directly, for a bank that is not yet open planned
nothing; the database holds them against its rules all the same."""

import datetime as dt
import random
from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from merchants.models import (
    Attendance,
    Merchant,
    Post,
    PostAbsence,
    PostCost,
    Shift,
    ShiftCount,
    ShiftTask,
    StaffQualification,
    Store,
)
from merchants.posts.queries import days_from
from merchants.posts.rules import stands_on
from portal.kit import clock
from portal.staff import queries as people
from portal.staff.enums import Role
from portal.staff.models import Staff

COUNT = 14
_BEFORE, _AHEAD = 90, 13
_DUTIES = ["布置展台，核对宣传物料版本", "向收银员说明当期活动", "清点并封存申请材料"]
_WEEKDAYS = (1, 3, 4, 5, 6)  # Tuesday, and from Thursday to Sunday


def build_posts(*, seed: str, numbers: Sequence[str], on: dt.date) -> list[Post]:
    """This will open posts at the partners among these merchants, and fill their rota."""
    rng = random.Random(f"{seed}:posts")
    at = clock.start_of(on)
    qualified = _qualify(rng, on, at)
    rows = Merchant.objects.filter(number__in=numbers, is_partner=True).exclude(manager=None)
    place_of = {number: place for place, number in reversed(list(enumerate(numbers)))}
    partners = sorted(
        rows.select_related("branch", "category", "manager"), key=lambda one: place_of[one.number]
    )
    own = [one for one in partners if one.manager.username == "relationship_manager"]  # type: ignore[union-attr]
    others = [one for one in partners if one not in own]
    posts: list[Post] = []
    for merchant in [*own[:3], *others]:
        store = Store.objects.filter(merchant=merchant, state="open").order_by("number").first()
        crew = qualified.get(merchant.branch_id, [])
        if store is None or len(crew) < 2 or len(posts) == COUNT:
            continue
        post = _open(rng, merchant, store, len(posts), on)
        _rota(rng, post, crew, on)
        posts.append(post)
    _absences(rng, qualified, on, at)
    return posts


def _qualify(rng: random.Random, on: dt.date, at: dt.datetime) -> dict[int, list[Staff]]:
    """Most of those who stand at posts are qualified; for a few it ends soon, and one in ten never
    was for standing on site."""
    found: dict[int, list[Staff]] = {}
    rows = []
    for person in people.active_in_roles([Role.TELEMARKETER, Role.RELATIONSHIP_MANAGER]):
        is_demo = person.username in {Role.TELEMARKETER, Role.RELATIONSHIP_MANAGER}
        kinds = ["cards"] if rng.random() < 0.1 and not is_demo else ["cards", "on_site"]
        last = on + dt.timedelta(days=rng.choice([20, 60, 200, 300, 340]) if not is_demo else 300)
        rows += [
            StaffQualification(
                staff=person, kind=kind, first_date=last - dt.timedelta(days=729), last_date=last,
                source=f"{last.year - 2} 年度资格考试，证书 {person.staff_number}-{kind[0]}",
                recorded_at=at,
            )
            for kind in kinds
        ]  # fmt: skip
        if len(kinds) == 2 and last > on + dt.timedelta(days=_AHEAD):
            found.setdefault(person.branch_id, []).append(person)
    StaffQualification.objects.bulk_create(rows)
    return found


def _open(rng: random.Random, merchant: Merchant, store: Store, place: int, on: dt.date) -> Post:
    first = on - dt.timedelta(days=_BEFORE + rng.randint(1, 200))
    post = Post.objects.create(
        number=f"{store.number}-Z1", store=store, branch=merchant.branch,
        scenario=merchant.category.scenario, seats=2 if place % 5 == 0 else 1, first_date=first,
        last_date=on + dt.timedelta(days=rng.randint(30, 160)), opens=dt.time(10),
        closes=dt.time(19), days="all",
        permission=f"店长 {first:%Y-%m-%d} 书面同意：入口处一桌两椅，可用电源，不得阻挡收银通道",
        duties=_DUTIES,
    )  # fmt: skip
    if place % 4 != 3:  # of one in four nobody recorded what it costs
        PostCost.objects.create(
            post=post, first_date=first, unit="hour" if place % 2 else "day",
            amount=Decimal(rng.choice([38, 42, 45]) if place % 2 else rng.choice([320, 360])),
            source="网点营销费用预算：人工与物料", recorded_by=cast(Staff, merchant.manager),
            recorded_at=clock.start_of(first),
        )  # fmt: skip
    return post


def _rota(rng: random.Random, post: Post, crew: Sequence[Staff], on: dt.date) -> None:
    start = on - dt.timedelta(days=_BEFORE)
    busy = set(Shift.objects.filter(staff__in=crew).values_list("staff", "on_date"))
    for day in days_from(start, _BEFORE + _AHEAD + 1):
        is_gap = day.day > on and rng.random() < 0.2
        if day.day.weekday() not in _WEEKDAYS or is_gap or not stands_on(post.days, day.is_workday):
            continue
        free = [one for one in crew if (one.pk, day.day) not in busy]
        chosen = rng.sample(free, min(post.seats, len(free)))
        for seat, person in enumerate(chosen, start=1):
            busy.add((person.pk, day.day))
            hours = rng.choice([(10, 14), (13, 19), (10, 17)])
            _shift(rng, post, person, day.day, seat, hours, on)


def _shift(
    rng: random.Random, post: Post, person: Staff, day: dt.date, seat: int,
    hours: tuple[int, int], on: dt.date,
) -> None:  # fmt: skip
    starts, ends = (clock.at_time(day, dt.time(hour)) for hour in hours)
    shift = Shift.objects.create(
        number=f"R-{post.number}-{day:%y%m%d}-{seat}"[:40], post=post, staff=person, seat=seat,
        on_date=day, starts_at=starts, ends_at=ends,
    )  # fmt: skip
    is_over = day < on
    came_at = starts + dt.timedelta(minutes=int(rng.gauss(-4, 9)))
    tasks = [ShiftTask(shift=shift, place=n, words=words) for n, words in enumerate(_DUTIES, 1)]
    if is_over and rng.random() > 0.03:
        came_at = max(came_at, starts - dt.timedelta(minutes=30))
        late = int((came_at - starts).total_seconds() // 60)
        came = Attendance.objects.create(
            shift=shift, in_at=came_at, minutes_late=late if late > 10 else 0
        )
        _count(rng, shift, came_at)
        came.is_closed_by_clock = rng.random() < 0.04
        minutes = 0 if came.is_closed_by_clock else rng.randint(-25, 10)
        came.out_at = ends + dt.timedelta(minutes=minutes)
        came.save(update_fields=["out_at", "is_closed_by_clock"])
        for task in tasks:
            task.done_at = came_at + dt.timedelta(minutes=20 * task.place)
    ShiftTask.objects.bulk_create(tasks)


def _count(rng: random.Random, shift: Shift, at: dt.datetime) -> None:
    kinds = [kind for kind, most in (("lead", 4), ("application", 2), ("activation", 1))
             for _one in range(rng.randint(0, most))]  # fmt: skip
    for number, kind in enumerate(kinds, start=1):
        ShiftCount.objects.create(
            shift=shift, number=number, kind=kind, step=1, at=at + dt.timedelta(minutes=9 * number)
        )


def _absences(
    rng: random.Random, crews: dict[int, list[Staff]], on: dt.date, at: dt.datetime
) -> None:
    """Some are away after the days of the rota."""
    first = on + dt.timedelta(days=_AHEAD + 2)
    for crew in crews.values():
        person = rng.choice(crew)
        boss = Staff.objects.filter(role=Role.BRANCH_MANAGER, branch=person.branch_id).first()
        if boss is not None:
            PostAbsence.objects.create(
                staff=person, kind=rng.choice(["leave", "training"]), first_date=first,
                last_date=first + dt.timedelta(days=rng.randint(0, 4)), recorded_by=boss,
                recorded_at=at,
            )  # fmt: skip
