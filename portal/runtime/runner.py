"""`make run`: servers, preparation, the portal's processes, and watching over them."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.kit import lifeline
from portal.runtime import checks, engines, prepare, services, stack
from portal.runtime.supervisor import Child, Supervisor, Wish
from portal.runtime.terminal import Interrupted, Refused, Steps, say

DEMO_PASSWORD = "demo-portal-2026"  # noqa: S105 (of the demo bank, which holds nobody's data)
LEFTOVER_SECONDS = 15.0
_ROLES = {
    "campaign_manager": "designs and runs campaigns",
    "approver": "approves or returns what others submit",
    "compliance": "reviews wording and consent, stops campaigns",
    "relationship_manager": "keeps partnerships with merchants",
    "telemarketer": "works the queue of leads",
    "branch_manager": "watches over the branch",
    "analyst": "reads figures",
    "administrator": "keeps staff, branches and products",
}


@dataclass
class Plan:
    """What one start is made of; worked out before anything is started."""

    house: stack.House
    host: str
    port: int
    environment: dict[str, str]
    place: engines.PostgresPlace | None = None
    needs_sandbox: bool = False
    engines: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        shown = "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 (compared)
        return f"http://{shown}:{self.port}/"


def plan_start(house: stack.House, given: Mapping[str, str]) -> Plan:
    """This will work out what to start from the environment and the portal's own secrets.

    What the environment names is used; only what it leaves open is started here.
    """
    host = given.get("HOST") or "127.0.0.1"
    plan = Plan(house, host, checks.read_port(given.get("PORT") or "8000"), {})
    own = stack.load_secrets(house)
    values = {name: own[name] for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY")}
    if not given.get("DATABASE_URL"):
        plan.place = stack.postgres_place(house, own["POSTGRES_PASSWORD"])
        values["DATABASE_URL"] = plan.place.url("portal")
        plan.engines.append(services.postgres(plan.place, house.log("postgres")))
    if not given.get("REDIS_URL"):
        port, password = engines.free_port(), own["VALKEY_PASSWORD"]
        values["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
        log = house.log("valkey")
        plan.engines.append(services.valkey(house.var / "valkey", port, password, log))
    plan.needs_sandbox = not (given.get("EMAIL_HOST") and given.get("SMS_URL"))
    if plan.needs_sandbox:
        values.update(_sandbox_values(given, own))
    values.update({name: given[name] for name in stack.PROVIDED if given.get(name)})
    plan.environment = values
    return plan


def _sandbox_values(given: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
    smtp, http = engines.free_port(), engines.free_port()
    values = {"SANDBOX_SMTP_PORT": str(smtp), "SANDBOX_HTTP_PORT": str(http)}
    status = f"http://127.0.0.1:{http}/status"
    if not given.get("EMAIL_HOST"):
        values |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(smtp), "EMAIL_STATUS_URL": status}
    if not given.get("SMS_URL"):
        values |= {
            "SMS_URL": f"http://127.0.0.1:{http}/cgi-bin/sendsms",
            "SMS_USER": own["SMS_USER"],
            "SMS_PASSWORD": own["SMS_PASSWORD"],
            "SMS_STATUS_URL": status,
            "SMS_CALLBACK_SECRET": own["SMS_PASSWORD"],
        }
    if not given.get("PUSH_URL"):
        values |= {
            "PUSH_URL": f"http://127.0.0.1:{http}/push",
            "PUSH_TOKEN": own["SMS_PASSWORD"],
            "PUSH_STATUS_URL": status,
            "PUSH_CALLBACK_SECRET": own["SMS_PASSWORD"],
        }
    return values


def process_environment(plan: Plan, given: Mapping[str, str]) -> dict[str, str]:
    """This will return what the portal's processes get beside the environment they inherit."""
    values = {
        **plan.environment,
        "PORTAL_VAR": str(plan.house.var),
        "HOST": plan.host,
        "PORT": str(plan.port),
        "PYTHONUNBUFFERED": "1",
        # Whether the sign-in page names the demo accounts.
        "DEMO": "1" if prepare.wants_demo(given) else "0",
        # Several threads with a heap of their own each would keep memory that nobody uses.
        "MALLOC_ARENA_MAX": given.get("MALLOC_ARENA_MAX") or "2",
    }
    if plan.needs_sandbox:
        # The practice gateways call back here, and the pages for customers are opened from here.
        here = f"http://127.0.0.1:{plan.port}"
        values["CALLBACK_URL"] = given.get("CALLBACK_URL") or here
        values["PUBLIC_URL"] = given.get("PUBLIC_URL") or here
    if not given.get("ALLOWED_HOSTS"):
        names = {"localhost", "127.0.0.1", "[::1]", plan.host, socket.gethostname()}
        values["ALLOWED_HOSTS"] = ",".join(sorted(names - {"0.0.0.0"}))  # noqa: S104 (left out)
    return values


