"""What a course asks people to have completed before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lms.core.hooks import Hook
from lms.courses import queries as courses

completed_courses: Hook[[Collection[int], Collection[str]], set[tuple[int, str]]] = Hook("completed_courses")
"""Of some people and courses (by their slugs), who has completed which."""


@dataclass(frozen=True)
class Prerequisite:
    slug: str
    title: str
    """The slug where the course is not published, so that its page does not exist."""
    is_published: bool
    is_met: bool


def prerequisites(person_id: int | None, course_id: int) -> list[Prerequisite]:
    """The courses that a course asks for, and which of them the person has completed; a visitor has none."""
    slugs = courses.prerequisites(course_id)
    if not slugs:
        return []
    met = completed_courses([person_id], slugs) if person_id is not None else set()
    titles = courses.titles(slugs)
    return [Prerequisite(slug, titles.get(slug, slug), slug in titles, (person_id, slug) in met) for slug in slugs]


def missing_prerequisites(person_ids: Collection[int], course_id: int) -> set[int]:
    """Those of the people who have not completed all that the course asks for."""
    slugs = courses.prerequisites(course_id)
    met = completed_courses(person_ids, slugs) if slugs and person_ids else set()
    return {one for one in person_ids if any((one, slug) not in met for slug in slugs)}
