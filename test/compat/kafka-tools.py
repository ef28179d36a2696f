#!/usr/bin/env python3
"""Apache Kafka's command-line classes against leat serve and a real Apache Kafka: ./dev compat kafka-tools [PART_OF_A_NAME]

Each is what bin/kafka-*.sh runs. They go on with what those before them left, so all run, in this order.
"""
import os
import re
import sys
import tempfile

import brokers
import jvm
import kafka_jars
import tally
from places import say

TOOL = "org.apache.kafka.tools."
TOPIC, CONFIG, ACL = TOOL + "TopicCommand", "kafka.admin.ConfigCommand", TOOL + "AclCommand"
GROUP, TRANSACTIONS = TOOL + "consumer.group.ConsumerGroupCommand", TOOL + "TransactionsCommand"
LINES = "".join(f"line {number}\n" for number in range(30))

# (name, class, arguments, what must stand in the output, standard input). SERVER stands for --bootstrap-server HOST:PORT.
STEPS = [
    ("topics create", TOPIC, "SERVER --create --topic t --partitions 1 --config retention.ms=3600000", "Created topic t"),
    ("topics list", TOPIC, "SERVER --list", r"(?m)^t$"),
    ("topics describe", TOPIC, "SERVER --describe --topic t", r"PartitionCount: 1\s.*retention.ms=3600000"),
    ("topics create again", TOPIC, "SERVER --create --topic t", "already exists"),
    ("topics alter", TOPIC, "SERVER --alter --topic t --partitions 2", ""),
    ("topics describe again", TOPIC, "SERVER --describe --topic t", r"PartitionCount: 2"),
    ("configs describe all", CONFIG, "SERVER --describe --all --topic t", r"retention.ms=3600000[^\n]*DYNAMIC_TOPIC_CONFIG"),
    ("configs alter", CONFIG, "SERVER --alter --topic t --add-config max.message.bytes=200000", "Completed updating"),
    ("configs describe", CONFIG, "SERVER --describe --topic t", "max.message.bytes=200000"),
    ("configs delete", CONFIG, "SERVER --alter --topic t --delete-config max.message.bytes", "Completed updating"),
    ("configs of brokers", CONFIG, "SERVER --describe --all --entity-type brokers --entity-name NODE", "num.partitions=4"),
    ("console producer", TOOL + "ConsoleProducer", "SERVER --topic t", "", LINES),
    ("console consumer", TOOL + "consumer.ConsoleConsumer", "SERVER --topic t --from-beginning --group g --max-messages 30 --timeout-ms 60000",
     r"(?s)line \d.*Processed a total of 30 messages"),
    ("console consumer at the end", TOOL + "consumer.ConsoleConsumer", "SERVER --topic t --group g --timeout-ms 5000", "Processed a total of 0 messages"),
    ("groups list", GROUP, "SERVER --list", r"(?m)^g$"),
    ("groups describe", GROUP, "SERVER --describe --group g", r"g\s+t\s+\d\s+\d+\s+\d+\s+0"),
    ("groups state", GROUP, "SERVER --describe --state --group g", "Empty"),
    ("groups reset, dry run", GROUP, "SERVER --reset-offsets --to-earliest --topic t --group g --dry-run", r"g\s+t\s+0\s+0"),
    ("groups reset", GROUP, "SERVER --reset-offsets --to-earliest --topic t --group g --execute", r"g\s+t\s+0\s+0"),
    ("groups delete offsets", GROUP, "SERVER --delete-offsets --topic t --group g", "Successful"),
    ("groups delete", GROUP, "SERVER --delete --group g", "successful"),
    ("all groups", TOOL + "GroupsCommand", "SERVER --list", "GROUP"),
    ("get-offsets", TOOL + "GetOffsetShell", "SERVER --topic t", r"t:0:\d+\s+t:1:\d+"),
    ("get-offsets earliest", TOOL + "GetOffsetShell", "SERVER --topic t --time earliest", r"t:0:0\s+t:1:0"),
    ("delete-records", TOOL + "DeleteRecordsCommand", "SERVER --offset-json-file RECORDS", r"partition: t-0\s+low_watermark: \d+"),
    ("producer-perf-test", TOOL + "ProducerPerformance",
     "--topic p --num-records 20000 --record-size 100 --throughput -1 --producer-props bootstrap.servers=ADDRESS acks=all", "20000 records sent"),
    ("producer-perf-test transactional", TOOL + "ProducerPerformance",
     "--topic p --num-records 5000 --record-size 100 --throughput -1 --transactional-id x --producer-props bootstrap.servers=ADDRESS", "5000 records sent"),
    ("consumer-perf-test", TOOL + "ConsumerPerformance", "SERVER --topic p --messages 20000 --timeout 60000", r"\d+, \d+\.\d+"),
    ("transactions list", TRANSACTIONS, "SERVER list", r"x\s+\d+\s+\d+\s+CompleteCommit"),
    ("transactions describe", TRANSACTIONS, "SERVER describe --transactional-id x", "CompleteCommit"),
    ("transactions describe-producers", TRANSACTIONS, "SERVER describe-producers --topic p --partition 0", "ProducerId"),
    ("transactions find-hanging", TRANSACTIONS, "SERVER find-hanging --broker-id NODE", "Topic"),
    ("e2e latency", TOOL + "EndToEndLatency", "SERVER --topic e --num-records 100 --producer-acks all --record-size 10", "Percentiles"),
    ("verifiable producer", TOOL + "VerifiableProducer", "SERVER --topic v --max-messages 500", '"acked":500'),
    ("broker-api-versions", TOOL + "BrokerApiVersionsCommand", "SERVER", r"Produce\(0\): 0 to 1\d"),
    ("cluster", TOOL + "ClusterTool", "cluster-id SERVER", "Cluster ID"),
    ("features", TOOL + "FeatureCommand", "SERVER describe", r"Feature: transaction.version"),
    ("log-dirs", TOOL + "LogDirsCommand", "SERVER --describe --topic-list t", '"partition":"t-0"'),
    ("metadata-quorum", TOOL + "MetadataQuorumCommand", "SERVER describe --status", "LeaderId"),
    ("acls add", ACL, "SERVER --add --allow-principal User:alice --operation Read --topic t", "Adding ACLs"),
    ("acls list", ACL, "SERVER --list --topic t", "User:alice"),
    ("acls remove", ACL, "SERVER --remove --force --allow-principal User:alice --operation Read --topic t", ""),
    ("topics delete", TOPIC, "SERVER --delete --topic t", ""),
    ("topics list at the end", TOPIC, "SERVER --list --exclude-internal", r"(?m)\A(?!.*^t$)"),
]


