"""Lets `python -m samestory` run the command line."""

from samestory.cli import main

main()
