"""The Django admin of the portal's own tables. It is for administrators; portal.staff.rules says
which tables it shows. What an operation decides goes through the operation."""

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessLog
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.approvals.forms import LevelForm
from portal.audit import operations as audit
from portal.kit import clock
from portal.models import ApprovalLevel, Branch, Staff, Team
from portal.staff import operations as staffing
from portal.staff.access import staff_of
from portal.staff.forms import BranchForm, OwnStaffForm, StaffForm


class AuditedAdmin(admin.ModelAdmin):
    """For plain tables of configuration: whatever is saved or deleted stands in the audit trail."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """This will save the row and record what was there before and is now."""
        before = type(obj)._base_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        changes = {
            field: {"before": _plain(before, field), "after": _plain(obj, field)}
            for field in form.changed_data
        }
        verb = "changed" if change else "added"
        self._record(request, verb, obj, changes)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """This will record the row and delete it."""
        self._record(request, "deleted", obj, {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """This will record the rows one by one and delete them."""
        for row in queryset:
            self._record(request, "deleted", row, {})
        super().delete_queryset(request, queryset)

    def _record(self, request: HttpRequest, verb: str, row: Model, changes: dict[str, Any]) -> None:
        audit.record(
            action=f"{row._meta.model_name}.{verb}",
            actor=staff_of(request),
            at=clock.now(),
            target=row,
            changes=changes,
        )


def _plain(row: Model | None, field: str) -> Any:
    value = getattr(row, field, None)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


@admin.register(Branch)
class BranchAdmin(admin.ModelAdmin):
    """Branches; their place in the tree is given once."""

    form = BranchForm
    list_display = ["code", "name", "name_en", "level", "parent", "is_active"]
    list_select_related = ["parent"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["path"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code", "level", "parent"] if obj else []

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if obj else ["is_active"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """This will open or change the branch through its operation."""
        actor, at = staff_of(request), clock.now()
        words = {"name": obj.name, "name_en": obj.name_en, "division_code": obj.division_code}
        if change:
            staffing.change_branch(
                branch_id=obj.pk, is_active=obj.is_active, actor=actor, at=at, **words
            )
            return
        opened = staffing.open_branch(
            code=obj.code, level=obj.level, parent=obj.parent, actor=actor, at=at, **words
        )
        obj.pk, obj.path, obj._state.adding = opened.pk, opened.path, False


@admin.register(Team)
class TeamAdmin(AuditedAdmin):
    """Teams within branches."""

    list_display = ["code", "name", "name_en", "branch"]
    list_select_related = ["branch"]
    search_fields = ["code", "name", "name_en"]
    ordering = ["code"]


@admin.register(Staff)
class StaffAdmin(admin.ModelAdmin):
    """Staff; passwords only go in, and nobody changes the own role here."""

    form = StaffForm
    list_display = ["username", "staff_number", "name", "role", "branch", "is_active"]
    list_filter = ["role", "is_active"]
    list_select_related = ["branch"]
    search_fields = ["username", "staff_number", "name", "name_en"]
    ordering = ["username"]
    actions = ["reset_second_factor"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        own = ["role", "is_active"] if obj.pk == request.user.pk else []
        return ["username", "staff_number", "last_login", *own]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["password"] if obj else ["password", "is_active"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is not None and obj.pk == request.user.pk:
            kwargs["form"] = OwnStaffForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = list(StaffForm.Meta.fields)
        if obj is None:
            fields.remove("is_active")
        else:
            fields.append("last_login")
        is_own = obj is not None and obj.pk == request.user.pk
        return fields if is_own else [*fields, "new_password"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """This will hire or change the person through the operations of staff."""
        actor, at, given = staff_of(request), clock.now(), form.cleaned_data
        password = given.pop("new_password", "")
        if not change:
            hired = staffing.hire(**given, password=password, actor=actor, at=at)
            obj.pk, obj._state.adding = hired.pk, False
            return
        role, is_active = given.pop("role", None), given.pop("is_active", None)
        staffing.change_details(staff_id=obj.pk, actor=actor, at=at, **given)
        if "role" in form.changed_data and role:
            staffing.change_role(staff_id=obj.pk, role=role, actor=actor, at=at)
        if "is_active" in form.changed_data and is_active:
            staffing.reactivate(staff_id=obj.pk, password=password, actor=actor, at=at)
            return
        if password:
            staffing.set_password(staff_id=obj.pk, password=password, actor=actor, at=at)
        if "is_active" in form.changed_data:
            staffing.deactivate(staff_id=obj.pk, actor=actor, at=at)

    @admin.action(description=_("Reset the second factor"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[Staff]) -> None:
        """This will take the second factor from people who lost it."""
        for staff in queryset:
            try:
                staffing.reset_second_factor(
                    staff_id=staff.pk, actor=staff_of(request), at=clock.now()
                )
            except staffing.OwnAccount:
                refused = _("Your own second factor is changed on your own page, with a code.")
                messages.error(request, refused)
            else:
                done = _("The second factor of {name} is reset.").format(name=staff)
                messages.success(request, done)


class _SignInColumns(admin.ModelAdmin):
    """Columns of the lock-out library's tables under names that both languages have."""

    @admin.display(description=_("user name"), ordering="username")
    def user_name(self, row: Any) -> str:
        return row.username or ""

    @admin.display(description=_("address"), ordering="ip_address")
    def from_address(self, row: Any) -> str:
        return row.ip_address or ""

    @admin.display(description=_("at"), ordering="attempt_time")
    def tried_at(self, row: Any) -> Any:
        return row.attempt_time

    @admin.display(description=_("wrong tries"))
    def wrong_tries(self, row: Any) -> int:
        return row.failures_since_start

    @admin.display(description=_("signed out at"), ordering="logout_time")
    def signed_out_at(self, row: Any) -> Any:
        return row.logout_time


@admin.register(ApprovalLevel)
class ApprovalLevelAdmin(AuditedAdmin):
    """How many approvals a thing needs by its size: a new table is added, none is changed."""

    form = LevelForm
    list_display = ["kind", "effective_date", "measure", "at_least", "approvals"]
    ordering = ["kind", "-effective_date", "measure", "at_least"]


@admin.register(AccessAttempt)
class AttemptAdmin(_SignInColumns, AuditedAdmin, AccessAttemptAdmin):
    """Wrong tries; deleting one unlocks the user name at that address."""

    fieldsets = None
    fields = ["user_name", "from_address", "tried_at", "wrong_tries"]
    readonly_fields = ["user_name", "from_address", "tried_at", "wrong_tries"]
    list_display = ["tried_at", "user_name", "from_address", "wrong_tries"]
    list_filter = []
    actions = None


@admin.register(AccessLog)
class LogAdmin(_SignInColumns, AccessLogAdmin):
    """Who signed in and out from where, as the lock-out library notes it."""

    fieldsets = None
    fields = ["user_name", "from_address", "tried_at", "signed_out_at"]
    readonly_fields = ["user_name", "from_address", "tried_at", "signed_out_at"]
    list_display = ["tried_at", "user_name", "from_address", "signed_out_at"]
    list_filter = []
