"""Settings: what is read, what is refused, and that all faults are told at once."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from config import DEFAULT_SECRET, Config, WrongSettings

GOOD_SECRET = "q" * 32
README = (Path(__file__).parents[1] / "README.md").read_text()


def problems(**values: str) -> list[str]:
    with pytest.raises(WrongSettings) as refused:
        Config.from_env(values)
    return [str(one) for one in refused.value.problems]


def test_nothing_set_gives_a_working_try_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = Config.from_env({})
    assert config.database_url == f"sqlite:///{tmp_path}/instance/lms.sqlite"
    assert config.storage_url == f"file://{tmp_path}/instance/files"
    assert (config.base_url, config.timezone, config.language) == ("http://127.0.0.1:8000", "Asia/Jayapura", "id")
    assert (config.proxies, config.is_https, config.testing) == (0, False, False)


def test_an_empty_setting_is_an_unset_one(tmp_path):
    empty = dict.fromkeys(re.findall(r"LMS_[A-Z_]+", README), "")
    assert Config.from_env(empty | {"LMS_INSTANCE": str(tmp_path)}).timezone == "Asia/Jayapura"


def test_the_instance_folder_moves_database_and_files(tmp_path):
    config = Config.from_env({"LMS_INSTANCE": str(tmp_path / "tempat data")})
    assert config.database_url == f"sqlite:///{tmp_path}/tempat data/lms.sqlite"
    assert config.storage_url == f"file://{tmp_path}/tempat%20data/files"


def test_a_relative_instance_folder_is_told_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Config.from_env({"LMS_INSTANCE": "data"}).instance == tmp_path / "data"


@pytest.mark.parametrize(
    "address",
    ["https://belajar.example.go.id", "https://belajar.example.go.id/", "HTTPS://Belajar.Example.go.id"],
)
def test_the_sites_address_is_as_browsers_write_it(address):
    config = Config.from_env({"LMS_BASE_URL": address})
    assert (config.base_url, config.is_https) == ("https://belajar.example.go.id", True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_DATABASE_URL", "sqlite:////srv/lms.sqlite"),
        ("LMS_DATABASE_URL", "postgresql://lms:rahasia@localhost/lms"),
        ("LMS_DATABASE_URL", "postgresql:///lms?host=/run/postgresql"),
        ("LMS_STORAGE_URL", "file:///srv/lms/files"),
        ("LMS_STORAGE_URL", "s3://lms-files"),
        ("LMS_STORAGE_URL", "s3://lms-files/sub/folder"),
        ("LMS_BASE_URL", "http://10.0.0.5:8080"),
        ("LMS_BASE_URL", "https://[2001:db8::1]"),
        ("LMS_MAIL_URL", "smtp://pengirim:ra%2Fhasia@mail.contoh.go.id:587?tls=starttls&from=belajar@contoh.go.id"),
        ("LMS_MAIL_URL", "smtps://mail.contoh.go.id?from=belajar@contoh.go.id"),
        ("LMS_MAIL_URL", "file:///var/lib/lms/mails"),
        ("LMS_LANGUAGE", "en"),
        ("LMS_TIMEZONE", "Asia/Makassar"),
        ("LMS_PROXIES", "2"),
    ],
)
def test_these_can_be_used(name, value):
    Config.from_env({name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LMS_DATABASE_URL", "mysql://lms@localhost/lms"),
        ("LMS_DATABASE_URL", "postgres://lms@localhost/lms"),
        ("LMS_DATABASE_URL", "postgresql+psycopg2://lms@localhost/lms"),
        ("LMS_DATABASE_URL", "postgresql://lms:ra[hasia@localhost/lms"),
        ("LMS_DATABASE_URL", "/srv/lms.sqlite"),
        ("LMS_DATABASE_URL", "sqlite://"),
        ("LMS_DATABASE_URL", "sqlite:///var/lib/lms/lms.sqlite"),
        ("LMS_DATABASE_URL", "sqlite:///lms.sqlite"),
        ("LMS_STORAGE_URL", "memory:///"),
        ("LMS_BASE_URL", "https://admin@belajar.example.go.id"),
        ("LMS_BASE_URL", "https://belajar example.go.id"),
        ("LMS_BASE_URL", "https://belajar.example.go.id?x"),
        ("LMS_DATABSE_URL", "sqlite:////srv/lms.sqlite"),
        ("LMS_DATABASE_URL", "postgresql://lms:rahasia@localhost:lima/lms"),
        ("LMS_DATABASE_URL", "postgresql://lms:ra@hasia@localhost/lms"),
        ("LMS_BASE_URL", "https://belajar.example.go.id:https"),
        ("LMS_REDIS_URL", "redis://127.0.0.1:enam"),
        ("LMS_STORAGE_URL", "ftp://files"),
        ("LMS_STORAGE_URL", "/srv/files"),
        ("LMS_STORAGE_URL", "file://files"),
        ("LMS_STORAGE_URL", "file:"),
        ("LMS_STORAGE_URL", "s3://"),
        ("LMS_BASE_URL", "belajar.example.go.id"),
        ("LMS_BASE_URL", "https://"),
        ("LMS_BASE_URL", "https://[2001"),
        ("LMS_BASE_URL", "https://example.go.id/belajar"),
        ("LMS_BASE_URL", "javascript:alert(1)"),
        ("LMS_MAIL_URL", "mail.contoh.go.id"),
        ("LMS_MAIL_URL", "smtp://mail.contoh.go.id:587"),
        ("LMS_MAIL_URL", "smtp://mail.contoh.go.id:surel?from=belajar@contoh.go.id"),
        ("LMS_MAIL_URL", "smtp://mail.contoh.go.id?from=belajar@contoh.go.id&tls=ya"),
        ("LMS_MAIL_URL", "file://mails"),
        ("LMS_REDIS_URL", "127.0.0.1:6379"),
        ("LMS_REDIS_URL", "http://127.0.0.1:6379"),
        ("LMS_METRICS_TOKEN", "pendek"),
        ("LMS_LANGUAGE", "fr"),
        ("LMS_TIMEZONE", "Mars"),
        ("LMS_TIMEZONE", "Asia"),
        ("LMS_TIMEZONE", "../../etc/passwd"),
        ("LMS_TIMEZONE", "/etc/passwd"),
        ("LMS_PROXIES", "x"),
        ("LMS_PROXIES", "-1"),
        ("LMS_PROXIES", "1.5"),
    ],
)
def test_these_cannot_be_used_and_are_named(name, value):
    [problem] = problems(**{name: value})
    assert problem.startswith(name)


def test_all_faults_are_told_at_once():
    told = problems(LMS_DATABASE_URL="mysql://x", LMS_PROXIES="x", LMS_TIMEZONE="Mars", LMS_BASE_URL="x")
    assert {problem.split()[0] for problem in told} == {
        "LMS_DATABASE_URL",
        "LMS_PROXIES",
        "LMS_TIMEZONE",
        "LMS_BASE_URL",
    }


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("LMS_DATABSE_URL", "did you mean LMS_DATABASE_URL?"),
        ("LMS_BACKUP", "did you mean LMS_BACKUP_DIR?"),
        ("LMS_XYZ", "README.md lists the settings"),
    ],
)
def test_a_misspelt_setting_is_not_ignored(name, remedy):
    [problem] = problems(**{name: "anything"})
    assert remedy in problem


def test_a_relative_sqlite_file_is_told_with_its_whole_path():
    [problem] = problems(LMS_DATABASE_URL="sqlite:///var/lib/lms/lms.sqlite")
    assert problem.endswith(" sqlite:////var/lib/lms/lms.sqlite")


def test_a_missing_driver_is_named_with_its_remedy(monkeypatch):
    monkeypatch.setattr("config.find_spec", lambda _name: None)
    [problem] = problems(LMS_DATABASE_URL="postgresql://localhost/lms")
    assert "-r requirements.lock" in problem


def test_backups_go_where_the_setting_says_else_beside_the_database(tmp_path):
    assert Config.from_env({"LMS_INSTANCE": str(tmp_path)}).backups == tmp_path / "backups"
    assert Config.from_env({"LMS_BACKUP_DIR": str(tmp_path / "lain")}).backups == tmp_path / "lain"


def test_without_a_mail_server_mails_become_files_beside_the_database(tmp_path):
    assert Config.from_env({"LMS_INSTANCE": str(tmp_path)}).mail == (tmp_path / "mails").as_uri()
    assert Config.from_env({"LMS_MAIL_URL": "file:///lain"}).mail == "file:///lain"


@pytest.mark.parametrize("secret", [None, "", "rahasia", "q" * 31, DEFAULT_SECRET])
def test_no_secret_or_a_weak_one_never_serves_people(secret):
    config = Config.from_env({} if secret is None else {"LMS_SECRET_KEY": secret})
    problem = str(*config.problems_for_production())
    assert problem.startswith("LMS_SECRET_KEY")
    assert "\n" not in problem


def test_a_secret_of_its_own_serves():
    assert Config.from_env({"LMS_SECRET_KEY": GOOD_SECRET}).problems_for_production() == []


def test_every_setting_is_in_the_readme():
    source = (Path(__file__).parents[1] / "config.py").read_text()
    assert set(re.findall(r'"(LMS_[A-Z_]+)"', source)) == set(re.findall(r"`(LMS_[A-Z_]+)`", README))


def test_the_operators_file_of_settings_is_read_by_a_shell_as_by_systemd(tmp_path):
    """What stands in it has spaces and ``&``; without quotation marks a shell would take them for commands."""
    deploy = Path(__file__).resolve().parents[1] / "docs" / "deploy" / "lms.env"
    mail = "smtp://lms:ra$hasia@mail.example.go.id:587?tls=starttls&from=belajar@example.go.id"
    file = tmp_path / "lms.env"
    file.write_text(deploy.read_text().replace("LMS_MAIL_URL=''", f"LMS_MAIL_URL='{mail}'"))
    words = ["sh", "-c", f"set -a; . {file}; exec env"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert not done.stderr
    read = dict(line.split("=", 1) for line in done.stdout.splitlines() if line.startswith("LMS_"))
    assert read["LMS_SITE_NAME"] == "Belajar ASN"
    assert read["LMS_MAIL_URL"] == mail


@pytest.mark.parametrize(("user", "number", "by"), [("andi", 1000, "sudo"), ("root", 0, "runuser")])
def test_the_operators_command_becomes_the_servers_user_and_keeps_each_word(tmp_path, user, number, by):
    script = Path(__file__).resolve().parents[1] / "docs" / "deploy" / "lms.sh"
    (tmp_path / "id").write_text(f'#!/bin/sh\n[ "$1" = -u ] && echo {number} || echo {user}\n')
    (tmp_path / by).write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    for name in ("id", by):
        (tmp_path / name).chmod(0o755)
    words = ["person", "create", "--name", "Siti Aisyah, S.T."]
    done = subprocess.run(["/bin/sh", script, *words], env={"PATH": f"{tmp_path}"}, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["-u", "lms", "--", str(script), *words], done.stderr
