"""What does the scheme say on paper?"""

from onevisit.core import clock
from onevisit.core.problems import Problem
from onevisit.dispatches import schemes
from onevisit.dispatches.models import TaskSchemeAnswer
from onevisit.dispatches.paper import day_of
from onevisit.dispatches.rules import paper_no, running_number
from onevisit.dispatches.terms import TaskSchemeState
from onevisit.draws.paper import issuing_body
from onevisit.papers.facts import SchemeFacts, SchemeVoice
from onevisit.papers.render import Metadata, render_pdf
from onevisit.papers.rules import facts_digest
from onevisit.regions.queries import region_of
from onevisit.tasks.models import Task
from onevisit.tasks.queries import card_of, departments_of_task, named_departments

TITLE = "部门联合抽查方案"


def scheme_facts(task: Task) -> SchemeFacts:
    """The newest version that was sent, with what every partner said to it."""
    scheme = schemes.scheme_of(task.id)
    if scheme is None or not scheme.version:
        raise Problem("dispatches.scheme_not_sent", "方案还没有发给各部门，不能打印。请先发送。", 409)
    newest, card = schemes.versions_of(scheme)[0], card_of(task)
    said = schemes.answers_of(scheme, scheme.version)
    names = named_departments(departments_of_task(task))
    lead = names[task.initiating_department_id]["name"]
    facts: SchemeFacts = {
        "issuer": issuing_body(task.region_id),
        "title": TITLE if len(names) > 1 else "抽查方案",
        "no": paper_no(region_of(task.region_id).name, "方案", clock.law_day(newest.sent_at).year, running_number(task.no)),
        "task": {"name": task.name, "no": task.no, "plan": card["plan"]["name"], "seq": card["seq"]},
        "version": newest.version, "settled": scheme.state == TaskSchemeState.SETTLED,
        "departments": [(names[id_]["name"], id_ == task.initiating_department_id) for id_ in departments_of_task(task)],
        "sections": [
            ("检查内容", _paragraphs(newest.content)), ("检查时间", _paragraphs(newest.times)),
            ("检查方式", _paragraphs(newest.methods)), ("检查要求", _paragraphs(newest.requirements)),
        ],
        "voices": [_voice(names[id_]["name"], said.get(id_)) for id_ in schemes.partners_of(task)],
        "issued_by": lead, "issued": day_of(clock.law_day(scheme.settled_at or newest.sent_at)), "digest": "",
    }  # fmt: skip
    facts["digest"] = facts_digest(facts)
    return facts


def _voice(name: str, said: TaskSchemeAnswer | None) -> SchemeVoice:
    return {
        "department": name, "said": None if said is None else "同意" if said.agrees else "有异议",
        "reason": said.reason if said and not said.agrees else None, "reply": said.reply if said and not said.agrees else None,
        "at": day_of(clock.law_day(said.answered_at)) if said else None,
    }  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def scheme_pdf(task: Task) -> bytes:
    """The scheme as the offices file it."""
    facts = scheme_facts(task)
    number = f"{facts['no']} 第{facts['version']}版"
    made = Metadata(facts["title"], facts["issued_by"], clock.now(), facts["digest"], number)
    return render_pdf("scheme", facts, metadata=made)
