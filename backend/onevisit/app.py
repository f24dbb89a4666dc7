"""Which steps make the application? Registers every step, nothing else."""

import json
from importlib import import_module

from flask import Flask
from flask_jwt_extended import JWTManager
from flask_migrate import Migrate

from onevisit import flow, front
from onevisit.accounts.queries import actor_of
from onevisit.config import Config, from_environment
from onevisit.core import clock
from onevisit.core.api import answer_problem, set_up_api
from onevisit.core.db import db
from onevisit.core.idempotency import set_up_idempotency
from onevisit.core.journal import Journal
from onevisit.core.problems import Problem

STEPS = (
    "regions",
    "departments",
    "accounts",
    "subjects",
    "items",
    "inspectors",
    "plans",
    "tasks",
    "draws",
    "dispatches",
    "evidence",
    "visits",
    "reviews",
    "publications",
    "papers",
)
ROUTES = (
    *(f"{step}.routes" for step in STEPS),
    "visits.paper_routes",
    "visits.phone_routes",
    "visits.fleet_routes",
    "visits.sample_routes",
    "visits.link_routes",
    "draws.following_routes",
    "draws.caps_routes",
    "plans.reading_routes",
    "plans.watch_routes",
    "plans.life_routes",
    "items.public_routes",
    "publications.list_routes",
    "publications.request_routes",
    "dispatches.ledger_routes",
    "dispatches.merge_routes",
    "dispatches.calendar_routes",
    "dispatches.scheme_routes",
    "dispatches.notice_routes",
    "subjects.entry_routes",
    "subjects.library_routes",
    "subjects.import_routes",
    "subjects.correction_routes",
    "inspectors.entry_routes",
)


def create_app(config: Config | None = None) -> Flask:
    """The application; it never seeds (two workers would race)."""
    config = config or from_environment()
    app = Flask("onevisit", static_folder=None)
    app.config["ONEVISIT"] = config
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "hide_parameters": True,  # a log must not name people
        "json_serializer": lambda value: json.dumps(value, ensure_ascii=False),
    }
    app.config["JWT_SECRET_KEY"] = config.secret
    if config.today:
        clock.start_at(config.today)
    db.init_app(app)
    keep_journal(app, config)
    Migrate(app, db, directory=str(config.migrations), render_as_batch=True)
    app.extensions["onevisit.account_loader"] = actor_of
    app.extensions["onevisit.flow"] = flow.table()
    _set_up_tokens(app)
    api = set_up_api(app)
    set_up_idempotency(app)
    for routes in ROUTES:
        api.register_blueprint(import_module(f"onevisit.{routes}").bp)
    front.set_up(app)
    return app


def keep_journal(app: Flask, config: Config) -> None:
    """Every commit of this application is journalled before it happens, unless somebody does without (tests)."""
    app.extensions["onevisit.journal"] = journal = None
    if config.journal is not None:
        app.extensions["onevisit.journal"] = journal = Journal(config.journal, config.secret)
        with app.app_context():
            journal.attach(db.engine)


def _set_up_tokens(app: Flask) -> None:
    """An access token that is missing, foreign or expired is one and the same problem to a phone."""
    jwt = JWTManager(app)

    def login_needed(*_: object) -> object:
        detail = "登录已过期，请重新登录。手机里的记录都在，登录后接着传。"
        return answer_problem(Problem("auth.login_needed", detail, 401, "after_login"))

    jwt.expired_token_loader(login_needed)
    jwt.invalid_token_loader(login_needed)
    jwt.unauthorized_loader(login_needed)
