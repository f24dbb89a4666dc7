"""What can be asked of OneVisit at a terminal? Exit 0 done, 1 the answer is no, 2 wrong use.

`--json` prints machine-readable output on stdout and nothing else there; messages go to stderr.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from onevisit.core.problems import Problem

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a refusal is said on stderr and is exit status 1."""
    given = _parser().parse_args(arguments)
    try:
        return given.command(given) or 0
    except Problem as problem:
        if getattr(given, "json", False):
            print(json.dumps(problem.as_json(), ensure_ascii=False))
        say(f"{problem.detail}（{problem.code}）")
        return 1
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        say(f"找不到或打不开文件：{error.filename}")
        return 2


def say(text: str) -> None:
    """A message for people."""
    print(text, file=sys.stderr, flush=True)


def answer(given: argparse.Namespace, value: Any, text: str) -> None:
    """The result: JSON when asked for, else a sentence."""
    print(json.dumps(value, ensure_ascii=False, indent=1) if given.json else text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onevisit", description="OneVisit 一次查")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, run: Command, help_: str, group: Any = commands, as_json: bool = False
    ) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = group.add_parser(name, help=help_)
        added.set_defaults(command=run)
        if as_json:
            added.add_argument("--json", action="store_true", help="machine-readable output on stdout")
        return added

    def group(name: str, help_: str) -> Any:
        return commands.add_parser(name, help=help_).add_subparsers(required=True, metavar="ACTION")

    serve_ = command("serve", serve, "the production server")
    serve_.add_argument("--host", default="127.0.0.1")
    serve_.add_argument("--port", type=int, default=8000)
    serve_.add_argument("--workers", type=int, default=2)
    serve_.add_argument("--phone", action="store_true", help="HTTPS on the local network, for phones")
    work_ = command("work", work, "the job worker")
    work_.add_argument("--once", action="store_true", help="do what is owed and stop")
    command("migrate", migrate, "bring the database to head")
    demo_ = command("demo", demo, "load the demonstration region")
    demo_.add_argument("--subjects", type=int, default=300)
    demo_.add_argument("--seed", type=int, default=1)
    demo_.add_argument("--if-empty", action="store_true", help="do nothing when there is a region already")
    demo_.add_argument(
        "--city", action="store_true", help="add the city above and a second county (市抽县查, 县抽县查)"
    )
    command("openapi", openapi, "the OpenAPI document")
    account = command("add", add_account, "add an account", group("account", "accounts"))
    for name in ("username", "name"):
        account.add_argument(f"--{name}", required=True)
    account.add_argument("--roles", required=True, help="comma-separated")
    account.add_argument("--region")
    account.add_argument("--department")
    holidays = command(
        "import", import_holidays, "a published calendar", group("holidays", "working days"), True
    )
    holidays.add_argument("file", type=Path)
    deadline_ = command("deadline", deadline, "the day N working days after START", as_json=True)
    deadline_.add_argument("start", type=date.fromisoformat)
    deadline_.add_argument("number", type=_working_days)
    plan = group("plan", "annual plans")
    for name, run, help_ in (
        ("read", read_plan, "read a plan table, keep nothing"),
        ("import", import_plan, "make a draft plan"),
    ):
        one = command(name, run, help_, plan, True)
        one.add_argument("file", type=Path)
        one.add_argument("--year", type=int)
        one.add_argument("--region", help="name or code")
        if name == "import":
            one.add_argument(
                "--without-refused", action="store_true", help="leave rows out that cannot be read"
            )
    for library, what in (
        ("items", "the item list"),
        ("subjects", "the library of subjects"),
        ("inspectors", "the library of inspectors"),
        ("risk", "credit risk of subjects"),
        ("grades", "a department's own grades of subjects"),
    ):
        one = command("import", import_library, f"import {what}", group(library, what), True)
        one.add_argument("file", type=Path)
        one.add_argument("--region", required=True)
        one.add_argument("--dry-run", action="store_true")
        one.add_argument(
            "--leave-refused", action="store_true", help="write the others although rows are refused"
        )
        one.add_argument(
            "--doubles", choices=["both", "same"], default="both", help="likely doubles of name and address"
        )
        if library == "grades":
            one.add_argument("--scale", required=True, help="the scale's name")
        one.set_defaults(library=library)
    lists = command("go-on", go_on_with_list, "read or write a list that waits", group("lists", "long lists"))
    lists.add_argument("id")
    verify = command("verify", verify_draw, "check a draw bundle", group("draw", "draws"), True)
    verify.add_argument("bundle", type=Path)
    verify.add_argument(
        "--earlier", type=Path, action="append", default=[], help="the subjects' draw it rests on"
    )
    verify.add_argument("--key", type=Path, help="the server's published key (PEM)")
    verify.add_argument("--kid", default="", help="the key's name in the bundle")
    manifest = command(
        "digest", manifest_digest, "the digest of a manifest", group("manifest", "manifests"), True
    )
    manifest.add_argument("file", type=Path)
    paper = command("verify", verify_paper, "check a sealed PDF", group("paper", "papers"), True)
    paper.add_argument("file", type=Path)
    rescue_ = command("rescue", rescue, "carry in a phone's rescue file", as_json=True)
    rescue_.add_argument("file", type=Path)
    command("check", check, "rebuild state from operations and compare; chains; photos", as_json=True)
    backup_ = command("backup", backup, "a verified backup while the server works", as_json=True)
    backup_.add_argument("folder", type=Path)
    backup_.add_argument("--keep", type=int, default=7, help="how many backups stay (7)")
    backup_.add_argument(
        "--files", action=argparse.BooleanOptionalAction, default=None, help="copy photos and papers too (a folder: yes, a bucket: no)"
    )  # fmt: skip
    restore_ = command("restore", restore, "the newest good backup and the journal on top", as_json=True)
    restore_.add_argument("folder", type=Path)
    restore_.add_argument(
        "--journal",
        type=Path,
        action="append",
        default=[],
        help="the journal that was saved (else ONEVISIT_JOURNAL); once per machine",
    )
    restore_.add_argument(
        "--replace", action="store_true", help="a database that is here already is set aside"
    )
    restore_.add_argument("--no-files", action="store_true", help="leave photos and papers where they are")
    return parser


