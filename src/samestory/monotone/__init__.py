"""Alignment of translations: beads of up to 4-4 sentences in the order of both texts, in linear time.

A coarse path is found first and refined (after Vecalign, Thompson and Koehn 2019,
https://aclanthology.org/D19-1136); round it, a semi-Markov conditional random field (Sarawagi and Cohen 2004)
scores whole beads, so that the probability of each is known beside the best alignment.
"""

from samestory.monotone.aligner import Bead, align
from samestory.monotone.text import LONGEST, Text, encoded, summed
from samestory.monotone.weights import Weights, load, signature

__all__ = ["LONGEST", "Bead", "Text", "Weights", "align", "encoded", "load", "signature", "summed"]
