"""Two files of one sentence a line: how they are read, what is written, and one run with a real encoder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from samestory import bitext as module
from samestory.argos import open_package
from samestory.bitext import Bead, Bitext, bitext, indices, read_lines, rows
from samestory.config import Config
from samestory.errors import UsageError
from samestory.evaluate import evaluate_indexes
from samestory.records import Matrix
from samestory.store import Store
from samestory.translator import Options
from tiny_argos import TinyArgos

# --- reading


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("one\ntwo\n", ["one", "two"]),
        ("one\ntwo", ["one", "two"]),
        ("\ufeffone\ntwo\n", ["one", "two"]),
        ("one\r\ntwo\r\n", ["one", "two"]),
        ("one\n\ntwo\n", ["one", "", "two"]),
        ("\n\none\n\n", ["", "", "one", ""]),
        ("  one\t of   them \n \t\ntwo\n", ["one of them", "", "two"]),
        ("one\u2028still one\x0cand still\x85here\ntwo\n", ["one still one and still here", "two"]),
        ("un café\n火。\n", ["un café", "火。"]),
    ],
)
def test_a_line_is_a_sentence_and_keeps_its_number(content: str, lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content.encode())
    assert read_lines(tmp_path / "a.txt") == lines


def refusal(path: Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_lines(path)
    told = str(caught.value)
    assert str(path) in told
    assert "\n" not in told
    return told


@pytest.mark.parametrize("content", [b"", b"\n", b"\n  \n\t\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_a_file_without_a_sentence_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert "holds no sentence" in refusal(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("content", "byte"), [(b"caf\xe9\n", 3), ("\ufeffa\n".encode("utf-16-le"), 0), (b"a\n\xc3", 2)]
)
def test_a_file_that_is_not_utf_8_is_refused(content: bytes, byte: int, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert f"is not UTF-8 (byte {byte})" in refusal(tmp_path / "a.txt")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "nowhere.txt")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "Is a directory" in refusal(tmp_path)


# --- aligning, with sentences of words that are axes


class Words:
    """An encoder of numbers: each is an axis, and what says several is the sum."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        found = np.zeros((len(texts), 100), dtype=np.float32)
        for row, text in zip(found, texts, strict=True):
            row[[int(word) for word in text.split()]] = 1.0
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "encoder", lambda *_: Words())


def aligned(folder: Path, a: Sequence[str], b: Sequence[str]) -> Bitext:
    for name, lines in (("a", a), ("b", b)):
        (folder / name).write_text("".join(f"{line}\n" for line in lines))
    return bitext(folder / "a", folder / "b", ("en", "fr"), "monotone")


def sides(found: Bitext) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(bead.a, bead.b) for bead in found.beads]


def numbers(*lines: int) -> list[str]:
    return [str(n) for n in lines]


@pytest.mark.usefixtures("words")
def test_the_same_lines_are_all_1_1(tmp_path: Path) -> None:
    found = aligned(tmp_path, numbers(*range(20)), numbers(*range(20)))
    assert sides(found) == [((n,), (n,)) for n in range(20)]
    assert found.languages == ("en", "fr")
    assert found.a == found.b == numbers(*range(20))


@pytest.mark.usefixtures("words")
def test_blank_lines_keep_their_numbers_and_stand_alone_in_their_place(tmp_path: Path) -> None:
    a = ["0", "1", "", "2", "3", "4", "5", "6", "7", ""]
    b = ["", "0", "1", "2", "3", "", "", "4", "5", "6", "7"]
    assert sides(aligned(tmp_path, a, b)) == [
        ((), (0,)),
        ((0,), (1,)),
        ((1,), (2,)),
        ((2,), ()),
        ((3,), (3,)),
        ((4,), (4,)),
        ((), (5,)),
        ((), (6,)),
        ((5,), (7,)),
        ((6,), (8,)),
        ((7,), (9,)),
        ((8,), (10,)),
        ((9,), ()),
    ]


@pytest.mark.usefixtures("words")
def test_a_blank_line_is_certain_to_have_no_counterpart(tmp_path: Path) -> None:
    found = aligned(tmp_path, ["0", "", *numbers(*range(1, 9))], numbers(*range(9)))
    assert Bead((1,), (), 1.0) in found.beads


@pytest.mark.usefixtures("words")
def test_lines_on_one_side_of_a_blank_one_can_still_be_one_bead(tmp_path: Path) -> None:
    a = [*numbers(*range(8)), "8 9", *numbers(*range(10, 18))]
    b = [*numbers(*range(8)), "8", "", "9", *numbers(*range(10, 18))]
    found = sides(aligned(tmp_path, a, b))
    assert ((8,), (8, 10)) in found
    assert found.index(((), (9,))) == found.index(((8,), (8, 10))) + 1


