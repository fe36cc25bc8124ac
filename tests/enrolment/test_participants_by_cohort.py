"""Instructors can filter participants by cohort."""

from __future__ import annotations

import pytest
from factories import grant, make_cohort, make_course, make_enrolment, make_person


@pytest.mark.parametrize("page", ["/teach/courses/pelatihan", "/teach/courses/pelatihan/gradebook"])
def test_one_cohorts_people_are_listed_and_another_courses_cohort_narrows_nothing(client, session, page):
    course = make_course("pelatihan", ({"slug": "kuis", "type": "quiz"},))
    grant(teacher := make_person(), "instructor", course=course)
    cohorts = [make_cohort(course), make_cohort(course)]
    for cohort, name in zip(cohorts, ("Orang Satu", "Orang Dua"), strict=True):
        make_enrolment(make_person(name=name), course, cohort=cohort)
    client.sign_in(teacher)

    def names(query: str) -> set[str]:
        shown = client.get(page + query).get_data(as_text=True)
        return {name for name in ("Orang Satu", "Orang Dua") if name in shown}

    assert names("") == {"Orang Satu", "Orang Dua"}
    assert names(f"?cohort={cohorts[0].id}") == {"Orang Satu"}
    assert names(f"?cohort={make_cohort().id}") == {"Orang Satu", "Orang Dua"}
    assert names("?cohort=x") == {"Orang Satu", "Orang Dua"}
