"""The pages of active and sleeping cards."""
