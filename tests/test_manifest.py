import importlib.metadata
import importlib.resources
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import samestory
from samestory import manifest
from samestory.config import Config
from samestory.files import pretty, replace
from samestory.manifest import MANIFEST, Counts, Manifest, Models
from samestory.translator import Options

MODELS = Models(
    direct="use+sha256:01",
    english="minilm+sha256:02",
    scorer="scorer+sha256:03",
    cross="cross+sha256:04",
    monotone="monotone+sha256:05",
    splitters={"fr": "punkt-fr", "id": "punkt-id"},
    packages={"fr": "argos-fr+sha256:04"},
)
KNOWN = Config(min_score=0.6)  # a build takes the score from the calibration before it asks for a key
COUNTS = Counts({"fr": 2, "id": 1}, {"fr": 9, "id": 4}, 13, 0, {}, 1, {"fr-id": 3}, 0, {"too-short": 1})
RECORD = Manifest(
    samestory.__version__,
    "a|b",
    "0f",
    manifest.settings(KNOWN),
    MODELS,
    "5eed",
    COUNTS,
    {"fr.jsonl": "aa"},
    {"fr-id.jsonl": "bb"},
)
KEY = manifest.key(KNOWN, MODELS, "seeds")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package, taken for the package itself."""
    folder = tmp_path / "samestory"
    shutil.copytree(Path(samestory.__file__).parent, folder, ignore=shutil.ignore_patterns("starter_packages"))
    monkeypatch.setattr(importlib.resources, "files", lambda _: folder)
    yield folder


def test_key_is_the_same_for_the_same() -> None:
    again = msgspec.json.decode(msgspec.json.encode(MODELS), type=Models)
    assert manifest.key(Config(min_score=0.6), again, "seeds") == KEY
    assert len(KEY) == 64


def test_key_does_not_hang_on_the_order_of_languages() -> None:
    turned = msgspec.structs.replace(MODELS, splitters=dict(reversed(MODELS.splitters.items())))
    assert manifest.key(KNOWN, turned, "seeds") == KEY


def test_key_changes_with_the_version_of_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0" if name == "trafilatura" else installed(name))
    assert manifest.key(KNOWN, MODELS, "seeds") != KEY


def test_key_does_not_hang_on_where_a_model_lies() -> None:
    assert manifest.key(Config(min_score=0.6, direct_encoder="/here/model"), MODELS, "seeds") == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"langs": ("fr", "id")},
        {"min_score": 0.9},
        {"order": "free"},
        {"order": "monotone"},
        {"keep_divergent": True},
        {"explain": True},
        {"translation": Options(beam_size=4)},
        {"translation": Options(compute_type="float32")},
    ],
)
def test_key_changes_with_the_settings(change: dict[str, object]) -> None:
    assert manifest.key(msgspec.structs.replace(KNOWN, **change), MODELS, "seeds") != KEY


def test_key_does_not_hang_on_the_precision_that_gave_the_least_score() -> None:
    assert manifest.key(Config(min_score=0.6, precision=0.7), MODELS, "seeds") == KEY


def test_settings_hold_the_least_score_and_not_the_threads() -> None:
    told = manifest.settings(Config(min_score=0.6, order="free", translation=Options(threads=8)))
    assert (told.min_score, told.order, told.keep_divergent, told.explain) == (0.6, "free", False, False)
    assert told.translation.threads == 0


@pytest.mark.parametrize("threads", [1, 2, 64])
def test_key_does_not_change_with_the_threads(threads: int) -> None:
    assert manifest.key(Config(min_score=0.6, translation=Options(threads=threads)), MODELS, "seeds") == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"direct": "use+sha256:ff"},
        {"english": "other"},
        {"scorer": "scorer+sha256:ff"},
        {"monotone": "monotone+sha256:ff"},
        {"splitters": {"fr": "punkt-fr"}},
        {"packages": {}},
        {"packages": {"id": "argos-fr+sha256:04"}},
    ],
)
def test_key_changes_with_the_models(change: dict[str, object]) -> None:
    assert manifest.key(KNOWN, msgspec.structs.replace(MODELS, **change), "seeds") != KEY


def test_key_changes_with_the_seeds() -> None:
    assert manifest.key(KNOWN, MODELS, "other seeds") != KEY


@pytest.mark.parametrize("version", ["0.0.0", "99"])
def test_key_changes_with_the_version(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(manifest, "__version__", version)
    assert manifest.key(KNOWN, MODELS, "seeds") != KEY


def test_key_is_that_of_the_code_wherever_it_lies(package: Path) -> None:
    assert package.is_dir()
    assert manifest.key(KNOWN, MODELS, "seeds") == KEY


@pytest.mark.parametrize(
    "name",
    ["align.py", "facts/names.py", "data/scorer.json", "data/monotone.json", "templates/card.md", "new.py"],
)
def test_key_changes_with_code_data_and_templates(package: Path, name: str) -> None:
    with (package / name).open("a") as file:
        file.write("\n")
    assert manifest.key(KNOWN, MODELS, "seeds") != KEY


def test_key_changes_when_code_is_renamed(package: Path) -> None:
    (package / "align.py").rename(package / "align2.py")
    assert manifest.key(KNOWN, MODELS, "seeds") != KEY


@pytest.mark.parametrize("name", ["__pycache__/align.cpython-399.pyc", "starter_packages/fr/README.md", "py.typed"])
def test_key_does_not_change_with_what_decides_nothing(package: Path, name: str) -> None:
    (package / name).parent.mkdir(parents=True, exist_ok=True)
    (package / name).write_text("changed")
    assert manifest.key(KNOWN, MODELS, "seeds") == KEY


def test_written_manifest_is_read_as_it_was(tmp_path: Path) -> None:
    replace(tmp_path / MANIFEST, pretty(RECORD))
    assert manifest.read(tmp_path) == RECORD


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0\0",
        b"[]",
        b"null",
        b"{}",
        b'{"made_by": "another tool"}',
        pretty(RECORD)[:-20],
        b"[" * 100_000,
        b'{"samestory":"\xff"}',
    ],
)
def test_unreadable_or_foreign_manifest_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(content)
    assert manifest.read(tmp_path) is None


def test_a_folder_by_the_name_of_the_manifest_is_none(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).mkdir()
    assert manifest.read(tmp_path) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("settings", {"min_score": "high"}), ("counts", None), ("aligned", ["fr-id.jsonl"]), ("key", 7)],
)
def test_manifest_with_a_field_of_another_kind_is_none(tmp_path: Path, field: str, value: object) -> None:
    (tmp_path / MANIFEST).write_text(json.dumps({**msgspec.to_builtins(RECORD), field: value}))
    assert manifest.read(tmp_path) is None


@pytest.mark.parametrize("missing", Manifest.__struct_fields__)
def test_manifest_without_a_field_is_none(tmp_path: Path, missing: str) -> None:
    row = msgspec.to_builtins(RECORD)
    del row[missing]
    (tmp_path / MANIFEST).write_text(json.dumps(row))
    assert manifest.read(tmp_path) is None


def test_no_manifest_no_folder_and_a_file_for_a_folder_are_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert [manifest.read(path) for path in (tmp_path, tmp_path / "none", tmp_path / "file")] == [None] * 3


def test_signature_is_one_line_that_names_everything() -> None:
    assert manifest.signature(Config(min_score=0.5), MODELS).split("|") == [
        "direct:use+sha256:01",
        "english:minilm+sha256:02",
        "scorer:scorer+sha256:03",
        "cross:cross+sha256:04",
        "monotone:monotone+sha256:05",
        "mt:argos-fr+sha256:04",
        "split:punkt-fr,punkt-id",
        "min:0.5",
        "order:auto",
        "divergent:refused",
        f"version:{samestory.__version__}",
    ]


def test_signature_says_that_the_order_was_given_and_contradictions_kept() -> None:
    line = manifest.signature(Config(min_score=0.5, order="free", keep_divergent=True), MODELS)
    assert "|min:0.5|order:free|divergent:kept|" in line


def test_signature_says_that_nothing_was_translated() -> None:
    assert "|mt:none|" in manifest.signature(KNOWN, msgspec.structs.replace(MODELS, packages={}))


def test_signature_of_the_real_models_has_no_white_space(tmp_path: Path) -> None:
    from samestory.build import _Tools

    models = _Tools(KNOWN, [tmp_path]).models({"en", "fr", "id", "ja"})
    line = manifest.signature(KNOWN, models)
    assert line.split() == [line]
    assert line.count("|") == 10
