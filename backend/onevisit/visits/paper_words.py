"""Which words does the printed record use for what was signed? Pure; the screen's twin is pwa/src/ui/recordWords.ts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from onevisit.core.clock import LAW_ZONE
from onevisit.visits.terms import Answer, AnswerType, CheckMethod, Kind, MeasureForm, MeasureKind, Outcome

Json = Mapping[str, Any]
ANSWERS = {one.value: one.label for one in Answer}
OUTCOMES = {one.value: one.label for one in Outcome}
METHODS = {one.value: one.label for one in CheckMethod}
MEASURES = {one.value: one.label for one in MeasureKind}
FORMS = {one.value: one.label for one in MeasureForm}
KINDS = {one.value: one.label for one in Kind}
UNANSWERED = "未作答"
DRAWN = {"box": "方框", "arrow": "箭头"}
TRANSCRIPT = {
    "opening": "出示证件", "credentials_answer": "核对证件的回答", "rights_answer": "告知权利的回答",
    "facts": "现场情况", "coercive": "强制措施", "statement": "陈述申辩",
}  # fmt: skip


def day_cn(day: date) -> str:
    """2026年11月9日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_cn(wall: str) -> str:
    """2026年11月10日10时02分, in the zone of the law."""
    here = datetime.fromisoformat(wall).astimezone(LAW_ZONE)
    return f"{day_cn(here.date())}{here:%H时%M分}"


def time_cn(wall: str) -> str:
    """10时02分."""
    return f"{datetime.fromisoformat(wall).astimezone(LAW_ZONE):%H时%M分}"


def answer_words(entry: Json, value: str | None) -> str:
    """An answer as the form prints it; numbers with their unit."""
    if value is None:
        return UNANSWERED
    if entry["answer"] == AnswerType.PASS_FAIL:
        return ANSWERS.get(value, value)
    if entry["answer"] == AnswerType.DATE:
        return day_cn(date.fromisoformat(value))
    if entry["answer"] != AnswerType.NUMBER:
        return value
    measured = f"{value} {entry['unit']}" if entry["unit"] else value
    return f"{measured}（应{limit_words(entry['limits'])}）" if entry.get("limits") else measured


def limit_words(limits: Json) -> str:
    """18 至 26, 不小于 18, 不大于 26."""
    low, high = limits["min"], limits["max"]
    if low is not None and high is not None:
        return f"为 {low} 至 {high}"
    return f"不小于 {low}" if low is not None else f"不大于 {high}"


def sentence(text: str) -> str:
    """The text, ended."""
    text = text.strip()
    return text if text.endswith(tuple("。！？；.!?;")) else f"{text}。"


def told(answer: Json | None, notes: Iterable[str], photos: Sequence[int]) -> str | None:
    """What was found at an entry: phrases, note, further notes, and the numbers of its photos."""
    note = (answer or {}).get("note") or ""
    phrases = [one for one in (answer or {}).get("phrases", ()) if one not in note]
    words = "".join(sentence(one) for one in [*phrases, note, *notes] if one.strip())
    return (words + (f"（照片 {numbers(photos)}）" if photos else "")) or None


def numbers(photos: Sequence[int]) -> str:
    """1、2、5."""
    return "、".join(str(one) for one in photos)


def outcome_words(codes: Sequence[str], labels: Mapping[str, str]) -> str | None:
    """The results of an item in the region's own words."""
    return "、".join(labels.get(code) or OUTCOMES.get(code, code) for code in codes) or None


def measure_words(one: Json) -> str:
    """责令改正（26-003-1），2026年11月17日前改正，电子送达：修复…"""
    due = ""
    if one["due_day"]:
        due = f"，{day_cn(date.fromisoformat(one['due_day']))}前改正"
    elif one["kind"] == MeasureKind.RECTIFICATION_ORDER:
        due = "，当场改正"
    number = f"（{one['number']}）" if one["number"] else ""
    kind, form = MEASURES.get(one["kind"], one["kind"]), FORMS.get(one["form"], one["form"])
    return f"{kind}{number}{due}，{form}：{one['text']}"


def collected(record: Json, item: str | None, loose: Sequence[int], numbered: Mapping[str, int]) -> list[str]:
    """What was gathered about an item (None: about the whole part) and no entry names.

    `loose`: the numbers of its photos; `numbered`: photo -> its number, for papers photographed as pages.
    """

    def here(shelf: str) -> list[Json]:
        return [one for one in record.get(shelf, ()) if one["item"] == item]

    def pages(one: Json) -> str:
        found = [numbered[photo] for photo in one["photos"] if photo in numbered]
        return f"（照片 {numbers(found)}）" if found else ""

    lines = [f"备注：{one['text']}" for one in here("notes") if one["entry"] is None]
    lines += [_paper(one) + pages(one) for one in here("papers")]
    lines += [_sample(one) + pages(one) for one in here("samples")]
    lines += [_evidence(one) + pages(one) for one in here("evidence")]
    lines += [f"录音 {_heard(one)}" for one in here("audio")]
    lines += [f"录像 {_heard(one)}" for one in here("clips")]
    lines += [_recording(one) for one in here("recordings")]
    if item is None:
        lines += of_the_part(record)
    return lines + ([f"照片 {numbers(loose)}"] if loose else [])


