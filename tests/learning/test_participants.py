"""The participants of a course, as whoever looks after it sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from factories import NOON, grant, make_admin, make_course, make_enrolment, make_person

from lms.core import clock
from lms.core.i18n import to_site_time
from lms.learning.models import EnrolmentState

PAGE = "/teach/courses/kecil"


@pytest.fixture
def course(session):
    return make_course("kecil", title="Kursus kecil")


@pytest.mark.parametrize(
    ("progress", "days_left", "words"),
    [
        (None, None, "belum mulai"),
        ("in-progress", None, "▸ sedang berjalan"),
        ("in-progress", 3, "◷ mendekati tenggat"),
        ("in-progress", -1, "✗ lewat tenggat"),
        ("waiting", -1, "◷ menunggu penilaian"),
        ("failed", None, "✗ tidak lulus"),
        ("finished", -1, "✓ selesai"),
    ],
)
def test_the_state_is_said_in_the_words_of_the_board(client, course, session, app, progress, days_left, words):
    with app.app_context():
        today = to_site_time(clock.now()).date()
    due_on = None if days_left is None else today + timedelta(days=days_left)
    enrolment = make_enrolment(course=course, due_on=due_on)
    if progress:
        session.add(EnrolmentState(enrolment_id=enrolment.id, state=progress, done=1, needed=2, touched_at=NOON))
    assert f">{words}</span>" in client.sign_in(make_admin()).text(PAGE)


def test_the_way_back_leads_to_where_one_came_from(client, course, app):
    """An instructor's own courses; an admin who teaches nothing has none."""
    grant(teacher := make_person(), "instructor", course=course)
    for path in (PAGE, f"{PAGE}/gradebook", f"{PAGE}/completions"):
        mine = client.sign_in(teacher).text(path)
        assert 'trail"><a href="/teach">' in mine
        office = app.test_client().sign_in(make_admin())
        assert 'trail"><a href="/admin/courses/kecil">' in office.text(path)
