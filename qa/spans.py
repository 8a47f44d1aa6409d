"""Spans of a kind in a sentence: numbers, dates, people, places, organisations, names.

Patterns and jieba's parts of speech. Offsets are into the text as it stands.
"""

import re
from collections.abc import Callable, Iterator

from index.segmentation import TaggedWord, tag
from qa.questions import AnswerKind

Span = tuple[int, int]

_UNITS = (
    "%|％|个百分点|平方公里|平方千米|平方米|千瓦时|万千瓦|摄氏度|℃|标准机架|标准箱|标箱|高柜|货柜|集装箱|"
    "人次|人民币|美元|欧元|日元|港元|公里|千米|厘米|毫米|分钟|小时|个月|年度|周年|种|个|家|条|列|项|名|位|户|座|届|次|笔|"
    "件|辆|台|架|张|间|栋|层|亩|吨|公斤|千克|斤|米|倍|元|岁|天|周|年|月|日|人|头|场|站|处|所|套|支|片|盘|村|镇|省|市|县|国|口|度|成|P|批|步|轮|代|部|字|句|篇|期|块|只|把|只|双|对"
)
_NUMBER = re.compile(
    rf"(?:约|近|超过?|逾|不到|第)?(?:\d+(?:[,，]\d{{3}})*(?:\.\d+)?[万亿]*[余多]?[万亿]*余?(?:{_UNITS})?(?:{_UNITS})?"
    rf"|[零〇一二两三四五六七八九十百千]+[余多]?[万亿]*(?:{_UNITS})(?:{_UNITS})?)"
    "|[零一二三四五六七八九十]+分之[零一二三四五六七八九十]+"
)
_YEAR = r"(?:\d{4}|[一二〇零○三四五六七八九]{4})年"
_DATE = re.compile(
    rf"(?:{_YEAR}(?:年?[底初末]|上半年|下半年)?(?:第?[一二三四]季度)?(?:\d{{1,2}}月(?:份|底|初|中旬|上旬|下旬)?)?(?:\d{{1,2}}[日号])?"
    r"|\d{1,2}月(?:\d{1,2}[日号]|份|底|初|中旬|上旬|下旬)?"
    r"|\d{1,2}[日号]"
    r"|(?:今年|去年|前年|明年|本月|上月|当年)(?:年?[底初末]|上半年|下半年)?(?:第?[一二三四]季度)?(?:\d{1,2}月(?:底|初|份)?)?(?:\d{1,2}[日号])?"
    r"|(?:[一二三四]季度|上半年|下半年|昨[日天]|今[日天]|前天|周[一二三四五六日]|(?:20|19)?\d0年代|上世纪\d0年代|20世纪\d0年代))"
    r"(?:[上下]午|清晨|早晨|晚上|凌晨|中午|傍晚)?(?:\d{1,2}[时点])?|\d{1,2}[时点](?:\d{1,2}分)?"
)
_QUOTED = re.compile(r"[“「『‘]([^“”「」『』‘’]{1,20})[”」』’]")
_ORGANISATION = re.compile(
    r"[\w（）()·]{2,30}?(?:有限责任公司|股份有限公司|有限公司|公司|集团|大学|学院|研究院|研究所|实验室|银行|协会|促进会|商会|联合会|"
    r"委员会|中心|海关|法院|部|局|厅|委|办|报|社|政府|医院|工厂)(?![\w])?"
)
_BEFORE_ORGANISATION = re.compile(r".*(?:引进了?|共建有|建成|是|由|在|从|到|的)(?=\w{2})")
_TITLE = (
    "董事长|总经理|总裁|经理|书记|会长|负责人|主理人|创始人|主任|处长|厅长|局长|市长|省长|镇长|村民|居民|商户|经营户|"
    "校长|教授|研究员|记者|评论员|关员|干部|委员|首相|主席|总书记|代表|专家|院长|队长|站长|农户|客商|老板|村支书|外婆|妈妈"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤靳鲍羊傅龙"
)
_TITLED_NAME = re.compile(
    rf"(?:{_TITLE})([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}|[\u4e00-\u9fff]{{2,4}})"
    r"(?=[说道称，。、”“（(打回租在]|介绍|告诉|表示|回忆|感慨|坦言|认为|笑着|步履|正|看来|领衔|现场|拎|深知|$)"
)
_NAME = re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}$")
_PERSON_TAGS = ("nr", "nrt", "nrfg")
_PLACE_TAGS = ("ns", "nt", "s")
_PLACE_SUFFIX = re.compile(r"^(?:省|市|县|区|镇|乡|村|街道|州|国|港|站|路|沙漠|自治区|商贸城|中心|新区|展馆|会展中心|广场|产业园|科技城)")

