"""The proof of an erasure: searches whose result is kept, and the worker's round."""

import datetime as dt
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from kombu.exceptions import OperationalError as QueueDown

from journeys.rights.enums import (
    IDENTITY_ERASED,
    IDENTITY_ERASED_BUT_REFUSAL,
    REFUSAL_KEPT,
    ErasureState,
    ProofScope,
    RightsEventKind,
    RightsState,
)
from journeys.rights.models import Erasure, ErasureProof
from journeys.rights.operations.history import NotInState, add_event, locked
from journeys.rights.operations.requests import end
from journeys.rights.queries import holdings, links, searching
from journeys.rights.queries.searching import Report
from journeys.rights.rules import needles as rules
from portal.celery import app as queue
from portal.intake import operations as intake
from portal.kit import sealed
from portal.kit.personal import Needles
from portal.staff.models import Staff

logger = logging.getLogger(__name__)

SEALED_AS = "erasure.needles"
_SHOWN = 200


class SomethingLeft(Exception):
    """Raised when a person's own rows still hold something; its text names the places."""


def prove_rows(
    *,
    erasure: Erasure,
    rows: dict[type[models.Model], list[Any]],
    needles: Needles,
    at: dt.datetime,
) -> ErasureProof:
    """This will search the person's own rows, within the erasure's transaction, for everything,
    and keep the proof. Raises SomethingLeft."""
    started = time.monotonic()
    report = searching.look_at_rows(rows, needles)
    if report.findings:
        raise SomethingLeft(
            "; ".join(f"{place.table}.{place.column} {place.row}" for place in report.findings[:20])
        )
    return _keep(erasure, ProofScope.ROWS, report, at, time.monotonic() - started)


def prove_everywhere(*, erasure_id: int, at: dt.datetime) -> ErasureProof | None:
    """This will search the whole bank, the files and the queue, keep the proof, and end the
    request where nothing is left; otherwise it waits for a person.

    Safe to run twice at once: None where another has it in hands, or it is not due.
    """
    with transaction.atomic():
        if not _hold(erasure_id):
            return None
        erasure = Erasure.objects.select_related("request").get(pk=erasure_id)
        if erasure.state != ErasureState.ERASED or not erasure.is_search_due:
            return None
        started = time.monotonic()
        needles = rules.from_text(sealed.unseal(bytes(erasure.needles or b""), SEALED_AS))
        names = [name for name in files_of(needles) if not intake.is_being_read(name)]
        intake.remove_files(names=names, at=at)
        report = searching.look_everywhere(needles, since=erasure.erased_at)
        own = searching.look_at_rows(_own_rows(erasure), needles)
        report.findings += [place for place in own.findings if place not in report.findings]
        seconds = time.monotonic() - started
        proof = _keep(erasure, ProofScope.ALL, report, at, seconds)
        erasure.is_search_due = False
        if proof.is_clean:
            erasure.state, erasure.needles = ErasureState.PROVEN, None
        erasure.save(update_fields=["state", "needles", "is_search_due"])
        _tell(erasure, proof, at)
        return proof


def files_of(needles: Needles) -> list[str]:
    """This will name the files below the portal's own folder that hold what identifies a
    person."""
    _number, places = searching.look_at_files(needles)
    return [f"{place.table}/{place.row}" for place in places]


def _hold(erasure_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"erasure:{erasure_id}"]
        )
        return bool(cursor.fetchone()[0])


def _own_rows(erasure: Erasure) -> dict[type[models.Model], list[Any]]:
    found: dict[type[models.Model], list[Any]] = {}
    for key in erasure.persons:
        person = holdings.by_key(key)
        for link in links.links_to(type(person)):
            found.setdefault(link.model, []).extend(
                link.rows_of(person).values_list("pk", flat=True)
            )
    return found


def _keep(
    erasure: Erasure, scope: ProofScope, report: Report, at: dt.datetime, seconds: float
) -> ErasureProof:
    places = [asdict(place) for place in report.findings[:_SHOWN]]
    content = {
        "erasure": erasure.pk,
        "scope": scope.value,
        "started_at": at.isoformat(),
        "tables": report.tables,
        "columns": report.columns,
        "rows": report.rows,
        "files": report.files,
        "queued": report.queued,
        "findings": len(report.findings),
        "shared": len(report.shared),
        "kept": len(report.kept),
        "places": places,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    counted = {name: content[name] for name in _COUNTED}
    return ErasureProof.objects.create(
        erasure=erasure,
        scope=scope,
        started_at=at,
        seconds=round(seconds, 3),
        places=places,
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        **counted,
    )


_COUNTED = ("tables", "columns", "rows", "files", "queued", "findings", "shared", "kept")


def _tell(erasure: Erasure, proof: ErasureProof, at: dt.datetime) -> None:
    kind = RightsEventKind.PROVEN if proof.is_clean else RightsEventKind.RESIDUE
    changes = {"tables": proof.tables, "rows": proof.rows, "findings": proof.findings}
    request = locked(erasure.request_id, *RightsState)
    add_event(
        request=request,
        kind=kind,
        actor=None,
        at=at,
        words=REFUSAL_KEPT if proof.kept else "",
        changes={**changes, "kept": proof.kept, "digest": proof.digest},
    )
    if proof.is_clean:
        end(
            request=request,
            state=RightsState.DONE,
            words=IDENTITY_ERASED_BUT_REFUSAL if proof.kept else IDENTITY_ERASED,
            actor=None,
            at=at,
        )


@transaction.atomic
def ask_again(*, request_id: int, actor: Staff, at: dt.datetime) -> Erasure:
    """This will have an erasure that failed tried again, or the bank searched once more after the
    places were put right by hand. Raises NotInState."""
    request = locked(request_id, RightsState.APPROVED)
    rows = Erasure.objects.select_for_update().filter(request=request)
    erasure = rows.exclude(state=ErasureState.RETURNED).get()
    if not erasure.may_be_tried_again:
        raise NotInState(request.number)
    erasure.failure, erasure.is_search_due = "", erasure.is_erased
    erasure.save(update_fields=["failure", "is_search_due"])
    add_event(request=request, kind=RightsEventKind.SEARCH_ASKED, actor=actor, at=at)
    transaction.on_commit(request_work)
    return erasure


def request_work() -> None:
    """This will ask a worker for what is due. A missing queue loses nothing: the clock asks too."""
    try:
        queue.send_task("journeys.carry_out_rights", retry=False)
    except QueueDown as down:
        logger.warning("The queue does not answer (%s); the clock will ask again.", down)


def forget_samples(*, erasure: Erasure) -> None:
    """This will have the planner take new samples of every table that lost words: those it keeps
    of a column are values of rows, names and numbers among them."""
    erasure.refresh_from_db(fields=["rows_changed"])
    tables = {apps.get_model(label)._meta.db_table for label in erasure.rows_changed}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")


def work_through(
    *, now: Callable[[], dt.datetime], due: list[Erasure], carry_out: Callable[..., Any]
) -> None:
    """This will carry out what is allowed and prove what is erased, one after the other; one that
    fails stops none of the others."""
    for erasure in due:
        try:
            if erasure.is_approved:
                carry_out(erasure_id=erasure.pk, at=now())
            forget_samples(erasure=erasure)
            prove_everywhere(erasure_id=erasure.pk, at=now())
        except Exception:
            logger.exception("Erasure %s failed", erasure.pk)
