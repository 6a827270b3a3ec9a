"""Connecting a Telegram channel: a bot's token, and the channel whose administrator the bot is."""

from typing import ClassVar

from networks.connecting import Field, FormConnector, Grant
from networks.errors import LaterError, NetworkError, ReconnectError, RefusedError
from networks.telegram.bot import TOKEN, Bot, Place, chat_of
from networks.words import _

ADMINISTRATOR = (
    "Open the channel in Telegram, add the bot under Administrators, and allow it to post messages. Then try again."
)


class TelegramConnector(FormConnector):
    """Asks who the bot is, which channel is meant, and whether the bot may post there."""

    default_base_url = "https://api.telegram.org"
    needs = _("The bot must be an administrator of the channel, with the right to post messages.")
    fields: ClassVar[tuple[Field, ...]] = (
        Field(
            "token",
            _("The bot's token"),
            _(
                "Write /newbot to @BotFather in Telegram; it answers with the token. One bot can serve several channels."
            ),
            secret=True,
        ),
        Field(
            "channel",
            _("The channel"),
            _("Its @name or its address at t.me; a private one by its number (-100…)."),
        ),
    )

    def connect(self, *, token: str = "", channel: str = "", **_: str) -> Grant:
        """The channel. Raises RefusedError, whose code is the field that it is about, and LaterError."""
        token = token.strip()
        chat = chat_of(channel)
        if not TOKEN.fullmatch(token):
            raise RefusedError("A bot's token looks like 123456789:AA…, as @BotFather wrote it.", code="token")
        if chat is None:
            raise RefusedError("Give the channel's @name, its address at t.me, or its number (-100…).", code="channel")
        bot = Bot(self.base_url, token)
        _known(bot)
        place = _postable(bot, chat)
        credentials = {"token": token, "chat_id": str(place.chat_id), "username": place.username}
        return Grant(place.account, credentials, self.base_url, scopes=("can_post_messages",))


def _known(bot: Bot) -> None:
    """Raises RefusedError where Telegram does not know the token."""
    try:
        bot.ask("getMe", {})
    except ReconnectError as error:
        words = "Telegram does not know this token. Copy it again from @BotFather."
        raise RefusedError(words, code="token") from error


def _postable(bot: Bot, chat: int | str) -> Place:
    """The channel. Raises RefusedError where the bot cannot see it or may not post there."""
    try:
        place = bot.place(chat)
        if place.kind == "channel" and bot.may_post(place.chat_id):
            return place
        words = ADMINISTRATOR if place.kind == "channel" else "This is no channel: Chorus posts in channels only."
    except LaterError:
        raise
    except NetworkError as error:
        words = f"The bot cannot see this channel. {ADMINISTRATOR} (Telegram says: {error.message})"
    raise RefusedError(words, code="channel")
