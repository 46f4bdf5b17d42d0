package publish

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

// mute is a broker that greets and takes messages, but acknowledges none. It
// hangs up at a message where it is rude.
func mute(t *testing.T, rude bool) (addr string, taken chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	taken = make(chan string, 100_000)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go serveMute(conn, rude, taken)
		}
	}()
	return l.Addr().String(), taken
}

func serveMute(conn net.Conn, rude bool, taken chan string) {
	defer conn.Close()
	for {
		p, err := packets.ReadPacket(conn)
		if err != nil {
			return
		}
		switch p := p.(type) {
		case *packets.ConnectPacket:
			packets.NewControlPacket(packets.Connack).Write(conn)
		case *packets.PublishPacket:
			if rude {
				return
			}
			taken <- string(p.Payload)
		}
	}
}

func TestWindowAndCancel(t *testing.T) {
	t.Parallel()
	addr, taken := mute(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 10 {
			<-taken
		}
		time.Sleep(50 * time.Millisecond) // for more, which would be wrong
		cancel()
	}()
	began := time.Now()
	stats, err := Run(ctx, Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 100}, Window: 10})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	if len(taken) > 0 || stats.Rows != 10 || stats.Acked != 0 {
		t.Errorf("%d more than the window were sent, stats = %+v", len(taken), stats)
	}
	if took := time.Since(began); took > hangUpLimit+3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestCancelWhileDraining(t *testing.T) {
	t.Parallel()
	addr, taken := mute(t, false)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range 5 {
			<-taken
		}
		cancel()
	}()
	began := time.Now()
	stats, err := Run(ctx, Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 5}, RetryLimit: time.Minute})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	if stats.Rows != 5 || stats.Acked != 0 {
		t.Errorf("stats = %+v", stats)
	}
	if took := time.Since(began); took > hangUpLimit+3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestNeverAcknowledged(t *testing.T) {
	t.Parallel()
	addr, _ := mute(t, false)
	_, err := Run(t.Context(), Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 5}, RetryLimit: 300 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "5 rows were sent to tcp://"+addr+" but not acknowledged in 3") {
		t.Errorf("error = %v", err)
	}
}

// A broker that hangs up on every message isn't asked forever.
func TestRudeBroker(t *testing.T) {
	t.Parallel()
	addr, _ := mute(t, true)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err := Run(ctx, Config{Broker: "tcp://" + addr, QoS: 1, Source: few{count: 5}, Window: 2, RetryLimit: 500 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "has taken nothing in 500ms") {
		t.Errorf("error = %v", err)
	}
}
