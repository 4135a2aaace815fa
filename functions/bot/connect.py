"""Use case: have VK tell the bot of what happens in a community, and say what is missing."""

from collections.abc import Callable
from dataclasses import dataclass

from housechats.domain.callbacks import proof_of, secret_of
from housechats.domain.communities import NEEDED, USEFUL
from housechats.domain.errors import RefusedError
from housechats.ports.callback_servers import CallbackServer, CallbackServers, ServerStatus
from housechats.ports.communities import Bearer, Bearers, Communities

TITLE = "Домовые чаты"
"""Of the server, in the community's settings; at most 14 characters (VK)."""
ASKS = 20
"""How often it is looked whether VK has asked whose the address is; it does so at once."""
ASKS_EACH_S = 1.0
MANAGES = "manage"

NOT_IN_PRODUCT = (
    "Система этого сообщества ещё не знает: администратор подключает его в мини-приложении "
    "или запросом POST /communities. До этого бот молчит."
)
DISCONNECTED = (
    "Система не может действовать от имени сообщества: подключите его заново (POST /communities)."
)
NO_SETTINGS = (
    "Не удалось включить сообщения и возможности ботов. Включите сами: в сообществе "
    "«Управление» → «Сообщения» → «Сообщения сообщества» и «Настройки для бота» → "
    "«Возможности ботов»."
)
NO_SERVER = "Не удалось указать ВКонтакте адрес для событий. {}"
NOT_CONFIRMED = (
    "ВКонтакте не получил ответа по адресу {}. Проверьте, что он открывается из интернета по "
    "https, и повторите команду."
)
SETTINGS_ON = "Сообщения и возможности ботов включены."
SERVER_WORKS = "ВКонтакте сообщает о событиях по адресу {}."


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at."""

    is_right: bool
    said: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What connecting works with."""

    bearers: Bearers
    communities: Communities
    servers_of: Callable[[str, int], CallbackServers]
    """By a token and the number of its community."""
    key: str
    public_url: str
    sleep: Callable[[float], None]


def connect(token: str, *, desk: Desk) -> list[Line]:
    """Set up what may be set; done twice, it changes nothing.

    RefusedError when the token is no community's.
    """
    bearer = desk.bearers.ask(token)
    lines = [Line(is_right=True, said=f"Сообщество «{bearer.name}», vk.com/club{bearer.id}.")]
    needed = NEEDED | USEFUL
    lines += [Line(is_right=False, said=needed[one]) for one in needed if one not in bearer.rights]
    if MANAGES in bearer.rights:
        servers = desk.servers_of(token, bearer.id)
        lines += [_settings(servers), _server(bearer, servers, desk)]
    return lines + _in_product(bearer.id, desk)


def _settings(servers: CallbackServers) -> Line:
    try:
        servers.allow_bot()
    except RefusedError:
        return Line(is_right=False, said=NO_SETTINGS)
    return Line(is_right=True, said=SETTINGS_ON)


def _server(bearer: Bearer, servers: CallbackServers, desk: Desk) -> Line:
    begins = f"{desk.public_url}/vk/{bearer.id}/"
    try:
        url = begins + proof_of(desk.key, bearer.id, servers.code())
        server_id = _set(begins, url, secret_of(desk.key, bearer.id), servers)
        servers.listen(server_id)
        works = _is_confirmed(server_id, servers, desk.sleep)
    except RefusedError as refused:
        return Line(is_right=False, said=NO_SERVER.format(refused.message))
    told = SERVER_WORKS if works else NOT_CONFIRMED
    # What follows proves that the address is ours: nobody else needs it.
    return Line(is_right=works, said=told.format(f"{begins}…"))


def _set(begins: str, url: str, secret: str, servers: CallbackServers) -> int:
    """Add our server, or set it right; one that is right is left alone."""
    ours = [server for server in servers.all() if server.url.startswith(begins)]
    if not ours:
        return servers.add(url, title=TITLE, secret=secret)
    server = ours[0]
    if not _is_right(server, url, secret):
        servers.change(server.id, url, title=TITLE, secret=secret)
    return server.id


def _is_right(server: CallbackServer, url: str, secret: str) -> bool:
    same = server.url == url and server.secret == secret
    return same and server.status != ServerStatus.FAILED


def _is_confirmed(server_id: int, servers: CallbackServers, sleep: Callable[[float], None]) -> bool:
    for _ in range(ASKS):
        status = {server.id: server.status for server in servers.all()}.get(server_id)
        if status != ServerStatus.WAITS:
            return status == ServerStatus.WORKS
        sleep(ASKS_EACH_S)
    return False


def _in_product(community_id: int, desk: Desk) -> list[Line]:
    community = desk.communities.get(community_id)
    if community is None:
        return [Line(is_right=False, said=NOT_IN_PRODUCT)]
    return [] if community.works else [Line(is_right=False, said=DISCONNECTED)]
