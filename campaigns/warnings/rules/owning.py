"""Who must look at an alert: by its kind and branch, and never nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaigns.warnings.enums import Kind, Subject
from portal.staff.enums import Permission, Role
from portal.staff.rules import role_may

# Whose desk it is first; where the campaign has an owner, that one comes before its role.
DESKS: Mapping[str, str] = {
    Kind.BUDGET: Role.CAMPAIGN_MANAGER,
    Kind.BURST: Role.CAMPAIGN_MANAGER,
    Kind.NEVER_USED: Role.BRANCH_MANAGER,
    Kind.SPLITTING: Role.COMPLIANCE,
    Kind.SHARED: Role.COMPLIANCE,
    Kind.SELF_DEALING: Role.COMPLIANCE,
    Kind.DESK: Role.BRANCH_MANAGER,
    Kind.MONTH_END: Role.BRANCH_MANAGER,
    Kind.COMPLAINTS: Role.COMPLIANCE,
    Kind.REFUND: Role.COMPLIANCE,
    Kind.CONCENTRATION: Role.CAMPAIGN_MANAGER,
    Kind.SLEEPING: Role.BRANCH_MANAGER,
}


@dataclass(frozen=True)
class Person:
    """Somebody at work who may look at alerts, with the path of the own branch."""

    id: int
    role: str
    path: str


def may_own(role: str) -> bool:
    """This will tell whether people of a role may look at alerts at all."""
    return role_may(role, Permission.VIEW_WARNINGS)


def owner_of(
    *,
    kind: str,
    subject: str,
    path: str,
    people: Sequence[Person],
    concerned: int | None = None,
    manager: int | None = None,
) -> int | None:
    """This will choose who must look at an alert: the owner of its campaign (`manager`) where that
    is the desk's; else, of the desk's role, whoever sits nearest above its branch (`path`), the
    lowest number first; else a compliance officer; else anybody who may. Nobody looks at what is
    about himself (`concerned`), and what is about a whole branch is looked at from above it. None
    where the bank has nobody."""
    able = [one for one in people if one.id != concerned and may_own(one.role)]
    desk = DESKS[kind]
    if desk == Role.CAMPAIGN_MANAGER and any(one.id == manager for one in able):
        return manager
    above = _above(able, desk, path, is_strict=subject == Subject.BRANCH)
    for found in (above, [one for one in able if one.role == Role.COMPLIANCE], _others(able, path)):
        if found:
            return found[0].id
    return None


def _above(people: Sequence[Person], role: str, path: str, *, is_strict: bool) -> list[Person]:
    fit = [
        one
        for one in people
        if one.role == role and path.startswith(one.path) and not (is_strict and one.path == path)
    ]
    return sorted(fit, key=lambda one: (-len(one.path), one.id))


def _others(people: Sequence[Person], path: str) -> list[Person]:
    fit = [one for one in people if one.role != Role.BRANCH_MANAGER or path.startswith(one.path)]
    return sorted(fit, key=lambda one: one.id)