def length_words(seconds: int) -> str:
    """45 秒, 1 分 05 秒."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest:02d} 秒" if minutes else f"{rest} 秒"


def size_words(size: int) -> str:
    """1.4 MB; counted in whole tenths, so that every language rounds alike."""
    tenths = max(1, (size * 10 + 524_288) // 1_048_576)
    return f"{tenths // 10}.{tenths % 10} MB"


def hash_words(hash_: str) -> str:
    """Enough of a hash to find the file by."""
    return f"{hash_[:8]}…{hash_[-8:]}"


def marking_words(markings: Iterable[Json], photo: str) -> str | None:
    """标注：方框 2 处、箭头 1 处、“裂缝”; what was drawn over a photo."""
    shapes = [shape for one in markings if one["photo"] == photo for shape in one["shapes"]]
    counted = [(name, sum(one["kind"] == kind for one in shapes)) for kind, name in DRAWN.items()]
    said = [f"{name} {count} 处" for name, count in counted if count]
    said += [f"“{one['text']}”" for one in shapes if one["text"]]
    return f"标注：{'、'.join(said)}" if said else None


def _heard(one: Json) -> str:
    caption = f"：{one['caption']}" if one["caption"] else ""
    return f"{length_words(one['seconds'])}{caption}（{hash_words(one['hash'])}）"


def _recording(one: Json) -> str:
    begun = f"，{moment_cn(one['started_at'])}起" if one["started_at"] else ""
    note = f"，{one['note']}" if one["note"] else ""
    return (
        f"执法记录仪 {one['recorder']}：{one['name']}，{size_words(one['size'])}{begun}{note}"
        f"（{hash_words(one['hash'])}）"
    )


def _sample(one: Json) -> str:
    laboratory = f"，送{one['laboratory']}检验" if one["laboratory"] else ""
    note = f"，{one['note']}" if one["note"] else ""
    return f"抽样：{one['name']}，{one['number']}，{one['quantity']}{laboratory}{note}"


def _paper(one: Json) -> str:
    number = f" {one['number']}" if one["number"] else ""
    kept, note = "，已留存" if one["kept"] else "", f"，{one['note']}" if one["note"] else ""
    return f"查阅材料：{one['name']}{number}，{one['copies']} 份{kept}{note}"


def _evidence(one: Json) -> str:
    receipt = f"，收据 {one['receipt']}" if one["receipt"] else ""
    return f"提取证据：{one['name']}，{one['quantity']}{receipt}" + (
        f"，{one['description']}" if one["description"] else ""
    )


def of_the_part(record: Json) -> list[str]:
    """Differences from the register, and what experts said."""
    differing = [one for one in record["facts"].values() if one["differs"]]
    method = record.get("method")
    away = [method] if method and method["method"] != CheckMethod.ON_SITE else []
    lines = ["：".join(filter(None, (METHODS[one["method"]], one["reason"]))) for one in away]
    lines += ["与登记不符：" + "，".join(filter(None, (one["value"], one["note"]))) for one in differing]
    for one in record["experts"].values():
        institution = f"（{one['institution']}）" if one["institution"] else ""
        lines.append(
            f"专业人员：{one['name']}{institution}" + (f"，意见：{one['opinion']}" if one["opinion"] else "")
        )
    return lines


def transcript_lines(record: Json) -> list[str]:
    """What the transcript says, in the order of the talk."""
    transcript = record["transcript"]
    if transcript is None:
        return []
    lines = [f"{label}：{transcript[name]}" for name, label in TRANSCRIPT.items() if transcript[name]]
    asked = transcript["recusal"] == "asked"
    return lines + ([f"申请回避：{transcript['recusal_reason'] or '是'}"] if asked else [])


def register_words(register: str | None, value: Any, entries: Mapping[str, Json]) -> str | None:
    """A register's value in words, for the list of changes; `entries` by `item/entry`."""
    kind, _, place = (register or "").partition("/")
    if value is None:
        return None
    if kind == "answer":
        entry = entries.get(place, {"answer": AnswerType.TEXT, "unit": None})
        said = told(value, (), ())
        return answer_words(entry, value["value"]) + (f"：{said}" if said else "")
    if kind == "finding":
        words = outcome_words(value["outcomes"], {}) or UNANSWERED
        return words + (f"（{value['reason']}）" if value["reason"] else "")
    if isinstance(value, Mapping):
        return "；".join(str(one) for one in value.values() if one not in (None, False, "")) or None
    return str(value)
