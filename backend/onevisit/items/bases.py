"""Which laws and articles does a written basis name, and which state does that give what rests on them? Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from onevisit.items.terms import BasisState

_TITLE = re.compile(r"《([^《》]{2,200})》")
_ARTICLE = re.compile(r"第([0-9０-９零〇一二三四五六七八九十百]{1,9})条(之[一二三四五六七八九十])?")
_DIGITS = "零一二三四五六七八九"
_GRAVE = {BasisState.REPEALED: 2, BasisState.AMENDED: 1, BasisState.IN_FORCE: 0}


@dataclass(frozen=True, order=True)
class Named:
    """A law by its title; `article` "" is the law as a whole."""

    title: str
    article: str = ""


def named_in(text: str | None) -> list[Named]:
    """《旅馆业治安管理办法》第四条、第13条 -> that law, its articles 第四条 and 第十三条; each once, in order."""
    found: dict[Named, None] = {}
    titles = list(_TITLE.finditer(text or ""))
    for at, title in enumerate(titles):
        end = titles[at + 1].start() if at + 1 < len(titles) else len(text or "")
        name = "".join(title[1].split())
        found[Named(name)] = None
        for article in _ARTICLE.finditer(text or "", title.end(), end):
            found[Named(name, f"第{_numeral(article[1])}条{article[2] or ''}")] = None
    return list(found)


def _numeral(written: str) -> str:
    """Articles are counted in Chinese numerals: 13 and 十三 are one article."""
    if not written.isdecimal():
        return written.replace("〇", "零")
    number = int(written)
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    if not 0 < number < 1000:
        return written
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{_DIGITS[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def article_order(article: str) -> tuple[int, str]:
    """第四条 before 第十三条, as the law has them."""
    number = tens = 0
    for sign in article.removeprefix("第").partition("条")[0]:
        if sign in "百十":
            number += (tens or 1) * (100 if sign == "百" else 10)
            tens = 0
        else:
            tens = max(0, _DIGITS.find(sign))
    return number + tens, article


def gravest(states: Iterable[str]) -> str | None:
    """Of several bases the worst counts: a repealed one beside one in force still has to be replaced."""
    worst = max((BasisState(one) for one in states), key=_GRAVE.__getitem__, default=BasisState.IN_FORCE)
    return None if worst == BasisState.IN_FORCE else worst.value
