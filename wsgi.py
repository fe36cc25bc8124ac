"""The application for a WSGI server: ``wsgi:app``."""

from config import Config
from lms import create_app

app = create_app(Config.from_env())
