"""What other systems bring: files of leads, and the door of the telephone system."""

from journeys.telemarketing.intake import telephone
from journeys.telemarketing.intake.files import APPLICATIONS, LEADS

__all__ = ["APPLICATIONS", "LEADS", "telephone"]
