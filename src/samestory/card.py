"""The dataset card: aligned/README.md, which tells Hugging Face `datasets` what each file holds."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence

from jinja2 import Environment, StrictUndefined


def card(
    pairs: Mapping[str, int], hashes: Mapping[str, str], languages: Sequence[str], stories: int, signature: str
) -> bytes:
    """Return the card for `pairs`, rows by configuration ("fr-id"), and `hashes`, SHA-256 by file ("fr-id.jsonl").

    The hash stands in the card because `datasets` keeps what it has loaded under a hash of the card, and
    would go on giving the rows of an earlier build.
    """
    template = (importlib.resources.files("samestory") / "templates" / "card.md").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    text = environment.from_string(template).render(
        pairs={name: (name.split("-"), rows, hashes[f"{name}.jsonl"]) for name, rows in pairs.items()},
        languages=languages,
        stories=stories,
        signature=signature,
    )
    return text.encode()
