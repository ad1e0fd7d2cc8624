"""Looks into one untrusted file, in a process of its own with little memory and time. Prints what it found as JSON.

Run as `python -m backtolife.content.encoding.probe_child FILE FORMAT`. The demuxer is named, never guessed, so a
playlist with another name stays unread; only the protocol `file` may be opened; external references in MP4 stay shut.
"""

import json
import resource
import sys
from typing import Any

MEMORY_BYTES = 3 * 2**30
CPU_SECONDS = 20
TAIL_SECONDS = 5


def limit() -> None:
    """Let the kernel end this process if the file makes it greedy."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(path: str, kind: str) -> dict[str, Any]:
    """What the file says of itself, and how far its data really go. Times in milliseconds."""
    import av  # noqa: PLC0415 - after the limits are set

    options = {"protocol_whitelist": "file", "enable_drefs": "0", "use_absolute_path": "0"}
    with av.open(path, format=kind, options=options, timeout=(10.0, 10.0)) as container:
        if not container.streams.video:
            return {"video": False}
        stream = container.streams.video[0]
        found: dict[str, Any] = {
            "video": True,
            "streams": len(container.streams),
            "duration_ms": round((container.duration or 0) / 1000),
            "shape": float(stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1),
            "transfer": int(stream.codec_context.color_trc or 0),
            "width": stream.codec_context.width,
            "height": stream.codec_context.height,
            "fps": max(float(stream.average_rate or 0), float(stream.base_rate or 0)),
            "average_fps": float(stream.average_rate or 0),
            "video_codec": stream.codec_context.name,
            "audio_codec": container.streams.audio[0].codec_context.name if container.streams.audio else "",
        }
        if found["width"] * found["height"] > 8192 * 8192:
            return found
        found["first_frame"] = next(container.decode(stream), None) is not None
        found["reached_ms"] = tail(container)
        found["duration_ms"] = found["duration_ms"] or found["reached_ms"]
        return found


def tail(container: Any) -> int:
    """How far picture or sound really go: jump near the end and read on from there.

    A recording that says no length (browsers and OBS write such) is read whole. Sound may well go on under the last
    picture, and slides may stand for minutes.
    """
    if container.duration and container.duration > TAIL_SECONDS * 1_000_000:
        container.seek(container.duration - TAIL_SECONDS * 1_000_000)
    else:
        container.seek(0)
    reached = 0.0
    for packet in container.demux([*container.streams.video[:1], *container.streams.audio[:1]]):
        if packet.pts is not None:
            reached = max(reached, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return round(reached * 1000)


if __name__ == "__main__":
    limit()
    print(json.dumps(look(sys.argv[1], sys.argv[2])))  # noqa: T201 - the answer to whoever started us
