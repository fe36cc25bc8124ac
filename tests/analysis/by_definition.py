"""Statistics of a made-up quiz, straight from the definitions: shares no code with the application.

The definitions are those of "Quiz statistics calculations" in Moodle's documentation for developers, with s attempts,
p questions and standard deviations by s - 1. Run it to see the figures:

    python tests/analysis/by_definition.py
"""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from statistics import median

ATTEMPTS = 200
POINTS = [1, 1, 2, 1, 4, 3, 1, 1, 2, 1, 1, Fraction(1, 2)]
"""The last question has the wrong key, the one before is never answered rightly, the third before by everybody."""
PARTS = [0, Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), 1]


def made_up() -> list[list[Fraction]]:
    """The points of each attempt at each question; the same in each run."""
    rng = random.Random(20261129)
    table = []
    for _ in range(ATTEMPTS):
        ability = rng.gauss(0, 1)
        row = []
        for number, points in enumerate(POINTS):
            likely = 1 / (1 + math.exp((number - 5) / 3 - ability))
            if number in (2, 5, 8):  # partial credit
                share = PARTS[min(4, int(5 * (likely + rng.random()) / 2))]
            else:
                share = int(rng.random() < likely)
            if number == 9:
                share = 1
            if number == 10:
                share = 0
            if number == 11:
                share = 1 - share
            row.append(Fraction(share) * points)
        table.append(row)
    return table


def average(values):
    return Fraction(sum(values)) / len(values)


def variance(values):
    middle = average(values)
    return sum((value - middle) ** 2 for value in values) / Fraction(len(values) - 1)


def covariance(left, right):
    one, other = average(left), average(right)
    return sum((a - one) * (b - other) for a, b in zip(left, right, strict=True)) / Fraction(len(left) - 1)


def whole_quiz(table):
    s, p, most = len(table), len(POINTS), sum(Fraction(one) for one in POINTS)
    scores = [sum(row) for row in table]
    middle = average(scores)
    m2, m3, m4 = (sum((score - middle) ** power for score in scores) / s for power in (2, 3, 4))
    k2 = Fraction(s, s - 1) * m2
    k3 = Fraction(s * s, (s - 1) * (s - 2)) * m3
    k4 = Fraction(s * s, (s - 1) * (s - 2) * (s - 3)) * ((s + 1) * m4 - 3 * (s - 1) * m2**2)
    within = sum(variance([row[i] for row in table]) for i in range(p))
    alpha = 100 * Fraction(p, p - 1) * (1 - within / k2)
    error_ratio = 100 * math.sqrt(1 - alpha / 100)
    deviation = math.sqrt(k2)
    return {
        "mean": 100 * middle / most,
        "median": 100 * median(scores) / most,
        "deviation": 100 * deviation / most,
        "skewness": float(k3) / float(k2) ** 1.5,
        "kurtosis": k4 / k2**2,
        "alpha": alpha,
        "error_ratio": error_ratio,
        "standard_error": 100 * error_ratio * deviation / 100 / most,
    }


def questions(table):
    most = sum(Fraction(one) for one in POINTS)
    scores = [sum(row) for row in table]
    columns = [[row[i] for row in table] for i in range(len(POINTS))]
    with_total = [covariance(column, scores) for column in columns]
    roots = sum(math.sqrt(one) for one in with_total if one > 0)
    found = []
    for i, (column, points) in enumerate(zip(columns, POINTS, strict=True)):
        rest = [score - mark for score, mark in zip(scores, column, strict=True)]
        spread = variance(column) * variance(rest)
        largest = covariance(sorted(column), sorted(rest))
        found.append(
            {
                "facility": 100 * average(column) / points,
                "deviation": 100 * math.sqrt(variance(column)) / points,
                "discrimination": 100 * covariance(column, rest) / math.sqrt(spread) if spread else None,
                "efficiency": 100 * covariance(column, rest) / largest if largest else None,
                "intended_weight": 100 * points / most,
                "effective_weight": 100 * math.sqrt(with_total[i]) / roots if with_total[i] >= 0 else None,
            }
        )
    return found


def rounded(values):
    return {name: None if value is None else f"{float(value):.4f}" for name, value in values.items()}


if __name__ == "__main__":
    made = made_up()
    print(json.dumps({"quiz": rounded(whole_quiz(made)), "questions": list(map(rounded, questions(made)))}, indent=1))
