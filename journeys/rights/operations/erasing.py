"""The erasure of a person: asked for, allowed by a second person, carried out in one transaction.

What the law wants kept (transactions, gifts, the trail, the refusal itself) stays without identity.
This is the one place that writes the tables of other topics: see docs/decisions/0056.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Case, F, Value, When

from journeys.contact.models import BadAddress
from journeys.customers import queries as customers
from journeys.customers.models import Customer, ErasedNumber
from journeys.rights.enums import (
    PERSONS_CHANGED,
    ErasureState,
    Obstacle,
    RightsEventKind,
    RightsKind,
    RightsState,
)
from journeys.rights.models import Erasure, RightsRequest
from journeys.rights.operations import proving
from journeys.rights.operations.history import NotInState, add_event, locked, locked_with_identity
from journeys.rights.queries import holdings, links
from journeys.rights.queries.holdings import Person
from journeys.rights.rules import needles as rules
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.intake import operations as intake
from portal.kit import sealed
from portal.kit.personal import ERASED, Fate, Needles
from portal.staff.models import Staff

APPROVAL_KIND = "erasure"
Rows = dict[type[models.Model], list[Any]]


class NotForErasure(Exception):
    """Raised when a request asks for something else."""


class StandsAgainst(Exception):
    """Raised when something stands against an erasure; `obstacles` says what, with how many."""

    def __init__(self, obstacles: Sequence[tuple[Obstacle, int]]) -> None:
        super().__init__(", ".join(obstacle.value for obstacle, _number in obstacles))
        self.obstacles = list(obstacles)


class PersonsChanged(Exception):
    """Raised when an erasure covers other rows than those that the second person allowed."""


class Undeclared(Exception):
    """Raised when a person's table has a column of which nobody said what becomes of it."""


@transaction.atomic
def ask_erasure(*, request_id: int, actor: Staff, at: dt.datetime) -> Erasure:
    """This will put an erasure before another person.

    Raises NotInState, IdentityMissing, NotForErasure, StandsAgainst.
    """
    request = locked_with_identity(request_id)
    if request.kind != RightsKind.DELETE:
        raise NotForErasure(request.number)
    persons = holdings.persons_of(request)
    _refuse_against(holdings.standing_against(persons))
    rows = _rows_held(persons)
    erasure = Erasure.objects.create(
        request=request, persons=[holdings.key_of(person) for person in persons], asked_at=at
    )
    submission = approvals.submit(
        kind=APPROVAL_KIND,
        target_key=request.number,
        title=request.number,
        summary="",
        snapshot=_snapshot(request, erasure, rows=rows),
        maker=actor,
        at=at,
    )
    Erasure.objects.filter(pk=erasure.pk).update(submission_id=submission.pk)
    _move(request, RightsState.WAITING, RightsEventKind.ERASURE_ASKED, actor, at)
    return erasure


def _refuse_against(obstacles: Sequence[tuple[Obstacle, int]]) -> None:
    if obstacles:
        raise StandsAgainst(obstacles)


def _move(
    request: RightsRequest, state: RightsState, kind: RightsEventKind, actor: Staff, at: dt.datetime
) -> None:
    request.state, request.handled_by = state, actor
    request.save(update_fields=["state", "handled_by"])
    add_event(request=request, kind=kind, actor=actor, at=at)


def _rows_held(persons: Sequence[Person]) -> int:
    return sum(held.rows for held in holdings.held_about(persons))


def _snapshot(request: RightsRequest, erasure: Erasure, *, rows: int | None) -> dict[str, Any]:
    """What the second person signs; it names nobody in clear. `rows` is what was held at the
    asking: it grows by the day, and does not make it another erasure."""
    counted = {} if rows is None else {"rows": rows}
    return counted | {
        "request": request.number,
        "received": request.received_date.isoformat(),
        "channel": request.channel,
        "identity": request.identity_check,
        "persons": list(erasure.persons),
    }


def _asked(number: str) -> tuple[RightsRequest, Erasure]:
    request = RightsRequest.objects.get(number=number)
    return request, request.erasures.exclude(state=ErasureState.RETURNED).get()


def current_hash(target_key: str) -> str:
    """This will return the hash of the erasure as its request stands now. Whom it covers is asked
    anew: a lead that came meanwhile makes it another one."""
    request, erasure = _asked(target_key)
    now = [holdings.key_of(person) for person in holdings.persons_of(request)]
    if now != list(erasure.persons):
        erasure.persons = now
    asked = erasure.submission.snapshot if erasure.submission else {}
    return approval_rules.snapshot_hash(_snapshot(request, erasure, rows=asked.get("rows")))


