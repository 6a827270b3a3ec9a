"""Checks over a text beside the source it was made from: pure functions, no database."""

from campaign.checks.alts import check_alts
from campaign.checks.pairs import Pair, check_pair, check_texts, check_variants, check_warning

__all__ = ["Pair", "check_alts", "check_pair", "check_texts", "check_variants", "check_warning"]
