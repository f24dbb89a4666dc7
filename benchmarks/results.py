"""How quick is the public's search over a million published results?

`python -m benchmarks.results [ROWS]`, or one database: `… sqlite ROWS`. The target is 100 ms at the server (issue 7);
the bare limit is reading one result by its key in the same run.
"""

import json
import random
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert, text

from benchmarks import measure
from benchmarks.place import DATABASES, application

TIMES = 9
PIECE = 20_000
TRADES = (
    "宾馆",
    "药店",
    "饭店",
    "超市",
    "加油站",
    "网吧",
    "理发店",
    "诊所",
    "茶楼",
    "书店",
    "修理厂",
    "养殖场",
)
SIGNS = "春夏秋冬安康福寿吉祥如意东南西北金银玉石松竹梅兰山河海湖日月星辰"
ASKED = {
    "第一页": {}, "搜“春夏”（少）": {"q": "春夏"}, "搜“宾馆”（1/12）": {"q": "宾馆"}, "搜“示例”（全部）": {"q": "示例"},
    "搜“安康福”（三字）": {"q": "安康福"}, "搜“店有限”（没有）": {"q": "店有限示例"}, "搜“宾馆示例”（两个常见，没有）": {"q": "宾馆示例"},
    "搜一个字“馆”": {"q": "馆"}, "搜信用代码": {"q": "91632525DEMO00777X"}, "翻到第 42 页": {"q": "有限", "pages": 41},
}  # fmt: skip


def rows_of(count: int, shared: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Made-up results that differ in name, code and number; the same each time."""
    from onevisit.publications.search import plain

    chance = random.Random(11)
    for at in range(count):
        name = f"示例{''.join(chance.choices(SIGNS, k=3))}{chance.choice(TRADES)}{chance.choice(('有限公司', '店'))}"
        code = f"91632525DEMO{at % 100_000:05d}X"
        facts = {**shared["facts"], "subject": {"name": name, "credit_code": code}}
        yield {
            **shared, "id": f"{at:032x}", "version": at + 1, "number": at + 1, "subject_name": name,
            "searched": plain(name), "credit_code": code, "facts": facts,
        }  # fmt: skip


def fill(count: int) -> None:
    """So many published results of one visit, and the pairs of their names."""
    from tests.factories.visits import make_scene

    from onevisit.core import clock
    from onevisit.core.db import db
    from onevisit.publications.models import Publication, ResultGram
    from onevisit.publications.search import grams_of

    visit = make_scene().visit
    words = {"id": "x", "name": "示例部门"}
    facts = {
        "plan": {"name": "2026年度示例抽查计划", "document_no": None}, "methods": ["现场检查"], "day": "2026-11-10",
        "task": {"no": "632525-2026-1", "name": "示例任务", "targeting": None}, "department": words,
        "items": [{"name": f"示例事项{n}", "outcomes": [{"code": "no_problem", "label": "未发现问题"}], "measures": []} for n in (1, 2)],
    }  # fmt: skip
    shared = {
        "region_id": visit.region_id, "visit_id": visit.id, "department_id": visit.parts[0].department_id,
        "state": "published", "published_at": clock.now(), "facts": facts, "revision": 1,
    }  # fmt: skip
    pairs: list[tuple[str, int]] = []
    piece: list[dict[str, Any]] = []
    for row in rows_of(count, shared):
        piece.append(row)
        pairs += [(gram, row["number"]) for gram in grams_of(row["subject_name"])]
        if len(piece) == PIECE:
            db.session.execute(insert(Publication), piece)
            piece = []
    if piece:
        db.session.execute(insert(Publication), piece)
    pairs.sort()
    for start in range(0, len(pairs), PIECE * 5):
        some = [{"gram": gram, "number": number} for gram, number in pairs[start : start + PIECE * 5]]
        db.session.execute(insert(ResultGram), some)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def run(kind: str, rows: int) -> list[list[Any]]:
    """Every question's median in ms."""
    with application(kind) as app:
        from onevisit.core.db import db
        from onevisit.publications.models import Publication

        db.session.execute(text("DELETE FROM departments"))
        db.session.execute(text("DELETE FROM regions"))
        db.session.commit()
        fill(rows)
        client = app.test_client()

        def ask(wanted: dict[str, Any]) -> Any:
            db.session.rollback()
            answer = client.get("/api/public/results", query_string={"limit": 50, **wanted})
            assert answer.status_code == 200, answer.text
            return answer.json

        found = [
            [
                "（裸）按键读一条",
                "",
                1000 * measure.median(lambda: db.session.get(Publication, f"{rows // 2:032x}"), TIMES),
            ]
        ]
        for name, asked in ASKED.items():
            wanted = dict(asked)
            for _ in range(wanted.pop("pages", 0)):
                wanted["after"] = ask(wanted)["next"]
            page = ask(wanted)
            found.append(
                [name, len(page["items"]), 1000 * measure.median(lambda wanted=wanted: ask(wanted), TIMES)]
            )  # type: ignore[misc]
        return found


def main(rows: int, kinds: tuple[str, ...] = DATABASES) -> None:
    """Each database in its own process."""
    answers = {
        kind: json.loads(measure.in_child("benchmarks.results", "run", kind, str(rows)).splitlines()[-1])
        for kind in kinds
    }
    print(f"| 问（{rows:,} 条结果，≤ 100 ms） | 一页 | {' | '.join(kinds)} |")
    print("| --- |" + " --- |" * (1 + len(kinds)))
    for at, (name, count, _) in enumerate(answers[kinds[0]]):
        print(
            f"| {name} | {count} | " + " | ".join(f"{answers[kind][at][2]:.1f} ms" for kind in kinds) + " |"
        )


if __name__ == "__main__":
    given = sys.argv[1:]
    if given[:1] == ["run"]:
        print(json.dumps(run(given[1], int(given[2]))))
    elif given and given[0] in DATABASES:
        main(int(given[1]) if len(given) > 1 else 1_000_000, (given[0],))
    else:
        main(int(given[0]) if given else 1_000_000)
