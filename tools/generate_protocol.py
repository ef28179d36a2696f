#!/usr/bin/env python3
"""generate_protocol.py OUT_DIRECTORY SCHEMA.api...: writes for each NAME.h and NAME.cc, the structures of its messages
and their codec; and all.h, which names every API.

One function template codes a structure in both directions: Decoder and Encoder have the same interface.
"""

import pathlib
import sys

from protocol_schema import parse

TYPES = {"bool": "bool", "int8": "int8_t", "int16": "int16_t", "uint16": "uint16_t", "int32": "int32_t",
         "uint32": "uint32_t", "int64": "int64_t", "float64": "double", "string": "std::string", "bytes": "BytesView",
         "records": "Records", "uuid": "Uuid"}
KEYWORDS = {"operator", "default", "new", "delete", "class", "union", "register"}


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def singular(name):
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us")) else name


def member(field):
    return field.name + "_" if field.name in KEYWORDS else field.name


def own_struct(field):
    return camel(singular(field.name)) if field.array else camel(field.name)


def element_type(field):
    return TYPES[field.kind] if field.kind else field.struct or own_struct(field)


def cpp_type(field):
    out = element_type(field)
    if field.array:
        out = f"std::vector<{out}>"
    return f"std::optional<{out}>" if field.nullable else out


def initial(field):
    """The member's initial value is the protocol's default, so a fresh structure is a valid one."""
    if field.default == "null" or field.array or field.nullable:
        return ""
    if field.default is not None:
        value = {"-9223372036854775808": "INT64_MIN", "-2147483648": "INT32_MIN"}.get(field.default, field.default)
        return f" = {value}"
    if field.kind == "bool":
        return " = false"
    return " = 0" if field.kind.startswith(("int", "uint", "float")) else ""


def is_default(field, value):
    if field.nullable:
        return f"!{value}"
    if field.array or field.kind in ("string", "bytes"):
        return f"{value}.empty()"
    if not field.kind:
        return f"{value} == std::remove_cvref_t<decltype({value})>()"
    if field.kind == "bool":
        return value if field.default == "true" else f"!{value}"
    if field.kind == "uuid":
        return f"{value}.is_zero()"
    return f"{value} == {field.default or 0}"


def declare(name, fields, indent, structs=()):
    pad = "  " * indent
    lines = [f"{pad}struct {name} {{"]
    for shared in structs:
        lines += declare(shared, structs[shared], indent + 1)
    for field in fields:
        if not field.kind and not field.struct:
            lines += declare(own_struct(field), field.fields, indent + 1)
    for field in fields:
        lines.append(f"{pad}  {cpp_type(field)} {member(field)}{initial(field)};")
    lines += [f"{pad}  bool operator==(const {name}&) const = default;", f"{pad}}};"]
    return lines


class Body:
    """The statements that code the fields of one structure."""

    def __init__(self, api):
        self.api = api
        self.lines = []

    def condition(self, versions, around):
        parts = []
        if versions.first > around.first:
            parts.append(f"v >= {versions.first}")
        if versions.last < around.last:
            parts.append(f"v <= {versions.last}")
        return " && ".join(parts)

    def call(self, field, coder, value, indent):
        """Codes one field that this version has."""
        if field.kind and not (field.array and field.kind in ("bytes", "records")):
            return f"{coder}({value})"
        inner = f"{field.name}_"
        depth = "  " * (indent + 1)
        kind = "array" if field.array else "object"
        if field.struct:
            each = f"[&]({'auto& ' + inner}) {{ code_{field.struct}({coder}, v, {inner}); }}"
        else:
            nested = Body(self.api)
            nested.structure(field.fields, coder, inner, indent + 1, field.versions)
            each = f"[&](auto& {inner}) {{\n" + "\n".join(nested.lines) + f"\n{depth[2:]}}}"
        return f"{coder}.{kind}({value}, {each})"

    def statement(self, field, coder, value, indent, around):
        pad = "  " * indent
        call = self.call(field, coder, value, indent)
        if field.nullable and not field.nullable.covers(field.versions):
            assert field.kind or field.array, field.name
            strict = (call.replace(f"{coder}.array(", f"{coder}.present_array(", 1) if not field.kind
                      else f"{coder}.present({value})")
            test = self.condition(field.nullable, field.versions)
            call = f"if ({test}) {{\n{pad}  {call};\n{pad}}} else {{\n{pad}  {strict};\n{pad}}}"
        else:
            call += ";"
        condition = self.condition(field.versions, around)
        if condition:
            return f"{pad}if ({condition}) {{\n{pad}  {call}\n{pad}}}"
        return pad + call

    def structure(self, fields, coder, object_name, indent, around):
        pad = "  " * indent
        tagged = []
        for field in fields:
            value = f"{object_name}.{member(field)}"
            if field.tagged and field.tagged.covers(field.versions):
                tagged.append((field, value))
                continue
            assert not field.tagged, f"{field.name}: a field that is tagged in some of its versions only"
            self.lines.append(self.statement(field, coder, value, indent, around))
        if self.api.flexible is None:
            return
        tags = []
        for field, value in sorted(tagged, key=lambda item: item[0].tag):
            enabled = self.condition(field.versions, around) or "true"
            call = self.call(field, "t", "x", indent + 1)
            tags.append(f"\n{pad}    tag({field.tag}, {enabled}, {is_default(field, value)}, {value},\n"
                        f"{pad}        [&](auto& t, auto& x) {{ {call}; }})")
        self.lines.append(f"{pad}{coder}.tags({','.join(tags)});")


