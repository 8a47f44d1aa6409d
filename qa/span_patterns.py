"""The words and patterns by which `qa.spans` knows numbers, dates, titles and names."""

import re


def _any_of(words: str) -> str:
    """A regular expression for any of the words, longest first."""
    return "|".join(sorted(map(re.escape, words.split()), key=len, reverse=True))


_UNITS = _any_of("""
    % ％ 个百分点 成 倍 度 摄氏度 ℃
    米 公里 千米 厘米 毫米 里 平方米 平方公里 平方千米 亩 吨 斤 公斤 千克 千瓦 千瓦时
    元 人民币 美元 欧元 日元 港元 岁 天 日 周 月 个月 年 年度 周年 小时 分钟 届 期 次 步 轮 代
    个 家 条 列 项 名 位 户 人 人次 口 座 笔 件 辆 台 架 张 间 栋 层 头 场 站 处 所 套 支 片 盘 种
    本 册 份 封 盒 瓶 袋 包 箱 棵 株 匹 艘 架次 枚 颗 趟 分 秒 升 公顷 克
    部 字 句 篇 块 只 把 双 对 批 村 镇 省 市 县 国 标箱 标准箱 标准机架 高柜 货柜 集装箱 P
""")
_ARABIC = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_CHINESE_NUMERAL = "[零〇一二两三四五六七八九十百千]+"

NUMBER = re.compile(
    rf"""
    {_CHINESE_NUMERAL} 分之 {_CHINESE_NUMERAL}
    | (?:约|近|超过?|逾|不到|第|零下)?
    (?:
        {_ARABIC} [万亿]* [余多]? [万亿]* 余? (?:{_UNITS})? (?:{_UNITS})?
      | (?!一(?:{_UNITS}))                                     # 一批, 一座: "a", not a number
        {_CHINESE_NUMERAL} [余多]? [万亿]* (?:{_UNITS}) (?:{_UNITS})?
    )
    """,
    re.VERBOSE,
)

_PART_OF_YEAR = "(?:年?[底初末]|上半年|下半年)?(?:第?[一二三四]季度)?"
_PART_OF_MONTH = "(?:份|底|初|中旬|上旬|下旬)?"

DATE = re.compile(
    rf"""
    (?:
        (?:\d{{4}}|[一二三四五六七八九〇零○]{{4}})年 {_PART_OF_YEAR}
            (?:\d{{1,2}}月{_PART_OF_MONTH})? (?:\d{{1,2}}[日号])?
      | (?:今年|去年|前年|明年|当年|本月|上月) {_PART_OF_YEAR}
            (?:\d{{1,2}}月{_PART_OF_MONTH})? (?:\d{{1,2}}[日号])?
      | \d{{1,2}}月 (?:\d{{1,2}}[日号])? {_PART_OF_MONTH}
      | \d{{1,2}}[日号]
      | [一二三四]季度 | 上半年 | 下半年 | 昨[日天] | 今[日天] | 前天 | 周[一二三四五六日]
      | (?:20世纪|上世纪|20|19)?\d0年代
    )
    (?:[上下]午|清晨|早晨|晚上|凌晨|中午|傍晚)? (?:\d{{1,2}}[时点])?
    | \d{{1,2}}[时点](?:\d{{1,2}}分)?
    """,
    re.VERBOSE,
)

QUOTED = re.compile(r"[“「『‘]([^“”「」『』‘’]{1,20})[”」』’]")

_ORGANISATION_ENDS = _any_of("""
    公司 有限公司 有限责任公司 股份有限公司 集团 大学 学院 研究院 研究所 实验室 银行 协会 促进会
    商会 联合会 委员会 中心 海关 法院 部 局 厅 委 办 报 社 政府 医院 工厂
""")
ORGANISATION = re.compile(rf"[\w（）()·]{{2,30}}?(?:{_ORGANISATION_ENDS})(?!\w)?")

BEFORE_ORGANISATION = re.compile(r".*(?:引进了?|共建有|建成|是|由|在|从|到|的)(?=\w{2})")
"""What an `ORGANISATION` match may wrongly begin with."""

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史"
    "陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤靳鲍羊傅倪吕卓祝裘骆楼"
)

_TITLES = _any_of("""
    董事长 总经理 总裁 经理 书记 总书记 会长 负责人 主理人 创始人 主任 处长 厅长 局长 市长 省长 镇长
    校长 院长 队长 站长 村支书 教授 研究员 专家 记者 评论员 关员 干部 委员 首相 主席 代表
    村民 居民 农户 商户 经营户 客商 老板 外婆 妈妈
""")
_AFTER_NAME = _any_of("""
    说 道 称 介绍 告诉 表示 回忆 感慨 坦言 认为 笑着 看来 领衔 现场 深知 步履 正 打 回 租 在 拎
    ， 。 、 ” “ （ (
""")

TITLED_NAME = re.compile(
    rf"(?:{_TITLES})([{SURNAMES}][\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{2,4}}?)"
    rf"(?={_AFTER_NAME}|$)"
)
"""A name after a title and before what people do; group 1. Names without a Chinese surname too."""

FULL_NAME = re.compile(rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}")

ADMINISTRATIVE_SUFFIX = re.compile("自治区|街道|[省市县区镇乡村]")
PLACE_NAME = re.compile("(?![省市县区镇乡村])(?:(?![一两百各全每几多该本此])[\u4e00-\u9fff])+")
PLACE_SUFFIX = re.compile(
    _any_of("""
        省 市 县 区 镇 乡 村 街道 州 国 港 站 路 沙漠 自治区 新区 商贸城 中心 会展中心 展馆 广场
        产业园 科技城
    """)
)
