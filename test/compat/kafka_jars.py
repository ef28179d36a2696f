"""Apache Kafka's broker, clients and tools from Maven (kafka/pom.xml names the version), and its bin/*.sh as suites call them."""
import os
import re
import shutil

from places import HERE, HOME, step

POM = HERE / "kafka" / "pom.xml"
LIB = HOME / "kafka" / "lib"
BIN = HOME / "kafka" / "bin"
VERSION = re.search(r"<kafka.version>(.*)</kafka.version>", POM.read_text())[1]
TOOLS = {
    "kafka-acls": "org.apache.kafka.tools.AclCommand",
    "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
    "kafka-configs": "kafka.admin.ConfigCommand",
    "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
    "kafka-topics": "org.apache.kafka.tools.TopicCommand",
}


def fetch():
    """Idempotent; needs no network when the jars of this version are there."""
    mark = HOME / "kafka" / f"{VERSION}.done"
    if not mark.exists():
        shutil.rmtree(LIB, ignore_errors=True)
        LIB.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(POM, LIB.parent / "pom.xml")
        step("fetching Apache Kafka's jars", ["mvn", "-q", "-B", "dependency:copy-dependencies", f"-DoutputDirectory={LIB}"],
             LIB.parent, HOME / "kafka" / "maven.log")
        mark.touch()
    scripts()


def java(name, *words, memory="256m", extra=()):
    """The command line of a class of these jars."""
    return ["java", f"-Xmx{memory}", "-XX:TieredStopAtLevel=1" if memory == "256m" else "-XX:+UseG1GC", "-Djava.awt.headless=true",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dlog4j2.level=WARN", "-Dlog4j2.StatusLogger.level=OFF",
            "-cp", os.pathsep.join([*map(str, extra), f"{LIB}/*"]), name, *words]


def scripts():
    """bin/ of a Kafka distribution, for suites that want KAFKA_PATH."""
    BIN.mkdir(parents=True, exist_ok=True)
    for tool, name in TOOLS.items():
        path = BIN / f"{tool}.sh"
        words = " ".join(f"'{word}'" for word in java(name))
        path.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        path.chmod(0o755)
