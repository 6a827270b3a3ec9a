"""Telegram channels: rules, connecting by a bot's token, publishing."""

from networks.telegram.rules import Telegram

__all__ = ["Telegram"]
