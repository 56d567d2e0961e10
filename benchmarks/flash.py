"""Flash redemption: tries for 10,000 units by 200 clients at once, beside the bare engines.

    python -m benchmarks.flash [UNITS]

Ours is the whole of it: the door's combining, the sale and its state, who qualifies, the gate, one
row a claim, durably committed before the client hears of it. 200 clients in two processes, as many
as there are cores, each trying again as soon as it is answered: first the rush, a fifth more tries
than units; then, of five times the units, all are refused. The bare sides know no customers who
qualify, no holds, no second claim of one customer: one counter row, and unit rows with SKIP LOCKED,
both by pgbench with 200 connections and the same durable commits; and the very script of the gate
in Valkey by the very same clients and nothing of the portal, one call a try, and calls of a moment
together as the portal has it. Last, the same by HTTP: a web server of two processes, 200
connections that are kept, one more process for the clients; all of it on the same cores. The load
of the machine stands beside the figures. The promise: thousands of tries a second, p95 under 100
ms.
"""

import datetime as dt
import functools
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from benchmarks import harness

harness.boot(is_durable=True, max_connections="230")

import yaml  # noqa: E402  (settings come first)
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import evaluate  # noqa: E402
from campaigns.flash.operations import gate  # noqa: E402
from campaigns.models import CampaignVersion, FlashClaim, FlashSale, Run  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.intake import operations as intake  # noqa: E402
from portal.kit import clock  # noqa: E402
from portal.models import AuditEntry, Branch, Staff  # noqa: E402
from portal.runtime import engines, services  # noqa: E402

UNITS = 10_000
SLOWEST = 100  # milliseconds at p95
_PROMISED = ("ours, the rush", "ours, both")
CLIENTS, PROCESSES, RUNS = 200, 2, 3
REFUSALS = 5  # times the units, after the rush
Figures = tuple[float, float]  # tries a second, p95 in seconds
Answers = list[tuple[float, str]]

_BANK = """
INSERT INTO portal_branch (code, name, name_en, level, path, division_code, is_active)
VALUES ('HO', '总行', 'Head office', 'head_office', '/HO/', '', true);
INSERT INTO journeys_customer (number, kind, name, name_pinyin, branch_id, language,
    division_code, registered_date, source, lawful_basis, phone_masked, id_number_masked,
    email_masked)
SELECT 'C' || n, 'person', '王小明', 'wang xiao ming', (SELECT id FROM portal_branch), 'zh-hans',
    '110101', '2025-01-01', 'file', 'contract', '', '', ''
FROM generate_series(1, {tries}) n;
INSERT INTO journeys_cardproduct (code, name, name_en, is_own, issuer, annual_fee, is_active)
VALUES ('GOLD', '金卡', 'Gold', true, '', 0, true);
INSERT INTO journeys_card (reference, masked_number, customer_id, product_id, branch_id,
    is_primary, primary_reference, issued_date, activated_date, first_used_date)
SELECT 'K' || id, '', id, (SELECT id FROM journeys_cardproduct), branch_id, true, '',
    '2026-01-01', '2026-01-02', '2026-01-03' FROM journeys_customer;
"""
_DECISIONS = """
INSERT INTO campaigns_decision (run_id, customer_id, card_id, outcome, facts, reached, award, gate,
    channel, issued_date)
SELECT %s, customer_id, id, 'qualified', '[]', '{0}', '', '', '', issued_date FROM journeys_card
"""
_UNITS = "INSERT INTO campaigns_flashunit (sale_id, number) SELECT %s, generate_series(1, %s)"
_BARE = """
CREATE TABLE bare_stock (id int PRIMARY KEY, units_left int NOT NULL) WITH (fillfactor = 10);
CREATE TABLE bare_unit (id int PRIMARY KEY, taken_by bigint);
CREATE INDEX bare_unit_free ON bare_unit (id) WHERE taken_by IS NULL;
CREATE TABLE bare_claim (customer_id bigint PRIMARY KEY, at timestamptz DEFAULT now());
"""
_REFILL = """
TRUNCATE bare_stock, bare_unit, bare_claim;
INSERT INTO bare_stock VALUES (1, {units});
INSERT INTO bare_unit SELECT generate_series(1, {units});
"""
_HOT_ROW = """\\set who random(1, 1000000000000)
WITH taken AS (UPDATE bare_stock SET units_left = units_left - 1 WHERE id = 1 AND units_left > 0
    RETURNING id) INSERT INTO bare_claim (customer_id) SELECT :who FROM taken;
"""
_SKIP_LOCKED = """\\set who random(1, 1000000000000)
WITH taken AS (UPDATE bare_unit SET taken_by = :who WHERE id = (SELECT id FROM bare_unit
    WHERE taken_by IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id)
    INSERT INTO bare_claim (customer_id) SELECT :who FROM taken;
"""


