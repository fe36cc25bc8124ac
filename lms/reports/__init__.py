"""Boards of people's progress for admins and heads, yearly reports, and both as files."""
