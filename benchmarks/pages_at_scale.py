"""Pages over the big bank: a real web server, eight clients at once.

    python -m benchmarks.pages_at_scale        # 50,000 customers, 1,000,000 transactions
    make bench ARGS="pages_at_scale --full"    # 1,000,000 and 20,000,000

The server is started as the runner starts it (one process, six threads); eight clients over the
loopback ask for a bounded number of pages of one sort after the other, each with customers, names
and numbers of its own. Who asks sees the whole bank, or manages one branch. Of a customer page the
fragments that it fetches are asked for as well, and counted by themselves. Pages of some other
customers come first, uncounted: the connections then stand and know the tables, while nobody has
read the rows of the customers measured. Shown are p50 and p95 in milliseconds, and the processor's
time that the web server spent on an answer. Beside each stands the bare SQL: the page's rows, one
statement, one connection. The promises: lists and searches below 300 at p95, a customer page, and
each of its fragments (the receipts of some campaigns among them), below 200.
"""

import contextlib
import http.client
import math
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import yaml

from benchmarks import bank, evaluate, harness

from django.db import connection  # isort: skip
from django.db.models import Max  # isort: skip
from django.test import Client  # isort: skip

from journeys.models import Card
from journeys.reveals import operations as reveals
from portal.kit import clock
from portal.models import Branch, Staff
from portal.runtime import engines, services, stack

CLIENTS = 8
ASKED = 160
WARM = 96
PATIENCE = 60
CAMPAIGNS = 4  # that decided about every customer
LIST, CUSTOMER = 300.0, 200.0
_FRAGMENT = re.compile(r'hx-get="([^"]+)"[^>]*hx-trigger="load')
_LIST_SQL = """
    SELECT c.*, b.name, s.stage, s.step FROM journeys_customer c
    JOIN portal_branch b ON b.id = c.branch_id
    LEFT JOIN journeys_customerstage s ON s.customer_id = c.id"""
_CUSTOMER_SQL = """
    SELECT c.*,
        (SELECT jsonb_agg(k) FROM journeys_card k WHERE k.customer_id = c.id),
        (SELECT jsonb_agg(t) FROM (
            SELECT t.*, m.name FROM journeys_transaction t
            LEFT JOIN merchants_merchant m ON m.id = t.merchant_id
            WHERE t.card_id IN (SELECT id FROM journeys_card k WHERE k.customer_id = c.id)
            ORDER BY t.posted_date DESC, t.id DESC LIMIT 20) t),
        (SELECT sum(p.points) FROM journeys_pointsentry p WHERE p.customer_id = c.id),
        (SELECT jsonb_agg(s) FROM journeys_consent s WHERE s.customer_id = c.id)
    FROM journeys_customer c WHERE c.number = %s"""
_RECEIPTS_SQL = """
    SELECT d.*, r.kind, v.content, m.name, k.issued_date FROM journeys_customer c
    JOIN campaigns_decision d ON d.customer_id = c.id JOIN campaigns_run r ON r.id = d.run_id
    JOIN campaigns_campaignversion v ON v.id = r.version_id
    JOIN campaigns_campaign m ON m.id = v.campaign_id
    LEFT JOIN journeys_card k ON k.id = d.card_id
    WHERE c.number = %s ORDER BY d.run_id DESC"""
_COUNTS_SQL = """
    SELECT k.branch_key, k.month, k.step, k.days, k.customers FROM journeys_stagecount k
    WHERE k.level = {level} AND {scope}"""
# Of one branch, months are not counted: the rows of its customers are read.
_ROWS_SQL = """
    SELECT s.* FROM journeys_customerstage s JOIN journeys_customer c ON c.id = s.customer_id
    WHERE {scope}"""
_CLOCK_SQL = """
    SELECT a.*, c.number, c.name FROM journeys_application a
    JOIN journeys_customer c ON c.id = a.customer_id
    WHERE a.state = 'filed' AND {scope} ORDER BY a.filed_date, a.id LIMIT 51"""


