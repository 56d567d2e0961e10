"""The change of keys beside imports, senders and kill -9: no value is lost, none is missed."""

import base64
import io
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from journeys.models import Customer
from portal.kit import rotation, sealed
from portal.kit.fields import SealedTable, sealed_tables
from portal.models import AuditEntry
from tests.factories.intake import counts_of, take
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory
from tests.processes import Processes, wait_until
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmV3bmU="
ROWS = 1500


def both(name: str) -> str:
    """The keys of this test run, with a second one beside the first."""
    first = os.environ[name]
    return f"{first if ':' in first else f'1:{first}'},2:{NEW}"


def use_both(settings: Any) -> None:
    second = base64.b64decode(NEW)
    settings.FIELD_KEYS = {**settings.FIELD_KEYS, 2: second}
    settings.BLIND_INDEX_KEYS = {**settings.BLIND_INDEX_KEYS, 2: second}


def customers() -> SealedTable:
    return next(table for table in sealed_tables() if table.model is Customer)


def phones() -> dict[str, str]:
    rows = Customer.objects.values_list("number", "phone_sealed", "phone_index")
    found = {}
    for number, value, index in rows:
        found[number] = sealed.unseal(value, "customer.phone")
        assert bytes(index) in sealed.blind_indexes(found[number], "phone")
    return found


def under_the_second_key() -> int:
    return rotation.count_by_key(customers())["phone_sealed"].get(2, 0)


def test_killed_in_the_middle_and_begun_again(settings: Any) -> None:
    branch = BranchFactory()
    for _number in range(ROWS):
        CustomerFactory(branch=branch)
    before = phones()
    env = {name: both(name) for name in ("FIELD_KEYS", "BLIND_INDEX_KEY")}
    use_both(settings)
    with Processes(**env) as processes:
        process = processes.start_command("rotate_keys", "--batch", "1")

        def is_in_the_middle() -> bool:
            processes.freeze(process)
            if 0 < under_the_second_key() < ROWS:
                return True
            processes.thaw(process)
            return False

        wait_until(is_in_the_middle, 60, "some rows under the new key")
        processes.kill(process)
        assert 0 < under_the_second_key() < ROWS
        assert phones() == before
        again = processes.start_command("rotate_keys")
        wait_until(lambda: again.poll() is not None, 60, "the second run")
        assert again.returncode == 0, processes.log_of(again)
        assert "Only the keys in use are needed" in processes.log_of(again)
    assert under_the_second_key() == ROWS
    assert phones() == before
    # The killed run is not in the trail; what it did is counted by nobody and lost by nobody.
    done = AuditEntry.objects.get(action="keys.rotated").changes["rows"]["journeys_customer"]
    assert 0 < done < ROWS


def test_beside_imports_that_change_the_same_rows(settings: Any, tmp_path: Path) -> None:
    branch = BranchFactory(code="B001")
    for number in range(300):
        CustomerFactory(branch=branch, number=f"N{number}")
    before = phones()
    use_both(settings)
    header = "number,name,branch,registered_date,lawful_basis,phone\n"
    lines = [
        f"N{number},王小明,B001,2026-03-02,contract,139{number:08d}\n"
        for number in reversed(range(0, 300, 2))
    ]

    def work(place: int) -> Any:
        if place:
            return rotation.rotate(customers(), batch=7)
        return counts_of(take(tmp_path, "customers", header + "".join(lines)))

    counts, outcome = in_threads(2, work)
    assert counts == (0, 150, 0, 0)
    assert outcome.broken == set()
    # What the import held at that moment is met by the next run.
    assert rotation.rotate(customers()).left == 0
    assert rotation.count_by_key(customers())["phone_sealed"] == {2: 300}
    found = phones()
    assert all(found[f"N{number}"] == f"139{number:08d}" for number in range(0, 300, 2))
    assert all(found[f"N{number}"] == before[f"N{number}"] for number in range(1, 300, 2))


def test_rows_that_others_hold_are_not_waited_for(settings: Any) -> None:
    """A sender holds customers for as long as a batch takes: nobody waits, nobody is missed."""
    held, free = CustomerFactory(), CustomerFactory()
    use_both(settings)

    def work(place: int) -> rotation.Outcome | None:
        return rotation.rotate(customers()) if place else None

    with transaction.atomic():
        list(Customer.objects.select_for_update(of=("self",)).filter(pk=held.pk))
        _nobody, outcome = in_threads(2, work)
    assert outcome == rotation.Outcome(done=1, left=1)
    assert bytes(Customer.objects.get(pk=free.pk).phone_sealed)[0] == 2
    assert rotation.rotate(customers()) == rotation.Outcome(done=1)


def test_check_tells_what_is_needed_and_changes_nothing(settings: Any) -> None:
    CustomerFactory()
    use_both(settings)

    def check() -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("rotate_keys", "--check", stdout=out)
        except SystemExit as end:
            return int(str(end.code)), out.getvalue()
        return 0, out.getvalue()

    code, told = check()
    assert code == 1
    assert "journeys_customer.phone_sealed: key 1: 1 rows" in told
    assert "Older keys are still needed" in told
    assert under_the_second_key() == 0
    call_command("rotate_keys", stdout=io.StringIO())
    code, told = check()
    assert code == 0
    assert "journeys_customer.phone_index: key 2: 1 rows" in told
    assert AuditEntry.objects.get(action="keys.rotated").changes == {
        "key_id": 2,
        "rows": {
            "journeys_badaddress": 0,
            "journeys_customer": 1,
            "journeys_erasure": 0,
            "journeys_lead": 0,
            "journeys_ownaddress": 0,
            "merchants_merchantcontact": 0,
            "second factors": 0,
        },
    }
