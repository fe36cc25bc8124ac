"""Notifying people, reminders, the outbox, and the settings they use."""
