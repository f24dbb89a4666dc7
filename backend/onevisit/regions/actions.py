"""What happens to a region's calendar?"""

import csv
import io
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import delete

from onevisit.core import trail
from onevisit.core.db import db, transaction
from onevisit.core.problems import Problem
from onevisit.regions.models import CalendarDay, CalendarYear

FIRST_YEAR = 2023


def seed_calendar() -> None:
    """Take the published years from the chinesecalendar package; years an office imported stay as they are."""
    with transaction():
        years = []
        for year in range(FIRST_YEAR, date.today().year + 2):
            if db.session.get(CalendarYear, year) is None and (days := _days_of(year)) is not None:
                db.session.add_all(
                    [*days, CalendarYear(year=year, source="国务院办公厅放假通知（chinesecalendar）")]
                )
                years.append(year)
        if years:
            trail.record("calendar.seeded", "calendar", "cn", years=years)


def _days_of(year: int) -> list[CalendarDay] | None:
    """The exceptions of a year; None while the State Council has not published it."""
    day, days = date(year, 1, 1), []
    try:
        while day.year == year:
            holiday, name = chinese_calendar.get_holiday_detail(day)
            if holiday == (day.weekday() < 5):
                days.append(CalendarDay(day=day, working=not holiday, name=str(name or "调休")))
            day += timedelta(days=1)
    except NotImplementedError:
        return None
    return days


def import_holidays(content: bytes) -> dict[str, int]:
    """A published calendar from CSV: columns 日期, 休/班, 名称; replaces the years it names as a whole."""
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig")))
            if row and row[0][:1].isdigit()
        ]
        days = [
            CalendarDay(day=date.fromisoformat(row[0]), working=row[1].strip() == "班", name=row[2])
            for row in rows
        ]
    except (ValueError, IndexError) as error:
        raise Problem(
            "regions.calendar_unreadable",
            "日历表读不懂，什么都没有导入。每行应为：2027-01-01,休,元旦（休 或 班）。",
        ) from error
    if not days:
        raise Problem("regions.calendar_empty", "日历表里没有日期，什么都没有导入。")
    years = sorted({one.day.year for one in days})
    with transaction():
        for year in years:
            db.session.execute(
                delete(CalendarDay).where(
                    CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31)
                )
            )
            db.session.merge(CalendarYear(year=year, source="导入"))
        db.session.add_all(days)
        trail.record("calendar.imported", "calendar", "cn", years=years, days=len(days))
    return {"years": len(years), "days": len(days)}
