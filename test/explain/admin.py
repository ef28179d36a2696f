#!/usr/bin/env python3
"""admin.py HOST:PORT create TOPIC PARTITIONS RECORDS | delete TOPIC | grow TOPIC PARTITIONS"""
import sys

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic


def main(address, what, topic, *numbers):
    admin = AdminClient({"bootstrap.servers": address, "client.id": "administrator"})
    if what == "create":
        admin.create_topics([NewTopic(topic, int(numbers[0]), 1)])[topic].result(30)
        producer = Producer({"bootstrap.servers": address, "linger.ms": 5})
        for number in range(int(numbers[1])):
            producer.produce(topic, f"record {number}", partition=number % int(numbers[0]))
        producer.flush(30)
    elif what == "delete":
        admin.delete_topics([topic])[topic].result(30)
    elif what == "grow":
        admin.create_partitions([NewPartitions(topic, int(numbers[0]))])[topic].result(30)


if __name__ == "__main__":
    main(*sys.argv[1:])
