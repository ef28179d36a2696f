package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// member notes what it was given and what it lost; it polls in the background.
type member struct {
	client *kgo.Client
	stop   context.CancelFunc
	ended  chan struct{}

	mutex  sync.Mutex
	has    map[int32]bool
	lost   map[int32]bool
	rounds int
}

func join(ctx context.Context, group, name string, options ...kgo.Opt) *member {
	out := &member{has: map[int32]bool{}, lost: map[int32]bool{}, ended: make(chan struct{})}
	given := func(_ context.Context, _ *kgo.Client, topics map[string][]int32) {
		out.change(topics[name], true)
	}
	lost := func(_ context.Context, _ *kgo.Client, topics map[string][]int32) {
		out.change(topics[name], false)
	}
	out.client = client(ctx, append([]kgo.Opt{kgo.ConsumerGroup(group), kgo.ConsumeTopics(name), kgo.OnPartitionsAssigned(given),
		kgo.OnPartitionsRevoked(lost), kgo.OnPartitionsLost(lost), kgo.HeartbeatInterval(200 * time.Millisecond),
		kgo.DisableAutoCommit()}, options...)...)
	polling, stop := context.WithCancel(ctx)
	out.stop = stop
	go func() {
		defer close(out.ended)
		for polling.Err() == nil {
			out.client.PollFetches(polling)
		}
	}()
	return out
}

func (m *member) change(partitions []int32, given bool) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if given {
		m.rounds++
	}
	for _, partition := range partitions {
		if given {
			m.has[partition] = true
		} else {
			delete(m.has, partition)
			m.lost[partition] = true
		}
	}
}

func (m *member) now() map[int32]bool {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	out := map[int32]bool{}
	for partition := range m.has {
		out[partition] = true
	}
	return out
}

func (m *member) close() {
	m.stop()
	<-m.ended
	m.client.Close()
}

func until(holds func() bool, members ...*member) {
	end := time.Now().Add(timeout)
	for !holds() {
		if time.Now().After(end) {
			text := "no such assignment:"
			for _, each := range members {
				text += fmt.Sprint(" ", each.now())
			}
			panic(text)
		}
		time.Sleep(20 * time.Millisecond) // The members poll in the background: nothing else tells.
	}
}

func halves(first, second *member) func() bool {
	return func() bool {
		all := second.now()
		for partition := range first.now() {
			all[partition] = true
		}
		return len(first.now()) == 2 && len(second.now()) == 2 && len(all) == 4
	}
}

// shared: two members share four partitions; the second leaves, the first gets all. Gives what the first lost of what it kept.
func shared(ctx context.Context, options ...kgo.Opt) []int32 {
	return sharedBy(ctx, options, options)
}

func sharedBy(ctx context.Context, one, other []kgo.Opt) []int32 {
	name, group := topic(ctx, 4), fresh("g")
	first := join(ctx, group, name, one...)
	until(func() bool { return len(first.now()) == 4 }, first)
	second := join(ctx, group, name, other...)
	until(halves(first, second), first, second)
	kept := first.now()
	second.close()
	until(func() bool { return len(first.now()) == 4 }, first)
	var lost []int32
	for partition := range kept {
		if first.lost[partition] {
			lost = append(lost, partition)
		}
	}
	first.close()
	return lost
}

func migration(ctx context.Context) {
	modern := []kgo.Opt{kgo.ServerSideBalancer()}
	for _, balancer := range []kgo.GroupBalancer{kgo.RangeBalancer(), kgo.CooperativeStickyBalancer()} {
		classic := []kgo.Opt{kgo.Balancers(balancer)}
		sharedBy(ctx, classic, modern)
		sharedBy(ctx, modern, classic)
	}
}

func cooperative(ctx context.Context) {
	same(len(shared(ctx, kgo.Balancers(kgo.CooperativeStickyBalancer()))), 0)
}

func static(ctx context.Context) {
	name, group := topic(ctx, 4), fresh("g")
	as := func(instance string) *member {
		return join(ctx, group, name, kgo.InstanceID(instance), kgo.SessionTimeout(20*time.Second), kgo.Balancers(kgo.RangeBalancer()))
	}
	first, second := as("a"), as("b")
	until(halves(first, second), first, second)
	had, rounds := second.now(), first.rounds
	second.close()
	again := as("b")
	until(func() bool { return fmt.Sprint(again.now()) == fmt.Sprint(had) }, first, again)
	same(first.rounds, rounds)
	first.close()
	again.close()
}

func metadata(ctx context.Context) {
	name, group := topic(ctx, 1), fresh("g")
	var commit kadm.Offsets
	commit.Add(kadm.Offset{Topic: name, Partition: 0, At: 7, LeaderEpoch: -1, Metadata: "why: ü"})
	done(admin.CommitAllOffsets(ctx, group, commit))
	got, found := must(admin.FetchOffsets(ctx, group)).Lookup(name, 0)
	same(found, true)
	same(fmt.Sprint(got.At, got.Metadata), fmt.Sprint(7, "why: ü"))
}

func topics(ctx context.Context) {
	name := topic(ctx, 2, "retention.ms", "60000")
	if _, err := admin.CreateTopic(ctx, 1, 1, nil, name); !errors.Is(err, kerr.TopicAlreadyExists) {
		panic(fmt.Sprint("created twice: ", err))
	}
	done(must(admin.UpdatePartitions(ctx, 5, name)).Error())
	same(len(must(admin.ListTopics(ctx, name))[name].Partitions), 5)
	done(must(admin.DeleteTopics(ctx, name)).Error())
	same(must(admin.ListTopics(ctx)).Has(name), false)
}

func configs(ctx context.Context) {
	name := topic(ctx, 1, "retention.ms", "60000")
	described := func() map[string]string {
		out := map[string]string{}
		for _, entry := range must(must(admin.DescribeTopicConfigs(ctx, name)).On(name, nil)).Configs {
			out[entry.Key] = entry.MaybeValue()
		}
		return out
	}
	got := described()
	same([]string{got["retention.ms"], got["cleanup.policy"]}, []string{"60000", "delete"})
	longer := "120000"
	changed := must(admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "retention.ms", Value: &longer}}, name))
	done(must(changed.On(name, nil)).Err)
	same(described()["retention.ms"], "120000")
}

func groups(ctx context.Context) {
	name, group := topic(ctx, 1), fresh("g")
	one := join(ctx, group, name)
	until(func() bool { return len(one.now()) == 1 }, one)
	found := must(admin.DescribeGroups(ctx, group))[group]
	same([]any{found.State, len(found.Members)}, []any{"Stable", 1})
	if err := must(admin.DeleteGroups(ctx, group)).Error(); !errors.Is(err, kerr.NonEmptyGroup) {
		panic(fmt.Sprint("deleted a group with a member: ", err))
	}
	one.close()
	_, listed := must(admin.ListGroups(ctx))[group]
	same(listed, true)
	done(must(admin.DeleteGroups(ctx, group)).Error())
	_, listed = must(admin.ListGroups(ctx))[group]
	same(listed, false)
}
