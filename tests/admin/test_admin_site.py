from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from factories import NOON, make_admin, make_person, make_unit

from lms.core import ledger, ledger_heads, settings
from lms.core.db import db
from lms.core.i18n import today
from lms.core.ledger import LedgerEntry
from lms.core.settings import Setting
from lms.people.services import people, units

WHOLE = Setting("test_whole", 20, group="Uji", label="Bilangan", check=lambda n: "Terlalu besar." if n > 50 else None)
BROKEN = Setting("test_broken", 70.01, group="Uji", label="Pecahan", hint="Persen.")
WORDS = Setting("test_words", "satu", group="Uji lain", label="Kalimat", is_long=True)
TICKED = Setting("test_ticked", True, group="Uji", label="Cetak")
CHOSEN = Setting(
    "test_chosen", "a", group="Uji", label="Arti", choices=(("a", "paling sedikit"), ("b", "paling banyak"))
)
YEARLY = Setting("test_yearly", 20, group="Uji JP", label="JP setahun", is_yearly=True)
OWN = (WHOLE, BROKEN, WORDS)
for rule in (*OWN, TICKED, CHOSEN, YEARLY):
    del settings.registered[rule.name]


@pytest.fixture(autouse=True)
def only_own_rules(monkeypatch):
    monkeypatch.setattr(settings, "registered", {rule.name: rule for rule in OWN})


@pytest.fixture
def admin(session):
    return make_admin(name="Admin Contoh", nip="197503122000031001")


def sent(**changes: str) -> dict[str, str]:
    """What a browser sends of an untouched form, with ``changes``."""
    shown = {"test_whole": "20", "test_broken": "70,01", "test_words": "satu"}
    fields = {f"shown_{name}": text for name, text in shown.items()}
    return fields | {f"rule_{name}": changes.get(name, text) for name, text in shown.items()}


@pytest.mark.parametrize("path", ["/admin/settings", "/admin/audit"])
def test_settings_and_log_are_for_admins_only(client, path):
    assert client.get(path).status_code == 302
    assert client.sign_in(make_person()).get(path).status_code == 404
    assert client.sign_in(make_admin()).get(path).status_code == 200


def test_settings_stand_in_groups_with_value_and_default(client, admin):
    page = client.sign_in(admin).get("/admin/settings").get_data(as_text=True)
    form = page.split("<fieldset", 1)[1]
    assert form.index("Uji") < form.index("Bilangan") < form.index("Uji lain") < form.index("Kalimat")
    assert 'value="70,01"' in page
    assert "Asia/Jayapura" in page
    assert "a secret for tests" not in page


def test_settings_are_changed_together_and_each_change_is_recorded(client, admin):
    client.sign_in(admin)
    answer = client.post_form("/admin/settings", **sent(test_whole="24", test_broken="80,5", test_words="dua\r\ntiga"))
    assert answer.status_code == 302
    assert [settings.value(rule) for rule in OWN] == [24, 80.5, "dua\ntiga"]
    entries = db.session.query(LedgerEntry).order_by(LedgerEntry.id).all()
    assert [entry.target for entry in entries] == [f"rule:{rule.name}" for rule in OWN]
    assert "Admin Contoh" in client.get("/admin/settings").get_data(as_text=True)


def test_yes_or_no_is_a_box_and_a_choice_offers_only_its_values(client, admin, monkeypatch):
    monkeypatch.setattr(settings, "registered", {rule.name: rule for rule in (TICKED, CHOSEN)})
    page = client.sign_in(admin).get("/admin/settings").get_data(as_text=True)
    assert re.search(r'<input checked id="rule_test_ticked"[^>]* type="checkbox"', page)
    assert '<option selected value="a">paling sedikit</option>' in page
    assert f'href="#{re.search("<fieldset[^>]* id=.([a-z0-9-]+)", page)[1]}"' in page
    untouched = {"shown_test_ticked": "1", "shown_test_chosen": "a"}
    for chosen, status in (("c", 422), ("b", 302)):
        assert client.post_form("/admin/settings", **untouched, rule_test_chosen=chosen).status_code == status
    assert (settings.value(TICKED), settings.value(CHOSEN)) == (False, "b")
    now = {"shown_test_ticked": "", "shown_test_chosen": "b", "rule_test_chosen": "b"}
    client.post_form("/admin/settings", **now, rule_test_ticked="y")
    assert settings.value(TICKED) is True


