"""Connecting Pages."""

from collections.abc import Sequence

from networks.connecting import Grant
from networks.content import Account
from networks.errors import RefusedError
from networks.meta.connecting import MetaConnector, Page
from networks.words import _


class FacebookConnector(MetaConnector):
    """Every Page on which the person may create content can be chosen.

    Scopes: developers.facebook.com, Pages API, Posts (read 2026-11-23); business_management for Pages inside a business
    portfolio. `pages_manage_engagement` and `read_insights` are left out: each one more is one more to be reviewed.
    """

    needs = _("You need the task of creating content on the Facebook Page; every such Page can be chosen afterwards.")
    scopes = ("pages_show_list", "pages_read_engagement", "pages_manage_posts", "business_management")

    def grants(self, pages: Sequence[Page], scopes: tuple[str, ...]) -> Sequence[Grant]:
        if not pages:
            raise RefusedError(
                "There is no Page on which this person may create content, or none was chosen in the consent. "
                "Ask for that task on the Page, or connect again and choose it.",
                code="no-page",
            )
        return [
            Grant(
                account=Account(page.remote_id, page.name, page.url),
                credentials={"page_id": page.remote_id, **self.page_credentials(page)},
                base_url=self.base_url,
                scopes=scopes,
            )
            for page in pages
        ]
