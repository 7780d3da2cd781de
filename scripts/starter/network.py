"""The network of the starter models: a Marian transformer, deep in the encoder and shallow in the decoder.

Such a shape decodes fast on a CPU and loses little in quality (Kasai et al. 2021, Deep Encoder, Shallow
Decoder). Layers normalise what they read (pre-norm, Xiong et al. 2020): fewer updates bring it further.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from transformers import MarianConfig, MarianMTModel

from starter.batches import EOS, IGNORED, PAD, Batch

LABEL_SMOOTHING = 0.1
DROPOUT = 0.1
WIDTH, INNER, LAYERS = 512, 1408, (6, 2)


def new_network() -> Any:
    """Return a network with random weights: about 28 million, a fifth of them the vocabulary's.

    It is transformers' MarianMTModel, which CTranslate2 converts, with a last layer norm on both sides.
    """
    config = MarianConfig(
        vocab_size=PAD + 1,
        d_model=WIDTH,
        encoder_layers=LAYERS[0],
        decoder_layers=LAYERS[1],
        encoder_ffn_dim=INNER,
        decoder_ffn_dim=INNER,
        encoder_attention_heads=8,
        decoder_attention_heads=8,
        activation_function="swish",
        dropout=DROPOUT,
        scale_embedding=True,
        max_position_embeddings=264,
        pad_token_id=PAD,
        eos_token_id=EOS,
        bos_token_id=None,
        forced_eos_token_id=None,
        decoder_start_token_id=PAD,
    )
    network: Any = MarianMTModel(config)
    for side, layers in zip((network.model.encoder, network.model.decoder), LAYERS, strict=True):
        side.layer_norm = nn.LayerNorm(WIDTH)
        for name, weight in side.layers.named_parameters():
            if weight.dim() == 2:
                # What every layer adds is small at first, so that the sum of all layers is not large.
                ends = name.endswith(("out_proj.weight", "fc2.weight"))
                nn.init.xavier_uniform_(weight, gain=(2 * layers) ** -0.5 if ends else 1.0)
    with torch.no_grad():
        nn.init.normal_(network.model.shared.weight, std=0.02)
        network.model.shared.weight[PAD] = 0.0  # the decoder starts from zero, as CTranslate2 does
    return network


def load(path: Path, network: Any) -> None:
    """Fill `network` with the weights of a stage: all but the positions, which are a formula."""
    missing, unknown = network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=False)
    tied = {"lm_head.weight", "final_logits_bias"}
    left = [name for name in missing if name not in tied and ".embed_" not in name]
    if left or unknown:
        raise ValueError(f"{path}: not the weights of this network ({[*left, *unknown][0]})")


def loss_of(network: Any, batch: Batch, smoothing: float = LABEL_SMOOTHING) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the summed, smoothed cross-entropy (nats) of the batch's labels, and their number.

    It never waits for the device, so that a step can be recorded and replayed.
    """
    model, training = network.model, network.training
    unseen = (batch.source == PAD)[:, None, None, :].to(model.shared.weight.dtype) * -1e4
    memory = _embedded(model, model.encoder, batch.source, training)
    for layer in model.encoder.layers:
        normed = layer.self_attn_layer_norm(memory)
        memory = memory + _dropped(_attend(layer.self_attn, normed, normed, unseen), training)
        memory = memory + _dropped(_expand(layer, layer.final_layer_norm(memory)), training)
    memory = model.encoder.layer_norm(memory)
    states = _embedded(model, model.decoder, batch.decoder_input, training)
    for layer in model.decoder.layers:
        normed = layer.self_attn_layer_norm(states)
        states = states + _dropped(_attend(layer.self_attn, normed, normed, None), training)
        normed = layer.encoder_attn_layer_norm(states)
        states = states + _dropped(_attend(layer.encoder_attn, normed, memory, unseen), training)
        states = states + _dropped(_expand(layer, layer.final_layer_norm(states)), training)
    logits = functional.linear(model.decoder.layer_norm(states), model.shared.weight).flatten(0, 1).float()
    labels = batch.labels.flatten()
    loss = functional.cross_entropy(logits, labels, ignore_index=IGNORED, label_smoothing=smoothing, reduction="sum")
    return loss, (labels != IGNORED).sum()


def _embedded(model: Any, side: Any, ids: torch.Tensor, training: bool) -> torch.Tensor:
    positions = side.embed_positions.weight[: ids.shape[1]]
    return _dropped(functional.embedding(ids, model.shared.weight) * side.embed_scale + positions, training)


def _attend(attention: Any, states: torch.Tensor, memory: torch.Tensor, unseen: torch.Tensor | None) -> torch.Tensor:
    """Attention over `memory`, less what is `unseen`; where that is None, over the states up to each, as a decoder."""
    batch, length, width = states.shape

    def heads(projection: Any, read: torch.Tensor) -> torch.Tensor:
        return projection(read).view(batch, -1, attention.num_heads, width // attention.num_heads).transpose(1, 2)  # type: ignore[no-any-return]

    queries = heads(attention.q_proj, states)
    keys, values = heads(attention.k_proj, memory), heads(attention.v_proj, memory)
    mask = None if unseen is None else unseen.expand(-1, attention.num_heads, length, -1)
    seen = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=mask, is_causal=mask is None)
    return attention.out_proj(seen.transpose(1, 2).reshape(batch, length, width))  # type: ignore[no-any-return]


def _expand(layer: Any, states: torch.Tensor) -> torch.Tensor:
    return layer.fc2(functional.silu(layer.fc1(states)))  # type: ignore[no-any-return]


def _dropped(states: torch.Tensor, training: bool) -> torch.Tensor:
    return functional.dropout(states, DROPOUT, training)
