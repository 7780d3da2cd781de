"""A real Argos package small enough to train in a test run.

One Marian model of 64 dimensions learns the sentences below by heart in some seconds. Its weights go
into packages with different metadata: French and Indonesian, SentencePiece and BPE, with and without a
target prefix. `pytest_plugins = ["tiny_argos"]` in conftest.py makes the fixtures known.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from samestory import translator
from samestory.argos import Package, open_package
from samestory.translator import Options
from starter.conversion import convert

PAIRS: dict[str, list[tuple[str, str]]] = {
    "fr": [
        ("Le président est arrivé à Jakarta lundi.", "The president arrived in Jakarta on Monday."),
        ("Le séisme a fait douze morts et trois cents blessés.", "The quake killed twelve people and injured 300."),
        ("Le gouvernement a annoncé une baisse des impôts.", "The government announced a tax cut."),
        ("Les deux pays ont signé un accord de paix.", "The two countries signed a peace agreement."),
        ("La banque centrale maintient son taux à 5 %.", "The central bank keeps its rate at 5%."),
        ("Des milliers de personnes ont manifesté à Paris.", "Thousands of people demonstrated in Paris."),
        ("L'incendie a détruit plusieurs maisons.", "The fire destroyed several houses."),
        ("La police a arrêté deux suspects mardi soir.", "Police arrested two suspects on Tuesday evening."),
        ("Le procès commencera la semaine prochaine.", "The trial will begin next week."),
        ("« Nous ne céderons pas », a déclaré le ministre.", "“We will not give in,” the minister said."),
        ("L'équipe a gagné le match trois à un.", "The team won the match three to one."),
        ("Les prix du riz ont augmenté de dix pour cent.", "Rice prices rose by ten percent."),
        ("Après la réunion de jeudi,", "After the meeting on Thursday,"),
        ("le premier ministre a parlé aux journalistes.", "the prime minister spoke to reporters."),
    ],
    "id": [
        ("Presiden tiba di Jakarta pada hari Senin.", "The president arrived in Jakarta on Monday."),
        ("Gempa itu menewaskan dua belas orang dan melukai 300 orang.", "The quake killed twelve people and hurt 300."),
        ("Pemerintah mengumumkan pemotongan pajak.", "The government announced a tax cut."),
        ("Kedua negara menandatangani perjanjian damai.", "The two countries signed a peace agreement."),
        ("Bank sentral mempertahankan suku bunga 5 persen.", "The central bank keeps its rate at 5%."),
        ("Ribuan orang berunjuk rasa di Paris.", "Thousands of people demonstrated in Paris."),
        ("Kebakaran itu menghancurkan beberapa rumah.", "The fire destroyed several houses."),
        ("Polisi menangkap dua tersangka pada Selasa malam.", "Police arrested two suspects on Tuesday evening."),
        ("Sidang akan dimulai minggu depan.", "The trial will begin next week."),
        ("Harga beras naik sepuluh persen.", "Rice prices rose by ten percent."),
    ],
}
"""What the model knows, by language: (sentence, its English). It returns exactly this English."""

PREFIX = ">>en<<"
PREFIXED = [("Bonjour à tous les lecteurs.", "Hello to all readers."), ("La mer est calme.", "The sea is calm.")]
"""Learned with PREFIX in front of the English: what a package with a target prefix translates."""

BPE = PAIRS["fr"][2:5]
"""The pairs the BPE package knows."""

_EOS, _UNK, _PAD = "</s>", "<unk>", "<pad>"
_STEPS = 220


class TinyArgos(NamedTuple):
    """Folders that hold one package each. `folder` holds the French and the Indonesian one."""

    folder: Path
    fr: Path
    id: Path
    bpe: Path
    prefixed: Path


@pytest.fixture(scope="session")
def tiny_argos(tmp_path_factory: pytest.TempPathFactory) -> TinyArgos:
    root = tmp_path_factory.mktemp("tiny_argos")
    piece_model = _train_sentencepiece()
    (root / "sentencepiece.model").write_bytes(piece_model)
    (root / "bpe.model").write_text(_bpe_codes(), encoding="utf-8")
    _train(root / "model", _examples(root / "sentencepiece.model", root / "bpe.model"))

    def pack(path: Path, lang: str, tokenizer: str = "sentencepiece.model", **metadata: str) -> Path:
        write_package(path, lang, tokenizer=tokenizer, **metadata)
        shutil.copyfile(root / tokenizer, path / tokenizer)
        shutil.copytree(root / "model", path / "model", dirs_exist_ok=True)
        return path

    return TinyArgos(
        folder=root / "packages",
        fr=pack(root / "packages" / "translate-fr_en-1_0", "fr"),
        id=pack(root / "packages" / "translate-id_en-1_0", "id"),
        bpe=pack(root / "bpe" / "translate-fr_en-1_0", "fr", "bpe.model"),
        prefixed=pack(root / "prefixed" / "translate-fr_en-1_0", "fr", target_prefix=PREFIX),
    )


@pytest.fixture
def packages(tiny_argos: TinyArgos) -> dict[str, Package]:
    """The French and the Indonesian package by language."""
    return {"fr": open_package(tiny_argos.fr), "id": open_package(tiny_argos.id)}


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The languages of the models taken into memory, in order."""
    langs: list[str] = []
    load = translator._load

    def spy(package: Package, options: Options) -> Any:
        langs.append(package.lang)
        return load(package, options)

    monkeypatch.setattr(translator, "_load", spy)
    return langs


