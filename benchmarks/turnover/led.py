"""Partnerships with many merchants at once, written while triggers sleep: as a bank that has led
them for a while holds them."""

import datetime as dt
from itertools import pairwise

from django.db import connection

from benchmarks.bank.rows import insert
from merchants.models import Partnership, PartnershipTask, PhaseChange, Playbook
from merchants.partnerships.rules import moves
from portal.models import Staff

MANAGED = 30  # merchants of a manager
_MANAGER = {
    "username": "'rm' || n", "name": "'x'", "name_en": "'x'", "role": "'relationship_manager'",
    "staff_number": "'R' || n", "is_active": "TRUE",
    "branch_id": "(SELECT id FROM portal_branch WHERE code = 'HO')",
}  # fmt: skip
_PHASES = """(ARRAY['prospect', 'comparison', 'confirmed', 'perfect', 'perfect', 'confirmed',
    'wavering', 'adjustment'])[1 + m.id % 8]"""


def _way_to(phase: str) -> tuple[str, ...]:
    """The shortest history that ends in a phase."""
    ways: list[tuple[str, ...]] = [("",)]
    for way in ways:
        if way[-1] == phase:
            return way
        ways += [(*way, after) for before, after in moves.PAIRS if before == way[-1]]
    raise ValueError(phase)


_STEPS = ", ".join(
    f"('{phase}', {number}, '{before}', '{after}')"
    for phase in ("prospect", *moves.FIVE)
    for number, (before, after) in enumerate(pairwise(_way_to(phase)), start=1)
)
_LED = {
    "merchant_id": "m.id", "manager_id": "m.manager_id", "branch_id": "m.branch_id",
    "scenarios": "ARRAY[c.scenario]", "opened_at": "now() - interval '300 days'",
    "phase": _PHASES, "since": "date '{on}' - 90 - (m.id % 60)::int",
    "moved": f"(SELECT max(number) FROM (VALUES {_STEPS}) s(phase, number, before, after)"
    f" WHERE phase = {_PHASES})",
}  # fmt: skip
_MOVES = {
    "partnership_id": "p.id", "number": "number", "from_phase": "before", "to_phase": "after",
    "on_date": "p.since - 60 * (p.moved - number)", "reason": "'x'",
    "at": "(p.since - 60 * (p.moved - number))::timestamptz",
    "actor_id": "p.manager_id",
    "evidence": "'{\"schema\": 1, \"on\": \"2026-01-01\", \"measures\": []}'::jsonb",
}  # fmt: skip
_TASKS = {
    "partnership_id": "h.partnership_id", "change_id": "h.id", "playbook_id": "b.id",
    "place": "place", "title": "'x'", "title_en": "'x'", "state": "'open'",
    "due_date": "date '{on}' - 20 + (h.id % 40)::int + place::int",
}  # fmt: skip


def lead_all(*, merchants: int, on: dt.date) -> None:
    """This will give every merchant a manager and an open partnership that is in some phase on a
    day, with the tasks of the phase."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        insert(cursor, Staff, _MANAGER, f"FROM generate_series(1, {merchants // MANAGED + 1}) n")
        cursor.execute(
            "UPDATE merchants_merchant m SET manager_id = s.id FROM portal_staff s, (SELECT id,"
            " row_number() OVER (ORDER BY id) AS place FROM merchants_merchant) placed"
            " WHERE placed.id = m.id AND s.username = 'rm' || (1 + placed.place / %s)",
            [MANAGED],
        )
        joined = "JOIN merchants_merchantcategory c ON c.mcc = m.category_id"
        insert(
            cursor, Partnership, _on(_LED, on), f"FROM merchants_merchant m {joined} ORDER BY m.id"
        )
        steps = f"JOIN (VALUES {_STEPS}) s(phase, number, before, after) USING (phase)"
        insert(
            cursor,
            PhaseChange,
            _MOVES,
            f"FROM merchants_partnership p {steps} ORDER BY p.id, number",
        )
        own = (
            "JOIN merchants_partnership p ON p.id = h.partnership_id AND p.moved = h.number"
            f" JOIN {Playbook._meta.db_table} b ON b.phase = h.to_phase AND b.branch_id IS NULL"
        )
        insert(
            cursor, PartnershipTask, _on(_TASKS, on),
            f"FROM merchants_phasechange h {own} CROSS JOIN generate_series(0, 3) place",
        )  # fmt: skip
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("ANALYZE")


def _on(columns: dict[str, str], on: dt.date) -> dict[str, str]:
    return {name: sql.replace("{on}", on.isoformat()) for name, sql in columns.items()}