@dataclass(frozen=True)
class Sort:
    """One sort of page: its addresses (or a search that is sent), its promise, its bare SQL."""

    name: str
    pages: Sequence[str]
    sql: str
    values: Sequence[Any] = ()
    promise: float = 0.0
    searches: Sequence[str] = ()
    asked: int = ASKED


@dataclass
class Session:
    """A signed-in person; the cookies are those that a browser would hold."""

    cookies: dict[str, str]
    token: str = ""
    lines: threading.local = field(default_factory=threading.local)


@dataclass(frozen=True)
class Server:
    """The web server: its port, and the process that looks after its workers."""

    port: int
    master: int

    def spent(self) -> float:
        """This will return the milliseconds of a processor that its workers took so far."""
        tick = 1000 / os.sysconf("SC_CLK_TCK")
        workers = Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()
        stats = [Path(f"/proc/{worker}/stat").read_text() for worker in workers]
        return sum(tick * sum(map(int, stat.rpartition(")")[2].split()[11:13])) for stat in stats)


def main() -> None:
    """This will fill the bank, start the server, ask for the pages and print the figures."""
    customers = bank.CUSTOMERS if harness.is_full() else bank.CUSTOMERS // 20
    harness.load_bank(customers=customers, transactions=20 * customers)
    _decide()
    # One account asks for all clients: more often than a person may on a day.
    reveals.set_reveal_rule(
        effective_date=clock.today(), per_day=20, searches_per_day=32_000, reason_length=8,
        source="benchmark", actor=None, at=clock.now(),
    )  # fmt: skip
    branch = Branch.objects.get(code="B050")
    people = {
        "whole bank": _person("campaign_manager", Branch.objects.get(code="HO")),
        "one branch": _person("branch_manager", branch),
    }
    with _server() as server:
        for who, session in people.items():
            own = branch.pk if who == "one branch" else None
            print(f"{who}, {customers:,} customers, {CLIENTS} clients, {ASKED} pages each sort")
            sorts = _sorts(customers, own)
            _warm(server, session, own)
            for sort in sorts:
                _measure(server, session, sort)


def _decide() -> None:
    """A few campaigns decide about everybody, by the statement written by hand: all steps of the
    rule are in what they write, and a receipt is told of it as of any other."""
    on = Card.objects.aggregate(last=Max("issued_date"))["last"]
    plan = yaml.safe_load(evaluate.PLAN) | evaluate.span_of(on)
    for number in range(CAMPAIGNS):
        version = evaluate.campaign(plan | {"code": f"bench-{number}"})
        evaluate.by_hand(version, on, evaluate.frame_of(version, on))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE campaigns_decision")


# --- who asks for what --------------------------------------------------------------------------
def _person(role: str, branch: Branch) -> Session:
    staff = Staff.objects.create(
        username=f"bench-{role}", staff_number=role[:20], name=role, role=role, branch=branch
    )
    client = Client()
    client.force_login(staff, "portal.staff.access.backend.StaffBackend")
    return Session({name: morsel.value for name, morsel in client.cookies.items()})