def carry_approved(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will take note that a second person allowed an erasure; a worker carries it out."""
    request, erasure = _asked(target_key)
    request = locked(request.pk, RightsState.WAITING)
    erasure.state = ErasureState.APPROVED
    erasure.save(update_fields=["state"])
    _move(request, RightsState.APPROVED, RightsEventKind.ERASURE_ALLOWED, checker, at)
    transaction.on_commit(proving.request_work)


def carry_returned(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will take note that an erasure was not allowed, was withdrawn, or became void; it may
    be asked for again."""
    request, erasure = _asked(target_key)
    request = locked(request.pk, RightsState.WAITING)
    erasure.state = ErasureState.RETURNED
    erasure.save(update_fields=["state"])
    _move(request, RightsState.OPEN, RightsEventKind.ERASURE_RETURNED, checker, at)


def carry_out(*, erasure_id: int, at: dt.datetime) -> Erasure:
    """This will take a person's identity out of every table, prove it of the person's own rows in
    the same transaction, and have the rest of the bank searched.

    Raises NotInState, StandsAgainst, PersonsChanged, Undeclared, proving.SomethingLeft, with
    nothing erased; the last two are kept in `failure`. Where the person has other rows than those
    allowed (a lead that came meanwhile), the erasure is returned, to be asked for anew.
    """
    try:
        with transaction.atomic():
            return _carry_out(erasure_id, at)
    except PersonsChanged:
        _return_changed(erasure_id, at)
        raise
    except (Undeclared, proving.SomethingLeft) as failed:
        Erasure.objects.filter(pk=erasure_id, state=ErasureState.APPROVED).update(
            failure=f"{type(failed).__name__}: {failed}"[:2000]
        )
        raise


@transaction.atomic
def _return_changed(erasure_id: int, at: dt.datetime) -> None:
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure_id)
    if not erasure.is_approved:
        return
    request = locked(erasure.request_id, RightsState.APPROVED)
    erasure.state = ErasureState.RETURNED
    erasure.save(update_fields=["state"])
    request.state = RightsState.OPEN
    request.save(update_fields=["state"])
    add_event(
        request=request,
        kind=RightsEventKind.ERASURE_RETURNED,
        actor=None,
        at=at,
        words=PERSONS_CHANGED,
    )


def _carry_out(erasure_id: int, at: dt.datetime) -> Erasure:
    # An import beside it would bring the person back: it sees the number before or after only.
    intake.hold_imports()
    erasure = Erasure.objects.select_for_update(of=("self",)).get(pk=erasure_id)
    if erasure.state != ErasureState.APPROVED:
        raise NotInState(erasure.pk)
    request = locked(erasure.request_id, RightsState.APPROVED)
    persons = _lock_persons(erasure.persons)
    asked = RightsRequest.objects.select_related("customer").get(pk=request.pk)
    if {holdings.key_of(person) for person in holdings.persons_of(asked)} != set(erasure.persons):
        raise PersonsChanged(request.number)
    needles = sum((holdings.needles_of(person) for person in persons), Needles())
    _refuse_against(holdings.standing_against(persons))
    if any(intake.is_being_read(name) for name in proving.files_of(needles)):
        raise StandsAgainst([(Obstacle.FILE, 1)])
    _start(erasure)
    _hand_on_addresses(persons)
    rows = _rows_of(persons)
    changed = {model._meta.label: _erase(model, keys, needles) for model, keys in rows.items()}
    for model, columns in links.cleaned_tables(holdings.ROOTS):
        if model._meta.label != "portal.AuditEntry":
            changed[model._meta.label] = _clean(model, columns, _pattern(needles))
    targets = {model._meta.label_lower: [str(key) for key in keys] for model, keys in rows.items()}
    changed["portal.AuditEntry"] = audit.take_names_out(
        targets=targets, pattern=_pattern(needles), actor=None, at=at
    )
    for person in persons:
        hashed = customers.erased_hash(person.number)
        ErasedNumber.objects.get_or_create(number_hash=hashed, defaults={"erased_at": at})
    proving.prove_rows(erasure=erasure, rows=rows, needles=needles, at=at)
    _end(erasure, needles, changed, at)
    add_event(
        request=request,
        kind=RightsEventKind.ERASED,
        actor=None,
        at=at,
        changes={"rows": sum(changed.values()), "tables": sum(map(bool, changed.values()))},
    )
    transaction.on_commit(proving.request_work)
    return erasure


def _lock_persons(keys: Sequence[str]) -> list[Person]:
    """Customers before leads, each by id: nothing new can refer to a locked row."""
    by_model: dict[str, list[int]] = {}
    for key in keys:
        label, _colon, pk = key.partition(":")
        by_model.setdefault(label, []).append(int(pk))
    found: list[Person] = []
    for root in holdings.ROOTS:
        pks = by_model.get(str(root._meta.model_name), [])
        rows: Any = root._default_manager.select_for_update(of=("self",)).filter(pk__in=pks)
        found += rows.order_by("pk")
    return found