def portal_children(plan: Plan, environment: Mapping[str, str]) -> list[Child]:
    """This will return the portal's own processes, in the order of their start."""
    log = plan.house.log
    children = [services.sandbox(environment, log("sandbox"))] if plan.needs_sandbox else []
    return [
        *children,
        services.web(environment, log("web")),
        services.worker(environment, log("worker")),
        services.beat(environment, plan.house.run / "beat-schedule", log("beat")),
    ]


Children = Callable[[Plan, Mapping[str, str]], list[Child]]


class Runner:
    """One start of the portal, from the first check to the last process stopped."""

    def __init__(self, given: Mapping[str, str], children: Children = portal_children) -> None:
        self.given = given
        self.children = children
        self.house = stack.house_of(given)
        self.wish = Wish()
        self.supervisor = Supervisor(self.house.record, self.wish)
        self.steps = Steps(6)

    def run(self) -> None:
        """This will run the portal until the person asks to stop."""
        self.house.make()
        self.wish.heed()
        port, host = checks.read_port(self.given.get("PORT") or "8000"), self.given.get("HOST")
        with stack.locked(self.house, f"http://{host or '127.0.0.1'}:{port}/"):
            plan = self._check()
            try:
                self._open(plan)
                self.supervisor.watch()
            except Interrupted:
                pass
            finally:
                self._close(plan)

    def reset(self) -> None:
        """This will delete the embedded data, make the demo bank anew and stop again."""
        self.house.make()
        self.wish.heed()
        with stack.locked(self.house, ""):
            lifeline.settle_leftovers(self.house.record, LEFTOVER_SECONDS)
            delete_data(self.house)
            plan = self._check()
            try:
                self._prepare(plan)
            finally:
                self._close(plan)

    def _check(self) -> Plan:
        checks.check_writable(self.house.var)
        checks.check_disk(self.house.var)
        lifeline.settle_leftovers(self.house.record, LEFTOVER_SECONDS)
        plan = plan_start(self.house, self.given)
        checks.check_port(plan.host, plan.port)
        if plan.place:
            checks.check_disk(plan.place.data.parent)
            checks.check_data(plan.place)
        else:
            checks.check_database(plan.environment["DATABASE_URL"])
        if self.given.get("REDIS_URL"):
            checks.check_queue(plan.environment["REDIS_URL"])
        return plan

    def _open(self, plan: Plan) -> None:
        environment = self._prepare(plan)
        with self.steps.step("Starting the portal"):
            self.supervisor.start(self.children(plan, environment))
        say(welcome(plan))

    def _prepare(self, plan: Plan) -> dict[str, str]:
        prepare.rotate_logs(self.house.logs)
        environment = process_environment(plan, self.given)
        # It asks no server, so it goes on beside the making of the database.
        mark, collecting = self._collect(environment)
        if plan.place and not plan.place.data.exists():
            with self.steps.step("Making the database"):
                engines.init_postgres(plan.place)
        else:
            self.steps.skip()
        names = " and ".join(child.name for child in plan.engines)
        with self.steps.step(f"Starting {names}" if names else "Your own servers answer"):
            self.supervisor.start(plan.engines)
            if plan.place:
                engines.ensure_database(plan.place, "portal")
        stack.write_private(self.house.stack_file, plan.environment)
        with self.steps.step("Bringing the tables up to date"):
            prepare.manage(
                ["migrate", "--no-input", "--verbosity", "1"],
                environment=environment,
                log=self.house.log("setup"),
                wish=self.wish,
            )
        if collecting:
            with self.steps.step("Collecting style sheets and scripts"):
                collecting.finish(self.wish)
            (self.house.run / "static-files").write_text(mark)
        else:
            self.steps.skip()
        self._seed(environment)
        return environment

    def _collect(self, environment: dict[str, str]) -> tuple[str, prepare.Command | None]:
        """Begins to collect the static files where they changed; with the mark of those."""
        if prepare.static_is_fresh(self.house, stack.PROJECT):
            return "", None
        mark = prepare.static_mark(stack.PROJECT)
        command = ["collectstatic", "--no-input", "--clear", "--verbosity", "0"]
        log = self.house.log("static")
        return mark, prepare.begin(command, environment=environment, log=log)

    def _seed(self, environment: dict[str, str]) -> None:
        url = environment["DATABASE_URL"]
        if not prepare.wants_demo(self.given) or not prepare.bank_is_empty(url):
            self.steps.skip()
            return
        with self.steps.step("Making the demo bank (this once; DEMO=0 leaves it out)", speaks=True):
            prepare.manage(
                ["seed_demo"],
                environment=environment,
                log=self.house.log("setup"),
                wish=self.wish,
                shows=True,
            )

    def _close(self, plan: Plan) -> None:
        say("\nStopping ...")
        self.house.stack_file.unlink(missing_ok=True)
        self.supervisor.stop()
        if plan.place and plan.place.sockets.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(plan.place.sockets, ignore_errors=True)
        say("Stopped; the data is kept.")


