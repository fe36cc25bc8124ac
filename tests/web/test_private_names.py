"""Names of other libraries that are not part of their interface, each with the version in which it was looked at.

After an upgrade: read the library's code again, then change the version here.
"""

from __future__ import annotations

import logging
from importlib.metadata import version
from inspect import getsource

import pytest
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_login.utils import _get_user

from lms.web.access import SignInManager
from lms.web.rate_limits import RateLimiter


@pytest.mark.parametrize(("library", "looked_at"), [("Flask-Login", "0.6"), ("Flask-Limiter", "4.1")])
def test_the_versions_are_those_that_were_looked_at(library, looked_at):
    assert version(library).rpartition(".")[0] == looked_at


@pytest.mark.parametrize(
    ("ours", "theirs", "names"),
    [
        (SignInManager, LoginManager, {"_update_remember_cookie", "_session_protection_failed"}),
        (RateLimiter, Limiter, {"_check_request_limit"}),
    ],
)
def test_what_we_override_is_there(ours, theirs, names):
    assert {name for name in vars(ours) if name.startswith("_") and not name.endswith("__")} == names
    assert names <= set(vars(theirs))


def test_the_signed_in_person_is_kept_where_the_error_page_puts_the_anonymous_one():
    assert "g._login_user" in getsource(_get_user)


def test_the_log_looks_for_no_source_file():
    assert hasattr(logging, "_srcfile")