@pytest.mark.usefixtures("words")
def test_unmatched_lines_stand_where_they_are_in_the_text(tmp_path: Path) -> None:
    a = numbers(50, *range(8), 51, *range(8, 16))
    b = numbers(*range(4), 60, *range(4, 16), 61)
    found = sides(aligned(tmp_path, a, b))
    assert found[0] == ((0,), ())
    assert found[found.index(((4,), (3,))) + 1] == ((), (4,))
    assert found[found.index(((8,), (8,))) + 1] == ((9,), ())
    assert found[-1] == ((), (17,))
    assert len(found) == 16 + 4


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("seed", range(5))
def test_every_line_is_in_one_bead_and_both_texts_are_in_order(seed: int, tmp_path: Path) -> None:
    draw = np.random.default_rng(seed)
    a, b = ([str(n) if draw.random() < 0.8 else "" for n in range(60)] for _ in "ab")
    found = sides(aligned(tmp_path, a, b))
    assert [n for side, _ in found for n in side] == list(range(60))
    assert [n for _, side in found for n in side] == list(range(60))
    both = [n for n in range(60) if a[n] and b[n]]
    assert len({((n,), (n,)) for n in both} & set(found)) == len(both)


@pytest.mark.usefixtures("words")
def test_texts_of_one_line_are_aligned(tmp_path: Path) -> None:
    assert sides(aligned(tmp_path, ["7"], ["7"])) == [((0,), (0,))]


# --- writing

FOUND = Bitext(
    ("en", "zh"),
    ["one", "two", "", "four"],
    ["一。", "二。", "三。", "四。"],
    [
        Bead((0,), (0, 1), 0.88),
        Bead((1,), (), 0.75),
        Bead((2,), (), 1.0),
        Bead((), (2,), 0.5),
        Bead((3,), (3,), 0.98765432),
    ],
)


def test_indices_are_written_as_vecalign_writes_them() -> None:
    assert list(indices(FOUND)) == [
        "[0]:[0, 1]:0.120000",
        "[1]:[]:0.250000",
        "[2]:[]:0.000000",
        "[]:[2]:0.500000",
        "[3]:[3]:0.012346",
    ]


def test_indices_are_read_by_samestory_evaluate(tmp_path: Path) -> None:
    (tmp_path / "made").write_text("".join(f"{line}\n" for line in indices(FOUND)))
    (tmp_path / "gold").write_text("[0]:[0, 1]\n[1]:[]\n[2]:[]\n[]:[2]\n[3]:[3]\n")
    measured = evaluate_indexes(tmp_path / "gold", tmp_path / "made")
    assert (measured.total.made, measured.links.made, measured.links.wanted) == (5, 2, 2)
    assert measured.total.strict.f1 == measured.links.strict.f1 == 1.0


def test_rows_tell_the_lines_their_texts_and_the_probability() -> None:
    assert list(rows(FOUND)) == [
        {"lines": [[0], [0, 1]], "translation": {"en": "one", "zh": "一。二。"}, "score": 0.88},
        {"lines": [[1], []], "translation": {"en": "two", "zh": ""}, "score": 0.75},
        {"lines": [[2], []], "translation": {"en": "", "zh": ""}, "score": 1.0},
        {"lines": [[], [2]], "translation": {"en": "", "zh": "三。"}, "score": 0.5},
        {"lines": [[3], [3]], "translation": {"en": "four", "zh": "四。"}, "score": 0.988},
    ]


@pytest.mark.parametrize(("lang", "joined"), [("zh", "甲。乙。"), ("ja", "甲。乙。"), ("fr", "甲。 乙。")])
def test_lines_are_joined_by_a_space_where_the_language_has_spaces(lang: str, joined: str) -> None:
    (row,) = rows(Bitext((lang, "en"), ["甲。", "乙。"], ["both"], [Bead((0, 1), (0,), 0.9)]))
    assert row["translation"] == {lang: joined, "en": "both"}


# --- the command, on texts that say the same in 1-2, with a blank line and a line that is in one only

ENGLISH = """\
The president arrived in Jakarta on Monday.
He met the ministers in the afternoon. They talked about taxes.

The fire destroyed several houses in the old town.
The team won the match three to one.
"""
FRENCH = """\
Le président est arrivé lundi à Jakarta.
Il a rencontré les ministres dans l'après-midi.
Ils ont parlé des impôts.
L'incendie a détruit plusieurs maisons de la vieille ville.
Publicité : achetez nos chaussures en solde !
L'équipe a gagné le match trois à un.
"""
BEADS = [[[0], [0]], [[1], [1, 2]], [[2], []], [[3], [3]], [[], [4]], [[4], [5]]]


def run(folder: Path, *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "samestory", "bitext", *map(str, args)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    (tmp_path / "en.txt").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "fr.txt").write_text(FRENCH, encoding="utf-8")
    return tmp_path


def test_two_texts_are_aligned_and_printed_as_rows(texts: Path) -> None:
    done = run(texts, "en.txt", "fr.txt", "--langs", "EN", "fr")
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["lines"] for row in found] == BEADS
    assert found[1]["translation"] == {
        "en": "He met the ministers in the afternoon. They talked about taxes.",
        "fr": "Il a rencontré les ministres dans l'après-midi. Ils ont parlé des impôts.",
    }
    assert min(row["score"] for row in found) > 0.5


