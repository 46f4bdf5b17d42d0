package bridge

import (
	"context"
	"fmt"
	"io"
	"os"
	ossignal "os/signal"
	"syscall"
	"time"

	"hoplab.example/harness/util/reexec"
)

// RoleName is the name under which a program that starts bridges as processes of
// their own has to offer [Role] to reexec.Run.
const RoleName = "bridge"

// Addresses are what [Role] is told: a Config without logins, which must not be
// in a process's arguments, where everybody can read them.
type Addresses struct {
	Broker    string        `json:"broker"` // tcp://HOST:PORT
	ClientID  string        `json:"client"`
	Source    string        `json:"source"`
	Kafka     []string      `json:"kafka"`
	Topic     string        `json:"topic"`
	KeepAlive time.Duration `json:"keepalive_ns,omitempty"`
}

// Role is what a process does that is started as a bridge. Its one argument is
// Addresses as JSON. It prints "ready" on a line once it is, and ends when its
// standard input does, as it does when its parent has died, or when told to by a
// signal.
func Role(args []string) int {
	if err := role(args); err != nil {
		fmt.Fprintln(os.Stderr, "bridge:", err)
		return 1
	}
	return 0
}

func role(args []string) error {
	var at Addresses
	if err := reexec.Task(args, &at); err != nil {
		return err
	}
	b, err := New(Config{Broker: at.Broker, ClientID: at.ClientID, Source: at.Source, Kafka: at.Kafka, Topic: at.Topic, KeepAlive: at.KeepAlive})
	if err != nil {
		return err
	}
	ctx, stop := ossignal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	go func() {
		select {
		case <-b.Ready():
			fmt.Println("ready")
		case <-ctx.Done():
		}
	}()
	return b.Run(ctx)
}