def _working_days(text: str) -> int:
    """How many working days a limit may have; no law speaks of more than ten years."""
    number = int(text)
    if not 0 <= number <= 2500:
        raise argparse.ArgumentTypeError("0 至 2500 个工作日")
    return number


def _app() -> Any:
    """The application on a database that is ready: an embedded one is brought to head, PostgreSQL is not touched."""
    from onevisit.app import create_app
    from onevisit.config import Config
    from onevisit.serving import bring_to_head

    app = create_app()
    config: Config = app.config["ONEVISIT"]
    if config.sqlite:
        bring_to_head(app)
    return app


def serve(given: argparse.Namespace) -> int:
    """The production server; brings SQLite to head, on PostgreSQL refuses an older database."""
    from onevisit.serving import run

    return run(given.host, given.port, given.workers, given.phone)


def work(given: argparse.Namespace) -> int:
    """Do what is owed, until stopped."""
    import time

    from onevisit.core.jobs import work_all
    from onevisit.serving import log_to_stderr, served

    app = _app()
    log_to_stderr(app.config["ONEVISIT"].log_level)
    with served(app.config["ONEVISIT"]):
        while True:
            work_all(app)
            if given.once:
                return 0
            time.sleep(0.5)


def migrate(_: argparse.Namespace) -> int:
    """Bring the database to head."""
    from onevisit.app import create_app
    from onevisit.serving import bring_to_head

    bring_to_head(create_app())
    return 0


def demo(given: argparse.Namespace) -> int:
    """Load the demonstration region from the real 贵南 plan."""
    from sqlalchemy import select

    from onevisit import demo as demonstration
    from onevisit.core.db import db
    from onevisit.demo.city import CITY, add_city
    from onevisit.regions.models import Region

    app = _app()
    with app.app_context():
        empty = db.session.scalars(select(Region).limit(1)).first() is None
        if empty:
            demonstration.load(subjects=given.subjects, seed=given.seed)
        elif not (given.if_empty or given.city):
            raise Problem("demo.not_empty", "数据库里已有地区，没有载入演示数据。请换一个空的数据库。")
        if given.city and db.session.get(Region, CITY) is None:
            add_city()
        demonstration.say_what_to_try()
    return 0


def openapi(_: argparse.Namespace) -> int:
    """The OpenAPI document; needs no database."""
    from onevisit.app import create_app

    app = create_app()
    print(
        json.dumps(
            app.test_client().get("/api/openapi.json").json, ensure_ascii=False, indent=1, sort_keys=True
        )
    )
    return 0


