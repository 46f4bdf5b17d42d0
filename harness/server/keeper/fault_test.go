package keeper

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/server/runtime"
)

func TestKillAndRestart(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	before := ensure(t, c).Components["mosquitto"]
	for range 3 { // a race between the end that is asked for and its watcher would show
		do(t, c, Kill)
		awaitGone(t, before.PID)
		want(t, c, runtime.Killed)
		if err := c.Check(t.Context(), []string{"mosquitto"}); err != nil {
			t.Errorf("a kill that was asked for is reported as a failure: %v", err)
		}
		var killed *ComponentError
		if err := c.Ensure(t.Context(), []string{"mosquitto"}, nil); !errors.As(err, &killed) || !strings.Contains(killed.Hint(), "lab restart mosquitto") {
			t.Errorf("Ensure of what was killed: %v", err)
		}
		do(t, c, Restart)
		after := ensure(t, c).Components["mosquitto"]
		if after.PID == before.PID || after.Ports["mqtt"] != before.Ports["mqtt"] {
			t.Errorf("restarted: %+v, was %+v", after, before)
		}
		before = after
	}
	do(t, c, Restart) // of one that is up
	if after := ensure(t, c).Components["mosquitto"]; after.PID == before.PID {
		t.Error("restart of a component that is up hasn't ended it")
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Dir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the run counts as failed: its folder is left: %v", err)
	}
}

func TestPauseAndResume(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	addr := ensure(t, c).Addr("mosquitto", "mqtt")
	do(t, c, Pause)
	want(t, c, runtime.Paused)
	if answers(addr, 300*time.Millisecond) {
		t.Error("a paused broker answers")
	}
	do(t, c, Resume)
	want(t, c, runtime.Ready)
	if !answers(addr, 10*time.Second) {
		t.Error("a resumed broker doesn't answer")
	}
	do(t, c, Pause)
	do(t, c, Kill) // a paused one can be killed
	do(t, c, Restart)
	ensure(t, c)
}

func TestFaultsThatCannotBe(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	ensure(t, c)
	for _, test := range []struct {
		fault Fault
		name  string
		want  string
	}{
		{Resume, "mosquitto", "resume mosquitto: it is ready"},
		{Kill, "kafka", `no component "kafka" is up in this run`},
		{"tease", "mosquitto", "there are kill, pause, resume and restart"},
	} {
		if err := c.Do(t.Context(), test.fault, test.name); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %s: %v, want %q", test.fault, test.name, err, test.want)
		}
	}
	do(t, c, Kill)
	if err := c.Do(t.Context(), Kill, "mosquitto"); err == nil || !strings.Contains(err.Error(), "it is killed") {
		t.Errorf("killed twice: %v", err)
	}
}

// TestRestartThatFails: what kept a component from starting again may be gone the next
// time.
func TestRestartThatFails(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	addr := ensure(t, c).Addr("mosquitto", "mqtt")
	do(t, c, Kill)
	taken, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	var failed *ComponentError
	if err := c.Do(t.Context(), Restart, "mosquitto"); !errors.As(err, &failed) {
		t.Errorf("restart on a port that is taken: %v", err)
	}
	taken.Close()
	do(t, c, Restart)
	if !answers(addr, 10*time.Second) {
		t.Error("it doesn't answer")
	}
}

func do(t *testing.T, c *Client, fault Fault) {
	t.Helper()
	if err := c.Do(t.Context(), fault, "mosquitto"); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, c *Client, phase runtime.Phase) {
	t.Helper()
	state, err := c.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got := state.Components["mosquitto"].Phase; got != phase {
		t.Errorf("mosquitto is %s, want %s", got, phase)
	}
}

// answers sends an MQTT CONNECT and waits for any answer.
func answers(addr string, limit time.Duration) bool {
	conn, err := net.DialTimeout("tcp", addr, limit)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(limit))
	conn.Write([]byte("\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a"))
	n, err := conn.Read(make([]byte, 4))
	return err == nil && n == 4
}
