"""People in bulk: lists of people, and slips with one-time codes."""