@pytest.mark.parametrize("order", ["monotone", "free"])
def test_the_indices_go_whole_to_the_file_that_is_named(order: str, texts: Path) -> None:
    (texts / "out.txt").write_text("what an earlier run wrote\n" * 1000)
    done = run(
        texts, "en.txt", "fr.txt", "--langs", "en", "fr", "--order", order, "--format", "indices", "--out", "out.txt"
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    lines = (texts / "out.txt").read_text().splitlines()
    assert [[json.loads(side) for side in line.split(":")[:2]] for line in lines] == BEADS
    assert all(0.0 <= float(line.split(":")[2]) < 0.5 for line in lines)
    assert sorted(path.name for path in texts.iterdir()) == ["en.txt", "fr.txt", "out.txt"]


def test_files_in_the_order_that_their_languages_are_not_are_told_of(texts: Path) -> None:
    done = run(texts, "fr.txt", "en.txt", "--langs", "en", "fr-ca", "--format", "indices")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        f"{name} reads like {other}, but --langs says {lang}"
        for name, other, lang in (("fr.txt", "fr", "en"), ("en.txt", "en", "fr-ca"))
    ]


def test_the_packages_and_the_cache_are_those_that_are_named(texts: Path, tiny_argos: TinyArgos) -> None:
    files, cache = (texts / "en.txt", texts / "fr.txt"), texts / "own.sqlite"
    bitext(*files, ("en", "fr"), "free", Config(), cache, [tiny_argos.folder])
    with Store(cache) as store:
        key = Options().key(in_pieces=False)
        assert store.translations(open_package(tiny_argos.fr).sha256, key, FRENCH.splitlines()).keys() == {
            *FRENCH.splitlines()
        }
    done = run(texts, "en.txt", "fr.txt", "--langs", "en", "fr", "--order", "free", "--argos-packages", "nowhere")
    assert (done.returncode, "nowhere: no such folder" in done.stderr) == (2, True)


def test_any_number_of_threads_gives_the_same_beads(texts: Path) -> None:
    configs = [Config(translation=Options(threads=threads)) for threads in (1, 2)]
    one, two = (bitext(texts / "en.txt", texts / "fr.txt", ("en", "fr"), "monotone", each) for each in configs)
    assert one == two


def test_free_order_finds_what_stands_elsewhere_and_nothing_below_the_least_score(texts: Path) -> None:
    turned = "".join(f"{line}\n" for line in reversed(FRENCH.splitlines()))
    (texts / "fr.txt").write_text(turned, encoding="utf-8")
    config = Config(min_score=0.5)
    found = bitext(texts / "en.txt", texts / "fr.txt", ("en", "fr"), "free", config, texts / "cache.sqlite")
    assert {((0,), (5,)), ((3,), (2,)), ((4,), (0,))} <= set(sides(found))
    assert all(bead.score >= 0.5 for bead in found.beads)
    assert sorted(n for bead in found.beads for n in bead.a) == list(range(5))
    assert sorted(n for bead in found.beads for n in bead.b) == list(range(6))
    assert [bead.a[0] for bead in found.beads if bead.a] == list(range(5))


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["en.txt", "nowhere.txt", "--langs", "en", "fr"], "nowhere.txt"),
        (["en.txt", "empty.txt", "--langs", "en", "fr"], "empty.txt"),
        (["latin.txt", "fr.txt", "--langs", "en", "fr"], "latin.txt"),
        (["en.txt", ".", "--langs", "en", "fr"], ". cannot be read"),
        (["en.txt", "fr.txt"], "--langs"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--order", "sideways"], "--order"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--format", "tmx"], "--format"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--min-score", "2"], "--min-score"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--min-score", "0.5"], "--order free"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--cache", "own"], "--cache goes with --order free"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--argos-packages", "."], "--argos-packages goes with"),
        (["en.txt", "fr.txt", "--langs", "anglais!", "fr"], "--langs anglais!"),
        (["en.txt", "fr.txt", "--langs", "english", "french"], "--langs english"),
        (["en.txt", "fr.txt", "--langs", "en", "EN"], "en twice"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--out", "nowhere/out"], "no folder nowhere"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--out", "folder"], "folder is a folder"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--out", "./en.txt"], "would be written over"),
        (["en.txt", "fr.txt", "--langs", "en", "fr", "--out", "folder/../fr.txt"], "would be written over"),
    ],
)
def test_a_mistake_is_named_and_ends_with_2(args: list[str], named: str, texts: Path) -> None:
    (texts / "empty.txt").write_text("\n")
    (texts / "latin.txt").write_bytes(b"caf\xe9\n")
    (texts / "folder").mkdir()
    before = sorted(texts.iterdir())
    done = run(texts, *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(texts.iterdir()) == before


def test_a_language_may_be_aligned_with_itself_by_line_numbers(texts: Path) -> None:
    done = run(texts, "fr.txt", "fr.txt", "--langs", "fr", "fr", "--format", "indices")
    assert [line.rsplit(":", 1)[0] for line in done.stdout.splitlines()] == [f"[{n}]:[{n}]" for n in range(6)]
