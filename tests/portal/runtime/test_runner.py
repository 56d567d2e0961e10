"""The plan of a start, and what the runner says."""

import pytest

from portal.runtime import engines, runner, stack
from portal.runtime.terminal import Refused

SERVERS = {"DATABASE_URL": "postgresql://bank/portal", "REDIS_URL": "redis://bank/0"}
GATEWAYS = {"EMAIL_HOST": "mail.bank.example", "SMS_URL": "http://sms.bank.example/send"}


def names(plan: runner.Plan) -> list[str]:
    ours = runner.portal_children(plan, {"HOST": "127.0.0.1", "PORT": "8000"})
    return [child.name for child in (*plan.engines, *ours)]


@pytest.mark.parametrize(
    ("given", "started"),
    [
        ({}, ["PostgreSQL", "Valkey", "Practice gateways", "Web server", "Worker", "Clock"]),
        (SERVERS, ["Practice gateways", "Web server", "Worker", "Clock"]),
        ({**SERVERS, **GATEWAYS}, ["Web server", "Worker", "Clock"]),
        (GATEWAYS, ["PostgreSQL", "Valkey", "Web server", "Worker", "Clock"]),
        (
            {"DATABASE_URL": "postgresql://bank/portal", "REDIS_URL": ""},
            ["Valkey", "Practice gateways", "Web server", "Worker", "Clock"],
        ),
    ],
)
def test_only_what_the_environment_leaves_open_is_started(
    house: stack.House, given: dict[str, str], started: list[str]
) -> None:
    assert names(runner.plan_start(house, given)) == started


def test_commands_are_told_everything(house: stack.House) -> None:
    plan = runner.plan_start(house, {})
    assert set(plan.environment) == set(stack.PROVIDED)
    assert plan.place is not None
    assert plan.environment["DATABASE_URL"] == plan.place.url("portal")
    http = plan.environment["SANDBOX_HTTP_PORT"]
    assert plan.environment["SMS_URL"] == f"http://127.0.0.1:{http}/cgi-bin/sendsms"
    assert plan.environment["SMS_STATUS_URL"] == f"http://127.0.0.1:{http}/status"
    assert plan.environment["EMAIL_PORT"] == plan.environment["SANDBOX_SMTP_PORT"]


def test_keys_stay_from_start_to_start(house: stack.House) -> None:
    first, second = (runner.plan_start(house, {}).environment for _ in range(2))
    for name in ("SECRET_KEY", "FIELD_KEYS", "BLIND_INDEX_KEY", "DATABASE_URL", "SMS_PASSWORD"):
        assert first[name] == second[name]


def test_what_the_environment_names_is_used(house: stack.House) -> None:
    given = {**SERVERS, "SECRET_KEY": "theirs", "EMAIL_HOST": "mail.bank.example"}
    plan = runner.plan_start(house, given)
    assert {name: plan.environment[name] for name in given} == given
    assert "EMAIL_PORT" not in plan.environment
    assert plan.environment["SMS_URL"].startswith("http://127.0.0.1:")
    assert plan.place is None


@pytest.mark.parametrize(
    ("given", "hosts", "url"),
    [
        ({}, {"localhost", "127.0.0.1", "[::1]"}, "http://127.0.0.1:8000/"),
        ({"HOST": "0.0.0.0", "PORT": "81"}, {"127.0.0.1"}, "http://127.0.0.1:81/"),  # noqa: S104
        ({"HOST": "10.1.2.3"}, {"10.1.2.3"}, "http://10.1.2.3:8000/"),
    ],
)
def test_where_it_answers(
    house: stack.House, given: dict[str, str], hosts: set[str], url: str
) -> None:
    plan = runner.plan_start(house, given)
    environment = runner.process_environment(plan, given)
    assert hosts <= set(environment["ALLOWED_HOSTS"].split(","))
    assert "0.0.0.0" not in environment["ALLOWED_HOSTS"].split(",")  # noqa: S104
    assert plan.url == url


def test_hosts_that_were_named_stay(house: stack.House) -> None:
    given = {"ALLOWED_HOSTS": "portal.bank.example"}
    environment = runner.process_environment(runner.plan_start(house, given), given)
    assert "ALLOWED_HOSTS" not in environment


# --- stopping and starting anew -------------------------------------------------------------
def test_nothing_to_stop(house: stack.House) -> None:
    with pytest.raises(Refused, match=r"^No portal is running here\.$"):
        runner.stop_running(house)


def test_a_reset_beside_a_running_portal_is_refused(house: stack.House) -> None:
    with stack.locked(house, "http://x/"), pytest.raises(Refused, match="already running at"):
        runner.confirm_reset(house, {"YES": "1"})


def test_a_reset_of_ones_own_server_is_refused(house: stack.House) -> None:
    with pytest.raises(Refused, match=r"^`make demo-reset` deletes embedded data only"):
        runner.confirm_reset(house, {**SERVERS, "YES": "1"})


def test_a_reset_nobody_can_confirm_is_refused(house: stack.House) -> None:
    with pytest.raises(Refused) as refused:
        runner.confirm_reset(house, {})
    assert str(refused.value) == (
        f"This would delete all data of the portal in {house.var}: say so with "
        "`make demo-reset YES=1`."
    )


def test_a_confirmed_reset_deletes_data_and_keeps_keys(house: stack.House) -> None:
    home = stack.engine_home(house, engines.server_account())
    for folder in (home / "postgres", home / "postgres.new", house.var / "valkey"):
        folder.mkdir()
    house.secrets_file.write_text("{}")
    runner.confirm_reset(house, {"YES": "1"})
    runner.delete_data(house)
    left = [(home / "postgres").exists(), (home / "postgres.new").exists()]
    assert (left, (house.var / "valkey").exists()) == ([False, False], False)
    assert house.secrets_file.read_text() == "{}"
