"""Tasks of campaigns: ids in, one call, safe to run twice."""

from celery import shared_task
from django.conf import settings

from campaigns.benefits import operations as benefits
from campaigns.effect import operations as effects
from campaigns.eligibility import operations as eligibility
from campaigns.era import operations as era
from campaigns.flash import operations as flash
from campaigns.partners import operations as partners
from campaigns.rewards import operations as rewards
from campaigns.touches import operations as touches
from campaigns.warnings import operations as warnings
from portal.kit import clock


@shared_task(name="campaigns.evaluate_chunk")
def evaluate_chunk(chunk_id: int) -> None:
    """This will work off one chunk of a run."""
    eligibility.work_chunk(chunk_id=chunk_id, now=clock.now)


@shared_task(name="campaigns.sweep_runs")
def sweep_runs() -> None:
    """This will ask again for chunks that were left unfinished."""
    eligibility.sweep_runs(at=clock.now())


@shared_task(name="campaigns.start_due_evening")
def start_due_evening() -> None:
    """This will start the live runs of the evening once its time has come."""
    eligibility.start_due_evening(begins=settings.EVENING_RUNS_FROM, at=clock.now())


@shared_task(name="campaigns.reopen_grants", soft_time_limit=3_000, time_limit=3_060)
def reopen_grants() -> None:
    """This will take back the rewards whose conditions a refund undid."""
    rewards.reopen_grants(on=clock.today(), at=clock.now())


@shared_task(name="campaigns.expire_benefits")
def expire_benefits() -> None:
    """This will write off what was not used of benefits in time, and gather what was counted."""
    benefits.expire_benefits(on=clock.today(), at=clock.now())
    benefits.gather_counts()


@shared_task(name="campaigns.reconcile_sales")
def reconcile_sales() -> None:
    """This will end holds whose time is over and make the gates of flash sales true again."""
    flash.reconcile_sales(at=clock.now())


@shared_task(name="campaigns.renew_sales")
def renew_sales() -> None:
    """This will let flash sales that open soon go by the newest run."""
    flash.renew_runs(at=clock.now())


@shared_task(name="campaigns.drop_changes")
def drop_changes() -> None:
    """This will drop the marks of changes that no run asks for any more."""
    eligibility.drop_changes(on=clock.today())


@shared_task(name="campaigns.sweep_touches", soft_time_limit=3_000, time_limit=3_060)
def sweep_touches() -> None:
    """This will do what is due in touch plans."""
    touches.sweep_touches(at=clock.now())


@shared_task(name="campaigns.count_era", soft_time_limit=3_000, time_limit=3_060)
def count_era() -> None:
    """This will count the months of branches of which facts were written."""
    era.count_months(on=clock.today(), at=clock.now())


@shared_task(name="campaigns.count_returns", soft_time_limit=3_000, time_limit=3_060)
def count_returns() -> None:
    """This will count what joint campaigns brought about at their partners."""
    partners.count_returns(on=clock.today(), at=clock.now())


@shared_task(name="campaigns.count_effects", soft_time_limit=3_000, time_limit=3_060)
def count_effects() -> None:
    """This will count what campaigns brought about, as far as it is due, and keep each look."""
    effects.count_effects(on=clock.today(), at=clock.now())


@shared_task(name="campaigns.sweep_warnings", soft_time_limit=3_000, time_limit=3_060)
def sweep_warnings() -> None:
    """This will look for early warnings in what is new."""
    warnings.sweep(at=clock.now())
