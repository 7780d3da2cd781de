"""The dataset card: aligned/README.md, which tells Hugging Face `datasets` what each file holds."""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping, Sequence

from jinja2 import Environment, StrictUndefined


def card(pairs: Mapping[str, int], languages: Sequence[str], stories: int, signature: str) -> bytes:
    """Return the card for `pairs`, the number of rows by configuration ("fr-id")."""
    template = (importlib.resources.files("samestory") / "templates" / "card.md").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701
    text = environment.from_string(template).render(
        pairs={name: (name.split("-"), rows) for name, rows in pairs.items()},
        languages=languages,
        stories=stories,
        signature=signature,
    )
    return text.encode()
