"""Two presses at once: the limits hold, and nobody sees a broken page."""

from __future__ import annotations

import pytest
from concurrency import run_concurrently
from factories import NOON, make_admin, make_person, make_unit

from lms.core import settings
from lms.core.settings import Setting
from lms.people import queries
from lms.people.details import PersonDetails
from lms.people.models import Person, RoleGrant, Unit
from lms.people.services import people, roles, units

BY = {"actor_id": None, "now": NOON}
RULE = Setting("test_race", 1, group="Uji", label="Uji")
del settings.registered[RULE.name]


@pytest.mark.parametrize("_round", range(3))
def test_two_admins_who_remove_each_other_do_not_both_succeed(app, session, _round):
    one, two = make_admin().id, make_admin().id
    ends = run_concurrently(
        app,
        lambda: roles.revoke_role(queries.person(one), "admin", **BY),
        lambda: people.deactivate(queries.person(two), "Pindah", **BY),
    )
    assert ends == ["LastAdmin", "done"]
    active = session.query(Person).join(RoleGrant).filter(Person.is_active, RoleGrant.role == "admin").count()
    assert active == 1


def test_a_person_added_twice_at_once_is_added_once(app, session):
    details = PersonDetails(name="Contoh", status="pns", nip="198609262015051001")
    ends = run_concurrently(app, *[lambda: people.create_person(details, **BY)] * 2)
    assert ends == ["NipTaken", "done"]
    assert session.query(Person).count() == 1


def test_a_role_given_twice_at_once_is_given_once(app, session):
    person, unit = make_person().id, make_unit().id
    ends = run_concurrently(app, *[lambda: roles.grant_role(queries.person(person), "head", unit_id=unit, **BY)] * 2)
    assert ends == ["done", "done"]
    assert session.query(RoleGrant).count() == 1


def test_two_moves_at_once_close_no_circle(app, session):
    top = make_unit("Kota", kind="instansi")
    one, two = make_unit("Dinas Satu", parent=top).id, make_unit("Dinas Dua", parent=top).id
    ends = run_concurrently(
        app,
        lambda: units.move_unit(queries.unit(one), queries.unit(two), **BY),
        lambda: units.move_unit(queries.unit(two), queries.unit(one), **BY),
    )
    assert ends == ["UnitUnderItself", "done"]
    assert len(queries.units_in_order()) == 3


def test_an_agency_added_twice_at_once_is_added_once(app, session):
    ends = run_concurrently(app, *[lambda: units.create_unit("Kota", "instansi", **BY)] * 2)
    assert ends == ["UnitNameTaken", "done"]
    assert session.query(Unit).count() == 1


def test_a_rule_set_twice_at_once_is_set(app, session):
    assert run_concurrently(app, *[lambda: settings.change(RULE, 2, **BY)] * 2) == ["done", "done"]
    assert settings.value(RULE) == 2
