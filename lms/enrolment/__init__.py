"""Cohorts, and who takes which course until when. Must not know how they fare."""
