"""Does a confirmed list come back too, though it is journalled as its staging tables and not row by row?"""

from tests.factories import make_account
from tests.recovery.conftest import Place
from tests.replayed import differences
from tests.subjects.test_imports import a_list, confirm, read, row


def test_lists_confirmed_changed_and_taken_back_are_the_same_again(place: Place) -> None:
    desk = place.clients(make_account(["desk"], "632525-ga"))
    first = read(desk, a_list(*(row(at) for at in range(1, 9))))
    assert confirm(desk, first["id"]).json["state"] == "done"
    second = read(desk, a_list(row(1, place="示例路99号"), row(2), row(12)))
    assert confirm(desk, second["id"]).json["state"] == "done"
    kept = [one for one in place.journal.folder.iterdir() if "staged_" in one.name]
    assert len(kept) == 2
    assert differences(place.journal, place.fresh("confirmed")) == []
    assert desk.post(f"/api/library-imports/{second['id']}/undo").json["state"] == "undone"
    assert differences(place.journal, place.fresh("undone")) == []
