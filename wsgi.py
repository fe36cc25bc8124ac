"""The application for a WSGI server (``wsgi:app``) and for Flask's own commands (``flask --app wsgi ...``).

A WSGI server refuses to start without a secret of the site's own. Flask's commands are for development: where no secret
is set, they use a random one that is kept in the instance folder.
"""

import os

from config import Config, WrongSettings, development_secret
from lms.app import create_app
from lms.core import schema
from lms.web.requests import configure_logging

config = Config.from_env()
is_flask_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"
if is_flask_command and not os.environ.get("LMS_SECRET_KEY"):
    config = config.with_secret(development_secret(config.instance))
if problems := config.problems_for_production():
    raise WrongSettings(problems)
configure_logging()
app = create_app(config)
if is_flask_command:
    schema.connect_migrations(app)
