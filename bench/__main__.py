"""Measure, print, and write ``bench/RESULTS.md``. ``--quick`` takes fewer people and shorter rounds."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench import offices, pages
from bench.figures import Figure, report
from bench.servers import ROOT, Site

PARTS = ["pages", "memory", "offices"]
RESULTS = ROOT / "bench" / "RESULTS.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the people, short rounds; writes no file")
    parser.add_argument("--only", choices=PARTS, help="one part of the figures; writes no file")
    given = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        large = _site(Path(folder) / "large", 500 if given.quick else 5000)
        seconds = 0.2 if given.quick else 0.5
        parts = [given.only] if given.only else PARTS
        if "pages" in parts:
            figures += pages.measure(large, seconds=seconds)
        if "memory" in parts:
            figures += pages.measure_memory(large, seconds=seconds)
        if "offices" in parts:
            small = _site(Path(folder) / "small", 100 if given.quick else 1000)
            figures += offices.measure([small, large])
    text = report(figures, pages.NOTES)
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
    return site


if __name__ == "__main__":
    sys.exit(main())
