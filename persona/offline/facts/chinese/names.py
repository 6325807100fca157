"""Recognises Chinese names."""

from __future__ import annotations

import re

from persona.offline.facts.chinese.words import COMPOUND_SURNAMES, SURNAMES

# "我叫外卖了", "叫我起床": what is ordered, or what one is called to do.
_NOT_NAME = re.compile(
    r"[了他她它你您们的不车来去着过得吃喝这那什么谁啥菜饭快递救护滴帮起回看做写说讲买给先再别没有是在]"
    r"|外卖|出租|上课|上班|下班|睡觉|什|怎|老师$|师傅|一声|一下|多少|名字|醒|点(?:餐|单)"
)
_NOT_FULL_NAME = re.compile(
    r"[人族座生员师手迷控党者粉工长派教友主客级号型类]$|^(?:高兴|高手|高中|方便|马上|成年|单身"
    r"|单亲|安全|白痴|白领|常客|金牛|黄种|温柔|安静|乐观|成功|文科|万能|石油|路痴|路过|认真|任何"
    r"|全部|向往|易怒|平凡|平常|于是|时候|康复|明白|孤独|孤儿|孤单|罗马|江湖|江南|海归|华裔|曾经"
    r"|单纯|严格|严肃|白天|黄金|雷锋|龙的|田园|水瓶|双鱼|童年|童话|祖籍|贺岁|古怪|季节|程序|游客"
    r"|管理|车主|水货)"
)


def is_name(name: str) -> bool:
    """Return whether `name`, after "我叫", can be a name."""
    if not "\u4e00" <= name[0] <= "\u9fff":
        return name[0].isupper() or name.islower()
    return _NOT_NAME.search(name) is None


def is_nickname(name: str, *, sure: bool) -> bool:
    """Return whether `name`, after "叫我", can be what they are called.

    Unless the rest of the clause makes it `sure`, it has to look like a name: "叫我起床" is a wish.
    """
    if not is_name(name):
        return False
    if not "\u4e00" <= name[0] <= "\u9fff":
        return name[0].isupper() or sure
    return sure or name[0] in "小阿老大" or name[-1] in "哥姐" or name[0] == name[-1]


def is_full_name(name: str) -> bool:
    """Return whether `name`, after "我是", is a family name with a given name."""
    if not "\u4e00" <= name[0] <= "\u9fff":
        return re.fullmatch(r"[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15})?", name) is not None
    if _NOT_FULL_NAME.search(name) or _NOT_NAME.search(name):
        return False
    return name.startswith(COMPOUND_SURNAMES) or (name[0] in SURNAMES and len(name) <= 3)