def main(units: int) -> None:
    """This will print tries a second and p95 of all sides, medians of several runs."""
    tries = units * 6 // 5
    _fill(tries)
    found: dict[str, list[Figures]] = {}
    for _run in range(RUNS):
        print("load of the machine:", *(f"{one:.1f}" for one in os.getloadavg()), flush=True)
        for name, figures in _sides(units, tries):
            found.setdefault(name, []).append(figures)
    rush = harness.median([rate for rate, _p95 in found["ours, the rush"]])
    for name, runs in found.items():
        rate, p95 = (harness.median([one[part] for one in runs]) for part in (0, 1))
        print(
            f"flash, {name}: {rate:.0f} tries/s, p95 {p95 * 1000:.0f} ms;"
            f" our rush is {rush / rate:.2f} times as many",
            flush=True,
        )
        if name in _PROMISED:
            harness.promise(f"flash, {name}: p95", p95 * 1000, SLOWEST, " ms")
            harness.promise(f"flash, {name}: seconds for 1,000 tries", 1_000 / rate, 1, " s")


def _sides(units: int, tries: int) -> Iterator[tuple[str, Figures]]:
    yield "hot row", _pgbench(_HOT_ROW, units, tries)
    yield "unit rows, SKIP LOCKED", _pgbench(_SKIP_LOCKED, units, tries)
    yield "the gate's script alone", _bare_gate("gate", units, tries)
    yield "the gate's script alone, together", _bare_gate("gates", units, tries)
    names = ("ours, the rush", "ours, once none is free", "ours, both")
    yield from zip(names, _ours(units, tries), strict=True)
    names_of_web = ("ours by HTTP, the rush", "ours by HTTP, once none is free")
    yield from zip(names_of_web, _by_web(units, tries), strict=True)


def _fill(tries: int) -> None:
    for statement in [*_BANK.format(tries=tries).split(";\n"), *_BARE.split(";\n")]:
        if statement.strip():
            connection.cursor().execute(statement)
    for number, (name, role) in enumerate(
        {"bench": "campaign_manager", "admin": "administrator"}.items()
    ):
        Staff.objects.create(
            username=name, staff_number=str(number), name="x", name_en="x", role=role,
            branch=Branch.objects.get(),
        )  # fmt: skip
    outreach.ensure_default_templates(at=timezone.now())
    connection.cursor().execute("VACUUM ANALYZE")


def _pgbench(script: str, units: int, tries: int) -> Figures:
    """The rate, and from the log of each transaction the 95th of a hundred."""
    for statement in _REFILL.format(units=units).split(";\n"):
        if statement.strip():
            connection.cursor().execute(statement)
    folder = harness.scratch()
    (folder / "claim.sql").write_text(script)
    for log in folder.glob("flash_log*"):
        log.unlink()
    program = engines.postgres_bin(engines.server_account()) / "pgbench"
    values = connection.settings_dict
    host = values["OPTIONS"].get("host") or values["HOST"]
    out = subprocess.run(
        [
            str(program), "-n", "-M", "prepared", "-f", "claim.sql", "-c", str(CLIENTS), "-j", "2",
            "-t", str(tries // CLIENTS), "-l", "--log-prefix=flash_log", "-h", host,
            "-U", values["USER"], values["NAME"],
        ],
        cwd=folder, check=True, capture_output=True, text=True,
        env={**os.environ, "PGPASSWORD": values["PASSWORD"]},
    ).stdout  # fmt: skip
    rate = next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps"))
    lines = "".join(log.read_text() for log in folder.glob("flash_log*")).splitlines()
    return rate, _p95([int(line.split()[2]) / 1e6 for line in lines])


def _bare_gate(way: str, units: int, tries: int) -> Figures:
    """The script of the gate, filled with the units of a sale that is none."""
    sale_id = random.randrange(10**9, 2 * 10**9)
    gate.fill(sale_id, 1, range(1, units + 1), {})
    answers, wall = _crowd(way, sale_id, "C", tries)
    assert sum(int(unit) > 0 for _taken, unit in answers) == units
    return _figures(answers, wall)


def _ours(units: int, tries: int) -> tuple[Figures, Figures, Figures]:
    """The rush, the refusals after it, and both together."""
    sale = _sale(units)
    rush = _crowd("portal", sale.pk, "C", tries)
    refused = _crowd("portal", sale.pk, "N", units * REFUSALS)
    _check(sale, units, rush[0], refused[0])
    return _figures(*rush), _figures(*refused), _figures(rush[0] + refused[0], rush[1] + refused[1])


def _by_web(units: int, tries: int) -> tuple[Figures, Figures]:
    """The rush and the refusals after it, by HTTP. What the web server summed up for the audit
    trail is every single call."""
    sale, port = _sale(units), engines.free_port()
    at = clock.now()
    token, text = intake.create_token(
        name=f"app-{sale.pk}", kinds=["flash_claims"], last_day=clock.today(),
        by=Staff.objects.get(username="admin"), at=at,
    )  # fmt: skip
    server = _web_server(port)
    try:
        rush = _web_crowd(port, text, sale.pk, "C", tries)
        refused = _web_crowd(port, text, sale.pk, "N", units * 2)
    finally:
        server.terminate()
        server.wait(timeout=30)
    _check(sale, units, rush[0], refused[0])
    notes = AuditEntry.objects.filter(action="api.called", target_key=str(token.pk))
    assert sum(one.changes["calls"] for one in notes) == len(rush[0]) + len(refused[0])
    return _figures(*rush), _figures(*refused)


def _check(sale: FlashSale, units: int, rush: Answers, refused: Answers) -> None:
    held = FlashClaim.objects.filter(sale=sale.pk).count()
    told = sum(answer == "held" for _taken, answer in rush)
    late = {answer for _taken, answer in refused}
    assert (held, told, late) == (units, units, {"all_held"}), (held, told, late)


def _web_server(port: int) -> subprocess.Popen[bytes]:
    log = harness.scratch() / "web.log"
    with log.open("ab") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:portal.runtime.webserver",
             "--no-control-socket", "portal.wsgi"],
            env={**os.environ, "DATABASE_URL": harness.scratch_url(), "HOST": "127.0.0.1",
                 "PORT": str(port), "WEB_CONCURRENCY": str(PROCESSES), "WEB_THREADS": "32",
                 "FLASH_CALLS_PER_MINUTE": "6000000"},
            stdout=out, stderr=out,
        )  # fmt: skip
    ready = functools.partial(services.page_answers, "127.0.0.1", port, "/healthz")
    engines.wait_for("The web server", ready, server, 60, log)
    return server


