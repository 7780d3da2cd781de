"""Turn news articles in many languages into a sentence-aligned corpus, offline."""

__version__ = "0.1.0"
