#!/usr/bin/env python3
"""Fail when the product does what it never does: docs/RULES.md, "Never".

    check_never.py ROOT          look at the sources
    check_never.py --self-test   plant each fault and see it found

A string is what stands in quotes of any kind in a room, joined where + or the compiler joins it, and every text of a
catalogue. Comments may say what they like. What may go out to a customer is named here, with the place where it stands.
"""
import html
import pathlib
import re
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

# No text claims that software manages a relationship, scores people or sends by itself. A catalogue in a language that
# has no words here is a fault: first the words, then the translation.
OF_US = (r"(sellers?|sales\s?(people|persons?|m[ae]n|wom[ae]n|reps?)|reps?|performers?|closers?|earners?|colleagues?"
         r"|employees?)\b")
WORDS = {"en": [
    (r"\bmanag\w*\b[^.]{0,30}\b(relation|customer|client)", "claims to manage a relationship"),
    (r"\b(relation|customer|client)\w*\b[^.]{0,20}\bmanag(e|ing|ement)\b", "claims to manage a relationship"),
    (r"\b(automat|autopilot)\w*\b[^.]{0,30}\brelation|\brelation\w*\smanag", "claims to manage a relationship"),
    (r"\bC\.?R\.?M\b", "calls itself what the essays are about"),
    (r"\b((leader|score) ?board|league|ranking|ranked|hall of fame)\b", "ranks people"),
    (r"\b(top|best|worst|star|leading|weakest|strongest)[\s-]((\d+|two|three|five|ten|of|our|your|the)\s)*" + OF_US,
     "ranks people"),
    (r"\b(" + OF_US + r"|member)\sof\sthe\s(day|week|month|quarter|year)\b", "ranks people"),
    (r"\b(auto-?responder|newsletter|campaign|mail merge|scheduled message)", "speaks of automatic messages"),
    (r"\bautomatic(ally)?\s(sent\s)?(e-?mail|message|text|repl(y|ies)\b)", "speaks of automatic messages"),
]}
HONEST = ["It cannot manage a relationship"]  # said of software by the page that says what Tend is

# The ways out to a customer, and the address of a service that might send: in a string only where it is named below.
WAYS_OUT = re.compile(
    r"\b(mailto|sms(to)?|tel|callto|sips?|xmpp|whatsapp|viber|skype|facetime|smtps?|https?|wss?):"
    r"|sendmail|xdg-(email|open)|\b(msmtp|mailx|mutt|thunderbird|kdeconnect|ModemManager)\b|portal\.(Email|OpenURI)"
    r"|intent\.action\.(SEND|CALL|DIAL|VIEW)", re.I)
NAMED = {
    ("app/models/app_state.cpp", "tel:"), ("app/models/app_state.cpp", "sms:"),  # in the functions of PRESSED
    ("app/interop/card_contact.cpp", "TEL:"), ("app/interop/vcard_forms.cpp", "TEL:"),  # read in a card
    ("app/shell/demo.cpp", "https://"),  # read in what the demonstration's server prints
    ("sync/net/curl_transport.cpp", "https://"), ("server-stub/cli/serve.cpp", "tend-server listening on https://"),
}
# What starts or sends something, and the only files that may.
SENDERS = [
    (r"\b(QProcess|startDetached|popen|posix_spawnp?|exec[lv]p?e?|ShellExecute\w*|g_spawn\w*)\b|\bsystem\s*\("
     r"|boost::process", {"app/shell/demo.cpp"}, "starts another program"),  # the demonstration starts its server
    (r"\bQNetwork(AccessManager|Request)|XMLHttpRequest|WebSocket|\bQ(Tcp|Ssl|Udp)Socket\b|\bcurl_easy_\w+"
     r"|\bCURLOPT_URL\b", {"sync/net/curl_transport.cpp"}, "speaks to another service than Tend's server"),
    (r"\bCURLOPT_MAIL\w*|CURLPROTO_SMTPS?", set(), "sends mail"),
    (r"\bQDesktopServices\b|\bopenUrl\w*|\bsetOpener\b|\bm_opener\b", {"app/models/app_state.cpp"},  # there by PRESSED
     "a way out to a customer that nobody pressed"),
]
# The one opener: where it is given to the pages and kept, word for word, and which function a press may get to it by.
OPENER = {
    "app/shell/program.cpp": [
        "app.setOpener([](const QString &address) { QDesktopServices::openUrl(QUrl(address)); });"],
    "app/models/app_state.h": [
        "void setOpener(std::function<void(const QString &)> opener) { m_opener = std::move(opener); }",
        "std::function<void(const QString &)> m_opener;"],
}
PRESSED = {("app/models/app_state.cpp", "m_opener", "call"), ("app/models/app_state.cpp", "m_opener", "message"),
           ("app/models/app_state.cpp", "call", "actOnToday"),  # a key on Today
           ("qml/pages/TodayRow.qml", "call", "act")}
