"""A link that misbehaves: passes Ethernet frames between two interfaces, and loses, delays, reorders, doubles or changes some.

    relay.py VM_SIDE PLATFORM_SIDE SEED

The kernel's own emulation is not everywhere, so this is done on packet sockets. Each line of standard input is a JSON object and replaces the
rules: {"toPlatform": [RULE...], "toVm": [RULE...]}. The first rule that matches a frame is applied:
  match:  tcp (any TCP segment), data (TCP segments with payload), syn, udp, or absent for every frame
  port:   only this port, on either side
  minimum: only frames of at least so many bytes
  count:  apply it so often, then pass (absent: always)
  probability: apply it to this share of the frames (absent: to all), by the seeded generator
  every:  apply it to every n-th match
  do:     drop, delay (by ms), swap (with the frame that follows, or after 20 ms when none does), copy, mac (source becomes `mac`)
"""

import heapq
import json
import random
import select
import socket
import struct
import sys
import time

ETH_P_ALL = 3
IPV4 = 0x0800
TCP, UDP = 6, 17
SWAP_PATIENCE_MS = 20


def transport(frame):
    """(protocol, source port, destination port, payload length, TCP flags) of an IPv4 frame, or None."""
    if len(frame) < 34 or struct.unpack_from("!H", frame, 12)[0] != IPV4:
        return None
    start = 14 + (frame[14] & 15) * 4
    end = 14 + struct.unpack_from("!H", frame, 16)[0]
    if frame[23] not in (TCP, UDP) or len(frame) < start + 8:
        return None
    source, destination = struct.unpack_from("!HH", frame, start)
    if frame[23] == UDP:
        return UDP, source, destination, end - start - 8, 0
    return TCP, source, destination, end - start - (frame[start + 12] >> 4) * 4, frame[start + 13]


def matches(rule, frame, found):
    if len(frame) < rule.get("minimum", 0):
        return False
    what = rule.get("match")
    if what is None and "port" not in rule:
        return True
    if found is None:
        return False
    protocol, source, destination, payload, flags = found
    if "port" in rule and rule["port"] not in (source, destination):
        return False
    return {
        None: True,
        "tcp": protocol == TCP,
        "udp": protocol == UDP,
        "data": protocol == TCP and payload > 0,
        "syn": protocol == TCP and flags & 2 != 0,
    }[what]


class Relay:
    def __init__(self, names, seed):
        self.random = random.Random(seed)
        self.sides = []
        for name in names:
            side = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
            side.bind((name, 0))
            self.sides.append(side)
        self.rules = [[], []]
        self.waiting = []
        self.held = [None, None]
        self.sequence = 0

    def applies(self, rule):
        rule["seen"] = rule.get("seen", 0) + 1
        if rule.get("count", 1) <= 0 or rule["seen"] % rule.get("every", 1) != 0:
            return False
        if self.random.random() >= rule.get("probability", 1):
            return False
        if "count" in rule:
            rule["count"] -= 1
        return True

    def arrived(self, direction, frame):
        found = transport(frame)
        for rule in self.rules[direction]:
            if not matches(rule, frame, found):
                continue
            if self.applies(rule):
                self.act(rule, direction, frame)
                return
        self.send(direction, frame)

    def act(self, rule, direction, frame):
        what = rule["do"]
        if what == "delay":
            self.later(rule["ms"], direction, frame)
        elif what == "swap":
            if self.held[direction] is None:
                self.held[direction] = frame
                self.later(SWAP_PATIENCE_MS, direction, None)
            else:
                self.send(direction, frame)
        elif what == "copy":
            self.send(direction, frame)
            self.send(direction, frame)
        elif what == "mac":
            self.send(direction, frame[:6] + bytes.fromhex(rule["mac"].replace(":", "")) + frame[12:])

    def later(self, milliseconds, direction, frame):
        """Sends a frame later; without a frame, whatever is still held back then."""
        self.sequence += 1
        heapq.heappush(self.waiting, (time.monotonic() + milliseconds / 1000, self.sequence, direction, frame))

    def release(self, direction):
        frame, self.held[direction] = self.held[direction], None
        if frame is not None:
            self.send(direction, frame)

    def send(self, direction, frame):
        if frame is None:
            self.release(direction)
            return
        try:
            self.sides[1 - direction].send(frame)
        except OSError:
            pass  # the other end is down
        self.release(direction)

    def run(self):
        sources = [*self.sides, sys.stdin]
        while True:
            timeout = max(0, self.waiting[0][0] - time.monotonic()) if self.waiting else None
            ready, _, _ = select.select(sources, [], [], timeout)
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _, _, direction, frame = heapq.heappop(self.waiting)
                self.send(direction, frame)
            for side in ready:
                if side is sys.stdin:
                    line = sys.stdin.readline()
                    if not line:
                        return
                    rules = json.loads(line)
                    self.rules = [rules.get("toPlatform", []), rules.get("toVm", [])]
                    print("set", flush=True)
                    continue
                frame, address = side.recvfrom(65536)
                if address[2] != socket.PACKET_OUTGOING:
                    self.arrived(self.sides.index(side), frame)


if __name__ == "__main__":
    relay = Relay(sys.argv[1:3], int(sys.argv[3]))
    print("ready", flush=True)
    relay.run()
