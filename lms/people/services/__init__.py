"""People, units, placements and roles: what changes them."""
