"""Questions about who may enter."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Max, Q, Sum

from portal.staff.enums import Role
from portal.staff.models import Branch, Staff


def locked_until(*, username: str, address: str | None, at: dt.datetime) -> dt.datetime | None:
    """This will return when `username` may try again from `address`, or None where it may now."""
    tries = AccessAttempt.objects.filter(
        username=username,
        ip_address=address,
        attempt_time__gte=at - settings.AXES_COOLOFF_TIME,
    ).aggregate(failures=Sum("failures_since_start"), latest=Max("attempt_time"))
    if (tries["failures"] or 0) < settings.AXES_FAILURE_LIMIT:
        return None
    return tries["latest"] + settings.AXES_COOLOFF_TIME


@dataclass(frozen=True)
class EntryFigures:
    """Who may enter, and what went wrong at the door in the last 24 hours."""

    active: int
    inactive: int
    with_second_factor: int
    failing_names: int


def entry_figures(*, at: dt.datetime) -> EntryFigures:
    """This will count accounts, second factors, and names under which signing in failed."""
    counts = dict(Staff.objects.values_list("is_active").annotate(number=Count("pk")).order_by())
    failing = AccessAttempt.objects.filter(attempt_time__gte=at - dt.timedelta(days=1))
    factors = Authenticator.objects.filter(type=Authenticator.Type.TOTP, user__is_active=True)
    return EntryFigures(
        active=counts.get(True, 0),
        inactive=counts.get(False, 0),
        with_second_factor=factors.count(),
        failing_names=failing.values("username").distinct().count(),
    )


def demo_accounts() -> list[Staff]:
    """This will return the demonstration's accounts, one per role; none where it is no demo."""
    if not settings.DEMO:
        return []
    found = {
        staff.username: staff
        for staff in Staff.objects.filter(username__in=Role.values, is_active=True)
    }
    return [found[role] for role in Role.values if role in found]


def named(username: str) -> Staff | None:
    """This will return the member of staff with this user name, whatever its case."""
    return Staff.objects.filter(username=username.strip().lower()).first()


def numbered(numbers: Sequence[str]) -> dict[str, Staff]:
    """This will return the members of staff with these staff numbers, by number."""
    found = Staff.objects.filter(staff_number__in=[number for number in numbers if number])
    return {staff.staff_number: staff for staff in found}


def active_in_roles(roles: Sequence[str]) -> list[Staff]:
    """This will list those at work who have one of these roles, by name."""
    rows = Staff.objects.select_related("branch").filter(role__in=roles, is_active=True)
    return list(rows.order_by("name", "id"))


def search_staff(text: str, *, most: int) -> list[Staff]:
    """This will find a few members of staff by staff number or name, those at work first."""
    either = Q(staff_number__icontains=text) | Q(name__icontains=text) | Q(name_en__icontains=text)
    rows = Staff.objects.select_related("branch").filter(either).exclude(staff_number="")
    return list(rows.order_by("-is_active", "staff_number")[:most])


def branches_of_divisions(prefixes: Iterable[str]) -> dict[str, list[Branch]]:
    """This will list, by the beginning of a division code, the branches that lie there."""
    rows = list(Branch.objects.exclude(division_code="").order_by("path"))
    return {
        prefix: [row for row in rows if row.division_code.startswith(prefix)]
        for prefix in set(prefixes)
    }


def branch_names() -> dict[str, tuple[str, str]]:
    """This will return name and English name of all branches by their code."""
    rows = Branch.objects.order_by("code").values_list("code", "name", "name_en")
    return {code: (name, name_en) for code, name, name_en in rows}


def branch_tree() -> list[tuple[int, str, str]]:
    """This will return id, code and path of all branches."""
    return list(Branch.objects.order_by("path").values_list("id", "code", "path"))


def codes_below() -> dict[str, frozenset[str]]:
    """This will return the codes of each branch and of those below it, by the branch's code."""
    tree = branch_tree()
    return {
        code: frozenset(other for _id, other, below in tree if below.startswith(path))
        for _id, code, path in tree
    }


def branches_below(path: str) -> list[Branch]:
    """This will list the branch with this path and those below it, in the order of the tree; with
    an empty path all."""
    return list(Branch.objects.filter(path__startswith=path).order_by("path"))


def branches_right_below(branch_id: int) -> list[Branch]:
    """This will list the branches at work that hang right below a branch, in the order of the
    tree."""
    return list(Branch.objects.filter(parent=branch_id, is_active=True).order_by("path"))


def branch_codes(branch_ids: Sequence[int]) -> dict[int, str]:
    """This will return the codes of branches by their ids."""
    return dict(Branch.objects.filter(pk__in=branch_ids).values_list("id", "code"))


def branch_labels(branch_ids: Sequence[int], *, path: str = "") -> dict[int, str]:
    """This will name branches in the reader's language, by their ids; with a path those of that
    branch and below it."""
    rows = Branch.objects.filter(pk__in=branch_ids, path__startswith=path)
    return {branch.pk: branch.label for branch in rows}


def branch_ids_of(codes: Sequence[str]) -> list[int]:
    """This will return the ids of the branches with these codes and of all those below them."""
    paths = Branch.objects.filter(code__in=codes).values_list("path", flat=True)
    below = Q(pk=None)
    for path in paths:
        below |= Q(path__startswith=path)
    return list(Branch.objects.filter(below).order_by("id").values_list("id", flat=True))
