"""Which office is meant by a name as somebody wrote it?

Every plan table writes the same office in several ways (县市场监管局, 市监局, 应急管理局 without its
county). Known spellings stand in register.csv; names never seen are read by their sector and level.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

_ROLES = frozenset({"role", "sector", "government", "judicial", "support"})
_LEVEL = "省|自治区|市|州|地区|盟|县|区|旗|镇|乡|示范区|开发区|高新区|新区|管委会"
_BODY = (
    "委员会|管理局|监督局|分局|支局|总局|大队|支队|总队|监察队|执法队|指挥部|银行|海关|法院|检察院"
    "|办公室|中心|局|委|办|厅|队|站|处"
)
# A name may carry the office's second name (加挂牌子) in brackets; the first name identifies it.
_SECOND_NAME = re.compile(r"[（(][^（）()]*[)）]$")


@dataclass(frozen=True)
class Spelling:
    """One line of the register: how a region writes an office, and which office it is."""

    region: str
    written: str
    canonical: str
    kind: str


@dataclass(frozen=True)
class Mention:
    """A department named inside a running text."""

    start: int
    written: str
    canonical: str


def plain(name: str) -> str:
    """The name without blanks and in one width; brackets become full-width as the offices print them."""
    folded = unicodedata.normalize("NFKC", name)
    return re.sub(r"\s+", "", folded).replace("(", "（").replace(")", "）").strip("、，,；;。.:：")


def _table(name: str) -> list[dict[str, str]]:
    text = files("onevisit.departments").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def sectors() -> dict[str, str]:
    """Every full and short form of a sector's name -> its full name."""
    forms: dict[str, str] = {}
    for row in _table("sectors.csv"):
        forms[row["sector"]] = row["sector"]
        for short in filter(None, row["short_forms"].split(";")):
            forms.setdefault(short, row["sector"])
    return forms


@cache
def _sector_pattern() -> re.Pattern[str]:
    forms = sorted(sectors(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(map(re.escape, forms))})({_BODY})")


@cache
def _office_pattern() -> re.Pattern[str]:
    """An office anywhere in a text: place or level, sector, body."""
    forms = "|".join(map(re.escape, sorted(sectors(), key=len, reverse=True)))
    # A place name has no conjunction and no 年 in it: 局与县公安局, 2023年县公安局.
    place = rf"(?:(?:(?![年和与及由对])[\u4e00-\u9fff]){{2,8}}?(?:{_LEVEL}))?(?:省|州|县|区|市(?!场))?"
    return re.compile(rf"{place}(?:{forms})(?:{_BODY})(?:[\u4e00-\u9fff]{{1,6}}?分局)?")


def has_place(name: str, region: str | None) -> bool:
    """Whether an office's name says where it is or at which level: 县应急局 does, 应急管理局 does not."""
    written = plain(name)
    if region is not None and (last_place(region) in written or region in written):
        return True
    return bool(re.match(r"(?:国家|[\u4e00-\u9fff]{0,8}?(?:省|州|县|区|旗|镇|乡|市(?!场)))", written))


def last_place(region: str) -> str:
    """贵南县 of 青海省海南藏族自治州贵南县: what the region's offices put before their names."""
    for level in ("示范区", "开发区", "高新区"):
        if region.endswith(level) and "市" in region:
            return level
    parts = re.findall(r"[\u4e00-\u9fff]+?(?:自治区|自治州|自治县|省|州|地区|盟|市|县|区|旗)", region)
    return parts[-1] if parts and region.endswith(parts[-1]) else region


