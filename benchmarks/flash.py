"""Flash redemption: tries for 10,000 units by 200 clients at once, beside the bare engines.

    python -m benchmarks.flash [UNITS]

Ours is the whole of it: the door's combining, the sale and its state, who qualifies, the gate, one
row a claim, durably committed before the client hears of it; 200 clients in two processes, as many
as there are cores, each client trying again as soon as it is answered. The bare sides know no
customers who qualify, no holds, no second claim of one customer: one counter row, and unit rows
with SKIP LOCKED, both by pgbench with 200 connections and the same durable commits; and the script
of a gate in Valkey alone, which keeps nothing. Tries go on for a fifth beyond the stock, so that
sold out is among the answers. The promise: thousands of tries a second, p95 under 100 ms.
"""

import asyncio
import datetime as dt
import itertools
import json
import os
import random
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

from benchmarks import harness

harness.boot(is_durable=True, max_connections="230")

import redis.asyncio  # noqa: E402  (settings come first)
import yaml  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks import evaluate  # noqa: E402
from campaigns.models import CampaignVersion, FlashClaim, FlashSale, Run  # noqa: E402
from campaigns.planning import operations as planning  # noqa: E402
from journeys.outreach import operations as outreach  # noqa: E402
from portal.models import Branch, Staff  # noqa: E402
from portal.runtime import engines  # noqa: E402

UNITS = 10_000
CLIENTS, PROCESSES, RUNS = 200, 2, 3
Figures = tuple[float, float]  # tries a second, p95 in seconds

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
    channel)
SELECT %s, customer_id, id, 'qualified', '[]', '{0}', '', '', '' FROM journeys_card
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
_GATE = """
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return -1 end
local left = redis.call('DECR', KEYS[1])
if left < 0 then return 0 end
redis.call('SADD', KEYS[2], ARGV[1])
return left + 1
"""


def main(units: int) -> None:
    """This will print tries a second and p95 of ours and of the three bare sides."""
    tries = units * 6 // 5
    _fill(tries)
    sides = {
        "hot row": lambda: _pgbench(_HOT_ROW, units, tries),
        "unit rows, SKIP LOCKED": lambda: _pgbench(_SKIP_LOCKED, units, tries),
        "Lua gate alone": lambda: asyncio.run(_gate(units, tries)),
        "ours": lambda: _ours(units, tries),
    }
    found: dict[str, list[Figures]] = {name: [] for name in sides}
    for _run, (name, side) in itertools.product(range(RUNS), sides.items()):
        found[name].append(side())
    rates = {name: harness.median([rate for rate, _p95 in runs]) for name, runs in found.items()}
    for name, runs in found.items():
        p95 = harness.median([p95 for _rate, p95 in runs])
        ratio = rates["ours"] / rates[name]
        print(
            f"flash, {name}: {rates[name]:.0f} tries/s, p95 {p95 * 1000:.0f} ms,"
            f" ours {ratio:.2f} times as many",
            flush=True,
        )


def _fill(tries: int) -> None:
    for statement in [*_BANK.format(tries=tries).split(";\n"), *_BARE.split(";\n")]:
        if statement.strip():
            connection.cursor().execute(statement)
    Staff.objects.create(
        username="bench", staff_number="1", name="x", name_en="x", role="campaign_manager",
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


async def _gate(units: int, tries: int) -> Figures:
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        settings.REDIS_URL, max_connections=CLIENTS, timeout=30
    )
    client = redis.asyncio.Redis(connection_pool=pool)
    await client.delete("bare:left", "bare:who")
    await client.set("bare:left", units)
    script = client.register_script(_GATE)
    taken: list[float] = []

    async def one() -> None:
        for _try in range(tries // CLIENTS):
            started = time.perf_counter()
            await script(keys=["bare:left", "bare:who"], args=[random.randrange(10**12)])
            taken.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(one() for _client in range(CLIENTS)))
    wall = time.perf_counter() - started
    await pool.disconnect()
    return len(taken) / wall, _p95(taken)


def _ours(units: int, tries: int) -> Figures:
    sale = _sale(units)
    share = tries // PROCESSES
    crowds = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crowds.flash", str(sale.pk),
             str(CLIENTS // PROCESSES), str(place * share + 1), str((place + 1) * share)],
            env={**os.environ, "DATABASE_URL": _scratch_url()}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for place in range(PROCESSES)
    ]  # fmt: skip
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
    held = FlashClaim.objects.filter(sale=sale.pk).count()
    told = sum(answer == "held" for _taken, answer in answers)
    assert (held, told, len(answers)) == (units, units, tries), (held, told, len(answers))
    return len(answers) / wall, _p95([taken for taken, _answer in answers])


def _sale(units: int) -> FlashSale:
    """A sale that is open now, to which all customers qualified."""
    at = timezone.now()
    code = f"flash-{FlashSale.objects.count()}"
    by = Staff.objects.get()
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


def _scratch_url() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


def _p95(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.95)]


if __name__ == "__main__":
    main(next((int(word) for word in sys.argv[1:] if word.isdigit()), UNITS))
