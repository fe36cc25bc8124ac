"""The application for a WSGI server: ``wsgi:app``. Whoever starts it serves people, so trial settings are refused."""

from config import Config, WrongSettings
from lms import create_app
from lms.web.requests import configure_logging

config = Config.from_env()
if problems := config.problems_for_production():
    raise WrongSettings(problems)
configure_logging()
app = create_app(config)
