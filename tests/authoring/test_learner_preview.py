"""A course as a participant finds it: which revision, on which day, by which cohort's dates; nothing is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as clock_time

import pytest
from authoring_factories import FILES, edit, publish_draft
from factories import NOON, make_cohort, make_person
from sqlalchemy import func, select

from lms.authoring.draft_contents import contents_of, readable_course, with_links_to
from lms.authoring.services import checking, creating, previewing, source
from lms.authoring.services.checking import check_draft
from lms.content.when import When
from lms.core.db import db
from lms.courses import queries as courses
from lms.enrolment.models import Cohort
from lms.journal.models import Event
from lms.learning.models import Progress

BASE = "/teach/courses/kecil/preview"


def test_the_contents_of_a_draft_are_those_of_the_revision_made_of_it(course):
    values = ["pass: 60", "opens: +3d 08:00", "after: [modul]", "weight: 100", "required: false", "purpose: pretest"]
    edit(course, "02-kuis.md", "pass: 60", "\n".join(values))
    draft = source(course.id)
    checked = check_draft("kecil", draft.texts)
    ours = contents_of(readable_course("kecil", checked.folder, checked.readable))
    theirs = courses.contents(publish_draft(course).revision.id)
    unlike = ("item_id", "item_revision_id", "minutes", "practice_minutes", "completes_by", "counts")
    for one, other in zip(ours.items, theirs.items, strict=True):
        assert {k: v for k, v in vars(one).items() if k not in unlike} == {
            k: v for k, v in vars(other).items() if k not in unlike
        }
        assert (one.completes_by, one.counts) == (other.completes_by, other.counts)
    assert ours.sections == theirs.sections


def test_links_to_items_lead_elsewhere_and_others_stay():
    html = '<a href="/courses/a/satu#x">1</a><a href="/courses/b/satu">2</a><a href="/courses/a">3</a>'
    assert with_links_to(html, "a", lambda item: f"/p/{item}?q") == (
        '<a href="/p/satu?q#x">1</a><a href="/courses/b/satu">2</a><a href="/courses/a">3</a>'
    )


@pytest.mark.parametrize(
    ("starts_on", "at", "opens_at"),
    [
        (date(2026, 12, 1), NOON, datetime(2026, 12, 2, 23, tzinfo=UTC)),
        (None, datetime(2027, 1, 5, tzinfo=UTC), datetime(2026, 11, 24, 23, tzinfo=UTC)),  # enrols today
        (None, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, 23, tzinfo=UTC)),  # or on that earlier day
    ],
)
def test_days_count_from_the_cohort_or_from_enrolling(session, starts_on, at, opens_at):
    cohort = Cohort(starts_on=starts_on, ends_on=None) if starts_on else None
    window = previewing.window_of_cohort(cohort, at=at, now=NOON, zone="Asia/Jayapura")
    assert window.moment(When(base="start", days=2, at=clock_time(8)), "opens") == opens_at


def test_the_draft_is_shown_with_its_locks_and_a_revision_as_it_was(client, teacher, course, time):
    edit(course, "02-kuis.md", "title: Kuis", "title: Kuis baru\nafter: [modul]")
    edit(course, "01-modul.md", "salah tik", "benar, lanjut ke [kuis](02-kuis.md),")
    db.session.commit()
    page = client.text(BASE)
    assert "Kuis baru" in page
    assert "Terbuka setelah: Modul satu" in page
    assert "Kuis baru" not in client.text(f"{BASE}?revision=1")
    item = client.text(f"{BASE}/modul")
    assert "benar, lanjut" in item
    assert f'href="{BASE}/kuis?revision=draft&amp;' in item
    assert "salah tik" in client.text(f"{BASE}/modul?revision=1")


def test_a_locked_item_says_what_the_participant_reads_and_opens_for_the_author(client, teacher, course, time):
    edit(course, "02-kuis.md", "pass: 60", "pass: 60\nopens: 2026-12-12 08:00\ncloses: 2026-12-20")
    db.session.commit()
    locked = client.text(f"{BASE}/kuis")
    assert "12 Desember 2026 pukul 08.00 WIT" in locked
    assert "Dua tambah dua?" not in locked
    assert "on=2026-12-12&amp;at=08:00" in locked.replace("%3A", ":")
    assert "Dua tambah dua?" in client.text(f"{BASE}/kuis?open=1")
    then = client.text(f"{BASE}/kuis?on=2026-12-12&at=08:00")
    assert "Dua tambah dua?" in then
    assert "Sudah ditutup" not in then
    assert "Sudah ditutup pada 20 Desember 2026" in client.text(f"{BASE}/kuis?on=2026-12-21")


def test_the_dates_are_those_of_the_chosen_cohort(client, teacher, course, time):
    cohort = make_cohort(course, name="Angkatan III", starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 31))
    page = client.text(f"{BASE}?cohort={cohort.id}")
    assert "Angkatan III" in page
    assert "Dibuka 5 Desember 2026" in page
    assert "Dibuka" not in client.text(f"{BASE}?cohort={cohort.id}&on=2026-12-05")
    assert "Dibuka" not in client.text(BASE)


@pytest.mark.parametrize(
    ("asked", "control"),
    [
        ("revision=99", "revision"),
        ("on=besok", "on"),
        ("at=pagi", "at"),
        ("cohort=99", "cohort"),
        ("on=1999-01-01", "on"),
    ],
)
def test_what_cannot_be_shown_is_named_at_its_field(client, teacher, course, asked, control):
    assert f'id="{control}-error"' in client.text(f"{BASE}?{asked}")


def test_a_key_is_not_shown_and_nothing_is_recorded(client, teacher, course, time):
    before = [db.session.scalar(select(func.count()).select_from(one)) for one in (Progress, Event)]
    page = client.text(f"{BASE}/kuis")
    assert "Dua tambah dua?" in page
    assert "kunci" not in page.partition("<main")[2].partition("</article>")[0].lower()
    client.text(f"{BASE}/modul")
    assert [db.session.scalar(select(func.count()).select_from(one)) for one in (Progress, Event)] == before


def test_what_has_faults_is_named_and_the_rest_is_shown(client, teacher, course):
    edit(course, "02-kuis.md", "pass: 60", "pass: enam")
    db.session.commit()
    page = client.text(BASE)
    assert "Modul satu" in page
    assert '/edit/02-kuis.md">' in page
    missing = client.get(f"{BASE}/kuis")
    assert missing.status_code == 404
    assert "Materi ini tidak ada" in missing.text


def test_a_text_that_cannot_be_rendered_says_so(client, teacher, course, monkeypatch):
    edit(course, "01-modul.md", "salah tik", "benar")
    db.session.commit()
    client.text(BASE)
    monkeypatch.setattr(checking, "PREVIEW_SECONDS", 0)
    assert "terlalu lama diolah" in client.text(f"{BASE}/modul")


def test_a_course_without_a_revision_is_previewed(client, session):
    author = make_person()
    creating.create_course("baru", FILES, actor_id=author.id, now=NOON)
    db.session.commit()
    client.sign_in(author)
    assert "Modul satu" in client.text("/teach/courses/baru/preview")


def test_the_pages_lead_there(client, teacher, course):
    for address in ("/teach/courses/kecil/edit", "/teach/courses/kecil/contents"):
        assert f'href="{BASE}"' in client.text(address)
    for address in ("/teach/courses/kecil/revisions", "/teach/courses/kecil/revisions/1"):
        assert f'href="{BASE}?revision=1"' in client.text(address)


def test_others_find_nothing(client, course):
    client.sign_in(make_person())
    assert client.get(BASE).status_code == 404
    assert client.get(f"{BASE}/modul").status_code == 404
