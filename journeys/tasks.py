"""Tasks of journeys: safe to run twice, and at the same time."""

import datetime as dt

from celery import shared_task

from journeys.activity import operations as activity
from journeys.activity import queries as figures
from journeys.kpis import operations as kpis
from journeys.notices import operations as notices
from journeys.outreach import operations as outreach
from journeys.points import operations as points
from journeys.rights import operations as rights
from journeys.rights import queries as requests
from journeys.scoring import operations as scoring
from journeys.targets import operations as targets
from journeys.telemarketing import operations as telemarketing
from portal.kit import clock

# Well below the soft time limit; the next tick goes on.
_DRAIN_SECONDS = 25
_COUNT_SECONDS = 240
# A search of the whole bank takes minutes; a second worker leaves it alone.
_SEARCH_SECONDS = 3600
# Four trainings on 20,000 calls take half a minute, on a busy machine several.
_TRAINING_SECONDS = 900


@shared_task(name="journeys.send_due_messages")
def send_due_messages() -> None:
    """This will send the outbox's due messages."""
    outreach.send_due_messages(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.follow_halts")
def follow_halts() -> None:
    """This will cancel what waits of what was stopped, and take up what was resumed."""
    outreach.follow_halts(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.expire_points")
def expire_points() -> None:
    """This will let expire the points whose day has come."""
    points.expire_points(on=clock.today(), at=clock.now())


@shared_task(
    name="journeys.train_call_models",
    soft_time_limit=_TRAINING_SECONDS,
    time_limit=_TRAINING_SECONDS + 60,
)
def train_call_models(asked_by: int | None = None) -> None:
    """This will train the model of calls where enough calls have come in, or somebody asked."""
    if asked_by is None:
        scoring.train_if_due(at=clock.now())
    else:
        scoring.train_as_asked(asked_by=asked_by, at=clock.now())


@shared_task(
    name="journeys.train_potential_models",
    soft_time_limit=_TRAINING_SECONDS,
    time_limit=_TRAINING_SECONDS + 60,
)
def train_potential_models(asked_by: int | None = None) -> None:
    """This will train the model of potential once a month, or as somebody asked."""
    if asked_by is None:
        scoring.train_potential_if_due(at=clock.now())
    else:
        scoring.train_potential_as_asked(asked_by=asked_by, at=clock.now())


@shared_task(
    name="journeys.keep_drift",
    soft_time_limit=_TRAINING_SECONDS,
    time_limit=_TRAINING_SECONDS + 60,
)
def keep_drift() -> None:
    """This will keep how far calls and customers have moved from what models learned from."""
    scoring.keep_drift(at=clock.now())


@shared_task(name="journeys.follow_spending")
def follow_spending() -> None:
    """This will let the points that spending earned follow late transactions and refunds."""
    points.follow_spending(on=clock.today(), at=clock.now())


@shared_task(
    name="journeys.carry_out_rights",
    soft_time_limit=_SEARCH_SECONDS,
    time_limit=_SEARCH_SECONDS + 60,
)
def carry_out_rights() -> None:
    """This will carry out the erasures that are allowed, and prove those that are done."""
    due = requests.erasures_to_do()
    rights.work_through(now=clock.now, due=due, carry_out=rights.carry_out)


@shared_task(name="journeys.count_sent")
def count_sent() -> None:
    """This will count what was sent, up to today."""
    outreach.count_sent(at=clock.now(), seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.tell_results")
def tell_results() -> None:
    """This will tell customers the results of their applications that are due."""
    notices.tell_results(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.count_activity")
def count_activity() -> None:
    """This will tell since when the cards rest of which something was written, and count the days
    that are due."""
    activity.count_figures(clock=clock.now, seconds=_COUNT_SECONDS)


@shared_task(name="journeys.prove_activity")
def prove_activity() -> None:
    """This will hold yesterday's figures of activity against the transactions, once they were
    counted."""
    day = clock.today() - dt.timedelta(days=1)
    if figures.is_unproved(day):
        activity.prove_figures(on=day, at=clock.now())


@shared_task(name="journeys.return_leads")
def return_leads() -> None:
    """This will put leads whose protection is over back into the pool."""
    telemarketing.return_leads(at=clock.now())


@shared_task(name="journeys.hand_over_callbacks")
def hand_over_callbacks() -> None:
    """This will give promises whose owner is away to somebody who is there."""
    telemarketing.hand_over_callbacks(at=clock.now())


@shared_task(name="journeys.end_peace")
def end_peace() -> None:
    """This will let persons be contacted again who were left in peace after an angry call."""
    telemarketing.end_peace(at=clock.now())


@shared_task(name="journeys.end_holds")
def end_holds() -> None:
    """This will put down the leads that people have had in hand for too long, and drop what was
    typed of calls that came to nothing."""
    telemarketing.end_holds(at=clock.now())
    telemarketing.drop_drafts(at=clock.now())


@shared_task(name="journeys.draw_calls")
def draw_calls() -> None:
    """This will draw the calls to read of the days that are over."""
    telemarketing.draw_calls(at=clock.now())


@shared_task(name="journeys.score_leads")
def score_leads() -> None:
    """This will have the priority of leads follow what a call to each promises."""
    telemarketing.score_leads(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.count_figures", soft_time_limit=3_000, time_limit=3_060)
def count_figures() -> None:
    """This will count the days of which facts were written, and prove all figures once a night."""
    kpis.count_days(now=clock.now)
    kpis.prove_if_due(now=clock.now)


@shared_task(name="journeys.mail_reports", soft_time_limit=3_000, time_limit=3_060)
def mail_reports() -> None:
    """This will send the reports that were closed this morning."""
    kpis.count_days(now=clock.now)
    kpis.mail_reports(now=clock.now)


@shared_task(name="journeys.teach_calls")
def teach_calls() -> None:
    """This will keep calls that were made here for the model of calls to learn from."""
    telemarketing.teach_calls(at=clock.now())


@shared_task(
    name="journeys.settle_pay",
    soft_time_limit=_SEARCH_SECONDS,
    time_limit=_SEARCH_SECONDS + 60,
)
def settle_pay() -> None:
    """This will take back what later facts undo of pay, and close the months that are due."""
    targets.settle_pay(on=clock.today(), at=clock.now())
