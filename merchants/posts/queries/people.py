"""Who may stand at posts, and who is not there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from merchants.posts.enums import QualificationKind
from merchants.posts.models import Post, PostAbsence, StaffQualification
from merchants.posts.queries.places import rule_on
from portal.staff.access import Scope
from portal.staff.enums import Permission
from portal.staff.models import Staff
from portal.staff.rules import roles_that_may

_SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Person:
    """A member of staff with what is recorded: qualifications that count or will, absences that
    are not over; `lacks` names the kinds that are needed on the day and missing."""

    staff: Staff
    qualifications: Sequence[StaffQualification]
    absences: Sequence[PostAbsence]
    lacks: Sequence[str]
    is_ending: bool

    @property
    def lacks_words(self) -> str:
        return " · ".join(str(QualificationKind(kind).label) for kind in self.lacks)


def people_of(*, scope: Scope, text: str = "") -> QuerySet[Staff]:
    """This will list those of a scope's branches who have a role that stands at posts, by name."""
    roles = roles_that_may(Permission.STAND_AT_POSTS)
    rows = Staff.objects.filter(scope.branches(), role__in=roles, is_active=True)
    if text := text.strip():
        rows = rows.filter(Q(name__contains=text) | Q(name_en__icontains=text))
    return rows.select_related("branch").order_by("branch__path", "name", "id")


def one_person(*, scope: Scope, username: str) -> Staff | None:
    """This will return one of those, or None."""
    return people_of(scope=scope).filter(username=username).first()


def described(people: Sequence[Staff], on: dt.date) -> list[Person]:
    """This will tell of people what is recorded about them as of a day."""
    rule = rule_on(on)
    needs = rule.needs if rule else []
    held: dict[int, list[StaffQualification]] = {}
    ids = [one.pk for one in people]
    rows = StaffQualification.objects.filter(staff__in=ids, last_date__gte=on - _SOON)
    for row in rows.order_by("kind", "first_date"):
        held.setdefault(row.staff_id, []).append(row)
    away: dict[int, list[PostAbsence]] = {}
    absences = PostAbsence.objects.filter(staff__in=ids, last_date__gte=on, cancelled_at=None)
    for absence in absences.order_by("first_date"):
        away.setdefault(absence.staff_id, []).append(absence)
    found = []
    for one in people:
        own = held.get(one.pk, [])
        valid = [row for row in own if row.holds_on(on)]
        kinds = {row.kind for row in valid}
        later = {row.kind for row in own if row.holds_on(on + _SOON)}
        found.append(
            Person(
                one, own, away.get(one.pk, []),
                lacks=[kind for kind in needs if kind not in kinds],
                is_ending=any(kind in kinds and kind not in later for kind in needs),
            )
        )  # fmt: skip
    return found


def who_may_stand(*, post: Post, on: dt.date) -> list[Staff]:
    """This will list those of a post's branch who are qualified and there on a day, by name."""
    scope = Scope(branch_path=post.branch.path)
    people = list(people_of(scope=scope))
    return [
        one.staff
        for one in described(people, on)
        if not one.lacks and not any(row.first_date <= on for row in one.absences)
    ]


def qualified_among(staff_ids: Sequence[int], *, kind: str, on: dt.date) -> set[int]:
    """This will tell which of these people are qualified in a kind of work on a day."""
    rows = StaffQualification.objects.filter(
        Q(withdrawn_date=None) | Q(withdrawn_date__gt=on), staff__in=staff_ids, kind=kind,
        first_date__lte=on, last_date__gte=on,
    )  # fmt: skip
    return set(rows.values_list("staff", flat=True))


def absent_among(staff_ids: Sequence[int], *, on: dt.date) -> set[int]:
    """This will tell which of these people are not there on a day."""
    rows = PostAbsence.objects.filter(
        staff__in=staff_ids, first_date__lte=on, last_date__gte=on, cancelled_at=None
    )
    return set(rows.values_list("staff", flat=True))
