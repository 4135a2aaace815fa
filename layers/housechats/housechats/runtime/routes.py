"""Routes: a router that knows what each needs, who asks, and what lies within their reach."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from functools import partialmethod
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from housechats.domain.access import READS, Caller, Permission, Place, Placed, may
from housechats.domain.people import Role
from housechats.domain.territories import Territory, is_territory
from housechats.ports.gate import Gate
from housechats.runtime.access import ReplayedError, Request, event_of, replay
from housechats.runtime.http import ProblemError, invalid, resolver
from housechats.runtime.log import Context, logger
from housechats.runtime.metrics import answered_with, count_spent

if TYPE_CHECKING:  # most APIs start without houses
    from housechats.domain.houses import HouseLine
    from housechats.ports.houses import Catalogue

Handler = TypeVar("Handler", bound=Callable[..., Any])
Thing = TypeVar("Thing")
PlacedThing = TypeVar("PlacedThing", bound=Placed)
Limit = Annotated[int, Query(ge=1, le=100, description="Сколько записей на странице")]
Cursor = Annotated[str, Query(max_length=1000, description="next_cursor предыдущей страницы")]

NO_CURSOR = ("/query/cursor", "Начните с первой страницы.")
OUTSIDE = "Этот ОКТМО вне вашей территории."
WHICH_TERRITORY = "У вас несколько территорий: укажите ОКТМО одной из них."


class Router(APIGatewayHttpRouter):
    """Routes of one resource. Every route says what it needs; None lets any signed caller pass."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def at(
        self,
        method: str,
        path: str,
        *,
        operation_id: str,
        summary: str,
        tags: list[str],
        permission: Permission | None,
        once: bool = False,
        rereads: bool = False,
        anew: bool = False,
        responses: dict[int, OpenAPIResponse] | None = None,
    ) -> Callable[[Handler], Handler]:
        """Add a route; `once`: a repeat with the same Idempotency-Key has no second effect.

        `rereads`: its answer may name a person or hold a link that ends, so a repeat reads it anew
        at its location. `anew`: it only makes such a link, so a repeat makes another, to the same.
        """
        told = {
            "x-permission": permission,
            "x-once": once,
            "x-rereads": rereads,
            "x-anew": anew,
        }
        add: Callable[[Handler], Handler] = self.route(
            path,
            method,
            operation_id=operation_id,
            summary=summary,
            tags=tags,
            responses=responses,
            openapi_extensions={name: value for name, value in told.items() if value},
        )
        return lambda handler: add(_knowing_its_fields(handler))

    get = partialmethod(at, "GET")
    post = partialmethod(at, "POST")
    put = partialmethod(at, "PUT")
    patch = partialmethod(at, "PATCH")
    delete = partialmethod(at, "DELETE")

    @property
    def asked(self) -> Request:
        """The request that is being answered."""
        request: Request = self.context["request"]
        return request

    @property
    def caller(self) -> Caller:
        return self.asked.caller

    def reach(self, thing: PlacedThing | None, *elsewhere: Place) -> PlacedThing:
        """Return the thing; outside the caller's scope it does not exist.

        One that they may see, but not do this to, is forbidden. It may lie elsewhere too.
        """
        permission = self.asked.permission
        if thing is None or permission is None:
            raise ProblemError("not_found")
        places = (thing.place, *elsewhere)
        if may(self.caller, permission, places):
            return thing
        seen_by = READS.get(permission, permission)
        raise ProblemError("forbidden" if may(self.caller, seen_by, places) else "not_found")

    def covered(self, oktmo: str, pointer: str = "/oktmo") -> str:
        """Return the territory that a body names, or the only one that the caller has."""
        permission = self.asked.permission
        own = self.caller.territories(permission) if permission else []
        if not oktmo:
            if len(own) != 1:
                raise invalid(pointer, WHICH_TERRITORY)
            return own[0].code
        if not (is_territory(oktmo) and any(one.covers(oktmo) for one in own)):
            raise invalid(pointer, OUTSIDE)
        return Territory(oktmo).code

    @property
    def territories(self) -> list[Territory]:
        """Where the caller may do what the route does; none lies inside another."""
        permission = self.asked.permission
        return self.caller.territories(permission) if permission else []

    def may_reach(self, places: Iterable[Place]) -> bool:
        permission = self.asked.permission
        return permission is not None and may(self.caller, permission, places)

    def lines_of(self, catalogue: "Catalogue") -> Iterator["HouseLine"]:
        """Yield the lines of all houses where the caller may do this."""
        for territory in self.territories:
            lines = catalogue.lines(territory)
            if self._is_all_theirs(territory):
                yield from lines
            else:
                yield from (line for line in lines if self.may_reach([line.place]))

    def _is_all_theirs(self, territory: Territory) -> bool:
        """Tell whether nothing in a territory is closed to the caller: 18,000 houses are many."""
        permission = self.asked.permission
        posts = self.caller.granting(permission) if permission else []
        return any(
            post.role != Role.REPRESENTATIVE and post.territory.covers(territory.oktmo)
            for post in posts
        )


