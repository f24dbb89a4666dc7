"""What happens when a department names who answers for a task?"""

from sqlalchemy import select

from onevisit.core import trail
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.dispatches.models import TaskContact
from onevisit.tasks.models import Task


def name_contact(
    task: Task, department_id: str, name: str, phone: str | None, responsible: str | None, revision: int
) -> TaskContact:
    """The named contact 专人 of a department for one task (S0); `revision` 0 names the first one."""
    with transaction():
        wanted = select(TaskContact).where(
            TaskContact.task_id == task.id, TaskContact.department_id == department_id
        )
        contact = db.session.scalars(wanted.with_for_update()).first()
        if (contact.revision if contact else 0) != revision:
            raise Problem(
                "dispatches.contact_changed",
                "联络专人刚被同事改过，您的修改没有保存。请看过现在的内容后再改。",
                409,
            )
        if contact is None:
            contact = TaskContact(task_id=task.id, department_id=department_id, revision=0)
            db.session.add(contact)
        contact.name, contact.phone, contact.responsible = name, phone, responsible
        contact.revision += 1
        trail.record(
            "contact.named", "task", task.id, region_id=task.region_id, department_id=department_id, name=name,
            responsible=responsible,
        )  # fmt: skip
    return contact
