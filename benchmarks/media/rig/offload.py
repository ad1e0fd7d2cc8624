"""Let an interface make its own check sums and packets, so that a frame read from it is whole. Linux only.

A virtual interface leaves check sums to hardware that it does not have; a frame bridged by hand is then dropped.
"""

import array
import fcntl
import socket
import struct

SIOCETHTOOL = 0x8946
SET_TX_CHECKSUM, SET_TSO, SET_GSO, SET_GRO = 0x17, 0x1F, 0x24, 0x2C


def end(device: str) -> None:
    """For an interface of the network namespace this thread is in. Raises OSError when it may not be changed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        for command in (SET_GRO, SET_GSO, SET_TSO, SET_TX_CHECKSUM):
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP8x", device.encode(), value.buffer_info()[0])
            fcntl.ioctl(handle, SIOCETHTOOL, request)
