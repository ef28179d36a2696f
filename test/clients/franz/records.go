package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

const quiet = 300 * time.Millisecond

func codecs(ctx context.Context) {
	var wanted [][]byte
	for range 200 {
		wanted = append(wanted, random(1000))
	}
	all := []kgo.CompressionCodec{kgo.NoCompression(), kgo.GzipCompression(), kgo.SnappyCompression(), kgo.Lz4Compression(), kgo.ZstdCompression()}
	for _, codec := range all {
		name := topic(ctx, 1)
		send(ctx, name, wanted, kgo.ProducerBatchCompression(codec), kgo.ProducerLinger(20*time.Millisecond))
		sameValues(read(ctx, name, len(wanted), quiet), wanted)
	}
}

func headers(ctx context.Context) {
	name := topic(ctx, 1)
	sent := []kgo.RecordHeader{{Key: "a", Value: []byte{1}}, {Key: "a", Value: []byte{2}}, {Key: "empty", Value: []byte{}},
		{Key: "null"}, {Key: "ü", Value: []byte{0, 0xff}}}
	at := time.UnixMilli(1234567890123)
	producer := client(ctx)
	defer producer.Close()
	for _, value := range [][]byte{[]byte("v"), nil, {}} {
		done(producer.ProduceSync(ctx, &kgo.Record{Topic: name, Key: []byte("k\x00"), Value: value, Headers: sent, Timestamp: at}).FirstErr())
	}
	got := read(ctx, name, 3, quiet)
	same(len(got), 3)
	same([]bool{got[0].Value == nil, got[1].Value == nil, got[2].Value == nil}, []bool{false, true, false})
	for _, record := range got {
		same(record.Key, []byte("k\x00"))
		same(record.Headers, sent)
		same(record.Timestamp.UnixMilli(), at.UnixMilli())
	}
}

func idempotent(ctx context.Context) {
	name := topic(ctx, 1)
	var wanted [][]byte
	for number := range 2000 {
		wanted = append(wanted, fmt.Append(nil, number))
	}
	send(ctx, name, wanted, kgo.ProducerBatchMaxBytes(1000))
	sameValues(read(ctx, name, len(wanted), quiet), wanted)
}

func large(ctx context.Context) {
	name := topic(ctx, 1, "max.message.bytes", "1000000")
	big := [][]byte{random(900_000)}
	send(ctx, name, big)
	sameValues(read(ctx, name, 1, quiet), big)
	producer := client(ctx, kgo.ProducerBatchMaxBytes(3_000_000))
	defer producer.Close()
	if err := produce(ctx, producer, name, random(1_500_000)); !errors.Is(err, kerr.MessageTooLarge) {
		panic(fmt.Sprint("too much was taken: ", err))
	}
}

func times(ctx context.Context) {
	name := topic(ctx, 1)
	producer := client(ctx)
	defer producer.Close()
	for each := range int64(5) {
		record := &kgo.Record{Topic: name, Value: fmt.Append(nil, each), Timestamp: time.UnixMilli(1_000_000 + each*1000)}
		done(producer.ProduceSync(ctx, record).FirstErr())
	}
	found := must(admin.ListOffsetsAfterMilli(ctx, 1_002_500, name))
	same(found[name][0].Offset, int64(3))
	ends := must(admin.ListEndOffsets(ctx, name))
	same(ends[name][0].Offset, int64(5))
	from := map[string]map[int32]kgo.Offset{name: {0: kgo.NewOffset().At(found[name][0].Offset)}}
	consumer := client(ctx, kgo.ConsumePartitions(from))
	defer consumer.Close()
	same(string(consumer.PollFetches(ctx).Records()[0].Value), "3")
}

func transactions(ctx context.Context) {
	name := topic(ctx, 1)
	producer := client(ctx, kgo.TransactionalID(fresh("x")))
	defer producer.Close()
	var committed [][]byte
	for number := range 3 {
		sent := texts(fmt.Sprint(number, "-0"), fmt.Sprint(number, "-1"), fmt.Sprint(number, "-2"))
		done(producer.BeginTransaction())
		done(produce(ctx, producer, name, sent...))
		done(producer.EndTransaction(ctx, kgo.TransactionEndTry(number != 1)))
		if number != 1 {
			committed = append(committed, sent...)
		}
	}
	sameValues(read(ctx, name, 6, quiet, kgo.FetchIsolationLevel(kgo.ReadCommitted())), committed)
	same(len(read(ctx, name, 9, quiet)), 9)
	stable := must(admin.ListCommittedOffsets(ctx, name))
	same(stable[name][0].Offset, int64(12))
}

func offsets(ctx context.Context) {
	source, out, group := topic(ctx, 1), topic(ctx, 1), fresh("g")
	send(ctx, source, texts("a", "b"))
	for _, try := range []kgo.TransactionEndTry{kgo.TryAbort, kgo.TryCommit} {
		session := must(kgo.NewGroupTransactSession(kgo.SeedBrokers(address), kgo.TransactionalID(fresh("x")), kgo.ConsumerGroup(group),
			kgo.ConsumeTopics(source), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.DefaultProduceTopic(out),
			kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets()))
		got := 0
		done(session.Begin())
		for got < 2 {
			fetches := session.PollFetches(ctx)
			done(fetches.Err())
			for _, record := range fetches.Records() {
				done(session.ProduceSync(ctx, &kgo.Record{Value: record.Value}).FirstErr())
				got++
			}
		}
		same(must(session.End(ctx, try)), bool(try))
		at, found := must(admin.FetchOffsets(ctx, group)).Lookup(source, 0)
		same(found, bool(try))
		if found {
			same(at.At, int64(2))
		}
		session.Close()
	}
	sameValues(read(ctx, out, 2, quiet, kgo.FetchIsolationLevel(kgo.ReadCommitted())), texts("a", "b"))
}

func fencing(ctx context.Context) {
	name, who := topic(ctx, 1), fresh("x")
	first, second := client(ctx, kgo.TransactionalID(who)), client(ctx, kgo.TransactionalID(who))
	defer first.Close()
	defer second.Close()
	done(first.BeginTransaction())
	done(produce(ctx, first, name, []byte("of the first")))
	done(second.BeginTransaction())
	done(produce(ctx, second, name, []byte("of the second")))
	err := first.EndTransaction(ctx, kgo.TryCommit)
	if !errors.Is(err, kerr.ProducerFenced) && !errors.Is(err, kerr.InvalidProducerEpoch) {
		panic(fmt.Sprint("a fenced producer committed: ", err))
	}
	done(second.EndTransaction(ctx, kgo.TryCommit))
	sameValues(read(ctx, name, 1, quiet, kgo.FetchIsolationLevel(kgo.ReadCommitted())), texts("of the second"))
}

func records(ctx context.Context) {
	name := topic(ctx, 1)
	send(ctx, name, texts("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"))
	var before kadm.Offsets
	before.AddOffset(name, 0, 6, -1)
	gone := must(admin.DeleteRecords(ctx, before))
	same(gone[name][0].LowWatermark, int64(6))
	starts := must(admin.ListStartOffsets(ctx, name))
	same(starts[name][0].Offset, int64(6))
	sameValues(read(ctx, name, 4, quiet), texts("6", "7", "8", "9"))
}
