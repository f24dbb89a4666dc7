"""What can somebody try in the demonstration, and with which account?"""

from sqlalchemy import func, select

from onevisit.accounts.models import Account
from onevisit.accounts.terms import ROLE_LABELS, Role
from onevisit.core.db import db
from onevisit.demo.load import PASSWORD
from onevisit.demo.subjects import REGION
from onevisit.departments.models import Department
from onevisit.plans.life import PLAN_STATE_LABELS, PlanState
from onevisit.plans.models import Plan
from onevisit.subjects.models import Subject

STEPS = (
    "lxhy 登录：年度计划 → 看一遍 → 公布",
    "ga-desk 登录：第 26 项（旅馆业）→ 开任务 → 抽取（与 wj-desk 各出一个数）→ 派发",
    "wj-desk、xf-desk 登录：认领本部门的部分",
    "抽中的执法人员（如 ga-1、wj-1、xf-1）用手机登录：我的任务 → 上门 → 检查 → 当场确认",
    "ga-desk 登录：审核 → 公示；公众页面可查计划、抽取和结果",
)


def what_to_try() -> list[str]:
    """The lines that `make run` prints; nothing when the demonstration region is not there."""
    plan = db.session.scalars(
        select(Plan).where(Plan.region_id == REGION).order_by(Plan.made_at.desc())
    ).first()
    if plan is None:
        return []
    count = db.session.scalar(select(func.count()).select_from(Subject).where(Subject.region_id == REGION))
    moved = f"（由 {plan.shifted_from} 年的计划移来）" if plan.shifted_from else ""
    return [
        f"演示地区：贵南县，{plan.name}{moved}，{PLAN_STATE_LABELS[PlanState(plan.state)]}，{len(plan.entries)} 项；"
        f"{count} 户检查对象，全部对象与人员均为虚构。",
        f"账号（密码都是 {PASSWORD}）：",
        *_accounts(),
        "试一试：",
        *(f"  {number}. {step}" for number, step in enumerate(STEPS, start=1)),
    ]


def _accounts() -> list[str]:
    rows = db.session.execute(
        select(Account, Department.short_name)
        .join(Department, Department.id == Account.department_id, isouter=True)
        .where(Account.region_id == REGION, Account.active)
        .order_by(Account.created_at, Account.username)
    )
    return [
        f"  {account.username:<15}{'、'.join(ROLE_LABELS[Role(one)] for one in account.roles)}　{short or ''}　{account.name}"
        for account, short in rows
    ]


def say_what_to_try() -> None:
    """Print it."""
    print("\n".join(what_to_try()), flush=True)
