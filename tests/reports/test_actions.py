"""What is done to the names of a board: within the asker's scope, once, and only to whom it fits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from board_world import make_board_world, names
from factories import grant, make_person
from sqlalchemy import select, update
from world import today

from lms.core.db import db
from lms.enrolment.models import Cohort, Enrolment, Extension
from lms.learning.models import EnrolmentState
from lms.notices.models import Notice
from lms.people.models import Person


@pytest.fixture
def world(session):
    return make_board_world()


def reminded() -> set[int]:
    db.session.expire_all()
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "reminder")))


def ids(world, *names: str) -> set[int]:
    return {world.people[name].id for name in names}


def test_only_who_can_still_do_something_is_reminded(client, world):
    client.sign_in(world.admin)
    answer = client.post_form("/admin/board/remind?all=1")
    assert answer.status_code == 302
    assert reminded() == ids(world, "Budi", "Dedi", "Eka", "Gita")


def test_a_second_press_reminds_nobody_again(client, world):
    client.sign_in(world.admin)
    for _ in range(2):
        client.post_form("/admin/board/remind?state=overdue&all=1", page="/language")
    count = select(Notice.id).where(Notice.kind == "reminder", Notice.channel == "site")
    assert len(db.session.scalars(count).all()) == 1


def thanked() -> set[int]:
    db.session.expire_all()
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == "thanks")))


def test_who_has_finished_is_thanked_once_by_name(client, world):
    client.sign_in(world.admin)
    finished = "state=finished&all=1"
    assert "/admin/board/thank" in client.text("/admin/board?state=finished")
    for _ in range(2):
        assert client.post_form(f"/admin/board/thank?{finished}", page="/language").status_code == 302
    done = {one.person_id for one in world.enrolments.values() if state_is_finished(one)}
    assert thanked() == done - {world.admin.id} != set()
    notices = db.session.scalars(select(Notice).where(Notice.kind == "thanks", Notice.channel == "site")).all()
    assert {one.facts["name"] for one in notices} == {world.admin.full_name}
    assert len(notices) == len({one.key for one in notices})


def state_is_finished(enrolment: Enrolment) -> bool:
    state = db.session.get(EnrolmentState, enrolment.id)
    return state is not None and state.state == "finished" and enrolment.withdrawn_at is None


def test_who_has_not_finished_is_not_thanked_and_nobody_thanks_themselves(client, world):
    done = next(one for one in world.enrolments.values() if state_is_finished(one))
    person = db.session.get_one(Person, done.person_id)
    grant(person, "admin")
    client.sign_in(person)
    client.post_form("/admin/board/thank?all=1", page="/language")
    assert done.person_id not in thanked()
    assert thanked() == {one.person_id for one in world.enrolments.values() if state_is_finished(one)} - {person.id}


def test_the_text_for_a_group_names_nobody(client, world):
    page = client.sign_in(world.admin).text("/admin/board/remind?all=1")
    text = page.partition('id="group-text"')[2].partition("</textarea>")[0]
    assert "/courses/" in text
    assert [name for name in names(page) if name in text] == []
    assert not any(person.full_name in text for person in world.people.values())


def test_who_was_reminded_today_is_said_and_the_button_is_for_the_rest(client, world):
    client.sign_in(world.admin)
    client.post_form("/language", language="en")
    dedi = world.enrolments["Dedi", "hukum"].id

    def shown(query: str) -> str:
        return client.get(f"/admin/board/remind?{query}").get_data(as_text=True)

    assert "Remind 4 people now" in shown("all=1")
    client.post_form(f"/admin/board/remind?one={dedi}")
    page = shown("all=1")
    assert "1 person was already reminded today" in page
    assert page.count("✓ reminded today") == 1
    assert "Remind 3 people now" in page
    client.post_form("/admin/board/remind?all=1")
    page = shown("all=1")
    assert "4 people were already reminded today" in page
    assert "people now" not in page
    assert "http://localhost/courses/hukum" in page, "WhatsApp may still be used"


def test_the_reminder_reaches_the_own_people_alone(client, world):
    client.sign_in(world.head)
    client.post_form("/team/remind?all=1")
    assert reminded() == ids(world, "Budi", "Dedi")
    client.sign_in(world.agency_admin)
    client.post_form("/admin/board/remind?all=1")
    assert reminded() == ids(world, "Budi", "Dedi", "Eka")


def test_only_the_ticked_are_reminded(client, world):
    client.sign_in(world.admin)
    one = world.enrolments["Dedi", "hukum"].id
    client.post_form(f"/admin/board/remind?one={one}")
    assert reminded() == ids(world, "Dedi")


@pytest.mark.parametrize("page", ["remind", "extend", "enrol"])
def test_without_a_tick_nothing_is_done(client, world, page):
    answer = client.sign_in(world.admin).get(f"/admin/board/{page}?state=overdue")
    assert answer.status_code == 302
    assert "state=overdue" in answer.location


def test_the_list_for_whatsapp_has_a_link_per_number(client, world):
    world.people["Budi"].phone = "+6281234567890"
    page = client.sign_in(world.head).get("/team/remind?all=1").get_data(as_text=True)
    assert "https://wa.me/6281234567890?text=" in page
    assert "http://localhost/courses/hukum" in page  # in the text for the group
    assert page.index("Dedi Contoh") > 0
    assert "Gita" not in page


def test_somebody_late_in_two_courses_is_written_to_once(client, world):
    gita = world.people["Gita"]
    gita.phone = "+6281234567890"
    world.enrolments["Gita", "hukum"].due_on = today() - timedelta(days=1)
    db.session.execute(update(EnrolmentState).values(state="in-progress"))
    page = client.sign_in(world.admin).get(f"/admin/board/remind?person={gita.id}&all=1").get_data(as_text=True)
    assert page.count("https://wa.me/") == 1
    assert page.count("courses/") == 2  # both in the text for the group


def extend(client, path, **values):
    day = (today() + timedelta(days=30)).isoformat()
    return client.post_form(path, **({"until": day, "reason": "Jaringan putus"} | values))


def test_more_time_is_given_to_who_is_not_done(client, world):
    with_an_end(world)
    client.sign_in(world.agency_admin)
    answer = extend(client, f"/admin/board/extend?course={world.law.id}&all=1")
    assert answer.status_code == 302
    extended = set(db.session.scalars(select(Extension.enrolment_id)))
    # not Ani, who has finished, and not Gita, who is another agency's
    assert extended == {world.enrolments[name, "hukum"].id for name in ("Budi", "Citra", "Dedi", "Eka")}


def with_an_end(world):
    """The course of law runs for ten days more."""
    for (_name, slug), enrolment in world.enrolments.items():
        if slug == "hukum":
            enrolment.cohort.starts_on, enrolment.cohort.ends_on = today(), today() + timedelta(days=10)


def test_a_day_that_puts_nothing_off_is_said_and_what_was_typed_stays(client, world):
    with_an_end(world)
    client.sign_in(world.admin)
    path = f"/admin/board/extend?course={world.law.id}&all=1"
    answer = extend(client, path, until=(today() + timedelta(days=3)).isoformat())
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "field__error" in page
    assert "Jaringan putus" in page
    assert db.session.scalar(select(Extension.id)) is None


@pytest.mark.parametrize(
    "values",
    [{"until": ""}, {"until": "besok"}, {"until": "2020-01-01"}, {"reason": ""}, {"reason": "x" * 301}],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, world, values):
    client.sign_in(world.admin)
    answer = extend(client, "/admin/board/extend?state=overdue&all=1", **values)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "field__error" in page
    assert values.get("reason", "Jaringan putus") in page
    assert db.session.scalar(select(Extension.id)) is None


def test_who_is_not_enrolled_is_enrolled(client, world):
    client.sign_in(world.agency_admin)
    path = f"/admin/board/enrol?course={world.money.id}&state=not-enrolled&all=1"
    cohort = world.enrolments["Ani", "uang"].cohort_id
    answer = client.post_form(path, cohort=str(cohort))
    assert answer.status_code == 302
    taking = set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.course_id == world.money.id)))
    assert taking == ids(world, "Ani", "Budi", "Gita", "Citra", "Dedi", "Eka", "Fitri")
    again = client.get(f"/admin/board?course={world.money.id}&state=not-enrolled").get_data(as_text=True)
    assert names(again) == []


def test_a_cohort_that_is_none_is_refused_at_its_field(client, world):
    client.sign_in(world.admin)
    path = f"/admin/board/enrol?course={world.money.id}&state=not-enrolled&all=1"
    for cohort in ("", "99999", "x", str(world.enrolments["Ani", "hukum"].cohort_id)):
        answer = client.post_form(path, cohort=cohort)
        assert answer.status_code == 422, cohort
        assert "field__error" in answer.get_data(as_text=True)


def test_a_full_cohort_says_how_many_wait(client, world):
    cohort = db.session.get(Cohort, world.enrolments["Ani", "uang"].cohort_id)
    cohort.quota = 3
    client.sign_in(world.admin)
    path = f"/admin/board/enrol?course={world.money.id}&state=not-enrolled&unit={world.clinic.id}&all=1"
    client.post_form(path, cohort=str(cohort.id))
    count = select(Enrolment.id).where(Enrolment.cohort_id == cohort.id, Enrolment.withdrawn_at.is_(None))
    assert len(db.session.scalars(count).all()) == 3


def test_a_deputy_sees_what_the_head_sees_and_only_in_the_own_days(client, world):
    deputy, former = make_person(name="Pelaksana Tugas"), make_person(name="Kepala Lama")
    grant(deputy, "head", unit=world.health, is_deputy=True, starts_on=today() - timedelta(days=1))
    grant(former, "head", unit=world.health, ends_on=today() - timedelta(days=1))
    page = client.sign_in(deputy).get("/team").get_data(as_text=True)
    assert set(names(page)) == {"Ani", "Budi", "Citra", "Dedi"}
    assert client.sign_in(former).get("/team").status_code == 404
