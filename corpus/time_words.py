"""How Chinese papers write times, as one regular expression with a name for every part."""

import re

DIGITS = "一二三四五六七八九"
_NUMBER = rf"(?:\d{{1,2}}|[{DIGITS}十两]{{1,3}})"
TO = r"(?:[至到~～]|[—\u2013\uff0d-]{1,2})"

# Nothing tells when 每年3月 or 第三年3月 is, nor whether 98年3月 is of 1998 or of 民国98年.
_UNKNOWN = (
    r"(?:每(?:年|到|逢|个?月)|往年)的?[从自]?"
    rf"|(?<![\d.〇零○{DIGITS}十百])(?![一二][{DIGITS}]{{3}}年)"
    rf"(?:\d{{1,3}}|[{DIGITS}十百]{{1,4}})年(?={_NUMBER}月)"
)
# Keeps out what is a part of a number: 几十年前, 一百二十年前, 2.5年前, 第3天前.
_COUNT = rf"(?<![\d.第几数{DIGITS}十百千万零〇])"

# What stands before or after keeps out other words: 目前年产, 如今年轻人, 文明年, 1200年历史,
# 美好明天, 今年初次, 百年底蕴, 提前3个月, 街上年味. 年初审议 and 年底盘点 are times.
_BEGIN = r"初(?![步中见春夏秋冬次心始衷级]|审(?![议批计])|赛(?!事))"
_END = r"(?:底(?![层蕴]|气(?![温象候])|线(?![上下])|盘(?![点活]))|末)"
_PART = rf"(?:{_BEGIN}|[上中下]旬|{_END})"
_LATE_YEAR = r"(?:1[89]|20)\d\d"
_YEAR = (
    rf"(?:(?<![\d.])(?:(?P<year_from>\d{{4}})年?{TO}|(?P<year_listed>{_LATE_YEAR})、(?:{_LATE_YEAR}、)*)?"
    rf"(?P<year>(?:1\d|20)\d\d|[一二][〇零○{DIGITS}]{{3}})[那这]?年"
    rf"(?!代|历史|来|以前|前(?!后|{_NUMBER}(?:个?月|季度|[大强名甲位])))"
    r"|(?P<near_year>大前年|(?<![目之以此年月日天])前年(?![均产龄])|(?<!过)去年|"
    r"(?<!以)上年(?![味画货会夜检轻龄纪])|(?<!如)今年(?![轻均])|(?<!基)本年|(?<![文说证声光透])明年)(?!同期|同月)"
    r"|(?P<same_year>同年|当年)(?!龄)|(?P<next_year>次年|翌年)"
    rf"|{_COUNT}(?P<years_ago>{_NUMBER})(?P<years_more>[多余几])?年(?P<half>半)?多?[以之]?前(?!后))"
)
_PERIOD = (
    r"(?:(?P<quarter>(?<![第上下这前后每同另某任哪近])第?[一二三四1-4]季度|首季|"
    r"(?<![此之以目提])前[二两三]季度)"
    rf"|(?P<period>[上下]半年|(?:(?<![\d{DIGITS}十百千万半少青历])年)?(?:{_BEGIN}|{_END})|"
    r"初[春夏秋冬]|[春夏秋冬](?:天|季)|暑假|寒假|元旦|春节|清明|“?五一”?|劳动节|端午|中秋|国庆)"
    rf"|(?:头|(?<![此之以目提空从当日先])前)(?P<first_months>{_NUMBER})个?月"
    rf"(?!{_NUMBER}日?(?:{TO}{_NUMBER})?[日号])"
    r"|(?P<same_day>今天|今日)|(?P<same_month>[这那]个(?:月|时候)|此时))"
)
# 2、7月27日 and 三、4月底 are items of lists.
_NO_DAY = rf"(?!{_NUMBER}月份?的?(?:{_NUMBER}[日号]|{_PART}))"
_MONTH = (
    rf"(?:(?:(?P<month_from>{_NUMBER})"
    rf"(?:(?:月(?P<part_from>{_PART})?)?{TO}(?P<to_next_year>[次翌]年)?|(?P<month_pair>、{_NO_DAY})))?"
    rf"(?<![第{DIGITS}十])(?P<month>{_NUMBER}|(?<![\d百千万亿美日欧港余多几])元)月份?"
    r"|(?P<near_month>(?<!以)上个?月|(?<![日基])本月|这个月|当月|下个?月)"
    rf"|{_COUNT}(?P<months_ago>{_NUMBER})个多?月[以之]?前(?!后))"
)
_NOT_A_DAY = "(?!内|间|游|后|前|均|常|元)"
# Read so that its month and day are not read as those of the solar calendar.
_LUNAR = (
    rf"(?:[农阴旧]历(?:的|\d{{4}}年)?闰?(?:{_NUMBER}|[正冬腊])|[正冬腊])月(?:初?{_NUMBER}[日号]?)?"
)
_DAY = (
    rf"(?:(?:(?P<day_from>{_NUMBER})日?{TO})?(?P<day>{_NUMBER})[日号]{_NOT_A_DAY}"
    rf"|(?P<part>{_PART}))"
)
EXPRESSION = re.compile(
    rf"(?=[\d{DIGITS}十两上下本这今去昨明前后大近最过当同次翌首第年头农阴旧每往“]|[正冬腊元]月)(?:"
    rf"(?P<unknown>{_UNKNOWN})"
    r"|(?<!\d)(?P<iso>(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)"
    rf"|“(?P<plan>十[{DIGITS}]?|[六七八九])五”(?!普法)"
    r"|(?P<century>上世纪|本世纪|(?<!\d)(?:1\d|2[01])世纪|二十一?世纪)"
    rf"(?:(?P<century_decade>\d0|[{DIGITS}]?十)年代)?"
    r"|(?<!\d)(?P<decade>(?:1\d|20)\d0|[3-9]0|[三四五六七八九]十)年代"
    rf"|(?:近|最近|过去)(?P<last>{_NUMBER})[多余]?(?P<unit>年|个月|天)"
    rf"|{_COUNT}(?P<years_since>{_NUMBER})[多余]?年来"
    rf"|{_COUNT}(?P<days_ago>{_NUMBER})天[以之]?前(?!后)"
    rf"|{_COUNT}(?P<weeks_ago>{_NUMBER})(?:个多?星期|周)[以之]?前(?!后)"
    r"|(?<![目之以此年月日天如好的新])(?P<near_day>大?[前后]|[昨今明])(?:天|日|晚|晨)(?![本均的])"
    r"|(?<!以)(?P<near_week>上上|[上本这下])个?(?:周|星期)(?P<weekday>[一二三四五六日天])?"
    r"(?![期边年长])"
    rf"|(?<![\d.第])(?:(?P<only_from>\d{{1,2}})日?{TO})?(?P<only_day>\d{{1,2}})日{_NOT_A_DAY}"
    rf"|(?:{_YEAR})?(?:的?(?:{_LUNAR}|{_MONTH}(?:的?{_DAY})?|{_PERIOD}))?)"
    r"(?P<since>以来|至今(?![年天日晚晨春夏秋冬]))?"
)
