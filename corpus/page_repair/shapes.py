"""What a single line of a newspaper page looks like."""

import re

from corpus.page_repair.records import Kind

FINAL = "。！？!?…"
_CLOSERS = "”’」』）)】》"
_PAIRS = ("“”", "‘’", "「」", "『』", "（）", "《》", "()")

_NAME = r"[\u4e00-\u9fff·]{2,6}|[\u4e00-\u9fff][ \u3000][\u4e00-\u9fff]"
_NAMES = rf"(?:{_NAME})(?:[ \u3000、，,]+(?:{_NAME}))*"
_ROLE = (
    r"(?:(?:本报|本刊|新华社|中新社|央视|人民网|[\u4e00-\u9fff]{2,8}(?:日报|晚报|时报|早报|商报|社|网))[ \u3000]*)?"
    r"(?:首席|全媒体|特约|特派|见习|实习|驻[\u4e00-\u9fff]{1,6}|融媒体?)*"
    r"(?:记者|通讯员|评论员|编译|特约撰稿人|撰稿人|作者|文/图|图/文|文|编辑|整理)"
)
_BYLINE = re.compile(
    rf"[（(□■◆●▲◎☆★\-—\s]*(?:{_ROLE}(?:[ \u3000:：/／]*{_NAMES})?[ \u3000、，,;；/／]*)+"
    r"(?:[ \u3000/／]*(?:文/?图|图/?文|文|整理|报道|综合))*[）)]?"
)
_MARKED_BYLINE = re.compile(rf"[□◎○]\s*{_NAMES}|[（(](?:{_NAMES})[）)]")
_JUMP = re.compile(
    r"[（(【▶►>→\s]*(?:紧接|上接|下转|转接|接|转|详见|相关报道|相关|更多|全文见)"
    r"[\u4e00-\u9fff A-Za-z0-9“”、·：:]{0,16}版(?:[\u4e00-\u9fff“”·]{0,14})?[）)】▶►>→\s]*"
)
_CREDIT = r"(?:来源|稿源|转自|原载|摘自|据)[ \u3000]*[:：《][^，。（）()]{2,24}"
_SOURCE = re.compile(rf"{_CREDIT}|[（(]{_CREDIT}[）)]")
_CAPTION_START = re.compile(
    r"(?:[▲▼△▽↑↓←→◀▶]|图[为片①②③④⑤一二三四五\d]|[上下左右]图|(?:大|小)图|图\s*[:：/／]|制图)"
)
_CAPTION_END = re.compile(
    r"(?:摄影?|摄影报道|供图|制图|绘图?|资料图片?|资料照片|图片|照片)(?:[（(]\S{1,12}[）)])?[）)。]?$"
)
_PHOTO_CREDIT = re.compile(
    rf"[（(]?(?:{_ROLE}[ \u3000]*)?(?:{_NAMES})[ \u3000]*(?:摄影?|供图|制图|图)[）)]?"
)
_FURNITURE = re.compile(
    r"(?:\d{4}年\d{1,2}月\d{1,2}日)?[ \u3000]*(?:星期|农历|丙|乙|甲|丁|戊|己|庚|辛|壬|癸).{0,24}"
    r"|\d{4}年\d{1,2}月\d{1,2}日|\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}.{0,14}"
    r"|第?[ A-Z]{0,2}[\d０-９一二三四五六七八九十]{1,3}[ \u3000]*版.{0,8}|第\d+期.{0,12}|总第\d+期.{0,12}|今日\S{1,4}版.{0,16}"
    r"|(?:本版)?(?:责任编辑|责编|主编|编辑|版式|美编|校对|组版|视觉|值班\S{0,4}|执行主编|统筹|电话|热线|邮箱|传真|电子邮箱|投稿\S{0,4}|新闻热线"
    r"|邮编|地址|网址|邮发代号|国内统一\S{0,12}号|CN|ISSN|E-?mail|广告\S{0,6})[ \u3000]*[:：|｜／/ \u3000].*"
    r"|(?:国内统一|邮发代号|ISSN|CN ?\d).*|(?:https?://|www\.)\S+|\S+@\S+\.\w+|[\d\-－—‐ ]{5,20}|[A-Z]?\d{1,3}"
)
_RUBRIC = re.compile(
    r"[■◆●▲★☆▶◇□◎○]\S.*|.*年·\S+|(?:特别报道|专题报道|系列报道|要闻|综合新闻|专版|导读|时评|快讯|简讯)[ \u3000①-⑳\d]*"
)
_DATELINE = re.compile(
    r"[【（(]?(?:本报(?:讯|[\u4e00-\u9fff]{2,14}\d{1,2}月\d{1,2}日[电讯])|新华社|新华网|中新[社网]|人民网|央视|据(?:新华社|央视)"
    r"|[\u4e00-\u9fff]{2,8}(?:日报|晚报|社)[讯电])"
)
_TAIL = re.compile(r"(?:[（(【\[][^（()）【】\[\]]{1,40}[）)】\]]\s*)+$")
_SIGN_OFF = re.compile(r"[。！？!?…][”’」』]?\s*(?:[（(【\[][^（()）【】\[\]，。]{2,24}[）)】\]]\s*)+$")
_TIME_LEAD = re.compile(
    r"(?:\d{4}年|\d{1,2}月|今年|去年|近日|近年来?|目前|昨[日天]|日前|当[日天]|截至|连日来|据|随着|在|此外|同时|其中|如今)[^，]{0,20}，"
)
_CONNECTED = re.compile(
    r"但|而|并[且非不]|不过|然而|因此|所以|于是|此前|此次|对此|其中|另外|另据|同时|目前|这[也一些是种个]|他们|她们|我们|报道称|据"
)
_ENUMERATED = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|[●■◆·①-⑳]|[一二三四五六]是|第[一二三四五六七八九十])")

MAX_HEADLINE = 40
"""A line of more characters is text, whatever it ends in."""


def special_kind(text: str) -> Kind | None:
    """Return what a line is by its words alone, or None if it is text or a headline."""
    if _JUMP.fullmatch(text):
        return "jump"
    if len(text) <= 60 and (_BYLINE.fullmatch(text) or _MARKED_BYLINE.fullmatch(text)):
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


def is_caption(text: str) -> bool:
    """Whether a line says what a picture shows, or who took it."""
    if len(text) > 160:
        return False
    return bool(_CAPTION_START.match(text) or _CAPTION_END.search(text))


def is_photo_credit(text: str) -> bool:
    """Whether a line names the photographer and nothing else."""
    return _PHOTO_CREDIT.fullmatch(text) is not None


def is_closed(text: str) -> bool:
    """Whether a line ends as a sentence does, quotation marks and remarks in brackets aside."""
    bare = text.rstrip(_CLOSERS + " ")
    return bare.endswith(tuple(FINAL)) or _TAIL.sub("", text).rstrip(_CLOSERS + " ").endswith(tuple(FINAL))


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
    if _TIME_LEAD.match(bare) or _CONNECTED.match(bare) or not re.search(r"\w", bare):
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