def run_step(step, address, folder):
    name, program, words, wanted, *given = step
    node = "1"
    words = words.replace("SERVER", f"--bootstrap-server {address}").replace("ADDRESS", address).replace("NODE", node)
    words = words.replace("RECORDS", os.path.join(folder, "records.json"))
    code, said = jvm.run(program, *words.split(), send=given[0] if given else None)
    refusal = name == "topics create again"
    good = code is not None and (code != 0) == refusal and re.search(wanted, said)
    return ["passed", 0, ""] if good else ["failed", 0, f"exit code {code}: {' '.join(said.split())[:250]}"]


def main():
    part = sys.argv[1] if sys.argv[1:] else ""
    kafka_jars.fetch()
    for name, kind in brokers.BROKERS.items():
        results = {}
        settings = {"group.initial.rebalance.delay.ms": "0", **brokers.AUTHORIZER}
        with kind(settings) as broker, tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "records.json"), "w", encoding="utf-8") as file:
                file.write('{"version": 1, "partitions": [{"topic": "t", "partition": 0, "offset": 0}]}')
            for step in STEPS:
                if part in step[0]:
                    results[step[0]] = run_step(step, broker.address, folder)
                    say(f"{results[step[0]][0]:8} {name:5} {step[0]}  {results[step[0]][2]}")
        tally.keep("kafka-tools", name, kind.version(), results, complete=not part)
    tally.write()


if __name__ == "__main__":
    main()
