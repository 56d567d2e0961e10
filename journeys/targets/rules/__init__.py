"""What may be aimed at, how a whole is split, how far one is, which scorecards may be, and what
they pay."""
