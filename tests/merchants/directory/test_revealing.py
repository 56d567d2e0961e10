"""One value of a contact person in full: with a reason, counted, recorded, and only then told."""

import datetime as dt

import pytest

from merchants.directory import operations, queries
from merchants.directory.models.contacts import MOST_PER_DAY
from merchants.directory.operations.revealing import record_reveal
from merchants.models import ContactReveal
from portal.audit.models import AuditEntry
from portal.models import Staff
from portal.staff.access import scope_of
from tests.factories.merchants import ContactFactory
from tests.factories.portal import BranchFactory, StaffFactory

AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
WORDS = "核对明年合作条款"


@pytest.mark.django_db(transaction=True)
def test_a_value_is_shown_once_its_record_is_committed() -> None:
    contact, actor = ContactFactory(phone="13800001234"), StaffFactory()
    shown = operations.reveal_contact(
        contact=contact, field="phone", kind="call", words=f"{WORDS} 13900005678", actor=actor,
        at=AT,
    )  # fmt: skip
    assert (shown.value, shown.number_of_day) == ("13800001234", 1)
    row = ContactReveal.objects.get()
    assert (row.actor, row.words, row.on_date) == (
        actor, f"{WORDS} 139****5678", dt.date(2026, 3, 2),
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="merchant_contact.revealed")
    assert "13800001234" not in f"{entry.changes}{entry.target_label}{entry.reason}"


def _reveal(actor: Staff, **changed: str) -> int:
    asked = {"field": "phone", "kind": "call", "words": WORDS, **changed}
    return record_reveal(contact=ContactFactory(phone="13800001234"), actor=actor, at=AT, **asked)


@pytest.mark.django_db
@pytest.mark.parametrize("changed", [{"words": "电话"}, {"field": "email"}])
def test_without_a_reason_or_a_value_nothing_is_recorded(changed: dict[str, str]) -> None:
    with pytest.raises(operations.DirectoryRefused):
        _reveal(StaffFactory(), **changed)
    assert (ContactReveal.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_day_has_a_limit_for_each_person() -> None:
    actor = StaffFactory()
    assert [_reveal(actor) for _number in range(MOST_PER_DAY)] == list(range(1, MOST_PER_DAY + 1))
    with pytest.raises(operations.DirectoryRefused):
        _reveal(actor)
    assert ContactReveal.objects.count() == MOST_PER_DAY
    assert _reveal(StaffFactory()) == 1


@pytest.mark.django_db
def test_who_saw_what_is_listed_within_the_scope() -> None:
    here, elsewhere = BranchFactory(), BranchFactory()
    for branch in (here, elsewhere):
        _reveal(StaffFactory(branch=branch))
    officer = StaffFactory(role="branch_manager", branch=here)
    assert [row.actor.branch for row in queries.reveals(scope=scope_of(officer))] == [here]
