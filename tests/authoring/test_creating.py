"""A course that is begun on the site: written, published for the first time, or deleted before anybody saw it."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from authoring_factories import FILES, edit, publish_draft
from factories import NOON, grant, make_admin, make_person
from pages import csrf_token
from sqlalchemy import event, select

from lms.authoring import services
from lms.authoring.models import CourseDraft, CourseDraftFile, CourseRepository
from lms.authoring.services import DraftChanged, creating, git, repository
from lms.authoring.services.creating import AddressTaken, CourseInUse, NoAddress
from lms.comments import services as comments
from lms.comments.models import SavedComment
from lms.core.db import db
from lms.core.ledger import LedgerEntry
from lms.courses import services as importing
from lms.courses.models import Course, CourseRevision
from lms.enrolment import queries as enrolments
from lms.enrolment import services as enrolling
from lms.people.models import RoleGrant

BASE = "/teach/courses/kecil"


@pytest.fixture
def author(session):
    return make_person(name="Pengarang Satu")


@pytest.fixture
def course(author):
    return creating.create_course("kecil", FILES, actor_id=author.id, now=NOON)


def deleted(course, author, state=None):
    state = state or services.source(course.id).state
    creating.delete_course(course.id, state, actor_id=author.id, now=NOON)


def test_the_author_teaches_the_course_and_its_files_are_a_draft(author, course):
    source = services.source(course.id)
    assert (source.is_draft, source.revision_id, source.data) == (True, None, FILES)
    assert source.files["media/alur.svg"].key
    assert author.taught_course_ids == {course.id}
    verbs = db.session.scalars(select(LedgerEntry.verb).order_by(LedgerEntry.id)).all()
    assert verbs == ["begin course", "grant role"]
    assert course.revision is None


@pytest.mark.parametrize("slug", ["kecil", "new", "import"])
def test_a_taken_address_is_refused(author, course, slug):
    with pytest.raises(AddressTaken):
        creating.create_course(slug, FILES, actor_id=author.id, now=NOON)
    assert db.session.query(CourseDraft).count() == 1


@pytest.mark.parametrize("slug", ["", "Kursus", "a b", "../a", "a" * 81])
def test_what_cannot_be_an_address_is_refused(author, slug):
    with pytest.raises(NoAddress):
        creating.create_course(slug, FILES, actor_id=author.id, now=NOON)


def test_a_free_address_is_made_of_the_title(course):
    assert creating.free_slug("Kecil") == "kecil-2"
    assert creating.free_slug("Pelayanan Publik!") == "pelayanan-publik"
    assert creating.free_slug("学") == "kursus"
    assert creating.free_slug("New") == "new-2"


def test_it_is_edited_and_published_as_revision_1(author, course):
    edit(course, "01-modul.md", "salah tik", "benar", actor_id=author.id)
    done = publish_draft(course, actor_id=author.id)
    assert (done.revision.number, done.revision.is_current) == (1, True)
    assert not services.source(course.id).is_draft
    db.session.refresh(course)
    edit(course, "01-modul.md", "benar", "lebih benar", actor_id=author.id)
    assert services.source(course.id).revision_id == done.revision.id


def test_deleting_leaves_nothing_but_the_ledger(author, course):
    deleted(course, author)
    for model in (Course, CourseDraft, CourseDraftFile, RoleGrant):
        assert not db.session.query(model).count()
    assert db.session.scalars(select(LedgerEntry.verb).order_by(LedgerEntry.id.desc())).first() == "delete course"


ONLY_ONCE_PUBLISHED = {"item", "enrolment", "record", "record_batch", "announcement", "inquiry"}
"""Tables that refer to a course, with rows only for one that has had a revision, which is never deleted."""


def test_deleting_looks_at_each_table_that_refers_to_a_course(author, course):
    touched = set()

    def note(_connection, _cursor, statement, *_rest):
        touched.update(re.findall(r"(?:FROM|UPDATE) (\w+)", statement))

    event.listen(db.engine, "before_cursor_execute", note)
    deleted(course, author)
    event.remove(db.engine, "before_cursor_execute", note)
    refer = {table.name for table in db.metadata.tables.values() for key in table.foreign_keys if is_to_course(key)}
    assert refer - touched == ONLY_ONCE_PUBLISHED


def is_to_course(key):
    return key.column.table.name == "course"


def test_a_course_that_is_bound_to_a_repository_is_deleted(author, course):
    repository.bind(course, git.Remote("https://git.example.go.id/kursus.git", "main", ""), now=NOON)
    deleted(course, author)
    assert not db.session.query(CourseRepository).count()


def test_comments_saved_for_a_deleted_course_are_offered_in_all(author, course):
    for text, course_id in (("Sebutkan dasarnya.", course.id), ("Bagus.", course.id), ("Bagus.", None)):
        comments.keep_comment(text, course_id, person_id=author.id, now=NOON)
    deleted(course, author)
    kept = db.session.query(SavedComment).order_by(SavedComment.id)
    assert [(one.text, one.course_id) for one in kept] == [("Sebutkan dasarnya.", None), ("Bagus.", None)]


def test_what_nobody_looked_at_is_not_deleted(author, course):
    state = services.source(course.id).state
    edit(course, "01-modul.md", "salah tik", "benar")
    with pytest.raises(DraftChanged):
        deleted(course, author, state)
    assert services.source(course.id).is_draft


def test_a_course_with_a_revision_or_a_cohort_is_not_deleted(author, course):
    enrolling.undated_cohort(course, now=NOON)
    with pytest.raises(CourseInUse):
        deleted(course, author)


def test_a_course_that_was_imported_meanwhile_is_not_deleted(author, course):
    importing.import_course("kecil", FILES, actor_id=None, now=NOON)
    with pytest.raises(CourseInUse):
        deleted(course, author)


def test_saving_into_a_course_that_was_deleted_is_refused(author, course):
    draft = services.with_texts(services.source(course.id))
    course_id, base = course.id, draft.files["01-modul.md"].sha256
    deleted(course, author)
    with pytest.raises(DraftChanged):
        services.save(draft, course_id, "01-modul.md", "x", base, actor_id=author.id, now=NOON)


# The pages


@pytest.fixture
def writer(client, author, course):
    client.sign_in(author)
    return client


def hidden(page: str) -> dict[str, str]:
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.partition("<main")[2]))
    return found | {"csrf_token": csrf_token(page)}


def test_all_pages_of_the_editor_work_without_a_revision(writer):
    assert "Kursus kecil" in writer.text("/teach")
    page = writer.text(f"{BASE}/edit")
    assert "Kursus kecil" in page
    assert "Modul satu" in page
    assert "Kalimat dengan salah tik" in writer.text(f"{BASE}/edit/01-modul.md")
    assert writer.get(f"{BASE}/revisions").status_code == 200
    with zipfile.ZipFile(io.BytesIO(writer.get(f"{BASE}/draft.zip").data)) as archive:
        assert {name.removeprefix("kecil/"): archive.read(name) for name in archive.namelist()} == FILES


def test_others_do_not_find_it(client, course):
    client.sign_in(make_person())
    for path in ("/edit", "/publish", "/discard", "/draft.zip"):
        assert client.get(BASE + path).status_code == 404
    assert client.get("/courses/kecil").status_code == 404
    other = make_person()
    grant(other, "admin")
    client.sign_in(other)
    assert client.get(f"{BASE}/edit").status_code == 200


def test_the_first_publication_opens_the_course(writer, course):
    page = writer.text(f"{BASE}/publish")
    assert "Modul satu" in page
    answer = writer.post(f"{BASE}/publish", data=hidden(page) | {"enrolment": "open"})
    assert answer.location == f"{BASE}/edit"
    assert db.session.query(CourseRevision).one().is_current
    assert enrolments.undated_cohort(course.id).is_open
    assert writer.get("/courses/kecil").status_code == 200
    writer.post(f"{BASE}/publish", data=hidden(page) | {"enrolment": "open"})
    assert db.session.query(CourseRevision).count() == 1


def test_the_first_publication_may_leave_it_to_an_admin(writer, course):
    writer.post(f"{BASE}/publish", data=hidden(writer.text(f"{BASE}/publish")) | {"enrolment": "list"})
    assert enrolments.undated_cohort(course.id) is None
    assert db.session.query(CourseRevision).one().is_current


def test_a_first_publication_of_another_draft_is_refused(writer, course):
    page = writer.text(f"{BASE}/publish")
    edit(course, "01-modul.md", "salah tik", "benar")
    db.session.commit()
    answer = writer.post(f"{BASE}/publish", data=hidden(page) | {"enrolment": "open"})
    assert answer.status_code == 409
    assert not db.session.query(CourseRevision).count()


def test_faults_block_the_first_publication(writer, course):
    edit(course, "01-modul.md", "jp: 2", "jp: dua")
    db.session.commit()
    assert "Belum dapat diterbitkan" in writer.text(f"{BASE}/publish")


def test_deleting_says_what_is_lost_first(writer, course):
    page = writer.text(f"{BASE}/discard")
    assert "Modul satu" in page
    stale = hidden(page) | {"state": "x"}
    assert writer.post(f"{BASE}/discard", data=stale).location == f"{BASE}/discard"
    assert writer.post(f"{BASE}/discard", data=hidden(page)).status_code == 302
    assert not db.session.query(Course).count()
    assert writer.get(f"{BASE}/edit").status_code == 404


def test_an_admin_who_does_not_teach_it_may_delete_it(client, course):
    client.sign_in(make_admin())
    answer = client.post(f"{BASE}/discard", data=hidden(client.text(f"{BASE}/discard")))
    assert answer.location == "/admin/courses"


def test_a_draft_that_an_import_overtook_is_looked_at_as_another_revision(writer, course):
    edit(course, "01-modul.md", "salah tik", "benar")
    revision = importing.import_course("kecil", FILES, actor_id=None, now=NOON).revision
    importing.publish(revision, actor_id=None, now=NOON)
    db.session.commit()
    page = writer.text(f"{BASE}/publish")
    assert "benar" in page
    assert writer.post(f"{BASE}/publish", data=hidden(page)).location == f"{BASE}/revisions"


def test_the_author_adds_a_colleague_until_it_is_published(writer, course):
    colleague, path = make_person(name="Rekan Dua"), f"{BASE}/teachers"
    assert path in writer.text(f"{BASE}/publish")
    answer = writer.post_form(path, login="123")
    assert answer.status_code == 422
    assert writer.post_form(path, login=colleague.nip).status_code == 302
    db.session.expire_all()
    assert course.id in colleague.taught_course_ids
    assert "Rekan Dua" in writer.text(path)
    publish_draft(course)
    db.session.commit()
    assert writer.get(path).status_code == 404
