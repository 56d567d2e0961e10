"""What happens by the clock: names of tasks only, so that nothing here is imported upward.

Every entry is a sweep that is safe to repeat: two beats at once, or none for an hour, lose
nothing, because what is due stands in PostgreSQL rows.
"""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "flash sales": {"task": "campaigns.reconcile_sales", "schedule": 2.0},
    "who may claim in flash sales": {"task": "campaigns.renew_sales", "schedule": 60.0},
    "touch plans": {"task": "campaigns.sweep_touches", "schedule": 15.0},
    "unfinished runs": {"task": "campaigns.sweep_runs", "schedule": 10.0},
    # From the time of EVENING_RUNS_FROM on: starts what has not run as of the day.
    "runs of the evening": {"task": "campaigns.start_due_evening", "schedule": 120.0},
    "marks of changes": {"task": "campaigns.drop_changes", "schedule": 21_600.0},
    "rewards that a refund undid": {"task": "campaigns.reopen_grants", "schedule": 3600.0},
    # Counts the months of which facts were written since.
    "eras of branches": {"task": "campaigns.count_era", "schedule": 21_600.0},
    # Reads the transactions of the days of campaigns with partners.
    "returns of joint campaigns": {"task": "campaigns.count_returns", "schedule": 21_600.0},
    # Takes in live runs that ended; the first tick after midnight finds the days that are due.
    "effects of campaigns": {"task": "campaigns.count_effects", "schedule": 3600.0},
    # What is new; the first tick after midnight looks at what goes by days too.
    "early warnings": {"task": "campaigns.sweep_warnings", "schedule": 600.0},
    # The first tick after midnight finds the day's.
    "benefits that expire": {"task": "campaigns.expire_benefits", "schedule": 900.0},
    "due messages": {"task": "journeys.send_due_messages", "schedule": 5.0},
    # What a stop or a resumption of more than some thousands left to be done.
    "messages that were stopped or resumed": {"task": "journeys.follow_halts", "schedule": 10.0},
    # The first tick after midnight finds the day's; the others find what was told late.
    "points that expire": {"task": "journeys.expire_points", "schedule": 900.0},
    # Reads the transactions of all months that were booked.
    "points of spending": {"task": "journeys.follow_spending", "schedule": 21_600.0},
    # Settles what was written of cards since; the first tick after midnight counts the day's.
    "active and sleeping cards": {"task": "journeys.count_activity", "schedule": 300.0},
    # Reads the last purchase of each card, once a day.
    "proof of active cards": {"task": "journeys.prove_activity", "schedule": 1800.0},
    # Trains where enough calls have come in since the last version.
    "models of calls": {"task": "journeys.train_call_models", "schedule": 3600.0},
    # Trains where the last versions are a month old.
    "models of potential": {"task": "journeys.train_potential_models", "schedule": 3600.0},
    # The first tick after midnight finds the day that is over.
    "drift of models": {"task": "journeys.keep_drift", "schedule": 1800.0},
    "persons' rights": {"task": "journeys.carry_out_rights", "schedule": 30.0},
    "counts of what was sent": {"task": "journeys.count_sent", "schedule": 600.0},
    "results to tell": {"task": "journeys.tell_results", "schedule": 15.0},
    "leads in hand for too long": {"task": "journeys.end_holds", "schedule": 30.0},
    "persons who were left in peace": {"task": "journeys.end_peace", "schedule": 900.0},
    "promises whose owner is away": {"task": "journeys.hand_over_callbacks", "schedule": 60.0},
    # Also those of people who left, or have another role or place now.
    "leads whose protection is over": {"task": "journeys.return_leads", "schedule": 300.0},
    # The first tick after five o'clock finds the day's; the others what was missed.
    "calls to read": {"task": "journeys.draw_calls", "schedule": 1800.0},
    # New leads, those that were called, and all where there is another version of the model.
    "scores of leads": {"task": "journeys.score_leads", "schedule": 60.0},
    # The first tick of the day takes back, and closes a month whose day has come; the others find
    # what was missed.
    "pay by scorecards": {"task": "journeys.settle_pay", "schedule": 21_600.0},
    # As soon as it is known what came of them.
    "calls to learn from": {"task": "journeys.teach_calls", "schedule": 3600.0},
    # Days of which facts were written; the first tick after two o'clock proves all of them.
    "figures of days": {"task": "journeys.count_figures", "schedule": 600.0},
    # The first tick after the reports are closed finds the workday's.
    "reports by mail": {"task": "journeys.mail_reports", "schedule": 600.0},
    # Also what was forgotten while nobody was at work.
    "check-outs that were forgotten": {
        "task": "merchants.close_forgotten_shifts",
        "schedule": 900.0,
    },
    # Late facts of the weeks that were judged are found by the next tick.
    "turnover of merchants": {"task": "merchants.judge_turnover", "schedule": 21_600.0},
    # The first tick after midnight finds the day's.
    "contracts and negotiations": {"task": "merchants.remind_managers", "schedule": 3600.0},
    # Reads the transactions of thirteen months.
    "customers of merchants": {"task": "merchants.count_reach", "schedule": 21_600.0},
    "unfinished uploads": {"task": "portal.sweep_uploads", "schedule": 15.0},
}