def add_account(given: argparse.Namespace) -> int:
    """Add an account; the password is asked for, never an argument."""
    import getpass

    from onevisit.accounts import actions

    with _app().app_context():
        actions.add_account(
            given.username, getpass.getpass("密码："), given.name, given.roles.split(","),
            region_id=given.region, department_id=given.department,
        )  # fmt: skip
    say(f"账号 {given.username} 已建立。")
    return 0


def import_holidays(given: argparse.Namespace) -> int:
    """Take in a published calendar."""
    from onevisit.regions import actions

    with _app().app_context():
        done = actions.import_holidays(given.file.read_bytes())
    answer(given, done, f"已导入 {done['years']} 年、{done['days']} 天。")
    return 0


def deadline(given: argparse.Namespace) -> int:
    """The due date; refuses years without a published calendar."""
    from onevisit.core.calendar import due_day
    from onevisit.regions.queries import calendar

    with _app().app_context():
        due = due_day(given.start, given.number, calendar())
    if due.provisional:
        raise Problem(
            "deadlines.no_calendar",
            "这段时间跨入还没有公布放假安排的年份，不能确定到期日。请先导入那一年的日历：onevisit holidays import FILE。",
        )
    answer(
        given,
        {"start": given.start.isoformat(), "working_days": given.number, "due": due.day.isoformat()},
        due.day.isoformat(),
    )
    return 0


def read_plan(given: argparse.Namespace) -> int:
    """Read a plan table without a database."""
    from onevisit.departments.register import DepartmentRegister
    from onevisit.plans.sheet import read_plan as read

    plan = read(
        given.file.name, given.file.read_bytes(), year=given.year, region=given.region, register=DepartmentRegister.load()
    )  # fmt: skip
    answer(given, plan, f"{plan['plan']['plan_name']}：{len(plan['tasks'])} 项任务")
    return 0


def import_plan(given: argparse.Namespace) -> int:
    """Make a draft plan from a table; rows that could not be read hold it back and are exit status 1."""
    from onevisit.plans.reading_actions import import_at_once

    with _app().app_context():
        told = import_at_once(
            given.file.name,
            given.file.read_bytes(),
            given.year,
            given.region,
            without_refused=given.without_refused,
        )
    for one in told["doubts"]:
        say(f"存疑 {one['place']}　{one['label']}：{one['words']}")
    for one in told["refused"]:
        say(f"拒收 {one['sheet']} 第 {one['row']} 行：{one['text']}")
    end = f"已生成计划草稿：{told['name']}（{told['entries']} 项，{len(told['doubts'])} 处存疑待核对）"
    if told["plan"] is None:
        end = "有行没有读懂，没有生成草稿；读表已保存，请在“导入计划表”里接着核对，或加 --without-refused 不要这些行。"
    answer(given, told, end)
    return 1 if told["plan"] is None else 0


def import_library(given: argparse.Namespace) -> int:
    """Import one of the libraries; refused rows are exit status 1 and nothing is written."""
    from onevisit.subjects.import_actions import import_file

    with _app().app_context():
        report = import_file(
            given.library, given.file, region_id=given.region, dry_run=given.dry_run, said=_say_rows(given.file),
            leave_refused=given.leave_refused, doubles=given.doubles, scale=getattr(given, "scale", None),
        )  # fmt: skip
    answer(
        given,
        report,
        f"新增 {report['added']}，变更 {report['changed']}，未变 {report['unchanged']}，拒收 {len(report['refused'])}",
    )
    return 1 if report["refused"] else 0


def _say_rows(file: Path) -> Callable[[int, int], None]:
    size = max(1, file.stat().st_size)

    def said(rows: int, read: int) -> None:
        print(f"\r已读 {rows:,} 行（{100 * read // size} %）", end="", file=sys.stderr, flush=True)

    return said


def go_on_with_list(given: argparse.Namespace) -> int:
    """Read or write a list that somebody sent, in this process, as the one who asked for it."""
    from flask import g

    from onevisit.app import create_app
    from onevisit.subjects.import_actions import asked_by, work_on

    app = create_app()
    with app.test_request_context():
        account = asked_by(given.id)
        actor = app.extensions["onevisit.account_loader"](account) if account else None
        if actor is not None:
            g.actor = actor
        work_on(given.id)
    return 0


