"""The main navigation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, request
from flask_login import current_user

from lms.core.i18n import LazyString, lazy


@dataclass(frozen=True, eq=False)
class NavLink:
    """A link of the navigation. It is marked as current on pages of its ``section``."""

    section: str
    endpoint: str
    label: LazyString
    icon: str
    roles: tuple[str, ...] = ()
    """Shown to people with one of these roles; empty: to everyone."""


LINKS = (
    NavLink("home", "home.home", lazy("Home"), "home"),
    NavLink("courses", "courses.catalogue", lazy("Courses"), "book"),
    NavLink("records", "records.mine", lazy("Training"), "award"),
    NavLink("team", "reports.team", lazy("My unit"), "people", ("head",)),
    NavLink("teach", "home.teach", lazy("Teach"), "teach", ("instructor",)),
    NavLink("admin", "home.admin", lazy("Manage"), "tools", ("admin", "agency-admin")),
    NavLink("admin", "cohorts.list_", lazy("Cohorts"), "tools", ("committee",)),
)
OWN_LINK = NavLink("account", "auth.account", lazy("Account"), "user")
"""Apart from the others: on phones it stays at the top, which leaves the bottom bar to the other links."""

VISITOR_LINKS = (
    NavLink("courses", "courses.catalogue", lazy("Courses"), "book"),
    NavLink("verify", "records.verify", lazy("Verify a certificate"), "award"),
    NavLink("login", "auth.login", lazy("Sign in"), "user"),
)
SECTION_OF_PATH = {
    "": "home",
    "announcements": "courses",
    "courses": "courses",
    "inquiries": "courses",
    "attempts": "courses",
    "marks": "courses",
    "study-plan": "courses",
    "records": "records",
    "notices": "notices",
    "team": "team",
    "teach": "teach",
    "admin": "admin",
    "account": "account",
    "verify": "verify",
    "login": "login",
}

OFFICE_SECTIONS = ("team", "teach", "admin")
"""Sections whose pages load ``office.css`` too."""


def nav_links() -> tuple[NavLink, ...]:
    if not current_user.is_authenticated:
        return VISITOR_LINKS
    return _links_for(current_user.roles)


@cache
def _links_for(roles: frozenset[str]) -> tuple[NavLink, ...]:
    return tuple(link for link in LINKS if not link.roles or roles.intersection(link.roles))


def here() -> str | None:
    """The section of the requested path."""
    return SECTION_OF_PATH.get(request.path.split("/")[1])


def set_up(app: Flask) -> None:
    @app.context_processor
    def _navigation() -> dict[str, Any]:
        return {"nav_links": nav_links, "own_link": OWN_LINK, "here": here, "office_sections": OFFICE_SECTIONS}
