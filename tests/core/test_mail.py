"""Mail to a real SMTP server, and into a folder."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from email import message_from_bytes
from email.message import EmailMessage
from time import monotonic, sleep

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from lms.core import mail
from lms.core.mail import MailNotTaken, MailServerGone


class Box:
    """What the server was given; addresses in ``refused`` are answered with their code."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: dict[str, str] = {}
        self.sessions: set[int] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.sessions.add(id(session))
        self.letters.append(message_from_bytes(envelope.content))
        return "250 OK"


def _may_enter(_server, _session, _envelope, _mechanism, data):
    is_right = isinstance(data, LoginPassword) and data.password == b"rahasia/benar"
    return AuthResult(success=is_right, handled=is_right)


@pytest.fixture
def box():
    return Box()


@pytest.fixture
def smtp(box):
    controller = Controller(
        box, hostname="127.0.0.1", port=_free_port(), auth_require_tls=False, authenticator=_may_enter
    )
    controller.start()
    yield controller
    if not controller.loop.is_closed():
        controller.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def letter(to: str = "peserta@contoh.id", number: int = 1) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "belajar@contoh.go.id", to, "Tenggat"
    message["Message-ID"] = f"<notice.{number}@contoh.go.id>"
    message.set_content("Isi dengan é dan …")
    return message


def server(smtp, user: str = ""):
    return mail.server(f"smtp://{user}127.0.0.1:{smtp.port}?tls=none&from=belajar@contoh.go.id")


def test_many_mails_go_over_one_connection(smtp, box):
    with mail.sending(server(smtp)) as send:
        send(letter(number=1))
        send(letter(number=2))
    assert [one["Message-ID"] for one in box.letters] == ["<notice.1@contoh.go.id>", "<notice.2@contoh.go.id>"]
    assert len(box.sessions) == 1
    assert "é" in box.letters[0].get_payload(decode=True).decode()


def test_signing_in_with_a_password_that_needs_escaping(smtp, box):
    with mail.sending(server(smtp, "pengirim:rahasia%2Fbenar@")) as send:
        send(letter())
    assert len(box.letters) == 1


def test_a_wrong_password_is_told_and_no_mail_is_lost_by_it(smtp, box):
    with pytest.raises(MailServerGone, match="535"), mail.sending(server(smtp, "pengirim:salah@")):
        pass


@pytest.mark.parametrize(("answer", "is_final"), [("550 no such user", True), ("451 try later", False)])
def test_an_address_that_is_refused_holds_up_no_other(smtp, box, answer, is_final):
    box.refused["peserta@contoh.id"] = f"{answer} peserta@contoh.id"
    with mail.sending(server(smtp)) as send:
        with pytest.raises(MailNotTaken) as refusal:
            send(letter())
        send(letter("lain@contoh.id", 2))
    assert refusal.value.is_final is is_final
    assert "peserta@contoh.id" not in str(refusal.value)
    assert len(box.letters) == 1


def test_no_server_at_all():
    port = _free_port()
    nobody = mail.server(f"smtp://127.0.0.1:{port}?tls=none&from=belajar@contoh.go.id")
    with pytest.raises(MailServerGone), mail.sending(nobody):
        pass


def test_a_server_that_is_stopped_in_the_middle(smtp, box):
    with mail.sending(server(smtp)) as send:
        send(letter())
        smtp.stop()
        with pytest.raises(MailServerGone):
            send(letter(number=2))


def test_a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for(smtp, box):
    asked = mail.server(f"smtp://127.0.0.1:{smtp.port}?from=belajar@contoh.go.id")
    assert asked.tls == "starttls"
    with pytest.raises(MailServerGone), mail.sending(asked):
        pass
    assert box.letters == []


class Dripping(threading.Thread):
    """A server that answers well up to a line, and then a byte now and then."""

    def __init__(self, well: int) -> None:
        super().__init__(daemon=True)
        self.well, self.socket = well, socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def run(self) -> None:
        connection, _address = self.socket.accept()
        with connection, connection.makefile("rb") as asked, suppress(OSError):
            for answer in (b"220 x", b"250 x", b"250 x", b"250 x", b"354 x", b"250 x")[: self.well]:
                connection.sendall(answer + b"\r\n")
                while (line := asked.readline()).strip() not in (b".", b"") and answer.startswith(b"354"):
                    assert line
            for _byte in range(200):
                connection.sendall(b"2")
                sleep(0.1)


@pytest.mark.parametrize("well", [0, 2, 5], ids=["greeting", "address", "message"])
def test_a_server_that_answers_a_byte_now_and_then_is_left(monkeypatch, well):
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 5)
    monkeypatch.setattr(mail, "DEADLINE_SECONDS", 0.5)
    slow = Dripping(well)
    slow.start()
    began = monotonic()
    with pytest.raises(MailServerGone, match="too slow"), mail.sending(server(slow)) as send:
        send(letter())
    assert monotonic() - began < 4
    slow.socket.close()


def test_into_a_folder_each_mail_once(tmp_path):
    to = mail.server((tmp_path / "mails").as_uri())
    for _ in range(2):
        with mail.sending(to) as send:
            send(letter())
    [file] = list((tmp_path / "mails").iterdir())
    assert message_from_bytes(file.read_bytes())["Subject"] == "Tenggat"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://host",
        "smtp://host?from=tanpa-alamat",
        "smtp://?from=a@b.id",
        "http://host?from=a@b.id",
        "smtp://host?from=a@b.id&tls=ssl",
        "file://folder",
        "",
    ],
)
def test_what_is_no_address_of_mail_is_said(url):
    with pytest.raises(ValueError):
        mail.server(url)


def test_ports_follow_the_kind_of_connection():
    assert mail.server("smtp://h?from=a@b.id").port == 587
    assert mail.server("smtps://h?from=a@b.id").port == 465
    assert mail.server("smtps://h?from=a@b.id").tls == "implicit"
    assert mail.server("smtp://u%40x:p%3Aq@h:2525?from=a@b.id").user == "u@x"
