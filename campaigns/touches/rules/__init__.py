"""Rules of touch plans: how a due step is judged."""
