# SPDX-FileCopyrightText: the v2v authors
# SPDX-License-Identifier: MIT
#
# The engine's SSO and REST API, as far as an upload needs them, with the checks that the engine makes. An
# answer has the engine's shapes: numbers are text, an empty list is {}, a transfer's disk is its "image".
import re
import urllib.parse
import uuid
import xml.etree.ElementTree as xml

from state import Refusal

USER, PASSWORD = "admin@internal", "p4ss &word+"
DOMAIN, CENTER, CLUSTER = (str(uuid.UUID(int=number)) for number in (0xd0, 0xdc, 0xc1))
NAME = re.compile(r"[\w.-]{1,255}\Z")
OVF = "{http://schemas.dmtf.org/ovf/envelope/1/}"
RASD = "{http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData}"


def need(condition, detail, status=400):
    if not condition:
        raise Refusal(status, detail)


class Engine:
    def __init__(self, state):
        self.state = state

    def log_in(self, body):
        given = {key: values[0] for key, values in urllib.parse.parse_qs(body.decode()).items()}
        if given.get("grant_type") != "password" or given.get("scope") != "ovirt-app-api":
            return 400, {"error": "invalid request", "error_code": "invalid_request"}
        if (given.get("username"), given.get("password")) != (USER, PASSWORD):
            return 400, {"error": "Cannot authenticate user: the user name or password is incorrect.",
                         "error_code": "access_denied"}
        token = "token-" + uuid.uuid4().hex
        self.state.tokens.add(token)
        return 200, {"access_token": token, "token_type": "bearer", "scope": given["scope"], "exp": "1"}

    def answer(self, method, path, query, body):
        """(status, object) of a request below /api."""
        parts = [part for part in path.split("/") if part]
        if not parts:
            major, minor = self.state.version
            return 200, {"product_info": {"name": "oVirt Engine", "version": {
                "major": major, "minor": minor, "full_version": f"{major}.{minor}.4-1.el8"}}}
        handler = getattr(self, "on_" + parts[0], None)
        need(handler, "not found", 404)
        return handler(method, parts[1:], query, body)

    @staticmethod
    def found(query, things, key):
        """What a search for name="…" finds, which is more than asked for: a prefix is enough."""
        match = re.search(r'name="([^"]*)"', query.get("search", ""))
        hits = [one for one in things if not match or one["name"].startswith(match.group(1)[:3])]
        return 200, ({key: hits} if hits else {})

    # ---- Where things can go ----

    def domain(self, attached):
        has = self.state.domain
        told = {"id": DOMAIN, "name": "data1", "type": has["type"], "storage": {"type": has["storage"]},
                "available": str(has["available"]), "critical_space_action_blocker": "5",
                "data_centers": {"data_center": [{"id": CENTER}]}}
        return {**told, "status": has["status"]} if attached else told

    def on_storagedomains(self, method, rest, query, _body):
        others = [{"id": str(uuid.UUID(int=9)), "name": "data12", "type": "iso"}]
        return self.found(query, others + [self.domain(False)], "storage_domain")

    def on_datacenters(self, method, rest, _query, _body):
        need(rest and rest[0] == CENTER, "no such data center", 404)
        if len(rest) == 1:
            return 200, {"id": CENTER, "name": "Center", "status": self.state.center_status}
        need(rest[1:] == ["storagedomains", DOMAIN], "no such domain", 404)
        return 200, self.domain(True)

    def on_clusters(self, method, rest, query, _body):
        mine = {"id": CLUSTER, "name": "Default", "data_center": {"id": CENTER},
                "cpu": {"architecture": self.state.architecture}}
        other = {"id": str(uuid.UUID(int=8)), "name": "Elsewhere", "data_center": {"id": str(uuid.UUID(int=7))},
                 "cpu": {"architecture": "x86_64"}}
        return self.found(query, [other, mine], "cluster")

    def on_hosts(self, method, rest, query, _body):
        match = re.match(r'hw_id=(\S+) and datacenter="Center" and status=up\Z', query.get("search", ""))
        need(match, "the search cannot be parsed")
        host = self.state.hosts.get(match.group(1))
        return 200, ({"host": [{"id": host}]} if host else {})

    # ---- Disks ----

    def on_disks(self, method, rest, _query, body):
        state = self.state
        if method == "POST":
            return self.add_disk(body)
        need(rest and rest[0] in state.disks, "Entity not found: Disk", 404)
        disk = state.disks[rest[0]]
        if method == "GET":
            return 200, {"id": rest[0], **{key: str(disk[key]) for key in ("name", "description", "status",
                                                                          "provisioned_size", "format")}}
        need(method == "DELETE", "method not allowed", 405)
        need(disk["status"] != "locked", "Cannot remove Virtual Disk. Disk is locked.", 409)
        disk["status"] = "locked"
        state.later(disk, gone=True)
        return 200, {}

    def add_disk(self, body):
        state, size = self.state, body.get("provisioned_size")
        need(isinstance(size, int) and size > 0 and size % 512 == 0, "bad provisioned_size")
        need(body.get("format") in ("raw", "cow"), "bad format")
        need(str(uuid.UUID(body["id"])) == body["id"], "bad id")
        need(NAME.match(body.get("name", "")), "bad name")
        need(body["storage_domains"]["storage_domain"] == [{"id": DOMAIN}], "no such domain", 404)
        need(body["id"] not in state.disks, "Cannot add Virtual Disk. The disk already exists.", 409)
        sparse = body.get("sparse")
        need(not (body["format"] == "raw" and sparse and state.domain["storage"] in ("iscsi", "fcp")),
             "Cannot add Virtual Disk. Disk configuration is not compatible with the domain.", 409)
        need(not (body["format"] == "cow" and not sparse), "Disk configuration is not supported", 409)
        need(sparse or size <= state.domain["available"], "Cannot add Virtual Disk. Low disk space.", 409)
        disk = {key: body.get(key) for key in ("name", "description", "format", "sparse", "provisioned_size")}
        disk["status"] = "locked"
        with open(state.file_of(body["id"]), "wb") as file:
            file.truncate(size)
        state.disks[body["id"]] = disk
        state.later(disk, status="ok")
        return 202, {"id": body["id"], "status": "locked"}

    # ---- Transfers ----

    def told(self, key):
        state, transfer = self.state, self.state.transfers[key]
        told = {"id": key, "phase": transfer["phase"], "image": {"id": transfer["disk"]},
                "direction": "upload", "format": "raw"}
        if transfer["phase"] == "transferring":
            if state.direct:
                told["transfer_url"] = f"{state.imageio_url}/images/{transfer['ticket']}"
            told["proxy_url"] = f"{state.imageio_url}/images/{transfer['ticket']}"
        return told

    def on_imagetransfers(self, method, rest, _query, body):
        state = self.state
        if not rest and method == "POST":
            disk = state.disks.get(body["disk"]["id"])
            need(disk, "Entity not found: Disk", 404)
            need(disk["status"] == "ok", "Cannot transfer Virtual Disk: disk is locked.", 409)
            need(body.get("direction") == "upload" and body.get("format") == "raw", "bad transfer")
            disk["status"] = "locked"
            key = str(uuid.uuid4())
            state.transfers[key] = {"disk": body["disk"]["id"], "phase": "initializing", "ticket": None,
                                    "unflushed": False, "host": body.get("host", {}).get("id"),
                                    "inactivity_timeout": body.get("inactivity_timeout")}
            state.later(state.transfers[key], phase="transferring")
            return 201, self.told(key)
        if not rest:
            return 200, {"image_transfer": [self.told(key) for key in state.transfers]}
        need(rest[0] in state.transfers, "Entity not found: ImageTransfer", 404)
        if method == "POST":
            self.act(state.transfers[rest[0]], rest[1])
            return 200, {"status": "complete"}
        return 200, self.told(rest[0])

    def act(self, transfer, action):
        state = self.state
        if action == "extend":
            state.extensions += 1
        elif action == "finalize":
            need(transfer["phase"] == "transferring", "Cannot finalize the transfer.", 409)
            transfer["phase"] = "finalizing_success"
            state.later(transfer, phase="finished_success")
        elif action == "resume":
            need(transfer["phase"].startswith("paused"), "Cannot resume the transfer.", 409)
            transfer["phase"] = "resuming"
            state.later(transfer, phase="transferring")
        elif action == "cancel":
            need(not transfer["phase"].startswith("fin"), "Cannot cancel the transfer.", 409)
            transfer["phase"] = "finalizing_cleanup"
            state.later(transfer, phase="finished_cleanup")
        else:
            raise Refusal(404, "no such action")

    # ---- Machines ----

    def on_vms(self, method, rest, query, body):
        state = self.state
        if not rest and method == "POST":
            return self.add_machine(body)
        if not rest:
            return self.found(query, [{"id": key, "name": vm["name"]} for key, vm in state.machines.items()],
                              "vm")
        need(rest[0] in state.machines, "Entity not found: VM", 404)
        machine = state.machines[rest[0]]
        if rest[1:] == ["diskattachments"]:
            return 200, {"disk_attachment": [{"id": disk, "disk": {"id": disk}} for disk in machine["disks"]]}
        if method == "GET":
            return 200, {"id": rest[0], "name": machine["name"], "status": machine["status"]}
        need(machine["status"] == "down", "Cannot remove VM. VM is locked.", 409)
        machine["status"] = "image_locked"
        state.later(machine, gone=True)
        for disk in machine["disks"]:
            state.disks[disk]["status"] = "locked"
            state.later(state.disks[disk], gone=True)
        return 200, {}

    def add_machine(self, body):
        state = self.state
        need(body["cluster"]["id"] == CLUSTER, "no such cluster", 404)
        configuration = body["initialization"]["configuration"]
        need(configuration["type"] == "ova", "this type of configuration is not known")
        ovf = xml.fromstring(configuration["data"])
        system = ovf.find("VirtualSystem")
        name, key = body.get("name") or system.find("Name").text, system.attrib[OVF + "id"]
        need(NAME.match(name), "the name has characters that are not allowed")
        need(all(vm["name"] != name for vm in state.machines.values()),
             "Cannot import VM. VM name already in use.", 409)
        need(system.find("OperatingSystemSection").attrib["{http://www.ovirt.org/ovf}id"], "no system")
        # A disk that is not there, is locked or is not said rightly is left out, and nothing is said.
        drives = [item.find(RASD + "InstanceId").text for item in ovf.iter("Item")
                  if item.find(RASD + "ResourceType").text == "17"
                  and item.find(RASD + "Caption").text.startswith("Drive ")]
        files = {file.attrib[OVF + "href"] for file in ovf.iter("File")}
        disks = []
        for one in ovf.find("DiskSection").iter("Disk"):
            disk = state.disks.get(one.attrib[OVF + "diskId"])
            formats = {"RAW": "raw", "COW": "cow"}
            if (disk and disk["status"] == "ok" and one.attrib[OVF + "fileRef"] in files.intersection(drives)
                    and formats[one.attrib[OVF + "volume-format"]] == disk["format"]
                    and (one.attrib[OVF + "volume-type"] == "Sparse") == disk["sparse"]
                    and int(one.attrib[OVF + "capacity"]) == disk["provisioned_size"]
                    and not state.attach_fails):
                disks.append(one.attrib[OVF + "diskId"])
        state.machines[key] = {"name": name, "status": "image_locked", "disks": disks,
                               "ovf": configuration["data"]}
        state.later(state.machines[key], status="down")
        return 201, {"id": key, "name": name, "status": "image_locked"}
