"""Who leads, where one cell names leaders and partners together? 牵头：… 配合：…, 甲（牵头）、乙, 甲牵头，乙配合."""

import re
from dataclasses import dataclass

_LEADS = r"(?:主?牵头|发起|主办|主责|主查)(?:部门|单位)?"
_JOINS = r"(?:配合|参与|协同|协办|参加|联合|会同|成员)(?:部门|单位)?"
_MARKED = re.compile(rf"[（(]\s*{_LEADS}\s*[）)]")
_OTHERS = re.compile(rf"[（(]\s*{_JOINS}\s*[）)]")
_ROLE = re.compile(rf"[（(]\s*(?:{_LEADS}|{_JOINS})\s*[）)](?=\s*[^、，,；;\s])")
_TOGETHER = re.compile(
    r"^(?P<lead>[^、，,；;\s]+[局委办队院所会部厅])(?:会同|联合|会商)(?P<partners>\S.*)$", re.DOTALL
)
_LABELLED = re.compile(
    rf"^\s*{_LEADS}\s*[:：]\s*(?P<lead>.+?)(?:[；;。，,、\s]*{_JOINS}\s*[:：]\s*(?P<partners>.*))?$",
    re.DOTALL,
)
_SPOKEN = re.compile(
    rf"^(?P<lead>[^，,；;]+?)(?:作为)?牵头(?:负责)?[，,；;\s]+(?P<partners>.+?)(?:等)?(?:部门|单位)?{_JOINS}[。]?$",
    re.DOTALL,
)


@dataclass(frozen=True)
class Roles:
    """The part of a cell that leads, and the part that takes part; each may name several offices."""

    lead: str
    partners: str


def read_roles(text: str) -> Roles | None:
    """The roles a cell names; None if it only lists offices."""
    for way in (_LABELLED, _SPOKEN):
        hit = way.match(text.strip())
        if hit is not None:
            return Roles(hit["lead"].strip(" ，,；;。"), (hit["partners"] or "").strip())
    if together := _TOGETHER.match(text.strip()):
        return Roles(together["lead"].strip(), together["partners"].strip())
    if _MARKED.search(text):
        text = _ROLE.sub(
            r"\g<0>、", text
        )  # 甲（发起）乙（配合）: the marks part them where nothing else does
        parts = [p for p in re.split(r"[、，,；;\n]|(?<=[）)])\s+", text) if p.strip()]
        lead = [p for p in parts if _MARKED.search(p)]
        return Roles(_unmarked("、".join(lead)), _unmarked("、".join(p for p in parts if p not in lead)))
    return None


def _unmarked(text: str) -> str:
    # 1. and 2. numbered the offices of the whole cell; apart from one another they number nothing.
    text = re.sub(r"(?:(?<=^)|(?<=、))\s*(?:[（(]?\d{1,2}[.．、）)]|[①②③④⑤⑥⑦⑧⑨])\s*", "", text)
    return without_role(text)


def without_role(name: str) -> str:
    """县商务局（牵头） is 县商务局."""
    return _OTHERS.sub("", _MARKED.sub("", name)).strip()
