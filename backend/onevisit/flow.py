"""The whole procedure on one page: which fact has which consequence, at once or soon after.

`now` runs in the transaction of the fact itself and touches only the database; `later` is owed work
that a worker does, exactly once per fact and handler.
"""

from onevisit.core.trail import Follower, When
from onevisit.dispatches import libraries, merging, notices, teams
from onevisit.draws import inspecting
from onevisit.draws import issuing as draws
from onevisit.evidence import actions as evidence
from onevisit.items import guide_making as guides
from onevisit.plans import reading_actions as readings
from onevisit.publications import actions as publications
from onevisit.reviews import actions as reviews
from onevisit.subjects import import_actions as lists
from onevisit.tasks import actions as tasks
from onevisit.visits import deadlines, faults, found, printing

Consequence = tuple[str, When, Follower]


def table() -> dict[str, list[Consequence]]:
    """Event -> what follows, in order."""
    return {
        "plan_reading.received": [("read_table", "later", readings.read_waiting)],
        "draw.drawn": [
            ("task_drawn", "now", tasks.note_drawn),
            ("draw_certificate", "later", draws.issue_certificate),
        ],
        "draw.taken_over": [("task_drawn", "now", tasks.note_drawn)],
        "draw.voided": [("task_open_again", "now", tasks.note_voided)],
        "draw.inspectors_drawn": [
            ("teams_known", "now", teams.note_inspectors_drawn),
            ("draw_certificate", "later", draws.issue_certificate),
        ],
        "draw.inspector_appointed": [("place_taken", "now", teams.note_appointed)],
        "draw.inspector_replaced": [("team_changed", "now", teams.note_replaced)],
        "department.claimed": [("inspectors_open", "now", inspecting.note_claimed)],
        "team.drawn": [("notice_says_so", "now", notices.note_changed)],
        "team.replaced": [("notice_says_so", "now", notices.note_changed)],
        "visit.merge_decided": [("notice_says_so", "now", notices.note_changed)],
        "subject.state_changed": [("open_visits_hear", "now", libraries.tell_open_visits)],
        "plan_entry.withdrawn": [("task_stays", "now", tasks.refuse_withdrawal)],
        "task.dispatched_below": [("task_dispatched", "now", tasks.note_dispatched)],
        "task.dispatched": [
            ("task_dispatched", "now", tasks.note_dispatched),
            ("one_visit_proposed", "now", merging.propose_merges),
        ],
        "visit.begun": [("visit_begun", "now", merging.note_begun)],
        "file.stored": [
            ("make_thumb", "later", evidence.make_thumb),
            ("record_paper", "later", printing.print_record),
        ],
        "part.locked": [
            ("limits_begin", "now", deadlines.begin_with_lock),
            ("record_paper", "later", printing.print_record),
        ],
        "part.submitted": [("record_paper", "later", printing.print_record)],
        "sample.result_entered": [("limits_begin", "now", deadlines.begin_with_result)],
        "visit.supplemented": [("record_paper", "later", printing.print_record)],
        "review.accepted": [
            ("limits_go_on", "now", deadlines.begin_with_acceptance),
            ("subject_remembers", "now", reviews.remember),
            ("library_hears", "now", found.offer_found),
            ("result_waits", "now", publications.prepare),
            ("record_paper", "later", printing.print_record),
        ],
        "visit.confirmation_unequal": [("fault_to_leader", "now", faults.ask_leader)],
        "library.list_to_read": [("read_list", "later", lists.go_on)],
        "library.list_to_write": [("write_list", "later", lists.go_on)],
        **{event: [(guides.HANDLER, "later", guides.make_guides)] for event in guides.CHANGED},
        "calendar.imported": [("limits_count_again", "now", deadlines.count_again)],
    }
