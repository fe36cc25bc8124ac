"""Making backups, restoring them, and looking after the server, a module per deed."""
