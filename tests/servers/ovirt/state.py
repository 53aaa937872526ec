# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# What the engine and ImageIO of `server` share: disks, transfers with their tickets, machines, faults. All
# is guarded by `lock`. What takes the real ones some time takes these `delay` seconds, so that a client
# that does not wait is found out.
import os
import threading
import time
import uuid

lock = threading.RLock()


class Refusal(Exception):
    """An answer of the engine's that is no success."""

    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


class State:
    def __init__(self, directory):
        self.directory = directory
        self.imageio_url = None
        self.reset()

    def reset(self):
        self.disks, self.transfers, self.machines = {}, {}, {}
        self.tokens, self.faults, self.requests, self.violations = set(), [], [], []
        self.delay = 0.2
        self.writers = 8          # ImageIO's max_writers
        self.features = ["extents", "zero", "flush"]
        self.local = True         # whether ImageIO tells of its local socket
        self.direct = True        # whether hosts tell their own address, beside that of the proxy
        self.space = 1 << 40      # bytes that the storage really takes
        self.attach_fails = False
        self.version = ("4", "5")
        self.domain = {"status": "active", "type": "data", "storage": "nfs", "available": 1 << 40}
        self.center_status, self.architecture = "up", "x86_64"
        self.hosts = {}           # hw_id: id
        self.connections = 0      # of ImageIO's, ever
        self.local_requests = self.puts = self.zeroed = self.flushes = self.extensions = 0
        for name in os.listdir(self.path("disks")):
            os.unlink(self.path("disks", name))

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def file_of(self, disk):
        return self.path("disks", disk)

    def later(self, thing, **changes):
        """What a thing will be after the delay."""
        thing["later"] = (time.monotonic() + self.delay, changes)

    def settle(self):
        """Makes true what is due."""
        now = time.monotonic()
        for things in (self.disks, self.transfers, self.machines):
            for key, thing in list(things.items()):
                if "later" not in thing or thing["later"][0] > now:
                    continue
                _, changes = thing.pop("later")
                if changes.pop("gone", False):
                    del things[key]
                    if things is self.disks:
                        os.unlink(self.file_of(key))
                    continue
                thing.update(changes)
                if things is self.transfers:
                    self.transfer_settled(thing)

    def transfer_settled(self, transfer):
        disk = self.disks.get(transfer["disk"])
        if transfer["phase"] == "transferring":
            transfer["ticket"] = str(uuid.uuid4())
            transfer["users"] = set()
        elif transfer["phase"] == "finished_success":
            transfer["ticket"] = None
            # The real one does not see it; but after a power cut the data would be lost.
            if transfer["unflushed"]:
                self.violations.append("finalized without a flush")
            disk["status"] = "ok"
        elif transfer["phase"] == "finished_cleanup" and disk:
            del self.disks[transfer["disk"]]
            os.unlink(self.file_of(transfer["disk"]))

    def transfer_of(self, ticket):
        for transfer in self.transfers.values():
            if ticket and transfer["ticket"] == ticket and transfer["phase"] == "transferring":
                return transfer
        return None

    def fault(self, method, path, percent=0):
        """The fault that is meant for this request, once for each of its times."""
        for fault in self.faults:
            if (fault["times"] > 0 and fault["method"] == method and fault["path"] in path
                    and percent >= fault.get("percent", 0)):
                fault["times"] -= 1
                return fault
        return None

    def dump(self):
        def plain(things):
            return {key: {name: value for name, value in thing.items() if name not in ("later", "users")}
                    for key, thing in things.items()}
        return {"disks": plain(self.disks), "machines": plain(self.machines),
                "transfers": plain(self.transfers), "requests": self.requests,
                "violations": self.violations, "connections": self.connections, "puts": self.puts,
                "zeroed": self.zeroed, "flushes": self.flushes, "extensions": self.extensions,
                "local_requests": self.local_requests}
