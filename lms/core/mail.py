"""Outgoing mail: to an SMTP server, or as files in a folder for trying out.

The address is ``LMS_MAIL_URL``: ``smtp://user:password@host:587?tls=starttls&from=belajar@contoh.go.id``
(``tls`` is ``starttls``, ``implicit`` or ``none``), ``smtps://…`` for TLS from the first byte, or
``file:///folder``. Only jobs send: nobody waits in a browser for a mail server.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import url2pathname

TIMEOUT_SECONDS = 20
"""Without a byte from the server."""
DEADLINE_SECONDS = 60
"""For a connection with its sign-in, and for each mail, however the bytes come."""
TLS = ("starttls", "implicit", "none")
Send = Callable[[EmailMessage], None]


class MailNotTaken(Exception):
    """The server did not accept this mail. ``is_final``: trying again is pointless."""

    def __init__(self, why: str, *, is_final: bool) -> None:
        super().__init__(why)
        self.is_final = is_final


class MailServerGone(Exception):
    """No mail can be sent now, to any recipient."""


@dataclass(frozen=True)
class MailServer:
    """Where mails go: to ``host``, or into files if ``folder`` is set."""

    folder: Path | None
    host: str
    port: int
    tls: str
    user: str
    password: str
    sender: str
    """Empty if the URL names none."""


def server(url: str) -> MailServer:
    """The parts of ``LMS_MAIL_URL``.

    :raises ValueError: it is none; the text says what is wrong with it.
    """
    parts = urlsplit(url)
    values = {name: texts[-1] for name, texts in parse_qs(parts.query).items()}
    sender = values.get("from", "")
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return MailServer(Path(url2pathname(parts.path)), "", 0, "none", "", "", sender)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("must be smtp://host:port?from=…, smtps://… or file:///folder")
    tls = values.get("tls", "implicit" if parts.scheme == "smtps" else "starttls")
    if tls not in TLS:
        raise ValueError(f"has tls={tls}; it may be: {', '.join(TLS)}")
    if not sender.isascii() or sender.count("@") != 1:
        raise ValueError("needs the sender's address: …?from=belajar@contoh.go.id")
    port = parts.port or (465 if tls == "implicit" else 587)
    return MailServer(
        None, parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""), sender
    )


@contextmanager
def sending(to: MailServer) -> Iterator[Send]:
    """One connection for many mails; yields the function that sends one.

    :raises MailServerGone: no connection, or it was lost; what the server had taken by then is taken.
    """
    if to.folder is not None:
        folder = to.folder
        yield lambda message: _write(folder, message)
        return
    try:
        connection = _connected(to)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerGone(_why(error)) from error
    try:
        yield lambda message: _send(connection, message)
    finally:
        _leave(connection)


def _connected(to: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    connection: smtplib.SMTP = (
        smtplib.SMTP_SSL(timeout=TIMEOUT_SECONDS, context=context)
        if to.tls == "implicit"
        else smtplib.SMTP(timeout=TIMEOUT_SECONDS)
    )
    try:
        with _deadline(connection):
            connection._host = to.host  # type: ignore[attr-defined]  # the name that a certificate must have
            code, text = connection.connect(to.host, to.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)
            if to.tls == "starttls":
                connection.starttls(context=context)
            if to.user:
                connection.login(to.user, to.password)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def _deadline(connection: smtplib.SMTP) -> Iterator[None]:
    """The timeout of a socket begins anew with each byte.

    :raises MailServerGone: the time is over; the connection is cut.
    """
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):
            if connection.sock is not None:
                socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(DEADLINE_SECONDS, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, smtplib.SMTPException, ValueError) as error:
        if is_over.is_set():
            raise MailServerGone(f"too slow: not done in {DEADLINE_SECONDS} seconds") from error
        raise
    finally:
        timer.cancel()


def _send(connection: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        with _deadline(connection):
            connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise MailNotTaken(_answer(code, text), is_final=code >= 500) from error
    except smtplib.SMTPServerDisconnected as error:
        raise MailServerGone(_why(error)) from error
    except smtplib.SMTPResponseException as error:
        raise MailNotTaken(_answer(error.smtp_code, error.smtp_error), is_final=False) from error
    except (ValueError, smtplib.SMTPException) as error:  # an address that no server could take
        raise MailNotTaken(type(error).__name__, is_final=True) from error
    except OSError as error:
        raise MailServerGone(_why(error)) from error


def _leave(connection: smtplib.SMTP) -> None:
    try:
        with _deadline(connection):
            connection.quit()
    except (OSError, smtplib.SMTPException, MailServerGone):
        connection.close()


def _write(folder: Path, message: EmailMessage) -> None:
    """Write under another name first, so that no file is ever partial."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "-", str(message["Message-ID"]).strip("<>"))
    partial = folder / f".{name}.part"
    partial.write_bytes(message.as_bytes())
    partial.replace(folder / f"{name}.eml")


def _why(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return getattr(error, "strerror", None) or type(error).__name__


def _answer(code: int, text: bytes | str) -> str:
    """The server's answer without the addresses that it repeats."""
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} " + re.sub(r"\S+@\S+", "…", " ".join(words.split()))[:150]
