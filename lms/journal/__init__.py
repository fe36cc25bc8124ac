"""What people did, as events that are never edited. Must not know what the events mean."""
