"""What people did, as events that are never edited. This package does not know what they mean."""