def _crowd(way: str, sale_id: int, prefix: str, tries: int) -> tuple[Answers, float]:
    share = tries // PROCESSES
    words = ("benchmarks.crowds.flash", way, sale_id, CLIENTS // PROCESSES, prefix)
    return _race([(*words, n * share + 1, (n + 1) * share) for n in range(PROCESSES)])


def _web_crowd(
    port: int, token: str, sale_id: int, prefix: str, tries: int
) -> tuple[Answers, float]:
    words = ("benchmarks.crowds.web", port, sale_id, CLIENTS, prefix, 1, tries)
    return _race([words], CROWD_TOKEN=token)


def _race(modules: Sequence[Sequence[object]], **more: str) -> tuple[Answers, float]:
    """Starts the processes, lets them go at once, and returns what was answered and how long it
    took them all."""
    crowds = [harness.start(*words, **more) for words in modules]
    pipes = [(crowd.stdin, crowd.stdout) for crowd in crowds if crowd.stdin and crowd.stdout]
    for _write, read in pipes:
        assert read.readline() == "ready\n"
    started = time.perf_counter()
    for write, _read in pipes:
        write.write("go\n")
        write.flush()
    for _write, read in pipes:
        assert read.readline() == "over\n"
    wall = time.perf_counter() - started
    answers = [answer for _write, read in pipes for answer in json.loads(read.readline())]
    for crowd in crowds:
        crowd.wait()
    return answers, wall


def _sale(units: int) -> FlashSale:
    """A sale that is open now, to which all customers qualified."""
    at = timezone.now()
    code = f"flash-{FlashSale.objects.count()}"
    by = Staff.objects.get(username="bench")
    plan = yaml.safe_load(evaluate.PLAN) | {"code": code}
    version = planning.load_campaign(text=yaml.safe_dump(plan), owner=by, at=at)
    with transaction.atomic(), connection.cursor() as cursor:
        # Past the guards: how a version comes to be approved is not what is measured.
        cursor.execute("SET LOCAL session_replication_role = replica")
        CampaignVersion.objects.filter(pk=version.pk).update(state="approved", approved_at=at)
    run = Run.objects.create(
        version=version, kind="dry_run", on_date=at.date(), state="done", started_at=at,
        finished_at=at,
    )  # fmt: skip
    hour = dt.timedelta(hours=1)
    sale = FlashSale.objects.create(
        version=version, run=run, tier="gift", units=units, opens_at=at, closes_at=at + hour,
        hold_seconds=600, created_by=by, created_at=at,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS, [run.pk])
        cursor.execute(_UNITS, [sale.pk, units])
        cursor.execute("VACUUM ANALYZE")
    return sale


def _figures(answers: Answers, wall: float) -> Figures:
    return len(answers) / wall, _p95([taken for taken, _answer in answers])


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    size = next((int(word) for word in sys.argv[1:] if word.isdigit()), UNITS)
    main(size)
    harness.end(is_judged=size >= UNITS)
