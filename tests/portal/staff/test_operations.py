"""Branches keep their paths, people are hired, changed and let go, and it is all recorded."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from portal.models import AuditEntry, Branch, Staff, Team
from portal.staff import operations as staffing
from portal.staff.enums import BranchLevel, Role
from tests.factories.portal import PASSWORD, BranchFactory, StaffFactory, head_office

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
NEW = "quite-another-7-words"


@pytest.fixture
def boss() -> Staff:
    return StaffFactory(role=Role.ADMINISTRATOR)


def open_branch(**changed: Any) -> Branch:
    words = {
        "code": "R1",
        "name": "华东分行",
        "name_en": "East",
        "level": BranchLevel.REGION,
        "actor": None,
        "at": AT,
    }
    return staffing.open_branch(**{**words, **changed})


def check_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_branch_gets_the_path_of_the_one_above(boss: Staff) -> None:
    region = open_branch(parent=head_office(), actor=boss)
    below = open_branch(code="B1", level=BranchLevel.BRANCH, parent=region, actor=boss)
    assert (region.path, below.path) == ("/HO/R1/", "/HO/R1/B1/")
    check_now()
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor) == ("branch.opened", boss)
    assert entry.changes == {"code": "B1", "level": "branch", "path": "/HO/R1/B1/"}


@pytest.mark.parametrize("case", ["second head office", "root below", "branch below none"])
def test_a_misplaced_branch_is_refused(case: str) -> None:
    head = head_office()
    wanted = {
        "second head office": {"level": BranchLevel.HEAD_OFFICE, "parent": None},
        "root below": {"level": BranchLevel.HEAD_OFFICE, "parent": head},
        "branch below none": {"level": BranchLevel.BRANCH, "parent": None},
    }[case]
    with pytest.raises(staffing.BranchNotPlaced):
        open_branch(**wanted)
    assert list(Branch.objects.all()) == [head]


def broken(head: Branch, path: str) -> None:
    BranchFactory(code="B1", parent=head, path=path)
    check_now()


@pytest.mark.parametrize("path", ["/HO/X/B1/", "/B1/", "/HO/HO/B1/"])
def test_the_database_refuses_a_path_that_does_not_follow(path: str) -> None:
    head = head_office()
    with pytest.raises(IntegrityError), transaction.atomic():
        broken(head, path)


def test_the_database_refuses_a_move_that_leaves_branches_behind() -> None:
    head = head_office()
    region, other = BranchFactory(code="R1", parent=head), BranchFactory(code="R2", parent=head)
    below = BranchFactory(code="B1", parent=region)
    check_now()
    with pytest.raises(IntegrityError), transaction.atomic():
        # The constraints are immediate since the check above.
        Branch.objects.filter(pk=region.pk).update(parent=other, path="/HO/R2/R1/")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        Branch.objects.filter(pk=region.pk).update(parent=other, path="/HO/R2/R1/")
        Branch.objects.filter(pk=below.pk).update(path="/HO/R2/R1/B1/")
        check_now()


@pytest.mark.parametrize("code", ["A/B", "A B", "支行", ""])
def test_the_database_refuses_a_code_that_breaks_paths(code: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchFactory(code=code)


def test_the_database_refuses_a_second_head_office() -> None:
    head_office()
    with pytest.raises(IntegrityError), transaction.atomic():
        BranchFactory(code="H2", level=BranchLevel.HEAD_OFFICE, parent=None, path="/H2/")


@pytest.mark.parametrize("username", ["Wang", "wang li", "王", ""])
def test_the_database_refuses_a_user_name_with_traps(username: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffFactory(username=username)


def test_changing_a_branch_records_before_and_after(boss: Staff) -> None:
    branch = BranchFactory(name="旧", name_en="Old")
    words: dict[str, Any] = {"name_en": "Old", "division_code": "", "is_active": True}
    for _ in range(2):
        staffing.change_branch(branch_id=branch.pk, name="新", actor=boss, at=AT, **words)
    entry = AuditEntry.objects.get()
    assert entry.changes == {"name": {"before": "旧", "after": "新"}}


def hire(boss: Staff | None, **changed: Any) -> Staff:
    words = {
        "username": "Li.Na",
        "staff_number": "1001",
        "name": "李娜",
        "role": Role.ANALYST,
        "branch": head_office(),
        "password": NEW,
        "actor": boss,
        "at": AT,
    }
    return staffing.hire(**{**words, **changed})


def test_hire(boss: Staff) -> None:
    staff = hire(boss)
    assert (staff.username, staff.check_password(NEW), staff.is_active) == ("li.na", True, True)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.target_key) == ("staff.hired", boss, str(staff.pk))
    assert entry.changes == {"username": "li.na", "role": "analyst", "branch": "HO"}
    assert NEW not in str(entry.changes)


@pytest.mark.parametrize("password", ["short-1", "123456789012", "qwertyuiop", "password123"])
def test_a_weak_password_hires_nobody(boss: Staff, password: str) -> None:
    with pytest.raises(staffing.PasswordTooWeak):
        hire(boss, password=password)
    assert list(Staff.objects.all()) == [boss]
    assert not AuditEntry.objects.exists()


def test_a_team_of_another_branch_is_refused(boss: Staff) -> None:
    team = Team.objects.create(branch=BranchFactory(), code="T1", name="一组", name_en="One")
    with pytest.raises(staffing.TeamOfAnotherBranch):
        hire(boss, team=team)
    staff = StaffFactory()
    with pytest.raises(staffing.TeamOfAnotherBranch):
        staffing.change_details(staff_id=staff.pk, team=team, actor=boss, at=AT)
    staff.refresh_from_db()
    assert staff.team is None
    moved = staffing.change_details(
        staff_id=staff.pk, team=team, branch=team.branch, actor=boss, at=AT
    )
    assert (moved.team, moved.branch) == (team, team.branch)


def test_change_role_is_recorded_with_both_roles(boss: Staff) -> None:
    staff = StaffFactory(role=Role.ANALYST)
    staffing.change_role(staff_id=staff.pk, role=Role.APPROVER, actor=boss, at=AT, reason="moved")
    staff.refresh_from_db()
    assert staff.role == Role.APPROVER
    entry = AuditEntry.objects.get()
    assert entry.changes == {"role": {"before": "analyst", "after": "approver"}}
    assert (entry.action, entry.reason) == ("staff.role_changed", "moved")
    with pytest.raises(staffing.StaffStateUnchanged):
        staffing.change_role(staff_id=staff.pk, role=Role.APPROVER, actor=boss, at=AT)


@pytest.mark.parametrize("what", ["role", "off", "on", "password", "factor"])
def test_nobody_does_it_to_the_own_account(boss: Staff, what: str) -> None:
    own: dict[str, Any] = {"staff_id": boss.pk, "actor": boss, "at": AT}
    calls: dict[str, Any] = {
        "role": lambda: staffing.change_role(role=Role.APPROVER, **own),
        "off": lambda: staffing.deactivate(**own),
        "on": lambda: staffing.reactivate(password=NEW, **own),
        "password": lambda: staffing.set_password(password=NEW, **own),
        "factor": lambda: staffing.reset_second_factor(**own),
    }
    with pytest.raises(staffing.OwnAccount):
        calls[what]()
    again = Staff.objects.get(pk=boss.pk)
    assert (again.role, again.is_active, again.password) == (boss.role, True, boss.password)
    assert not AuditEntry.objects.exists()


def test_no_old_session_revives_with_the_person(boss: Staff, client_of: Any) -> None:
    staff = StaffFactory()
    client = client_of(staff)
    assert client.get("/accounts/2fa/").status_code == 200
    staffing.deactivate(staff_id=staff.pk, actor=boss, at=AT)
    with pytest.raises(staffing.StaffStateUnchanged):
        staffing.deactivate(staff_id=staff.pk, actor=boss, at=AT)
    with pytest.raises(staffing.PasswordTooWeak):
        staffing.reactivate(staff_id=staff.pk, password="x", actor=boss, at=AT)
    staffing.reactivate(staff_id=staff.pk, password=NEW, actor=boss, at=AT)
    assert client.get("/accounts/2fa/").status_code == 302
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["staff.deactivated", "staff.reactivated"]


def test_a_new_password_ends_sessions(boss: Staff, client_of: Any) -> None:
    staff = StaffFactory()
    client = client_of(staff)
    staffing.set_password(staff_id=staff.pk, password=NEW, actor=boss, at=AT)
    assert client.get("/accounts/2fa/").status_code == 302
    assert AuditEntry.objects.get().action == "staff.password_set"


def test_reset_second_factor(boss: Staff) -> None:
    staff = StaffFactory()
    Authenticator.objects.create(user=staff, type="totp", data={"secret": "x"})
    staffing.reset_second_factor(staff_id=staff.pk, actor=boss, at=AT)
    assert not Authenticator.objects.exists()
    assert AuditEntry.objects.get().changes == {"removed": 1}


def test_details_record_what_changed_but_no_address(boss: Staff) -> None:
    staff = StaffFactory(name="旧名", email="old@bank.example")
    staffing.change_details(
        staff_id=staff.pk, name="新名", email="new@bank.example", language="zh-hans",
        actor=boss, at=AT,
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert entry.changes["name"] == {"before": "旧名", "after": "新名"}
    assert "bank.example" not in str(entry.changes)
    assert set(entry.changes) == {"name", "email"}
    with pytest.raises(TypeError):
        staffing.change_details(staff_id=staff.pk, role="administrator", actor=boss, at=AT)


def create_administrator(monkeypatch: pytest.MonkeyPatch, password: str, *args: str) -> str:
    monkeypatch.setattr("sys.stdin", StringIO(password + "\n"))
    out = StringIO()
    call_command("create_administrator", *args, stdout=out)
    return out.getvalue()


def test_the_first_administrator_opens_the_head_office(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "root.admin" in create_administrator(monkeypatch, NEW, "Root.Admin")
    staff = Staff.objects.get()
    assert (staff.username, staff.role, staff.branch.path) == (
        "root.admin",
        "administrator",
        "/HO/",
    )
    assert staff.check_password(NEW)
    with pytest.raises(CommandError):
        create_administrator(monkeypatch, NEW, "root.admin")
    create_administrator(monkeypatch, NEW, "second")
    assert Branch.objects.count() == 1


def test_a_weak_password_creates_no_administrator(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError):
        create_administrator(monkeypatch, "12345", "root")
    assert not Staff.objects.exists()
    assert PASSWORD