_ADMINISTRATIVE_SUFFIX = re.compile("自治区|街道|[省市县区镇乡村]")
_PLACE_NAME = re.compile("(?:(?![一两百各全每几多该本此])[\u4e00-\u9fff])+")
_NEVER_IN_PLACES = ("p", "c", "uj", "ul", "v", "m", "d", "r", "f", "u", "x", "mq", "q")
MAX_PLACE_NAME = 4
"""Characters before 县, 镇, ... in a name."""


def find_spans(text: str, kind: AnswerKind) -> list[Span]:
    """Return the spans of `kind` in `text`, in order of their start, half-open.

    Spans may overlap where the text can be read two ways. Of kind SENTENCE there are none.
    """
    return sorted(set(_FINDERS[kind](text))) if kind in _FINDERS else []


def _find_dates(text: str) -> Iterator[Span]:
    return (match.span() for match in _DATE.finditer(text))


def _find_quantities(text: str) -> Iterator[Span]:
    dates = list(_find_dates(text))
    for start, end in (match.span() for match in _NUMBER.finditer(text)):
        if not any(first <= start and end <= last for first, last in dates):
            yield start, end


def _find_people(text: str) -> Iterator[Span]:
    yield from (match.span(1) for match in _TITLED_NAME.finditer(text))
    tagged = tag(text)
    for i, word in enumerate(tagged):
        # jieba takes other unknown words for people too: without a surname, only titled names.
        if word.tag in _PERSON_TAGS and word.text[0] in _SURNAMES:
            start, end = _grow_name(text, tagged, i)
            if end - start > 1:
                yield start, end


def _grow_name(text: str, tagged: list[TaggedWord], i: int) -> Span:
    """jieba often splits a name after the surname: 徐/nr 新峰/ns."""
    start, end = tagged[i].start, tagged[i].end
    following = tagged[i + 1] if i + 1 < len(tagged) else None
    if end - start == 1 and following is not None and len(following.text) <= 2:
        grown = text[start : following.end]
        if _NAME.fullmatch(grown):
            return start, following.end
    return start, end


def _find_places(text: str) -> Iterator[Span]:
    tagged = tag(text)
    yield from _administrative_places(text, tagged)
    run: list[TaggedWord] = []
    for word in [*tagged, TaggedWord("", "", len(text), len(text))]:
        if word.tag in _PLACE_TAGS or (run and _PLACE_SUFFIX.fullmatch(word.text)):
            run.append(word)
        elif run:
            yield run[0].start, run[-1].end
            yield from ((w.start, w.end) for w in run[:-1] if len(w.text) > 1)
            run = []


def _administrative_places(text: str, tagged: list[TaggedWord]) -> Iterator[Span]:
    """Names that end in 县, 镇, ... and begin where a word begins: 措勤|县, 大|陈镇."""
    starts = {word.start for word in tagged if word.tag not in _NEVER_IN_PLACES}
    for match in _ADMINISTRATIVE_SUFFIX.finditer(text):
        for start in range(max(0, match.start() - MAX_PLACE_NAME), match.start() - 1):
            if start in starts and _PLACE_NAME.fullmatch(text[start : match.end()]):
                yield start, match.end()


def _find_organisations(text: str) -> Iterator[Span]:
    for match in _ORGANISATION.finditer(text):
        skipped = _BEFORE_ORGANISATION.match(match[0])
        yield match.start() + (skipped.end() if skipped else 0), match.end()
    yield from ((w.start, w.end) for w in tag(text) if w.tag == "nt")


def _find_names(text: str) -> Iterator[Span]:
    return (match.span(1) for match in _QUOTED.finditer(text))


_FINDERS: dict[AnswerKind, Callable[[str], Iterator[Span]]] = {
    AnswerKind.DATE: _find_dates,
    AnswerKind.QUANTITY: _find_quantities,
    AnswerKind.PERSON: _find_people,
    AnswerKind.PLACE: _find_places,
    AnswerKind.ORGANISATION: _find_organisations,
    AnswerKind.NAME: _find_names,
}
