"""The whole procedure on one page: which fact has which consequence, at once or soon after.

`now` runs in the transaction of the fact itself and touches only the database; `later` is owed work
that a worker does, exactly once per fact and handler.
"""

from onevisit.core.trail import Follower, When
from onevisit.tasks import actions as tasks

Consequence = tuple[str, When, Follower]


def table() -> dict[str, list[Consequence]]:
    """Event -> what follows, in order."""
    return {
        "draw.drawn": [("task_drawn", "now", tasks.note_drawn)],
        "task.dispatched": [("task_dispatched", "now", tasks.note_dispatched)],
    }
