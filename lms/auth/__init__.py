"""Signing in: passwords, one-time codes, devices."""
