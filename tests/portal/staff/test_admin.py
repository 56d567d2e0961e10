"""The Django admin: for administrators only, through the portal's own door, all recorded."""

import datetime as dt
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client

from journeys.models import CardProduct, ContactRule
from merchants.models import MerchantCategory
from portal.models import AuditEntry, Branch, Staff, Team
from portal.staff.enums import Role
from tests.factories.journeys import ContactRuleFactory, ProductFactory
from tests.factories.merchants import CategoryFactory
from tests.factories.portal import PASSWORD, BranchFactory, StaffFactory, head_office

pytestmark = pytest.mark.django_db
NEW = "quite-another-7-words"


@pytest.fixture
def boss() -> Staff:
    return StaffFactory(role=Role.ADMINISTRATOR)


@pytest.fixture
def admin(boss: Staff, client_of: Any) -> Client:
    return client_of(boss)


def test_strangers_are_sent_to_the_portals_login_page(client: Client) -> None:
    answer = client.get("/admin/portal/staff/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/portal/staff/"


def test_the_admin_has_no_sign_in_of_its_own(client: Client, boss: Staff) -> None:
    answer = client.post("/admin/login/", {"username": boss.username, "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/?next=/admin/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMINISTRATOR])
def test_others_get_a_refusal_and_no_loop(client_of: Any, role: str) -> None:
    client = client_of(role)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/portal/staff/", follow=True).status_code == 403
    assert client.get("/admin/login/").status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "", "portal/branch/", "portal/branch/add/", "portal/team/", "portal/team/add/",
        "portal/staff/", "portal/staff/add/", "journeys/cardproduct/", "journeys/cardproduct/add/",
        "journeys/contactrule/", "merchants/merchantcategory/",
        "merchants/merchantcategory/add/", "axes/accessattempt/", "axes/accesslog/",
    ],
)  # fmt: skip
def test_pages_open(admin: Client, page: str) -> None:
    BranchFactory()
    ProductFactory()
    ContactRuleFactory()
    CategoryFactory()
    assert admin.get(f"/admin/{page}").status_code == 200


@pytest.mark.parametrize(
    "page", ["account/emailaddress/", "mfa/authenticator/", "auth/group/", "portal/auditentry/"]
)
def test_nothing_else_is_there(admin: Client, page: str) -> None:
    assert admin.get(f"/admin/{page}").status_code in (403, 404)


def staff_fields(**changed: Any) -> dict[str, Any]:
    words = {
        "username": "li.na", "staff_number": "1001", "name": "李娜", "name_en": "Li Na",
        "email": "", "role": "analyst", "branch": head_office().pk, "team": "",
        "language": "zh-hans", "joined_date": "2026-03-02", "new_password": NEW,
    }  # fmt: skip
    return {**words, **changed}


def test_hiring_goes_through_the_operation(admin: Client, boss: Staff) -> None:
    answer = admin.post("/admin/portal/staff/add/", staff_fields())
    assert answer.status_code == 302
    staff = Staff.objects.get(username="li.na")
    assert staff.check_password(NEW)
    assert (staff.is_active, staff.joined_date) == (True, dt.date(2026, 3, 2))
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("staff.hired", boss)


@pytest.mark.parametrize("changed", [{"new_password": ""}, {"new_password": "123"}, {"role": "x"}])
def test_a_bad_hire_is_refused_in_the_form(admin: Client, changed: dict[str, str]) -> None:
    assert admin.post("/admin/portal/staff/add/", staff_fields(**changed)).status_code == 200
    assert not Staff.objects.filter(username="li.na").exists()


def test_a_team_of_another_branch_is_refused_in_the_form(admin: Client) -> None:
    team = Team.objects.create(branch=BranchFactory(), code="T1", name="一组", name_en="One")
    answer = admin.post("/admin/portal/staff/add/", staff_fields(team=team.pk))
    assert answer.status_code == 200
    assert not Staff.objects.filter(username="li.na").exists()


def change(admin: Client, staff: Staff, **changed: Any) -> int:
    words = {
        "name": staff.name, "name_en": staff.name_en, "email": "", "role": staff.role,
        "branch": staff.branch_id, "team": "", "language": staff.language, "joined_date": "",
        "is_active": "on", "new_password": "",
    }  # fmt: skip
    words.update(changed)
    words = {name: value for name, value in words.items() if value is not None}
    return admin.post(f"/admin/portal/staff/{staff.pk}/change/", words).status_code


def test_changes_are_operations_each_with_its_entry(admin: Client) -> None:
    staff = StaffFactory(role=Role.ANALYST)
    assert change(admin, staff) == 302
    assert not AuditEntry.objects.exists()
    assert change(admin, staff, role="approver", name="新名", new_password=NEW) == 302
    staff.refresh_from_db()
    assert (staff.role, staff.name, staff.check_password(NEW)) == ("approver", "新名", True)
    assert change(admin, staff, is_active=None) == 302
    assert change(admin, staff, new_password="") == 200  # back only with a new password
    assert change(admin, staff, new_password=PASSWORD) == 302
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == [
        "staff.changed", "staff.role_changed", "staff.password_set", "staff.deactivated",
        "staff.reactivated",
    ]  # fmt: skip


def test_the_own_role_cannot_be_changed_here(admin: Client, boss: Staff) -> None:
    assert change(admin, boss, role="approver", is_active=None, new_password=NEW) == 302
    boss.refresh_from_db()
    assert (boss.role, boss.is_active, boss.check_password(PASSWORD)) == (
        "administrator",
        True,
        True,
    )


def test_no_page_shows_a_password_or_its_hash(admin: Client) -> None:
    staff = StaffFactory()
    page = admin.get(f"/admin/portal/staff/{staff.pk}/change/").content.decode()
    assert staff.password not in page
    assert "md5$" not in page
    assert 'name="username"' not in page


def test_nobody_is_deleted(admin: Client) -> None:
    staff = StaffFactory()
    assert admin.post(f"/admin/portal/staff/{staff.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Staff.objects.filter(pk=staff.pk).exists()


def test_the_second_factor_is_reset_by_an_action(admin: Client, boss: Staff) -> None:
    staff = StaffFactory()
    data = {"action": "reset_second_factor", "_selected_action": [staff.pk, boss.pk]}
    assert admin.post("/admin/portal/staff/", data).status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target_key) == ("staff.second_factor_reset", str(staff.pk))


def test_a_branch_is_opened_with_its_path(admin: Client) -> None:
    data = {
        "code": "R1", "name": "华东分行", "name_en": "East", "level": "region",
        "parent": head_office().pk, "division_code": "310000",
    }  # fmt: skip
    assert admin.post("/admin/portal/branch/add/", data).status_code == 302
    branch = Branch.objects.get(code="R1")
    assert (branch.path, branch.is_active) == ("/HO/R1/", True)
    url = f"/admin/portal/branch/{branch.pk}/change/"
    data = {"name": "华东", "name_en": "East", "division_code": "310000", "is_active": "on"}
    assert admin.post(url, data).status_code == 302
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["branch.opened", "branch.changed"]


@pytest.mark.parametrize("fields", [{"parent": ""}, {"code": "A/B"}, {"level": "head_office"}])
def test_a_misplaced_branch_is_refused_in_the_form(admin: Client, fields: dict[str, str]) -> None:
    data = {
        "code": "R1", "name": "华东分行", "name_en": "East", "level": "region",
        "parent": str(head_office().pk), "division_code": "", **fields,
    }  # fmt: skip
    assert admin.post("/admin/portal/branch/add/", data).status_code == 200
    assert Branch.objects.count() == 1


def test_plain_tables_are_recorded_with_before_and_after(admin: Client, boss: Staff) -> None:
    product = ProductFactory(name="金卡")
    data = {
        "code": product.code, "name": "白金卡", "name_en": product.name_en,
        "issuer": product.issuer, "is_own": "on", "annual_fee": "0", "is_active": "on",
    }  # fmt: skip
    url = f"/admin/journeys/cardproduct/{product.pk}/change/"
    assert admin.post(url, data).status_code == 302
    assert CardProduct.objects.get().name == "白金卡"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor) == ("cardproduct.changed", boss)
    assert entry.changes == {"name": {"before": "金卡", "after": "白金卡"}}


