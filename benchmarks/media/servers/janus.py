"""The same load on Debian's Janus, for comparison: a video room over its WebSocket, ICE-lite, no decoding either."""

import asyncio
import contextlib
import json
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.media.client import offer
from benchmarks.media.client.arrivals import Received
from benchmarks.media.client.path import ANY, MediaPath
from benchmarks.media.client.stream import Payloads
from benchmarks.media.measuring import load, machine
from benchmarks.media.measuring.figures import Figures
from tests.support.media.engine import free_port

FOLDERS = 'configs_folder = "{folder}"\nplugins_folder = "{plugins}"\ntransports_folder = "{transports}"'
GENERAL = """general: {{
{folders}
debug_level = 2
admin_secret = "{secret}"
session_timeout = 0
}}
nat: {{
ice_lite = true
ice_ignore_list = ""
keep_private_host = true
}}
media: {{
ipv6 = false
rtp_port_range = "20000-29999"
}}
plugins: {{ disable = "" }}
loggers: {{ disable = "libjanus_jsonlog.so" }}
events: {{ broadcast = false }}
"""
SOCKETS = 'general: {{ json = "compact"\nws = true\nws_port = {port}\nws_ip = "127.0.0.1"\nwss = false }}\n'
NAME = "Janus"
VIDEO_ROOM = "janus.plugin.videoroom"


def available() -> bool:
    return shutil.which("janus") is not None


@contextmanager
def running_janus() -> Iterator[tuple[int, str]]:
    """A Janus of our own: its process id and its WebSocket."""
    port = free_port()
    plugins = next(Path("/usr/lib").glob("*/janus/plugins/libjanus_videoroom.so"))
    transport = next(Path("/usr/lib").glob("*/janus/transports/libjanus_websockets.so"))
    with tempfile.TemporaryDirectory(prefix="media-janus-") as name:
        folder = Path(name)
        for kind, library in (("plugins", plugins), ("transports", transport)):
            (folder / kind).mkdir()
            (folder / kind / library.name).symlink_to(library)
        folders = FOLDERS.format(folder=folder, plugins=folder / "plugins", transports=folder / "transports")
        settings = GENERAL.format(folders=folders, secret=secrets.token_hex(8))
        (folder / "janus.jcfg").write_text(settings)
        (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
        (folder / "janus.transport.websockets.jcfg").write_text(SOCKETS.format(port=port))
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(["janus", "-F", name, "-C", str(folder / "janus.jcfg")], stdout=log, stderr=log)
        try:
            yield process.pid, f"ws://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


class Session:
    """One Janus session with any number of plugin handles."""

    def __init__(self) -> None:
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, http: aiohttp.ClientSession, url: str) -> None:
        for _ in range(100):
            with contextlib.suppress(aiohttp.ClientConnectionError):
                self._socket = await http.ws_connect(url, protocols=("janus-protocol",))
                break
            await asyncio.sleep(0.1)
        self._tasks.append(asyncio.ensure_future(self._listen()))
        self._session = (await self.ask({"janus": "create"}))["data"]["id"]

    async def _listen(self) -> None:
        async for message in self._socket:
            event = json.loads(message.data)
            waiting = self._answers.get(event.get("transaction", ""))
            if waiting is not None and event["janus"] != "ack" and not waiting.done():
                waiting.set_result(event)

    async def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a message; its answer (an acknowledgement does not count)."""
        transaction = secrets.token_hex(6)
        answer = self._answers[transaction] = asyncio.get_running_loop().create_future()
        session = {"session_id": self._session} if self._session else {}
        await self._socket.send_json({**message, **session, "transaction": transaction})
        async with asyncio.timeout(20):
            return await answer

    async def attach(self) -> int:
        return int((await self.ask({"janus": "attach", "plugin": VIDEO_ROOM}))["data"]["id"])

    async def tell(self, handle: int, body: dict[str, Any], sdp: str = "", kind: str = "offer") -> dict[str, Any]:
        """A message to the plugin, with a session description where there is one."""
        jsep = {"jsep": {"type": kind, "sdp": sdp}} if sdp else {}
        return await self.ask({"janus": "message", "handle_id": handle, "body": body, **jsep})

    async def close(self) -> None:
        await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class JanusClient:
    """Two connections, as Janus wants it: one to publish, one for everything received."""

    def __init__(self, name: int) -> None:
        self.name = name
        self.session = Session()
        self._up, self._down = MediaPath(ANY), MediaPath(ANY)
        self._payloads = Payloads()

    @property
    def received(self) -> Received:
        return self._down.received

    async def publish(self, http: aiohttp.ClientSession, url: str, room: int) -> None:
        await self.session.open(http, url)
        handle = await self.session.attach()
        join = {"request": "join", "ptype": "publisher", "room": room, "id": self.name}
        await self.session.tell(handle, join)
        text = offer.build(self._up.credentials, self._up.streams, name=str(self.name), receiving=[])
        answer = await self.session.tell(handle, {"request": "publish"}, reachable(text, self._up))
        await self._up.connect(answer["jsep"]["sdp"])

    async def subscribe(self, room: int, others: list[int]) -> None:
        handle = await self.session.attach()
        streams = [{"feed": other} for other in others]
        join = {"request": "join", "ptype": "subscriber", "room": room, "streams": streams}
        offered = (await self.session.tell(handle, join))["jsep"]["sdp"]
        credentials = self._down.credentials
        mine = {
            "ice-ufrag": credentials.fragment,
            "ice-pwd": credentials.password,
            "fingerprint": f"sha-256 {credentials.fingerprint}",
            "setup": "active",
        }
        text = re.sub(r"a=(candidate|end-of-candidates|ssrc|ssrc-group|msid|ice-lite).*\r\n", "", offered)
        for key, value in mine.items():
            text = re.sub(rf"a={key}:.*\r\n", f"a={key}:{value}\r\n", text)
        text = text.replace("a=sendonly", "a=recvonly")
        await self.session.tell(handle, {"request": "start"}, reachable(text, self._down), "answer")
        await self._down.connect(offered, role="client")

    def start(self) -> None:
        self._up.start(self._payloads)
        self._down.report()

    async def close(self) -> None:
        await self._up.close()
        await self._down.close()
        await self.session.close()


def reachable(text: str, path: MediaPath) -> str:
    """The description with our candidate in its first section: Janus waits for one."""
    head, mid, rest = text.partition("a=mid:")
    line, end, tail = rest.partition("\r\n")
    return f"{head}{mid}{line}{end}{path.candidate()}\r\na=end-of-candidates\r\n{tail}"


async def all_to_all(pid: int, url: str, people: int, *, seconds: float) -> Figures:
    """The load of `load.all_to_all` on this Janus."""
    empty = machine.memory_mb(pid)
    room = secrets.randbelow(1 << 30)
    async with aiohttp.ClientSession() as http:
        host = Session()
        await host.open(http, url)
        create = {"request": "create", "room": room, "publishers": 100, "bitrate": 0, "audiocodec": "opus"}
        await host.tell(await host.attach(), {**create, "videocodec": "vp8", "fir_freq": 0})
        clients = [JanusClient(number + 1) for number in range(people)]
        for client in clients:
            await client.publish(http, url, room)
        for client in clients:
            await client.subscribe(room, [other.name for other in clients if other is not client])
        for client in clients:
            client.start()
        with machine.kept_apart(pid):
            await asyncio.sleep(load.WARM_UP)
            figures = await load.measure(pid, clients, seconds, empty_mb=empty)
        for client in clients:
            await client.close()
        await host.close()
        return figures
