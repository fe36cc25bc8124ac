"""The doctor and the monitor: each trouble is named with one remedy, and nobody else reads the numbers."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from factories import make_admin, make_course, make_enrolment, make_person
from flask.cli import ScriptInfo
from sqlalchemy import text, update

from config import DEFAULT_SECRET, Config
from lms.auth.models import SecondFactor
from lms.cli import main
from lms.core import clock, jobs, ledger, schema, storage
from lms.core.db import db
from lms.core.jobs import Job, JobLease
from lms.core.mail import MailServerGone
from lms.core.small_transactions import SomeFailed
from lms.counts.jobs import check_counts
from lms.counts.models import EnrolmentCount
from lms.counts.services import count_all
from lms.notices.models import Notice
from lms.ops import jobs as own_jobs
from lms.ops import queries
from lms.ops.models import Backup, EvidenceCheck
from lms.ops.services import checks
from lms.people.models import RoleGrant


@pytest.fixture
def sound(app, tmp_path) -> Config:
    """A site with nothing to complain of."""
    now = clock.now()
    jobs.run_once(app, [Job("work", lambda: None)])
    admin = make_admin()
    db.session.add(SecondFactor(person_id=admin.id, sealed_secret="x", created_at=now, last_step=0))
    db.session.add(EvidenceCheck(started_at=now, finished_at=now, disagreements=0, found=[]))
    db.session.add(Backup(started_at=now, finished_at=now, file_name="x.tar", size=1, is_checked=True))
    db.session.commit()
    config: Config = app.config["LMS"]
    return replace(
        config,
        secret_key="q" * 40,
        base_url="https://belajar.example.go.id",
        proxies=1,
        instance=tmp_path,
        redis_url="",
        mail_url="smtp://127.0.0.1:1?from=a@b.go.id",
    )


@pytest.fixture(autouse=True)
def reachable(monkeypatch):
    """Servers that a check knocks at: all are there, but for those a test names."""
    gone: set[int] = set()

    @contextmanager
    def sending(to):
        if to.port in gone and to.folder is None:
            raise MailServerGone("535 Authentication failed")
        yield lambda _message: None

    monkeypatch.setattr(checks, "_answers", lambda _host, port: port not in gone)
    monkeypatch.setattr(checks.mail, "sending", sending)
    return gone


def found(config: Config, **changes) -> dict[str, checks.Finding]:
    db.session.rollback()
    return {one.name: one for one in checks.examine(replace(config, **changes), clock.now())}


def troubles(config: Config, **changes) -> dict[str, str]:
    """Names and states of what is not well; each has a remedy."""
    bad = {name: one for name, one in found(config, **changes).items() if one.state != "ok"}
    assert all(one.remedy for one in bad.values())
    return {name: one.state for name, one in bad.items()}


@pytest.fixture
def english(app):
    """Checks are told apart by their names."""
    from flask_babel import force_locale

    with force_locale("en"):
        yield


pytestmark = pytest.mark.usefixtures("english")
ALWAYS = {"backup folder": "warning"}
"""In a test all is on one disk."""


def test_a_site_without_an_admin_is_told(sound):
    db.session.query(SecondFactor).delete()
    db.session.query(RoleGrant).delete()
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"second step": "problem"}


def test_a_sound_site_has_nothing_to_fix(sound):
    assert troubles(sound) == ALWAYS
    assert not [one for one in found(sound).values() if one.state == "ok" and one.remedy]


@pytest.mark.parametrize(
    ("changes", "name", "state"),
    [
        ({"secret_key": DEFAULT_SECRET}, "secret", "problem"),
        ({"base_url": "http://belajar.example.go.id"}, "https", "problem"),
        ({"base_url": "http://127.0.0.1:8000"}, "https", "warning"),
        ({"proxies": 0}, "https", "warning"),
        ({"mail_url": "file:///tmp/mails"}, "mail", "warning"),
    ],
)
def test_a_setting_that_is_not_for_real_people_is_named(sound, changes, name, state):
    assert troubles(sound, **changes) == ALWAYS | {name: state}


def test_counts_that_are_wrong_or_not_kept_any_more_are_told(sound):
    make_enrolment(make_person(), make_course())
    count_all()
    db.session.execute(update(EnrolmentCount).values(number=2))
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"counts": "warning"}
    on = " ON enrolment" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER mark_enrolment{on}"))
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"counts": "problem"}
    schema.upgrade()
    assert troubles(sound) == ALWAYS | {"counts": "warning"}
    check_counts()
    assert troubles(sound) == ALWAYS


def test_servers_that_do_not_answer_are_named(sound, reachable):
    reachable.update({1, 6380})
    assert troubles(sound, redis_url="redis://127.0.0.1:6380") == ALWAYS | {"mail": "problem", "redis": "warning"}


def test_what_a_mail_server_answers_is_told(sound, reachable):
    """Also that a password is wrong: who only knocks at its door hears nothing of that."""
    reachable.add(1)
    assert "535 Authentication failed" in found(sound)["mail"].text


def test_mails_that_wait_after_a_failed_try_are_told(sound):
    now = clock.now()
    person = make_person(email="a@contoh.go.id")
    values = {"person_id": person.id, "key": "x", "channel": "mail", "kind": "reminder", "facts": {}, "link": "/"}
    db.session.add(Notice(**values, created_at=now, due_at=now, state="waiting", tries=3, error="535 no"))
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"outbox": "warning"}
    assert "535 no" in found(sound)["outbox"].text


def test_jobs_that_are_behind_are_named_with_what_befell_them(sound):
    row = db.session.get_one(JobLease, "work")
    row.last_finished_at, row.last_error = clock.now() - timedelta(hours=1), "OperationalError"
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"jobs": "problem"}
    assert "work (OperationalError)" in found(sound)["jobs"].text


def test_a_server_whose_jobs_never_ran_is_told(sound):
    db.session.query(JobLease).delete()
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"jobs": "problem"}


@pytest.mark.parametrize(
    "change",
    [
        {"is_checked": False},
        {"started_at": clock.now() - timedelta(hours=31)},
        {"damaged_files": 2},
    ],
    ids=["none", "old", "damaged"],
)
def test_a_backup_that_is_missing_old_or_not_whole_is_a_problem(sound, change):
    db.session.query(Backup).update(change)
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"backup": "problem"}


def test_a_storage_that_takes_nothing_is_told(sound, monkeypatch):
    def fail(**_values) -> None:
        raise storage.StorageUnavailable("gone")

    monkeypatch.setattr(storage, "check", fail)
    assert troubles(sound) == ALWAYS | {"storage": "problem"}
    assert "AWS_ALLOW_HTTP" in found(sound, storage_url="s3://lms")["storage"].remedy
    assert "AWS" not in found(sound, storage_url="file:///srv/lms")["storage"].remedy


def test_a_full_disk_is_told(sound, monkeypatch):
    class Usage:
        free = 1_000_000_000

    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _path: Usage)
    assert troubles(sound) == ALWAYS | {"disk": "warning"}
    Usage.free = 100
    assert troubles(sound) == ALWAYS | {"disk": "problem"}


@pytest.mark.parametrize("setting", ["backup_dir", "storage_url", "instance"])
def test_of_several_disks_the_fullest_is_told(sound, monkeypatch, tmp_path, setting):
    full = tmp_path / "full"
    full.mkdir()

    def usage(path):
        return SimpleNamespace(free=100 if path == full else 9_000_000_000_000)

    monkeypatch.setattr(checks.shutil, "disk_usage", usage)
    finding = found(sound, **{setting: full.as_uri() if setting == "storage_url" else full})["disk"]
    assert finding.state == "problem"
    assert str(full) in finding.text


def test_a_clock_that_goes_wrong_is_told(sound):
    for seconds, state in [(90, "problem"), (20, "warning"), (-20, "warning"), (1, "ok")]:
        db.session.rollback()
        told = {one.name: one.state for one in checks.examine(sound, clock.now() + timedelta(seconds=seconds))}
        assert told["clock"] == state


def test_demo_people_are_a_problem(sound):
    make_person(is_demo=True)
    db.session.commit()
    assert troubles(sound) == ALWAYS | {"demo people": "problem"}


def test_without_its_tables_the_database_is_named_and_the_rest_is_left_out(sound, monkeypatch):
    monkeypatch.setattr(checks.schema, "missing_migrations", lambda: ["0007"])
    assert list(found(sound))[-1] == "database"
    assert troubles(sound) == {"database": "problem"}


def test_the_command_ends_with_1_where_something_must_be_fixed(app, sound):
    def doctor(config: Config):
        app.config["LMS"] = config
        return CliRunner().invoke(main, ["doctor"], obj=ScriptInfo(create_app=lambda: app))

    before = app.config["LMS"]
    try:
        well = doctor(sound)
        bad = doctor(replace(sound, base_url="http://belajar.example.go.id"))
    finally:
        app.config["LMS"] = before
    assert (well.exit_code, bad.exit_code) == (0, 1)
    assert "✗ https" in bad.output
    assert sound.secret_key not in bad.output


# the monitor


@contextmanager
def setting(app, **changes):
    before = app.config["LMS"]
    app.config["LMS"] = replace(before, **changes)
    try:
        yield
    finally:
        app.config["LMS"] = before


def test_a_monitor_reads_numbers_in_prometheus_form(app, sound, client):
    make_enrolment(make_person(), make_course())
    client.get("/courses")
    answer = client.get("/metrics")
    page = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    for line in ("lms_enrolments 1", 'lms_job_behind{job="work"} 0', "lms_outbox_waiting 0"):
        assert line in page
    assert re.search(r'lms_requests_total\{endpoint="courses.catalogue",status="200"\} \d', page)
    for line in page.splitlines():
        assert line.startswith("# ") or re.fullmatch(r'[a-z_]+(\{([a-z]+="[^"]*",?)+\})? ([-+0-9.e]+|\+Inf)', line), (
            line
        )
    counts = [int(count) for count in re.findall(r"seconds_bucket\{.*\} (\d+)", page)]
    assert counts == sorted(counts)
    assert "lms_request_seconds_count " in page


def test_only_the_token_or_this_machine_opens_the_numbers(app, session):
    client = app.test_client()
    far = {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", **far).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 404
    with setting(app, metrics_token="k" * 20):
        assert client.get("/metrics").status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer " + "k" * 19}).status_code == 404
        assert client.get("/metrics", headers={"Authorization": "Bearer " + "k" * 20}, **far).status_code == 200


# the daily backup


@pytest.fixture
def folder(app, tmp_path):
    with setting(app, backup_dir=tmp_path / "backups"):
        yield tmp_path / "backups"


def test_the_daily_backup_is_made_once_and_read_back(app, folder):
    for _ in range(2):
        jobs.run_once(app, [Job("back up daily", own_jobs.back_up_daily)])
    [file] = folder.iterdir()
    row = queries.last_backup()
    assert (row.file_name, row.size, row.is_checked) == (file.name, file.stat().st_size, True)
    assert folder.stat().st_mode & 0o077 == 0


def test_a_backup_of_a_clock_that_was_ahead_is_followed_by_a_right_one(app, folder):
    ahead = clock.now() + timedelta(hours=2)
    db.session.add(Backup(started_at=ahead, finished_at=ahead, file_name="lms-daily-x.tar", is_checked=True, size=0))
    db.session.commit()
    assert queries.backup_state(clock.now()).is_late
    for _ in range(2):
        own_jobs.back_up_daily()
    [file] = folder.iterdir()
    assert queries.last_backup().file_name == file.name
    assert not queries.backup_state(clock.now()).is_late


def test_a_backup_that_fails_is_noted_and_not_tried_again_at_once(app, folder, monkeypatch):
    tries = []

    def fail(*_args, **_values):
        tries.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_jobs.making, "make_backup", fail)
    for _ in range(2):
        jobs.run_once(app, [Job("back up daily", own_jobs.back_up_daily)])
    assert len(tries) == 1
    assert queries.last_backup() is None
    assert queries.last_attempt().error == "OSError"
    assert db.session.get_one(JobLease, "back up daily").last_error is None


def test_a_backup_that_was_killed_is_made_again_and_leaves_nothing(app, folder):
    folder.mkdir()
    left = folder / ".lms-daily-20260101-020000.tar.part"
    left.write_bytes(b"half of it")
    kept = folder / ".mine.tar.part"
    kept.write_bytes(b"somebody else's")
    db.session.add(Backup(started_at=clock.now(), file_name="lms-daily-20260101-020000.tar"))
    db.session.commit()
    own_jobs.back_up_daily()
    assert queries.last_backup() is not None
    assert (left.exists(), kept.exists()) == (False, True)


def test_a_file_that_cannot_be_removed_keeps_no_backup_from_being_made(app, folder):
    (folder / ".lms-daily-20260101-020000.tar.part").mkdir(parents=True)
    with pytest.raises(SomeFailed):
        own_jobs.back_up_daily()
    assert queries.last_backup() is not None


def test_a_backup_of_yesterday_makes_room_for_todays(app, folder):
    now = clock.now()
    folder.mkdir()
    for days in range(1, 60):
        (folder / f"{days}.tar").write_bytes(b"")
        started = now - timedelta(days=days)
        db.session.add(
            Backup(started_at=started, finished_at=started, file_name=f"{days}.tar", is_checked=True, size=0)
        )
    db.session.commit()
    own_jobs.back_up_daily()
    left = {path.name for path in folder.iterdir()}
    assert 14 < len(left) <= 15 + 8
    assert {f"{days}.tar" for days in range(1, 13)} < left


@pytest.mark.parametrize("kind", ["job", "backup", "ledger"])
def test_what_is_dated_later_than_now_is_told(sound, session, kind):
    ahead = clock.now() + timedelta(hours=2)
    if kind == "job":
        session.query(JobLease).update({"last_finished_at": ahead})
    elif kind == "backup":
        session.add(Backup(started_at=ahead, finished_at=ahead, file_name="y.tar", error="OSError"))
    else:
        ledger.record(None, "do", "thing:1", now=ahead)
    session.commit()
    assert troubles(sound)["moments"] == "warning"
