"""What is searched is folded and kept up, whoever writes the row; what is stored is composed."""

from __future__ import annotations

import pytest
from factories import NOON, make_cohort, make_course, make_person, make_unit
from sqlalchemy import insert, select, update

from lms.core.db import db
from lms.core.search_text import MAX_LENGTH
from lms.courses.models import CourseRevision
from lms.enrolment.jobs import renew_searched
from lms.enrolment.models import Cohort
from lms.people.models import Person, Placement, Unit, UnitVersion

MARUF = {"name": "Ma’ruf Al-Amîn", "title_before": "Dr.", "title_after": "S.Sos.,M.Si.", "position": "Kepala"}
FOUND_BY = " maruf al amin dr. s.sos. m.si. kepala "


def test_a_new_row_has_its_text(session):
    assert make_person(**MARUF).search_text == FOUND_BY
    assert make_unit("Dinas  Pembe\u0301\u00adrdayaan").search_text == " dinas pemberdayaan "
    assert make_cohort(name="Angkatan Jum’at").search_text == " angkatan jumat "


def test_rows_inserted_past_the_session_have_theirs(session):
    rows = [MARUF, {"name": "Siti"} | dict.fromkeys(("title_before", "title_after", "position"), "")]
    fixed = {"status": "non-asn", "created_at": NOON}
    session.execute(insert(Person), [row | fixed | {"email": f"{n}@contoh.go.id"} for n, row in enumerate(rows)])
    session.execute(insert(Person).values(name="Budi", email="b@contoh.go.id", **fixed))
    assert sorted(session.scalars(select(Person.search_text))) == [" budi ", FOUND_BY, " siti "]


def test_a_changed_row_gets_another_text(session):
    person, unit = make_person(), make_unit()
    person.name, person.position, unit.name = "Ñoman", "", "Dinas Kesehatan"
    session.flush()
    session.expire_all()
    assert (person.search_text, unit.search_text) == (" noman ", " dinas kesehatan ")
    person.language = "en"
    session.flush()
    assert person.search_text == " noman "


def test_the_text_has_its_limit(session):
    """One character can become eighteen."""
    assert len(make_person(name="\ufdfa" * 160).search_text) == MAX_LENGTH


def test_names_are_stored_composed(session):
    decomposed, composed = "Jose\u0301", "José"
    person = make_person(name=decomposed, title_before=decomposed, title_after=decomposed, position=decomposed)
    unit, cohort = make_unit(decomposed), make_cohort(name=decomposed)
    ids = {"person_id": person.id, "unit_id": None, "status": "pns", "rank": "", "since": NOON.date(), "source": "page"}
    session.execute(insert(Placement).values(position=decomposed, **ids))
    session.execute(insert(UnitVersion).values(unit_id=unit.id, name=decomposed, kind="opd", since=NOON.date()))
    session.expire_all()
    assert (person.name, person.title_before, person.title_after, person.position) == (composed,) * 4
    assert (unit.name, cohort.name) == (composed, composed)
    assert session.scalars(select(Placement.position).where(Placement.person_id == person.id)).all() == [composed]
    assert session.scalars(select(UnitVersion.name).where(UnitVersion.unit_id == unit.id)).all() == [composed]
    assert session.scalars(select(Person.id).where(Person.name == decomposed)).all() == [person.id]


@pytest.mark.parametrize("hidden", ["\u202e", "\u2067", "\u200b", "\u00ad", "\ufeff"])
def test_names_are_stored_without_signs_that_nobody_sees(session, hidden):
    """They can turn a line around, or make two names of one."""
    person, unit = make_person(name=f"Ma{hidden}ria", title_after=f"S.H.{hidden}"), make_unit(f"Di{hidden}nas")
    session.expire_all()
    assert (person.name, person.title_after, unit.name) == ("Maria", "S.H.", "Dinas")


def test_the_job_corrects_what_another_release_has_written(app, session):
    """Rows without a text, rows renamed without a new one, and courses in lower case without their description."""
    person, other, unit, cohort = make_person(**MARUF), make_person(name="Siti"), make_unit(), make_cohort()
    course = make_course(search_text="pelayanan publik: jum’at")
    session.execute(update(Person).where(Person.id == person.id).values(search_text=None))
    session.execute(update(Person).where(Person.id == other.id).values(search_text=" orang lain "))
    for model, row in ((Unit, unit), (Cohort, cohort)):
        session.execute(update(model).where(model.id == row.id).values(search_text=None))
    session.commit()
    renew_searched()
    db.session.expire_all()
    assert (person.search_text, other.search_text) == (FOUND_BY, " siti analis ")
    assert (unit.search_text, cohort.search_text) == (f" {unit.name.lower()} ", f" {cohort.name.lower()} ")
    found = db.session.scalars(select(CourseRevision.search_text).where(CourseRevision.course_id == course.id)).one()
    assert found == " pelayanan publik: jumat deskripsi. "


def test_a_row_changed_meanwhile_is_left_alone(app, session, monkeypatch):
    """The job has read the old name; what is written since is right already."""
    person = make_person(name="Lama", position="")
    session.execute(update(Person).values(search_text=None))
    session.commit()
    before = Person.search_text_of.__func__

    def renamed_meanwhile(cls, values):
        session.execute(update(Person).values(name="Baru", search_text=" baru "))
        session.commit()
        return before(cls, values)

    monkeypatch.setattr(Person, "search_text_of", classmethod(renamed_meanwhile))
    renew_searched()
    monkeypatch.undo()
    db.session.expire_all()
    assert person.search_text == " baru "
