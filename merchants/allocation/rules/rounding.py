"""From a relaxed answer to one that holds, quickly: the best is not far from it."""

from merchants.allocation.rules.problems import Choice, Problem, broken, spent, spent_in


def rounded(problem: Problem, start: Choice) -> list[int] | None:
    """This will raise partners from a start, first for the least shares that lack, then where a
    step brings most for its money, as far as all bounds allow; None where bounds stay broken."""
    choice = list(start)
    for share in problem.shares:
        while spent_in(problem, share, choice) < share.least_money(problem.budget):
            if not _raise(problem, choice, problem.members(share)):
                return None
    everybody = list(range(len(problem.partners)))
    while _raise(problem, choice, everybody):
        pass
    return None if broken(problem, choice) else choice


def _raise(problem: Problem, choice: list[int], places: list[int]) -> bool:
    """Raise the one of these whose next step brings most for its money; False where none fits."""
    room = problem.budget - spent(problem, choice)
    full = {
        share.group: share.most_money(problem.budget) - spent_in(problem, share, choice)
        for share in problem.shares
    }
    best: tuple[float, int] | None = None
    for place in places:
        partner, at = problem.partners[place], choice[place]
        if at + 1 == len(partner.levels):
            continue
        here, above = partner.levels[at], partner.levels[at + 1]
        step = above.amount - here.amount
        if step > room or any(step > full.get(group, step) for group in partner.groups):
            continue
        worth = (above.effect - here.effect) / step
        if best is None or worth > best[0]:
            best = (worth, place)
    if best is None:
        return False
    choice[best[1]] += 1
    return True
