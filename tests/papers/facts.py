"""Made-up facts of every paper; each `make_*` takes what a test wants otherwise."""

import io
from typing import Any

from PIL import Image, ImageDraw

from onevisit.papers.facts import (
    AnnouncementFacts,
    CertificateFacts,
    DepartmentPart,
    DispatchFacts,
    Entry,
    LetterFacts,
    NoticeFacts,
    Officer,
    OrderFacts,
    Photo,
    RecordFacts,
    SamplingFacts,
    Subject,
    TakenFacts,
    Task,
    TranscriptFacts,
)
from onevisit.papers.strokes import Strokes

DIGEST = "1caf4c9ea5de965b91f9ad28d3962c868f9dd78c3312753d594f00e098b7aa93"
OTHER = "f7e3770685211d8537d8eb071242d550eacf982000d90313c4c8148eb731d661"
LINK = "https://example.invalid/genuine/6f1ed002ab5595859014ebf0951522d9"
ISSUER = "贵南县市场监管领域部门联合“双随机、一公开”监管"
DAY = "2023年9月14日"
TASK: Task = {
    "name": "2023年县文体旅游广电局、县公安局跨部门联合抽查任务",
    "no": "632525-2023-07",
    "plan": "2023年度贵南县市场监管领域部门联合“双随机、一公开”抽查计划",
    "seq": 7,
}
SUBJECT: Subject = {
    "name": "贵南县青稞红歌城（示例）",
    "code": "92632525EXAMPL047A",
    "address": "贵南县茫曲镇文化路36号",
    "kind": "个体工商户",
    "head": "丁玉山",
    "head_phone": "138****0036",
    "contact": "丁玉山",
    "contact_phone": "138****0036",
}
BARE_SUBJECT: Subject = {
    "name": "贵南县青稞红歌城（示例）",
    "code": "92632525EXAMPL047A",
    "address": None,
    "kind": None,
    "head": "",
    "head_phone": None,
    "contact": " ",
    "contact_phone": None,
}
NOBODY: Any = {"name": None, "phone": None, "address": None}
CONTACT: Any = {"name": "白小平", "phone": "000-0000（示例）", "address": "茫曲镇（县文体旅游广电局）"}
MEASURES = ("督促整改", "责令当场改正", "责令限期改正", "责令停止", "提取证据", "无")


def scribble(seed: int) -> Strokes:
    """Something that looks signed: a few curved strokes, always the same for a seed."""
    strokes, x = [], 20
    for letter in range(3):
        turn = (seed * 7 + letter * 13) % 11
        strokes.append([[x + i * 6, 60 + ((i * turn) % 9) * 6 - i * 2] for i in range(9)])
        strokes.append([[x + 24 + i * (turn % 4 - 1), 20 + i * 9] for i in range(9)])
        strokes.append([[x + i * 7, 30 + turn * 3 + i] for i in range(7)])
        x += 74
    return strokes


def officer(name: str, certificate: str | None, signed: bool = True) -> Officer:
    """An inspector, signed unless told otherwise."""
    return {
        "name": name,
        "certificate": certificate,
        "strokes": scribble(sum(map(ord, name))) if signed else None,
    }


