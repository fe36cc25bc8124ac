"""Looking after the site: backups and restoring, the doctor, what a monitor reads. Knows tables, not their meaning."""