def ordered(structs):
    """Shared structures, those that others use first."""
    out = {}

    def visit(name):
        for field in structs[name]:
            if field.struct and field.struct not in out:
                visit(field.struct)
        out[name] = structs[name]

    for name in structs:
        if name not in out:
            visit(name)
    return out


def header(api, messages):
    flexible = api.flexible if api.flexible is not None else "kNeverFlexible"
    lines = ["#pragma once", f"// {api.about}", f"// Made by tools/generate_protocol.py.", "#include <optional>",
             "#include <string>", "#include <vector>", "", '#include "protocol/api.h"', '#include "protocol/decoder.h"',
             '#include "protocol/encoder.h"', "", "namespace leat::protocol {", ""]
    for message in messages:
        lines += declare(message.name, message.fields, 0, ordered(message.structs))
        lines += [f"void decode(Decoder& in, int16_t version, {message.name}& out);",
                  f"void encode(Encoder& out, int16_t version, const {message.name}& in);", ""]
    lines += [f"struct {api.name} {{",
              f'  static constexpr ApiInfo kInfo{{{api.key}, {api.versions.first}, {api.versions.last}, {flexible}, '
              f'"{api.name}"}};',
              f"  using Request = {api.name}Request;", f"  using Response = {api.name}Response;", "};", "",
              "}  // namespace leat::protocol", ""]
    return "\n".join(lines)


def source(api, messages, include):
    lines = [f'#include "{include}"', "", "namespace leat::protocol {"]
    for message in messages:
        lines += ["namespace {", ""]
        prefix = message.name
        for name, fields in ordered(message.structs).items():
            body = Body(api)
            body.structure(fields, "c", "m", 1, api.versions)
            lines += ["template <class Coder, class M>",
                      f"void code_{prefix}_{name}(Coder& c, [[maybe_unused]] int v, M& m) {{"]
            lines += [line.replace("code_", f"code_{prefix}_") for line in body.lines] + ["}", ""]
        body = Body(api)
        body.structure(message.fields, "c", "m", 1, api.versions)
        lines += ["template <class Coder, class M>",
                  f"void code_{prefix}([[maybe_unused]] Coder& c, [[maybe_unused]] int v, [[maybe_unused]] M& m) {{"]
        lines += [line.replace("code_", f"code_{prefix}_") for line in body.lines]
        lines += ["}", "", "}  // namespace", "",
                  f"void decode(Decoder& in, int16_t version, {prefix}& out) {{", f"  code_{prefix}(in, version, out);",
                  "}", "", f"void encode(Encoder& out, int16_t version, const {prefix}& in) {{",
                  f"  code_{prefix}(out, version, in);", "}", ""]
    return "\n".join(lines + ["}  // namespace leat::protocol", ""])


def write(path, text):
    """Leaves a file alone that is as it should be, so that nothing is compiled anew for it."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    apis = []
    for schema in map(pathlib.Path, sys.argv[2:]):
        api = parse(schema.read_text(), schema.name)
        messages = [api.request, api.response]
        write(out / f"{schema.stem}.h", header(api, messages))
        write(out / f"{schema.stem}.cc", source(api, messages, f"protocol/{schema.stem}.h"))
        apis.append((api.key, api.name, schema.stem))
    apis.sort()
    lines = ["#pragma once", "// Every API of the schema. Made by tools/generate_protocol.py."]
    lines += [f'#include "protocol/{stem}.h"' for _, _, stem in apis]
    lines += ["", "// X(Name), by ascending key.", "#define LEAT_EVERY_API(X) \\"]
    lines += [f"  X({name}) \\" for _, name, _ in apis[:-1]] + [f"  X({apis[-1][1]})", ""]
    write(out / "all.h", "\n".join(lines))


main()
