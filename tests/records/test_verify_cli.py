"""``lms verify CODE|FILE`` and ``lms ledger export``."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from factories import NOON
from flask.cli import ScriptInfo
from full_world import make_full_world
from sqlalchemy import select, update

from lms.cli import main
from lms.core import ledger, ledger_file, ledger_heads
from lms.core.db import db
from lms.core.i18n import gettext as _
from lms.core.i18n import say_moment
from lms.core.signing import Keys
from lms.records import services, snapshot
from lms.records.certificate import render_pdf
from lms.records.models import Record


@pytest.fixture
def record(session, tmp_path, monkeypatch) -> Record:
    monkeypatch.setattr(ledger_heads, "keys", lambda: Keys(tmp_path / "keys"))
    monkeypatch.setattr(ledger_heads, "anchor_file", lambda: tmp_path / ledger_heads.ANCHORS)
    make_full_world()
    ledger.extend_chain()
    ledger_heads.sign_head(now=NOON)
    db.session.commit()
    found = session.scalars(select(Record).where(Record.revoked_at.is_(None))).first()
    assert found is not None
    return found


@pytest.fixture
def lms(app):
    def run(*arguments):
        return CliRunner().invoke(main, list(arguments), obj=ScriptInfo(create_app=lambda: app))

    return run


@pytest.fixture
def exported(record, lms, tmp_path):
    path = tmp_path / "catatan.jsonl"
    done = lms("ledger", "export", str(path))
    assert done.exit_code == 0, done.output
    return path


def test_a_code_in_any_spelling_names_the_certificate(record, lms):
    done = lms("verify", record.code.lower())
    assert done.exit_code == 0, done.output
    assert record.number in done.output
    assert record.snapshot["name"] in done.output


def test_an_unknown_code_is_told(lms, record):
    done = lms("verify", "A" * 20)
    assert done.exit_code == 1
    assert "A" * 20 in done.output


def test_a_revoked_one_is_not_valid(lms, record):
    services.revoke_record(record, "Keliru", actor_id=record.person_id, now=NOON)
    db.session.commit()
    assert lms("verify", record.code).exit_code == 1


def test_a_forged_one_is_not_confirmed(lms, record):
    db.session.execute(update(Record).where(Record.id == record.id).values(jp=999))
    db.session.commit()
    done = lms("verify", record.code)
    assert done.exit_code == 1
    assert "✓" not in done.output


def test_the_printed_file_is_recognised_byte_for_byte(lms, record, tmp_path):
    path = tmp_path / "sertifikat.pdf"
    data = render_pdf(snapshot.from_json(record.snapshot))
    path.write_bytes(data)
    done = lms("verify", str(path))
    assert done.exit_code == 0, done.output
    assert "! " not in done.output
    path.write_bytes(data + b"\n")
    done = lms("verify", str(path))
    assert "! " in done.output
    assert done.exit_code == 1, "a program that asks must not take it for the certificate"


def test_another_pdf_and_another_file_are_told(lms, record, tmp_path):
    path = tmp_path / "lain.pdf"
    path.write_bytes(b"%PDF-1.7\nnothing\n")
    assert lms("verify", str(path)).exit_code == 1
    path.write_bytes(b"\xff\xfe other")
    assert lms("verify", str(path)).exit_code == 1
    path.write_text("[1, 2]\n")
    assert lms("verify", str(path)).exit_code == 1


def test_an_exported_ledger_is_checked_without_the_database(exported, lms, record):
    done = lms("verify", str(exported), "--number", record.number)
    assert done.exit_code == 0, done.output
    assert f"record:{record.id}" in done.output


def changed(path, change) -> ledger_file.LedgerFile:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    return ledger_file.read(json.dumps(line) for line in lines)


def entries(lines):
    return [line for line in lines if isinstance(line, list)]


def an_entry_is_altered(lines):
    entries(lines)[1][5] = "{}"


def an_entry_is_gone(lines):
    lines.remove(entries(lines)[1])


def the_last_entry_is_gone(lines):
    lines.remove(entries(lines)[-1])


def the_chain_is_computed_anew(lines):
    entries(lines)[1][3] = "other"
    previous = ledger.GENESIS
    for entry in entries(lines):
        entry[6] = previous = ledger.chain_hash_after(previous, ledger.chained_text(*entry[:6]))


def a_head_is_altered(lines):
    next(line for line in lines if isinstance(line, dict) and "head" in line)["head"]["entries"] += 1


def there_is_no_head(lines):
    lines[:] = [line for line in lines if isinstance(line, list) or "head" not in line]


CHANGES = [
    an_entry_is_altered,
    an_entry_is_gone,
    the_last_entry_is_gone,
    the_chain_is_computed_anew,
    a_head_is_altered,
    there_is_no_head,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_a_file_that_was_tampered_with_is_not_sound(exported, change):
    assert not changed(exported, change).is_sound


def test_an_entry_that_was_added_behind_the_last_head_proves_nothing(exported, lms):
    """Its hash can be computed by anybody; only the heads are signed."""
    last = json.loads(exported.read_text().splitlines()[-1])
    added = [last[0] + 1, last[1] + 1, None, "issue record", "record:999", json.dumps({"number": "99/PALSU/2026"})]
    added.append(ledger.chain_hash_after(last[6], ledger.chained_text(*added)))
    exported.write_text(exported.read_text() + json.dumps(added) + "\n")
    done = lms("verify", str(exported), "--number", "99/PALSU/2026")
    assert done.exit_code == 1
    assert "✓" not in done.output
    assert lms("verify", str(exported)).exit_code == 0


def test_a_ledger_without_its_end_says_until_when_it_is_signed(record, lms, tmp_path):
    """Somebody may leave out a revocation, with the heads behind it, and claim any day of export."""
    path = tmp_path / "catatan.jsonl"
    services.revoke_record(record, "Keliru", actor_id=record.person_id, now=NOON + timedelta(days=30))
    ledger.extend_chain()
    ledger_heads.sign_head(now=NOON + timedelta(days=30))
    db.session.commit()
    assert lms("ledger", "export", str(path)).exit_code == 0
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    heads = [line for line in lines if isinstance(line, dict) and "head" in line]
    kept = heads[0]["head"]["entry_id"]
    lines = [line for line in lines if line not in heads[1:] and not (isinstance(line, list) and line[0] > kept)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    said = lms("verify", str(path), "--number", record.number).output
    assert "revoke record" not in said
    assert str(_("Signed %(moment)s.", moment=say_moment(NOON))) in said


def test_the_file_as_it_is_is_sound(exported):
    found = changed(exported, lambda _lines: None)
    assert found.is_sound
    assert found.entries == found.signed_until - entries_before(found)


def entries_before(found: ledger_file.LedgerFile) -> int:
    """Ids need not begin at 1."""
    return found.signed_until - found.entries


def test_a_head_from_paper_is_looked_up(record, lms):
    head = ledger_heads.printed_head()
    assert lms("ledger", "verify", "--printed", head).exit_code == 0
    other = head.partition(":")[0] + ":" + "0" * 64
    done = lms("ledger", "verify", "--printed", other)
    assert done.exit_code == 1
    assert other in done.output


def test_what_is_issued_later_carries_the_head(record, session):
    services.revoke_record(record, "Keliru", actor_id=record.person_id, now=NOON)
    new = services.replace_record(record, actor_id=record.person_id + 1, now=NOON + timedelta(minutes=1))
    assert new.snapshot["ledger_head"] == ledger_heads.printed_head() != ""
