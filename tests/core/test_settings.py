"""Rules an admin edits: a default until somebody changes it, and a ledger entry for every change."""

from __future__ import annotations

import json

import pytest
from factories import NOON, make_admin
from sqlalchemy import select

from lms.core import settings
from lms.core.ledger import LedgerEntry
from lms.core.settings import Setting, SettingValue


@pytest.fixture
def rule():
    made = Setting("a_rule_of_this_test", 20, group="Uji", label="Uji")
    yield made
    del settings.registered[made.name]


def changes(session) -> list[dict]:
    entries = session.scalars(select(LedgerEntry).where(LedgerEntry.verb == "change rule").order_by(LedgerEntry.id))
    return [json.loads(entry.facts) for entry in entries]


def test_a_rule_that_nobody_changed_has_its_default_and_no_row(session, rule):
    assert settings.value(rule) == 20
    assert session.get(SettingValue, rule.name) is None


def test_a_changed_rule_holds_from_now_on_and_the_ledger_tells(session, rule):
    admin = make_admin()
    settings.change(rule, 24, actor_id=admin.id, now=NOON)
    session.commit()
    assert settings.value(rule) == 24
    row = session.get(SettingValue, rule.name)
    assert (row.changed_at, row.changed_by) == (NOON, admin.id)
    assert changes(session) == [{"before": 20, "after": 24}]


def test_the_same_value_again_is_no_change(session, rule):
    settings.change(rule, 20, actor_id=None, now=NOON)
    settings.change(rule, 24, actor_id=None, now=NOON)
    settings.change(rule, 24, actor_id=None, now=NOON)
    assert len(changes(session)) == 1


def test_going_back_to_the_default_is_a_change_too(session, rule):
    settings.change(rule, 24, actor_id=None, now=NOON)
    settings.change(rule, 20, actor_id=None, now=NOON)
    assert settings.value(rule) == 20
    assert changes(session)[-1] == {"before": 24, "after": 20}


@pytest.fixture
def yearly():
    made = Setting("a_yearly_rule_of_this_test", 20, group="Uji", label="Uji", is_yearly=True)
    yield made
    del settings.registered[made.name]


def test_a_yearly_rule_holds_from_its_year_until_the_next(session, yearly):
    settings.change(yearly, 30, actor_id=None, now=NOON, year=2028)
    settings.change(yearly, 24, actor_id=None, now=NOON, year=2026)
    values = [settings.value(yearly, year) for year in (2024, 2025, 2026, 2027, 2028, 2030)]
    assert values == [20, 20, 24, 24, 30, 30]
    assert changes(session)[-1] == {"before": 20, "after": 24, "from_year": 2026}


def test_a_year_goes_back_to_the_value_before_it(session, yearly):
    settings.change(yearly, 24, actor_id=None, now=NOON, year=2026)
    settings.change(yearly, 20, actor_id=None, now=NOON, year=2027)
    settings.change(yearly, 20, actor_id=None, now=NOON, year=2026)
    assert [settings.value(yearly, year) for year in (2026, 2027)] == [20, 20]


def test_a_yearly_rule_has_no_value_without_a_year(session, yearly, rule):
    with pytest.raises(ValueError, match="year"):
        settings.values([rule, yearly])
    assert settings.values([rule, yearly], 2026) == {rule.name: 20, yearly.name: 20}


@pytest.mark.parametrize("number", ["197503122000031001", "19750312 200003 1 001", "19750312.200003.1.001"])
def test_the_ledger_keeps_only_the_end_of_a_long_number(session, number):
    rule = Setting("a_text_of_this_test", "", group="Uji", label="Uji")
    settings.change(rule, f"NIP {number}, Kepala", actor_id=None, now=NOON)
    del settings.registered[rule.name]
    assert settings.value(rule) == f"NIP {number}, Kepala"
    assert changes(session) == [{"before": "", "after": "NIP …001, Kepala"}]


@pytest.mark.parametrize(("default", "kind"), [(20, int), (70.0, float), ("", str), (False, bool)])
def test_the_kind_of_a_rule_is_that_of_its_default(default, kind):
    rule = Setting("a_kind_of_this_test", default, group="Uji", label="Uji")
    del settings.registered[rule.name]
    assert rule.kind is kind
