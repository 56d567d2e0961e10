"""Reading runs: their progress, their figures, and the decision for each customer."""

from campaigns.eligibility.queries.carrying import (
    as_in,
    bases,
    carried_tally,
    changed_of,
    ground_of,
    mark_now,
    marked_runs,
    standing,
    wait_for_marks,
)
from campaigns.eligibility.queries.decisions import (
    decided_about,
    decisions,
    find_decision,
    given_elsewhere,
    receipt_of,
    receipts_about,
    step_names,
    tier_receipts,
)
from campaigns.eligibility.queries.evenings import (
    LeftOut,
    lacking_texts,
    left_out_on,
    not_started_of,
    out_of_force,
    since_of,
    to_close,
)
from campaigns.eligibility.queries.figures import (
    Ended,
    Figures,
    RanOut,
    Step,
    add_up,
    figures_of,
    waits_until,
)
from campaigns.eligibility.queries.measures import is_whole, measured
from campaigns.eligibility.queries.nearing import (
    Spent,
    is_over,
    left_out,
    near_misses,
    still_given,
    used_up,
)
from campaigns.eligibility.queries.people import (
    candidates,
    candidates_again,
    contexts_of,
    customer_spans,
)
from campaigns.eligibility.queries.runs import (
    Progress,
    chunks_of_next_day,
    chunks_ready,
    chunks_to_do,
    failed_chunks,
    find_run,
    going_dry_run,
    going_live_run,
    last_live_run_of,
    latest_live_run,
    latest_runs,
    newest_dry_run,
    next_to_settle,
    progress_of,
    run_of_chunk,
    runs,
    runs_of,
    runs_without_chunks_to_do,
    texts_withdrawn,
)
from campaigns.eligibility.queries.statements import frame_of, statement_of
from campaigns.eligibility.queries.turns import (
    began_since,
    chunks_next,
    held_back,
    is_its_turn,
    last_live_days,
    runs_waited_for,
    wait_to_start,
    waited_for,
)

__all__ = [
    "Ended", "Figures", "LeftOut", "Progress", "RanOut", "Spent", "Step", "add_up", "as_in",
    "bases", "began_since", "candidates", "candidates_again", "carried_tally", "changed_of",
    "chunks_next", "chunks_of_next_day", "chunks_ready", "chunks_to_do", "contexts_of",
    "customer_spans", "decided_about", "decisions", "failed_chunks", "figures_of", "find_decision",
    "find_run", "frame_of", "given_elsewhere", "going_dry_run", "going_live_run", "ground_of",
    "held_back", "is_its_turn", "is_over", "is_whole", "lacking_texts", "last_live_days",
    "last_live_run_of", "latest_live_run", "latest_runs", "left_out", "left_out_on", "mark_now",
    "marked_runs", "measured", "near_misses", "newest_dry_run", "next_to_settle", "not_started_of",
    "out_of_force", "progress_of", "receipt_of", "receipts_about", "run_of_chunk", "runs",
    "runs_of", "runs_waited_for", "runs_without_chunks_to_do", "since_of", "standing",
    "statement_of", "step_names", "still_given", "texts_withdrawn", "tier_receipts", "to_close",
    "used_up", "wait_for_marks", "wait_to_start", "waited_for", "waits_until",
]  # fmt: skip
