"""Measure, print, and write ``bench/RESULTS.md``. ``--quick`` takes fewer people and shorter rounds."""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bench import analysis, burst, courses, holds, offices, pages, quiz, restores, teaching
from bench.figures import Figure, report
from bench.servers import ROOT, Site

PARTS = ["pages", "quiz", "burst", "memory", "offices", "restores", "courses", "analysis", "teaching", "holds"]
RESULTS = ROOT / "bench" / "RESULTS.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the people, short rounds; writes no file")
    parser.add_argument("--only", choices=PARTS, help="one part of the figures; writes no file")
    given = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        large = None
        if given.only != "analysis":
            large = _site(Path(folder) / "large", 500 if given.quick else 5000)
        seconds = 0.2 if given.quick else 0.5
        parts = [given.only] if given.only else PARTS
        if "pages" in parts:
            figures += pages.measure(large, seconds=seconds)
        if "quiz" in parts:
            figures += quiz.measure(large)
        if "burst" in parts:
            figures += burst.measure(large, quick=given.quick)
        if "memory" in parts:
            figures += pages.measure_memory(large, seconds=seconds)
        if "offices" in parts:
            small = _site(Path(folder) / "small", 100 if given.quick else 1000)
            huge = [] if given.quick else [_site(Path(folder) / "huge", 50_000)]
            figures += offices.measure([small, large, *huge])
        if "restores" in parts:
            figures += restores.measure(large)
        if "courses" in parts:
            figures += courses.measure(large, scale=0.1 if given.quick else 1)
        if "analysis" in parts:
            figures += analysis.measure(scale=0.1 if given.quick else 1)
        if "teaching" in parts:
            figures += teaching.measure(large, scale=0.1 if given.quick else 1)
        if "holds" in parts:  # last, since it changes the site
            figures += holds.measure(large, scale=0.1 if given.quick else 1)
    text = report(figures, pages.NOTES + quiz.NOTES)
    print(text)
    if not given.quick and not given.only:
        RESULTS.write_text(text)
    return 0


def _site(folder: Path, people: int) -> Site:
    (folder / "instance").mkdir(parents=True)
    site = Site(folder)
    print(f"making {people} people with a year of history ...", file=sys.stderr)
    done = site.run("synth", "--people", str(people), "--courses", "12")
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    _let_daily_jobs_finish(site, timeout=120 + people / 25)
    return site


def _let_daily_jobs_finish(site: Site, timeout: float) -> None:
    """The first server of a site makes its backup; it would fall into what is measured first.

    ``timeout`` in seconds: for 5,000 people the jobs take half a minute on an idle machine.
    """
    server, end = site.serve(1), time.monotonic() + timeout
    try:
        while time.monotonic() < end:
            with closing(sqlite3.connect(site.database)) as database:
                [left] = database.execute(_UNFINISHED).fetchone()
            if not left:
                return
            time.sleep(0.5)
        raise RuntimeError("the daily jobs do not finish")
    finally:
        server.stop()


_UNFINISHED = """
    SELECT 2 - count(*) FROM job_lease
    WHERE name IN ('back up daily', 'check the evidence daily') AND last_finished_at IS NOT NULL
"""


if __name__ == "__main__":
    sys.exit(main())
