"""Persons, units, placements and roles."""
