"""What a single line of a newspaper page looks like."""

import re

from corpus.page_repair.records import Kind

FINAL = "。！？!?…"
_CLOSERS = "”’」』）)】》"
_PAIRS = ("“”", "‘’", "「」", "『』", "（）", "《》", "()")

_SPACE = r"[ \u3000]"
_SLASH = r"[/\uff0f]"
_HAN = r"[\u4e00-\u9fff]"
_NAME = rf"(?:{_HAN}|·){{2,6}}|{_HAN}{_SPACE}{_HAN}"
_NAMES = rf"(?:{_NAME})(?:[ \u3000、，,]+(?:{_NAME}))*"
_PAPER = rf"(?:本报|本刊|新华社|中新社|央视|人民网|{_HAN}{{2,8}}(?:日报|晚报|时报|早报|商报|社|网))"
_RANK = rf"(?:参与|执笔|首席|全媒体|融媒体?|特约|特派|见习|实习|驻{_HAN}{{1,6}})"
_OFFICE = r"(?:记者|通讯员|评论员|编译|特约撰稿人|撰稿人|作者|编辑|整理|文/图|图/文|文)"
_ROLE = rf"(?:{_PAPER}{_SPACE}*)?{_RANK}*{_OFFICE}"
_BYLINE = re.compile(
    rf"[（(□■◆●▲◎☆★\-—\s]*"
    rf"(?:{_ROLE}(?:(?:{_SPACE}|{_SLASH}|[:：])*{_NAMES})?(?:{_SPACE}|{_SLASH}|[、，,;；])*)+"
    rf"(?:(?:{_SPACE}|{_SLASH})*(?:文/?图|图/?文|文|整理|报道|综合))*[）)]?"
)
_BARE_BYLINE = re.compile(rf"[□◎○]\s*{_NAMES}|[（(](?:{_NAMES})[）)]")
_JUMP = re.compile(
    r"[（(【▶►>→\s]*(?:紧接|上接|下转|转接|接|转|详见|相关报道|相关|更多|全文见)"
    rf"(?:{_HAN}|[ A-Za-z0-9“”、·：:]){{0,16}}版(?:{_HAN}|[“”·]){{0,14}}[）)】▶►>→\s]*"
)
_CREDIT = rf"(?:来源|稿源|转自|原载|摘自|据){_SPACE}*[:：《][^，。（）()]{{2,24}}"
_AGENCY = rf"据?(?:新华社|中新社)(?:{_HAN}{{2,8}})?(?:\d{{1,2}}月\d{{1,2}}日)?电"
_SOURCE = re.compile(rf"{_CREDIT}|[（(]{_CREDIT}[）)]|{_AGENCY}|[（(]{_AGENCY}[）)]")
_CAPTION_START = re.compile(
    rf"[▲▼△▽↑↓←→◀▶]|图为|图[①-⑨一二三四五\d](?:为|[：:.、]|{_SPACE})"
    rf"|[上下左右大小]图(?:为|[：:，]|{_SPACE})|图片(?:说明|来源|由|[：:])|图{_SLASH}"
)
_PICTURE = r"(?:(?<!拍)摄影?|摄影报道|供图|制图|绘图|资料图片?|资料照片)"
_CAPTION_END = re.compile(
    rf"(?:{_SPACE}|[（(/]|记者|通讯员|新华社|本报)(?:{_HAN}|{_SPACE}|[、/]){{0,14}}{_PICTURE}[）)]?。?$"
)
_PHOTO_CREDIT = re.compile(rf"[（(]?(?:{_ROLE}{_SPACE}*)?(?:{_NAMES}){_SPACE}*{_PICTURE}[）)]?")
_DAY = r"\d{4}年\d{1,2}月\d{1,2}日"
_EDITORIAL = (
    r"责任编辑|责编|主编|编辑|版式|美编|校对|组版|视觉|值班\S{0,4}|执行主编|统筹|电话|热线|邮箱|传真"
    r"|电子邮箱|投稿\S{0,4}|新闻热线|邮编|地址|网址|邮发代号|国内统一\S{0,12}号|CN|ISSN|E-?mail|广告\S{0,6}"
)
_FURNITURE = re.compile(
    rf"(?:{_DAY})?{_SPACE}*(?:星期|农历|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年).{{0,24}}"
    rf"|{_DAY}|\d{{4}}[.\-/]\d{{1,2}}[.\-/]\d{{1,2}}.{{0,14}}"
    rf"|第?[ A-Z]{{0,2}}[\d\uff10-\uff19一二三四五六七八九十]{{1,3}}{_SPACE}*版.{{0,8}}"
    r"|总?第\d+期.{0,12}|今日\S{1,4}版.{0,16}"
    rf"|(?:本版)?(?:{_EDITORIAL})(?:{_SPACE}|[:：|\uff5c]|{_SLASH}).*"
    r"|(?:国内统一|邮发代号|ISSN|CN ?\d).*"
    r"|(?:https?://|www\.)\S+|\S+@\S+\.\w+|[\d\-—\u2010-\u2015 ]{5,20}|[A-Z]?\d{1,3}"
)
_COLUMN_TITLE = r"特别报道|专题报道|系列报道|要闻|综合新闻|专版|导读|时评|快讯|简讯"
_RUBRIC = re.compile(rf"[■◆●▲★☆▶◇□◎○]\S.*|.*年·\S+|(?:{_COLUMN_TITLE})[ \u3000①-⑳\d]*")
_DATELINE = re.compile(
    rf"[【（(]?(?:本报(?:讯|{_HAN}{{2,14}}\d{{1,2}}月\d{{1,2}}日[电讯])|新华社|新华网|中新[社网]"
    rf"|人民网|央视|据(?:新华社|央视)|{_HAN}{{2,8}}(?:日报|晚报|社)[讯电])"
)
_REMARK = r"[（(【\[][^（()）【】\[\]]{1,40}[）)】\]]"
_REMARKS = re.compile(rf"(?:{_REMARK}\s*)+$")
_SIGN_OFF = re.compile(
    r"[。！？!?…][”’」』]?\s*(?:[（(【\[][^（()）【】\[\]，。]{2,24}[）)】\]]\s*)+$"
)
_TIME_LEAD = re.compile(
    r"(?:\d{4}年|\d{1,2}月|今年|去年|近日|近年来?|目前|昨[日天]|日前|当[日天]|截至|连日来|据|随着|在"
    r"|此外|同时|其中|如今)[^，]{0,20}，"
)
_CONNECTED = re.compile(
    r"但|而|并[且非不]|不过|然而|因此|所以|于是|此前|此次|对此|其中|另外|另据|同时|目前|这[也一些是种个]"
    r"|他们|她们|我们|报道称|据"
)
_ENUMERATED = re.compile(
    r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[●■◆·①-⑳]|[一二三四五六]是|第[一二三四五六七八九十]"
)

