"""Writing touch plans: who enters, what is sent, who leaves."""

from campaigns.touches.operations.adding import add_up
from campaigns.touches.operations.entering import Entered, enter
from campaigns.touches.operations.following import follow_marks
from campaigns.touches.operations.gathering import gather
from campaigns.touches.operations.leaving import leave_ended, left_before_sending
from campaigns.touches.operations.moving import move_people
from campaigns.touches.operations.sweeping import sweep_touches
from campaigns.touches.operations.unsending import note_unsent
from campaigns.touches.operations.working import work_due

__all__ = [
    "Entered", "add_up", "enter", "follow_marks", "gather", "leave_ended", "left_before_sending",
    "move_people", "note_unsent", "sweep_touches", "work_due",
]  # fmt: skip
