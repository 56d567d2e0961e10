"""Daily figures under race: days are counted while facts of them are written, by two at once; and
the report goes out once, whoever sends it."""

import pytest
from django.core import mail

from journeys.kpis import operations
from journeys.kpis.models import FigureMark, ReportMail
from journeys.models import Card
from portal.kit import clock
from tests.factories.journeys import CardFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.kpis.test_mailing import AT
from tests.journeys.kpis.worlds import kept, told
from tests.races.threads import in_threads


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_no_fact_is_lost_and_none_counts_twice(attempt: int) -> None:
    branches = [BranchFactory() for _ in range(3)]
    for branch in branches:
        CardFactory.create_batch(3, branch=branch)
    ids = list(Card.objects.order_by("id").values_list("id", flat=True))

    def write(place: int) -> None:
        for pk in ids[place::2]:
            Card.objects.filter(pk=pk).update(branch=branches[(pk + attempt) % 3])
            CardFactory(branch=branches[place])

    def work(place: int) -> object:
        if place < 2:
            return write(place)
        return [operations.count_days(now=clock.now) for _ in range(4)]

    in_threads(4, work)
    operations.count_days(now=clock.now)
    assert not FigureMark.objects.exists()
    assert kept() == told()
    assert operations.prove_figures(now=clock.now).holds


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_one_mail_to_each() -> None:
    for number in range(4):
        StaffFactory(role="branch_manager", email=f"m{number}@bank.example")
    sent = in_threads(3, lambda _place: operations.mail_reports(now=lambda: AT))
    assert ReportMail.objects.filter(state="sent").count() == 4
    assert sorted(one.to[0] for one in mail.outbox) == [f"m{n}@bank.example" for n in range(4)]
    assert sum(sent) == 4
