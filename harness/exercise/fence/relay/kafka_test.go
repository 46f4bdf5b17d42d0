package relay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// through returns a relay to a fake cluster with two topics, and a client of the relay.
func through(t *testing.T, own Kafka, more ...kgo.Opt) (*KafkaRelay, *kgo.Client) {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(2, "mine", "theirs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	own.Topics, own.Group, own.Limits = []string{"mine"}, "mine", Limits{Messages: 1000, Bytes: 1 << 20}
	r, err := StartKafka(t.Context(), cluster.ListenAddrs()[0], own)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	client, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(r.Addr()), kgo.DisableIdempotentWrite(), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.RecordDeliveryTimeout(5 * time.Second)}, more...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return r, client
}

func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// TestOwnRecordsPass: a client that knows no more of Kafka than the relay's address
// writes, reads in a group, and commits.
func TestOwnRecordsPass(t *testing.T) {
	r, client := through(t, Kafka{}, kgo.ConsumerGroup("mine"), kgo.ConsumeTopics("mine"), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	ctx := within(t)
	for range 50 {
		if err := client.ProduceSync(ctx, &kgo.Record{Topic: "mine", Value: []byte("row")}).FirstErr(); err != nil {
			t.Fatal(err, r.Refused())
		}
	}
	for n := 0; n < 50; {
		got := client.PollFetches(ctx)
		if err := got.Err(); err != nil {
			t.Fatal(err, r.Refused())
		}
		n += got.NumRecords()
	}
	if err := client.CommitUncommittedOffsets(ctx); err != nil {
		t.Error(err)
	}
	if err := r.Refused(); err != nil {
		t.Error(err)
	}
}

// TestOthersRecordsAreRefused: nothing that names another's topic or group, and nothing
// that manages the cluster, gets to Kafka.
func TestOthersRecordsAreRefused(t *testing.T) {
	produce := kmsg.NewPtrProduceRequest()
	produce.Topics = []kmsg.ProduceRequestTopic{{Topic: "theirs"}}
	fetch := kmsg.NewPtrFetchRequest()
	fetch.Topics = []kmsg.FetchRequestTopic{{Topic: "theirs"}}
	join := kmsg.NewPtrJoinGroupRequest()
	join.Group = "theirs"
	meta := kmsg.NewPtrMetadataRequest()
	meta.Topics = []kmsg.MetadataRequestTopic{{Topic: kmsg.StringPtr("theirs")}}
	for want, req := range map[string]kmsg.Request{
		`named the topic "theirs"; it can use only the topics mine and the group mine`: produce,
		`named the topic "theirs"`: fetch,
		`named the group "theirs"`: join,
		`the topic "theirs"`:       meta,
		"asked for DeleteTopics":   kmsg.NewPtrDeleteTopicsRequest(),
	} {
		r, _ := through(t, Kafka{})
		if err := send(t, r, req); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v, want %s", req, err, want)
		}
	}
}

// TestAllTopicsAreOnesOwn: who asks for all topics gets the script's.
func TestAllTopicsAreOnesOwn(t *testing.T) {
	r, client := through(t, Kafka{})
	req := kmsg.NewPtrMetadataRequest()
	answer, err := req.RequestWith(within(t), client)
	if err != nil || len(answer.Topics) != 1 || *answer.Topics[0].Topic != "mine" || r.Refused() != nil {
		t.Errorf("%+v, %v, %v", answer, err, r.Refused())
	}
}

// TestNumbersAreUsedOnce: of two requests with one number, which asks for what all others
// have, no answer is Kafka's own.
func TestNumbersAreUsedOnce(t *testing.T) {
	r, _ := through(t, Kafka{})
	req := kmsg.NewPtrMetadataRequest()
	req.SetVersion(4)
	one := kmsg.NewRequestFormatter(kmsg.FormatterClientID("a")).AppendRequest(nil, req, 1)
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(slices.Concat(one, one)); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(2 * time.Second))
	said, _ := io.ReadAll(conn)
	if err := r.Refused(); bytes.Contains(said, []byte("theirs")) || err == nil && bytes.Count(said, []byte("mine")) != 2 {
		t.Errorf("answered %q, refused %v", said, err)
	}
}

// TestHold: after one request, others to write wait, and those to read don't.
func TestHold(t *testing.T) {
	r, client := through(t, Kafka{Hold: 1})
	ctx := within(t)
	if err := client.ProduceSync(ctx, &kgo.Record{Topic: "mine"}).FirstErr(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-r.Held():
		t.Fatal("the first request is held")
	default:
	}
	done := make(chan error, 1)
	client.Produce(ctx, &kgo.Record{Topic: "mine"}, func(_ *kgo.Record, err error) { done <- err })
	select {
	case <-r.Held():
	case err := <-done:
		t.Fatal("the second request wasn't held", err)
	}
	if err := client.Ping(ctx); err != nil {
		t.Error(err)
	}
}

// TestTooMuchIsRefused: a script doesn't fill the disk of Kafka.
func TestTooMuchIsRefused(t *testing.T) {
	r, client := through(t, Kafka{})
	ctx := within(t)
	for i := 0; i < 40 && r.Refused() == nil; i++ {
		one, cancel := context.WithCancel(ctx)
		go func() { <-r.Refusing(); cancel() }()
		client.ProduceSync(one, &kgo.Record{Topic: "mine", Value: make([]byte, 100_000)})
		cancel()
	}
	var refused *RefusedError
	if err := r.Refused(); !errors.As(err, &refused) || !strings.Contains(err.Error(), "far more than there are rows") {
		t.Errorf("got %v", err)
	}
}

// send sends one request, and returns why the relay has refused it, if it has.
func send(t *testing.T, r *KafkaRelay, req kmsg.Request) error {
	t.Helper()
	req.SetVersion(min(req.MaxVersion(), max(1, allowed[kmsg.Key(req.Key())])))
	conn, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(kmsg.NewRequestFormatter(kmsg.FormatterClientID("a")).AppendRequest(nil, req, 1)); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	io.Copy(io.Discard, conn) // until the relay closes it
	return r.Refused()
}