PRESSES = {"onClicked", "onActivated"}  # what a finger, a mouse or a key does in a page
LATER = re.compile(r"\bQTimer\b|singleShot|startTimer|\bconnect\s*\(|std::(thread|jthread|async)\b")
OUT = r"(call|message|actOnToday)"
CALLS_CPP = re.compile(
    rf"\b(m_opener|QDesktopServices|openUrl)\b|(?<!void )(?:AppState::|(?<![\w:.>])){OUT}\(|&AppState::{OUT}\b"
    rf"|(?:\.|->)(call|actOnToday)\(|\b(?:app\w*(?:\(\))?(?:\.|->)|this->)(message)\(|SLOT\({OUT}")
CALLS_QML = re.compile(rf"\bapp\.{OUT}\b|\.{OUT}\(|(?<!function )\b(act)\(|\b(openUrl\w*)")
BY_NAME = re.compile(rf"""\binvokeMethod\b[^;]*?"{OUT}"|\bapp\[["'`]{OUT}""")

# Nobody of us is ranked: whoever groups, orders, counts or adds up rows by who of us wrote them does. In queries:
COLUMNS = r"\b(?:member(?:_id)?|seller_id|owner_id|to_id|actor)\b"
COUNTS = r"\b(?:count|sum|total|avg|(?:string|group)_(?:agg|concat)|json_group_\w+)\s*\("
AGGREGATE = COUNTS + r"|\b(?:min|max|(?:dense_|percent_)?rank|row_number|ntile|cume_dist)\s*\("
# In C++ and JavaScript: a number kept by who of us.
WHO = r"\b(member|seller|owner|actor|author|rep|writer)(_?[iI]d|_?[nN]ame)?\b"
KEYED = r"(\[[^\]]*" + WHO + r"[^;=\n]*?\]|\.at\([^()]*" + WHO + r"[^()]*\))"
SOON = r"(?s:.{0,400}?)"
RANKS_CODE = re.compile("|".join([
    KEYED + r"\s*(\+\+|--|\+=|-=)", r"(\+\+|--)[\w.>-]*" + KEYED,  # counts[visit.member]++
    r"(?P<k>" + KEYED + r")\s*=[^;=]*(?P=k)[^;]*[+-]",  # counts[member] = counts[member] + 1
    # int &n = counts[member]; const Id i = visit.member; and then counted by that name.
    r"&\s*(?P<n>\w+)\s*=\s*[\w.>-]+" + KEYED + ";" + SOON + r"(\+\+\s*(?P=n)\b|\b(?P=n)\s*(\+\+|\+=))",
    r"\b(?P<i>\w+)\s*=\s*[\w.>-]+(\.|->)" + WHO + ";" + SOON
    + r"(\+\+[\w.>-]*\[(?P=i)\]|\[(?P=i)\]\s*(\+\+|\+=))",
    # std::map<Id, int> byMember
    r"\b\w*([mM]ap|QHash)<[^;<>]*,\s*(int|long|double|qint64|(std::)?(u?int\d+_t|size_t))\s*>\s*\w*"
    r"([Mm]ember|[Ss]eller|[Oo]wner|[Aa]ctor|[Aa]uthor|Reps?\b|Writer)",
    r"\bmulti(set|map)<" + SOON + r"\.(insert|emplace)\([^;]*(\.|->)" + WHO,  # asked by count(member)
    r"\b(count(_if)?|accumulate)\s*\([^;]*(\.|->|::)" + WHO + r"\s*(==|\))",  # std::count_if(…, visit.member == id)
]))

