"""Courses that must be completed before another one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lms.core.hooks import Hook
from lms.courses import queries as courses

completed_courses: Hook[[Collection[int], Collection[str]], set[tuple[int, str]]] = Hook("completed_courses")
"""(person ids, course slugs) -> the pairs of person id and slug that are completed."""


@dataclass(frozen=True)
class Prerequisite:
    slug: str
    title: str
    """The slug if the course is not published; it has no page then."""
    is_published: bool
    is_met: bool


def prerequisites(person_id: int | None, slugs: Collection[str]) -> list[Prerequisite]:
    """The courses of these slugs, and which of them the person has completed. Visitors have completed none."""
    if not slugs:
        return []
    met = completed_courses([person_id], slugs) if person_id is not None else set()
    titles = courses.titles(slugs)
    return [Prerequisite(slug, titles.get(slug, slug), slug in titles, (person_id, slug) in met) for slug in slugs]


def missing_prerequisites(person_ids: Collection[int], course_id: int) -> set[int]:
    """Ids of the people who have not completed all prerequisites of the course."""
    slugs = courses.prerequisites(course_id)
    met = completed_courses(person_ids, slugs) if slugs and person_ids else set()
    return {one for one in person_ids if any((one, slug) not in met for slug in slugs)}
