"""The main navigation: which places a person has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, request
from flask_login import current_user

from lms.core.i18n import LazyString, lazy


@dataclass(frozen=True, eq=False)
class Place:
    """A link of the navigation; ``section`` is what the current page names to be marked."""

    section: str
    endpoint: str
    label: LazyString
    icon: str
    roles: tuple[str, ...] = ()
    """Who has one of them has the place; none: everybody."""


PLACES = (
    Place("home", "home.home", lazy("Home"), "home"),
    Place("courses", "courses.catalogue", lazy("Courses"), "book"),
    Place("records", "records.mine", lazy("My training"), "award"),
    Place("team", "reports.team", lazy("My unit"), "people", ("head",)),
    Place("teach", "home.teach", lazy("Teach"), "teach", ("instructor",)),
    Place("admin", "home.admin", lazy("Manage"), "tools", ("admin", "agency-admin")),
    Place("admin", "cohorts.list_", lazy("Cohorts"), "tools", ("committee",)),
)
OWN_PLACE = Place("account", "accounts.account", lazy("Account"), "user")
"""Apart from the others: on phones it stays at the top, so that the bottom edge has room for all roles."""

VISITOR_PLACES = (
    Place("courses", "courses.catalogue", lazy("Courses"), "book"),
    Place("verify", "records.verify", lazy("Verify a certificate"), "award"),
    Place("login", "accounts.login", lazy("Sign in"), "user"),
)
SECTION_OF_PATH = {
    "": "home",
    "courses": "courses",
    "attempts": "courses",
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
"""Of those who lead, teach and manage: their pages have styles of their own."""


def places() -> tuple[Place, ...]:
    if not current_user.is_authenticated:
        return VISITOR_PLACES
    return _places_with(current_user.roles)


@cache
def _places_with(roles: frozenset[str]) -> tuple[Place, ...]:
    return tuple(place for place in PLACES if not place.roles or roles.intersection(place.roles))


def here() -> str | None:
    """The section the requested path lies in."""
    return SECTION_OF_PATH.get(request.path.split("/")[1])


def set_up(app: Flask) -> None:
    @app.context_processor
    def _navigation() -> dict[str, Any]:
        return {"places": places, "own_place": OWN_PLACE, "here": here, "office_sections": OFFICE_SECTIONS}
