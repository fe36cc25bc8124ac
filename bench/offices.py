"""What managers do: boards and reports of many people, imports, large files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from bench import asked, visits
from bench.figures import Figure
from bench.servers import Site
from lms.synth.services import AGENCY

BOARD_QUERIES = 10
IMPORT_SECONDS = 30
XLSX_ROWS = 1_000, 100_000
XLSX_MORE_MIB = 16
"""Memory counts as constant if the larger file takes at most this much more than the smaller one."""
PAGES = {
    "board": "/admin/board",
    "report": "/admin/reports",
    "admin home": "/admin",
    "certificates": "/admin/certificates",
    "late page of certificates": "/admin/certificates?page=900",
    "cohorts": "/admin/cohorts",
    "people": "/admin/people",
    "people found by a word": "/admin/people?q=Maria",
    "activity log": "/admin/audit",
}
CPU_MS = {"board": 25, "report": 20}
"""Aims at 1,000 people."""
MOST_CPU_MS = 100
"""The aim of each page at any number of people."""


def measure(sites: Sequence[Site]) -> list[Figure]:
    """``sites`` by size; the last but one is imported into an empty site."""
    figures = [figure for site in sites for figure in _pages(site)]
    return [*figures, _import(sites[-2] if len(sites) > 2 else sites[-1]), *_xlsx()]


def _pages(site: Site) -> list[Figure]:
    people, found = _people(site), asked.looks(site, visits.admin(site).cookie, PAGES)
    return [_page_figure(name, look, people) for name, look in found.items() if look.status == 200]


def _people(site: Site) -> int:
    with closing(sqlite3.connect(site.database)) as database:
        return int(database.execute("SELECT count(*) FROM person").fetchone()[0])


def _page_figure(name: str, look: asked.Look, people: int) -> Figure:
    words = f"CPU {look.cpu_milliseconds:.0f} ms, {look.statements} queries"
    most = CPU_MS.get(name, MOST_CPU_MS) if people <= 1000 else MOST_CPU_MS
    is_met, aim = look.cpu_milliseconds <= most, f"CPU {most} ms"
    if name == "board":
        is_met, aim = is_met and look.statements <= BOARD_QUERIES, f"{aim}, {BOARD_QUERIES} queries"
    return Figure(f"{name}, {people} people", words, aim=aim, is_met=is_met)


def _import(site: Site) -> Figure:
    """The people of a site, exported to a file and imported into an empty site."""
    print("import ...", file=sys.stderr)
    file, empty = site.folder / "people.xlsx", Site(site.folder / "empty")
    (empty.folder / "instance").mkdir(parents=True)
    _done(site.run("people", "export", str(file)))
    _done(empty.run("init"))
    with closing(sqlite3.connect(empty.database)) as database, database:
        database.execute("INSERT INTO unit (name, kind) VALUES (?, 'instansi')", (AGENCY,))
    before = time.perf_counter()
    _done(empty.run("people", "import", str(file), "--create-units-under", AGENCY))
    seconds, people = time.perf_counter() - before, _people(empty)
    aim = f"{IMPORT_SECONDS} s"
    return Figure(f"import of {people} people", f"{seconds:.1f} s", aim=aim, is_met=seconds <= IMPORT_SECONDS)


def _done(command: subprocess.CompletedProcess[str]) -> None:
    if command.returncode:
        raise SystemExit(command.stdout + command.stderr)


def _xlsx() -> list[Figure]:
    """Written in new processes, so that each has its own peak of memory."""
    print("XLSX ...", file=sys.stderr)
    (_, few), (seconds, many) = (_in_a_process(rows) for rows in XLSX_ROWS)
    words = f"{seconds:.1f} s, {many:.0f} MiB while writing ({few:.0f} MiB for {XLSX_ROWS[0]} rows)"
    aim = f"at most {XLSX_MORE_MIB} MiB more"
    return [Figure(f"XLSX of {XLSX_ROWS[1]} rows", words, aim=aim, is_met=many - few <= XLSX_MORE_MIB)]


def _in_a_process(rows: int) -> tuple[float, float]:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_write, (rows,))


def _write(rows: int) -> tuple[float, float]:
    """Seconds, and the rise of memory in MiB."""
    from lms.lib.tables import Column, Sheet, write_xlsx

    columns = [Column("NIP", "text"), Column("Nama", "text"), Column("Nilai", "number"), Column("JP", "number")]
    lines = (
        (f"{1990 * 10**14 + number:018}", f"Peserta {number}", number % 101, number % 20) for number in range(rows)
    )
    Path("/proc/self/clear_refs").write_text("5")  # the highest mark is taken from now on
    start, before = _memory("VmRSS"), time.perf_counter()
    with Path("/dev/null").open("wb") as out:
        write_xlsx(out, Sheet("Peserta", columns, lines))
    return time.perf_counter() - before, _memory("VmHWM") - start


def _memory(name: str) -> float:
    """The memory of this process in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:"))) / 1024
