"""Commands of the site, run in this process by the application that is measured."""

from __future__ import annotations

from flask import Flask


def run(app: Flask, *words: str) -> None:
    from lms.cli import main

    done = app.test_cli_runner().invoke(main, list(words), obj=_Info(app))
    if done.exit_code:
        raise RuntimeError(done.output) from done.exception


class _Info:
    """Gives the command the application."""

    def __init__(self, app: Flask) -> None:
        self.app, self.data = app, {}

    def load_app(self) -> Flask:
        return self.app
