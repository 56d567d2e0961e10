"""The guard of every view, the scope of every list, and the limits of every session."""

from portal.staff.access.guard import Scope, View, requires, scope_of, staff_of

__all__ = ["Scope", "View", "requires", "scope_of", "staff_of"]
