"""Reads src/protocol/schema/*.api. docs/formats/protocol-schema.md defines the language."""

import re
from dataclasses import dataclass, field

PRIMITIVES = {"bool", "int8", "int16", "uint16", "int32", "uint32", "int64", "float64", "string", "bytes", "records",
              "uuid"}
FOREVER = 1 << 15


@dataclass(frozen=True)
class Versions:
    first: int
    last: int

    @staticmethod
    def parse(text):
        match = re.fullmatch(r"(\d+)(\+|-(\d+))?", text)
        if not match:
            raise ValueError(f"versions '{text}': expected 3, 3-5 or 3+")
        first = int(match[1])
        return Versions(first, FOREVER if match[2] == "+" else int(match[3] or first))

    def within(self, other):
        return Versions(max(self.first, other.first), min(self.last, other.last))

    def covers(self, other):
        return self.first <= other.first and self.last >= other.last


@dataclass
class Field:
    name: str
    kind: str  # A primitive; "" for a structure.
    array: bool
    versions: Versions
    nullable: Versions | None = None
    tag: int | None = None
    tagged: Versions | None = None
    default: str | None = None
    struct: str | None = None  # A shared structure's name, or None: `fields` are its own.
    fields: list = field(default_factory=list)


@dataclass
class Message:
    name: str
    structs: dict = field(default_factory=dict)
    fields: list = field(default_factory=list)


@dataclass
class Api:
    about: str
    key: int
    name: str
    versions: Versions
    flexible: int | None  # From this version on.
    request: Message
    response: Message


def parse_type(text, versions):
    match = re.fullmatch(r"(\[\w*\]|\{\w*\})?(\w+)?(\?(\S+)?)?", text)
    if not match:
        raise ValueError(f"type '{text}'")
    shape, primitive, question, since = match[1], match[2], match[3], match[4]
    if primitive and primitive not in PRIMITIVES or not (shape or primitive):
        raise ValueError(f"type '{text}'")
    nullable = (Versions.parse(since).within(versions) if since else versions) if question else None
    shared = shape[1:-1] if shape and not primitive else ""
    return Field("", primitive or "", bool(shape and shape[0] == "["), versions, nullable, struct=shared or None)


def parse_field(words, parent_versions):
    versions, tag, tagged_from, default = parent_versions, None, None, None
    for word in words[2:]:
        if word.startswith("tag="):
            number, _, since = word[4:].partition("@")
            tag, tagged_from = int(number), since
        elif word.startswith("="):
            default = word[1:]
        else:
            versions = Versions.parse(word).within(parent_versions)
    out = parse_type(words[1], versions)
    out.name, out.tag, out.default = words[0], tag, default
    if tag is not None:
        out.tagged = Versions.parse(tagged_from).within(versions) if tagged_from else versions
    return out


def parse(text, where):
    """One file's Api. Errors name the line."""
    lines = text.split("\n")
    about = lines[0].removeprefix("# ")
    api, message, stack = None, None, []
    pending = Message("")  # Structures that stand before the message that uses them.
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0] == "#":
            continue
        try:
            if words[0] == "api":
                flexible = int(words[5].rstrip("+")) if "flexible" in words else None
                api = Api(about, int(words[1]), words[2], Versions.parse(words[3]), flexible, None, None)
            elif words[0] == "struct" and not line.startswith(" "):
                pending.structs[words[1]] = []
                stack = [(0, pending.structs[words[1]], api.versions)]
            elif words[0] in ("request", "response") and not line.startswith(" "):
                message, pending = pending, Message("")
                message.name = api.name + words[0].capitalize()
                setattr(api, words[0], message)
                stack = [(0, message.fields, api.versions)]
            else:
                depth = len(line) - len(line.lstrip())
                while stack[-1][0] >= depth:
                    stack.pop()
                made = parse_field(words, stack[-1][2])
                stack[-1][1].append(made)
                stack.append((depth, made.fields, made.versions))
        except (ValueError, IndexError) as error:
            raise SystemExit(f"{where}:{number}: {line.strip()}: {error}") from error
    return api
