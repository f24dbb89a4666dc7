"""A city with two counties, their offices, people and hotels: what a task over several regions stands on. All made up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from onevisit.accounts.models import Account
from onevisit.core.db import db
from onevisit.draws.sources import commitment
from onevisit.plans.models import PlanEntry
from onevisit.subjects.library import SubjectLibrary
from onevisit.subjects.models import Subject
from tests.factories.desk import HOTELS, attest, make_entry, make_inspector
from tests.factories.people import make_account, make_department, make_region

CITY, WUGANG, YE = "410400", "410481", "410422"
COUNTIES = (WUGANG, YE)
NAMES = {CITY: "平顶山市", WUGANG: "舞钢市", YE: "叶县"}
OFFICES = {"ga": "公安局", "wjw": "卫生健康委员会"}


def make_tiers(profile: str = "pingdingshan-2020") -> None:
    """The regions and their offices; the counties inherit the city's rules."""
    for id_, tier, parent in ((CITY, "city", None), (WUGANG, "county", CITY), (YE, "county", CITY)):
        make_region(
            id_, name=NAMES[id_], full_name=f"河南省平顶山市{'' if id_ == CITY else NAMES[id_]}", tier=tier,
            parent_id=parent, profile=profile if id_ == CITY else None,
        )  # fmt: skip
        for slug, name in OFFICES.items():
            make_department(f"{id_}-{slug}", name=f"{NAMES[id_]}{name}", short_name=f"{NAMES[id_]}{name}")
        make_department(
            f"{id_}-lxhy", name=f"{NAMES[id_]}联席会议办公室", short_name="联席办", joint_office=True
        )


def make_hotel(region: str, number: int, **over: Any) -> Subject:
    """A hotel of a county, in the library as an import brings it."""
    code = f"92{region}MA{number:07d}"
    given: dict[str, Any] = {
        "credit_code": f"{code}{'0' * (18 - len(code))}", "name": f"示例{NAMES[region]}旅馆{number}号", "kind": "sole_trader",
        "fields": ["宾馆、旅店"], "departments": [f"{region}-ga"], "address": f"{NAMES[region]}示例路{number}号",
        "made_up": True,
    }  # fmt: skip
    SubjectLibrary(region, None).add([given | over])
    db.session.commit()
    wanted = select(Subject).where(
        Subject.region_id == region, Subject.credit_code == (given | over)["credit_code"]
    )
    return db.session.scalars(wanted).one()


@dataclass
class Tiers:
    """The city's row, and the desks of the city and of both counties."""

    client_for: Callable[..., Any]
    entry: PlanEntry
    desks: dict[str, Account]
    deputies: dict[str, Account]
    offices: dict[str, Account]
    secrets: dict[str, str] = field(default_factory=dict)

    def post(self, who: str, path: str, json: Any = None) -> Any:
        """What the server answers to the desk of this office."""
        return self.client_for(self._who(who)).post(f"/api{path}", json=json or {})

    def get(self, who: str, path: str) -> Any:
        """What this desk sees."""
        return self.client_for(self._who(who)).get(f"/api{path}")

    def _who(self, who: str) -> Account:
        return self.desks.get(who) or self.offices[who]

    def open(self, **more: Any) -> Any:
        """The city opens its row."""
        return self.post(f"{CITY}-ga", "/tasks", {"plan_entry_id": self.entry.id, **more})

    def attest_all(self) -> None:
        """Every office of both counties vouches for its libraries."""
        attest(*(f"{one}-{slug}" for one in COUNTIES for slug in OFFICES))

    def prepare(self, task_id: str, region: str = CITY, path: str = "/draws", **more: Any) -> Any:
        """What the server answers to the freezing by the region's police, with chance from two of its offices."""
        given = {"sources": self.sources(region), **more}
        given |= {"task_id": task_id} if path == "/draws" else {}
        return self.post(f"{region}-ga", path, given)

    def sources(self, region: str) -> list[dict[str, Any]]:
        """Chance from the police and the health office of a region."""
        return [
            {"name": name, "kind": "commit_reveal", "department_id": f"{region}-{slug}"}
            for slug, name in OFFICES.items()
        ]

    def draw(self, prepared: dict[str, Any], region: str = CITY) -> dict[str, Any]:
        """Commitments, commit, reveals: the draw is done."""
        for slug, name in OFFICES.items():
            self.secrets[name] = f"{slug}{prepared['no']}".encode().hex().ljust(32, "0")
            given = {"source": name, "commitment": commitment(prepared["no"], name, self.secrets[name])}
            answer = self.post(f"{region}-{slug}", f"/draws/{prepared['id']}/commitments", given)
            assert answer.status_code == 200, answer.json
        assert self.post(f"{region}-ga", f"/draws/{prepared['id']}/commit").status_code == 200
        for slug, name in OFFICES.items():
            given = {"source": name, "value": self.secrets[name]}
            answer = self.post(f"{region}-{slug}", f"/draws/{prepared['id']}/reveals", given)
            assert answer.status_code == 200, answer.json
        return dict(answer.json)

    def drawn(self, **more: Any) -> dict[str, Any]:
        """The city's own draw over both counties, done."""
        task = self.open(**more).json
        self.attest_all()
        answer = self.prepare(task["id"])
        assert answer.status_code == 201, answer.json
        return self.draw(dict(answer.json))

    def handed_down(self, **more: Any) -> dict[str, Any]:
        """Drawn by the city and dispatched to the counties; the city's task."""
        task_id = self.drawn(**more)["task_id"]
        answer = self.post(f"{CITY}-ga", "/dispatches", {"task_id": task_id})
        assert answer.status_code == 201, answer.json
        return dict(self.get(f"{CITY}-ga", f"/tasks/{task_id}").json)

    def tasks_of(self, region: str) -> list[dict[str, Any]]:
        """What the region's police see in their list."""
        return list(self.get(f"{region}-ga", "/tasks").json["items"])


def make_city(
    client_for: Callable[..., Any], mode: str = "市抽县查", hotels: tuple[int, int] = (6, 3), inspectors: int = 3,
    profile: str = "pingdingshan-2020", **over: Any,
) -> Tiers:  # fmt: skip
    """Everything up to the opening: the city's published row, hotels in both counties, inspectors of their offices."""
    make_tiers(profile)
    departments = tuple(f"{CITY}-{slug}" for slug in OFFICES)
    entry = make_entry(departments, draw_mode=mode, scope_filter=over.pop("scope_filter", HOTELS), **over)
    number = 0
    for region, count in zip(COUNTIES, hotels, strict=True):
        for at in range(count):
            number += 1
            make_hotel(region, number, risk="BC"[at % 2])
        for slug in OFFICES:
            for at in range(inspectors):
                make_inspector(f"{region}-{slug}", at)
    every = [f"{one}-{slug}" for one in (CITY, *COUNTIES) for slug in OFFICES]
    return Tiers(
        client_for, entry, {one: make_account(["desk"], one) for one in every},
        {one: make_account(["deputy_head"], one) for one in every},
        {f"{one}-lxhy": make_account(["joint_office"], f"{one}-lxhy") for one in (CITY, *COUNTIES)},
    )  # fmt: skip
