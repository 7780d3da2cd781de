#!/usr/bin/env python3
"""Build an aligned corpus from news articles: `samestory build` as a script."""

from samestory.cli import build_command, run_alone

if __name__ == "__main__":
    run_alone(build_command)