def test_what_an_admin_did_not_touch_does_not_undo_another_admins_change(client, admin):
    client.sign_in(admin)
    settings.change(WHOLE, 30, actor_id=None, now=NOON)
    client.post_form("/admin/settings", **sent(test_words="dua"))
    assert [settings.value(WHOLE), settings.value(WORDS)] == [30, "dua"]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"test_whole": "99"}, "Terlalu besar."),
        ({"test_whole": "banyak"}, "rule_test_whole-error"),
        ({"test_broken": ""}, "rule_test_broken-error"),
        ({"test_broken": "7o"}, "rule_test_broken-error"),
    ],
)
def test_bad_settings_are_sent_back_and_nothing_changes(client, admin, changes, complaint):
    client.sign_in(admin)
    answer = client.post_form("/admin/settings", **sent(test_words="dua", **changes))
    assert answer.status_code == 422
    assert complaint in answer.get_data(as_text=True)
    assert [settings.value(rule) for rule in OWN] == [20, 70.01, "satu"]


def test_a_rule_set_twice_is_recorded_once_and_long_numbers_are_shortened(session):
    for _press in range(2):
        settings.change(WORDS, "NIP 19860926 201505 1 001", actor_id=None, now=NOON)
    facts = session.query(LedgerEntry).one().facts
    assert "19860926" not in facts
    assert "…001" in facts
    settings.change(WORDS, "satu", actor_id=None, now=NOON)
    assert settings.value(WORDS) == "satu"


def test_no_setting_is_called_optional(client, admin):
    assert "field__optional" not in client.sign_in(admin).text("/admin/settings")


def test_the_log_says_who_did_what_to_whom(client, admin):
    unit = make_unit("Dinas Contoh")
    person = make_person(name="Budi Contoh")
    people.deactivate(person, "Pindah instansi", actor_id=admin.id, now=NOON)
    units.rename_unit(unit, "Dinas Baru", "instansi", actor_id=None, now=NOON)
    settings.change(WHOLE, 21, actor_id=admin.id, now=NOON)
    ledger.record(77, "unheard of", "thing:9", now=NOON, sure=True, mark=1.5)
    page = client.sign_in(admin).get("/admin/audit").get_data(as_text=True)
    for text in ("Budi Contoh", "Pindah instansi", "Dinas Baru", "Bilangan", "unheard of", "thing 9", "#77", "1,50"):
        assert text in page
    assert f'href="/admin/people/{person.id}"' in page
    assert page.index("unheard of") < page.index("Pindah instansi"), "newest first"


def test_the_log_is_narrowed_by_kind_and_person(client, admin):
    person, other = make_person(name="Budi Contoh", nip="198609262015051001"), make_person(name="Citra Contoh")
    for one in (person, other):
        people.deactivate(one, f"Alasan {one.name}", actor_id=admin.id, now=NOON)
    units.create_unit("Kota Contoh", "instansi", actor_id=person.id, now=NOON)
    client.sign_in(admin)
    page = client.get("/admin/audit?kind=unit").get_data(as_text=True)
    assert "Kota Contoh" in page
    assert "Alasan" not in page
    for query in ("name=budi", f"person={person.id}"):
        page = client.get(f"/admin/audit?{query}").get_data(as_text=True)
        assert "Alasan Budi Contoh" in page
        assert "Kota Contoh" in page
        assert "Alasan Citra" not in page
    assert client.get("/admin/audit?name=takada").status_code == 200
    assert client.get("/admin/audit?person=99999").status_code == 404
    assert client.get("/admin/audit?person=&kind=&verb=&since=&until=").status_code == 200


def test_the_log_is_narrowed_by_what_was_done_and_by_days(client, admin):
    person = make_person(name="Budi Contoh")
    for days in (0, 1, 2):
        at = datetime(2026, 11, 3, 14, 59, tzinfo=UTC) + timedelta(days=days)  # 23.59 WIT
        people.deactivate(person, f"Alasan {days}", actor_id=admin.id, now=at)
        people.activate(person, actor_id=admin.id, now=at + timedelta(minutes=1))
    client.sign_in(admin)
    page = client.text("/admin/audit?verb=deactivate+person&since=2026-11-04&until=2026-11-04")
    assert [text for text in ("Alasan 0", "Alasan 1", "Alasan 2") if text in page] == ["Alasan 1"]
    log = page.partition("<tbody>")[2]
    assert "menonaktifkan akun" in log
    assert "mengaktifkan akun" not in log
    sent = client.post_form("/admin/audit", name="budi", kind="", verb="enrol", since="2026-11-04", until="")
    assert sent.location == "/admin/audit?name=budi&verb=enrol&since=2026-11-04"
    assert client.post_form("/admin/audit", name="budi", since="4 Nov").location == "/admin/audit"
    assert "2026-12-31" in client.text("/admin/audit")


