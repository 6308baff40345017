"""The fast ways through a text against the plain definitions that they replace."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from essaydrill.text import Segmenter, Span, clauses, count_cells, list_marker, normalise, offset_at_cells, sentences
from essaydrill.text.characters import CLOSERS, HAN, UNSEEN
from essaydrill.text.pairs import NumberedPhrases, PairTable, Phrases, codes
from essaydrill.text.segment import domain_words, jieba_segmenter, rjieba_segmenter

PIECES = [
    *"基层治理网格员〇㐂𠀀，。、；：？！（）“”‘’《》,.;:!?()—…·％% \n　①⑩AZab059-'\"_é",
    *[
        "——",
        "……",
        "...",
        "--",
        "一、",
        "（一）",
        "1.",
        "第一，",
        "首先，",
        "一是",
        "1,000",
        "9:30",
        "3.5%",
        "。”",
        "\r\n",
    ],
    *["诉源治理", "未诉先办", "枫桥经验", "\u200b", "\x1b[31m", "\x00", "\x01", "\x02", "資金"],
]
typed = st.lists(st.sampled_from(PIECES), max_size=50).map("".join) | st.text(max_size=50)
quick = settings(deadline=None, max_examples=300)


# --- canonical form


@given(typed)
@quick
def test_a_settled_text_is_what_all_steps_would_make_of_it(raw: str) -> None:
    all_steps = normalise("\u200b" + raw)  # an invisible character is never settled
    at_once = normalise(raw)
    assert at_once.text == all_steps.text
    assert [offset + 1 for offset in at_once.offsets] == list(all_steps.offsets)


# --- cells


def plain_count(text: str) -> int:
    visible = UNSEEN.sub("", text)
    spaces = sum(character.isspace() for character in visible)
    return len(visible) - spaces - sum(len(run) // 2 for run in re.findall("[A-Za-z0-9]+", visible))


@given(typed)
@quick
def test_cells_are_counted(text: str) -> None:
    assert count_cells(text) == plain_count(text)


@given(typed, st.integers(0, 40))
@quick
def test_all_of_a_text_fits_where_it_has_no_more_cells(text: str, cells: int) -> None:
    assert (offset_at_cells(text, cells) == len(text)) >= (count_cells(text) <= cells)


# --- clauses

STOPS = "。！？!?；;"
SENTENCE_END = re.compile(rf"[{STOPS}][{STOPS}{CLOSERS}]*|\n")
CLAUSE_END = re.compile(
    rf"(?:[{STOPS}]|[，,](?!(?<=[0-9],)[0-9]{{3}}(?![0-9]))|[：:](?!(?<=[0-9]:)[0-9])|—{{2,}})[{STOPS}{CLOSERS}]*|\n"
)
LEFT_OVER = re.compile(rf"[\s—…，,、：:{STOPS}{CLOSERS}]*")


def plain_split(text: str, ends: re.Pattern[str]) -> Iterator[Span]:
    start = 0
    while start < len(text):
        marker = list_marker(text[start:])
        end = ends.search(text, start + marker.end() if marker else start)
        stop = end.end() if end else len(text)
        if re.search(rf"[\w{HAN}]", text[start:stop]):
            leading = LEFT_OVER.match(text, start, stop)
            assert leading
            yield leading.end(), leading.end() + len(text[leading.end() : stop].rstrip())
        start = stop


@pytest.mark.parametrize(("splitter", "ends"), [(clauses, CLAUSE_END), (sentences, SENTENCE_END)])
@given(raw=typed)
@quick
def test_pieces_end_where_their_ends_are_found(
    splitter: Callable[[str], list[Span]], ends: re.Pattern[str], raw: str
) -> None:
    for text in (raw, normalise(raw).text):
        assert splitter(text) == list(plain_split(text, ends))


# --- words

RUN = re.compile(
    rf"(?P<han>[一-\u9fd5]+)|[{HAN}]|[A-Za-z0-9]+(?:(?<=[0-9])(?:\.[0-9]+|,[0-9]{{3}}(?![0-9])))*(?:(?<=[0-9])%)?"
)


def plain_cut(text: str, listed: frozenset[str], cut_han: Callable[[str], list[str]]) -> list[str]:
    """Run by run; the longest listed word at each place is taken out, the program cuts what is between."""
    words: list[str] = []
    for match in RUN.finditer(text):
        run = match[0]
        if match.lastgroup != "han":
            words.append(run)
            continue
        done = at = 0
        while at < len(run):
            here = [run[at:end] for end in range(len(run), at + 1, -1) if run[at:end] in listed]
            if here:
                words += cut_han(run[done:at]) if at > done else []
                words.append(here[0])
                done = at = at + len(here[0])
            else:
                at += 1
        words += cut_han(run[done:]) if done < len(run) else []
    return words


@pytest.fixture(scope="module", params=["rjieba", "jieba"])
def programs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Segmenter, Callable[[str], list[str]]]:
    """A segmenter with our words, and the bare program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESSAYDRILL_HOME", str(tmp_path_factory.mktemp("home")))
        make = {"rjieba": rjieba_segmenter, "jieba": jieba_segmenter}[request.param]
        bare = make(())
        return make(domain_words()), lambda run: [token.word for token in bare.cut(run)]