TOKEN = re.compile(r'''//[^\n]*|/\*.*?\*/|^[ \t]*\#[ \t]*include[^\n]*|(?P<number>\b\d['\w.]*)
    |R"(?P<mark>[^()\\\s]*)\((?P<raw>.*?)\)(?P=mark)"
    |"(?P<double>(?:[^"\\\n]|\\.)*)"|'(?P<single>(?:[^'\\\n]|\\.)*)'|`(?P<back>(?:[^`\\]|\\.)*)`''', re.X | re.S | re.M)
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)


def taken_apart(source):
    """The code, blank where comments and strings stand; the same with the strings; the strings, as joined."""
    code, quoted, strings, end = list(source), list(source), [], 0
    for token in TOKEN.finditer(source):
        kind = token.lastgroup
        if kind == "number":
            continue
        blank = [c if c == "\n" else " " for c in token[0]]
        code[slice(*token.span())] = blank
        if not kind:
            quoted[slice(*token.span())] = blank
            continue
        text = token[kind]
        if kind != "raw":
            letter = lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else {"n": "\n", "t": " "}.get(m[3], m[3])
            text = ESCAPE.sub(letter, text)
        between = "".join(code[end:token.start()])
        if strings and (not between.strip() or "+" in between and not re.search(r"[,;{}?]", between)):
            strings[-1] += text if not re.search(r"\w+\s*\+", between) else " " + text
        else:
            strings.append(text)
        end = token.end()
    return "".join(code), "".join(quoted), strings


def shown(text):
    """As people read it: without tags, the mark of a key, and what has no width."""
    text = unicodedata.normalize("NFKC", re.sub(r"<[^<>]*>", "", html.unescape(text)))
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    for phrase in HONEST:
        text = text.replace(phrase, "")
    return re.sub(r"\s+", " ", re.sub(r"&(?=\w)", "", text))


def word_faults(text, language="en"):
    return [f"{what}: \"{text[:80]}\"" for pattern, what in WORDS[language] if re.search(pattern, shown(text), re.I)]


def ranks(text):
    """Whether this query groups, orders, counts or adds up by who of us."""
    sql = re.sub(r"\s+", " ", re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.S)).replace('"', "")
    find = lambda pattern, where=sql: re.findall(pattern, where, re.I)
    tables = {table.lower() for table in find(r"\b(?:FROM|JOIN) (\w+)")}
    if not find(r"\bSELECT\b") or tables and tables <= {"member", "device", "member_territory"}:
        return False  # how many of us there are ranks nobody
    who = COLUMNS + "".join(rf"|\b{alias}\.\w+" for alias in find(  # m.name
        r"(?:\bFROM|\bJOIN|,) member (?:AS )?(?!ON\b|WHERE\b|LEFT\b|JOIN\b|GROUP\b|ORDER\b)(\w+)"))
    who += "".join(rf"|\b{alias}\b" for alias in find(rf"(?:{who})[^,]*? AS (\w+)"))  # member_id AS one
    who = f"(?:{who}{'|(?<![.])name' * ('member' in tables)})"
    end = r"(?=\b(?:GROUP BY|HAVING|ORDER BY|LIMIT|WINDOW|UNION|SELECT)\b|;|$)"
    clause = lambda name: " ".join(find(rf"\b{name}\b(.*?){end}"))
    grouped, chosen = clause("GROUP BY"), " ".join(find(r"\bSELECT\b(.*?)\bFROM\b"))
    return bool(
        find(who, grouped) or find(r"\b\d+\b", grouped) and find(who, chosen)  # also as GROUP BY 1
        or find(AGGREGATE) and find(who, clause("ORDER BY"))
        or find(r"\bOVER\b") and find(who)  # a window
        or find(COUNTS + r"(?! ?DISTINCT)[^)]*" + who)  # sum(member_id = ?1)
        # One after another.
        or find(COUNTS) and find(who + r"[^,=]{0,9}(?:=|\bIN\b|\bIS\b)|= ?" + who, clause("WHERE")))


