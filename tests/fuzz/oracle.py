"""What must the record be after all that? Counted by hand from the answers, without asking the code under test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass
class Oracle:
    """Answers and notes of one visit, from the operations that the server said it counted."""

    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    seen: dict[str, set[str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def counts(self, operation: Json) -> None:
        """It was applied."""
        body, kind = operation["body"], operation["kind"]
        if kind == "answer.set":
            register = f"answer/{body['item']}/{body['entry']}"
            self.values.setdefault(register, {})[operation["id"]] = body["value"]
            self.seen.setdefault(register, set()).update(operation["base"].get(register, ()))
        elif kind == "note.add":
            self.notes[operation["id"]] = body["text"]
        elif kind == "note.withdraw":
            self.gone.add(body["target"])

    def answers(self) -> dict[str, list[Json]]:
        """register -> the values that nobody saw and replaced, each once."""
        return {
            register: sorted({str(value) for id_, value in values.items() if id_ not in self.seen[register]})
            for register, values in self.values.items()
        }

    def differs(self, state: Json, part: str) -> str | None:
        """Where the server's state is another."""
        there = state["parts"].get(part, {"registers": {}, "record": {"notes": []}})
        found = {
            name: sorted(str(value["value"]["value"]) for value in register["values"])
            for name, register in there["registers"].items()
            if name.startswith("answer/")
        }
        if found != self.answers():
            return f"answers {found} for {self.answers()}"
        notes = {note["id"]: note["text"] for note in there["record"]["notes"]}
        wanted = {id_: text for id_, text in self.notes.items() if id_ not in self.gone}
        return None if notes == wanted else f"notes {sorted(notes)} for {sorted(wanted)}"