@given(texts=st.lists(typed, max_size=5))
@quick
def test_many_texts_are_cut_as_each_run_alone(
    programs: tuple[Segmenter, Callable[[str], list[str]]], texts: list[str]
) -> None:
    segmenter, cut_han = programs
    listed = frozenset(domain_words())
    plainly = [plain_cut(text, listed, cut_han) for text in texts]
    assert segmenter.words_of(texts) == ([word for words in plainly for word in words], [*map(len, plainly)])
    assert [[token.word for token in segmenter.cut(text)] for text in texts] == plainly


@given(raw=typed)
@quick
def test_no_word_reaches_over_the_end_of_a_clause(
    programs: tuple[Segmenter, Callable[[str], list[str]]], raw: str
) -> None:
    text = normalise(raw).text
    by_clause, _ = programs[0].words_of([text[start:end] for start, end in clauses(text)])
    assert by_clause == programs[0].words_of([text])[0]


# --- look-ups

few = st.text(alphabet="基层治理a1，\n𠀀", max_size=30)
wordings = st.lists(st.text(alphabet="基层治理a，𠀀", min_size=1, max_size=4), max_size=12)


@given(st.lists(st.text(alphabet="基层治理a，𠀀", min_size=2, max_size=2), max_size=12), few | st.text(max_size=30))
@quick
def test_pairs_are_numbered(pairs: list[str], text: str) -> None:
    table = PairTable(pairs)
    numbers = {pair: number for number, pair in enumerate(sorted(set(pairs)), 1)}
    expected = [numbers.get(text[i : i + 2], 0) for i in range(len(text) - 1)]
    assert table.numbers(codes(text)).tolist() == expected


@given(wordings, few)
@quick
def test_the_longest_wording_at_every_place_is_found(listed: list[str], text: str) -> None:
    expected = []
    for start in range(len(text)):
        here = [word for word in listed if len(word) > 1 and text.startswith(word, start)]
        if here:
            expected.append((start, max(here, key=len)))
    assert Phrases(listed).find(text) == expected


@given(wordings, few)
@quick
def test_all_wordings_at_every_place_are_found_with_their_numbers(listed: list[str], text: str) -> None:
    numbers = {word: [place, -place] for place, word in enumerate(listed)}
    expected = [
        (start, number)
        for start in range(len(text))
        for word in sorted(numbers)
        for number in numbers[word]
        if len(word) > 1 and text.startswith(word, start)
    ]
    places, found = NumberedPhrases(numbers).everywhere(text)
    assert list(zip(places.tolist(), found.tolist(), strict=True)) == expected