def welcome(plan: Plan) -> str:
    """This will say where the portal is and who may sign in."""
    lines = ["", f"The portal answers at {plan.url}   (Ctrl-C stops it)"]
    accounts = prepare.demo_accounts(plan.environment["DATABASE_URL"])
    if accounts:
        lines += ["", f"Demo accounts, the password of each is {DEMO_PASSWORD}:"]
        lines += [f"  {user:<21} {_ROLES.get(user, '')}" for user, _name in accounts]
    else:
        lines += [
            "",
            "Make your first account with `.venv/bin/python manage.py create_administrator`.",
        ]
    return "\n".join([*lines, "", f"Logs: {plan.house.logs}"])


def delete_data(house: stack.House) -> None:
    """This will delete the embedded data of a portal; its keys stay."""
    home = stack.engine_home(house, engines.server_account())
    for folder in (home / "postgres", home / "postgres.new", house.var / "valkey"):
        shutil.rmtree(folder, ignore_errors=True)


def confirm_reset(house: stack.House, given: Mapping[str, str]) -> None:
    """This will ask before data is deleted. Raises Refused where the answer is not yes."""
    if stack.is_running(house):
        raise Refused(stack.already_running(house))
    if given.get("DATABASE_URL"):
        raise Refused(
            "`make demo-reset` deletes embedded data only, and DATABASE_URL names a server of "
            "your own: unset it, or empty that database yourself."
        )
    if given.get("YES") == "1":
        return
    if not sys.stdin.isatty():
        raise Refused(
            f"This would delete all data of the portal in {house.var}: say so with "
            "`make demo-reset YES=1`."
        )
    if input(f"Delete all data of the portal in {house.var}? Type yes: ").strip() != "yes":
        raise Refused("Nothing was deleted.")


def stop_running(house: stack.House, seconds: float = 60.0) -> None:
    """This will stop the portal that runs here. Raises Refused where none does."""
    if not stack.is_running(house):
        raise Refused("No portal is running here.")
    os.kill(int(stack.holder(house)["pid"]), signal.SIGTERM)
    end = time.monotonic() + seconds
    while stack.is_running(house):
        if time.monotonic() > end:
            raise Refused(f"The portal has not stopped within {seconds:.0f} seconds.")
        time.sleep(0.1)
    say("Stopped.")
