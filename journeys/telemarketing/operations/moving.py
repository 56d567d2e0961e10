"""The one function by which leads change owner or state, and what people do with it."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from journeys.telemarketing import queries
from journeys.telemarketing.enums import LeadState, MovePath
from journeys.telemarketing.models import Lead, LeadAssignment, LeadMove
from journeys.telemarketing.operations import promises
from journeys.telemarketing.operations.refusing import LeadRefused, in_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_GIVING = (MovePath.IMPORT, MovePath.CLAIM, MovePath.ASSIGN, MovePath.COVER)
# What stands against each move of a list, as its trigger would find it, with the cap of the policy
# and how many open leads the person has.
_AGAINST = """
SELECT held.id, journeys_lead_move_refusal(held, move, person, rule), coalesce(rule.claim_cap, 0),
       (SELECT count(*) FROM journeys_lead AS own
         WHERE own.owner_id = asked.owner AND own.state IN ('new', 'working'))
FROM unnest(%(leads)s::bigint[], %(owners)s::bigint[], %(states)s::text[])
     WITH ORDINALITY AS asked(lead, owner, state, place)
JOIN journeys_lead AS held ON held.id = asked.lead
LEFT JOIN portal_staff AS person ON person.id = asked.owner
LEFT JOIN journeys_poolpolicy AS rule ON rule.id = journeys_pool_policy(held.branch_id, %(on)s)
CROSS JOIN LATERAL jsonb_populate_record(NULL::journeys_leadmove, jsonb_build_object(
    'lead_id', asked.lead, 'path', 'import', 'at', %(at)s::timestamptz,
    'to_owner_id', asked.owner, 'to_state', asked.state)) AS move
ORDER BY asked.place
"""


@dataclass(frozen=True)
class Move:
    """Where a lead is to go: `assignment` and `line` of a lead that was shared out."""

    lead_id: int
    owner_id: int | None
    state: str
    line: dict[str, Any] | None = None


def move(
    *,
    moves: Sequence[Move],
    path: MovePath,
    actor: Staff | None,
    at: dt.datetime,
    why: str = "",
    assignment: LeadAssignment | None = None,
) -> None:
    """This will change owner or state of leads, each by one row of the history, all or none. Every
    path goes through here; what may not be is refused by the database, which fills in the rest
    (`LeadMove`). Who gets leads is locked before the leads, each in the order of their ids; what
    was promised goes along with them. Raises LeadRefused."""
    gets = moves if path in _GIVING else ()
    people = sorted({one.owner_id for one in gets if one.owner_id is not None})
    leads = sorted(one.lead_id for one in moves)
    with in_words():
        list(_locked(Staff, people))
        list(_locked(Lead, leads))
        LeadMove.objects.bulk_create(
            [
                LeadMove(
                    lead_id=one.lead_id, path=path, actor=actor, at=at, to_owner_id=one.owner_id,
                    to_state=one.state, why=why, assignment=assignment, line=one.line,
                )
                for one in moves
            ],
            batch_size=1000,
        )  # fmt: skip
    promises.follow_leads(
        gone_to={one.lead_id: one.owner_id for one in moves if path in _GIVING},
        ended=[one.lead_id for one in moves if one.state not in queries.OPEN],
        at=at,
    )


def refusals_of_list(*, moves: Sequence[Move], at: dt.datetime) -> dict[int, str]:
    """This will tell what stands against each move of a list that comes in, "" where nothing does:
    as if they were moved one after the other. Who gets leads, and the leads, stay locked."""
    list(_locked(Staff, sorted({one.owner_id for one in moves if one.owner_id is not None})))
    list(_locked(Lead, sorted(one.lead_id for one in moves)))
    with connection.cursor() as cursor:
        cursor.execute(
            _AGAINST,
            {
                "leads": [one.lead_id for one in moves],
                "owners": [one.owner_id for one in moves],
                "states": [str(one.state) for one in moves],
                "at": at, "on": clock.bank_day(at),
            },
        )  # fmt: skip
        found = {pk: (against, cap, held) for pk, against, cap, held in cursor.fetchall()}
    given = Counter[int | None]()
    answers = {}
    for one in moves:
        against, cap, held = found[one.lead_id]
        gets = one.owner_id is not None and one.state in queries.OPEN
        if not against and gets and held + given[one.owner_id] >= cap:
            against = "lead_cap_reached"
        if not against and gets:
            given[one.owner_id] += 1
        answers[one.lead_id] = against or ""
    return answers


def _locked(model: type[Any], ids: Sequence[int]) -> Any:
    rows = model.objects.filter(pk__in=ids).select_for_update(of=("self",), no_key=True)
    return rows.order_by("pk").values_list("pk", flat=True)


@transaction.atomic
def claim_lead(*, lead_id: int, actor: Staff, at: dt.datetime) -> Lead:
    """This will give a lead of the pool to the person who takes it. Raises LeadRefused."""
    refuse_without(actor=actor, permission=Permission.WORK_LEADS)
    free = queries.callable_leads(scope=scope_of(actor), at=at)
    if not free.filter(pk=lead_id).exists():
        raise LeadRefused(
            _("This lead may not be called for now, or somebody else has it; choose another one.")
        )
    move(moves=[Move(lead_id, actor.pk, LeadState.NEW)], path=MovePath.CLAIM, actor=actor, at=at)
    return _told("leads.claimed", lead_id, actor, at)


@transaction.atomic
def release_lead(*, lead_id: int, actor: Staff, at: dt.datetime, why: str = "") -> Lead:
    """This will put one's own lead back into the pool. Raises LeadRefused."""
    move(
        moves=[Move(lead_id, None, LeadState.NEW)], path=MovePath.RELEASE, actor=actor, at=at,
        why=_words(why),
    )  # fmt: skip
    return _told("leads.released", lead_id, actor, at, why)


