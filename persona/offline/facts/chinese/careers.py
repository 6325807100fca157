"""Recognises professions in Chinese."""

from __future__ import annotations

import re

_PROFESSION = (
    r"工程师|设计师|摄影师|律师|厨师|会计师|会计|教师|老师|讲师|药剂师|药师|理发师|美容师|化妆师"
    r"|造型师|分析师|咨询师|营养师|架构师|建筑师|规划师|培训师|培训讲师|策划师|插画师|动画师"
    r"|剪辑师|面包师|调酒师|咖啡师|治疗师|牧羊人|兽医师|医师|评估师|经济师|测试工程师|训犬师"
    r"|园艺师|程序员|公务员|服务员|售货员|销售员|业务员|演员|店员|消防员|飞行员|运动员|研究员"
    r"|收银员|快递员|外卖员|配送员|保洁员|图书管理员|管理员|宿管|推销员|客服专员|列车员|乘务员"
    r"|驾驶员|护理员|技术员|邮递员|文员|播音员|解说员|导购员|教练员|仓管员|质检员|审计员|采购员"
    r"|检察官|法官|医生|牙医|兽医|护士|护士长|外科医生|内科医生|警察|民警|交警|军人|工人|建筑工人"
    r"|农民|渔夫|渔民|司机|记者|编辑|作家|诗人|编剧|导演|制片人|歌手|音乐家|音乐人|钢琴家|画家"
    r"|艺术家|舞者|舞蹈家|漫画家|雕塑家|科学家|经济学家|物理学家|化学家|数学家|生物学家|心理学家"
    r"|历史学家|企业家|银行家|大学生|研究生|博士生|硕士生|硕士研究生|博士研究生|本科生|高中生"
    r"|初中生|小学生|中学生|留学生|医学生|师范生|学生|实习生|教授|副教授|校长|班主任|辅导员|经理"
    r"|产品经理|项目经理|总经理|客户经理|店长|总监|秘书|助理|顾问|教练|健身教练|生活教练|翻译"
    r"|口译员|导游|模特|主播|博主|保安|保姆|保洁|月嫂|司仪|主持人|前台|客服|会计|出纳|审计"
    r"|人力资源专员|运营|产品经理|码农|程序猿|全职妈妈|全职太太|家庭主妇|自由职业者|自由撰稿人"
    r"|个体户|创业者|投资人|房产中介|木匠|电工|水管工|焊工|瓦工|裁缝|铁匠|机械师|机修工|矿工"
    r"|清洁工|环卫工人|园丁|水手|船长|飞行师|空姐|空乘|宇航员|调查员|侦探|保险代理人|房地产经纪人"
    r"|经纪人|社工|志愿兵|士兵|海员|农场主|花匠|屠夫|图书管理员|档案管理员|养蜂人|养蜂员|女仆"
    r"|管家|遛狗人|理财师|精算师|心理医生|麻醉师|放射科医生|策展人|DJ|dj|产品设计师"
)
_PHRASE = re.compile(
    r"(?:一名|一位|一个|一枚|个|名|位)?(?P<before>[\u4e00-\u9fffA-Za-z]{0,14}?)"
    rf"(?P<what>{_PROFESSION})(?:啊|呀|哦|啦|呢|了)?\s*$"
)
# What stands before makes it a wish, the past, a verdict, or another person's profession.
_NOT_NOW = re.compile(
    r"未来|前(?!端)|准(?!备)|退休|曾|业余|将|候补|冒牌|假|虚拟|游戏里|梦想|想|好(?!莱坞)|坏|差|棒"
    r"|优秀|糟糕|伟大|天才|不|没|你|您|他|她|它|这|那|谁|哪|我|大家|像|如|算|比|被|让|说|叫|见|找"
    r"|问|教|爱|喜欢|讨厌|帮|对|给|和|跟|与|或|及|是|学生的|老师的|医生的|有|半个|所谓"
)
_OF = re.compile(r".*的")
_MODIFIER_LENGTH = 8


def profession(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the profession stands that text[start:end] consists of, if it does."""
    phrase = _PHRASE.match(text, start, end)
    if not phrase:
        return None
    before = phrase["before"]
    if _NOT_NOW.search(before):
        return None
    first = phrase.start("before")
    if of := _OF.match(before):
        first += of.end()
    if phrase.start("what") - first > _MODIFIER_LENGTH:
        first = phrase.start("what")
    return first, phrase.end("what")
