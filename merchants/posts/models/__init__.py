"""The tables of posts."""

from merchants.posts.models.people import PostAbsence, StaffQualification
from merchants.posts.models.places import Post, PostCost, PostRule
from merchants.posts.models.shifts import Attendance, Shift, ShiftCount, ShiftTask

__all__ = [
    "Attendance", "Post", "PostAbsence", "PostCost", "PostRule", "Shift", "ShiftCount",
    "ShiftTask", "StaffQualification",
]  # fmt: skip
