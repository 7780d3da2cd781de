#!/usr/bin/env python3
"""Show stories and aligned pairs side by side in the terminal: `samestory inspect` as a script."""

from samestory.cli import inspect_command, run_alone

if __name__ == "__main__":
    run_alone(inspect_command)
