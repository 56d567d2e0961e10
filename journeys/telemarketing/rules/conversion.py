"""Which applications count for a lead."""

# So many days after a lead was collected, or called last, an application counts for it.
WITHIN_DAYS = 90
