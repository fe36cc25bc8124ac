"""Hooks: what ``create_app`` connects, and what it refuses to start without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lms.app import create_app
from lms.core import hooks
from lms.core.hooks import Hook, KeyedHook, check_all_are_connected


@pytest.fixture(autouse=True)
def forget_new_hooks() -> Iterator[None]:
    before = list(hooks._all)
    yield
    hooks._all[:] = before


def connections() -> dict[str, list[object]]:
    return {hook._name: list(hook) for hook in hooks._all if isinstance(hook, KeyedHook)}


@pytest.mark.once
def test_a_second_application_in_one_process_connects_nothing_twice(app: Flask) -> None:
    counts = {name: len(values) for name, values in connections().items()}
    assert counts["question_figures"] == 1
    assert (counts["stored_work"], counts["score_explanations"]) == (3, 2)
    create_app(replace(app.config["LMS"], site_name="Another"))
    assert {name: len(values) for name, values in connections().items()} == counts


def test_a_key_is_replaced() -> None:
    hook: KeyedHook[str] = KeyedHook("colours")
    hook.register("sky", "grey")
    hook.register("grass", "green")
    hook.register("sky", "blue")
    assert list(hook) == ["blue", "green"]
    assert (hook["sky"], hook.get("sea")) == ("blue", None)


def test_a_forgotten_hook_is_named_at_start() -> None:
    forgotten: Hook[[], None] = Hook("forgotten")
    with pytest.raises(RuntimeError, match="forgotten"):
        check_all_are_connected()
    with pytest.raises(RuntimeError, match="forgotten"):
        forgotten()
    forgotten.connect(lambda: None)
    check_all_are_connected()


def test_a_keyed_hook_without_values_is_named_at_start() -> None:
    empty: KeyedHook[str] = KeyedHook("empty")
    with pytest.raises(RuntimeError, match="empty"):
        check_all_are_connected()
    empty.register("any", "value")
    check_all_are_connected()


def test_a_missing_required_key_is_named_at_start() -> None:
    hook: KeyedHook[str] = KeyedHook("colours", lambda: ["sky", "grass"])
    hook.register("sky", "blue")
    with pytest.raises(RuntimeError, match=r"colours\[grass\]"):
        check_all_are_connected()
