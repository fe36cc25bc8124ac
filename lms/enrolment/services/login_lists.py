"""Reading a pasted list of login names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lms.core.i18n import gettext as _
from lms.people import nip
from lms.people import queries as persons
from lms.people.models import Person
from lms.people.names import login_name
from lms.people.scopes import Scope
from lms.people.services.numbers import nip_problem_text


@dataclass
class LoginList:
    """``unknown`` are valid login names without an account; ``problems`` are pairs of a line and what is wrong with
    it."""

    people: list[Person] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def read_login_list(lines: Iterable[str], scope: Scope) -> LoginList:
    """Find the people of a list. Login names outside a limited scope are problems, whether they exist or not."""
    listed = LoginList()
    named = [(line, login_name(line)) for line in lines]
    people = persons.people_named({login for _line, login in named})
    for line, login in named:
        person = people.get(login)
        problem = _problem(login, line, person, scope)
        if problem is not None:
            listed.problems.append((line, problem))
        elif person is not None:
            listed.people.append(person)
        else:
            listed.unknown.append(login)
    return listed


def _problem(login: str, line: str, person: Person | None, scope: Scope) -> str | None:
    if person is None:
        problem = None if "@" in login else nip.problem_of(line)
        if problem is not None:
            return nip_problem_text(problem, line)
        if "@" in login and (len(login) > 254 or "." not in login.rpartition("@")[2]):
            return str(_("Not a valid e-mail address. It should look like nama@contoh.go.id."))
    if scope.unit_ids is not None and (person is None or not scope.covers(person.unit_id)):
        return str(_("Nobody of your agency has this number or address."))
    if person is not None and not person.is_active:
        return str(_("This account is switched off."))
    return None
