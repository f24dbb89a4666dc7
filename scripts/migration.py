"""Write the migration that takes the newest one to what the models say now: scripts/migration.py WHAT_CHANGES."""

import sys
import tempfile
from pathlib import Path

from flask_migrate import revision, upgrade

from onevisit.app import create_app
from onevisit.config import from_environment


def main() -> None:
    """On a throw-away database at head, so that nobody's own data matters."""
    with tempfile.TemporaryDirectory() as folder:
        config = from_environment({"ONEVISIT_VAR": folder})
        number = len(list(Path(config.migrations, "versions").glob("*.py"))) + 1
        with create_app(config).app_context():
            upgrade()
            revision(message=sys.argv[1], autogenerate=True, rev_id=f"{number:04d}")


main()
