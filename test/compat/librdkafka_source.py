"""librdkafka with its tests, fetched from where it is published and built: Debian's source package, and the npm package of a client."""
import dataclasses
import os
import pathlib
import re
import shutil

from places import HOME, step


@dataclasses.dataclass(frozen=True)
class Test:
    name: str
    local: bool  # Needs no broker.
    manual: bool
    scenarios: tuple

    @property
    def number(self):
        return self.name[:4]


@dataclasses.dataclass(frozen=True)
class Source:
    version: str
    home: pathlib.Path

    def tests(self):
        """As test.c lists them."""
        text = (self.home / "tests" / "test.c").read_text(errors="replace")
        table = text[text.index("struct test tests[]"):]
        found = []
        for entry in re.findall(r"\b_TEST\((\w+)\s*,(.*?)\),\s*(?=_TEST|/\*|#|\{NULL|\n\s*\n)", table[:table.index("{NULL")] + "{NULL", re.S):
            scenario = re.search(r'\.scenario\s*=\s*"([^"]*)"', entry[1])
            found.append(Test(entry[0], "TEST_F_LOCAL" in entry[1], "TEST_F_MANUAL" in entry[1],
                              tuple(scenario[1].split(",")) if scenario else ("default",)))
        return found


def from_debian(folder):
    """The running Debian's source package: apt's own configuration is not touched."""
    for name in ("parts", "lists/partial", "cache/archives/partial"):
        (folder / "apt" / name).mkdir(parents=True, exist_ok=True)
    release = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    source = debian_source()
    (folder / "apt/parts/src.sources").write_text(
        f"Types: deb-src\nURIs: {source['URIs']}\nSuites: {release['VERSION_CODENAME']}\nComponents: main\n"
        + (f"Signed-By: {source['Signed-By']}\n" if "Signed-By" in source else ""))
    apt = ["apt-get", "-o", "Dir::Etc::SourceList=/dev/null", "-o", f"Dir::Etc::SourceParts={folder}/apt/parts",
           "-o", f"Dir::State::Lists={folder}/apt/lists", "-o", f"Dir::Cache={folder}/apt/cache"]
    step("looking up Debian's sources", [*apt, "update"], folder, folder / "apt.log")
    step("fetching librdkafka from Debian", [*apt, "source", "--download-only", "librdkafka"], folder, folder / "fetch.log")
    step("unpacking", ["sh", "-c", "tar xzf librdkafka_*.orig.tar.gz --strip-components=1 --one-top-level=librdkafka"], folder,
         folder / "unpack.log")
    return folder / "librdkafka"


def debian_source():
    """The first entry of apt's configuration that has Debian itself."""
    for path in sorted(pathlib.Path("/etc/apt/sources.list.d").glob("*.sources")):
        for block in re.sub(r"(?m)^#.*\n", "", path.read_text()).split("\n\n"):
            fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
            if fields.get("URIs", "").rstrip("/").endswith("/debian"):
                return fields
    for line in pathlib.Path("/etc/apt/sources.list").read_text().splitlines():
        if found := re.match(r"deb\s+(?:\[[^]]*\]\s+)?(\S+/debian)/?\s", line):
            return {"URIs": found[1]}
    raise SystemExit("no Debian in apt's sources")


def from_npm(folder):
    package, version = "@confluentinc/kafka-javascript", "1.10.1"
    step(f"fetching {package} {version}", ["npm", "pack", "--silent", f"{package}@{version}"], folder, folder / "fetch.log")
    step("unpacking", ["sh", "-c", "tar xzf confluentinc-kafka-javascript-*.tgz package/deps/librdkafka"], folder, folder / "unpack.log")
    return folder / "package" / "deps" / "librdkafka"


SOURCES = {"2.0.2": from_debian, "2.15.1": from_npm}


def get(version):
    """Fetched and built once; no network when it is there."""
    folder = HOME / f"librdkafka-{version}"
    mark = folder / "done"
    if not mark.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        home = SOURCES[version](folder)
        said = re.search(r"(?m)^#define RD_KAFKA_VERSION\s+0x(\w\w)(\w\w)(\w\w)", (home / "src" / "rdkafka.h").read_text())
        found = ".".join(str(int(part, 16)) for part in said.groups())
        if found != version:
            raise SystemExit(f"wanted librdkafka {version}, and its source says {found}")
        jobs = f"-j{os.cpu_count()}"
        step("configuring librdkafka", ["./configure", "--disable-gssapi", "--disable-curl"], home, folder / "configure.log")
        step("building librdkafka", ["make", jobs, "libs"], home, folder / "build.log")
        step("building its tests", ["make", jobs, "build"], home / "tests", folder / "tests.log")
        mark.write_text(str(home.relative_to(folder)))
    return Source(version, folder / mark.read_text())
