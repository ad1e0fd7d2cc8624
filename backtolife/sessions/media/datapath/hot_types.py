"""What `hot.h` declares, for mypy: a field or a function that is not there, or of another kind, does not pass."""

from collections.abc import Callable, MutableSequence
from typing import Literal, Protocol, overload

from backtolife.sessions.media.datapath.ports import CopyPort


class Buffer(Protocol):
    """Bytes that C owns."""

    def __getitem__(self, part: "slice[int | None, int | None, None]", /) -> bytes: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...


class CopyStruct(CopyPort, Protocol):
    context: object
    sent: "SentStruct"
    address_length: int
    address: object


class SentStruct(Protocol):
    next: int
    kept: object


class FanoutStruct(Protocol):
    count: int
    copies: object


class KeptStruct(Protocol):
    number: int
    size: int
    picture_at: int
    tl0_at: int
    packet: object


class StreamStruct(Protocol):
    ssrc: int
    payload_type: int
    fast: int
    level: int
    redundant: int
    timestamp: int
    next: int
    packets: int
    octets: int
    heard: int
    fanout: FanoutStruct
    red_fanout: FanoutStruct
    cache: MutableSequence[KeptStruct]


class SourceStruct(Protocol):
    context: object
    meanings: object
    streams: int
    arrivals: int
    left: int
    ignored: int
    doubtful: int
    stream: MutableSequence[StreamStruct]
    arrival: object
    heard: int


class Library(Protocol):
    """The constants and functions."""

    BATCH: int
    LARGEST: int

    forward: Callable[[bytes, int, object, int, object, int, int, int], int]
    open_packet: Callable[[object, object, bytes, int, object, object, object], int]
    remember: Callable[[object, bytes, SourceStruct], None]
    forget: Callable[[object, SourceStruct], None]
    take: Callable[[int, object, object, object, object, object], int]


class Ffi(Protocol):
    """What makes and reads the structs."""

    @overload
    def new(self, kind: Literal["copy_t *"], init: dict[str, int], /) -> CopyStruct: ...
    @overload
    def new(self, kind: Literal["fanout_t *"], /) -> FanoutStruct: ...
    @overload
    def new(self, kind: Literal["sent_t *"], /) -> SentStruct: ...
    @overload
    def new(self, kind: Literal["stream_t *"], init: dict[str, int], /) -> StreamStruct: ...
    @overload
    def new(self, kind: Literal["source_t *"], init: dict[str, int], /) -> SourceStruct: ...
    @overload
    def new(self, kind: Literal["kept_t[CACHE]"], /) -> MutableSequence[KeptStruct]: ...
    @overload
    def new(self, kind: str, init: object = ..., /) -> object: ...
    def cast(self, kind: Literal["void *"], value: int, /) -> object: ...
    def buffer(self, data: object, size: int = ..., /) -> Buffer: ...
    def memmove(self, to: object, data: bytes, size: int, /) -> None: ...
    def sizeof(self, kind: str, /) -> int: ...
    def offsetof(self, kind: str, field: str, /) -> int: ...
