"""The site's settings, the audit log, and what a person may do."""
