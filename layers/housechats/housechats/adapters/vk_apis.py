"""VK's API as one community or another."""

from collections.abc import Callable
from threading import Lock

from housechats.adapters.aws import spending
from housechats.adapters.vk import Http, Slots, VkApi, new_http
from housechats.domain.communities import Community, working
from housechats.domain.errors import DisconnectedError, NoCommunityError
from housechats.domain.territories import region_of
from housechats.ports.communities import Communities, Tokens


class VkApis:
    """Speaks to VK as any community; a worker has one pace for each."""

    def __init__(
        self,
        url: str,
        tokens: Tokens,
        communities: Communities,
        pace_of: Callable[[int], Slots],
        http: Http | None = None,
    ) -> None:
        self._url = url
        self._tokens = tokens
        self._communities = communities
        self._http = http or new_http()
        self._pace_of = pace_of
        self._paces: dict[int, Slots] = {}
        self._made = Lock()

    def of(self, community: Community) -> VkApi:
        """Return the API with the token that was connected when the community was read.

        When VK takes that token no more, this is noted: staff see it, whoever was told so.
        """

        def gone(error: DisconnectedError) -> None:
            spending.add(f"disconnected_{community.id}", 1)
            self._communities.disconnect(community, reason=error.message)

        return self._api(community, gone)

    def at(self, oktmo: str) -> VkApi:
        """Return the API as any community of a territory whose token works, or NoCommunityError.

        It serves for look-ups that may fail: chats wait for a person only when their own work does.
        """
        found = working(self._communities.of_region(region_of(oktmo)), oktmo)
        if not found:
            raise NoCommunityError(oktmo)
        return self._api(found[0])

    def _api(
        self, community: Community, gone: Callable[[DisconnectedError], None] = lambda _: None
    ) -> VkApi:
        with self._made:
            if community.id not in self._paces:
                self._paces[community.id] = self._pace_of(community.id)
        pace = self._paces[community.id]
        return VkApi(self._url, lambda: self._tokens.of(community), pace, self._http, gone)