def test_a_number_typed_into_the_log_becomes_an_id(client, admin):
    client.sign_in(admin)
    found = client.post_form("/admin/audit", name="19750312 200003 1 001", kind="unit")
    assert found.location == f"/admin/audit?kind=unit&person={admin.id}"
    assert client.post_form("/admin/audit", name="198609262015051001", kind="").location == "/admin/audit"
    assert client.post_form("/admin/audit", name="budi", kind="").location == "/admin/audit?name=budi"
    assert client.post_form("/admin/audit", name="budi", kind="bukan").location == "/admin/audit"


def test_the_chain_is_checked_only_when_asked_and_a_broken_one_is_named(client, admin):
    people.deactivate(make_person(), "Pensiun", actor_id=admin.id, now=NOON)
    ledger.extend_chain()
    client.sign_in(admin)
    assert "✓" not in client.get("/admin/audit").get_data(as_text=True)
    assert "✓" in client.get("/admin/audit?check=1").get_data(as_text=True)
    entry = db.session.query(LedgerEntry).one()
    entry.facts = entry.facts.replace("Pensiun", "Lain")
    page = client.get("/admin/audit?check=1").get_data(as_text=True)
    assert "✗" in page
    assert "✓" not in page


def test_a_log_whose_newest_entries_are_gone_is_not_called_intact(client, admin, monkeypatch, tmp_path):
    monkeypatch.setattr(ledger_heads, "keys", lambda: ledger_heads.Keys(tmp_path))
    monkeypatch.setattr(ledger_heads, "anchor_file", lambda: tmp_path / ledger_heads.ANCHORS)
    for reason in ("Pensiun", "Pindah"):
        people.deactivate(make_person(), reason, actor_id=admin.id, now=NOON)
    ledger.extend_chain()
    ledger_heads.sign_head(now=NOON)
    db.session.delete(db.session.query(LedgerEntry).order_by(LedgerEntry.id.desc()).first())
    db.session.commit()
    page = client.sign_in(admin).get("/admin/audit?check=1").get_data(as_text=True)
    assert "✓" not in page
    assert "pernah ada catatan sampai nomor ini" in page


@pytest.fixture
def yearly_alone(monkeypatch):
    monkeypatch.setattr(settings, "registered", {YEARLY.name: YEARLY})


def change_in(client, year: int, shown: str, new: str):
    address = f"/admin/settings?year={year}"
    return client.post_form(address, shown_test_yearly=shown, rule_test_yearly=new)


def test_a_yearly_setting_is_changed_from_the_shown_year_on(client, admin, yearly_alone):
    this = today().year
    client.sign_in(admin)
    page = client.get("/admin/settings").get_data(as_text=True)
    assert "Berlaku untuk semua tahun." in page
    assert f"Nilai berikut berlaku pada tahun {this}." in page
    assert change_in(client, this + 1, "20", "24").status_code == 302
    assert [settings.value(YEARLY, year) for year in (this - 1, this, this + 1)] == [20, 20, 24]
    assert f"Mulai tahun {this + 1}: 24." in client.get("/admin/settings").get_data(as_text=True)
    change_in(client, this, "20", "22")
    page = client.get("/admin/settings").get_data(as_text=True)
    assert f"Berlaku sejak tahun {this}; sebelumnya: 20. Mulai tahun {this + 1}: 24." in page
    assert [settings.value(YEARLY, year) for year in (this - 1, this, this + 1)] == [20, 22, 24]
    log = client.get("/admin/audit").get_data(as_text=True)
    assert "mulai tahun" in log
    assert str(this + 1) in log


@pytest.mark.parametrize("year", ["x", "1999", "99999999999", ""])
def test_settings_of_a_year_that_is_not_offered_are_not_found(client, admin, yearly_alone, year):
    client.sign_in(admin)
    assert client.get(f"/admin/settings?year={year}").status_code == 404
    assert client.post_form(f"/admin/settings?year={year}", "/admin/settings", rule_test_yearly="24").status_code == 404
    assert settings.value(YEARLY, today().year + 1) == 20
