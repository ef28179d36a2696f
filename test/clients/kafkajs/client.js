// client.js HOST:PORT SCENARIO...: the scenarios of ../README.md with kafkajs.
const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const { Kafka, CompressionTypes, ConfigResourceTypes, logLevel } = require("kafkajs");

const [address, ...names] = process.argv.slice(2);
const TIMEOUT_MS = 30000;
const kafka = new Kafka({ clientId: "kafkajs", brokers: [address], logLevel: logLevel.NOTHING, retry: { retries: 3 } });
const admin = kafka.admin();
const fresh = (prefix) => `${prefix}-${crypto.randomUUID().slice(0, 8)}`;
const texts = (got) => got.map((each) => each.value.toString());

async function until(holds, what) {
  const end = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20)); // What kafkajs does in the background has no other sign.
  }
}

async function topic(numPartitions = 1, configEntries = []) {
  const name = fresh("t");
  await admin.createTopics({ topics: [{ topic: name, numPartitions, configEntries }], waitForLeaders: true });
  return name;
}

async function connected(client, use) {
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.disconnect();
  }
}

const send = (name, messages, options = {}, more = {}) =>
  connected(kafka.producer(options), (producer) => producer.send({ topic: name, messages, ...more }));

// The messages of a topic from its begin, until there are `count` and none came for `quietMs`.
async function read(name, count, { quietMs = 0, ...options } = {}) {
  const got = [];
  let last = Date.now();
  await connected(kafka.consumer({ groupId: fresh("g"), maxWaitTimeInMs: 100, ...options }), async (consumer) => {
    await consumer.subscribe({ topics: [name], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => { last = Date.now(); got.push(message); } });
    await until(() => got.length >= count && Date.now() - last >= quietMs, `${count} messages; there are ${got.length}`);
  });
  return got;
}

async function member(groupId, name) {
  const consumer = kafka.consumer({ groupId, heartbeatInterval: 200, maxWaitTimeInMs: 100 });
  const found = { consumer, has: new Set() };
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => { found.has = new Set(payload.memberAssignment[name] || []); });
  await consumer.connect();
  await consumer.subscribe({ topics: [name], fromBeginning: true });
  await consumer.run({ eachMessage: async () => {} });
  return found;
}