def test_contact_rules_are_for_compliance_to_set(admin: Client) -> None:
    """They have a page of their own, which refuses days that have passed."""
    rule = ContactRuleFactory()
    data = {
        "effective_date": "2026-04-01", "day_cap": "5", "month_cap": "5", "source": "law",
    }  # fmt: skip
    for verb in ("add/", f"{rule.pk}/change/", f"{rule.pk}/delete/"):
        assert admin.post(f"/admin/journeys/contactrule/{verb}", data).status_code == 403
    assert ContactRule.objects.get().day_cap == 2
    assert AuditEntry.objects.count() == 0


def test_a_category_is_added_and_recorded(admin: Client) -> None:
    data = {"mcc": "5411", "name": "超市", "name_en": "Groceries", "scenario": "dining"}
    assert admin.post("/admin/merchants/merchantcategory/add/", data).status_code == 302
    assert MerchantCategory.objects.get().mcc == "5411"
    assert AuditEntry.objects.get().action == "merchantcategory.added"


def test_unlocking_lets_in_again_and_is_recorded(admin: Client, boss: Staff) -> None:
    staff = StaffFactory(username="wang")
    client = Client()
    for _ in range(5):
        client.post("/accounts/login/", {"login": "wang", "password": "wrong"})
    attempt = AccessAttempt.objects.get()
    page = admin.get(f"/admin/axes/accessattempt/{attempt.pk}/change/")
    assert page.status_code == 200
    url = f"/admin/axes/accessattempt/{attempt.pk}/delete/"
    assert admin.post(url, {"post": "yes"}).status_code == 302
    data = {"login": staff.username, "password": PASSWORD, "next": "/accounts/2fa/"}
    assert client.post("/accounts/login/", data).status_code == 302
    entry = AuditEntry.objects.get(action="accessattempt.deleted")
    assert entry.actor == boss