def text_faults(relative, text):
    if ranks(text):
        yield f"ranks people: \"{' '.join(text.split())[:80]}\""
    if WAYS_OUT.search(text) and (relative, text.strip()) not in NAMED:
        yield f"a way out to a customer that nobody pressed: \"{text[:80]}\""


def function_at(code, place):
    """In C++: the function around this place, by the margin, and its text."""
    begun = [m for m in re.finditer(r"^[A-Za-z][^\n(]*?(\w+)\((?![^\n]*;$)", code, re.M) if m.start() <= place]
    return (begun[-1][1], code[begun[-1].start():].split("\n}")[0]) if begun else (None, "")


def handler_at(code, place):
    """In QML: the innermost handler, property or function around this place."""
    def named(text):
        names = re.findall(r"(?:^|\n)\s*(?:function\s+(\w+)|([\w.]+)\s*:(?!:))", text)
        return "".join(names[-1]) if names else None

    around, begin = [], 0
    for mark in re.finditer(r"[{};]", code[:place]):
        if mark[0] == "{":
            around.append(named(code[begin:mark.start()]))
        elif mark[0] == "}" and around:
            around.pop()
        begin = mark.end()
    return next(filter(None, [named(code[begin:place]), *reversed(around)]), None)


def call_faults(relative, code, quoted):
    """Every step on the way from a press to the opener: where it is taken, and that nothing else takes it."""
    if not re.match(r"qml/|app/(shell|models|platform|main)", relative):
        return
    is_page = relative.endswith((".qml", ".js", ".mjs"))
    for match in (CALLS_QML if is_page else CALLS_CPP).finditer(code):
        name = next(filter(None, match.groups()))
        function, text = (handler_at(code, match.start()), "") if is_page else function_at(code, match.start())
        is_pressed = is_page and function in PRESSES and not name.startswith("open")
        is_pressed = is_pressed or (relative, name, function) in PRESSED
        if not is_pressed or match[0].startswith(("&", "SLOT")) or LATER.search(text):
            yield f"a way out to a customer that nobody pressed: {name} in {function}"
    for match in BY_NAME.finditer(quoted):
        yield f"a way out to a customer that nobody pressed: {match[0][:80]}"


def source_faults(relative, source):
    code, quoted, strings = taken_apart(source)
    for text in strings:
        yield from word_faults(text)
        yield from text_faults(relative, text)
    for exact in OPENER.get(relative, []):
        code = re.sub(r"\s+".join(map(re.escape, exact.split())), "", code, count=1)
    yield from call_faults(relative, code, quoted)
    for pattern, files, what in SENDERS:
        yield from (f"{what}: {m[0]}" for m in re.finditer(pattern, code) if relative not in files)
    for match in RANKS_CODE.finditer(quoted):
        yield f"ranks people: {' '.join(match[0].split())[:80]}"
    if relative.startswith("qml/") and re.search(r"\bfetch\s*\(", code):
        yield "speaks to another service than Tend's server: fetch("


def catalogue_faults(relative, source):
    root = ElementTree.fromstring(source)
    language = root.get("language", "en").replace("-", "_").split("_")[0]
    if language not in WORDS:
        yield f"it is not known here what a text in \"{language}\" may not say"
    for tag, its in (("source", "en"), ("translation", language), ("numerusform", language)):
        for text in ("".join(element.itertext()) for element in root.iter(tag)):
            yield from word_faults(text, its if its in WORDS else "en")
            yield from text_faults(relative, text)


def faults(relative, source):
    suffix = pathlib.PurePosixPath(relative).suffix
    if suffix == ".ts":
        found = catalogue_faults(relative, source)
    elif suffix == ".sql":
        found = (fault for statement in source.split(";") for fault in text_faults(relative, statement))
    elif suffix in PROSE:
        found = (fault for part in re.split(r"\n\s*\n", source) for fault in word_faults(part.strip()))
    else:
        found = source_faults(relative, source)
    return [f"{relative}: {fault}" for fault in found]


