"""Attendance at live sessions: when they meet, who was there, and codes by which people check in themselves."""