def _start(erasure: Erasure) -> None:
    """From here to the commit the ledgers are open to this erasure."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        erasure.carried_by = cursor.fetchone()[0]
    erasure.state = ErasureState.CARRYING_OUT
    erasure.save(update_fields=["state", "carried_by"])


def _end(erasure: Erasure, needles: Needles, changed: dict[str, int], at: dt.datetime) -> None:
    erasure.needles = sealed.seal(rules.to_text(needles), proving.SEALED_AS)
    erasure.state, erasure.erased_at, erasure.is_search_due = ErasureState.ERASED, at, True
    erasure.rows_changed = {label: number for label, number in changed.items() if number}
    erasure.save()


def _hand_on_addresses(persons: Sequence[Person]) -> None:
    """A mail address that does not work stays so for whoever else has it: the row is theirs now."""
    pks = [person.pk for person in persons if isinstance(person, Customer)]
    for person in persons:
        if isinstance(person, Customer) and person.reader is not None:
            others = Customer.objects.filter(reader=person.reader).exclude(pk__in=pks)
            heir = others.exclude(name=ERASED).order_by("pk").first()
            indexes = sealed.blind_indexes(holdings.opened(person, "email"), "email")
            rows = BadAddress.objects.filter(customer=person, address_index__in=indexes)
            if heir is not None:
                rows.update(customer=heir)


def _pattern(needles: Needles) -> str:
    return rules.pattern_of(needles.alone + needles.names)


def _pattern_of_own(needles: Needles) -> str:
    """Masks and pinyin too: in the person's own rows they speak of nobody else, and the proof looks
    for them there."""
    return rules.pattern_of(needles.alone + needles.names + needles.shown)


def _rows_of(persons: Iterable[Person]) -> Rows:
    """The keys of every row of the persons, each table locked by key. Raises Undeclared."""
    found: Rows = {}
    for person in persons:
        for link in links.links_to(type(person)):
            if missing := links.undeclared(link.model):
                raise Undeclared(f"{link.model._meta.label}: {', '.join(missing)}")
            pks = set(link.rows_of(person).values_list("pk", flat=True))
            found[link.model] = sorted(pks.union(found.get(link.model, ())))
    return {model: pks for model, pks in found.items() if pks}


def _erase(model: type[models.Model], pks: list[Any], needles: Needles) -> int:
    """What each column's fate says, for these rows; returns how many were touched."""
    table = links.declared(model)
    fates = {name: each.fate for name, each in getattr(table, "columns", {}).items()}
    changes = {
        name: _replacement(model, name, fate)
        for name, fate in fates.items()
        if fate in (Fate.BLANK, Fate.MARK)
    }
    tokens = [name for name, fate in fates.items() if fate is Fate.TOKEN]
    rows = model._default_manager.filter(pk__in=pks)
    if changes:
        rows.update(**changes)
    for pk in pks if tokens else ():
        rows.filter(pk=pk).update(**{name: _token() for name in tokens})
    cleaned = [name for name, fate in fates.items() if fate is Fate.CLEAN]
    _clean(model, cleaned, _pattern_of_own(needles), pks)
    return len(pks) if changes or tokens or cleaned else 0


def _replacement(model: type[models.Model], name: str, fate: Fate) -> Any:
    field: Any = model._meta.get_field(name)
    if fate is Fate.MARK:
        empty = When(**{name: ""}, then=F(name))
        return Case(empty, default=Value(ERASED), output_field=models.TextField())
    if field.null:
        return None
    return {} if isinstance(field, models.JSONField) else ""


def _token() -> str:
    """A number that leads nowhere and comes from nowhere."""
    return f"X-{secrets.token_hex(8).upper()}"


def _clean(
    model: type[models.Model], columns: Sequence[str], pattern: str,
    pks: Sequence[Any] | None = None,
) -> int:  # fmt: skip
    """Cuts what `pattern` finds out of the columns of a table, or of its rows `pks`."""
    number = 0
    quote, meta = connection.ops.quote_name, model._meta
    where = f"AND {quote(str(meta.pk.column))} = ANY(%(pks)s)" if pks is not None else ""
    for name in columns:
        field: Any = meta.get_field(name)
        column, kind = quote(field.column), field.db_type(connection)
        cut = f"regexp_replace({column}::text, %(pattern)s, %(mark)s, 'g')"
        if field.max_length and not isinstance(field, models.JSONField):
            cut = f"CASE WHEN length({cut}) > {field.max_length} THEN %(mark)s ELSE {cut} END"
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {quote(meta.db_table)} SET {column} = ({cut})::{kind}"
                f" WHERE {column}::text ~ %(pattern)s {where}",
                {"pattern": pattern, "mark": ERASED, "pks": list(pks or ())},
            )
            number += cursor.rowcount
    return number
