package bridge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// faked is a kfake cluster of two brokers, reached by the bridge's real sink.
// The first requests fail in the ways in which Kafka does.
type faked struct {
	s       *schedule
	cluster *kfake.Cluster
	addrs   []string
	client  *kafka.Client // reads what is there, on a network without trouble

	mu     sync.Mutex
	random *rand.Rand
	limit  int // requests that may yet fail

	read []kafka.Message // so far, see stored
	next map[int]int64   // offset by partition
}

const learnAgain = time.Second // which broker leads, for the reader

func newKfake(s *schedule, random *rand.Rand) (store, error) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(2), kfake.ListenFn(s.network.listen))
	if err != nil {
		return nil, err
	}
	transport := dial.Kafka(access.Login{})
	transport.Dial, transport.MetadataTTL = s.network.host().dial, learnAgain
	f := &faked{
		s: s, cluster: cluster, addrs: cluster.ListenAddrs(), random: random, limit: random.IntN(10), next: map[int]int64{},
		client: &kafka.Client{Addr: kafka.TCP(cluster.ListenAddrs()...), Transport: transport, Timeout: time.Minute},
	}
	cluster.ControlKey(int16(kmsg.Produce), f.produce)
	cluster.ControlKey(int16(kmsg.CreateTopics), f.create)
	return f, nil
}

func (f *faked) reach(cfg *Config, h *host) { cfg.Kafka, cfg.dialKafka = f.addrs, h.dial }

func (f *faked) sink(cfg Config) sink {
	cfg, err := cfg.withDefaults()
	if err != nil {
		panic(err)
	}
	return newKafkaSink(cfg)
}

func (f *faked) draw(ways int) (way int, pause time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.limit == 0 {
		return -1, 0
	}
	f.limit--
	return f.random.IntN(ways), time.Duration(f.random.IntN(100)) * time.Millisecond
}

// create is asked about each attempt to make the topic.
func (f *faked) create(kmsg.Request) (kmsg.Response, error, bool) {
	f.cluster.KeepControl()
	way, _ := f.draw(3)
	switch way {
	case 0:
		f.s.happened(notPrepared)
		return nil, errors.New("hang up"), true
	case 1:
		f.s.happened(notPrepared)
		f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.CreateTopics}, Err: kerr.NotController})
	}
	return nil, nil, false
}

// produce is asked about each write of a partition's share. Where it returns
// false, kfake goes on, with the fault that was set, if any.
func (f *faked) produce(kmsg.Request) (kmsg.Response, error, bool) {
	f.cluster.KeepControl()
	ways := 9
	if f.s.gentle {
		ways = 5
	}
	way, pause := f.draw(ways)
	switch way {
	case 0:
		f.fault(kafkaRefused, kerr.NotLeaderForPartition)
	case 1:
		f.fault(kafkaRefused, kerr.NotEnoughReplicas)
	case 2:
		f.fault(kafkaRefused, kerr.KafkaStorageError)
	case 3:
		f.sleep(kafkaSlow, pause)
	case 4:
		f.s.happened(kafkaHungUp)
		return nil, io.EOF, true
	case 5:
		f.fault(kafkaUnsaid, kerr.RequestTimedOut)
	case 6:
		f.fault(kafkaUnsaid, kerr.NotEnoughReplicasAfterAppend)
	case 7:
		f.sleep(kafkaTooSlow, kafkaLimit+pause)
	}
	return nil, nil, false
}

func (f *faked) fault(what event, err *kerr.Error) {
	f.s.happened(what)
	f.cluster.Fault(kfake.Fault{Keys: []kmsg.Key{kmsg.Produce}, Err: err})
}

func (f *faked) sleep(what event, d time.Duration) {
	f.s.happened(what)
	f.cluster.SleepControl(func() { time.Sleep(d) })
}

func (f *faked) disturb(s *schedule) {
	way := s.random.IntN(5)
	if s.gentle {
		way = 0
	}
	addr := f.addrs[s.random.IntN(len(f.addrs))]
	switch way {
	case 0:
		f.cluster.ShufflePartitionLeaders()
		s.happened(kafkaMoved)
	case 1:
		if s.network.cut(s.host, addr) {
			s.happened(kafkaCut)
		}
	case 2:
		s.unreachable(addr, kafkaDown)
	case 3:
		if s.network.silence(s.host, addr) {
			s.happened(kafkaSilent)
		}
	case 4:
		f.mu.Lock()
		f.limit += 3
		f.mu.Unlock()
	}
}

// stored reads what is new in each partition.
func (f *faked) stored() ([]kafka.Message, error) {
	ctx, cancel := context.WithTimeout(f.s.t.Context(), patient)
	defer cancel()
	for partition := range f.s.config.Partitions {
		for {
			n, err := f.fetch(ctx, partition)
			if err != nil && ctx.Err() != nil {
				return nil, fmt.Errorf("read partition %d: %w", partition, err)
			}
			if err == nil && n == 0 {
				break
			}
			if err != nil { // such as that of a leader that has moved
				time.Sleep(learnAgain)
			}
		}
	}
	return f.read, nil
}

func (f *faked) fetch(ctx context.Context, partition int) (n int, err error) {
	res, err := f.client.Fetch(ctx, &kafka.FetchRequest{
		Topic: "smart", Partition: partition, Offset: f.next[partition], MinBytes: 1, MaxBytes: 1 << 20, MaxWait: time.Millisecond,
	})
	if err == nil {
		err = res.Error
	}
	if err != nil {
		return 0, err
	}
	for {
		r, err := res.Records.ReadRecord()
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		key, err := kafka.ReadAll(r.Key)
		if err != nil {
			return n, err
		}
		value, err := kafka.ReadAll(r.Value)
		if err != nil {
			return n, err
		}
		if r.Offset < f.next[partition] {
			continue // of a batch that began before the offset
		}
		f.read, f.next[partition] = append(f.read, kafka.Message{Key: key, Value: value}), r.Offset+1
		n++
	}
}

func (f *faked) close() {
	f.client.Transport.(*kafka.Transport).CloseIdleConnections()
	time.Sleep(time.Minute) // kfake hangs if it is closed while two of its answers are late
	f.cluster.Close()
}
