"""The keys at the desk: those at the foot of the screen, and all of them."""

from essaydrill.examroom.keybar import Key

_BOTH = (
    Key("F2", "交卷", "screen.hand_in"),
    Key("F3", "提示", "screen.hint"),
    Key("F5/F6", "翻页签", "screen.turn(1)"),
    Key("F7", "查找", "screen.search"),
    Key("F9", "放大", "screen.zoom"),
)
LAST = (Key("^T", "明暗", "app.look"), Key("F1", "全部键位", "screen.keys"), Key("^Q", "离开", "app.quit"))
WRITING = (Key("Tab", "看材料", "screen.other_pane"), *_BOTH, Key("^Z/^Y", "撤销/重做"), *LAST)
READING = (
    Key("Tab", "写作答", "screen.other_pane"),
    *_BOTH,
    Key("m", "标记", "screen.mark"),
    Key("n/N", "下一处/上一处"),
)
SEARCHING = (Key("直接打字", "要找的话"), Key("回车", "下一处"), Key("Esc", "结束查找"))
TURNING = (Key("^N/^P", "换题", "screen.question(1)"),)
ALL_KEYS = (
    ("Tab", "在材料和作答之间来回"),
    ("F2  Ctrl-D", "交卷"),
    ("F3", "要一步提示（会记在这次作答里）"),
    ("F5  F6", "上一个、下一个页签；在材料一边也可以按 1–9"),
    ("F7  /", "查找；回车、n 下一处，N 上一处，Esc 结束"),
    ("F8  m", "把选中的话或光标所在的句子标出来，再按一次去掉"),
    ("F9", "把一边放大到全屏，再按一次还原"),
    ("Ctrl-Z / Y", "撤销、重做"),
    ("Ctrl-C X V", "复制、剪切、粘贴（选择：Shift 加方向键，或用鼠标拖）"),
    ("Ctrl-上/下", "写作答时翻动材料"),
    ("Ctrl-S", "马上存草稿（平时每秒自动存）"),
    ("Ctrl-T", "明、暗两种底色"),
    ("Ctrl-Q", "离开；草稿留着，下次接着写"),
)
EXAM_KEYS = (("Ctrl-N / P", "下一题、上一题"),)
