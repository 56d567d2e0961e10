"""Which days count for whom. A person enters on the day of the first live decision that drew a
side; the window begins on the day after and lasts so many days. The same instants hold for both
sides, also for those whom the budget or the gate refused: what was meant for them counts (intention
to treat). What comes a few days late is waited for before a person is counted, and once more a
week and a month later."""

import datetime as dt

_DAY = dt.timedelta(days=1)
# So many days after a day of entry is ripe it is counted again, for transactions that came late.
AGAIN = (7, 30)


def ripe_on(entered: dt.date, *, window: int, settle: int) -> dt.date:
    """This will return the first day on which what those who entered on a day did is known: the
    window of so many days is over, and `settle` days more for what is told late."""
    return entered + (window + settle + 1) * _DAY


def is_ripe(entered: dt.date, on: dt.date, *, window: int, settle: int) -> bool:
    """This will tell whether what those who entered on a day did counts on another day."""
    return on >= ripe_on(entered, window=window, settle=settle)


def due_after(entered: dt.date, on: dt.date, *, window: int, settle: int) -> dt.date | None:
    """This will return the first day after `on` on which those who entered on a day are to be
    counted; None where they were counted for the last time."""
    ripe = ripe_on(entered, window=window, settle=settle)
    days = [ripe, *(ripe + more * _DAY for more in AGAIN)]
    return next((day for day in days if day > on), None)
