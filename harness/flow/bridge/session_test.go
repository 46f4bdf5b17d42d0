package bridge

import (
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/flow/brokertest"
)

func TestClientID(t *testing.T) {
	id := clientID("sensors/a b", "smart", "c1")
	if !strings.HasPrefix(id, "hoplab-bridge-sensors_a_b-") || id != clientID("sensors/a b", "smart", "c1") {
		t.Errorf("id = %q", id)
	}
	for _, other := range []string{clientID("sensors/a_b", "smart", "c1"), clientID("sensors/a b", "other", "c1"), clientID("sensors/a b", "smart", "c2")} {
		if other == id {
			t.Errorf("two bridges share the id %q", id)
		}
	}
}

func TestMatches(t *testing.T) {
	for filter, topics := range map[string][2][]string{
		"smart":            {{"smart"}, {"smarts", "smart/a", "other", "$smart"}},
		"a/+/c":            {{"a/b/c", "a//c"}, {"a/c", "a/b/c/d", "a/b"}},
		"a/#":              {{"a", "a/b", "a/b/c"}, {"b", "ab"}},
		"#":                {{"a", "a/b"}, {"$SYS/broker"}},
		"$SYS/#":           {{"$SYS/broker"}, {"SYS/broker"}},
		"$share/group/a/+": {{"a/b"}, {"a", "group/a/b"}},
	} {
		for i, want := range []bool{true, false} {
			for _, topic := range topics[i] {
				if matches(filter, topic) != want {
					t.Errorf("%s, %s: want %v", filter, topic, want)
				}
			}
		}
	}
}

// TestOtherTopicsOfTheSession: the client id was used for another topic before, and
// the broker still sends its messages.
func TestOtherTopicsOfTheSession(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		before := run(t, Config{Broker: "tcp://" + addr, ClientID: "b", Source: "before"}, &fake{}).awaitReady(t)
		if err := before.end(); err != nil {
			t.Fatal(err)
		}
		publishOn(t, addr, "before", rows(1, 10)...)
		sink := &fake{}
		b := run(t, Config{Broker: "tcp://" + addr, ClientID: "b"}, sink).awaitReady(t)
		await(t, func() bool { return b.Stats().Foreign == 10 }, func() string { return b.describe() })
		publish(t, addr, rows(11, 12)...)
		sink.await(t, 2)
		n, want := 13, rows(11, 12)
		await(t, func() bool { // the broker may take a moment to end the subscription
			foreign := b.Stats().Foreign
			publishOn(t, addr, "before", row(1600, n))
			publish(t, addr, row(1600, n+1)) // which comes after it
			want = append(want, row(1600, n+1))
			n += 2
			sink.await(t, len(want))
			return b.Stats().Foreign == foreign
		}, func() string { return "the older subscription is still there: " + b.describe() })
		if got := firsts(sink.values()); !slices.Equal(got, want) || !slices.Equal(b.OtherTopics(), []string{"before"}) {
			t.Errorf("in Kafka: %q; dropped of %q", got, b.OtherTopics())
		}
		await(t, func() bool { s := b.Stats(); return s.Acked == s.Received }, func() string { return b.describe() })
		if err := b.end(); err != nil {
			t.Error(err)
		}
	})
}

// TestTwoBridgesOfOneID: each has the broker end the other's connection.
func TestTwoBridgesOfOneID(t *testing.T) {
	brokertest.EachBroker(t, func(t *testing.T, addr string) {
		one := run(t, Config{Broker: "tcp://" + addr, ClientID: "b"}, &fake{}).awaitReady(t)
		two := run(t, Config{Broker: "tcp://" + addr, ClientID: "b"}, &fake{}).awaitReady(t)
		for _, b := range []*runs{one, two} {
			await(t, func() bool {
				err := b.Trouble()
				return err != nil && strings.Contains(err.Error(), `another bridge probably runs under this id`)
			}, func() string { return b.describe() })
		}
	})
}
