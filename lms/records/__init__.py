"""Completion records and their certificates: numbered, printed, verified, revoked."""