def _knowing_its_fields(handler: Handler) -> Handler:
    """Have a misspelt field of the body refused: nobody is to believe that it was changed."""
    for name, kind in handler.__annotations__.items():
        if name != "return" and is_dataclass(kind):
            kind.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[union-attr]
    return handler


def api(*routers: APIGatewayHttpRouter) -> APIGatewayHttpResolver:
    """Return the resolver of an API with these routes."""
    app = resolver()
    app.use(middlewares=[_about_to_change])
    for router in routers:
        app.include_router(router)

    @app.exception_handler(ReplayedError)
    def _replayed(_: ReplayedError) -> Response[str]:
        return Response(status_code=204)

    return app


def answer(
    app: APIGatewayHttpResolver,
    event: dict[str, Any],
    context: Context,
    *,
    gate: Gate,
    doors: object,
    spent: Callable[[], Mapping[str, float]],
) -> dict[str, Any]:
    """Answer one request, and say in the journal what it was and what it cost."""
    request = Request(gate, event)
    answered = _resolved(app, event, context, request=request, doors=doors)
    if request.replayed:
        location = request.replayed.headers.get("location", "")
        shown = None
        if not request.replayed.body:
            again = Request(gate, event_of(location, event))
            shown = _resolved(app, event_of(location, event), context, request=again, doors=doors)
        answered = replay(request.replayed, shown)
    answered = request.end(answered)
    cost = spent()
    status = answered["statusCode"]
    logger.info("answered", extra={**answered_with(status), **request.log, **cost})
    count_spent(cost)
    return answered


def _resolved(
    app: APIGatewayHttpResolver,
    event: dict[str, Any],
    context: Context,
    *,
    request: Request,
    doors: object,
) -> dict[str, Any]:
    app.append_context(  # type: ignore[no-untyped-call]
        request=request, doors=doors
    )
    return app.resolve(event, context)  # type: ignore[arg-type]  # it reads no more than ours


def _about_to_change(app: APIGatewayHttpResolver, go_on: Callable[..., Any]) -> Any:
    """Stand between a request that reads well and its route."""
    request: Request = app.context["request"]
    if request.changes:
        request.about_to_change()
    return go_on(app)


def page_of(
    things: Sequence[Thing], name: Callable[[Thing], str], cursor: str, limit: int
) -> tuple[Sequence[Thing], str]:
    """Return the things after the one whose name the cursor is, and the next cursor."""
    names = [name(thing) for thing in things]
    if cursor and cursor not in names:
        raise invalid(*NO_CURSOR)
    first = names.index(cursor) + 1 if cursor else 0
    items = things[first : first + limit]
    return items, name(items[-1]) if first + limit < len(things) else ""