def _sorts(customers: int, branch_id: int | None) -> list[Sort]:
    """The sorts of page that a person asks for, with customers of the own branch."""
    scope = f"c.branch_id = {branch_id}" if branch_id else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM journeys_customer c WHERE {scope}")
        mine = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT number, name, name_pinyin FROM journeys_customer c WHERE {scope}"
            f" ORDER BY hashint8(c.id) LIMIT {ASKED}"
        )
        found = cursor.fetchall()
    numbers, names, pinyin = (list(column) for column in zip(*found, strict=True))
    rows = bank.known_rows(customers) if branch_id is None else []
    phones = [bank.phone_of(row) for row in rows]
    last = mine // 50
    deep = [f"/customers/?page={max(1, last - number % 20)}" for number in range(ASKED)]
    depth = min(1_000, last // 2)
    middle = [f"/customers/?page={depth + number % 20}" for number in range(ASKED)]
    newest = f"{_LIST_SQL} WHERE {scope} ORDER BY c.id DESC LIMIT 51"
    by_start = f"{_LIST_SQL} WHERE {scope} AND c.{{0}} ^@ %s ORDER BY c.{{0}}, c.id LIMIT 51"
    by_letters = by_start.replace("c.{0}", "replace(c.name_pinyin, ' ', '')")
    own_counts = f"k.branch_key = {branch_id}" if branch_id else "TRUE"
    by_branch = _COUNTS_SQL.format(level=1, scope=own_counts)
    by_month = (_ROWS_SQL if branch_id else _COUNTS_SQL).format(level=4, scope=scope)
    by_phone = f"{_LIST_SQL} WHERE c.phone_index = %s"
    whole_bank_only = [Sort("search by phone", [], by_phone, [b"x"], LIST, phones)]
    return (whole_bank_only if phones else []) + [
        Sort("list, first page", ["/customers/"], newest, promise=LIST),
        Sort(f"list, page {depth} and on", middle, f"{newest} OFFSET {depth * 50}", promise=LIST),
        Sort(f"list, page {last}, the last", deep, f"{newest} OFFSET {max(0, mine - 60)}"),
        _search("number", [number[:6] for number in numbers], by_start.format("number")),
        _search("whole number", numbers, by_start.format("number")),
        _search("surname", [name[:1] for name in names], by_start.format("name")),
        _search("name", [name[:2] for name in names], by_start.format("name")),
        _search("pinyin", [text.replace(" ", "")[:7] for text in pinyin], by_letters),
        _search("no such pinyin", ["zzz", "wangqqq"], by_letters),
        Sort(
            "customer page", [f"/customers/{number}/" for number in numbers], _CUSTOMER_SQL,
            numbers, CUSTOMER,
        ),
        Sort(
            "its receipts", [f"/campaigns/customers/{number}/receipts/" for number in numbers],
            _RECEIPTS_SQL, numbers, CUSTOMER,
        ),
        Sort("funnel by branch", ["/stages/?by=branch"], by_branch, asked=24),
        Sort("funnel by month", ["/stages/?by=month"], by_month, asked=24),
        Sort("application clock", ["/applications/clock/"], _CLOCK_SQL.format(scope=scope)),
    ]  # fmt: skip


def _search(what: str, texts: list[str], sql: str) -> Sort:
    addresses = [f"/customers/?text={quote(text)}" for text in texts]
    return Sort(f"search by {what}", addresses, sql, texts, LIST)


def _warm(server: Server, session: Session, branch_id: int | None) -> None:
    """Asks for the pages of customers that are not measured."""
    scope = f"branch_id = {branch_id}" if branch_id else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT number FROM journeys_customer WHERE {scope}"
            f" ORDER BY hashint8(id) DESC LIMIT {WARM}"
        )
        pages = [f"/customers/{number}/" for (number,) in cursor.fetchall()]
    _in_parallel([_getting(server.port, session, page, []) for page in pages])


# --- asking -----------------------------------------------------------------------------------
def _measure(server: Server, session: Session, sort: Sort) -> None:
    """Asks for the pages with all clients, and prints what they took."""
    fragments: list[str] = []
    port, spent = server.port, server.spent()
    if sort.searches:
        session.token = session.token or _token(port, session)
        jobs = [_searching(port, session, text) for text in sort.searches]
    else:
        jobs = [_getting(port, session, page, fragments) for page in sort.pages]
    try:
        taken = _in_parallel(_repeated(jobs, sort.asked))
    except TimeoutError:
        harness.promise(f"  {sort.name}, an answer", math.inf, 1000 * PATIENCE, " ms")
        return
    spent = (server.spent() - spent) / sort.asked
    bare = _bare(sort)
    print(
        f"  {sort.name:<26} p50 {statistics.median(taken):6.0f}  p95 {_p95(taken):6.0f}"
        f"   processor {spent:5.1f}   bare SQL p50 {statistics.median(bare):6.1f}"
        f"  p95 {_p95(bare):6.1f}",
        flush=True,
    )
    if fragments:
        jobs = [_getting(port, session, page, []) for page in dict.fromkeys(fragments)]
        parts = _in_parallel(_repeated(jobs, sort.asked))
        _judge(f"{sort.name}, its fragments", parts, sort)
    _judge(sort.name, taken, sort)