class DepartmentRegister:
    """The offices known by name, and the rules for names not yet known."""

    def __init__(self, spellings: Iterable[Spelling]) -> None:
        self.spellings = tuple(spellings)
        self._offices: dict[str, tuple[Spelling, ...]] = {}
        self._canonical: dict[tuple[str, str], str] = {}

    @classmethod
    def load(cls, *further: Spelling) -> "DepartmentRegister":
        """The register of the package, with the spellings an office has taught it since."""
        known = [
            Spelling(r["region"], plain(r["name_as_written"]), r["canonical_name"], r["kind"])
            for r in _table("register.csv")
        ]
        return cls([*further, *known])

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """The regions whose spellings are known."""
        return tuple(dict.fromkeys(s.region for s in self.spellings))

    def offices_of(self, region: str) -> tuple[Spelling, ...]:
        """The known spellings of a region's checking departments, longest first."""
        if region not in self._offices:
            self._offices[region] = self._read_offices(region)
        return self._offices[region]

    def _read_offices(self, region: str) -> tuple[Spelling, ...]:
        mine = [s for s in self.spellings if s.region == region and s.kind not in _ROLES]
        return tuple(sorted(mine, key=lambda s: -len(s.written)))

    def canonical(self, name: str, region: str | None) -> str:
        """The office's one name; two spellings mean the same office exactly when these are equal."""
        written = plain(name)
        if region is None:
            return written
        if (written, region) not in self._canonical:
            self._canonical[written, region] = self._known(written, region) or self._by_sector(
                written, region
            )
        return self._canonical[written, region]

    def _known(self, written: str, region: str) -> str | None:
        for spelling in self.offices_of(region):
            if written in (spelling.written, plain(spelling.canonical)):
                return spelling.canonical
        return None

    def _by_sector(self, written: str, region: str) -> str:
        reading = self.sector_of(written)
        place = last_place(region)
        if reading is None:
            return self._with_place(written, region, place)
        sector, body = reading
        if self.is_branch_from_above(written, region):
            return written
        for same in ({body}, {"局", "委员会", "分局"} if body in ("局", "委员会", "分局") else {body}):
            known = {
                s.canonical
                for s in self.offices_of(region)
                if s.kind == "department"
                and (office := self.sector_of(s.canonical)) is not None
                and office[0] == sector
                and office[1] in same
            }
            if len(known) == 1:
                return known.pop()
        return f"{place}{sector}{body}"

    @staticmethod
    def _with_place(written: str, region: str, place: str) -> str:
        """An unknown kind of office keeps its words; only the level word is spelt out."""
        if written.startswith((region, place)):
            return place + written.removeprefix(region).removeprefix(place)
        return place + re.sub(r"^(?:县|区|市(?!场)|州|旗|示范区)", "", written)

    @staticmethod
    def is_branch_from_above(name: str, region: str) -> bool:
        """忻州市生态环境局原平分局 in 原平市: a branch of the higher region's office keeps its whole name."""
        written = plain(name)
        place = re.match(r"([\u4e00-\u9fff]{2,6}?)(?:市(?!场)|县|州)", written)
        return place is not None and place[1] not in region and "分局" in written

    @staticmethod
    def sector_of(name: str) -> tuple[str, str] | None:
        """(full sector name, kind of body) of an office's name, or None if no known sector is in it."""
        hits = list(_sector_pattern().finditer(_SECOND_NAME.sub("", plain(name))))
        if not hits:
            return None
        found = hits[-1]  # 国家税务总局贵南县税务局: the last office is the one meant
        body = {"委": "委员会", "队": "大队", "办": "办公室"}.get(found[2], found[2])
        return sectors()[found[1]], body

    def is_department(self, text: str, region: str | None = None) -> bool:
        """Whether the text is the name of one office and nothing else."""
        name = plain(text)
        if not 2 <= len(name) <= 30:
            return False
        if region is not None and any(s.written == name for s in self.offices_of(region)):
            return True
        bare = _SECOND_NAME.sub("", name)
        if re.search(r"检查|抽查|情况|监管$|[、，；。]", bare):
            return False
        if re.search(r"(?:宣传|统战|组织|社会工作|政法|网信)(?:部|委|办)$", bare):
            return True  # offices of the party that check: 电影, 印刷, 宗教
        if re.search(
            r"(?:总工会|妇女?联合?会|妇联|残联|残疾人联合会|工商联|红十字会|文联|供销(?:合作)?社)$", bare
        ):
            return True  # bodies that take part without being offices of the government
        return bool(re.search(rf"(?:{_BODY})$", bare)) or (bare in sectors() and len(bare) > 2)

    def mentions(self, text: str, region: str | None) -> tuple[Mention, ...]:
        """Departments named in a running text, in order; the longest known name wins."""
        found: list[Mention] = []
        taken = [False] * len(text)

        def take(start: int, written: str) -> None:
            if written and not any(taken[start : start + len(written)]):
                taken[start : start + len(written)] = [True] * len(written)
                found.append(Mention(start, written, self.canonical(written, region)))

        for spelling in self.offices_of(region) if region else ():
            if len(spelling.written) > 2 and spelling.kind == "department":
                for hit in re.finditer(re.escape(spelling.written), text):
                    take(hit.start(), hit[0])
        for hit in _office_pattern().finditer(text):
            take(hit.start(), hit[0])
        return tuple(sorted(found, key=lambda m: m.start))

    def region_in(self, text: str) -> str | None:
        """The region a title speaks of: a known one, else the administrative name it begins with."""
        text = re.sub(r"\s+", "", text)
        for region in sorted(self.regions, key=len, reverse=True):
            if region in text:
                return region
        place = re.match(
            r"(?:关于)?(?:印发)?[《“]?(?:\d{4}年?(?:度)?)?([\u4e00-\u9fff]{2,14}?"
            r"(?:自治县|示范区|开发区|高新区|县|区|旗|市(?!场)))",
            text,
        )
        if place is not None:
            return next((r for r in self.regions if r.endswith(place[1])), place[1])
        return next((r for r in self.regions if text.startswith(last_place(r))), None)
