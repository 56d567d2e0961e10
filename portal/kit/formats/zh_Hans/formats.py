"""Django writes Chinese numbers without separators; banks write 12,345.67."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
