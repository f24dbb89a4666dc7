"""What does the notice around the table say? Document number, day, issuer, and the plan's deadline."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from onevisit.plans.sheet_items import tidy

_DAY = r"(20\d\d)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日"


@dataclass
class Notice:
    """The facts of a notice that hold for the whole plan."""

    document_no: str | None = None
    issued: dt.date | None = None
    issuer: str | None = None
    deadline: dt.date | None = None
    doubts: list[tuple[str, str]] = field(default_factory=list)


def read_notice(paragraphs: Sequence[str], year: int | None) -> Notice:
    """Read the running text of a docx; everything is None where the file is only a table."""
    notice = Notice()
    lines = [tidy(p) for p in paragraphs if p.strip()]
    for line in lines[:8]:
        number = re.fullmatch(r"[\u4e00-\u9fff]{2,14}[〔\[［(（]20\d\d[〕\]］)）]\s*第?\d+号", line)
        if number is not None:
            notice.document_no = number[0]
            break
    _signature(notice, lines)
    _deadline(notice, "".join(lines), year)
    _office_names(notice, lines)
    _title_names(notice, lines)
    return notice


def _date(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _signature(notice: Notice, lines: Sequence[str]) -> None:
    """The day stands alone on a line under one or two lines of the issuer, or before 印发."""
    for at, line in enumerate(lines):
        alone = re.fullmatch(_DAY, line)
        printed = re.fullmatch(rf"(.{{4,60}}?)\s*{_DAY}\s*印发", line)
        if alone is not None and notice.issued is None:
            notice.issued = _date(alone)
            above = [li for li in lines[max(0, at - 2) : at] if len(li) < 60 and not li.startswith("附")]
            signed = [li for li in above if not re.match(r"^\d+\s*[.．、]|.*[。：]$", li)]
            notice.issuer = re.sub(r"[（(]代章[）)]$", "", "".join(signed)) or None
        elif printed is not None:
            notice.issued = notice.issued or _date(re.search(_DAY, line) or printed)
            notice.issuer = notice.issuer or printed[1]


def _deadline(notice: Notice, text: str, year: int | None) -> None:
    """整个抽查计划原则上于11月15日以前全部结束; 于11月30日前完成年度抽查工作计划."""
    hit = re.search(
        r"计划[^。]{0,12}?(\d{1,2})月(\d{1,2})日(?:以|之)?前[^。，]{0,6}(?:结束|完成)"
        r"|于(\d{1,2})月(\d{1,2})日(?:以|之)?前(?:全部|全面)?完成[^。，]{0,12}计划",
        text,
    )
    if hit is not None and year is not None:
        month, day = (int(n) for n in hit.groups() if n is not None)
        try:
            notice.deadline = dt.date(year, month, day)
        except ValueError:
            notice.deadline = None


def _office_names(notice: Notice, lines: Sequence[str]) -> None:
    head = next((li for li in lines[:4] if li.endswith("文件")), "")
    kinds = [re.findall(r"联席会议|领导小组|工作专班", text) for text in (head, notice.issuer or "")]
    if all(kinds) and kinds[0] != kinds[1]:
        notice.doubts.append(
            ("signatory_varies", f"文头写“{kinds[0][0]}”，落款写“{kinds[1][0]}”（{notice.issuer}）")
        )


def _title_names(notice: Notice, lines: Sequence[str]) -> None:
    """The plan's own name, wherever it stands in 《》 or after 附件."""
    names = [n for line in lines for n in re.findall(r"《([^《》]*?计划(?:（[^》]*）)?)》", line)]
    names += [
        m[1] for line in lines if (m := re.match(r"附\s*件\s*[:：]\s*(?:\d\s*[.．、]\s*)?(.*计划)$", line))
    ]
    plain = {re.sub(r"[\s“”\"]", "", unicodedata.normalize("NFKC", n)) for n in names}
    plain = {n for n in plain if re.search(r"20\d\d", n)}
    if len(plain) > 1:
        notice.doubts.append(
            ("plan_title_varies", f"通知里的计划名称有 {len(plain)} 种写法：{'；'.join(sorted(plain))}")
        )
