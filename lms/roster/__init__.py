"""People in bulk: imports, exports, and printed slips with one-time codes."""
