#!/usr/bin/env python3
"""protocol_test.py ECHO [--jar KAFKA_CLIENTS.jar]: the codec of Kafka's protocol against one written a second time.

For each API, direction and version, messages of random content are encoded here, sent through the program ECHO, which
decodes and encodes them, and must come back as they were. Here the messages follow our schema; with --jar they follow
the schema that Apache Kafka's own jar carries, so that a field, a version or a default that we have wrong shows.
"""

import argparse
import json
import pathlib
import random
import re
import struct
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from protocol_schema import Field, Versions, parse  # noqa: E402

FIXED = {"bool": "?", "int8": "b", "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q",
         "float64": "d"}
MESSAGES_PER_VERSION = 12


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


class Writer:
    """Encodes random messages of one version."""

    def __init__(self, chance, version, flexible, structs):
        self.chance, self.version, self.flexible, self.structs = chance, version, flexible, structs

    def has(self, versions):
        return versions is not None and versions.first <= self.version <= versions.last

    def length(self, size, wide):
        if self.flexible:
            return varint(0 if size is None else size + 1)
        return struct.pack(">i" if wide else ">h", -1 if size is None else size)

    def number(self, kind):
        if kind == "bool":
            return self.chance.random() < 0.5
        if kind == "float64":
            return self.chance.uniform(-1e9, 1e9)
        bits = int(kind.lstrip("uint"))
        low, high = (0, 2**bits) if kind[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        return self.chance.choice([low, high - 1, self.chance.randrange(low, high)])

    def element(self, field):
        if not field.kind:
            return self.structure(self.structs.get(field.struct, field.fields) if field.struct else field.fields)
        if field.kind in FIXED:
            return struct.pack(">" + FIXED[field.kind], self.number(field.kind))
        if field.kind == "uuid":
            return self.chance.randbytes(15) + b"\1"
        body = (self.chance.choice(["x", "häuser", "topic-" * 40]).encode() if field.kind == "string"
                else self.chance.randbytes(self.chance.randrange(300)))
        return self.length(len(body), field.kind != "string") + body

    def value(self, field):
        if self.has(field.nullable) and self.chance.random() < 0.3 and not self.is_tagged(field):
            if field.array or field.kind:
                return self.length(None, field.array or field.kind != "string")
            return b"\xff"
        if field.array:
            count = self.chance.randrange(1 if self.is_tagged(field) else 0, 4)
            return self.length(count, True) + b"".join(self.element(field) for _ in range(count))
        there = b"\1" if self.has(field.nullable) and not field.kind else b""
        return there + self.element(field)

    def is_tagged(self, field):
        return self.flexible and field.tag is not None and self.has(field.tagged)

    def differs(self, field):
        """Bytes of a tagged field that is not its default; a default would not be written at all."""
        while True:
            body = self.value(field)
            plain = not field.array and field.kind in FIXED
            if plain and struct.unpack(">" + FIXED[field.kind], body)[0] == default_of(field):
                continue
            return body

    def structure(self, fields):
        here = [field for field in fields if self.has(field.versions)]
        out = b"".join(self.value(field) for field in here if not self.is_tagged(field))
        if not self.flexible:
            return out
        tagged = sorted((field for field in here if self.is_tagged(field) and self.chance.random() < 0.6),
                        key=lambda field: field.tag)
        out += varint(len(tagged))
        for field in tagged:
            body = self.differs(field)
            out += varint(field.tag) + varint(len(body)) + body
        return out


def default_of(field):
    if field.kind == "bool":
        return field.default == "true"
    return int(field.default or "0", 0)


def our_apis():
    for path in sorted((ROOT / "src/protocol/schema").glob("*.api")):
        api = parse(path.read_text(), path.name)
        for index, message in enumerate((api.request, api.response)):
            yield api.name, api.key, index, api.versions, api.flexible, message.structs, message.fields


def kafka_field(raw, parent):
    versions = Versions.parse(raw["versions"])
    kind = raw["type"]
    array = kind.startswith("[]")
    kind = kind.removeprefix("[]")
    primitive = kind in FIXED or kind in ("string", "bytes", "records", "uuid")
    nullable = raw.get("nullableVersions", "none")
    default = raw.get("default")
    out = Field(raw["name"], kind if primitive else "", array, versions.within(parent),
                None if nullable == "none" else Versions.parse(nullable), raw.get("tag"),
                Versions.parse(raw["taggedVersions"]) if "tag" in raw else None,
                None if default is None else str(default).lower())
    if not primitive and "fields" not in raw:
        out.struct = kind
    out.fields = [kafka_field(inner, out.versions) for inner in raw.get("fields", [])]
    return out


def kafka_apis(jar):
    served = {key: name for name, key, *_ in our_apis()}
    with zipfile.ZipFile(jar) as archive:
        for name in sorted(archive.namelist()):
            if not re.fullmatch(r"common/message/\w+(Request|Response)\.json", name):
                continue
            raw = json.loads(re.sub(r"^\s*//.*$", "", archive.read(name).decode(), flags=re.M))
            if raw.get("apiKey") not in served:
                continue
            versions = Versions.parse(raw["validVersions"])
            flexible = raw["flexibleVersions"]
            structs = {shared["name"]: [kafka_field(inner, versions) for inner in shared["fields"]]
                       for shared in raw.get("commonStructs", [])}
            yield (raw["name"], raw["apiKey"], int(raw["type"] == "response"), versions,
                   None if flexible == "none" else Versions.parse(flexible).first, structs,
                   [kafka_field(inner, versions) for inner in raw["fields"]])


def snake(name):
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


def names(fields, structs, versions):
    """The names in order, so that two fields of one type that change places are seen."""
    out = []
    for field in fields:
        if field.versions.first > versions.last or field.versions.last < versions.first:
            continue
        out.append(snake(field.name))
        if not field.kind:
            out.append(names(structs[field.struct] if field.struct else field.fields, structs, versions))
    return out


def misnamed(theirs):
    """APIs whose fields have other names than in Kafka's own schema."""
    known = {(key, index): names(fields, structs, versions)
             for _, key, index, versions, _, structs, fields in our_apis()}
    return [f"{name}: names or versions differ from ours" for name, key, index, versions, _, structs, fields in theirs
            if known[key, index] != names(fields, structs, versions)]


def echo(process, key, index, version, body):
    frame = struct.pack(">hhh", key, index, version) + body
    process.stdin.write(struct.pack(">I", len(frame)) + frame)
    process.stdin.flush()
    size = struct.unpack(">I", process.stdout.read(4))[0]
    return None if size == 0xFFFFFFFF else process.stdout.read(size)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("echo")
    options.add_argument("--jar")
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    process = subprocess.Popen([options.echo], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    passed, failures = 0, misnamed(kafka_apis(options.jar)) if options.jar else []
    for name, key, index, versions, flexible, structs, fields in (
            kafka_apis(options.jar) if options.jar else our_apis()):
        for version in range(versions.first, versions.last + 1):
            chance = random.Random(f"{options.seed}/{name}/{index}/{version}")
            is_flexible = flexible is not None and version >= flexible
            bodies = [Writer(chance, version, is_flexible, structs).structure(fields)
                      for _ in range(MESSAGES_PER_VERSION)]
            wrong = [body for body in bodies if echo(process, key, index, version, body) != body]
            # What is cut off is refused, and nothing worse happens.
            for body in bodies:
                if body and echo(process, key, index, version, body[:-1]) is not None:
                    wrong.append(body)
            passed += not wrong
            if wrong:
                failures.append(f"{name} {'response' if index else 'request'} version {version}: {wrong[0].hex()}")
    process.stdin.close()
    process.wait()
    for failure in failures:
        print("FAILED", failure)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or not passed else 0


sys.exit(main())
