"""People, units, roles and signing in. Must not know what they learn."""
