# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# ImageIO's /images resource for uploads: who has a ticket may write to its disk, within its size, over at
# most as many connections as it says. Requests are checked as ovirt_imageio/_internal/handlers does.
import json
import os
import re

from state import lock


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status, self.text = status, text


class ImageIo:
    def __init__(self, state):
        self.state = state

    def enter(self, ticket, connection, writes):
        """The transfer of a ticket, which this connection now uses."""
        state = self.state
        state.settle()
        transfer = state.transfer_of(ticket)
        if not transfer:
            raise Refused(403, f"You are not allowed to access this resource: No such ticket {ticket}")
        users = transfer["users"]
        users.add((connection, writes))
        if len({one for one, writing in users if writing}) > state.writers:
            state.violations.append("more writers than max_writers")
        if len({one for one, _ in users}) > max(state.writers, 2):
            state.violations.append("more connections than the backend has")
        return transfer

    def leave(self, connection):
        with lock:
            for transfer in self.state.transfers.values():
                users = transfer.get("users", set())
                users.difference_update({(connection, False), (connection, True)})

    def check_range(self, transfer, offset, size):
        whole = self.state.disks[transfer["disk"]]["provisioned_size"]
        if offset + size > whole:
            raise Refused(416, f"Requested range out of allowed range (bytes */{whole})")
        return whole

    def options(self, ticket, connection):
        with lock:
            self.enter(ticket, connection, False)
            told = {"features": self.state.features, "max_readers": self.state.writers,
                    "max_writers": self.state.writers}
            if self.state.local:
                told["unix_socket"] = self.state.path("imageio.sock")
            return json.dumps(told)

    def begin_put(self, ticket, connection, headers, flush):
        """(file, offset, size, percent): where the body goes."""
        if "content-length" not in headers:
            raise Refused(400, "Content-Length header is required")
        size, offset = int(headers["content-length"]), 0
        if "content-range" in headers:
            match = re.fullmatch(r"bytes (\d+)-(\d+)/(\*|\d+)", headers["content-range"])
            if not match or int(match.group(1)) > int(match.group(2)):
                raise Refused(400, "Invalid Content-Range")
            offset = int(match.group(1))
            if int(match.group(2)) - offset + 1 != size:
                raise Refused(400, "Content-Range and Content-Length differ")
        if flush not in ("y", "n"):
            raise Refused(400, "Unsupported value for 'flush'")
        with lock:
            transfer = self.enter(ticket, connection, True)
            whole = self.check_range(transfer, offset, size)
            transfer["unflushed"] |= flush == "n"
            self.state.puts += 1
            self.take_space(size)
            return self.state.file_of(transfer["disk"]), offset, size, 100 * (offset + size) // whole

    def take_space(self, size):
        self.state.space -= size
        if self.state.space < 0:
            raise Refused(500, "Server failed to perform the request, check logs")

    def patch(self, ticket, connection, body):
        try:
            message = json.loads(body)
            operation = message["op"]
            if operation == "zero":
                size, offset = message["size"], message.get("offset", 0)
                if not isinstance(size, int) or not isinstance(offset, int) or size < 0 or offset < 0:
                    raise ValueError
            elif operation != "flush":
                raise ValueError
        except (ValueError, KeyError):
            raise Refused(400, "Invalid request") from None
        with lock:
            if operation not in self.state.features:
                raise Refused(400, "this server does not know it")
            transfer = self.enter(ticket, connection, operation == "zero")
            if operation == "flush":
                transfer["unflushed"] = False
                self.state.flushes += 1
                return
            self.check_range(transfer, offset, size)
            transfer["unflushed"] = True
            self.state.zeroed += size
            # Whatever was there: a real server zeroes it.
            with open(self.state.file_of(transfer["disk"]), "r+b") as file:
                whole = os.fstat(file.fileno()).st_size
                if offset + size == whole:
                    file.truncate(offset)
                    file.truncate(whole)
                else:
                    self.punch(file, offset, size)

    @staticmethod
    def punch(file, offset, size):
        zeroes = bytes(1 << 20)
        at, end = offset, offset + size
        while at < end:
            try:
                data = os.lseek(file.fileno(), at, os.SEEK_DATA)
            except OSError:
                return  # nothing but holes from here on
            at = max(at, data)
            if at >= end:
                return
            count = min(len(zeroes), end - at)
            os.pwrite(file.fileno(), zeroes[:count], at)
            at += count