def jpeg(seed: int, size: tuple[int, int] = (640, 480)) -> bytes:
    """A reduced photo of nothing in particular."""
    image = Image.new("RGB", size, (200 - seed % 60, 205, 190 + seed % 60))
    draw = ImageDraw.Draw(image)
    for step in range(6):
        x, y = (seed * 37 + step * 91) % 420, (seed * 53 + step * 67) % 300
        draw.rectangle((x, y, x + 160, y + 120), fill=(120 + step * 15, 130, 110 + (seed * 5) % 90))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def entry(n: int, answer: str = "合格", **over: Any) -> Entry:
    """One answered entry."""
    plain: Entry = {
        "n": n,
        "what": "闭路电视监控录像资料留存 30 日备查，出入口、主要通道监控设备在营业期间正常运行",
        "method": "现场回放核对",
        "basis": "《娱乐场所管理条例》第十五条",
        "answer": answer,
        "found": "3 号、4 号两路最早录像为 2023年8月26日，留存 19 日。照片 3、4。"
        if answer == "不合格"
        else "8 路均在线，时间误差小于 10 秒。",
        "bad": answer == "不合格",
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def department(name: str, entries: list[Entry], officers: list[Officer], **over: Any) -> DepartmentPart:
    """A department with one item."""
    bad = any(e["bad"] for e in entries)
    plain: DepartmentPart = {
        "name": name,
        "initiating": False,
        "officers": officers,
        "items": [
            {
                "name": "歌舞、娱乐场所取得、公示相关许可证及经营情况",
                "version": "3",
                "entries": entries,
                "outcome": "发现问题已责令改正" if bad else "未发现问题",
                "outcome_more": "要点 7" if bad else None,
                "measures": [(m, m == ("责令限期改正" if bad else "无")) for m in MEASURES],
                "measure_text": "南公（治）责改〔2023〕12号，限 2023年9月28日前改正，已当场送达。"
                if bad
                else None,
            }
        ],
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def photo(number: int, **over: Any) -> Photo:
    """A photo with its reduced picture."""
    plain: Photo = {
        "number": number,
        "entry": "7",
        "caption": "录像机 3 路检索，最早 8月26日",
        "time": "2023年9月14日 10时40分",
        "place": "茫曲镇，±6 m",
        "by": "白文",
        "hash": OTHER,
        "picture": jpeg(number),
        "absent": None,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_record(**over: Any) -> RecordFacts:
    """A visit of three departments, one failure, signed by everybody."""
    plain: RecordFacts = {
        "issuer": ISSUER,
        "no": "南双随记〔2023〕0709号",
        "notice_no": "南双随告〔2023〕0709号",
        "task": TASK,
        "subject": SUBJECT,
        "visit": {
            "no": "GN2023-07-09",
            "start": "2023年9月14日 9时40分",
            "end": "11时25分",
            "place": "贵南县茫曲镇文化路36号（与登记住所一致）",
            "nth": 1,
            "cap": None,
            "kinds": [("年度计划", True), ("临时", False), ("专项", False)],
            "methods": [
                ("现场检查", True),
                ("书面检查", True),
                ("网络检查", False),
                ("抽样检验", False),
                ("委托专业机构", False),
            ],
            "officers": 6,
            "unannounced": False,
            "credentials_shown": True,
            "rights_told": True,
            "recusal_asked": False,
        },
        "answers": ["合格", "不合格", "不适用", "未检查"],
        "departments": [
            department(
                "贵南县文体旅游广电局",
                [entry(n) for n in range(1, 5)],
                [officer("白小平", "63252500105"), officer("石云", "63252500106")],
                initiating=True,
            ),
            department(
                "贵南县公安局",
                [entry(5), entry(6), entry(7, "不合格"), entry(8)],
                [officer("白文", "63252500114"), officer("才太", "63252500112")],
            ),
            department(
                "贵南县卫生健康局",
                [entry(9), entry(10), entry(11), entry(12, "不适用", found="未设置集中空调通风系统。")],
                [officer("白小丹", "63252500118"), officer("石玉川", "63252500120")],
            ),
        ],
        "photos": [photo(n) for n in range(1, 7)],
        "leader": officer("白小平", "63252500105"),
        "summary": "三部门共检查 12 条要点：合格 10 条，不合格 1 条，不适用 1 条。要点 7 限 2023年9月28日前改正，由县公安局复查。",
        "confirm": {
            "name": "丁玉山",
            "role": "负责人",
            "time": "2023年9月14日 11时19分",
            "strokes": scribble(5),
            "stamp": None,
            "stamp_absent": "印章由会计保管，当日外出",
            "objection": None,
            "refusal": None,
            "own_phone": False,
            "taken": [("扫码", True), ("打印", False)],
        },
        "witness": None,
        "amendments": [],
        "day": DAY,
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_record() -> RecordFacts:
    """A record of which nothing optional is known yet."""
    blank = entry(1, method=None, basis=None, found=None, answer="未检查")
    part = department("贵南县公安局", [blank], [])
    part["items"][0].update(version=None, outcome=None, measures=[], measure_text=None)
    return make_record(
        notice_no=None,
        task={**TASK, "plan": None, "seq": None},
        subject=BARE_SUBJECT,
        visit={
            **make_record()["visit"],
            "start": None,
            "end": None,
            "place": None,
            "nth": None,
            "methods": [],
            "kinds": [],
        },
        departments=[part],
        photos=[photo(1, entry=None, caption=None, place=None, picture=None, absent=None)],
        leader=officer("白小平", None, signed=False),
        summary=None,
        confirm=None,
        day="",
    )


def make_notice(**over: Any) -> NoticeFacts:
    """A notice, delivered in person."""
    plain: NoticeFacts = {
        "issuer": ISSUER,
        "no": "南双随告〔2023〕0709号",
        "subject": SUBJECT,
        "party": None,
        "plan": "2023年度贵南县市场监管领域部门联合“双随机、一公开”抽查计划",
        "plan_no": "南双联办〔2023〕1号",
        "tasks": [TASK],
        "visit_no": "GN2023-07-09",
        "when": "2023年9月14日（星期四）上午 9时30分，预计 2 小时",
        "methods": [("现场检查", True), ("书面检查", True), ("网络检查", False), ("抽样检验", False)],
        "departments": [
            {
                "name": d["name"],
                "initiating": d["initiating"],
                "items": [i["name"] for i in d["items"]],
                "officers": d["officers"],
            }
            for d in make_record()["departments"]
        ],
        "papers": [
            "营业执照、娱乐经营许可证、公共场所卫生许可证原件",
            "从业人员名簿、健康合格证明、营业日志",
            "监控录像设备操作人员到场",
            "用品用具消毒记录",
        ],
        "rights": [
            "检查人员少于两人或者不出示执法证件的，有权拒绝检查",
            "认为检查人员与你单位有直接利害关系的，有权申请回避",
            "对检查情况有权陈述、申辩，有异议的可以写入记录表",
            "应当如实提供情况和材料，不得拒绝、阻挠依法检查",
        ],
        "year": 2023,
        "nth": 1,
        "cap": None,
        "contact": CONTACT,
        "issued_by": "贵南县文体旅游广电局",
        "issued": "2023年9月11日",
        "delivery": {
            "ways": [("直接", True), ("电话", False), ("传真", False), ("电子", False)],
            "receiver": {"name": "丁玉山", "strokes": scribble(5)},
            "received": "2023年9月11日 15时20分",
            "officers": [officer("白小平", "63252500105"), officer("石云", "63252500106")],
        },
        "by_hand": False,
        "digest": DIGEST,
        "qr": LINK + "#" + OTHER * 6,
        "link": f"{LINK}/notice",
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_notice() -> NoticeFacts:
    """A notice of which nothing optional is known."""
    return make_notice(
        subject=BARE_SUBJECT, plan=None, plan_no=None, when=None, methods=[], papers=[], rights=[], nth=None, contact=NOBODY, link=None,
        departments=[{"name": "贵南县公安局", "initiating": True, "items": [], "officers": []}],
        delivery={"ways": [], "receiver": None, "received": None, "officers": []},
    )  # fmt: skip


def make_order(**over: Any) -> OrderFacts:
    """An order with a date, received."""
    plain: OrderFacts = {
        "authority": "贵南县公安局",
        "no": "南公（治）责改〔2023〕12号",
        "subject": SUBJECT,
        "visit_no": "GN2023-07-09",
        "day": DAY,
        "officers": [officer("白文", "63252500114"), officer("才太", "63252500112")],
        "facts": "你单位 3 号、4 号两路闭路电视监控录像资料最早为2023年8月26日，留存 19 日，不足 30 日。",
        "proofs": "现场照片 2 张、部门联合抽查情况记录表",
        "breached": "《娱乐场所管理条例》第十五条“歌舞娱乐场所应当将闭路电视监控录像资料留存30日备查，不得删改或者挪作他用”",
        "applied": "《娱乐场所管理条例》第四十四条",
        "until": "2023年9月28日",
        "todo": "扩充或者更换录像存储设备，调整录像计划，确保 8 路监控录像均留存 30 日以上，并建立每周检查记录。",
        "consequence": "本机关将依法作出处理。",
        "remedies": "如不服本通知，可以自收到本通知书之日起六十日内向贵南县人民政府申请行政复议，也可以自收到之日起六个月内依法向有管辖权的人民法院提起行政诉讼。",
        "contact": {"name": "白文", "phone": "000-0000（示例）", "address": "茫曲镇（县公安局）"},
        "receiver": {"name": "丁玉山", "strokes": scribble(5)},
        "received": "2023年9月14日 11时21分",
        "copies": "本通知书一式二份，一份送达当事人，一份存档。",
        "by_hand": False,
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_order() -> OrderFacts:
    """An order of which nothing optional is known."""
    return make_order(
        subject=BARE_SUBJECT, officers=[], proofs=None, breached=None, applied=None, until=None, todo=None,
        consequence=None, contact=NOBODY, receiver=None, received=None, copies=None,
    )  # fmt: skip


def make_letter(**over: Any) -> LetterFacts:
    """An order to stop, an urge or an advice, received."""
    order = dict(make_order())
    plain = {**order, "ground": "违法行为轻微并及时改正，没有造成危害后果"}
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_letter() -> LetterFacts:
    """A letter of which nothing optional is known."""
    return make_letter(**{**dict(make_bare_order()), "consequence": "本机关将依法作出处理。", "ground": None})


def make_taken(**over: Any) -> TakenFacts:
    """Thirty things taken along, so that the list breaks over pages."""
    order = make_order()
    things = [
        {
            "name": f"登记簿复印件 {n}", "quantity": "2 页", "description": "取自前台，与原件核对无异" * (1 + n % 3),
            "receipt": f"GN2023-07-09-1-据{n}", "photos": n % 3,
        }
        for n in range(1, 31)
    ]  # fmt: skip
    plain = {
        **{name: order[name] for name in GATHERED}, "no": "贵南双随证单〔2023〕3号", "things": things,  # type: ignore[literal-required]
    }  # fmt: skip
    return {**plain, **over}  # type: ignore[typeddict-item]


GATHERED = ("authority", "subject", "visit_no", "day", "officers", "receiver", "received", "digest", "qr")
NOBODY_RECEIVED: Any = {"subject": BARE_SUBJECT, "officers": [], "receiver": None, "received": None}


def make_bare_taken() -> TakenFacts:
    """One thing of which only name and quantity are known."""
    thing = {"name": "硬盘", "quantity": "1 块", "description": None, "receipt": None, "photos": 0}
    return make_taken(things=[thing], **NOBODY_RECEIVED)


def make_sampling(**over: Any) -> SamplingFacts:
    """A sample on its way to a laboratory."""
    order = make_order()
    plain = {
        **{name: order[name] for name in GATHERED}, "no": "GN2023-07-09-1-样1", "name": "散装白酒", "number": "GN2023-07-09-1-样1",  # type: ignore[literal-required]
        "quantity": "2 瓶（各 500 毫升）", "laboratory": "示例检验所", "note": "备份样品封存在当事人处", "photos": 2,
    }  # fmt: skip
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_sampling() -> SamplingFacts:
    """A sample of which nothing optional is known."""
    return make_sampling(laboratory=None, note=None, photos=0, **NOBODY_RECEIVED)


def make_transcript(**over: Any) -> TranscriptFacts:
    """A transcript, read and signed."""
    plain: TranscriptFacts = {
        "authority": "贵南县公安局",
        "no": "南公笔录〔2023〕0709号",
        "visit_no": "GN2023-07-09",
        "subject": SUBJECT,
        "licence": "娱乐经营许可证 632525-0007（示例）",
        "day": DAY,
        "start": "10时05分",
        "end": "10时50分",
        "place": "贵南县茫曲镇文化路36号监控室",
        "officers": [officer("白文", "63252500114"), officer("才太", "63252500112")],
        "recorder": "才太",
        "person": {
            "name": "丁玉山",
            "role": "负责人",
            "id_no": "632***********0036",
            "phone": "138****0036",
            "strokes": scribble(5),
        },
        "opening": [
            {"ask": "我们是贵南县公安局执法人员，这是我们的执法证件，请核对。", "answer": "已核对，无疑问。"},
            {
                "ask": "你有权陈述、申辩，也有权对直接利害关系人申请回避。是否清楚？是否申请回避？",
                "answer": "清楚。不申请回避。",
            },
        ],
        "facts": [
            "现场调看闭路电视监控，共 8 路，均在线。",
            "3 号、4 号两路最早录像为 2023年8月26日，留存 19 日，不足 30 日；其余 6 路符合。",
        ],
        "coercive": None,
        "statement": "硬盘上月更换，容量不足，愿意立即扩容。",
        "checked": "以上笔录我已看过，与我说的一致。",
        "refusal": None,
        "witness": None,
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_transcript() -> TranscriptFacts:
    """A transcript of which nothing optional is known."""
    return make_transcript(
        subject=BARE_SUBJECT, licence=None, start=None, end=None, place=None, officers=[], recorder=None, opening=[], facts=[],
        person={"name": None, "role": None, "id_no": None, "phone": None, "strokes": None}, statement=None, checked=None,
    )  # fmt: skip


def make_certificate(**over: Any) -> CertificateFacts:
    """A draw of twelve out of twenty-four."""
    host = {"name": "白小平", "of": "县文体旅游广电局", "strokes": scribble(1)}
    plain: CertificateFacts = {
        "issuer": ISSUER,
        "no": "南双随抽〔2023〕07号",
        "task": TASK,
        "draw": "632525-2023-07-1",
        "of": "",
        "rests_on": None,
        "when": "2023年8月18日 10时00分至10时14分",
        "where": "县政务服务中心三楼会议室（公开进行）",
        "scope": "歌舞、娱乐场所",
        "ratio_raw": "50%:1次/年",
        "ratio": "50%",
        "how": "总数 24 × 50% = 12 户，按权数分配，余数大的先进",
        "resulting": "50%",
        "pool": {"count": 24, "root": OTHER},
        "excluded": {"count": 3, "root": DIGEST},
        "excluded_why": "已停业、注销 2 户，结果互认 1 户",
        "inspectors": {"count": 20, "root": OTHER[::-1]},
        "changes": "新增 1，移除 2，变更 3",
        "commit_hash": DIGEST[::-1],
        "committed": "2023年8月18日 9时30分",
        "closes": "2023年8月18日 10时00分",
        "sources": [
            {
                "who": "县文体旅游广电局（发起）",
                "value": "8f3a61c07be2459d13a8f05c72e94b16",
                "commitment": OTHER,
            },
            {"who": "县公安局", "value": "27d4b90e5fac183660d2c7e1984bafd3", "commitment": DIGEST},
            {
                "who": "公开开奖 双色球第2023095期（示例）",
                "value": "03 06 08 12 17 31 + 09",
                "commitment": None,
            },
        ],
        "key": OTHER,
        "quotas": [
            {
                "risk": "D",
                "count": 2,
                "multiplier": "5",
                "ratio": "100%",
                "weight": "2",
                "share": "1.66",
                "quota": 2,
            },
            {
                "risk": "C",
                "count": 5,
                "multiplier": "2",
                "ratio": "100%",
                "weight": "5",
                "share": "4.14",
                "quota": 4,
            },
            {
                "risk": "B",
                "count": 13,
                "multiplier": "1",
                "ratio": "50%",
                "weight": "6.5",
                "share": "5.38",
                "quota": 5,
            },
            {
                "risk": "A",
                "count": 4,
                "multiplier": "0.5",
                "ratio": "25%",
                "weight": "1",
                "share": "0.83",
                "quota": 1,
            },
        ],
        "weights": "14.5",
        "total": 12,
        "selected": [
            {"risk": "C", "leaf": OTHER, "ticket": DIGEST, "visit_no": f"GN2023-07-{n:02}"}
            for n in range(1, 13)
        ],
        "thresholds": [("D", OTHER), ("C", DIGEST)],
        "matching": "12 次上门 × 3 部门 × 2 人，缺员 0",
        "teams": [],
        "people": "",
        "rule": "onevisit-draw/1",
        "voided": 0,
        "host": host,  # type: ignore[typeddict-item]
        "parties": [
            {"name": "石云", "of": "县文体旅游广电局", "strokes": scribble(2)},
            {"name": "白文", "of": "县公安局", "strokes": scribble(3)},
        ],
        "issued_by": "贵南县文体旅游广电局",
        "issued": "2023年8月18日",
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_certificate() -> CertificateFacts:
    """A certificate of which nothing optional is known."""
    return make_certificate(
        where=None, scope="", ratio_raw="", excluded_why=None, changes=None, selected=[], thresholds=[], matching=None,
        parties=[], host={"name": "白小平", "of": None, "strokes": None}, task={**TASK, "seq": None},
    )  # fmt: skip


def make_dispatch(**over: Any) -> DispatchFacts:
    """Twelve visits for three departments."""
    parts = [
        {"department": d["name"], "items": [i["name"] for i in d["items"]], "officers": d["officers"]}
        for d in make_record()["departments"]
    ]
    plain: DispatchFacts = {
        "issuer": ISSUER,
        "no": "南双随派〔2023〕0007号",
        "task": TASK,
        "draw": "632525-2023-07-1",
        "certificate_no": "南双随抽〔2023〕07号",
        "window": "2023年9月1日至10月31日",
        "departments": [d["name"] for d in make_record()["departments"]],
        "demands": ["进一次门、查多项事，由组长统一约定上门时间", "检查人员不少于两人并主动出示执法证件"],
        "visits": [
            {
                "no": f"GN2023-07-{n:02}",
                "subject": SUBJECT,
                "parts": parts,
                "leader": "白小平",
                "window": None,
                "due": "2023年10月31日",
            }  # type: ignore[typeddict-item]
            for n in range(1, 13)
        ],
        "issued_by": "贵南县文体旅游广电局",
        "issued": "2023年8月21日",
        "contact": CONTACT,
        "receipts": [
            ("贵南县文体旅游广电局", "白小平", "2023年8月21日 10时02分"),
            ("贵南县公安局", None, None),
        ],
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_dispatch() -> DispatchFacts:
    """A dispatch list of which nothing optional is known."""
    part = {"department": "贵南县公安局", "items": [], "officers": []}
    visit = {
        "no": "GN2023-07-01",
        "subject": BARE_SUBJECT,
        "parts": [part],
        "leader": None,
        "window": None,
        "due": None,
    }
    return make_dispatch(
        draw=None, certificate_no=None, window=None, departments=[], demands=[], contact=NOBODY, receipts=[],
        visits=[visit, {**visit, "parts": []}], task={**TASK, "seq": None},
    )  # fmt: skip


def make_announcement(**over: Any) -> AnnouncementFacts:
    """The results of twelve subjects."""
    plain: AnnouncementFacts = {
        "issuer": ISSUER,
        "no": "南双随公〔2023〕0007号",
        "title": "抽查结果公告",
        "task": TASK,
        "period": "2023年9月1日至9月28日",
        "counts": [("未发现问题", 30), ("发现问题已责令改正", 5)],
        "subjects": 12,
        "withheld": 1,
        "withheld_why": "涉及个人隐私",
        "results": [
            {
                "subject": SUBJECT["name"],
                "code": SUBJECT["code"],
                "visit_no": None,
                "departments": ["贵南县公安局"],
                "item": "歌舞、娱乐场所经营情况",
                "day": "2023年9月14日",
                "outcome": "发现问题已责令改正",
            }
            for _ in range(12)
        ],
        "complaints": "000-0000（示例）",
        "contact": CONTACT,
        "issued_by": "贵南县文体旅游广电局",
        "issued": "2023年10月8日",
        "digest": DIGEST,
        "qr": LINK,
    }
    return {**plain, **over}  # type: ignore[typeddict-item]


def make_bare_announcement() -> AnnouncementFacts:
    """An announcement without results."""
    return make_announcement(
        counts=[],
        withheld_why=None,
        results=[],
        complaints=None,
        contact=NOBODY,
        task={**TASK, "plan": None, "seq": None},
    )


FULL = {
    "record": make_record, "notice": make_notice, "order": make_order, "transcript": make_transcript,
    "certificate": make_certificate, "dispatch": make_dispatch, "announcement": make_announcement,
    "stop": make_letter, "urge": make_letter, "advice": make_letter, "taken": make_taken, "sampling": make_sampling,
}  # fmt: skip
BARE = {
    "record": make_bare_record, "notice": make_bare_notice, "order": make_bare_order, "transcript": make_bare_transcript,
    "certificate": make_bare_certificate, "dispatch": make_bare_dispatch, "announcement": make_bare_announcement,
    "stop": make_bare_letter, "urge": make_bare_letter, "advice": make_bare_letter, "taken": make_bare_taken,
    "sampling": make_bare_sampling,
}  # fmt: skip
