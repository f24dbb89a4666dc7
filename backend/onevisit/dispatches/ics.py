"""How is a schedule written so that every calendar reads it (RFC 5545)? Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from onevisit.dispatches.scheduling import length_of, span_of

ZONE = ZoneInfo("Asia/Shanghai")
MOST_OCTETS = 75


@dataclass(frozen=True)
class Event:
    """A visit on a day; `time` as it was scheduled: a half day, an hour, or none for the whole day."""

    id: str
    revision: int
    day: date
    time: str | None
    summary: str
    description: str
    location: str | None


def calendar_text(name: str, events: Iterable[Event], made: datetime) -> str:
    """A calendar with these events. Times are UTC, so that no reader needs to know our zone."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//OneVisit//OneVisit//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}", "X-WR-TIMEZONE:Asia/Shanghai",
    ]  # fmt: skip
    for one in events:
        lines += _event(one, made)
    lines.append("END:VCALENDAR")
    return "".join(f"{piece}\r\n" for line in lines for piece in folded(line))


def _event(one: Event, made: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{one.id}@onevisit",
        f"DTSTAMP:{_utc(made)}",
        f"SEQUENCE:{one.revision}",
        *_when(one),
    ]
    lines += [f"SUMMARY:{escaped(one.summary)}", f"DESCRIPTION:{escaped(one.description)}"]
    if one.location:
        lines.append(f"LOCATION:{escaped(one.location)}")
    return [*lines, "STATUS:CONFIRMED", "END:VEVENT"]


def _when(one: Event) -> list[str]:
    """A day without an hour is a day, not midnight."""
    if one.time is None or one.time == "全天":
        after = one.day + timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    start, end = span_of(one.time, length_of(4))
    midnight = datetime.combine(one.day, time(), ZONE)
    return [
        f"DTSTART:{_utc(midnight + timedelta(minutes=start))}",
        f"DTEND:{_utc(midnight + timedelta(minutes=end))}",
    ]


def escaped(text: str) -> str:
    """TEXT as section 3.3.11 wants it; what no line may hold is left out."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(sign for sign in plain if sign == "\n" or (sign >= " " and sign != "\x7f"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> list[str]:
    """The line in pieces of at most 75 octets (section 3.1), never through the middle of a sign."""
    pieces, piece, octets = [], "", 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > MOST_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += sign
        octets += size
    return [*pieces, piece]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
