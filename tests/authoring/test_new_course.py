"""The page of a new course."""

from __future__ import annotations

import pytest
from authoring_factories import FILES, make_imported_course
from factories import NOON, grant, make_admin, make_course, make_person
from pages import csrf_token

from lms.authoring import policy, services
from lms.core import settings
from lms.core.db import db
from lms.courses import queries as courses
from lms.courses.models import Course

NEW = "/teach/courses/new"
BEGINS = {"outline": "outline", "copied": "copy"}
SAID = {"title": "Pelayanan di loket", "summary": "Melayani dengan tenang.", "begin": "usual", "competency": "teknis"}


@pytest.fixture
def teacher(client, session):
    person = make_person()
    grant(person, "instructor", course=make_imported_course())
    client.sign_in(person)
    return person


def begun(client, **values):
    token = csrf_token(client.text(NEW))
    return client.post(NEW, data=SAID | {"csrf_token": token} | values)


def test_an_instructor_begins_a_course_from_a_template(client, teacher):
    assert NEW in client.text("/teach")
    answer = begun(client, category="Pelayanan Publik", jp="3")
    assert answer.location == "/teach/courses/pelayanan-di-loket/edit"
    course = courses.course("pelayanan-di-loket")
    text = services.source(course.id).text("course.md")
    assert "category: pelayanan-publik\ncompetency: teknis\njp: 3" in text
    assert "Kuis materi pokok" in client.text(answer.location)
    assert client.get("/teach/courses/pelayanan-di-loket/publish").status_code == 200


def test_a_form_that_is_sent_twice_makes_one_course(client, teacher):
    first, second = begun(client), begun(client)
    assert first.location == second.location
    assert db.session.query(Course).filter(Course.slug.startswith("pelayanan")).count() == 1


def test_a_course_begins_with_ones_own_outline(client, teacher):
    begun(client, begin="outline", outline="Bab A:\r\nSatu\r\nKuis satu")
    paths = services.source(courses.course("pelayanan-di-loket").id).files
    assert set(paths) == {"course.md", "01-bab-a/index.md", "01-bab-a/01-satu.md", "01-bab-a/02-kuis-satu.md"}


def test_a_copy_has_the_files_of_the_other_course(client, teacher):
    begun(client, begin="copy", copied="kecil")
    found = services.source(courses.course("pelayanan-di-loket").id).data
    assert found | {"course.md": b""} == FILES | {"course.md": b""}
    cover = FILES["course.md"].replace(b"Kursus kecil", b"Pelayanan di loket")
    cover = cover.replace(b"Untuk dicoba.", b"Melayani dengan tenang.").replace(
        b"jp: 2\n", b"jp: 2\ncompetency: teknis\n"
    )
    assert found["course.md"] == cover


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"summary": ""}, {"begin": "x"}, {"begin": "outline"}, {"begin": "copy"}, {"jp": "dua"}],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, teacher, wrong):
    answer = begun(client, **wrong)
    assert answer.status_code == 422
    assert SAID["summary" if "title" in wrong else "title"] in answer.text
    assert db.session.query(Course).count() == 1


@pytest.mark.parametrize(
    ("other", "field"), [({"outline": "Bab A:\r\nSatu"}, "outline"), ({"copied": "kecil"}, "copied")]
)
def test_what_is_filled_in_beside_another_beginning_is_asked_about_and_never_dropped(client, teacher, other, field):
    answer = begun(client, begin="usual", **other)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert db.session.query(Course).count() == 1
    assert begun(client, begin=BEGINS[field], **other).status_code == 302


def test_a_field_of_one_beginning_stands_below_it_and_is_not_called_optional(client, teacher):
    page = client.text(NEW)
    for field, begin in BEGINS.items():
        below = page.partition(f'value="{begin}"')[2].partition("</label>")[2].lstrip()
        assert below.startswith('<div class="only">')
        assert f'id="{field}"' in below.partition("</div>\n")[0]
        assert "field__optional" not in below.partition("</div>\n")[0]


def test_only_a_course_that_one_teaches_is_copied(client, teacher):
    make_course("lain")
    assert begun(client, begin="copy", copied="lain").status_code == 422


def test_where_the_site_says_so_an_admin_begins_courses(client, teacher):
    settings.change(policy.INSTRUCTORS_BEGIN, policy.REFUSED, actor_id=None, now=NOON)
    db.session.commit()
    assert client.get(NEW).status_code == 403
    assert NEW not in client.text("/teach")
    admin = make_admin()
    client.sign_in(admin)
    assert NEW in client.text("/admin/courses")
    assert begun(client).status_code == 302
    db.session.expire_all()
    assert courses.course("pelayanan-di-loket").id in admin.taught_course_ids


def test_before_the_first_publication_pages_name_the_course_by_its_title_and_claim_nothing_published(client, teacher):
    begun(client, begin="outline", outline="Satu\nKuis satu")
    base = "/teach/courses/pelayanan-di-loket"
    pages = ("questions/02-kuis-satu.md", "import-questions/02-kuis-satu.md", "files", "publish", "settings/01-satu.md")
    for page in pages:
        assert "Sunting: Pelayanan di loket" in client.text(f"{base}/{page}"), page
    page = client.text(f"{base}/edit/01-satu.md")
    assert "Belum diubah" in page
    assert "Sama dengan yang terbit" not in page
    assert "Sama dengan yang terbit" in client.text("/teach/courses/kecil/edit/01-modul.md")
