"""Tasks of merchants: safe to run twice, and at the same time."""

from celery import shared_task

from merchants.posts import operations as posts
from portal.kit import clock


@shared_task(name="merchants.judge_turnover")
def judge_turnover() -> None:
    """This will judge the turnover of all merchants by the whole weeks there are, let expire what
    nobody answered, and suggest to the managers of partnerships what evidence speaks for."""
    # Here, not above: numpy and scipy are no burden to processes that never judge.
    from merchants.evidence import operations as evidence
    from merchants.partnerships import operations as partnerships

    today = clock.today()
    evidence.evaluate_turnover(on=today, at=clock.now())
    partnerships.expire_suggestions(on=today, at=clock.now())
    partnerships.suggest_from_evidence(on=today)


@shared_task(name="merchants.remind_managers")
def remind_managers() -> None:
    """This will let contracts go on that do so by themselves, and remind managers of contracts that
    end and of negotiations that stand still."""
    from merchants.directory import operations as directory
    from merchants.negotiation import operations as negotiations

    today = clock.today()
    directory.extend_contracts(on=today, at=clock.now())
    negotiations.remind_managers(on=today)


@shared_task(name="merchants.close_forgotten_shifts")
def close_forgotten_shifts() -> None:
    """This will close the shifts at posts whose check-out was forgotten."""
    posts.close_forgotten(at=clock.now())


@shared_task(name="merchants.count_reach")
def count_reach() -> None:
    """This will count how many customers paid at each merchant in the whole months there are."""
    from merchants.evidence import operations as evidence

    evidence.count_reach(on=clock.today(), at=clock.now())