MAX_HEADLINE = 40
"""A line of more characters is text, whatever it ends in."""

_MAX_CAPTION = 160


def special_kind(text: str) -> Kind | None:
    """Return what a line is by its words alone, or None if it is text or a headline."""
    if _JUMP.fullmatch(text):
        return "jump"
    if len(text) <= 60 and (_BYLINE.fullmatch(text) or _BARE_BYLINE.fullmatch(text)):
        return "byline"
    if is_caption(text):
        return "caption"
    if _SOURCE.fullmatch(text):
        return "source"
    if len(text) <= 80 and _FURNITURE.fullmatch(text):
        return "furniture"
    if len(text) <= MAX_HEADLINE and not is_closed(text) and _RUBRIC.fullmatch(text):
        return "rubric"
    return None


def is_continuation(jump: str) -> bool:
    """Whether a jump line stands above a text that another page begins (上接第一版)."""
    return "上接" in jump or "紧接" in jump


def is_caption(text: str) -> bool:
    """Whether a line says what a picture shows, or who took it."""
    if len(text) > _MAX_CAPTION:
        return False
    return bool(_CAPTION_START.match(text) or _CAPTION_END.search(text) or is_photo_credit(text))


def is_photo_credit(text: str) -> bool:
    """Whether a line names the photographer and nothing else."""
    return _PHOTO_CREDIT.fullmatch(text) is not None


def is_closed(text: str) -> bool:
    """Whether a line ends as a sentence does, quotation marks and remarks in brackets aside."""
    ends = (text, _REMARKS.sub("", text))
    return any(end.rstrip(_CLOSERS + " ").endswith(tuple(FINAL)) for end in ends)


def is_signed_off(text: str) -> bool:
    """Whether a paragraph ends with its reporter in brackets, as the last of an article does."""
    return bool(_SIGN_OFF.search(text)) and len(text) > 30


def has_dateline(text: str) -> bool:
    """Whether a paragraph begins as the first of a report does (本报讯, 新华社…电)."""
    return _DATELINE.match(text) is not None


def is_enumerated(text: str) -> bool:
    """Whether a paragraph begins with the mark of an item in a list."""
    return _ENUMERATED.match(text) is not None


def is_headline_like(text: str) -> bool:
    """Whether a line has the shape of a headline: short, whole, without a stop inside."""
    bare = text.strip()
    if not bare or len(bare) > MAX_HEADLINE or re.search(r"[。；;]", bare):
        return False
    if bare.endswith(tuple("，、：,:")) or open_brackets(bare) or stray_closers(bare):
        return False
    if re.search(r"(?:说|表示|介绍|认为|称)，", bare):
        return False
    if (
        has_dateline(bare)
        or _TIME_LEAD.match(bare)
        or _CONNECTED.match(bare)
        or not re.search(r"\w", bare)
    ):
        return False
    parts = [len(part) for part in re.split(r"[，,]", bare)]
    is_spoken = bare.endswith(tuple("？！?!"))
    return len(parts) <= 3 and (is_spoken or max(parts) <= 2.2 * min(parts))


def is_short_and_open(text: str) -> bool:
    """Whether a line has the length of a headline, ends no sentence and breaks off nowhere."""
    return (
        len(text) <= MAX_HEADLINE
        and not is_closed(text)
        and not re.search(r"[。；]|[，、：,:]$", text)
        and not open_brackets(text)
        and not stray_closers(text)
    )


def open_brackets(text: str) -> str:
    """Return the closing marks that a text still owes, innermost last."""
    return _scan(text)[0]


def stray_closers(text: str) -> str:
    """Return the closing marks whose opening ones stand before the text."""
    return _scan(text)[1]


def _scan(text: str) -> tuple[str, str]:
    owed: list[str] = []
    stray: list[str] = []
    closer_of = {pair[0]: pair[1] for pair in _PAIRS}
    for character in text:
        if character in closer_of:
            owed.append(closer_of[character])
        elif character in closer_of.values():
            if character in owed:
                del owed[len(owed) - 1 - owed[::-1].index(character) :]
            elif character != "’":
                stray.append(character)
    return "".join(owed), "".join(stray)
