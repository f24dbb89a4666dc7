"""Which tables are there? Imports every step's models, so that migrations see them all."""

from importlib import import_module
from pathlib import Path

for _file in sorted(Path(__file__).parent.glob("*/models.py")):
    import_module(f"onevisit.{_file.parent.name}.models")
for _name in (
    "core.trail",
    "core.journal",
    "core.safe",
    "core.idempotency",
    "papers.issued",
    "plans.reading_models",
    "dispatches.notice_models",
    "visits.link_models",
    "subjects.correction_models",
):
    import_module(f"onevisit.{_name}")
