"""Checks over a text beside the source it was made from: pure functions, no database."""

from campaign.checks.pairs import Pair, check_pair, check_texts

__all__ = ["Pair", "check_pair", "check_texts"]
