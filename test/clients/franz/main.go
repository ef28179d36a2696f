// main HOST:PORT SCENARIO...: the scenarios of ../README.md with franz-go.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const timeout = 30 * time.Second

var (
	address = os.Args[1]
	admin   *kadm.Client
)

// A scenario panics where something does not hold.
var scenarios = map[string]func(context.Context){
	"codecs": codecs, "headers": headers, "idempotent": idempotent, "large": large, "times": times,
	"range":             func(ctx context.Context) { shared(ctx, kgo.Balancers(kgo.RangeBalancer())) },
	"roundrobin":        func(ctx context.Context) { shared(ctx, kgo.Balancers(kgo.RoundRobinBalancer())) },
	"consumer_protocol": func(ctx context.Context) { shared(ctx, kgo.ServerSideBalancer()) },
	"migration":         migration,
	"cooperative":       cooperative, "static": static, "metadata": metadata,
	"topics": topics, "configs": configs, "groups": groups, "records": records,
	"transactions": transactions, "offsets": offsets, "fencing": fencing,
}

func main() {
	admin = kadm.NewClient(client(context.Background()))
	code := 0
	for _, name := range os.Args[2:] {
		if why := attempt(name); why != "" {
			fmt.Printf("failed %s: %s\n", name, strings.ReplaceAll(why, "\n", " "))
			code = 1
		} else {
			fmt.Printf("ok %s\n", name)
		}
	}
	admin.Close()
	os.Exit(code)
}

func attempt(name string) (why string) {
	defer func() {
		if caught := recover(); caught != nil {
			why = fmt.Sprint(caught)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 2*timeout)
	defer cancel()
	scenario := scenarios[name]
	if scenario == nil {
		return "no such scenario"
	}
	scenario(ctx)
	return ""
}

func must[T any](value T, err error) T {
	done(err)
	return value
}

func done(err error) {
	if err != nil {
		panic(err)
	}
}

func same(got, wanted any) {
	if !reflect.DeepEqual(got, wanted) {
		panic(fmt.Sprintf("got %.300q, wanted %.300q", fmt.Sprint(got), fmt.Sprint(wanted)))
	}
}

func fresh(prefix string) string {
	return fmt.Sprintf("%s-%x", prefix, random(4))
}

func random(size int) []byte {
	out := make([]byte, size)
	must(rand.Read(out))
	return out
}

func client(ctx context.Context, options ...kgo.Opt) *kgo.Client {
	return must(kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(address), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.FetchMaxWait(200 * time.Millisecond), kgo.WithContext(ctx)}, options...)...))
}

func topic(ctx context.Context, partitions int32, pairs ...string) string {
	configs := map[string]*string{}
	for at := 0; at < len(pairs); at += 2 {
		configs[pairs[at]] = &pairs[at+1]
	}
	name := fresh("t")
	must(admin.CreateTopic(ctx, partitions, 1, configs, name))
	return name
}

func produce(ctx context.Context, producer *kgo.Client, name string, values ...[]byte) error {
	var records []*kgo.Record
	for _, value := range values {
		records = append(records, &kgo.Record{Topic: name, Value: value})
	}
	return producer.ProduceSync(ctx, records...).FirstErr()
}

func send(ctx context.Context, name string, values [][]byte, options ...kgo.Opt) {
	producer := client(ctx, options...)
	defer producer.Close()
	done(produce(ctx, producer, name, values...))
}

// read gives `count` records of partition 0, and those that come within `quiet` after them.
func read(ctx context.Context, name string, count int, quiet time.Duration, options ...kgo.Opt) []*kgo.Record {
	from := map[string]map[int32]kgo.Offset{name: {0: kgo.NewOffset().AtStart()}}
	consumer := client(ctx, append(options, kgo.ConsumePartitions(from))...)
	defer consumer.Close()
	var out []*kgo.Record
	for len(out) < count {
		fetches := consumer.PollFetches(ctx)
		done(fetches.Err())
		out = append(out, fetches.Records()...)
	}
	after, cancel := context.WithTimeout(ctx, quiet)
	defer cancel()
	return append(out, consumer.PollFetches(after).Records()...)
}

func values(records []*kgo.Record) [][]byte {
	var out [][]byte
	for _, record := range records {
		out = append(out, record.Value)
	}
	return out
}

func texts(words ...string) [][]byte {
	var out [][]byte
	for _, word := range words {
		out = append(out, []byte(word))
	}
	return out
}

func sameValues(got []*kgo.Record, wanted [][]byte) {
	same(len(got), len(wanted))
	for at := range wanted {
		if !bytes.Equal(got[at].Value, wanted[at]) {
			panic(fmt.Sprintf("record %d: got %.60q, wanted %.60q", at, got[at].Value, wanted[at]))
		}
	}
}
