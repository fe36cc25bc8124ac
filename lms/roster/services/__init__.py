"""Services for imports, exports and the retention of lists."""
