#!/usr/bin/env python3
"""Build an aligned corpus from news articles: `samestory build` as a script."""

import sys

from samestory.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "build")
    main()
