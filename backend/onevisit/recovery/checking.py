"""Is the journal whole, and does it belong to this database? With the rest of what `onevisit check` asks."""

from typing import Any

from flask import current_app

from onevisit.core.catching_up import missing
from onevisit.core.db import db
from onevisit.core.frames import NOTHING, Broken
from onevisit.core.journal import Entry, Journal, Place, entries, place_of
from onevisit.visits.checking import check_everything


def check_all() -> dict[str, Any]:
    """Everything that does not fit, by kind; `ok` when nothing is named."""
    found = check_everything()
    journal: Journal | None = current_app.extensions["onevisit.journal"]
    with db.engine.connect() as connection:
        place = place_of(connection)
        connection.rollback()
    faults = journal_faults(journal, place) if journal is not None else []
    return {
        **found,
        "ok": found["ok"] and not faults,
        "journal_broken": faults,
        "journal_entries": place.number,
    }


def journal_faults(journal: Journal, place: Place) -> list[str]:
    """Frames that do not open, entries that follow nothing, and an end that the database does not know."""
    faults = list[str]()
    seen: dict[bytes, int] = {}
    try:
        for one in entries(journal.files()):
            if not isinstance(one, Entry) or one.life != place.life:
                continue
            frame = one.frame
            if seen and seen.get(frame.prev) != frame.number - 1:
                faults.append(f"{one.file.name}：第 {frame.number} 笔接不上前一笔")
            elif not seen:
                seen[frame.prev] = frame.number - 1
            seen[frame.hash] = frame.number
            for _ in journal.steps_of(one, journal.said_by(one)):
                pass
    except (Broken, OSError) as error:
        faults.append(str(error))
    if faults:
        return faults
    if seen and place.hash not in seen and place.hash != NOTHING:
        return [f"数据库停在第 {place.number} 笔，日志里没有这一笔"]
    try:
        behind = len(missing(journal.files(), place))
    except Broken as error:
        return [str(error)]
    return [f"日志里有 {behind} 笔还没有进数据库（重新启动即补上）"] if behind else []