const scenarios = {
  async codecs() {
    const values = Array.from({ length: 200 }, () => crypto.randomBytes(500).toString("hex"));
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
      const name = await topic();
      await send(name, values.map((value) => ({ value })), {}, { compression });
      assert.deepEqual(texts(await read(name, 200)), values);
    }
  },

  async headers() {
    const name = await topic();
    const timestamp = "1234567890123";
    await send(name, [{ key: "k\0", value: "v", headers: { a: ["1", "2"], empty: "" }, timestamp }, { key: "k\0", value: null, timestamp }]);
    const got = await read(name, 2);
    assert.deepEqual(got.map((each) => each.value && each.value.toString()), ["v", null]);
    assert.deepEqual(got.map((each) => [each.key.toString(), each.timestamp]), [["k\0", timestamp], ["k\0", timestamp]]);
    assert.deepEqual(got[0].headers.a.map(String), ["1", "2"]);
    assert.equal(got[0].headers.empty.toString(), "");
  },

  async idempotent() {
    const name = await topic();
    const values = Array.from({ length: 2000 }, (_, number) => String(number));
    await connected(kafka.producer({ idempotent: true, maxInFlightRequests: 1 }), async (producer) => {
      for (let at = 0; at < 2000; at += 50) {
        await producer.send({ topic: name, messages: values.slice(at, at + 50).map((value) => ({ value })) });
      }
    });
    assert.deepEqual(texts(await read(name, 2000, { quietMs: 300 })), values);
  },

  async large() {
    const name = await topic(1, [{ name: "max.message.bytes", value: "1000000" }]);
    const value = crypto.randomBytes(900000);
    await send(name, [{ value }]);
    assert.deepEqual((await read(name, 1))[0].value, value);
    await assert.rejects(send(name, [{ value: crypto.randomBytes(1500000) }]), /larger than the max message size/);
  },

  async roundrobin() {
    const [name, group] = [await topic(4), fresh("g")];
    const first = await member(group, name);
    await until(() => first.has.size === 4, "all for the first");
    const second = await member(group, name);
    await until(() => first.has.size === 2 && second.has.size === 2, "half for each");
    assert.deepEqual(new Set([...first.has, ...second.has]), new Set([0, 1, 2, 3]));
    await second.consumer.disconnect();
    await until(() => first.has.size === 4, "all for the first again");
    await first.consumer.disconnect();
  },

  async metadata() {
    const [name, groupId] = [await topic(), fresh("g")];
    await send(name, [{ value: "v" }]);
    const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
    await connected(consumer, async () => {
      await consumer.subscribe({ topics: [name], fromBeginning: true });
      // Before its first message it commits where it will begin.
      await new Promise((resolve) => { consumer.run({ autoCommit: false, eachMessage: async () => resolve() }); });
      await consumer.commitOffsets([{ topic: name, partition: 0, offset: "7", metadata: "why: ü" }]);
    });
    const [got] = await admin.fetchOffsets({ groupId, topics: [name] });
    assert.deepEqual(got.partitions, [{ partition: 0, offset: "7", metadata: "why: ü" }]);
  },

  async times() {
    const name = await topic();
    for (let number = 0; number < 5; ++number) await send(name, [{ value: String(number), timestamp: String(1000000 + number * 1000) }]);
    assert.deepEqual(await admin.fetchTopicOffsetsByTimestamp(name, 1002500), [{ partition: 0, offset: "3" }]);
    assert.deepEqual(await admin.fetchTopicOffsets(name), [{ partition: 0, offset: "5", high: "5", low: "0" }]);
    const got = [];
    await connected(kafka.consumer({ groupId: fresh("g"), maxWaitTimeInMs: 100 }), async (consumer) => {
      await consumer.subscribe({ topics: [name], fromBeginning: true });
      consumer.run({ eachMessage: async ({ message }) => got.push(message) });
      consumer.seek({ topic: name, partition: 0, offset: "3" });
      await until(() => got.length >= 2, "two messages after the seek");
    });
    assert.deepEqual(texts(got), ["3", "4"]);
  },

  async topics() {
    const name = await topic(2, [{ name: "retention.ms", value: "60000" }]);
    assert.equal(await admin.createTopics({ topics: [{ topic: name }] }), false); // So it says that there is one.
    await admin.createPartitions({ topicPartitions: [{ topic: name, count: 5 }] });
    assert.equal((await admin.fetchTopicMetadata({ topics: [name] })).topics[0].partitions.length, 5);
    await admin.deleteTopics({ topics: [name] });
    assert.ok(!(await admin.listTopics()).includes(name));
  },

  async configs() {
    const name = await topic(1, [{ name: "retention.ms", value: "60000" }]);
    const resource = { type: ConfigResourceTypes.TOPIC, name };
    const described = async () => {
      const { resources } = await admin.describeConfigs({ resources: [resource] });
      return Object.fromEntries(resources[0].configEntries.map((entry) => [entry.configName, entry.configValue]));
    };
    const got = await described();
    assert.deepEqual([got["retention.ms"], got["cleanup.policy"]], ["60000", "delete"]);
    await admin.alterConfigs({ resources: [{ ...resource, configEntries: [{ name: "retention.ms", value: "120000" }] }] });
    assert.equal((await described())["retention.ms"], "120000");
  },

  async groups() {
    const [name, group] = [await topic(), fresh("g")];
    const one = await member(group, name);
    await until(() => one.has.size === 1, "the partition");
    const { groups: [found] } = await admin.describeGroups([group]);
    assert.deepEqual([found.state, found.members.length], ["Stable", 1]);
    await assert.rejects(admin.deleteGroups([group]));
    await one.consumer.disconnect();
    const listed = async () => (await admin.listGroups()).groups.map((each) => each.groupId);
    assert.ok((await listed()).includes(group));
    await admin.deleteGroups([group]);
    assert.ok(!(await listed()).includes(group));
  },

  async records() {
    const name = await topic();
    await send(name, Array.from({ length: 10 }, (_, number) => ({ value: String(number) })));
    await admin.fetchTopicOffsets(name); // What comes next looks for the leader in the metadata that are there.
    await admin.deleteTopicRecords({ topic: name, partitions: [{ partition: 0, offset: "6" }] });
    assert.deepEqual(await admin.fetchTopicOffsets(name), [{ partition: 0, offset: "10", high: "10", low: "6" }]);
    assert.deepEqual(texts(await read(name, 4)), ["6", "7", "8", "9"]);
  },

  async transactions() {
    const name = await topic();
    const committed = [];
    await connected(kafka.producer({ transactionalId: fresh("x"), idempotent: true, maxInFlightRequests: 1 }), async (producer) => {
      for (let number = 0; number < 3; ++number) {
        const values = [0, 1, 2].map((each) => `${number}-${each}`);
        const transaction = await producer.transaction();
        await transaction.send({ topic: name, messages: values.map((value) => ({ value })) });
        await (number === 1 ? transaction.abort() : transaction.commit());
        if (number !== 1) committed.push(...values);
      }
    });
    assert.deepEqual(texts(await read(name, 6, { quietMs: 300 })), committed);
    assert.equal((await read(name, 9, { quietMs: 300, readUncommitted: true })).length, 9);
  },

  async offsets() {
    const [source, out, groupId] = [await topic(), await topic(), fresh("g")];
    await send(source, [{ value: "a" }, { value: "b" }]);
    await connected(kafka.producer({ transactionalId: fresh("x"), idempotent: true, maxInFlightRequests: 1 }), async (producer) => {
      for (const [end, wanted] of [["abort", "-1"], ["commit", "2"]]) {
        const transaction = await producer.transaction();
        await transaction.send({ topic: out, messages: [{ value: end }] });
        await transaction.sendOffsets({ consumerGroupId: groupId, topics: [{ topic: source, partitions: [{ partition: 0, offset: "2" }] }] });
        await transaction[end]();
        assert.equal((await admin.fetchOffsets({ groupId, topics: [source] }))[0].partitions[0].offset, wanted);
      }
    });
    assert.deepEqual(texts(await read(out, 1, { quietMs: 300 })), ["commit"]);
  },
};

async function main() {
  let failed = false;
  await admin.connect();
  for (const name of names) {
    try {
      if (!scenarios[name]) throw new Error("no such scenario");
      await scenarios[name]();
      console.log(`ok ${name}`);
    } catch (error) { // Whatever it is, the next scenario runs.
      console.log(`failed ${name}: ${error.message.replaceAll("\n", " ")} ${(error.stack.match(/client\.js:\d+/g) || []).join(" ")}`);
      failed = true;
    }
  }
  await admin.disconnect();
  process.exit(failed ? 1 : 0);
}

main();
