"""The engine's HTTP side: which address does what."""

from aiohttp import web
from aiohttp.typedefs import Handler

from backtolife.errors import BacktolifeError, NotPermitted
from backtolife.release import release
from backtolife.sessions.media.rooms.engine import Engine
from backtolife.sessions.media.server import metrics
from backtolife.sessions.media.server.roomservice import RoomService
from backtolife.sessions.media.signalling.socket import Signalling

LONGEST_LINE = 65536
"""A join request carries the first offer in the address: some 3 kB, allow plenty."""
LARGEST_BODY = 1 << 20
LATE_SECONDS = 1.0
"""A loop that is so late carries nobody's sound in time."""
REQUEST_WITHIN = 30.0
"""Seconds in which a connection must bring a whole head of a request, the first one or the next."""


def create_server(engine: Engine) -> web.Application:
    signalling, rooms = Signalling(engine), RoomService(engine)

    @web.middleware
    async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
        headers = {
            "Access-Control-Allow-Origin": engine.settings.origin,
            "Access-Control-Allow-Headers": "Authorization, Content-Type",
            "Vary": "Origin",
        }
        if request.method == "OPTIONS":
            return web.Response(status=204, headers=headers)
        try:
            response = await handler(request)
        except BacktolifeError as error:
            status = 401 if isinstance(error, NotPermitted) else error.status
            response = web.Response(status=status, text=error.message)
        if not response.prepared:
            response.headers.update(headers)
        return response

    runs = release()

    async def health(_request: web.Request) -> web.Response:
        people = sum(len(room.participants) for room in engine.rooms.values())
        return web.json_response(
            {
                "status": "ok",
                "release": runs,
                "rooms": len(engine.rooms),
                "participants": people,
                "loop": engine.forwarding.name,
                "lag_ms": round(engine.lag * 1000, 1),
            }
        )

    async def ready(_request: web.Request) -> web.Response:
        found = {
            "loop": "ok" if engine.lag < LATE_SECONDS else "late",
            "load": "ok" if engine.overload.level == 0 else "pictures are withheld",
            "socket": "ok" if engine.socket.is_open else "closed",
        }
        works = found["loop"] == found["socket"] == "ok"  # fewer pictures, and still everybody's sound
        return web.json_response(found, status=200 if works else 503)

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(engine), content_type="text/plain", charset="utf-8")

    app = web.Application(middlewares=[edge], client_max_size=LARGEST_BODY)
    app.router.add_get("/rtc/v1", signalling.connect)
    app.router.add_get("/rtc/v1/validate", signalling.validate)
    app.router.add_get("/rtc", signalling.refuse_old)
    app.router.add_get("/rtc/validate", signalling.validate_old)
    app.router.add_post("/twirp/livekit.RoomService/{method}", rooms.call)
    app.router.add_get("/healthz", health)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", figures)
    return app