def _judge(name: str, taken: list[float], sort: Sort) -> None:
    if sort.promise:
        harness.promise(f"  {name}, p95", _p95(taken), sort.promise, " ms")


def _repeated(jobs: list[Callable[[], None]], count: int) -> list[Callable[[], None]]:
    return [jobs[number % len(jobs)] for number in range(count)]


def _in_parallel(jobs: list[Callable[[], None]]) -> list[float]:
    """Milliseconds of every job, those included in which a client opens its connection."""
    waiting, taken, lock = iter(jobs), [], threading.Lock()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not failures:
                with lock:
                    job = next(waiting, None)
                if job is None:
                    return
                start = time.perf_counter()
                job()
                taken.append(1000 * (time.perf_counter() - start))
        except BaseException as failed:
            failures.append(failed)

    clients = [threading.Thread(target=work) for _client in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    if failures:
        raise failures[0]
    return taken


def _getting(port: int, session: Session, page: str, fragments: list[str]) -> Callable[[], None]:
    def get() -> None:
        body = _ask(port, session, "GET", page)
        fragments.extend(_FRAGMENT.findall(body))

    return get


def _searching(port: int, session: Session, text: str) -> Callable[[], None]:
    """The one who has the number is shown at once: the answer leads to that customer's page."""
    body = urlencode({"text": text, "csrfmiddlewaretoken": session.token})

    def search() -> None:
        place = _ask(port, session, "POST", "/customer-search/", body, status=302)
        assert place.startswith("/customers/C"), f"{text} is not found"

    return search


def _token(port: int, session: Session) -> str:
    body = _ask(port, session, "GET", "/customers/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', body)
    assert found
    return found[1]


def _ask(
    port: int, session: Session, method: str, path: str, body: str | None = None, status: int = 200
) -> str:
    """The answer's text; where it leads elsewhere, the address that it leads to."""
    line = getattr(session.lines, "line", None)
    if line is None:
        line = session.lines.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, body, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    assert answer.status == status, f"{path}: {answer.status}"
    for name, morsel in _cookies_of(answer):
        session.cookies[name] = morsel
    return answer.headers["Location"] if status == 302 else text


def _cookies_of(answer: http.client.HTTPResponse) -> Iterator[tuple[str, str]]:
    for header in answer.headers.get_all("Set-Cookie") or []:
        name, _sign, rest = header.partition("=")
        yield name, rest.partition(";")[0]


def _bare(sort: Sort) -> list[float]:
    """Milliseconds of the bare statement, with each of its values where it has some."""
    taken = []
    with connection.cursor() as cursor:
        for number in range(20):
            values = [sort.values[number % len(sort.values)]] if sort.values else []
            start = time.perf_counter()
            cursor.execute(sort.sql, values)
            cursor.fetchall()
            taken.append(1000 * (time.perf_counter() - start))
    return taken


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


# --- the server -------------------------------------------------------------------------------
@contextlib.contextmanager
def _server() -> Iterator[Server]:
    """The web server on a free port, as the runner starts it, over the scratch database."""
    name = connection.settings_dict["NAME"]
    port = engines.free_port()
    environment = {
        **os.environ, "HOST": "127.0.0.1", "PORT": str(port),
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/postgres?", f"/{name}?"),
    }  # fmt: skip
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    subprocess.run(
        collect, check=True, env=environment, cwd=stack.PROJECT, stdout=subprocess.DEVNULL
    )
    child = services.web(environment, harness.scratch() / "web.log")
    process = child.start()
    try:
        engines.wait_for(child.name, child.ready, process, child.ready_seconds, child.log)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
    harness.end(is_judged=True)
