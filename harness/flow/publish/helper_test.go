package publish

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/rows/wisdm"
)

// few is an input of that many rows of three subjects. It fails after them if
// there is an error to fail with.
type few struct {
	count int
	err   error
}

func (f few) Name() string { return fmt.Sprintf("a few rows (%d)", f.count) }

func (f few) Open() (wisdm.Source, error) { return &reader{few: f}, nil }

type reader struct {
	few
	next int
}

func (r *reader) Read() (wisdm.Row, error) {
	if r.next == r.count {
		if r.err != nil {
			return wisdm.Row{}, r.err
		}
		return wisdm.Row{}, io.EOF
	}
	n := r.next
	r.next++
	return wisdm.Row{
		Subject: 1600 + n%3, Activity: "A", TS: int64(n) * int64(50*time.Millisecond), X: float64(n),
		Device: "phone", Sensor: "accel",
	}, nil
}

// messages returns what has to be published of an input.
func messages(t *testing.T, input wisdm.Input) (texts []string) {
	t.Helper()
	src, _ := input.Open()
	placed := wisdm.Placed(src, wisdm.DefaultBase)
	for {
		row, err := placed.Read()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(wisdm.AppendMessage(nil, row)))
	}
}

// ear keeps what is published to the topic smart.
type ear struct {
	mu    sync.Mutex
	heard []string
}

func listen(t *testing.T, addr string) *ear {
	t.Helper()
	e := &ear{}
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetClientID("ear").
		SetProtocolVersion(4).SetAutoReconnect(false).SetCustomOpenConnectionFn(wire.Open))
	finish(t, client.Connect())
	finish(t, client.Subscribe("smart", 1, func(_ mqtt.Client, m mqtt.Message) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.heard = append(e.heard, string(m.Payload()))
	}))
	t.Cleanup(func() { client.Disconnect(100) })
	return e
}

func finish(t *testing.T, token mqtt.Token) {
	t.Helper()
	if !token.WaitTimeout(10*time.Second) || token.Error() != nil {
		t.Fatalf("listen: %v", token.Error())
	}
}

func (e *ear) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// await waits until n different messages were heard, and returns all.
func (e *ear) await(t *testing.T, n int) []string {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		got := e.all()
		if len(firsts(got)) >= n {
			return got
		}
		if time.Now().After(limit) {
			t.Fatalf("heard %d of %d different messages in 20 s", len(firsts(got)), n)
		}
	}
}

// firsts returns texts without repeats.
func firsts(texts []string) (different []string) {
	seen := map[string]bool{}
	for _, text := range texts {
		if !seen[text] {
			seen[text] = true
			different = append(different, text)
		}
	}
	return different
}

// differ reports where two lists differ first, or nothing.
func differ(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("number %d is %s, want %s", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d messages, want %d", len(got), len(want))
	}
	return ""
}
