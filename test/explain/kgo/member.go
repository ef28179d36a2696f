// A member of a group, on franz-go: what librdkafka_member.py is on librdkafka.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const handleMs = 5

type options struct {
	Bootstrap, Group, Pattern, Instance, Assignor string
	Topics                                        []string
	ClientID                                      string `json:"client_id"`
	SessionMs                                     int    `json:"session_ms"`
	PollMs                                        int    `json:"poll_ms"`
	SlowAssignorMs                                int    `json:"slow_assignor_ms"`
}

// slowBalancer takes its time as a leader.
type slowBalancer struct {
	kgo.GroupBalancer
	delay time.Duration
}

type slowMember struct {
	kgo.GroupMemberBalancer
	delay time.Duration
}

func (b slowBalancer) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{}, error) {
	inner, topics, err := b.GroupBalancer.MemberBalancer(members)
	return slowMember{inner, b.delay}, topics, err
}

func (m slowMember) Balance(topics map[string]int32) kgo.IntoSyncAssignment {
	time.Sleep(m.delay)
	return m.GroupMemberBalancer.Balance(topics)
}

func config(o options) []kgo.Opt {
	balancers := map[string]kgo.GroupBalancer{"range": kgo.RangeBalancer(), "roundrobin": kgo.RoundRobinBalancer(),
		"cooperative-sticky": kgo.CooperativeStickyBalancer()}
	balancer := balancers[o.Assignor]
	if o.SlowAssignorMs > 0 {
		balancer = slowBalancer{balancer, time.Duration(o.SlowAssignorMs) * time.Millisecond}
	}
	out := []kgo.Opt{
		kgo.SeedBrokers(o.Bootstrap), kgo.ConsumerGroup(o.Group), kgo.ClientID(o.ClientID),
		kgo.SessionTimeout(time.Duration(o.SessionMs) * time.Millisecond),
		kgo.RebalanceTimeout(time.Duration(o.PollMs) * time.Millisecond),
		kgo.HeartbeatInterval(500 * time.Millisecond), kgo.AutoCommitInterval(500 * time.Millisecond),
		kgo.MetadataMaxAge(time.Second), kgo.MetadataMinAge(200 * time.Millisecond),
		kgo.Balancers(balancer), kgo.BlockRebalanceOnPoll(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, got map[string][]int32) {
			count := 0
			for _, partitions := range got {
				count += len(partitions)
			}
			fmt.Println("assigned", count)
		}),
	}
	if o.Instance != "" {
		out = append(out, kgo.InstanceID(o.Instance))
	}
	if o.Pattern != "" {
		return append(out, kgo.ConsumeRegex(), kgo.ConsumeTopics(o.Pattern))
	}
	return append(out, kgo.ConsumeTopics(o.Topics...))
}

func main() {
	var o options
	if err := json.Unmarshal([]byte(os.Args[1]), &o); err != nil {
		panic(err)
	}
	client, err := kgo.NewClient(config(o)...)
	if err != nil {
		panic(err)
	}
	commands := make(chan []string, 10)
	go func() {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			commands <- strings.Fields(in.Text())
		}
	}()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		fetched := client.PollRecords(ctx, 20)
		cancel()
		time.Sleep(time.Duration(fetched.NumRecords()*handleMs) * time.Millisecond)
		select {
		case command := <-commands:
			switch command[0] {
			case "slow":
				ms, _ := strconv.Atoi(command[1])
				time.Sleep(time.Duration(ms) * time.Millisecond)
			case "subscribe":
				client.AddConsumeTopics(strings.Split(command[1], ",")...)
			case "enforce":
				client.ForceRebalance()
			case "close":
				client.CloseAllowingRebalance()
				fmt.Println("closed")
				return
			}
		default:
		}
		client.AllowRebalance()
	}
}
