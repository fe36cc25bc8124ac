"""Why a database cannot be used, in a sentence for the operator. Never shows the password."""

from __future__ import annotations

import os
from getpass import getuser

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from lms.core.i18n import gettext as _

_UNDEFINED_TABLE = "42P01"
_NOT_FOUND = ("could not translate host name", "failed to resolve host", "name or service not known")
_SILENT = ("connection refused", "timeout expired", "no route to host", "is unreachable", "timed out", "no such file")


def is_unusable(error: Exception) -> bool:
    """Whether the database itself is the problem, not the code: it cannot be reached, or lacks its tables."""
    if isinstance(error, ProgrammingError):
        return error.statement is None or getattr(error.orig, "sqlstate", None) == _UNDEFINED_TABLE
    return isinstance(error, OperationalError)


def is_away(error: Exception) -> bool:
    """Whether there was no connection, or it was lost: where in the code tells nothing then."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or (isinstance(error, OperationalError) and error.statement is None)


def explain(error: DBAPIError, url: str) -> str:
    """What is wrong and what to do. PostgreSQL gives the reason of a refused connection only as text."""
    message = str(error.orig)
    parts = make_url(url)
    if error.statement is None and parts.get_backend_name() == "postgresql":
        host = parts.host or str(parts.query.get("host", "localhost"))
        known = _refused_connection(message.lower(), parts.username or _this_user(), parts.database or "", host)
        if known:
            return known
    if "unable to open database file" in message:
        return _(
            "The database file %(file)s cannot be opened or made. Create its folder, give this user permission to write"
            " there, or correct LMS_DATABASE_URL.",
            file=parts.database or "",
        )
    why = next(iter(message.splitlines()), type(error).__name__)
    problem = _("The database cannot be used: %(why)s.", why=why.rstrip("."))
    if "disk is full" in message or "readonly" in message:
        return f"{problem} {_('Free some disk space, or give this user permission to write there.')}"
    return f"{problem} {_('If it is new, run: lms init')}"


def _this_user() -> str:
    """Whom the database is asked to let in where LMS_DATABASE_URL names nobody."""
    try:
        return getuser()
    except (KeyError, OSError):
        return f"#{os.getuid()}"


def _refused_connection(message: str, user: str, name: str, host: str) -> str | None:
    if "password authentication failed" in message or "no password supplied" in message:
        return _("The database refuses the password of the user %(user)s: correct LMS_DATABASE_URL.", user=user)
    if "peer authentication failed" in message or "no pg_hba.conf entry" in message:
        return _("The database does not let the user %(user)s in from here: correct LMS_DATABASE_URL.", user=user)
    if "role" in message and "does not exist" in message:
        return _("The database does not know the user %(user)s: create it, or correct LMS_DATABASE_URL.", user=user)
    if "database" in message and "does not exist" in message:
        return _("There is no database named %(name)s: create it, or correct LMS_DATABASE_URL.", name=name)
    if any(words in message for words in _NOT_FOUND):
        return _("There is no host named %(host)s: correct LMS_DATABASE_URL.", host=host)
    if any(words in message for words in _SILENT):
        return _("The database server at %(host)s does not answer: start it, or correct LMS_DATABASE_URL.", host=host)
    return None
