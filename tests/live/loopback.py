# SPDX-License-Identifier: GPL-2.0-or-later
"""A loopback interface that nobody else uses, and packets onto it."""

import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, UP = 0x8913, 0x8914, 1


def _unshare(flags):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = fcntl.ioctl(sock, SIOCGIFFLAGS,
                              struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack_from("16sH", request)[1]
        fcntl.ioctl(sock, SIOCSIFFLAGS,
                    struct.pack("16sH14x", b"lo", flags | UP))


def own_namespace():
    """Moves this process into a namespace, or ends it as skipped."""
    user = os.geteuid()
    try:
        _unshare(CLONE_NEWNET if user == 0 else CLONE_NEWUSER | CLONE_NEWNET)
        if user != 0:
            with open("/proc/self/uid_map", "w", encoding="ascii") as map_:
                map_.write(f"0 {user} 1")
        _raise_loopback()
        with injector():
            pass
    except OSError as error:
        print(f"skipped: no network namespace can be had here: {error}")
        sys.exit(77)


@contextlib.contextmanager
def injector():
    """A function that puts a frame on the loopback."""
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sock:
        sock.bind(("lo", 0))
        yield sock.send


@contextlib.contextmanager
def takers(family, address, ports):
    """Nothing sent there is answered by ICMP."""
    with contextlib.ExitStack() as stack:
        for port in set(ports):
            sock = stack.enter_context(
                socket.socket(family, socket.SOCK_DGRAM))
            sock.bind((address, port))
        yield


def ipv4(payload, protocol, offset=0, more=False):
    """An Ethernet frame; checksums are left out."""
    return bytes(12) + b"\x08\0" + struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1,
        (0x2000 if more else 0) | offset // 8, 64, protocol, 0,
        bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2))) + payload
