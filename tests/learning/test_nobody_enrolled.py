"""A course in which nobody is yet: its instructor reads how people get in."""

from __future__ import annotations

from factories import grant, make_cohort, make_course, make_person


def test_of_a_course_by_list_it_says_who_adds_people_and_leads_to_the_cohort(client, session):
    course = make_course("pelatihan")
    cohort = make_cohort(course, name="Angkatan I")
    grant(person := make_person(), "instructor", course=course)
    page = client.sign_in(person).text("/teach/courses/pelatihan")
    assert f'href="/admin/cohorts/{cohort.id}"' in page.partition('class="empty"')[2]
    assert "/courses/pelatihan</a>" not in page


def test_of_an_open_course_it_gives_the_address_to_share(client, session, app):
    course = make_course("pelatihan")
    make_cohort(course, name="", starts_on=None, ends_on=None, is_open=True)
    grant(person := make_person(), "instructor", course=course)
    page = client.sign_in(person).text("/teach/courses/pelatihan")
    assert f"{app.config['BASE_URL']}/courses/pelatihan</a>" in page
