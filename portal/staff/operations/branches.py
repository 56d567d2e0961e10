"""Opening and changing branches; the path in the tree is kept here and checked by the database."""

import datetime as dt

from django.db import transaction

from portal.audit import operations as audit
from portal.staff.enums import BranchLevel
from portal.staff.models import Branch, Staff


class BranchNotPlaced(Exception):
    """Raised for a head office below another branch, a second one, or a branch below none."""


def open_branch(
    *,
    code: str,
    name: str,
    name_en: str,
    level: str,
    parent: Branch | None,
    division_code: str = "",
    actor: Staff | None,
    at: dt.datetime,
) -> Branch:
    """This will open a branch below `parent`; the head office alone has none.

    Raises BranchNotPlaced.
    """
    if (level == BranchLevel.HEAD_OFFICE) != (parent is None):
        raise BranchNotPlaced(code)
    with transaction.atomic():
        if parent is None and Branch.objects.filter(parent=None).exists():
            raise BranchNotPlaced(code)
        above = "/"
        if parent is not None:
            # Locked, so that its path cannot change before ours is built on it.
            above = Branch.objects.select_for_update(of=("self",)).get(pk=parent.pk).path
        branch = Branch.objects.create(
            code=code,
            name=name,
            name_en=name_en,
            level=level,
            parent=parent,
            path=f"{above}{code}/",
            division_code=division_code,
        )
        audit.record(
            action="branch.opened",
            actor=actor,
            at=at,
            target=branch,
            changes={"code": code, "level": str(level), "path": branch.path},
        )
        return branch


def ensure_head_office(*, at: dt.datetime) -> Branch:
    """This will return the head office, opened where the bank has no branch yet."""
    found = Branch.objects.filter(parent=None).first()
    return found or open_branch(
        code="HO",
        name="总行",
        name_en="Head office",
        level=BranchLevel.HEAD_OFFICE,
        parent=None,
        actor=None,
        at=at,
    )


def change_branch(
    *,
    branch_id: int,
    name: str,
    name_en: str,
    division_code: str,
    is_active: bool,
    actor: Staff,
    at: dt.datetime,
) -> Branch:
    """This will change a branch's names, division and whether it is open; its place stays."""
    with transaction.atomic():
        branch = Branch.objects.select_for_update(of=("self",)).get(pk=branch_id)
        wanted = {
            "name": name,
            "name_en": name_en,
            "division_code": division_code,
            "is_active": is_active,
        }
        changes = {
            field: {"before": getattr(branch, field), "after": value}
            for field, value in wanted.items()
            if getattr(branch, field) != value
        }
        if changes:
            for field in changes:
                setattr(branch, field, wanted[field])
            branch.save(update_fields=list(changes))
            audit.record(
                action="branch.changed", actor=actor, at=at, target=branch, changes=changes
            )
        return branch
