"""Hiring people, changing what they may do, and letting them go."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from portal.audit import operations as audit
from portal.kit.registry import registry
from portal.staff.models import Branch, Staff, Team


class OwnAccount(Exception):
    """Raised where administrators would change their own role, or lock themselves out."""


class TeamOfAnotherBranch(Exception):
    """Raised where a person's team does not belong to the person's branch."""


class PasswordTooWeak(Exception):
    """Raised with the reasons why a password is not accepted, each a sentence."""


class StaffStateUnchanged(Exception):
    """Raised where a person already is what the change would make."""


def hire(
    *,
    username: str,
    staff_number: str,
    name: str,
    role: str,
    branch: Branch,
    password: str,
    actor: Staff | None,
    at: dt.datetime,
    name_en: str = "",
    email: str = "",
    team: Team | None = None,
    language: str = "zh-hans",
    joined_date: dt.date | None = None,
) -> Staff:
    """This will let a new person sign in. `actor` is None only for the first administrator.

    Raises TeamOfAnotherBranch, PasswordTooWeak.
    """
    _check_team(branch.pk, team)
    staff = Staff(
        username=username.strip().lower(),
        staff_number=staff_number,
        name=name,
        name_en=name_en,
        email=email,
        role=role,
        branch=branch,
        team=team,
        language=language,
        joined_date=joined_date,
    )
    _check_password(password, staff)
    staff.set_password(password)
    with transaction.atomic():
        staff.save(force_insert=True)
        audit.record(
            action="staff.hired",
            actor=actor,
            at=at,
            target=staff,
            changes={"username": staff.username, "role": str(role), "branch": branch.code},
        )
    return staff


def change_role(
    *, staff_id: int, role: str, actor: Staff, at: dt.datetime, reason: str = ""
) -> Staff:
    """This will give a person another role, in force at the next click.

    Raises OwnAccount, StaffStateUnchanged.
    """
    _refuse_own(staff_id, actor)
    with transaction.atomic():
        staff = _locked(staff_id)
        if staff.role == role:
            raise StaffStateUnchanged(staff.username)
        changes = {"role": {"before": staff.role, "after": str(role)}}
        staff.role = role
        staff.save(update_fields=["role"])
        audit.record(
            action="staff.role_changed",
            actor=actor,
            at=at,
            target=staff,
            reason=reason,
            changes=changes,
        )
        return staff


def deactivate(*, staff_id: int, actor: Staff, at: dt.datetime, reason: str = "") -> Staff:
    """This will shut a person out at once: open sessions end at their next click.

    Raises OwnAccount, StaffStateUnchanged.
    """
    _refuse_own(staff_id, actor)
    with transaction.atomic():
        staff = _locked(staff_id)
        if not staff.is_active:
            raise StaffStateUnchanged(staff.username)
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        audit.record(action="staff.deactivated", actor=actor, at=at, target=staff, reason=reason)
        transaction.on_commit(lambda: registry.tell_away(staff_id, at))
        return staff


def reactivate(*, staff_id: int, password: str, actor: Staff, at: dt.datetime) -> Staff:
    """This will let a person in again, with a new password, so that no old session revives.

    Raises OwnAccount, StaffStateUnchanged, PasswordTooWeak.
    """
    _refuse_own(staff_id, actor)
    with transaction.atomic():
        staff = _locked(staff_id)
        if staff.is_active:
            raise StaffStateUnchanged(staff.username)
        _check_password(password, staff)
        staff.set_password(password)
        staff.is_active = True
        staff.save(update_fields=["is_active", "password"])
        audit.record(action="staff.reactivated", actor=actor, at=at, target=staff)
        return staff


def set_password(*, staff_id: int, password: str, actor: Staff, at: dt.datetime) -> Staff:
    """This will give a person a new password and end that person's open sessions.

    Raises OwnAccount (own passwords are changed on the own page, with the old one),
    PasswordTooWeak.
    """
    _refuse_own(staff_id, actor)
    with transaction.atomic():
        staff = _locked(staff_id)
        _check_password(password, staff)
        staff.set_password(password)
        staff.save(update_fields=["password"])
        audit.record(action="staff.password_set", actor=actor, at=at, target=staff)
        return staff


def reset_second_factor(*, staff_id: int, actor: Staff, at: dt.datetime) -> Staff:
    """This will take away a person's second factor, for one who lost telephone and codes.

    Raises OwnAccount.
    """
    _refuse_own(staff_id, actor)
    with transaction.atomic():
        staff = _locked(staff_id)
        removed, _by_model = Authenticator.objects.filter(user=staff).delete()
        audit.record(
            action="staff.second_factor_reset",
            actor=actor,
            at=at,
            target=staff,
            changes={"removed": removed},
        )
        return staff


_DETAILS = ("name", "name_en", "email", "branch", "team", "language", "joined_date")


def change_details(*, staff_id: int, actor: Staff, at: dt.datetime, **details: Any) -> Staff:
    """This will change names, e-mail, branch, team, language or joining day; `details` holds the
    new values by field name, those left out stay.

    Raises TeamOfAnotherBranch, TypeError for any other field.
    """
    if unknown := set(details) - set(_DETAILS):
        raise TypeError(f"not a detail: {', '.join(sorted(unknown))}")
    with transaction.atomic():
        staff = _locked(staff_id)
        changes = {
            field: {"before": _plain(getattr(staff, field)), "after": _plain(value)}
            for field, value in details.items()
            if getattr(staff, field) != value
        }
        if not changes:
            return staff
        for field in changes:
            setattr(staff, field, details[field])
        _check_team(staff.branch_id, staff.team)
        staff.save(update_fields=list(changes))
        if "email" in changes:
            changes["email"] = {"before": "…", "after": "…"}  # personal: that it changed is enough
        audit.record(action="staff.changed", actor=actor, at=at, target=staff, changes=changes)
        return staff


def _plain(value: Any) -> Any:
    if isinstance(value, Branch | Team):
        return value.code
    return value.isoformat() if isinstance(value, dt.date) else value


def _locked(staff_id: int) -> Staff:
    return Staff.objects.select_for_update(of=("self",)).get(pk=staff_id)


def _refuse_own(staff_id: int, actor: Staff) -> None:
    if staff_id == actor.pk:
        raise OwnAccount(actor.username)


def _check_team(branch_id: int, team: Team | None) -> None:
    if team is not None and team.branch_id != branch_id:
        raise TeamOfAnotherBranch(team.code)


def _check_password(password: str, staff: Staff) -> None:
    try:
        password_validation.validate_password(password, staff)
    except ValidationError as refused:
        raise PasswordTooWeak(*refused.messages) from refused
