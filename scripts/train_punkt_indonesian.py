"""Train the Indonesian sentence splitter and write src/samestory/data/punkt_id.json.

Punkt (Kiss and Strunk 2006) learns from raw text which words abbreviate and which begin sentences.
What it learned here was read by eye; the lists below are that review. The text itself is not shipped.
"""

from __future__ import annotations

import argparse
import json
import lzma
from pathlib import Path

from nltk.tokenize.punkt import PunktTrainer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT.parent / "shared" / "mt-data" / "mono.id.txt.xz"
TARGET = ROOT / "src" / "samestory" / "data" / "punkt_id.json"

# Stand before a name, an address or an end point: never the end of a sentence when one follows. Case counts.
TITLES = """
    Bpk CV Dr Dra Drg Drs Gg H Hj Ir Jend Jl Jln Kab Kapt Kec Kel Kol KH K.H Kombes Kompol Komjen Letjen Letkol
    Mayjen Mr Mrs Ny Nn No Pdt Prof Prov PT RA R.A R.M Rev Rp Sdr Sdri Sr St Tb Tn Ust
    a.n d.a s.d u.b u.p
    bpk dr dra drg drs gg jl jln kab kec kel prof prov sdr
"""

# Abbreviate only before a number; without the number some are words that end sentences (no, hal, bab).
NUMERIC = "art ay bab fig gbr hal hlm jilid kav no nomor nr pkl ps psl rp rt rw tab tel telp tgl th thn vol"

# Abbreviations of news and office prose too rare in the text to be learned. Those that may also close
# a sentence (dll., dsb., S.H., Tbk.) are for Punkt to judge by the word that follows.
ADD = """
    a.l a.s b.d co corp d.h dgn dkk dlm dll dlsb dng dsb dst inc jo jr kpd krn
    l.n lih ltd m.a m.h m.hum m.kes m.kom m.m m.pd m.sc m.si m.t ph.d pte pty s.ag s.e s.h s.ik s.ip s.kep
    s.kom s.pd s.psi s.sos s.t sbb sbg spt tbk tgl thd tsb u.s utk w.i.b y.a.d y.l y.m.h yg
"""

# Learned, but wrong here. Single letters need no entry: Punkt knows initials by their form, and as
# abbreviations they would glue "vitamin C." to the sentence behind it.
DROP_ABBREVIATIONS = {
    "mhz": "a unit; all six stand at the end of a sentence",
    "tb": "a disease that ends sentences; the name Tubagus, which it was learned from, is in TITLES",
}
DROP_STARTERS = {
    "bank": "continues a company name behind an abbreviation",
    "pt": "continues a list of companies behind one",
}

MIN_ABBREVIATION = 3  # below it nearly all are names that stood once or twice before a full stop
MIN_ORTHO = 5  # rarer words tell too little about how they are written to be worth their bytes
LOWER_CASE = 0b1110000  # flags of nltk's ortho_context: begin, middle, unknown position in lower case


def train(lines: list[str]) -> dict[str, list[str] | dict[str, int]]:
    """Return what is shipped, learned from `lines`, one sentence or paragraph each, and reviewed."""
    trainer = PunktTrainer("\n".join(lines))
    learned = trainer.get_params()
    counts = trainer._type_fdist  # nltk has no public way to the counts behind the parameters
    abbreviations = {a for a in learned.abbrev_types if counts[a + "."] >= MIN_ABBREVIATION and len(a) > 1}
    # A word never seen in lower case is treated as one never seen: Punkt asks only for lower-case evidence.
    ortho = {
        word: flags
        for word, flags in sorted(learned.ortho_context.items())
        if flags & LOWER_CASE and counts[word] + counts[word + "."] >= MIN_ORTHO
    }
    return {
        # The eleven learned collocations, nearly all an initial and a name, are left to Punkt's rule for initials.
        "abbreviations": sorted(abbreviations - DROP_ABBREVIATIONS.keys() | set(ADD.split())),
        "numeric": sorted(NUMERIC.split()),
        "ortho_context": ortho,
        "sentence_starters": sorted(learned.sent_starters - DROP_STARTERS.keys()),
        "titles": sorted(TITLES.split()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the Indonesian sentence splitter.")
    parser.add_argument("source", nargs="?", type=Path, default=SOURCE, help="Indonesian text, .txt.xz")
    parser.add_argument("--out", type=Path, default=TARGET)
    arguments = parser.parse_args()
    with lzma.open(arguments.source, "rt", encoding="utf-8") as file:
        parameters = train(file.read().splitlines())
    text = json.dumps(parameters, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(f"{arguments.out}: {', '.join(f'{len(value)} {key}' for key, value in parameters.items())}")


if __name__ == "__main__":
    main()
