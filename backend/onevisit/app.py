"""Which steps make the application? Registers every step, nothing else."""

from flask import Flask
from flask_jwt_extended import JWTManager
from flask_migrate import Migrate

from onevisit import accounts, flow
from onevisit.config import Config, from_environment
from onevisit.core import clock
from onevisit.core.api import set_up_api
from onevisit.core.db import db
from onevisit.core.idempotency import set_up_idempotency

STEPS = ("regions", "departments", "accounts")


def create_app(config: Config | None = None) -> Flask:
    """The application; it never seeds (two workers would race)."""
    config = config or from_environment()
    app = Flask("onevisit", static_folder=None)
    app.config["ONEVISIT"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database
    app.config["JWT_SECRET_KEY"] = config.secret
    if config.today:
        clock.start_at(config.today)
    db.init_app(app)
    Migrate(app, db, directory=str(config.migrations), render_as_batch=True)
    app.extensions["onevisit.flow"] = flow.table()
    api = set_up_api(app)
    set_up_idempotency(app)
    accounts.set_up(app, JWTManager(app))
    register_steps(api)
    return app
