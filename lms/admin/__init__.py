"""Site settings, the activity log, and the rights of people."""
