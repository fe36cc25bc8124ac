"""Answering a survey: once, with or without a name, and what counts as done."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from concurrency import run_concurrently
from factories import NOON, make_revision, publish
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from survey_factories import content, make_survey_world, scale

from lms.core import settings
from lms.core.ledger import LedgerEntry
from lms.journal.models import Event
from lms.learning.models import Progress
from lms.surveys import queries, services
from lms.surveys.models import SurveyParticipant, SurveyReply

ANONYMOUS = "anonymous: true\n"


def told(world, cohort_id=None):
    least = services.group_size()
    return queries.replies(world.context.item_revision.item_id, world.course.id, cohort_id, least)


def test_answers_with_a_name_are_done_and_may_be_changed(session):
    world = make_survey_world()
    world.answer(guna=scale(2))
    reply = queries.own_reply(world.enrolment.id, world.context.item_revision.item_id)
    assert (reply.answers, reply.replied_at, reply.version) == ({"guna": scale(2)}, NOON, 1)
    assert session.scalars(select(Progress.state)).all() == ["done"]
    later = NOON + timedelta(hours=1)
    world.answer(guna=scale(5), seen=1, now=later)
    assert (reply.answers, reply.replied_at, reply.version) == ({"guna": scale(5)}, later, 2)
    assert len(session.scalars(select(SurveyParticipant)).all()) == 1


def test_of_two_tabs_none_overwrites_the_other_unseen(session):
    world = make_survey_world()
    world.answer(guna=scale(2))
    world.answer(guna=scale(2))  # a double click
    with pytest.raises(services.AnsweredElsewhere):
        world.answer(guna=scale(5))
    reply = queries.own_reply(world.enrolment.id, world.context.item_revision.item_id)
    assert (reply.answers, reply.version) == ({"guna": scale(2)}, 1)


def test_a_reply_without_a_name_has_nothing_that_leads_to_its_author(session):
    world = make_survey_world(ANONYMOUS)
    world.answer(saran={"text": "Lebih banyak contoh."})
    reply = session.scalars(select(SurveyReply)).one()
    columns = {one.key: getattr(reply, one.key) for one in inspect(SurveyReply).columns}
    assert columns == {
        "id": reply.id,
        "item_id": world.context.item_revision.item_id,
        "cohort_id": world.enrolment.cohort_id,
        "enrolment_id": None,
        "answers": {"saran": {"text": "Lebih banyak contoh."}},
        "replied_at": None,
        "version": 1,
        "is_told": False,
    }
    participant = session.scalars(select(SurveyParticipant)).one()
    assert (participant.enrolment_id, participant.item_id) == (world.enrolment.id, reply.item_id)
    for table in (LedgerEntry, Event):
        assert not [row for row in session.scalars(select(table)) if "contoh" in repr(vars(row))]


def test_ids_without_a_name_are_in_no_order(session):
    """With sequential ids, the first to answer would have the first row. Chance: 2 / 20!."""
    world = make_survey_world(ANONYMOUS)
    seen = []
    for number in range(20):
        world.answer(world.another(), saran={"text": str(number)})
        replies = session.scalars(select(SurveyReply)).all()
        seen += [one.id for one in replies if one.answers["saran"]["text"] == str(number)]
    assert len(seen) == 20
    assert seen not in (sorted(seen), sorted(seen, reverse=True))


def test_nobody_answers_twice_without_a_name(session):
    world = make_survey_world(ANONYMOUS)
    world.answer()
    with pytest.raises(services.SurveyAnswered):
        world.answer(guna=scale(1))
    assert len(session.scalars(select(SurveyReply)).all()) == 1


def test_the_database_refuses_a_second_participant_and_a_moment_without_a_name(session):
    world = make_survey_world(ANONYMOUS)
    world.answer()
    session.commit()
    values = {"item_id": world.context.item_revision.item_id, "cohort_id": world.enrolment.cohort_id}
    refused = [
        SurveyParticipant(enrolment_id=world.enrolment.id, item_id=values["item_id"]),
        SurveyReply(**values, answers={}, version=1, is_told=False, replied_at=NOON),
        SurveyReply(**values, answers={}, version=1, is_told=False, replied_at=NOON, enrolment_id=world.enrolment.id),
    ]
    for row in refused:
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_answers_without_names_are_told_in_whole_groups(session):
    world = make_survey_world(ANONYMOUS)
    world.answer_many(4)
    assert (told(world).told, told(world).held, told(world).answered) == ([], 4, 4)
    world.answer_many(1)
    assert (len(told(world).told), told(world).held) == (5, 0)
    world.answer_many(4)
    assert (len(told(world).told), told(world).held) == (5, 4)  # nobody sees the sixth by subtraction
    world.answer_many(1)
    assert len(told(world).told) == 10


def test_each_cohort_has_groups_of_its_own(session):
    world = make_survey_world(ANONYMOUS)
    other = world.another_cohort()
    world.answer_many(5)
    world.answer_many(4, other)
    assert (len(told(world).told), told(world).held) == (5, 4)
    assert (told(world, other.id).told, told(world, other.id).held) == ([], 4)


def test_a_larger_group_hides_what_a_smaller_one_showed_in_the_sum_of_all_cohorts_too(session):
    settings.change(services.GROUP_SIZE, 3, actor_id=None, now=NOON)
    world = make_survey_world(ANONYMOUS)
    other = world.another_cohort()
    world.answer_many(6)
    world.answer_many(3, other)
    assert len(told(world).told) == 9
    settings.change(services.GROUP_SIZE, 5, actor_id=None, now=NOON)
    assert (len(told(world).told), told(world, other.id).told) == (6, [])


@pytest.mark.parametrize("size", [0, 1, 2, -5])
def test_nobody_can_make_groups_smaller_than_three(size):
    assert services.GROUP_SIZE.check(size)
    assert services.GROUP_SIZE.check(3) is None


def test_nothing_is_stored_under_another_promise_than_the_page_made(session):
    world = make_survey_world()
    survey = queries.survey_of(world.context.item_revision.id)
    with pytest.raises(services.PromiseChanged):
        services.answer_survey(world.context, survey, {"guna": scale(3)}, as_anonymous=True, seen=0, now=NOON)
    assert session.scalars(select(SurveyReply)).all() == []


def test_a_survey_that_asks_for_names_now_gets_none_from_those_who_answered_without(session):
    world = make_survey_world(ANONYMOUS)
    world.answer()
    row = {"slug": "evaluasi", "type": "survey", "title": "E", "content": content()}
    publish(make_revision(world.course, (row, {"slug": "sesudah"})))
    survey = queries.survey_of(world.context.item_revision.id)
    with pytest.raises(services.SurveyAnswered):
        services.answer_survey(world.context, survey, {"guna": scale(1)}, as_anonymous=False, seen=0, now=NOON)
    assert session.scalars(select(SurveyReply.enrolment_id)).all() == [None]


def test_an_empty_survey_is_not_sent(session):
    world = make_survey_world()
    survey = queries.survey_of(world.context.item_revision.id)
    with pytest.raises(services.NothingAnswered):
        services.answer_survey(world.context, survey, {}, as_anonymous=False, seen=0, now=NOON)


@pytest.mark.parametrize("keys", ["", ANONYMOUS])
def test_after_it_has_closed_nothing_is_taken_but_what_had_arrived_still_has(session, keys):
    closes = {"base": "start", "moment": None, "days": 7, "at": None}
    world = make_survey_world(keys, closes=closes)
    late = NOON + timedelta(days=9)
    with pytest.raises(services.SurveyClosed):
        world.answer(now=late)
    world.answer()
    if keys:
        with pytest.raises(services.SurveyAnswered):
            world.answer(now=late)
    else:
        world.answer(now=late)
        with pytest.raises(services.SurveyClosed):
            world.answer(guna=scale(1), seen=1, now=late)


def test_two_who_complete_a_group_at_once_are_told(app, session):
    world = make_survey_world(ANONYMOUS)
    world.answer_many(3)
    contexts = [world.another(), world.another()]
    assert run_concurrently(app, *(partial(world.answer, one) for one in contexts)) == ["done", "done"]
    assert len(told(world).told) == 5


def test_one_person_in_two_tabs_at_once_is_stored_once(app, session):
    world = make_survey_world(ANONYMOUS)
    tabs = [partial(world.answer, guna=scale(value)) for value in (1, 5)]
    assert run_concurrently(app, *tabs) == ["SurveyAnswered", "done"]
    assert len(session.scalars(select(SurveyReply)).all()) == 1


def test_one_person_in_two_tabs_at_once_with_a_name_is_told_in_one_of_them(app, session):
    world = make_survey_world()
    tabs = [partial(world.answer, guna=scale(value)) for value in (1, 5)]
    assert run_concurrently(app, *tabs) == ["AnsweredElsewhere", "done"]
    assert session.scalars(select(SurveyReply.version)).all() == [1]
