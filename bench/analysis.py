"""Item analysis of a large quiz: answers read from SQLite, all statistics of questions, answers and scores.

It runs in a child process, whose memory is measured alone. Seconds are those of the CPU; the limit is reading the same
rows and nothing else.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from random import Random

from bench.figures import Figure
from lms.analysis.marks import GivenAnswer
from lms.analysis.quiz_analysis import analysed, marked_attempt
from lms.content.items.quiz import Quiz
from lms.content.questions.choice import Choice, Option
from lms.content.text import Text
from lms.core import isolated

QUESTIONS, ATTEMPTS = 50, 5_000
SECONDS, MEGABYTES = 1.0, 200


def measure(*, scale: float = 1) -> list[Figure]:
    attempts = int(ATTEMPTS * scale)
    print(f"statistics of {QUESTIONS} questions x {attempts} attempts ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="lms-bench-") as folder:
        path = str(Path(folder) / "answers.sqlite")
        _fill(path, attempts)
        reading, seconds, memory = isolated.run(_measured, path, attempts, seconds=600, megabytes=4096)
    what = f"statistics of {QUESTIONS} questions × {attempts} attempts"
    return [
        Figure(
            what,
            f"{seconds:.2f} s",
            f"{reading:.2f} s to read the answers",
            seconds / reading,
            f"{SECONDS:.0f} s",
            seconds <= SECONDS,
        ),
        Figure(f"memory of {what}", f"{memory:.0f} MiB", aim=f"{MEGABYTES} MiB", is_met=memory <= MEGABYTES),
    ]


def _quiz() -> Quiz:
    options = tuple(Option(id, Text("", html=f"Pilihan {id}"), id == "a") for id in "abcd")
    stem = Text("", html="Bunyi soal")
    asked = (Choice(id=f"q{n}", title=f"Soal {n}", stem=stem, options=options) for n in range(QUESTIONS))
    return Quiz(slug="kuis", title="Kuis", questions=tuple(asked))


def _fill(path: str, attempts: int) -> None:
    rng = Random(1)  # noqa: S311 - made-up answers
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE answer (attempt_id INTEGER, question TEXT, cents INTEGER, response TEXT)")
        for attempt in range(attempts):
            ability = rng.random()
            picked = ["a" if rng.random() < ability else rng.choice("bcd") for _ in range(QUESTIONS)]
            rows = [
                (attempt, f"q{n}", 100 * (one == "a"), json.dumps({"picked": [one]})) for n, one in enumerate(picked)
            ]
            database.executemany("INSERT INTO answer VALUES (?, ?, ?, ?)", rows)


def _measured(path: str, attempts: int) -> tuple[float, float, float]:
    """CPU seconds of reading alone and of everything, and MiB at most."""
    quiz = _quiz()
    assert quiz.questions[0].guess_score == Fraction(1, 4)
    before = time.process_time()
    assert sum(1 for _ in _read(path)) == attempts * QUESTIONS
    reading = time.process_time() - before
    before = time.process_time()
    model = marked_attempt(0, 1, quiz, None)
    found = analysed(quiz, {1: quiz}, [model._replace(id=id) for id in range(attempts)], _read(path))
    seconds = time.process_time() - before
    assert found.count == attempts
    return reading, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _read(path: str) -> Iterator[GivenAnswer]:
    with closing(sqlite3.connect(path)) as database:
        yield from map(tuple, database.execute("SELECT attempt_id, question, cents, response FROM answer"))
