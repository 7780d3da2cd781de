#!/usr/bin/env python3
"""Show stories and aligned pairs side by side in the terminal: `samestory inspect` as a script."""

import sys

from samestory.cli import main

if __name__ == "__main__":
    sys.argv.insert(1, "inspect")
    main()