def verify_draw(given: argparse.Namespace) -> int:
    """Recompute a draw from its bundle; what fails is named."""
    from onevisit.draws.bundle import verify
    from onevisit.draws.signing import signature_checker

    bundle, *earlier = [_bundle_in(path) for path in (given.bundle, *given.earlier)]
    try:
        checker = signature_checker({given.kid: given.key.read_bytes()}) if given.key else None
    except ValueError as error:
        raise Problem(
            "draws.key_unreadable", "这不是平台公钥（PEM 读不懂）。请从抽取公示页重新下载。"
        ) from error
    result = verify(bundle, checker, earlier=earlier)
    marks = {True: "✓", False: "✗"}
    lines = [f"{'!' if one.warning else marks[one.ok]} {one.label_zh}　{one.detail}" for one in result.checks]
    end = "全部相符" if result.ok else "有不相符的地方，见上面的 ✗"
    answer(given, result.as_json(), "\n".join([*lines, end]))
    return 0 if result.ok else 1


def _bundle_in(path: Path) -> dict[str, Any]:
    try:
        bundle = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Problem(
            "draws.bundle_unreadable", f"{path.name}不是抽取包（JSON 读不懂）。请重新下载。"
        ) from error
    if not isinstance(bundle, dict):
        raise Problem("draws.bundle_unreadable", f"{path.name}不是抽取包。请重新下载。")
    return bundle


def manifest_digest(given: argparse.Namespace) -> int:
    """The digest a subject signed, from the manifest's JSON."""
    from onevisit.core.canonical import digest

    try:
        value = digest(json.loads(given.file.read_text("utf-8")))
    except (ValueError, TypeError, RecursionError) as error:
        raise Problem(
            "visits.manifest_unreadable", "这不是核对清单（JSON 读不懂，或有不该有的小数）。请重新下载。"
        ) from error
    answer(given, {"digest": value}, value)
    return 0


def verify_paper(given: argparse.Namespace) -> int:
    """Is this sealed PDF untouched, and by whom was it sealed?"""
    from onevisit.papers.genuine import checked

    with _app().app_context():
        found = checked(given.file.read_bytes())
    answer(
        given, found, "\n".join(filter(None, (found["verdict_label"], found["reason"], found["signed_by"])))
    )
    return 0 if found["verdict"] == "untouched" else 1


def rescue(given: argparse.Namespace) -> int:
    """Take in what a phone could not send; broken files are refused in words, what was whole before stays taken."""
    from onevisit.visits.carrying import carry_in, in_words, is_whole

    with _app().app_context(), given.file.open("rb") as stream:
        taken = carry_in(stream)
    answer(given, {"taken": taken, "whole": is_whole(taken)}, in_words(taken))
    return 0 if is_whole(taken) else 1


def check(given: argparse.Namespace) -> int:
    """Does everything that is kept still fit together?"""
    from onevisit.recovery.checking import check_all

    with _app().app_context():
        report = check_all()
    answer(given, report, "\n".join(f"{name}: {value}" for name, value in report.items()))
    return 0 if report["ok"] else 1


def backup(given: argparse.Namespace) -> int:
    """Make a backup and read it again before it counts."""
    from onevisit.recovery.backing_up import back_up

    with _app().app_context():
        done = back_up(given.folder, max(1, given.keep), given.files, say)
    size = sum(one["bytes"] for one in done.manifest["content"].values())
    answer(
        given,
        {"backup": str(done.folder), **done.manifest},
        f"备份已写好并核对：{done.folder}（{size:,} 字节）",
    )
    return 0


def restore(given: argparse.Namespace) -> int:
    """Bring a lost server back; exit status 1 where the journal was damaged and something may be missing."""
    from dataclasses import asdict

    from onevisit.config import from_environment
    from onevisit.recovery.restoring import restore as bring_back

    done = bring_back(
        from_environment(), given.folder, given.journal, given.replace, not given.no_files, say
    )  # fmt: skip
    answer(
        given, asdict(done),
        f"已恢复到第 {done.number} 笔：备份 {done.backup}，日志 {done.entries} 笔，放回文件 {done.files} 个，"
        f"等手机补传 {done.expected} 个文件；用时 {done.seconds} 秒。请马上再做一次 onevisit backup。",
    )  # fmt: skip
    return 0 if done.broken is None else 1


if __name__ == "__main__":
    sys.exit(main())