@transaction.atomic
def work_lead(*, lead_id: int, actor: Staff, at: dt.datetime) -> Lead:
    """This will note that its owner did something about a lead, which extends its protection.
    Raises LeadRefused."""
    move(moves=[Move(lead_id, actor.pk, LeadState.WORKING)], path=MovePath.WORK, actor=actor, at=at)
    return _told("leads.worked_on", lead_id, actor, at)


@transaction.atomic
def end_lead(*, lead_id: int, state: LeadState, actor: Staff, at: dt.datetime) -> Lead:
    """This will end one's own lead for good: its person applied, or it is closed. Raises
    LeadRefused."""
    held = Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=lead_id)
    if held.owner_id != actor.pk:
        raise LeadRefused(_("This lead is not yours (any more); load the page again."))
    move(moves=[Move(lead_id, actor.pk, state)], path=MovePath.END, actor=actor, at=at)
    return _told("leads.ended", lead_id, actor, at)


@transaction.atomic
def take_back_leads(
    *, lead_ids: Sequence[int], actor: Staff, at: dt.datetime, why: str
) -> list[Lead]:
    """This will take leads of the manager's branches from their owners, back into the pool, with
    the reason. All or none. Raises LeadRefused."""
    refuse_without(actor=actor, permission=Permission.ASSIGN_LEADS)
    if not why.strip():
        raise LeadRefused(_("Say why the leads are taken back."))
    rows = within_branches(lead_ids=lead_ids, actor=actor)
    move(
        moves=[Move(row.pk, None, LeadState.NEW) for row in rows], path=MovePath.TAKE_BACK,
        actor=actor, at=at, why=_words(why),
    )  # fmt: skip
    changes = {"leads": len(rows)}
    audit.record(action="leads.taken_back", actor=actor, at=at, reason=_words(why), changes=changes)
    return rows


def within_branches(*, lead_ids: Sequence[int], actor: Staff) -> list[Lead]:
    """This will return the leads of the manager's branches by id, locked. Raises LeadRefused where
    one is not among them."""
    rows = Lead.objects.filter(scope_of(actor).branches(), pk__in=lead_ids)
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if len(found) != len(set(lead_ids)) or not found:
        raise LeadRefused(_("Choose leads of your branch and of those below it."))
    return found


def refuse_without(*, actor: Staff, permission: Permission) -> None:
    """This will refuse whoever lacks a permission. Raises LeadRefused."""
    if not actor.may(permission):
        raise LeadRefused(_("Your role does not do this."))


def _words(why: str) -> str:
    return masking.mask_text(why.strip())[:200]


def _told(action: str, lead_id: int, actor: Staff, at: dt.datetime, why: str = "") -> Lead:
    lead = Lead.objects.get(pk=lead_id)
    audit.record(action=action, actor=actor, at=at, target=lead, reason=_words(why))
    return lead
