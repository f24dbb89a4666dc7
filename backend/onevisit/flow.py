"""The whole procedure on one page: which fact has which consequence, at once or soon after.

`now` runs in the transaction of the fact itself and touches only the database; `later` is owed work
that a worker does, exactly once per fact and handler.
"""

from onevisit.core.trail import Follower, When
from onevisit.evidence import actions as evidence
from onevisit.tasks import actions as tasks
from onevisit.visits import deadlines, faults

Consequence = tuple[str, When, Follower]


def table() -> dict[str, list[Consequence]]:
    """Event -> what follows, in order."""
    return {
        "draw.drawn": [("task_drawn", "now", tasks.note_drawn)],
        "task.dispatched": [("task_dispatched", "now", tasks.note_dispatched)],
        "file.stored": [("make_thumb", "later", evidence.make_thumb)],
        "part.locked": [("limits_begin", "now", deadlines.begin_with_lock)],
        "visit.confirmation_unequal": [("fault_to_leader", "now", faults.ask_leader)],
        "calendar.imported": [("limits_count_again", "now", deadlines.count_again)],
    }
