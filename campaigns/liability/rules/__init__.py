"""What a campaign will still have to grant, in CNY, with an interval.

**The formula.** Days are known by what was granted on each, by branch and tier; the day on which a
campaign opens stands by itself, since it gives to everybody who had come to qualify before.

1. *What a day is expected to bring* (`fitting`): m(d) = level + weekday(d) + trend x (d - last) +
   opening x exp(-age(d) / f), fitted to the sums of the days with Var = phi x m, the quasi-Poisson
   model (Wedderburn 1974, Biometrika 61, 439-447; McCullagh and Nelder 1989, chapter 9), with the
   f of 2 to 8 days that leaves the least phi. Weekdays, trend and opening are held near none as far
   as the days say nothing of them: normal priors, the ridge of Hoerl and Kennard 1970,
   Technometrics 12, 55-67. phi is widened by what neighbouring days have in common,
   (1 + r) / (1 - r) with r their correlation, which is read too small from few days (Marriott and
   Pope 1954, Biometrika 41, 390-402) and put right.
2. *Futures are drawn* (`paths`), each with a phi and coefficients of its own as uncertain as the
   days leave them (phi by the chi-square of its degrees of freedom: Student's t), and for each of
   its days a sum from the gamma distribution with mean m and variance phi x m. Branch and tier come
   from a whole day drawn from those known, the days weighted anew for each future (Rubin's Bayesian
   bootstrap, 1981, Annals of Statistics 9, 130-134).
3. *Limits hold in each future, day by day* (`rooms`): stocks and budgets of tiers, branches, day,
   campaign and shares. What a day's limit refuses waits for the next day. What waits already is
   known from the runs: days are fitted by what came to be asked for on them.
4. *The interval* is that of the middle 80 % of the futures, what is expected their mean.

How often the truth lies inside is measured on worlds that the method has never seen
(`benchmarks/liability.py`). What will be given back after refunds is not foreseen.
"""

from campaigns.liability.rules.cutting import Cells, before_the_end, cells_of
from campaigns.liability.rules.fitting import FEWEST_DAYS, Floats, Known
from campaigns.liability.rules.paths import (
    COVERED,
    MEASURED,
    MOST_DAYS,
    Asked,
    Forecast,
    Range,
    forecast,
    reach_of,
    split_by,
)
from campaigns.liability.rules.rooms import Room, Worth, room_of, worth_of, worth_of_people

__all__ = [
    "COVERED", "FEWEST_DAYS", "MEASURED", "MOST_DAYS", "Asked", "Cells", "Floats", "Forecast",
    "Known", "Range", "Room", "Worth", "before_the_end", "cells_of", "forecast", "reach_of",
    "room_of", "split_by", "worth_of", "worth_of_people",
]  # fmt: skip
