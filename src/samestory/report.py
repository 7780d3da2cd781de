"""The report: one page, with nothing to fetch, on which every pair stands side by side."""

from __future__ import annotations

import importlib.resources
from collections.abc import Sequence

from jinja2 import Environment, StrictUndefined

from samestory.rows import Row


def report(stories: Sequence[Row], pairs: Sequence[Row], rejected: Sequence[Row], signature: str) -> bytes:
    """Return the page for the rows of a build."""
    by_story: dict[str, list[Row]] = {row["story"]: [] for row in stories}
    for pair in pairs:
        by_story[pair["story"]].append(pair)
    template = (importlib.resources.files("samestory") / "templates" / "report.html").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    text = environment.from_string(template).render(
        stories=stories,
        pairs=by_story,
        count=len(pairs),
        combinations=sorted({"-".join(pair["translation"]) for pair in pairs}),
        rejected=rejected,
        signature=signature,
    )
    return text.encode()