PROSE = (".md", ".desktop", ".xml", ".in")  # read as it stands; an address in it opens nothing by itself
READ = (".cpp", ".h", ".qml", ".js", ".mjs", ".ts", ".json", ".sql", *PROSE)


def sources(root):
    for room in ("app", "qml", "sync", "server-stub", "packaging", "README.md"):
        for path in sorted([root / room, *(root / room).rglob("*")]):
            if path.suffix in READ and path.is_file():
                yield path.relative_to(root).as_posix(), path.read_text()


# What is to be found, and where it stands: words in every kind of quotes, joined, written as numbers, in a catalogue;
# ways out; rankings asked of the rows; rankings counted by hand.
PLANTED = {"claims|ranks|calls itself|speaks of|it is not known": [
    ("qml/Page.qml", 'text: qsTr("Manage your customer relationships")'),
    ("qml/Page.qml", 'text: qsTr("Better relationship management")'),
    ("qml/Page.qml", "text: qsTr('Manage your customers')"),
    ("qml/Page.qml", "text: `Hello ${name}, manage your\ncustomers`"),
    ("qml/Page.qml", 'text: qsTr("Manage your ") + name + qsTr(" customers")'),
    ("qml/Page.qml", 'text: "<b>Top</b> sellers"'),
    ("qml/Page.qml", 'text: qsTr("Leader\\u0062oard")'),
    ("qml/Page.qml", 'text: qsTr("Leaderboard")'),
    ("qml/Page.qml", 'text: qsTr("Send a campaign")'),
    ("app/a.cpp", 'tr("The CRM for you")'),
    ("app/a.cpp", 'tr(R"(The best salesperson)")'),
    ("app/a.cpp", 'tr("a // b"); tr("A star performer"); // c'),
    ("app/a.cpp", 'const int n = 1\'000; tr("Rep of the month");'),
    ("sync/a.cpp", 'message = "your top 3 reps";'),
    ("server-stub/cli/a.cpp", 'printLine("worst reps");'),
    ("packaging/tend.desktop", "[Desktop Entry]\nComment=Manage your customers"),
    ("README.md", "# Tend\n\nTend manages your customer\nrelationships."),
    ("README.md", "It cannot manage a relationship, but it can manage your customers."),
    ("qml/i18n/tend_en.ts", "<TS language='en'><message><source>Top sellers</source></message></TS>"),
    ("qml/i18n/tend_en.ts", "<TS language='en'><translation>Automatic e-mails</translation></TS>"),
    ("qml/i18n/tend_en.ts", "<TS><translation><numerusform>&#84;op &amp;sellers</numerusform></translation></TS>"),
    ("qml/i18n/tend_de.ts", "<TS language='de'><translation>Bester Verk\u00e4ufer</translation></TS>"),
], "a way out|starts another|speaks to|sends mail": [
    ("app/b.cpp", 'open("mailto:" + address);'),
    ("app/b.cpp", 'open("mail" + QString("to:") + address);'),
    ("app/b.cpp", "open(R\"(sms:)\" + number);"),
    ("app/models/app_state.cpp", 'void AppState::call()\n{\n    m_opener("mailto:" + address);\n}'),
    ("app/b.cpp", 'QProcess::startDetached("xdg-email", {address});'),
    ("app/b.cpp", 'QProcess process;'),
    ("app/shell/demo.cpp", 'process.start("sendmail", {address});'),
    ("server-stub/b.cpp", 'std::system(command.c_str());'),
    ("sync/b.cpp", 'FILE *out = popen(command, "w");'),
    ("app/b.cpp", 'posix_spawn(&child, path, nullptr, nullptr, words, environ);'),
    ("app/b.cpp", 'execvp(path, words);'),
    ("app/b.cpp", 'post("https://api.example.com/messages", words);'),
    ("qml/Page.qml", "request.open('POST', 'https://api.example.com/' + 'messages')"),
    ("qml/Page.qml", "const request = new XMLHttpRequest()"),
    ("app/b.cpp", "QNetworkAccessManager manager;"),
    ("sync/net/curl_transport.cpp", "set(CURLOPT_MAIL_RCPT, address);"),
    ("app/b.cpp", "QDesktopServices::openUrl(address);"),
    ("app/shell/program.cpp", "void later()\n{\n    QDesktopServices::openUrl(QUrl(address));\n}"),
    ("qml/Page.qml", "Button {\n    onClicked: Qt.openUrlExternally(address)\n}"),
    ("app/models/app_state.cpp", "void AppState::refresh()\n{\n    m_opener(address);\n}"),
    ("app/models/app_state.cpp", "void AppState::message()\n{\n    QTimer::singleShot(1, [this] { m_opener(a); });\n}"),
    ("app/models/app_state.cpp", "void AppState::listen()\n{\n    connect(&m_minute, at, [this] { call(id); });\n}"),
    ("app/models/app_state.cpp", "void AppState::listen()\n{\n    connect(&m_minute, at, &AppState::message);\n}"),
    ("app/models/app_state.h", "auto opener() const { return m_opener; }"),
    ("app/shell/program.cpp", 'void later(AppState &app)\n{\n    QMetaObject::invokeMethod(&app, "message");\n}'),
    ("app/shell/program.cpp", "void later(AppState &app)\n{\n    app.call(id);\n}"),
    ("qml/Page.qml", "Timer {\n    running: true\n\n    onTriggered: root.app.message()\n}"),
    ("qml/Page.qml", "Item {\n    Component.onCompleted: {\n        if (x)\n            root.app.call(id);\n    }\n}"),
    ("qml/Page.qml", "Item {\n    onVisibleChanged: timer.triggered.connect(root.app.message)\n}"),
    ("qml/pages/TodayRow.qml", "Item {\n    onVisibleChanged: root.act()\n}"),
], "ranks people": [
    ("app/a.cpp", 'prepare("SELECT member_id, count(*) FROM visit "\n    "GROUP BY member_id ORDER BY 2")'),
    ("app/a.cpp", 'prepare(R"(SELECT owner_id, total(minutes) FROM visit GROUP BY\n owner_id)")'),
    ("app/a.cpp", 'prepare("SELECT member_id, max(started_at) FROM visit GROUP BY member_id")'),
    ("app/a.cpp", 'prepare("SELECT group_concat(id) FROM sale GROUP BY seller_id")'),
    ("app/a.cpp", 'prepare("SELECT m.name, count(*) FROM visit v JOIN member m ON m.id = v.who GROUP BY m.name")'),
    ("app/a.cpp", 'prepare("SELECT name, count(*) FROM visit v JOIN member ON member.id = v.who GROUP BY name")'),
    ("app/a.cpp", 'prepare("SELECT seller_id, count(*) FROM sale GROUP BY 1 ORDER BY 2 DESC")'),
    ("app/a.cpp", 'prepare("SELECT coalesce(v.member_id, g.actor) AS one, count(*) FROM visit GROUP BY one")'),
    ("app/a.cpp", 'query("SELECT name, (SELECT count(*) FROM sale WHERE seller_id = m.id) FROM member m ORDER BY 2")'),
    ("app/a.cpp", 'prepare("SELECT count(*) FROM visit WHERE member_id = ?1")'),
    ("app/a.cpp", 'prepare("SELECT sum(member_id = ?1) FROM visit")'),
    ("app/a.cpp", 'prepare("SELECT row_number() OVER (PARTITION BY member_id) FROM visit")'),
    ("app/a.cpp", 'prepare("SELECT member_id, count(*) FROM " + table + " GROUP BY member_id")'),
    ("server-stub/sqlite/migrations/9.sql", "CREATE VIEW v AS SELECT actor, count(*) FROM grp GROUP BY actor;"),
    ("app/a.cpp", "std::map<Id, int> counts;\nfor (const Visit &visit : visits)\n    counts[visit.member]++;"),
    ("server-stub/a.cpp", "++m_counts[header.actor];"),
    ("sync/a.cpp", "sold[toText(sale.seller)] += 1;"),
    ("app/a.cpp", 'json[visit["member"]] += 1;'),
    ("app/a.cpp", "int &its = counts[visit.member];\n++its;"),
    ("app/a.cpp", "const Id who = visit.member;\n++counts[who];"),
    ("app/a.cpp", "std::unordered_map<Id, std::size_t> byMember;"),
    ("app/a.cpp", "std::multiset<Id> all;\nall.insert(visit.member);"),
    ("app/a.cpp", "std::count_if(a, b, [&](const Visit &visit) { return visit.member == id; });"),
    ("qml/Page.qml", "counts[row.memberName] = (counts[row.memberName] || 0) + 1"),
]}
INNOCENT = [
    ("app/a.cpp", '// CRM products manage data, not relationships.\nint x;'),
    ("app/a.cpp", 'choices({"admin", "manager", "rep", "office"})'),
    ("app/a.cpp", 'tr("The best time to call. Top of the page, best reply, 3 replies, repeat");'),
    ("app/a.cpp", 'isIt ? tr("Managed") : tr("customers")'),
    ("README.md", "It cannot manage a relationship, and ranks nobody. See https://example.com"),
    ("qml/i18n/a.ts", "<TS><source>%n rows</source><translation><numerusform>%n row</numerusform></translation></TS>"),
    ("app/models/app_state.cpp", 'void AppState::call()\n{\n    if (m_opener)\n        m_opener("tel:" + phone);\n}'),
    ("app/models/app_state.cpp", "void AppState::actOnToday(TodayKey key)\n{\n    return call(selected());\n}"),
    ("app/shell/program.cpp", OPENER["app/shell/program.cpp"][0]),
    ("app/models/a.cpp", "void f()\n{\n    log(code.message());\n    return QGuiApplication::exec();\n}"),
    ("qml/Page.qml", 'B {\n    enabled: a\n\n    onClicked: wide ? root.app.copyNumber() : root.app.call(id)\n}'),
    ("qml/Page.qml", 'Button {\n    onClicked: {\n        if (wide)\n            root.app.message();\n    }\n}'),
    ("qml/pages/TodayRow.qml", "Item {\n    function act() {\n        if (a)\n            app.call(id);\n    }\n}"),
    ("app/a.cpp", "replica.fork(); std::chrono::system_clock::now();"),
    ("app/a.cpp", 'say("a hotel: it\'s open");'),
    ("app/a.cpp", 'prepare("SELECT name FROM member ORDER BY name")'),
    ("app/a.cpp", 'prepare("SELECT count(*) FROM member WHERE active = 1 ORDER BY name")'),
    ("app/a.cpp", 'prepare("SELECT customer_id, max(started_at) FROM visit GROUP BY customer_id ORDER BY 2")'),
    ("app/a.cpp", 'prepare("SELECT m.name FROM initiative i LEFT JOIN member m ON m.id = i.owner_id ORDER BY i.id")'),
    ("app/a.cpp", 'query("SELECT c.id, count(*) FROM visit JOIN customer c ON c.id = v GROUP BY 1 ORDER BY name")'),
    ("app/a.cpp", 'prepare("SELECT EXISTS(SELECT 1 FROM visit WHERE member_id = ?1)")'),
    ("app/a.cpp", 'prepare("SELECT count(DISTINCT member_id) FROM visit WHERE customer_id = ?1")'),
    ("app/a.cpp", "const VisitFact *&its = closest[visit.member];\nits = &visit;\n++count;"),
    ("app/a.cpp", "++counts[visit.customer]; ++widths[row.cells.size()];"),
]


def self_test():
    missed = [(relative, source) for what, planted in PLANTED.items() for relative, source in planted
              if not any(re.search(f": ({what})", fault) for fault in faults(relative, source))]
    wronged = [fault for innocent in INNOCENT for fault in faults(*innocent)]
    for relative, source in missed:
        print(f"not found: {relative}: {source}")
    for fault in wronged:
        print(f"found where nothing is: {fault}")
    return 1 if missed or wronged else 0


def main(root):
    found = [fault for relative, source in sources(root) for fault in faults(relative, source)]
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        sys.exit(self_test())
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")))