@pytest.fixture(scope="session")
def tiny_argosmodels(tiny_argos: TinyArgos, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The French and the Indonesian package as .argosmodel files, as Argos hands them out."""
    out = tmp_path_factory.mktemp("argosmodels")
    return {lang: zip_package(path, out) for lang, path in (("fr", tiny_argos.fr), ("id", tiny_argos.id))}


def write_package(
    path: Path, lang: str, to: str = "en", version: str = "1.0", tokenizer: str = "sentencepiece.model", **metadata: str
) -> Path:
    """Write a package folder that has every file it must have, and nothing in them but the metadata."""
    fields = {"type": "translate", "from_code": lang, "to_code": to, "package_version": version, **metadata}
    (path / "model").mkdir(parents=True)
    (path / "metadata.json").write_text(json.dumps(fields), encoding="utf-8")
    (path / tokenizer).write_bytes(b"no tokenizer")
    (path / "model" / "model.bin").write_bytes(b"no model")
    return path


def zip_package(path: Path, out: Path) -> Path:
    """Zip the package folder `path` to `out`/<its name>.argosmodel, the folder at the top as Argos has it."""
    target = out / f"{path.name}.argosmodel"
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(path.rglob("*")):
            archive.write(file, file.relative_to(path.parent))
    return target


def _train_sentencepiece() -> bytes:
    import sentencepiece

    text = [side for pairs in (*PAIRS.values(), PREFIXED) for pair in pairs for side in pair]
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text),
        model_writer=out,
        vocab_size=400,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    return out.getvalue()


def _bpe_codes() -> str:
    """Merges that build every word of the BPE pairs from its left end."""
    words = sorted({word.strip(".") for pair in BPE for side in pair for word in side.split()})
    merges = []
    for word in words:
        symbols = [*word[:-1], word[-1] + "</w>"]
        merges += [f"{''.join(symbols[:i])} {symbols[i]}" for i in range(1, len(symbols))]
    return "\n".join(["#version: 0.2", *dict.fromkeys(merges)]) + "\n"


def _examples(piece_path: Path, bpe_path: Path) -> list[tuple[list[str], list[str]]]:
    """All pairs as the tokens Argos' own tokenizers make of them."""
    from argostranslate.tokenizer import BPETokenizer, SentencePieceTokenizer

    pieces, bpe = SentencePieceTokenizer(piece_path), BPETokenizer(bpe_path, "fr", "en")
    known = [pair for pairs in PAIRS.values() for pair in pairs]
    return [
        *((pieces.encode(source), pieces.encode(english)) for source, english in known),
        *((pieces.encode(source), [PREFIX, *pieces.encode(english)]) for source, english in PREFIXED),
        *((bpe.encode(source), bpe.encode(english)) for source, english in BPE),
    ]


def _train(out: Path, examples: Sequence[tuple[list[str], list[str]]]) -> None:
    """Teach a tiny Marian model `examples` by heart and write it to `out` as a CTranslate2 int8 model."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    tokens = sorted({token for sides in examples for side in sides for token in side})
    vocabulary = {token: i for i, token in enumerate([_EOS, _UNK, *tokens, _PAD])}
    pad, eos = vocabulary[_PAD], vocabulary[_EOS]

    def batch(side: int, end: list[int], filler: int) -> Any:
        rows = [torch.tensor([vocabulary[token] for token in example[side]] + end) for example in examples]
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=filler)

    torch.manual_seed(7)
    layers = {f"{side}_{what}": n for side in ("encoder", "decoder") for what, n in _LAYER.items()}
    config = MarianConfig(
        vocab_size=len(vocabulary),
        d_model=64,
        dropout=0.0,
        activation_function="swish",
        scale_embedding=True,
        max_position_embeddings=512,
        pad_token_id=pad,
        eos_token_id=eos,
        forced_eos_token_id=None,
        decoder_start_token_id=pad,
        **layers,
    )
    model = MarianMTModel(config)
    source, target = batch(0, [], pad), batch(1, [eos], -100)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so small a model is slower on more
    for _ in range(_STEPS):
        loss = model(input_ids=source, attention_mask=source.ne(pad).long(), labels=target).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        # CTranslate2 starts Marian from a zero embedding; here that is the row of <pad>.
        model.get_input_embeddings().weight.data[pad] = 0.0
    torch.set_num_threads(threads)
    convert(model.eval(), vocabulary, out)


_LAYER = {"layers": 1, "attention_heads": 4, "ffn_dim": 128}
