"""Tasks of merchants: safe to run twice, and at the same time."""

from celery import shared_task

from portal.kit import clock


@shared_task(name="merchants.judge_turnover")
def judge_turnover() -> None:
    """This will judge the turnover of all merchants by the whole weeks there are."""
    # Here, not above: numpy and scipy are no burden to processes that never judge.
    from merchants.evidence import operations as evidence

    evidence.evaluate_turnover(on=clock.today(), at=clock.now())
