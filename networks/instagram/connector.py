"""Connecting professional accounts, through the Pages that they belong to."""

from collections.abc import Sequence

from networks.connecting import Grant
from networks.content import Account
from networks.errors import RefusedError
from networks.meta.connecting import MetaConnector, Page
from networks.words import _


class InstagramConnector(MetaConnector):
    """Every professional account that is linked to a Page of the person can be chosen.

    Scopes: developers.facebook.com, Instagram Platform, Content publishing with Facebook Login (read 2026-11-23);
    business_management for Pages inside a business portfolio.
    """

    needs = _(
        "The account must be a professional one and linked to a Facebook Page on which you may create content: Instagram "
        "is connected through Facebook."
    )
    scopes = (
        "instagram_basic",
        "instagram_content_publish",
        "pages_show_list",
        "pages_read_engagement",
        "business_management",
    )

    def grants(self, pages: Sequence[Page], scopes: tuple[str, ...]) -> Sequence[Grant]:
        linked = [page for page in pages if page.instagram.get("id")]
        if not linked:
            raise RefusedError(
                "None of these Pages has a professional Instagram account. In Instagram, switch the account to a "
                "professional one and link it to the Page, then connect again.",
                code="no-account",
            )
        return [self._grant(page, scopes) for page in linked]

    def _grant(self, page: Page, scopes: tuple[str, ...]) -> Grant:
        account = account_of(page.instagram)
        return Grant(
            account=account,
            credentials={"ig_id": account.remote_id, "username": account.name, **self.page_credentials(page)},
            base_url=self.base_url,
            scopes=scopes,
        )


def account_of(told: object) -> Account:
    """The account as Meta tells it: its own id, its user name, its public address."""
    fields = told if isinstance(told, dict) else {}
    username = str(fields.get("username") or fields.get("name") or fields["id"])
    return Account(str(fields["id"]), username, f"https://www.instagram.com/{username}/")
